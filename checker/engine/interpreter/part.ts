import type { Span } from '../../../dsl/diagnostics/span.ts';
import type { Value } from '../../../dsl/ir/index.ts';
import { formatValue, isArray, isObject } from '../../../dsl/ir/index.ts';
import { EvaluationFailure } from './failure.ts';

export function fieldOf(value: Value, name: string, span: Span): Value {
  if (!isObject(value)) throw new EvaluationFailure(`${formatValue(value)} has no field \`${name}\``, span);
  if (!Object.hasOwn(value, name)) {
    throw new EvaluationFailure(`${formatValue(value)} has no field \`${name}\``, span);
  }
  return value[name];
}

export function entryOf(value: Value, key: Value, span: Span, missing?: string): Value {
  if (isArray(value)) {
    const inside = typeof key === 'number' && 0 <= key && key < value.length;
    if (!inside) {
      throw new EvaluationFailure(missing ?? `index ${formatValue(key)} is outside an array of ${value.length}`, span);
    }
    return value[key];
  }
  if (!isObject(value)) throw new EvaluationFailure(`${formatValue(value)} has no entries`, span);
  if (!Object.hasOwn(value, String(key))) {
    throw new EvaluationFailure(`${formatValue(key)} is no key of the record`, span);
  }
  return value[String(key)];
}
