import { Batch } from '../engine/next-state.ts';
import type { NextState } from '../engine/next-state.ts';
import { isSameState } from '../engine/state-vector.ts';
import { inverse } from '../reduction/permutation.ts';
import type { Symmetric } from '../reduction/quotient.ts';
import type { Exploration, Finding } from './exploration.ts';

/** A run of the engine: what the interpreter will replay. */
export interface Path {
  /** The words of its states; the first is initial. */
  readonly states: readonly Int32Array[];
  /** `instances[i]` leads from state `i` to state `i + 1`; {@link STUTTER} changes nothing. */
  readonly instances: readonly number[];
  /** For a lasso: the index of the state where its loop starts. */
  readonly loop?: number;
  /** The instance whose step from the last state fails, where that was found; -1: `init`. */
  readonly failedInstance?: number;
}

/** The step of nobody that leaves every variable as it is. */
export const STUTTER = -1;

/**
 * The run to what was found: shortest, with the first instance that makes each step. Where one state of each orbit was
 * explored, it is a run through states as they are, and not through those that stand for them. Cost: one expansion a step.
 */
export function pathTo(engine: NextState, exploration: Exploration, finding: Finding): Path {
  const { symmetry } = exploration;
  const kept = ancestry(exploration, finding.state).map((state) => exploration.states.wordsOf(state));
  const path = pathThrough(engine, kept, symmetry);
  const end = path.states.at(-1);
  const { step, failedInstance } =
    symmetry === undefined || end === undefined ? finding : foundFrom(engine, end, finding, symmetry);
  return {
    states: step === undefined ? path.states : [...path.states, step.words],
    instances: step === undefined || end === undefined ? path.instances : [...path.instances, step.instance],
    ...(failedInstance !== undefined && { failedInstance }),
  };
}

/** The states from an initial one to `state`, by the parents of the search; none when `state` is -1. */
function ancestry(exploration: Exploration, state: number): number[] {
  const states: number[] = [];
  for (let at = state; 0 <= at; at = exploration.parentOf(at)) states.push(at);
  return states.reverse();
}

/**
 * A run through states, or through states of their orbits. The first is an initial state either way: permutations make
 * initial states of initial states.
 */
function pathThrough(engine: NextState, kept: readonly Int32Array[], symmetry: Symmetric | undefined): Path {
  const batch = new Batch(engine.words);
  const states = kept.slice(0, 1);
  const instances: number[] = [];
  for (const target of kept.slice(1)) {
    batch.clear();
    engine.successors(states.at(-1)!, 0, batch);
    const found = symmetry === undefined ? batch.indexOf(target) : indexInOrbit(batch, target, symmetry);
    if (found < 0) throw new Error('internal: a state is no successor of the state it was found from');
    states.push(batch.stateAt(found));
    instances.push(batch.instances[found]!);
  }
  return { states, instances };
}

/** Which state of a batch is the first whose canonical form is this; -1: none. */
function indexInOrbit(batch: Batch, canonical: Int32Array, { quotient }: Symmetric): number {
  for (let index = 0; index < batch.count; index += 1) {
    if (isSameState(quotient.canonical(batch.stateAt(index)).words, canonical)) return index;
  }
  return -1;
}

/** What was found at the state that stands for an orbit, at another state of it. */
function foundFrom(
  engine: NextState,
  end: Int32Array,
  { step, failedInstance }: Finding,
  symmetry: Symmetric,
): Pick<Finding, 'step' | 'failedInstance'> {
  const { quotient, permuteState, permuteInstance } = symmetry;
  const back = inverse(quotient.canonical(end).permutation);
  if (step === undefined) {
    return failedInstance === undefined ? {} : { failedInstance: permuteInstance(failedInstance, back) };
  }
  const batch = new Batch(engine.words);
  engine.successors(end, 0, batch);
  const same = batch.indexOf(permuteState(step.words, back));
  // What is said of a state alone is true of its orbit.
  const found = 0 <= same ? same : indexInOrbit(batch, quotient.canonical(step.words).words, symmetry);
  if (found < 0) throw new Error('internal: a step is none from another state of its orbit');
  return { step: { instance: batch.instances[found]!, words: batch.stateAt(found) } };
}
