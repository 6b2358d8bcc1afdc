import type { Span } from '../../dsl/diagnostics/span.ts';
import { rewriteExpression } from '../../dsl/ir/fold.ts';
import { equalValues, isSamePlace } from '../../dsl/ir/index.ts';
import type { Expression, ObjectValue, StatePlace, Value } from '../../dsl/ir/index.ts';
import { evaluateIn } from '../engine/interpreter.ts';
import type { Asked } from '../engine/interpreter/asked.ts';
import type { Plan } from '../plan/plan.ts';
import { boundIn } from './condition.ts';
import { reasonsFor } from './falsity.ts';
import type { Cause } from './falsity.ts';

/**
 * Why a step went where it did: the parts of the conditions that decided that, as they were in the state before it, each
 * once. Not that its thread stood at its label, nor what the step itself had written by then.
 *
 * @param deciding - the conditions, as `decidingConditions` finds them.
 * @param from - the state before the step.
 * @param standing - the place that says where its thread stands, if it has one.
 */
export function decisionsIn(
  plan: Plan,
  deciding: readonly Asked[],
  from: ObjectValue,
  standing: StatePlace | undefined,
): readonly Cause[] {
  const found = new Map<string, Cause>();
  for (const asked of deciding) {
    for (const cause of reasonsIn(plan, asked, from)) {
      const { readings, part } = cause;
      if (standing !== undefined && readings.some(({ place }) => isSamePlace(place, standing))) continue;
      const { file, start, end } = part.span;
      const key = [file, start, end, part.isTrue, ...readings.map((one) => one.key)].join('\0');
      if (!found.has(key)) found.set(key, withoutNames(cause));
    }
  }
  return [...found.values()];
}

/** A part that does not say what its arguments and constants are: the step has them in its name. */
function withoutNames(cause: Cause): Cause {
  const { part, expression } = cause;
  const operands = expression.kind === 'operation' ? expression.operands : [];
  const isName = (span: Span): boolean => operands.some((one) => one.span === span && one.kind === 'parameter');
  return { ...cause, part: { ...part, sides: part.sides.filter(({ span }) => !isName(span)) } };
}

/** The parts of a condition that the step found as they were before it. */
function reasonsIn(plan: Plan, asked: Asked, from: ObjectValue): readonly Cause[] {
  const condition = closedCondition(plan, asked, from);
  if (!isSame(evaluateIn(plan, condition, NO_LOCALS, from), asked.truth)) return [];
  return reasonsFor(plan, condition, asked.truth, from).filter(({ readings }) =>
    readings.every(({ probe }) => {
      const before = evaluateIn(plan, probe, NO_LOCALS, from);
      return 'value' in before && isSame(evaluateIn(plan, probe, NO_LOCALS, asked.state), before.value);
    }),
  );
}

/** A condition without locals: they are written out where that says the same in the state before the step. */
export function closedCondition(plan: Plan, { statement, locals, definitions }: Asked, from: ObjectValue): Expression {
  const writtenOut = (name: string): Expression | undefined => {
    const definition = definitions.get(name);
    const expression = definition && close(definition);
    return expression && isSame(evaluateIn(plan, expression, NO_LOCALS, from), locals.get(name))
      ? expression
      : undefined;
  };
  let parts = 0;
  const close = (expression: Expression): Expression => {
    const bound = boundIn(expression);
    return rewriteExpression(expression, (part) => {
      if (part.kind !== 'local' || bound.has(part.name) || !locals.has(part.name)) return part;
      parts += 1;
      const value: Expression = { ...part, kind: 'parameter', value: locals.get(part.name) };
      return parts < MOST_PARTS ? (writtenOut(part.name) ?? value) : value;
    });
  };
  return close(statement.condition);
}

/** So many locals of a condition are written out. */
const MOST_PARTS = 100;

function isSame(answer: ReturnType<typeof evaluateIn>, value: Value): boolean {
  return 'value' in answer && equalValues(answer.value, value);
}

const NO_LOCALS: ReadonlyMap<string, Value> = new Map();
