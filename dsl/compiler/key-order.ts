import type { Domain } from '../ir/index.ts';
import { integersIn } from '../ir/part.ts';

/** Whether JavaScript takes a key for the index of an array: such keys come first in an object, by their size. */
export function isIndexKey(key: string): boolean {
  return /^(0|[1-9]\d{0,9})$/.test(key) && Number(key) < 2 ** 32 - 1;
}

/**
 * Items in the order in which JavaScript goes through the keys of an object: those that look like indices first, by size,
 * then the others as they were added.
 *
 * @see ECMAScript, OrdinaryOwnPropertyKeys.
 */
export function inKeyOrder<Item>(items: readonly Item[], keyOf: (item: Item) => string): readonly Item[] {
  const first = items.filter((item) => isIndexKey(keyOf(item)));
  if (first.length === 0) return items;
  first.sort((left, right) => Number(keyOf(left)) - Number(keyOf(right)));
  return [...first, ...items.filter((item) => !isIndexKey(keyOf(item)))];
}

/** The keys of an object as integers; undefined when it has none, or others. */
export function integerKeys(names: readonly string[]): Domain | undefined {
  if (names.length === 0 || !names.every((name) => String(Number(name) | 0) === name)) return undefined;
  return integersIn(names.map(Number).map((value) => ({ kind: 'int', min: value, max: value })));
}
