import type { Value } from '../../dsl/ir/index.ts';
import { equalValues, isArray, isObject } from '../../dsl/ir/index.ts';

/** As `equalValues`, but a field that is absent equals one that is undefined: an optional field may be left out. */
export function sameValue(left: Value, right: Value): boolean {
  if (isObject(left) && isObject(right)) {
    return [...new Set([...Object.keys(left), ...Object.keys(right)])].every((key) => sameValue(left[key], right[key]));
  }
  if (isArray(left) && isArray(right)) {
    return left.length === right.length && left.every((element, index) => sameValue(element, right[index]));
  }
  return equalValues(left, right);
}
