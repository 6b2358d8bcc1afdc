import type { System } from '../dsl/ir/index.ts';
import { clock } from './clock.ts';
import { Explainer } from './counterexample/explanation.ts';
import { exploredBy } from './counterexample/explored.ts';
import { fastestEngine } from './engine/fastest.ts';
import { Batch } from './engine/next-state.ts';
import type { NextState } from './engine/next-state.ts';
import { prepare } from './liveness/prepare.ts';
import type { PreparedProperty } from './liveness/prepare.ts';
import type { CheckOptions } from './options.ts';
import { wordsOf } from './plan/layout.ts';
import { isRefused } from './plan/plan.ts';
import type { Plan } from './plan/plan.ts';
import type { Cut } from './search/cut.ts';
import type { StateSet } from './search/state-set.ts';
import { exploreVisited, visitAround } from './simulation/explored.ts';
import type { SimulationOptions } from './simulation/options.ts';
import { walk } from './simulation/walk.ts';
import { refusedResult, resultOf } from './verdict/result.ts';
import { asSteps, toldOfSteps } from './serials/judged.ts';
import { judgesDeadlocks, safetyAnswers } from './verdict/safety.ts';
import { temporalAnswers } from './verdict/temporal.ts';
import type { CheckResult } from './verdict/verdict.ts';

/** Of the options of a check, those that mean something to a simulation. */
export type SimulateOptions = Pick<
  CheckOptions,
  'properties' | 'fairness' | 'deadlock' | 'maxStates' | 'onProgress' | 'shouldStop'
>;

/**
 * Makes random runs of a model that is too large to be explored, and judges every property by the states they come to.
 *
 * What is found wrong is wrong, and told as {@link check} tells it: first the counterexample is shrunk, by exploring
 * around it until that makes it no shorter, then replayed. What is not found is `bounded`. The result is the same for
 * the same system and options.
 *
 * @remarks Cost: one expansion a step, then a check of the states visited; memory for those, `maxStates` at most.
 */
export function simulate(system: System, simulation: SimulationOptions, options: SimulateOptions = {}): CheckResult {
  return toldOfSteps(system, simulateIntegers(asSteps(system), simulation, options));
}

function simulateIntegers(system: System, simulation: SimulationOptions, options: SimulateOptions): CheckResult {
  const { plan, properties } = prepare(system, options.properties);
  if (isRefused(plan)) return refusedResult(system, plan.refusals);
  const engine = fastestEngine(plan);
  const started = clock();
  let interrupted = false;
  const shouldStop = (): boolean => (interrupted ||= options.shouldStop?.() === true);

  const { visited, runs } = walk(plan, engine, simulation, {
    maxStates: options.maxStates ?? MOST_VISITED,
    shouldStop: (_, distinct) => {
      options.onProgress?.({ phase: 'search', distinct, transitions: 0, depth: simulation.depth, queued: 0 });
      return shouldStop();
    },
  });
  const cut: Cut = { kind: 'simulation', ...simulation, runs };
  const judged: Judged = { plan, engine, visited, properties, cut, options, shouldStop, started };
  let best = judge(judged);
  for (let round = 0; round < ROUNDS && 0 < lengthOf(best) && !shouldStop(); round += 1) {
    visitAround(plan, engine, visited, nearby(plan, engine, best), AROUND);
    const next = judge(judged);
    if (lengthOf(best) <= lengthOf(next)) break;
    best = next;
  }
  return interrupted ? { ...best, statistics: { ...best.statistics, cut: { kind: 'interrupted' } } } : best;
}

/** States to visit at most, when nobody says otherwise. */
const MOST_VISITED = 2_000_000;

/** How often what is around the counterexamples is explored, and so many states each time. */
const ROUNDS = 4;
const AROUND = 20_000;

interface Judged {
  readonly plan: Plan;
  readonly engine: NextState;
  readonly visited: StateSet;
  readonly properties: readonly PreparedProperty[];
  readonly cut: Cut;
  readonly options: SimulateOptions;
  readonly shouldStop: () => boolean;
  readonly started: number;
}

/** Judges every property by the visited states. */
function judge({ plan, engine, visited, properties, cut, options, shouldStop, started }: Judged): CheckResult {
  const exploration = exploreVisited(
    plan,
    engine,
    visited,
    {
      instances: plan.instances.length,
      branches: plan.branches.list.length,
      deadlock: judgesDeadlocks(plan.system, options),
      keepSteps: 0 < properties.length,
      stopAtFirst: false,
    },
    cut,
  );
  const searched = clock();
  const explainer = new Explainer(plan, () => exploredBy(plan, engine, exploration));
  const all = { plan, engine, exploration, explained: () => exploration, explainer };
  const safety = safetyAnswers(all, { deadlock: judgesDeadlocks(plan.system, options) });
  const poll = (): Cut | undefined => (shouldStop() ? { kind: 'interrupted' } : undefined);
  const temporal = temporalAnswers(all, properties, options, poll);
  return resultOf(plan, exploration, { safety, temporal, warnings: [] }, options, {
    engine: engine.engine,
    searchTime: searched - started,
    livenessTime: clock() - searched,
  });
}

/** Steps of all the traces of a result. */
function lengthOf({ verdicts }: CheckResult): number {
  return verdicts.reduce((sum, { outcome }) => sum + ('trace' in outcome ? outcome.trace.steps.length : 0), 0);
}

/** Where shorter ways may start or end: initial states, and those that traces go through. */
function nearby(plan: Plan, engine: NextState, { verdicts }: CheckResult): readonly Int32Array[] {
  const initial = new Batch(engine.words);
  engine.initial(initial);
  const starts = Array.from({ length: Math.min(initial.count, AROUND) }, (_, index) => initial.stateAt(index));
  const told = verdicts.flatMap(({ outcome }) => ('trace' in outcome ? outcome.trace.states : []));
  return [...starts, ...told.map((state) => wordsOf(plan.layout, state))];
}
