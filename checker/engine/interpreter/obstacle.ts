import type { Span } from '../../../dsl/diagnostics/span.ts';
import type { Expression, ObjectValue, Value } from '../../../dsl/ir/index.ts';
import type { Instance, Plan } from '../../plan/plan.ts';
import { bindingsOf } from '../../plan/plan.ts';
import { evaluate } from './evaluate.ts';
import { execute } from './execute.ts';
import { EvaluationFailure, Impossible } from './failure.ts';
import type { Run } from './run.ts';
import { newRun } from './run.ts';

/** What kept a step from being possible. */
export interface Obstacle {
  /** The smallest part of the guard that is false: a conjunct of a `when`, or a choice among nothing. */
  readonly span: Span;
  readonly kind: 'when' | 'choose';
  /** The false conjunct; absent for a choice among nothing. */
  readonly condition?: Expression;
  /** The locals in scope there, so that the condition can be evaluated and explained. */
  readonly bindings: ReadonlyMap<string, Value>;
}

/**
 * Why an instance has no step in a state: the first obstacle of the first way through it, or undefined when that way
 * is possible or fails.
 */
export function whyNot(plan: Plan, state: ObjectValue, instance: Instance): Obstacle | undefined {
  const locals = new Map(bindingsOf(instance));
  const run = newRun(plan, state, locals);
  try {
    execute(run, instance.action.body);
    return undefined;
  } catch (error) {
    if (error instanceof EvaluationFailure) return undefined;
    if (!(error instanceof Impossible)) throw error;
    if (error.condition === undefined) return { kind: 'choose', span: error.span, bindings: locals };
    const condition = falseConjunct(run, error.condition);
    return { kind: 'when', span: condition.span, condition, bindings: locals };
  }
}

/** Descends from a false condition to the first conjunct that is false. */
function falseConjunct(run: Run, condition: Expression): Expression {
  if (condition.kind !== 'and') return condition;
  return falseConjunct(run, evaluate(run, condition.left) === false ? condition.left : condition.right);
}
