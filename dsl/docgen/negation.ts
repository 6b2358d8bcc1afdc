import type { Expression, Operator } from '../ir/index.ts';

/**
 * The opposite of a condition, without a double negation: `!(!a || b)` is `a && !b`. A denial of several parts is drawn
 * into them where at least one of them then needs none.
 */
export function negated(condition: Expression): Expression {
  if (condition.kind === 'not') return condition.operand;
  const opposite = condition.kind === 'operation' ? OPPOSITE[condition.operator] : undefined;
  if (condition.kind === 'operation' && opposite !== undefined) return { ...condition, operator: opposite };
  if ((condition.kind === 'and' || condition.kind === 'or') && isPlainer(condition)) {
    const kind = condition.kind === 'and' ? 'or' : 'and';
    return { ...condition, kind, left: negated(condition.left), right: negated(condition.right) };
  }
  return { kind: 'not', operand: condition, type: condition.type, span: condition.span };
}

/** Whether a part of a condition has no negation when it is denied. */
function isPlainer(condition: Expression): boolean {
  if (condition.kind === 'and' || condition.kind === 'or')
    return isPlainer(condition.left) || isPlainer(condition.right);
  return condition.kind === 'not' || (condition.kind === 'operation' && OPPOSITE[condition.operator] !== undefined);
}

const OPPOSITE: Partial<Record<Operator, Operator>> = {
  equal: 'notEqual',
  notEqual: 'equal',
  less: 'greaterOrEqual',
  lessOrEqual: 'greater',
  greater: 'lessOrEqual',
  greaterOrEqual: 'less',
};
