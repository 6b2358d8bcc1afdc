import { useMemo, useState } from 'preact/hooks';
import type { Course } from '../course.ts';
import { atomsOf } from '../situation.ts';
import type { Truth3, TruthNow } from '../situation.ts';
import type { Subject } from '../subject.ts';

interface Props {
  readonly truths: readonly TruthNow[];
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
export function TruthsPanel({ truths, subject, course, at }: Props) {
  const { temporal } = subject;
  if (truths.length === 0 && temporal.length === 0) return null;
  return (
    <section class="panel" aria-label="Properties here">
      <h2>Properties here</h2>
      <ul class="plain truths">
        {truths.map(({ kind, name, doc, truth }) => (
          <li key={`${kind} ${name}`} title={doc || undefined}>
            <TruthMark
              truth={truth}
              isWrong={truth === 'fails' || (truth === 'false' && (kind === 'invariant' || kind === 'step'))}
            />
            <span class="name">{name}</span>
            <span class="hint">{KINDS[kind]}</span>
          </li>
        ))}
      </ul>
      {temporal.map(({ property }) => (
        <Temporal key={property.name} name={property.name} subject={subject} course={course} at={at} />
      ))}
    </section>
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
