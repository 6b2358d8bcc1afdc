import { useMemo, useState } from 'preact/hooks';
import { lineOf } from '../../../dsl/diagnostics/span.ts';
import type { ObjectValue } from '../../../dsl/ir/index.ts';
import { valuesOfPart, wordElements, wordTruth } from '../../counterexample/falsity-words.ts';
import type { Course } from '../course.ts';
import { atomsOf, falsityIn } from '../situation.ts';
import type { Truth3, TruthNow } from '../situation.ts';
import type { Subject } from '../subject.ts';
import { placeOf } from './words.ts';

interface Props {
  readonly truths: readonly TruthNow[];
  /** The state, and the one before. */
  readonly values: ObjectValue;
  readonly before: ObjectValue | undefined;
  readonly subject: Subject;
  readonly course: Course;
  readonly at: number;
}

const KINDS: Readonly<Record<TruthNow['kind'], string>> = {
  invariant: 'invariant',
  step: 'of the last step',
  sometimes: 'sometimes',
  terminal: 'proper end',
  within: 'within',
};

/** Which properties hold here. */
export function TruthsPanel({ truths, values, before, subject, course, at }: Props) {
  const { temporal } = subject;
  if (truths.length === 0 && temporal.length === 0) return null;
  return (
    <section class="panel" aria-label="Properties here">
      <h2>Properties here</h2>
      <ul class="plain truths">
        {truths.map(({ kind, name, doc, truth, predicate }) => {
          const isViolated = truth === 'false' && (kind === 'invariant' || kind === 'step');
          return (
            <li key={`${kind} ${name}`} title={doc || undefined}>
              <TruthMark truth={truth} isWrong={truth === 'fails' || isViolated} />
              <span class="name">{name}</span>
              <span class="hint">{KINDS[kind]}</span>
              {isViolated && <Reasons subject={subject} predicate={predicate} values={values} before={before} />}
            </li>
          );
        })}
      </ul>
      {temporal.map(({ property }) => (
        <Temporal key={property.name} name={property.name} subject={subject} course={course} at={at} />
      ))}
    </section>
  );
}

interface ReasonsProps {
  readonly subject: Subject;
  readonly predicate: number;
  readonly values: ObjectValue;
  readonly before: ObjectValue | undefined;
}

/** The parts that make a predicate false, with what they read. */
function Reasons({ subject, predicate, values, before }: ReasonsProps) {
  const parts = useMemo(() => falsityIn(subject, predicate, values, before), [subject, predicate, values, before]);
  const { files } = subject.plan.system;
  return (
    <ul class="plain falsity">
      {parts.map((part, index) => {
        const elements = wordElements(part.bound);
        const read = valuesOfPart(part, files);
        return (
          <li key={index} class="reason" title={placeOf(files, part.span)}>
            {elements !== '' && <>for {elements}: </>}
            <code class={part.isTrue ? 'true' : 'false'}>{lineOf(files, part.span)}</code> {wordTruth(part)}
            {read.length > 0 && <> — {read.join(', ')}</>}
          </li>
        );
      })}
    </ul>
  );
}

const MARKS: Readonly<Record<Truth3, string>> = { true: '✓', false: '·', fails: '✗', unknown: '–' };

function TruthMark({ truth, isWrong = false }: { readonly truth: Truth3; readonly isWrong?: boolean }) {
  const words = truth === 'fails' ? 'cannot be evaluated' : truth === 'unknown' ? 'no step yet' : truth;
  return (
    <span
      class={`mark ${isWrong ? 'bad' : truth === 'true' ? 'good' : ''}`}
      role="img"
      aria-label={words}
      title={words}
    >
      {isWrong ? '✗' : MARKS[truth]}
    </span>
  );
}

interface TemporalProps {
  readonly name: string;
  readonly subject: Subject;
  readonly course: Course;
  readonly at: number;
}

/** More claims than this are not listed: they are the same but for the values of quantifiers. */
const MOST_CLAIMS = 12;

/** A temporal property speaks of whole behaviors; what can be said of a state are the parts it is made of. */
function Temporal({ name, subject, course, at }: TemporalProps) {
  const [isOpen, setOpen] = useState(false);
  const claims = useMemo(() => (isOpen ? atomsOf(subject, name) : []), [isOpen, subject, name]);
  const state = course.states[at]!;
  const next = course.states[at + 1];
  return (
    <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {name} <span class="hint">temporal: its parts here</span>
      </summary>
      <ul class="plain truths">
        {claims.slice(0, MOST_CLAIMS).flatMap(({ bindings, atoms }) =>
          atoms.map(({ text, truthIn }) => (
            <li key={`${bindings} ${text}`}>
              <TruthMark truth={truthIn(state, next)} />
              <code>{text}</code>
            </li>
          )),
        )}
      </ul>
    </details>
  );
}
