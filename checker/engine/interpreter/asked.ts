import type { Expression, ObjectValue, Statement, Value } from '../../../dsl/ir/index.ts';
import { equalValues } from '../../../dsl/ir/index.ts';
import type { Instance } from '../../plan/instance.ts';
import type { Plan } from '../../plan/plan.ts';
import { bindingsOf } from '../../plan/plan.ts';
import { execute } from './execute.ts';
import { EvaluationFailure } from './failure.ts';
import { newRun, Odometer } from './run.ts';
import type { Chooser, ConditionalStatement, Run } from './run.ts';

/** The condition of an `if` or a `when` that a step came to. */
export interface Asked {
  readonly statement: ConditionalStatement;
  readonly truth: boolean;
  /** The values of the locals there, and what those were declared as that have no other value since. */
  readonly locals: ReadonlyMap<string, Value>;
  readonly definitions: ReadonlyMap<string, Expression>;
  /** With what the step had done so far. */
  readonly state: ObjectValue;
}

/**
 * The conditions that decided how a step went, in the order in which it came to them: with the other answer to one of
 * them alone, and the same choices, it would not have led where it did. It would not have been possible, or failed, or
 * ended in another state.
 *
 * Nothing when no way of the step leads from the one state to the other. What an expression asks on its way, a `?:` or a
 * function that is called in a condition, is part of that expression.
 *
 * @remarks Cost: the step is run once for each condition that it comes to.
 */
export function decidingConditions(
  plan: Plan,
  instance: Instance,
  from: ObjectValue,
  to: ObjectValue,
): readonly Asked[] {
  const odometer = new Odometer();
  do {
    const { end, asked } = follow(plan, instance, from, odometer);
    if (end === undefined || !equalValues(end, to)) continue;
    return asked.filter((_, index) => {
      const other = follow(plan, instance, from, odometer.again(), index).end;
      return other === undefined || !equalValues(other, to);
    });
  } while (odometer.advance());
  return [];
}

/**
 * Runs a step in one way.
 *
 * @param turned - of the conditions that it comes to, the one that gets the other answer.
 */
function follow(
  plan: Plan,
  { action, ...instance }: Instance,
  from: ObjectValue,
  chooser: Chooser,
  turned?: number,
): { readonly end: ObjectValue | undefined; readonly asked: readonly Asked[] } {
  const run = newRun(plan, from, new Map(bindingsOf({ action, ...instance })), undefined, chooser);
  const asked: Asked[] = [];
  const definitions = new Map<string, Expression>();
  run.watch = (statement) => noteDefinition(definitions, statement);
  run.asked = (statement, truth) => {
    asked.push(askedIn(run, statement, truth, definitions));
    return turned === asked.length - 1 ? !truth : truth;
  };
  try {
    const isPossible = typeof execute(run, action.body) !== 'object';
    return { end: isPossible ? run.state : undefined, asked };
  } catch (error) {
    if (!(error instanceof EvaluationFailure)) throw error;
    return { end: undefined, asked };
  }
}

function askedIn(
  run: Run,
  statement: ConditionalStatement,
  truth: boolean,
  definitions: ReadonlyMap<string, Expression>,
): Asked {
  return { statement, truth, locals: new Map(run.locals), definitions: new Map(definitions), state: run.state };
}

function noteDefinition(definitions: Map<string, Expression>, statement: Statement): void {
  if (statement.kind === 'let') definitions.set(statement.name, statement.value);
  if (statement.kind === 'assign' && statement.target.root.kind === 'local') {
    definitions.delete(statement.target.root.name);
  }
}
