import type { Expression, Operator } from '../ir/index.ts';

/** The opposite of a condition, without a double negation. */
export function negated(condition: Expression): Expression {
  if (condition.kind === 'not') return condition.operand;
  const opposite = condition.kind === 'operation' ? OPPOSITE[condition.operator] : undefined;
  if (condition.kind === 'operation' && opposite !== undefined) return { ...condition, operator: opposite };
  return { kind: 'not', operand: condition, type: condition.type, span: condition.span };
}

const OPPOSITE: Partial<Record<Operator, Operator>> = {
  equal: 'notEqual',
  notEqual: 'equal',
  less: 'greaterOrEqual',
  lessOrEqual: 'greater',
  greater: 'lessOrEqual',
  greaterOrEqual: 'less',
};
