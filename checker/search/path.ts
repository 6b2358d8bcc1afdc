import { Batch } from '../engine/next-state.ts';
import type { NextState } from '../engine/next-state.ts';
import type { Exploration, Finding, States } from './exploration.ts';

/** A run of the engine: what the interpreter will replay. */
export interface Path {
  /** The words of its states; the first is initial. */
  readonly states: readonly Int32Array[];
  /** `instances[i]` leads from state `i` to state `i + 1`; {@link STUTTER} changes nothing. */
  readonly instances: readonly number[];
  /** For a lasso: the index of the state where its loop starts. */
  readonly loop?: number;
}

/** The step of nobody that leaves every variable as it is. */
export const STUTTER = -1;

/** The run to what was found: shortest, with the first instance that makes each step. Cost: one expansion a step. */
export function pathTo(engine: NextState, exploration: Exploration, finding: Finding): Path {
  const path = pathOfStates(engine, exploration.states, ancestry(exploration, finding.state));
  if (finding.step === undefined) return path;
  const isInitial = finding.state < 0;
  return {
    states: [...path.states, finding.step.words],
    instances: isInitial ? [] : [...path.instances, finding.step.instance],
  };
}

/** The states from an initial one to `state`, by the parents of the search; none when `state` is -1. */
function ancestry(exploration: Exploration, state: number): number[] {
  const states: number[] = [];
  for (let at = state; 0 <= at; at = exploration.parentOf(at)) states.push(at);
  return states.reverse();
}

function pathOfStates(engine: NextState, set: States, numbers: readonly number[]): Path {
  const batch = new Batch(engine.words);
  const states = numbers.map((state) => set.wordsOf(state));
  const instances = states.slice(1).map((target, index) => {
    batch.clear();
    engine.successors(states[index]!, 0, batch);
    const found = batch.indexOf(target);
    if (found < 0) throw new Error('internal: a state is no successor of the state it was found from');
    return batch.instances[found]!;
  });
  return { states, instances };
}
