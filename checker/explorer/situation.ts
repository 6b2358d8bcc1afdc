import type { Expression, ObjectValue, Value } from '../../dsl/ir/index.ts';
import { equalValues } from '../../dsl/ir/index.ts';
import { authorsName, withAuthorsNames } from '../../dsl/ir/authors-names.ts';
import { rewriteExpression } from '../../dsl/ir/fold.ts';
import { printExpression } from '../../dsl/ir/print.ts';
import { WholeLabels } from '../../dsl/ir/whole-labels.ts';
import { lineOf } from '../../dsl/diagnostics/span.ts';
import type { Actor } from '../plan/actor.ts';
import type { WaitsFor } from '../counterexample/behavior.ts';
import type { Obstacle } from '../counterexample/explanation.ts';
import type { Instance } from '../plan/instance.ts';
import { isNamed } from '../plan/step-name.ts';
import type { StepName } from '../plan/step-name.ts';
import type { FalsePart } from '../counterexample/behavior.ts';
import { falsityOf } from '../counterexample/falsity.ts';
import type { Failure } from '../engine/interpreter/failure.ts';
import { isSameState } from '../engine/state-vector.ts';
import { failureIn, movesFrom, valuesIn } from './subject.ts';
import type { Move, Subject } from './subject.ts';

/** What can happen in a state, and why the rest cannot. */
export interface Situation {
  readonly values: ObjectValue;
  readonly moves: readonly Move[];
  readonly failures: readonly StepFailure[];
  /** The lanes in which something cannot happen, in the order of the lanes. */
  readonly blocked: readonly BlockedLane[];
  /** Who waits for whom; absent when nobody is kept waiting by others. */
  readonly waitsFor?: WaitsFor;
  /** Nothing at all can happen. */
  readonly isStuck: boolean;
}

interface StepFailure {
  readonly label: string;
  readonly failure: Failure;
}

export interface BlockedLane {
  readonly lane: number;
  /** Kept from happening by what others write. */
  readonly waiting: readonly BlockedStep[];
  /** Steps of elsewhere in the thread's own code. */
  readonly elsewhere: readonly BlockedStep[];
}

export interface BlockedStep {
  readonly instance: Instance;
  readonly obstacle: Obstacle;
}

/** More instances than this are not explained one by one. */
export const MAX_EXPLAINED = 2000;

/** Explains a state. Cost: the interpreter tries each instance that is not possible once. */
export function situationIn(subject: Subject, state: Int32Array): Situation {
  const { plan, explainer, lanes } = subject;
  const values = valuesIn(subject, state);
  const { moves, failing } = movesFrom(subject, state);
  const failures = failing.flatMap((instance): StepFailure[] => {
    const failure = failureIn(subject, instance, state);
    return failure === undefined ? [] : [{ label: plan.instances[instance]?.label ?? 'init', failure }];
  });
  const able = new Set([...moves.map(({ instance }) => instance), ...failing]);
  const isExplained = plan.instances.length <= MAX_EXPLAINED;
  const isStuck = moves.length === 0 && failing.length === 0;
  const course = { states: [values], steps: [], from: 0, isEnd: isStuck };
  const waitsFor = isExplained ? explainer.waitsIn(course, able) : undefined;
  return {
    values,
    moves,
    failures,
    blocked: isExplained ? lanes.flatMap((lane, index) => blockedIn(subject, values, lane, index, able)) : [],
    ...(waitsFor !== undefined && { waitsFor }),
    isStuck,
  };
}

function blockedIn(
  { explainer }: Subject,
  values: ObjectValue,
  { instances }: Actor,
  lane: number,
  able: ReadonlySet<number>,
): BlockedLane[] {
  const blocked = instances.flatMap((instance): BlockedStep[] => {
    const obstacle = able.has(instance.id) ? undefined : explainer.obstacleTo(instance, values);
    return obstacle === undefined ? [] : [{ instance, obstacle }];
  });
  if (blocked.length === 0) return [];
  const [waiting, elsewhere] = [false, true].map((kind) =>
    blocked.filter(({ obstacle }) => obstacle.isControl === kind),
  );
  return [{ lane, waiting: waiting!, elsewhere: elsewhere! }];
}

/** A predicate in a state or of a step. */
export interface TruthNow {
  readonly kind: 'invariant' | 'step' | 'sometimes' | 'terminal' | 'within';
  readonly name: string;
  readonly doc: string;
  /** `unknown`: of a step, and there is none before the first state; `fails`: it cannot be evaluated. */
  readonly truth: Truth3;
  /** In the plan. */
  readonly predicate: number;
}

export type Truth3 = 'true' | 'false' | 'fails' | 'unknown';

/** What holds in a state, and of the step that led there. */
export function truthsIn(
  { engine, plan }: Subject,
  state: Int32Array,
  before: Int32Array | undefined,
): readonly TruthNow[] {
  const { roles, system } = plan;
  const ofState = (predicate: number): Truth3 => TRUTHS[engine.holds(predicate, state, 0)];
  const ofStep = (predicate: number): Truth3 =>
    before === undefined ? 'unknown' : TRUTHS[engine.holdsOfStep(predicate, before, 0, state, 0)];
  const kinds = [
    ['invariant', system.invariants, roles.invariants, ofState],
    ['step', system.steps, roles.steps, ofStep],
    ['sometimes', system.sometimes, roles.sometimes, ofState],
    ['terminal', system.terminal, roles.terminal, ofState],
    ['within', system.within, roles.within, ofState],
  ] as const;
  return kinds.flatMap(([kind, list, predicates, truthOf]) =>
    list.map(({ name, doc }, index) => {
      const predicate = predicates[index]!;
      return { kind, name, doc, truth: truthOf(predicate), predicate };
    }),
  );
}

/** What makes a predicate false in a state, or of the step that led there. */
export function falsityIn(
  { plan }: Subject,
  predicate: number,
  values: ObjectValue,
  before: ObjectValue | undefined,
): readonly FalsePart[] {
  const { expression, bindings, ofStep } = plan.predicates[predicate]!;
  if (!ofStep) return falsityOf(plan, expression, bindings, { state: values });
  return before === undefined ? [] : falsityOf(plan, expression, bindings, { state: before, next: values });
}

const TRUTHS = ['false', 'true', 'fails'] as const;

/** A part of a temporal property that is true or false in a single state (or of the step from it). */
export interface Atom {
  readonly text: string;
  /** @param next - the state that the behavior goes on to; undefined where it ends. */
  readonly truthIn: (state: Int32Array, next: Int32Array | undefined) => Truth3;
}

export interface ClaimAtoms {
  /** `r = r0`; empty without quantifiers. */
  readonly bindings: string;
  readonly values: ObjectValue;
  readonly atoms: readonly Atom[];
}

/** The atoms of each claim of a temporal property, in the order of the formula. */
export function atomsOf(subject: Subject, property: string): readonly ClaimAtoms[] {
  const { plan, temporal, engine } = subject;
  const found = temporal.find((one) => one.property.name === property);
  return (found?.claims ?? []).map(({ bindings, atoms }) => ({
    values: bindings,
    bindings: Object.entries(bindings)
      .map(([name, value]) => `${authorsName(name)} = ${String(value)}`)
      .join(', '),
    atoms: atoms.map((atom): Atom => {
      if (atom.kind === 'predicate') {
        const predicate = plan.roles.extra[atom.request]!;
        const { expression, bindings: values } = plan.predicates[predicate]!;
        return {
          text: textOf(subject, withValues(expression, values)),
          truthIn: (state) => TRUTHS[engine.holds(predicate, state, 0)],
        };
      }
      const matches = plan.instances.filter(
        ({ action, values }) =>
          (action.name === atom.action || action.process?.name === atom.action) &&
          atom.arguments.every(
            (argument, index) => argument === undefined || equalValues(argument.value, values[index]),
          ),
      );
      const ids = new Set(matches.map(({ id }) => id));
      const given = atom.arguments.map((argument) => (argument === undefined ? '_' : String(argument.value)));
      return {
        text: `taken(${[atom.action, ...given].join(', ')})`,
        truthIn: (state, next) => {
          if (next === undefined || isSameState(state, next)) return 'false';
          // Whoever makes it: a step is a pair of states.
          const leadsThere = ({ instance, words }: Move): boolean => ids.has(instance) && isSameState(words, next);
          return movesFrom(subject, state).moves.some(leadsThere) ? 'true' : 'false';
        },
      };
    }),
  }));
}

/** {@link conditionOf} for a step; empty when it is possible, or there is none. */
export function conditionOfStep(subject: Subject, step: StepName, state: ObjectValue): string {
  const instance = subject.plan.instances.find((one) => isNamed(one, step));
  const obstacle = instance && subject.explainer.obstacleTo(instance, state);
  return obstacle === undefined ? '' : conditionOf(subject, obstacle);
}

/** An expression with values in place of its free locals, so that it can be read without knowing them. */
function withValues(expression: Expression, bindings: ReadonlyMap<string, Value>): Expression {
  if (bindings.size === 0) return expression;
  return rewriteExpression(expression, (part) =>
    part.kind === 'local' && bindings.has(part.name)
      ? { kind: 'literal', value: bindings.get(part.name), type: part.type, span: part.span }
      : part,
  );
}

/** What is false, with values in place of what only its author knows: `s.rw.writer === w0`. */
export function conditionOf(subject: Subject, { condition, bindings, span }: Obstacle): string {
  const { plan } = subject;
  if (condition !== undefined) return textOf(subject, withValues(condition, bindings ?? new Map()));
  return lineOf(plan.system.files, span).trim();
}

/** An expression in the names of its author. */
function textOf({ plan }: Subject, expression: Expression): string {
  return printExpression(withAuthorsNames(new WholeLabels(plan.system.processes).expression(expression)));
}
