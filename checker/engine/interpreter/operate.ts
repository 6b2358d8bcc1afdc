import type { Expression, ObjectValue, Value } from '../../../dsl/ir/index.ts';
import { contains, formatValue, INT_MAX, INT_MIN, isArray, setOf, SetValue, valuesOf } from '../../../dsl/ir/index.ts';
import { sameValue } from '../same-value.ts';
import { evaluate } from './evaluate.ts';
import { EvaluationFailure } from './failure.ts';
import { entryOf } from './part.ts';
import type { Run } from './run.ts';

export function operate(run: Run, expression: Expression & { kind: 'operation' }): Value {
  const { operator, operands, span } = expression;
  if (operator === 'includes' && operands[0]!.kind === 'domain') {
    return contains(operands[0]!.domain, evaluate(run, operands[1]!));
  }
  if (operator === 'toArray' && operands[0]!.kind === 'domain') return [...valuesOf(operands[0]!.domain)];
  const values = operands.map((operand) => evaluate(run, operand));
  const fail = (message: string): never => {
    throw new EvaluationFailure(message, span);
  };
  const wrong = (value: Value, wanted: string, index: number): never => {
    throw new EvaluationFailure(`${formatValue(value)} is not ${wanted}`, operands[index]!.span);
  };
  const int = (index: number): number => {
    const value = values[index];
    return typeof value === 'number' ? value : wrong(value, 'a number', index);
  };
  const array = (index: number): readonly Value[] => {
    const value = values[index];
    return isArray(value) ? value : wrong(value, 'an array', index);
  };
  const set = (index: number): SetValue => {
    const value = values[index];
    return value instanceof SetValue ? value : wrong(value, 'a set', index);
  };
  const collection = (index: number): readonly Value[] => {
    const value = values[index];
    return value instanceof SetValue
      ? value.elements
      : isArray(value)
        ? value
        : wrong(value, 'an array or a set', index);
  };
  const has = (list: readonly Value[], value: Value): boolean => list.some((one) => sameValue(one, value));
  /** Exact results are doubles; adding 0 turns -0 into 0. */
  const inRange = (result: number): number =>
    INT_MIN <= result && result <= INT_MAX ? result + 0 : fail(`${result} is outside the 32-bit integers`);
  const divisor = (): number => (int(1) === 0 ? fail('division by zero') : int(1));

  switch (operator) {
    case 'add':
      return inRange(int(0) + int(1));
    case 'subtract':
      return inRange(int(0) - int(1));
    case 'multiply':
      return inRange(int(0) * int(1));
    case 'divide':
      return inRange(Math.floor(int(0) / divisor()));
    case 'truncate':
      return inRange(Math.trunc(int(0) / divisor()));
    case 'remainder':
      return inRange(int(0) % divisor());
    case 'negate':
      return inRange(-int(0));
    case 'absolute':
      return inRange(Math.abs(int(0)));
    case 'minimum':
      return Math.min(...values.map((_, index) => int(index)));
    case 'maximum':
      return Math.max(...values.map((_, index) => int(index)));
    case 'equal':
      return sameValue(values[0], values[1]);
    case 'notEqual':
      return !sameValue(values[0], values[1]);
    case 'less':
      return int(0) < int(1);
    case 'lessOrEqual':
      return int(0) <= int(1);
    case 'greater':
      return int(0) > int(1);
    case 'greaterOrEqual':
      return int(0) >= int(1);
    case 'size':
      return collection(0).length;
    case 'includes':
      return has(collection(0), values[1]);
    case 'indexOf':
      return array(0).findIndex((element) => sameValue(element, values[1]));
    case 'at':
      return array(0).at(int(1));
    case 'slice':
      return array(0).slice(int(1), values.length < 3 ? undefined : int(2));
    case 'concat':
      return values.flatMap((_, index) => array(index));
    case 'union':
      return setOf(values.flatMap((_, index) => set(index).elements));
    case 'intersection':
    case 'difference': {
      const [left, right] = [set(0).elements, set(1).elements];
      return setOf(left.filter((element) => has(right, element) === (operator === 'intersection')));
    }
    case 'subset': {
      const [left, right] = [set(0).elements, set(1).elements];
      return left.every((element) => has(right, element));
    }
    case 'toSet':
      return setOf(collection(0));
    case 'toArray':
      return collection(0);
    case 'with': {
      const [object, key] = values;
      entryOf(object, key, span);
      return isArray(object)
        ? object.with(key as number, values[2])
        : { ...(object as ObjectValue), [String(key)]: values[2] };
    }
  }
}
