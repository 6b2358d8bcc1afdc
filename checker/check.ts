import type { System } from '../dsl/ir/index.ts';
import { clock } from './clock.ts';
import { Explainer } from './counterexample/explanation.ts';
import { exploredBy } from './counterexample/explored.ts';
import { compileEngine } from './engine/compiled.ts';
import type { Unsupported } from './engine/flatten.ts';
import { withoutConstantLeaves, withoutLeaves } from './engine/constant-leaves.ts';
import { interpret } from './engine/interpreter.ts';
import type { NextState } from './engine/next-state.ts';
import { compileModule } from './engine/wasm/host.ts';
import { PredicateRequests } from './liveness/formula.ts';
import { requestSplits } from './liveness/splits.ts';
import { surveyLocks } from './locks/survey.ts';
import type { CheckOptions } from './options.ts';
import { leavesWithoutBits } from './plan/layout.ts';
import { isRefused, planOf } from './plan/plan.ts';
import type { Plan, Refusal } from './plan/plan.ts';
import { explore } from './search/breadth-first.ts';
import type { Exploration } from './search/exploration.ts';
import { kernelCode, kernelOf } from './search/kernel/kernel-module.ts';
import type { KernelCode, KernelCodeOptions } from './search/kernel/kernel-module.ts';
import { exploreByKernel } from './search/kernel/kernel-search.ts';
import type { KernelSearchOptions } from './search/kernel/kernel-options.ts';
import { isOutOfMemory } from './search/memory.ts';
import { ProcessMemory } from './search/process-memory.ts';
import type { Cut } from './search/cut.ts';
import type { Progress } from './search/progress.ts';
import type { TellingOf } from './verdict/answer.ts';
import { expectedOf } from './verdict/expected.ts';
import { refusedResult, resultOf } from './verdict/result.ts';
import { judgesDeadlocks, safetyAnswers } from './verdict/safety.ts';
import { prepareProperties, temporalAnswers } from './verdict/temporal.ts';
import type { CheckResult } from './verdict/verdict.ts';
import { neverTriggered, Occurrence, requestVacuity, tautologies, vacuousClaims } from './verdict/vacuity.ts';
import { warningsOf } from './verdict/warnings.ts';

/**
 * Checks one model: explores its reachable states, judges every property and tells the story of every violation.
 *
 * Every property is judged in the same run and on its own; nothing is printed. The result is the same for the same
 * system and options, but for the times in its statistics (and for what a limit of time cut).
 *
 * @throws Error only for a bug of Fairlead: a counterexample that the interpreter cannot replay.
 */
export function check(declared: System, options: CheckOptions = {}): CheckResult {
  const system = asked(declared, options.properties);
  const requests = new PredicateRequests();
  const vacuity = requestVacuity(system, requests);
  const properties = prepareProperties(system, options, requests);
  const splits = options.advise === true ? requestSplits(system, requests) : [];
  const planned = planOf(system, requests.list);
  if (isRefused(planned)) return refusedResult(system, planned.refusals);
  const kept = engineFor(options) === 'compiled' ? undefined : options.kernels?.recall();
  const plan = kept === undefined ? withoutConstantLeaves(planned) : withoutLeaves(planned, kept.always);
  const keepSteps = 0 < properties.length;
  const codeOptions = { keepSteps, compact: options.compact === true };
  const search = selectSearch(plan, engineFor(options), codeOptions, () => {
    if (kept !== undefined) return kept.code;
    const code = kernelCode(plan, codeOptions);
    if (!('unsupported' in code)) options.kernels?.keep({ code, always: leavesWithoutBits(plan.layout) });
    return code;
  });
  if ('message' in search) return refusedResult(system, [search]);

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
  const explainer = new Explainer(plan, () => exploredBy(plan, engine, exploration));
  const all = { plan, engine, exploration, explainer };
  const tellingOf: TellingOf = (one, outcome) =>
    options.explain === 'unexpected' && expectedOf(system.model, one) === outcome ? 'brief' : 'full';
  const safety = safetyAnswers(all, {
    deadlock: judgesDeadlocks(system, options),
    allWays: options.allWays,
    tellingOf,
  });
  const pollProperty = (property: string) => poll({ ...countsOf(exploration), phase: 'liveness', property });
  const temporal = temporalAnswers(all, properties, { ...options, splits, memory, tellingOf }, pollProperty);
  const occurrence = new Occurrence(plan, engine, exploration);
  const always = exploration.cut === undefined ? tautologies(plan, exploration) : [];
  const isWhole = exploration.cut === undefined && temporal.cut === undefined;
  const vacuous = isWhole
    ? vacuousClaims(occurrence, {
        holding: new Set(
          [...safety, ...temporal.answers].flatMap((one) => (one.outcome.kind === 'holds' ? one.name : [])),
        ),
        predicates: vacuity,
        properties,
        untriggered: temporal.untriggeredInClaims,
        tautologies: always,
      })
    : undefined;
  const judged = clock();
  // Fingerprints are no states.
  const locks = options.locks === true && options.compact !== true ? surveyLocks(plan, exploration) : undefined;

  const result = resultOf(plan, exploration, { safety, temporal }, options, {
    engine: engine.engine,
    ...(note === undefined ? {} : { engineNote: note }),
    searchTime: searched - started,
    searchProcessorTime: (user + kernel) / 1000,
    livenessTime: judged - searched,
    ...(vacuous !== undefined && { vacuous }),
    warnings: warningsOf(plan, exploration, {
      ...temporal,
      neverTriggered: exploration.cut === undefined ? neverTriggered(occurrence, requests.asked) : [],
      tautologies: always,
    }),
  });
  return locks === undefined ? result : { ...result, locks };
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

/** The fastest engine that can do what is asked for. */
function engineFor({ engine = 'auto', coverage }: CheckOptions): NonNullable<CheckOptions['engine']> {
  return coverage === true && (engine === 'auto' || engine === 'webassembly') ? 'compiled' : engine;
}

/** A way to explore: what it gives comes with an engine for questions about single states. */
interface StateSearch {
  explore(options: KernelSearchOptions): {
    readonly exploration: Exploration;
    readonly engine: NextState;
    /** Why it was not the fastest. */
    readonly note?: string;
  };
}

function selectSearch(
  plan: Plan,
  wanted: NonNullable<CheckOptions['engine']>,
  codeOptions: KernelCodeOptions,
  generate: () => KernelCode | Unsupported,
): StateSearch | Refusal {
  if (wanted === 'interpreted') return searchBy(plan, interpret(plan));
  if (wanted === 'compiled') {
    const compiled = compileEngine(plan);
    return 'unsupported' in compiled ? refusalOf(compiled) : searchBy(plan, compiled);
  }
  const code = generate();
  if ('unsupported' in code) {
    return wanted === 'auto' ? searchBy(plan, interpret(plan), code.unsupported) : refusalOf(code);
  }
  return {
    explore(options) {
      const module = compileModule(code.bytes);
      const kernel = kernelOf(plan, code, module, codeOptions);
      try {
        const exploration = exploreByKernel(kernel, options);
        return { exploration, engine: exploration.engine };
      } catch (error) {
        const compiled = isOutOfMemory(error) && wanted === 'auto' ? compileEngine(plan) : undefined;
        if (compiled === undefined || 'unsupported' in compiled) throw error;
        return searchBy(plan, compiled, 'the system refuses the address space for WebAssembly').explore(options);
      }
    },
  };
}

function searchBy(plan: Plan, engine: NextState, note?: string): StateSearch {
  return {
    explore: (options) => ({
      exploration: explore(engine, plan.roles, options),
      engine,
      ...(note === undefined ? {} : { note }),
    }),
  };
}

function refusalOf({ unsupported, span }: Unsupported): Refusal {
  return { message: unsupported, span };
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
