import type { Expression, Operator } from '../ir/index.ts';
import { BOOLEAN } from '../ir/part.ts';

/** What holds where a condition does not; comparisons are turned round. */
export function negated(condition: Expression): Expression {
  if (condition.kind === 'not') return condition.operand;
  const opposite = condition.kind === 'operation' ? OPPOSITES[condition.operator] : undefined;
  if (condition.kind === 'operation' && opposite !== undefined) return { ...condition, operator: opposite };
  return { kind: 'not', operand: condition, type: BOOLEAN, span: condition.span };
}

/** The conditions that hold together when an expression does. */
export function conjunctsOf(expression: Expression): readonly Expression[] {
  if (expression.kind === 'and') return [...conjunctsOf(expression.left), ...conjunctsOf(expression.right)];
  if (expression.kind !== 'not') return [expression];
  const { operand } = expression;
  if (operand.kind === 'or') return [...conjunctsOf(negated(operand.left)), ...conjunctsOf(negated(operand.right))];
  const opposite = negated(operand);
  return opposite.kind === 'not' ? [expression] : conjunctsOf(opposite);
}

/** The comparison that holds where one does not. */
export const OPPOSITES: Readonly<Partial<Record<Operator, Operator>>> = {
  equal: 'notEqual',
  notEqual: 'equal',
  less: 'greaterOrEqual',
  lessOrEqual: 'greater',
  greater: 'lessOrEqual',
  greaterOrEqual: 'less',
};
