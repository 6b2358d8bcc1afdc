import type { System } from '../dsl/ir/index.ts';
import { compileEngine } from './engine/compiled.ts';
import { interpret } from './engine/interpreter.ts';
import type { NextState } from './engine/next-state.ts';
import { FormulaTooLarge } from './liveness/buchi.ts';
import { claimsOf, PredicateRequests } from './liveness/formula.ts';
import type { CheckOptions } from './options.ts';
import { isRefused, planOf } from './plan/plan.ts';
import type { Plan, Refusal } from './plan/plan.ts';
import { explore } from './search/breadth-first.ts';
import type { Exploration } from './search/exploration.ts';
import type { Cut } from './search/cut.ts';
import type { Progress } from './search/progress.ts';
import { refusedResult, resultOf } from './verdict/result.ts';
import { safetyAnswers } from './verdict/safety.ts';
import { temporalAnswers } from './verdict/temporal.ts';
import type { PreparedProperty } from './verdict/temporal.ts';
import type { CheckResult } from './verdict/verdict.ts';
import { requestImplications } from './verdict/vacuity.ts';
import { warningsOf } from './verdict/warnings.ts';

/**
 * Checks one model: explores its reachable states, judges every property and tells the story of every violation.
 *
 * Every property is judged in the same run and on its own; nothing is printed. The result is the same for the same
 * system and options, but for the times in its statistics (and for what a limit of time cut).
 *
 * @throws Error only for a bug of Fairlead: a counterexample that the interpreter cannot replay.
 */
export function check(system: System, options: CheckOptions = {}): CheckResult {
  const requests = new PredicateRequests();
  const properties = prepare(system, options, requests);
  const implications = [
    ...requestImplications(system, requests),
    ...properties.flatMap(({ claims = [] }) => claims.flatMap((claim) => claim.implications)),
  ];
  const plan = planOf(system, requests.list);
  if (isRefused(plan)) return refusedResult(system, plan.refusals);
  const selected = selectEngine(plan, options.engine ?? 'auto');
  if ('message' in selected) return refusedResult(system, [selected]);
  const { engine, note } = selected;

  const started = performance.now();
  const poll = pollOf(options, started);
  const exploration = exploreAll(plan, engine, options, 0 < properties.length, poll);
  const searched = performance.now();
  const safety = safetyAnswers(plan, engine, exploration, options.deadlock !== false);
  const pollProperty = (property: string) => poll({ ...countsOf(exploration), phase: 'liveness', property });
  const temporal = temporalAnswers(plan, engine, exploration, properties, options, pollProperty);
  const judged = performance.now();

  return resultOf(plan, exploration, { safety, temporal }, options, {
    engine: engine.engine,
    ...(note === undefined ? {} : { engineNote: note }),
    searchTime: searched - started,
    livenessTime: judged - searched,
    warnings: warningsOf(plan, engine, exploration, temporal, implications),
  });
}

/** Every property as claims over numbered atoms; the atoms that are predicates become part of the plan. */
function prepare(system: System, options: CheckOptions, requests: PredicateRequests): readonly PreparedProperty[] {
  return system.properties
    .filter(({ name }) => options.properties === undefined || options.properties.includes(name))
    .map((property) => {
      try {
        return { property, claims: claimsOf(system, property.formula, requests) };
      } catch (error) {
        if (error instanceof FormulaTooLarge) return { property, claims: undefined };
        throw error;
      }
    });
}

function selectEngine(
  plan: Plan,
  wanted: 'auto' | 'compiled' | 'interpreted',
): { readonly engine: NextState; readonly note?: string } | Refusal {
  if (wanted === 'interpreted') return { engine: interpret(plan) };
  const compiled = compileEngine(plan);
  if (!('unsupported' in compiled)) return { engine: compiled };
  const { unsupported, span } = compiled;
  return wanted === 'auto' ? { engine: interpret(plan), note: unsupported } : { message: unsupported, span };
}

function exploreAll(
  plan: Plan,
  engine: NextState,
  options: CheckOptions,
  keepSteps: boolean,
  poll: (progress: Progress) => Cut | undefined,
): Exploration {
  return explore(engine, plan.roles, {
    instances: plan.instances.length,
    branches: plan.branches.list.length,
    deadlock: options.deadlock !== false,
    keepSteps,
    stopAtFirst: options.stopAtFirst === true,
    poll,
    ...(options.maxStates === undefined ? {} : { maxStates: options.maxStates }),
  });
}

function pollOf(options: CheckOptions, started: number): (progress: Progress) => Cut | undefined {
  const { maxTime, onProgress, shouldStop } = options;
  return (progress) => {
    onProgress?.(progress);
    if (shouldStop?.() === true) return { kind: 'interrupted' };
    const isLate = maxTime !== undefined && maxTime * 1000 < performance.now() - started;
    return isLate ? { kind: 'time', limit: maxTime } : undefined;
  };
}

function countsOf({ states, transitions, depth }: Exploration): Omit<Progress, 'phase' | 'property'> {
  return { distinct: states.count, transitions, depth, queued: 0 };
}
