import type { Expression, Value } from '../ir/index.ts';
import { equalValues, INT_MAX, INT_MIN, isArray, isObject, SetValue, valuesOf } from '../ir/index.ts';
import { fold } from '../ir/fold.ts';

/** Whether the value of an expression is the same in all states, for given values of its locals. */
export function isRigid(expression: Expression): boolean {
  return fold<boolean>(
    expression,
    (node, parts) => node.kind !== 'variable' && node.kind !== 'enabled' && parts.every(Boolean),
  );
}

/**
 * The value of an expression that reads no state, as far as that is plain.
 *
 * @param locals - what is bound around it.
 * @returns undefined when it reads the state or an unknown local, fails, or is of a kind that is not worked out here.
 */
export function rigidValue(
  expression: Expression,
  locals: ReadonlyMap<string, Value> = NOTHING,
): { readonly value: Value } | undefined {
  const go = (part: Expression): { readonly value: Value } | undefined => rigidValue(part, locals);
  const found = (value: Value): { readonly value: Value } => ({ value });
  switch (expression.kind) {
    case 'literal':
    case 'parameter':
      return found(expression.value);
    case 'local': {
      const value = locals.get(expression.name);
      return value === undefined && !locals.has(expression.name) ? undefined : found(value);
    }
    case 'field': {
      const object = go(expression.object)?.value;
      return isObject(object) && Object.hasOwn(object, expression.name) ? found(object[expression.name]) : undefined;
    }
    case 'index': {
      const [object, index] = [go(expression.object)?.value, go(expression.index)?.value];
      if (isArray(object)) return typeof index === 'number' && index in object ? found(object[index]) : undefined;
      const key = String(index);
      return isObject(object) && Object.hasOwn(object, key) ? found(object[key]) : undefined;
    }
    case 'not': {
      const operand = go(expression.operand);
      return operand && found(operand.value !== true);
    }
    case 'and':
    case 'or':
    case 'implies': {
      const left = go(expression.left)?.value;
      if (typeof left !== 'boolean') return undefined;
      const settles = expression.kind === 'or' ? left : !left;
      return settles ? found(expression.kind !== 'and') : go(expression.right);
    }
    case 'conditional': {
      const condition = go(expression.condition)?.value;
      if (typeof condition !== 'boolean') return undefined;
      return go(condition ? expression.whenTrue : expression.whenFalse);
    }
    case 'operation':
      return operationValue(expression, locals);
    case 'comprehension': {
      const { operator, over, binder, indexBinder, body } = expression;
      if ((operator !== 'all' && operator !== 'some') || indexBinder !== undefined) return undefined;
      const elements = elementsOf(over, locals);
      const truths = elements?.map((one) => rigidValue(body, new Map([...locals, [binder, one]]))?.value);
      if (truths === undefined || truths.includes(undefined)) return undefined;
      return found(operator === 'all' ? !truths.includes(false) : truths.includes(true));
    }
    default:
      return undefined;
  }
}

const NOTHING: ReadonlyMap<string, Value> = new Map();

function elementsOf(over: Expression, locals: ReadonlyMap<string, Value>): readonly Value[] | undefined {
  if (over.kind === 'domain') return [...valuesOf(over.domain)];
  const value = rigidValue(over, locals)?.value;
  return value instanceof SetValue ? value.elements : isArray(value) ? value : undefined;
}

function operationValue(
  { operator, operands }: Expression & { kind: 'operation' },
  locals: ReadonlyMap<string, Value>,
): { readonly value: Value } | undefined {
  const known = operands.map((one) => rigidValue(one, locals));
  if (known.includes(undefined)) return undefined;
  const [left, right] = known.map((one) => one!.value);
  if (operator === 'equal' || operator === 'notEqual') {
    return { value: equalValues(left, right) === (operator === 'equal') };
  }
  if (typeof left !== 'number' || typeof right !== 'number' || known.length !== 2) return undefined;
  const value = numberOf(operator, left, right);
  const isOutside = typeof value === 'number' && (value < INT_MIN || INT_MAX < value);
  return value === undefined || isOutside ? undefined : { value };
}

function numberOf(operator: string, left: number, right: number): boolean | number | undefined {
  switch (operator) {
    case 'less':
      return left < right;
    case 'lessOrEqual':
      return left <= right;
    case 'greater':
      return left > right;
    case 'greaterOrEqual':
      return left >= right;
    case 'add':
      return left + right;
    case 'subtract':
      return left - right;
    case 'multiply':
      return left * right;
    default:
      return undefined;
  }
}
