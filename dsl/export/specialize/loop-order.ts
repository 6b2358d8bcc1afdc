import { rewriteExpression } from '../../ir/fold.ts';
import type { Domain, Expression } from '../../ir/index.ts';
import { cardinality, compareValues, valuesOf } from '../../ir/index.ts';
import { BOOLEAN, collectionOf } from '../../ir/part.ts';
import { typeOfComprehension } from '../../ir/typing.ts';
import { canFail } from '../tlaplus/failure.ts';
import type { Context, Loop } from './loop.ts';
import { renaming } from './loop.ts';

export function isAscending(over: Expression): boolean {
  if (over.kind === 'comprehension' && over.operator === 'filter') return isAscending(over.over);
  return over.kind === 'domain' && over.domain.kind === 'int';
}

/** Whether a loop goes through something as through the set of its elements. */
export function isInSetOrder(over: Expression): boolean {
  if (over.kind !== 'domain' || isAscending(over)) return true;
  if (MAX_COMPARED < cardinality(over.domain)) return false;
  const values = [...valuesOf(over.domain)];
  return values.every((value, index) => index === 0 || compareValues(values[index - 1], value) < 0);
}

const MAX_COMPARED = 256;

/** An array of constants that are in the order of a set is one. */
export function asSetOf(over: Expression): Expression {
  if (over.kind !== 'array' || over.elements.length === 0 || MAX_COMPARED < over.elements.length) return over;
  const values = over.elements.flatMap((one) => (one.kind === 'literal' ? [one.value] : []));
  const isSorted = values.every((value, index) => index === 0 || compareValues(values[index - 1], value) < 0);
  const element = collectionOf(over.type)?.element;
  if (values.length < over.elements.length || !isSorted || element === undefined) return over;
  const [first, last] = [values[0], values.at(-1)];
  const { span } = over;
  if (typeof first === 'number' && typeof last === 'number' && last - first === values.length - 1) {
    const domain: Domain = { kind: 'int', min: first, max: last };
    return { kind: 'domain', domain, type: { kind: 'set', element: domain }, span };
  }
  return { kind: 'set', elements: over.elements, type: { kind: 'set', element }, span };
}

/** Those elements of what a loop goes through for which a condition on its binder holds. */
export function filtered(context: Context, over: Expression, binder: string, condition: Expression): Expression {
  const { span } = condition;
  if (over.kind === 'comprehension' && over.operator === 'filter' && over.indexBinder === undefined) {
    const right = rewriteExpression(condition, renaming(binder, over.binder));
    return { ...over, body: { kind: 'and', left: over.body, right, type: BOOLEAN, span } };
  }
  const inner = context.fresh(binder);
  const body = rewriteExpression(condition, renaming(binder, inner));
  const type = typeOfComprehension('filter', over.type, BOOLEAN) ?? over.type;
  return { kind: 'comprehension', operator: 'filter', binder: inner, over, body, type, span };
}

/** `all` or `some` of what a loop goes through. */
export function quantified(operator: 'all' | 'some', { binder, over, span }: Loop, condition: Expression): Expression {
  const isFiltered = over.kind === 'comprehension' && over.operator === 'filter' && over.indexBinder === undefined;
  if (!isFiltered || canFail(over.body)) {
    return { kind: 'comprehension', operator, binder, over, body: condition, type: BOOLEAN, span };
  }
  const left = rewriteExpression(over.body, renaming(over.binder, binder));
  const body: Expression = {
    kind: operator === 'all' ? 'implies' : 'and',
    left,
    right: condition,
    type: BOOLEAN,
    span,
  };
  return { kind: 'comprehension', operator, binder, over: over.over, body, type: BOOLEAN, span };
}
