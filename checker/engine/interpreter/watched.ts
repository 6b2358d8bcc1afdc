import type { ObjectValue, Statement } from '../../../dsl/ir/index.ts';
import type { Instance } from '../../plan/instance.ts';
import type { Plan } from '../../plan/plan.ts';
import { bindingsOf } from '../../plan/plan.ts';
import { execute } from './execute.ts';
import { EvaluationFailure } from './failure.ts';
import type { Run } from './run.ts';
import { newRun, Odometer } from './run.ts';

/** How one way of a step ended. */
export type WayEnd = 'done' | 'impossible' | 'failed';

/** Somebody who looks on while a step runs; each way of it has a watcher of its own. */
export interface Watcher {
  /** Before a statement is run. */
  before(statement: Statement): void;
  end(how: WayEnd): void;
}

/** So many ways of a step are run. */
const MOST_WAYS = 64;

/**
 * Runs a step in every way that its choices can go, before somebody's eyes.
 *
 * @returns whether these were all of its ways.
 */
export function watchSteps(
  plan: Plan,
  state: ObjectValue,
  instance: Instance,
  watcherOf: (run: Run) => Watcher,
): boolean {
  const odometer = new Odometer();
  let ways = 0;
  do {
    if (ways === MOST_WAYS) return false;
    ways += 1;
    const run = newRun(plan, state, new Map(bindingsOf(instance)), undefined, odometer);
    const watcher = watcherOf(run);
    run.watch = (statement) => watcher.before(statement);
    watcher.end(runOnce(run, instance));
  } while (odometer.advance());
  return true;
}

function runOnce(run: Run, instance: Instance): WayEnd {
  try {
    return typeof execute(run, instance.action.body) === 'object' ? 'impossible' : 'done';
  } catch (error) {
    if (!(error instanceof EvaluationFailure)) throw error;
    return 'failed';
  }
}
