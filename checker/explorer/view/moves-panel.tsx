import { useState } from 'preact/hooks';
import { formatPlace, formatValue } from '../../../dsl/ir/index.ts';
import { formatChange } from '../../counterexample/change.ts';
import { changesBetween } from '../../counterexample/difference.ts';
import type { Course } from '../course.ts';
import { conditionOf, MAX_EXPLAINED } from '../situation.ts';
import type { BlockedLane, BlockedStep, Situation } from '../situation.ts';
import { isSameState } from '../../engine/state-vector.ts';
import { valuesIn } from '../subject.ts';
import type { Move, Subject } from '../subject.ts';
import { laneStyle } from './lanes.ts';
import { placeOf } from './words.ts';

interface Props {
  readonly subject: Subject;
  readonly situation: Situation;
  readonly course: Course;
  readonly at: number;
  readonly onTake: (move: Move) => void;
}

/** Moves beyond this are counted and not listed. */
const MOST_MOVES = 200;

/** What can happen next, to be taken; and why everything else cannot. */
export function MovesPanel({ subject, situation, course, at, onTake }: Props) {
  const { moves, failures, blocked } = situation;
  const waiting = blocked.filter((lane) => lane.waiting.length > 0);
  const elsewhere = blocked.reduce((sum, lane) => sum + lane.elsewhere.length, 0);
  return (
    <section class="panel moves" aria-label="What can happen next">
      <h2>
        Possible next steps <span class="count">{moves.length}</span>
      </h2>
      {moves.length === 0 && <p class="hint">Nothing can happen here.</p>}
      <ol class="plain">
        {moves.slice(0, MOST_MOVES).map((move, position) => (
          <MoveButton
            key={move.index}
            subject={subject}
            situation={situation}
            move={move}
            position={position}
            isNext={isTaken(course, at, move)}
            onTake={onTake}
          />
        ))}
      </ol>
      {moves.length > MOST_MOVES && <p class="hint">and {moves.length - MOST_MOVES} more</p>}
      {failures.map(({ label, failure }) => (
        <p key={label} class="note bad">
          <b>{label}</b> fails here: {failure.message}{' '}
          <span class="path">{placeOf(subject.plan.system.files, failure.span)}</span>
        </p>
      ))}
      {waiting.length > 0 && (
        <>
          <h3>Kept from happening</h3>
          <ul class="plain blocked">
            {waiting.flatMap((lane) =>
              lane.waiting.map((step) => <Blocked key={step.instance.id} subject={subject} lane={lane} step={step} />),
            )}
          </ul>
        </>
      )}
      {elsewhere > 0 && <Elsewhere subject={subject} blocked={blocked} count={elsewhere} />}
      {subject.plan.instances.length > MAX_EXPLAINED && (
        <p class="hint">With {subject.plan.instances.length} steps this model has too many to explain the others.</p>
      )}
    </section>
  );
}

function isTaken({ states, instances }: Course, at: number, move: Move): boolean {
  const next = states[at + 1];
  return next !== undefined && instances[at] === move.instance && isSameState(next, move.words);
}

interface MoveProps {
  readonly subject: Subject;
  readonly situation: Situation;
  readonly move: Move;
  readonly position: number;
  /** The course goes on with it. */
  readonly isNext: boolean;
  readonly onTake: (move: Move) => void;
}

function MoveButton({ subject, situation, move, position, isNext, onTake }: MoveProps) {
  const { plan, laneOf } = subject;
  const changes = changesBetween(plan.system.variables, situation.values, valuesIn(subject, move.words));
  const words = changes.map(formatChange);
  return (
    <li>
      <button
        type="button"
        class={`move ${isNext ? 'next' : ''}`}
        style={laneStyle(laneOf[move.instance]!, 0)}
        onClick={() => onTake(move)}
      >
        {position < 9 && <kbd aria-hidden="true">{position + 1}</kbd>}
        <span class="label">{plan.instances[move.instance]!.label}</span>
        {isNext && <span class="hint">next here</span>}
        <span class="effect">{words.length === 0 ? 'nothing changes' : words.join(', ')}</span>
      </button>
    </li>
  );
}

function Blocked({ subject, lane, step }: { subject: Subject; lane: BlockedLane; step: BlockedStep }) {
  const { obstacle, instance } = step;
  return (
    <li>
      <span class="label" style={laneStyle(lane.lane, 0)} title={placeOf(subject.plan.system.files, obstacle.span)}>
        {instance.label}
      </span>
      <Reason subject={subject} step={step} />
    </li>
  );
}

/** The conjunct that is false, with the values it reads. */
function Reason({ subject, step }: { readonly subject: Subject; readonly step: BlockedStep }) {
  const { obstacle } = step;
  if (obstacle.condition === undefined && obstacle.reads.length === 0) {
    return <span class="reason">there is nothing to choose from</span>;
  }
  return (
    <span class="reason">
      <code class="false">{conditionOf(subject, obstacle)}</code> is false
      {obstacle.reads.length > 0 && <> — </>}
      {obstacle.reads.map(({ place, value }, index) => (
        <span key={formatPlace(place)}>
          {index > 0 && ', '}
          <span class="k">{formatPlace(place)}</span> is <b>{formatValue(value)}</b>
        </span>
      ))}
    </span>
  );
}

/** Steps of other places in a thread's own code: many, and rarely what is looked for. */
function Elsewhere({ subject, blocked, count }: { subject: Subject; blocked: readonly BlockedLane[]; count: number }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        {count} {count === 1 ? 'step is' : 'steps are'} not where {count === 1 ? 'its thread' : 'their threads'} stand
        {count === 1 ? 's' : ''}
      </summary>
      {isOpen && (
        <ul class="plain blocked">
          {blocked.flatMap((lane) =>
            lane.elsewhere.map((step) => <Blocked key={step.instance.id} subject={subject} lane={lane} step={step} />),
          )}
        </ul>
      )}
    </details>
  );
}
