import type { System } from '../../dsl/ir/index.ts';
import { toldNames } from '../../dsl/ir/told-names.ts';
import { toldSystem } from '../../dsl/ir/told-system.ts';
import type { Failure, Falsity, Trace, WaitsFor } from '../counterexample/behavior.ts';
import { generateCode } from '../engine/javascript/engine.ts';
import type { GeneratedCode } from '../engine/generated.ts';
import { lowered } from '../engine/lowered.ts';
import { prepare } from '../liveness/prepare.ts';
import { isRefused } from '../plan/plan.ts';
import type { Plan } from '../plan/plan.ts';
import { told } from '../report/told-result.ts';
import { standingOf } from '../report/standing.ts';
import type { Standing } from '../report/standing.ts';
import type { CheckResult, Outcome, Verdict, Way } from '../verdict/verdict.ts';
import { packTrace } from './packed-behavior.ts';
import type { PackedBehavior } from './packed-behavior.ts';
import { systemOfStates } from '../../dsl/ir/serials/as-integers.ts';
import { rankedResult } from '../serials/told-result.ts';

/** All that a page knows: plain data, written into it once and read by its script. */
export interface PageData {
  readonly fairlead: string;
  /** What the page shows when its address says nothing else: the results, or the first state to go on from. */
  readonly opensAt: 'results' | 'explore';
  readonly models: readonly PageModel[];
}

/** One model with what came of checking it, and what is needed to go on from any of its states. */
export interface PageModel {
  /** Its name, made unique among those of the page; what addresses call it. */
  readonly id: string;
  /** Of the spec, as the user wrote it. */
  readonly path: string;
  readonly system: System;
  /** Parameters that were given another value than the model declares. */
  readonly changed: readonly string[];
  /** The fairness sets that were assumed in place of what the spec says. */
  readonly fairness?: readonly string[];
  readonly standing: Standing;
  readonly result: PageResult;
  /** What {@link PageOutcome} refers to. */
  readonly behaviors: readonly PackedBehavior[];
  /** Absent when the model was refused, or no code can be generated for it: then the interpreter has to do. */
  readonly code?: GeneratedCode;
}

interface PageResult extends Omit<CheckResult, 'verdicts'> {
  readonly verdicts: readonly PageVerdict[];
}

export interface PageVerdict extends Omit<Verdict, 'outcome'> {
  readonly outcome: PageOutcome;
}

/** As {@link Outcome}, with an index in place of the trace. */
type PageOutcome =
  | Exclude<Outcome, { readonly trace: Trace }>
  | {
      readonly kind: 'violated';
      readonly behavior: number;
      readonly failure?: Failure;
      /** How often the system hangs, or an invariant is violated, in each way, and how. */
      readonly ways?: readonly PackedWay[];
    }
  | { readonly kind: 'reached'; readonly behavior: number };

/** A {@link Way} without its steps. */
export interface PackedWay {
  readonly states: number;
  readonly steps: number;
  readonly waitsFor?: WaitsFor;
  readonly falsity?: Falsity;
}

/** A model that was checked, as {@link pageModels} takes it. */
export interface ModelToShow {
  readonly path: string;
  readonly system: System;
  readonly changed: readonly string[];
  readonly fairness?: readonly string[];
  readonly result: CheckResult;
}

/** Puts what was found into the form that pages keep it in, and generates the code of each model. */
export function pageModels(models: readonly ModelToShow[]): readonly PageModel[] {
  const ids = new Set<string>();
  return models.map((model) => ({ id: uniqueIn(ids, model.result), ...pageModel(model) }));
}

function pageModel(model: ModelToShow): Omit<PageModel, 'id'> {
  const { path, changed, fairness } = model;
  const names = toldNames(model.system);
  const declared = toldSystem(model.system, names);
  const system = systemOfStates(declared);
  const result = rankedResult(declared, told(names, model.result));
  const { plan } = prepare(system);
  const behaviors: PackedBehavior[] = [];
  const verdicts = result.verdicts.map((verdict): PageVerdict => {
    const { outcome } = verdict;
    if (outcome.kind !== 'violated' && outcome.kind !== 'reached') return { ...verdict, outcome };
    if (isRefused(plan)) throw new Error('internal: a model that cannot be laid out has a trace');
    const behavior = behaviors.push(packTrace(plan, outcome.trace)) - 1;
    if (outcome.kind === 'reached') return { ...verdict, outcome: { kind: 'reached', behavior } };
    const { trace: _, ways, ...rest } = outcome;
    return { ...verdict, outcome: { ...rest, ...(ways !== undefined && { ways: ways.map(packWay) }), behavior } };
  });
  const code = isRefused(plan) ? undefined : codeOf(plan);
  return {
    path,
    system,
    changed,
    ...(fairness !== undefined && { fairness }),
    standing: standingOf(result),
    result: { ...result, verdicts },
    behaviors,
    ...(code !== undefined && { code }),
  };
}

function packWay({ states, trace: { steps, waitsFor, falsity } }: Way): PackedWay {
  return {
    states,
    steps: steps.length,
    ...(waitsFor !== undefined && { waitsFor }),
    ...(falsity !== undefined && { falsity }),
  };
}

function codeOf(plan: Plan): GeneratedCode | undefined {
  const code = generateCode(lowered(plan));
  return 'unsupported' in code ? undefined : code;
}

/** `asShipped`; with the spec before it, or a number after it, when the name is taken. */
function uniqueIn(ids: Set<string>, { spec, model }: CheckResult): string {
  const candidates = [model, `${spec} ${model}`];
  const free = candidates.find((id) => !ids.has(id)) ?? numbered(ids, `${spec} ${model}`);
  ids.add(free);
  return free;
}

function numbered(ids: ReadonlySet<string>, name: string): string {
  let number = 2;
  while (ids.has(`${name} ${number}`)) number += 1;
  return `${name} ${number}`;
}
