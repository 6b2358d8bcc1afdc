import type { System } from '../dsl/ir/index.ts';
import { clock } from './clock.ts';
import { Explainer } from './counterexample/explanation.ts';
import { exploredBy, MOST_EXPLORED } from './counterexample/explored.ts';
import { surveyLocks } from './locks/survey.ts';
import type { CheckOptions } from './options.ts';
import { isRefused } from './plan/plan.ts';
import { asUsed, classesOf, reductionFor } from './search/chosen-reduction.ts';
import { searchOf } from './search/chosen-search.ts';
import type { Cut } from './search/cut.ts';
import type { Exploration } from './search/exploration.ts';
import { nearestStates } from './search/nearest-states.ts';
import { ProcessMemory } from './search/process-memory.ts';
import type { Progress } from './search/progress.ts';
import { hasSerials, judgedByOrder } from './serials/judged.ts';
import { judge, questionsOf } from './verdict/judge.ts';
import { refusedResult, resultOf } from './verdict/result.ts';
import { judgesDeadlocks } from './verdict/safety.ts';
import type { CheckResult } from './verdict/verdict.ts';
import { surveyWaits } from './waits/survey.ts';

/**
 * Checks one model: explores its reachable states, judges every property and tells the story of every violation.
 *
 * Every property is judged in the same run and on its own; nothing is printed. The result is the same for the same
 * system and options, but for the times in its statistics (and for what a limit of time cut).
 *
 * @throws Error only for a bug of Fairlead: a counterexample that the interpreter cannot replay.
 */
export function check(declared: System, options: CheckOptions = {}): CheckResult {
  return hasSerials(declared) ? judgedByOrder(declared, options, checkIntegers) : checkIntegers(declared, options);
}

function checkIntegers(declared: System, options: CheckOptions): CheckResult {
  const system = asked(declared, options.properties);
  const questions = questionsOf(system, options);
  if (isRefused(questions.plan)) return refusedResult(system, questions.plan.refusals);
  const keepSteps = 0 < questions.properties.length;
  const engineAsked = engineFor(options);
  const reduction = reductionFor(questions.plan, {
    choice: options.reduction ?? 'auto',
    keepsSteps: keepSteps,
    needsEverything: asksForEverything(options),
    engine: engineAsked,
    isCompact: options.compact === true,
  });
  const search = searchOf(questions.plan, {
    engine: engineAsked,
    keepSteps,
    compact: options.compact === true,
    kernels: options.kernels,
    classes: classesOf(reduction),
    isOrdered: reduction?.kind === 'order',
  });
  if ('message' in search) return refusedResult(system, [search]);
  const { plan } = search;

  const started = clock();
  const processor = process.cpuUsage();
  const poll = pollOf(options, started);
  const memory = new ProcessMemory(options.memory);
  const { exploration, engine, note } = search.explore({
    instances: plan.instances.length,
    branches: plan.branches.list.length,
    deadlock: judgesDeadlocks(system, options),
    keepSteps,
    stopAtFirst: options.stopAtFirst === true,
    poll,
    ...(options.maxStates !== undefined && { maxStates: options.maxStates }),
    ...(options.workers !== undefined && { workers: options.workers }),
    memory,
  });
  const searched = clock();
  const { user, system: kernel } = process.cpuUsage(processor);

  const isReduced = exploration.symmetry !== undefined || exploration.isOrdered === true;
  let nearest: Exploration | undefined;
  // What could have come is asked of all states, also where one of each orbit was explored.
  const explained = (): Exploration =>
    isReduced
      ? (nearest ??= nearestStates(plan, engine, MOST_EXPLORED, judgesDeadlocks(system, options)))
      : exploration;
  const explainer = new Explainer(plan, () => exploredBy(plan, engine, explained()));
  const pollProperty = (property: string) => poll({ ...countsOf(exploration), phase: 'liveness', property });
  const interchangeable = reduction?.interchangeable ?? [];
  const found = { plan, engine, exploration, explained, explainer, interchangeable };
  const judged = judge(found, questions, options, memory, pollProperty);
  const judgedResult = resultOf(plan, exploration, judged, options, {
    engine: engine.engine,
    ...(note === undefined ? {} : { engineNote: note }),
    searchTime: searched - started,
    searchProcessorTime: (user + kernel) / 1000,
    livenessTime: clock() - searched,
  });
  const result =
    reduction === undefined
      ? judgedResult
      : { ...judgedResult, reduction: asUsed(reduction, isReduced, engine.engine) };
  // Fingerprints are no states.
  if (options.compact === true) return result;
  const locks = options.locks === true ? surveyLocks(plan, exploration) : undefined;
  // Steps that were not kept have to be found again.
  const most = exploration.graph === undefined ? MOST_EXPLORED : Infinity;
  const waits =
    options.waits === true ? surveyWaits(plan, exploration, exploredBy(plan, engine, exploration, most)) : undefined;
  return { ...result, ...(locks !== undefined && { locks }), ...(waits !== undefined && { waits }) };
}

/** The system without the predicates that nobody asks for: judging them, or making a record of each step, would cost. */
function asked(system: System, properties: readonly string[] | undefined): System {
  if (properties === undefined) return system;
  const isAsked = ({ name }: { readonly name: string }): boolean => properties.includes(name);
  return {
    ...system,
    invariants: system.invariants.filter(isAsked),
    steps: system.steps.filter(isAsked),
    sometimes: system.sometimes.filter(isAsked),
  };
}

/** Whether something is asked that one state of each orbit does not tell. */
function asksForEverything({ coverage, allWays, locks, waits }: CheckOptions): boolean {
  return [coverage, allWays, locks, waits].includes(true);
}

/** The fastest engine that can do what is asked for. */
function engineFor({ engine = 'auto', coverage }: CheckOptions): NonNullable<CheckOptions['engine']> {
  return coverage === true && (engine === 'auto' || engine === 'webassembly') ? 'javascript' : engine;
}

function pollOf(options: CheckOptions, started: number): (progress: Progress) => Cut | undefined {
  const { maxTime, onProgress, shouldStop } = options;
  return (progress) => {
    onProgress?.(progress);
    if (shouldStop?.() === true) return { kind: 'interrupted' };
    const isLate = maxTime !== undefined && maxTime * 1000 < clock() - started;
    return isLate ? { kind: 'time', limit: maxTime } : undefined;
  };
}

function countsOf({ states, transitions, depth }: Exploration): Omit<Progress, 'phase' | 'property'> {
  return { distinct: states.count, transitions, depth, queued: 0 };
}
