import { Batch, FALSE, holdsEachBy, TRUE } from '../engine/next-state.ts';
import type { NextState } from '../engine/next-state.ts';
import type { Plan } from '../plan/plan.ts';
import { explore } from '../search/breadth-first.ts';
import type { Cut } from '../search/cut.ts';
import type { Exploration, SearchOptions } from '../search/exploration.ts';
import type { StateSet } from '../search/state-set.ts';

/**
 * What an exploration of the visited states alone finds: all that is asked of states and steps is asked of them and of
 * the states one step further, paths are shortest among them, and a step that leads elsewhere still counts as possible.
 * So what is found wrong is wrong; that nothing is found says nothing, which is what `cut` is for.
 */
export function exploreVisited(
  plan: Plan,
  engine: NextState,
  visited: StateSet,
  options: SearchOptions,
  cut: Cut,
): Exploration {
  const isVisited = plan.predicates.length; // one more than there are
  const holds: NextState['holds'] = (predicate, states, at) =>
    predicate === isVisited ? (visited.find(states, at) < 0 ? FALSE : TRUE) : engine.holds(predicate, states, at);
  const restricted: NextState = {
    engine: engine.engine,
    words: engine.words,
    initial: (out) => engine.initial(out),
    successors: (states, at, out) => engine.successors(states, at, out),
    holds,
    holdsEach: holdsEachBy(holds),
    holdsOfStep: (predicate, states, at, next, nextAt) => engine.holdsOfStep(predicate, states, at, next, nextAt),
  };
  const questions = { ...plan.roles, within: [...plan.roles.within, isVisited] };
  return { ...explore(restricted, questions, options), cut };
}

/**
 * Visits what is near some states: breadth first from all of them together, up to `most` more states. Whatever is wrong
 * can then be reached on a shorter way, if there is one nearby.
 */
export function visitAround(
  plan: Plan,
  engine: NextState,
  visited: StateSet,
  starts: readonly Int32Array[],
  most: number,
): void {
  const { within } = plan.roles;
  const seen = new Set<string>();
  const queue: Int32Array[] = [];
  const meet = (state: Int32Array): void => {
    const key = state.join();
    if (seen.has(key)) return;
    seen.add(key);
    queue.push(state);
    visited.add(state, 0);
  };
  starts.forEach(meet);
  const limit = seen.size + most;
  const batch = new Batch(engine.words);
  for (let next = 0; next < queue.length && seen.size < limit; next += 1) {
    batch.clear();
    engine.successors(queue[next]!, 0, batch);
    for (let index = 0; index < batch.count && seen.size < limit; index += 1) {
      const offset = index * batch.words;
      if (!within.every((predicate) => engine.holds(predicate, batch.states, offset) === TRUE)) continue;
      meet(batch.stateAt(index));
    }
  }
}
