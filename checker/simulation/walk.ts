import { actorsOf } from '../plan/actor.ts';
import { Batch, TRUE } from '../engine/next-state.ts';
import type { NextState } from '../engine/next-state.ts';
import { isStateAt } from '../engine/state-vector.ts';
import type { Plan } from '../plan/plan.ts';
import { StateSet } from '../search/state-set.ts';
import type { SimulationOptions } from './options.ts';
import { randomOf } from './random.ts';
import { byPriority, uniform } from './scheduler.ts';

/** Where random runs have been. */
interface Walked {
  /** Every state of every run; each can be reached through others of them. */
  readonly visited: StateSet;
  /** Runs that were made, which are fewer than wanted when they were stopped. */
  readonly runs: number;
}

/** What is asked after each run. */
interface WalkLimits {
  /** No run is begun when so many states have been visited. */
  readonly maxStates: number;
  readonly shouldStop: (runs: number, states: number) => boolean;
}

/**
 * Makes random runs. A run ends where no step is possible that changes anything and stays within what is explored, or
 * after so many steps.
 *
 * @remarks Cost: one expansion a step.
 */
export function walk(plan: Plan, engine: NextState, options: SimulationOptions, limits: WalkLimits): Walked {
  const visited = new StateSet(engine.words);
  const actors = actorNumbers(plan);
  const initial = new Batch(engine.words);
  engine.initial(initial);
  const starts = choices(plan, engine, initial, undefined);
  const batch = new Batch(engine.words);
  let runs = 0;
  while (runs < options.runs && 0 < starts.length && visited.count < limits.maxStates) {
    const random = randomOf(options.seed, runs);
    const { count } = actors;
    const scheduler =
      options.scheduler === 'uniform'
        ? uniform(random)
        : // Each run is made for bugs of another depth: 1, 2, 3, 4.
          byPriority(random, count, random.next(MOST_CHANGES + 1), options.depth);
    let state = initial.stateAt(starts[random.next(starts.length)]!);
    visited.add(state, 0);
    for (let step = 0; step < options.depth; step += 1) {
      batch.clear();
      engine.successors(state, 0, batch);
      const possible = choices(plan, engine, batch, state);
      if (possible.length === 0) break;
      const chosen = scheduler.choose(possible.map((index) => actors.of[batch.instances[index]!]!));
      state = batch.stateAt(possible[chosen]!);
      visited.add(state, 0);
    }
    runs += 1;
    if (limits.shouldStop(runs, visited.count)) break;
  }
  return { visited, runs };
}

const MOST_CHANGES = 3;

/** The states of a batch that a run may go on to. */
function choices(plan: Plan, engine: NextState, batch: Batch, from: Int32Array | undefined): readonly number[] {
  const { within } = plan.roles;
  return Array.from({ length: batch.count }, (_, index) => index).filter((index) => {
    const offset = index * batch.words;
    if (from !== undefined && isStateAt(batch.states, offset, from)) return false;
    return within.every((predicate) => engine.holds(predicate, batch.states, offset) === TRUE);
  });
}

/** Numbers those who take steps; `of` says whose step each instance is. */
function actorNumbers(plan: Plan): { readonly count: number; readonly of: Int32Array } {
  const actors = [...actorsOf(plan).values()];
  const of = new Int32Array(plan.instances.length);
  actors.forEach(({ instances }, number) => {
    for (const { id } of instances) of[id] = number;
  });
  return { count: actors.length, of };
}
