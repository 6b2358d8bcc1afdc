import type { Expression, ObjectValue, Value } from '../../dsl/ir/index.ts';
import { formatValue } from '../../dsl/ir/index.ts';
import type { BoundPredicate, Plan } from '../plan/plan.ts';
import { evaluate } from './interpreter/evaluate.ts';
import type { Failure } from './interpreter/failure.ts';
import { EvaluationFailure } from './interpreter/failure.ts';
import { newRun } from './interpreter/run.ts';
import type { Steps } from './interpreter/steps.ts';
import { initialSteps, stepsOf } from './interpreter/steps.ts';
import type { Batch, NextState, Truth } from './next-state.ts';
import { FAILED, FALSE, holdsEachBy, TRUE } from './next-state.ts';

/**
 * The reference engine: walks the IR on values, one node at a time. Slow and obvious; the generated engine is held
 * against it, and it replays and explains what a search found.
 */
export function interpret(plan: Plan): NextState {
  const { layout } = plan;
  const push = (steps: Steps, instance: number, out: Batch): void => {
    for (const branches of steps.branches) {
      for (const branch of branches) out.branches[branch]! += 1;
    }
    for (const successor of steps.successors) {
      const at = out.reserve();
      layout.encode(successor, out.states, at);
      out.instances[out.count] = instance;
      out.count += 1;
    }
    for (let failure = 0; failure < steps.failures.length; failure += 1) out.failures.push(instance);
  };
  const truth = (predicate: number, state: ObjectValue, next?: ObjectValue): Truth => {
    const value = evaluatePredicate(plan, predicate, state, next);
    return typeof value === 'boolean' ? (value ? TRUE : FALSE) : FAILED;
  };
  const holds = (predicate: number, states: Int32Array, at: number): Truth =>
    truth(predicate, layout.decode(states, at));
  return {
    engine: 'interpreted',
    words: layout.words,
    initial: (out) => push(initialSteps(plan), -1, out),
    successors(states, at, out) {
      const state = layout.decode(states, at);
      for (const instance of plan.instances) push(stepsOf(plan, state, instance), instance.id, out);
    },
    holds,
    holdsEach: holdsEachBy(holds),
    holdsOfStep: (predicate, states, at, nextStates, nextAt) =>
      truth(predicate, layout.decode(states, at), layout.decode(nextStates, nextAt)),
  };
}

/** The value of a predicate in a state (or of a step to `next`), or why it has none. */
export function evaluatePredicate(
  plan: Plan,
  predicate: number,
  state: ObjectValue,
  next?: ObjectValue,
): boolean | Failure {
  const bound: BoundPredicate | undefined = plan.predicates[predicate];
  if (!bound) throw new RangeError(`no predicate ${predicate} in the plan`);
  const value = evaluateIn(plan, bound.expression, bound.bindings, state, next);
  if (!('value' in value)) return value;
  return typeof value.value === 'boolean'
    ? value.value
    : { message: `${formatValue(value.value)} is neither true nor false`, span: bound.expression.span };
}

/** The value of any expression over the state and the given locals, or why it has none. */
export function evaluateIn(
  plan: Plan,
  expression: Expression,
  bindings: ReadonlyMap<string, Value>,
  state: ObjectValue,
  next?: ObjectValue,
): { readonly value: Value } | Failure {
  const run = newRun(plan, state, new Map(bindings), next);
  try {
    return { value: evaluate(run, expression) };
  } catch (error) {
    if (error instanceof EvaluationFailure) return { message: error.message, span: error.span };
    throw error;
  }
}
