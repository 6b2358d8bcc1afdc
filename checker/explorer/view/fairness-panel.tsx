import { formatPlace, formatValue } from '../../../dsl/ir/index.ts';
import type { FairnessEvidence } from '../../counterexample/behavior.ts';
import { wordCure } from '../../counterexample/cure-words.ts';
import { wordTaken } from '../../report/wording.ts';
import type { Course } from '../course.ts';
import type { PackedBehavior } from '../packed-behavior.ts';
import { conditionOfStep } from '../situation.ts';
import { valuesIn } from '../subject.ts';
import type { Subject } from '../subject.ts';
import { Words } from './words.tsx';
import { formatAssumption } from '../../plan/step-name.ts';

interface Props {
  readonly subject: Subject;
  readonly behavior: PackedBehavior | undefined;
  /** The behavior as it was found. */
  readonly course: Course;
  readonly isOpen: boolean;
  readonly onSelect: (at: number) => void;
}

/** Why a behavior that never ends is fair to everybody, and what would have to be assumed. */
export function FairnessPanel({ subject, behavior, course, isOpen, onSelect }: Props) {
  if (behavior?.loop === undefined) return null;
  const { fairness = [] } = behavior;
  return (
    <details class="panel fairness" open={isOpen}>
      <summary>Why it can go on like this forever</summary>
      {fairness.length === 0 ? (
        <p>No fairness is assumed, so nothing has to go on.</p>
      ) : (
        <ul class="plain">
          {fairness.map((one) => (
            <li key={`${one.strength} ${formatAssumption(one.about)}`}>
              <span class="strength">{one.strength}</span> <b>{formatAssumption(one.about)}</b>{' '}
              <Evidence subject={subject} course={course} evidence={one.evidence} onSelect={onSelect} />
            </li>
          ))}
        </ul>
      )}
      {wordCure(behavior).map((pieces, index) => (
        <p key={index}>
          <Words pieces={pieces} />
        </p>
      ))}
    </details>
  );
}

interface EvidenceProps {
  readonly subject: Subject;
  readonly course: Course;
  readonly evidence: FairnessEvidence['evidence'];
  readonly onSelect: (at: number) => void;
}

function Evidence({ subject, course, evidence, onSelect }: EvidenceProps) {
  const link = (words: string, to: number) => (
    <button type="button" class="link" onClick={() => onSelect(to)}>
      {words}
    </button>
  );
  if (evidence.kind === 'taken') return <>is {link(wordTaken(evidence), evidence.step + 1)}</>;
  const { because } = evidence;
  const state = course.states[evidence.kind === 'disabled' ? evidence.state : (course.loop ?? 0)]!;
  const condition = because && conditionOfStep(subject, because.step, valuesIn(subject, state));
  const reads = because?.reads.map(({ place, value }) => `${formatPlace(place)} is ${formatValue(value)}`).join(', ');
  return (
    <>
      is{' '}
      {evidence.kind === 'disabled'
        ? link(
            evidence.state === 0 ? 'not possible initially' : `not possible after step ${evidence.state}`,
            evidence.state,
          )
        : 'never possible in the loop'}
      {condition !== undefined && condition !== '' && (
        <span class="reason">
          : <code class="false">{condition}</code> is false
          {reads !== undefined && reads !== '' && <> — {reads}</>}
        </span>
      )}
    </>
  );
}
