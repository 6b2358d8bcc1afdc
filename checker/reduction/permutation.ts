import { isArray, isObject, setOf, SetValue } from '../../dsl/ir/index.ts';
import type { Value } from '../../dsl/ir/index.ts';

/**
 * Ids by what takes their place; ids that are not in it stay. Ids are told by their text, which is theirs alone: see
 * {@link distinctTexts}.
 */
export type Permutation = ReadonlyMap<string, string>;

/** The permutation that exchanges two ids. */
export function exchangeOf(left: string, right: string): Permutation {
  return new Map([
    [left, right],
    [right, left],
  ]);
}

/** First the one, then the other. */
export function composed(first: Permutation, second: Permutation): Permutation {
  const all = new Map(second);
  for (const [from, to] of first) all.set(from, second.get(to) ?? to);
  return all;
}

export function inverse(permutation: Permutation): Permutation {
  return new Map(Array.from(permutation, ([from, to]) => [to, from]));
}

/**
 * A value with every id in it replaced, wherever it stands: as a value, in sets and sequences, as the key of a record.
 * It knows nothing of domains or of how states are kept: what is generated for a model is held against it.
 */
export function permuteValue(value: Value, permutation: Permutation): Value {
  if (typeof value === 'string') return permutation.get(value) ?? value;
  if (value instanceof SetValue) return setOf(value.elements.map((element) => permuteValue(element, permutation)));
  if (isArray(value)) return value.map((element) => permuteValue(element, permutation));
  if (!isObject(value)) return value;
  const moved = new Map(
    Object.entries(value).map(([key, part]) => [permutation.get(key) ?? key, permuteValue(part, permutation)]),
  );
  // In the order of the keys as they were, which is that of their domain.
  const keys = Object.keys(value);
  const isClosed = keys.every((key) => moved.has(key));
  return Object.fromEntries(isClosed ? keys.map((key) => [key, moved.get(key)]) : moved);
}
