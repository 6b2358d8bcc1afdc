import { visible } from '../diagnostics/visible.ts';

/**
 * A value of the language.
 *
 * Enum members, string literals and process ids are strings (`"idle"`, `"r0"`); objects and records are plain objects
 * (record keys are the text of the key); tuples and arrays are arrays; sets are {@link SetValue}, never JavaScript sets,
 * because their elements are compared by value. `undefined` is the absent optional. Values are never mutated.
 */
export type Value = boolean | number | string | null | undefined | SetValue | readonly Value[] | ObjectValue;

/** An object, a record over a finite key, or a case of a discriminated union. */
export interface ObjectValue {
  readonly [key: string]: Value;
}

/** A finite set: its elements in canonical order, each once. Build it with {@link setOf}. */
export class SetValue {
  constructor(readonly elements: readonly Value[]) {}
}

/** A set of the given values: duplicates (by value) removed, in canonical order. */
export function setOf(values: Iterable<Value>): SetValue {
  const sorted = [...values].sort(compareValues);
  return new SetValue(sorted.filter((value, index) => index === 0 || compareValues(sorted[index - 1], value) !== 0));
}

/** Whether two values are the same value: structural, so two sets with the same elements are equal. */
export function equalValues(left: Value, right: Value): boolean {
  return compareValues(left, right) === 0;
}

/**
 * A total order on values: first by kind, then numbers by size, strings by code unit (but a common prefix followed by
 * digits by number, so that `r2` comes before `r10`), arrays and sets element by element, objects by sorted key.
 */
export function compareValues(left: Value, right: Value): number {
  const kind = kindRank(left) - kindRank(right);
  if (kind !== 0) return kind;
  if (typeof left === 'number') return left - (right as number);
  if (typeof left === 'boolean') return Number(left) - Number(right);
  if (typeof left === 'string') return compareText(left, right as string);
  if (left === null || left === undefined) return 0;
  if (left instanceof SetValue) return compareSequences(left.elements, (right as SetValue).elements);
  if (isArray(left)) return compareSequences(left, right as readonly Value[]);
  return compareObjects(left, right as ObjectValue);
}

/** `Array.isArray` that keeps the read-only element type. */
export function isArray(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** Whether a value is an object or a record (not null, not a set, not an array). */
export function isObject(value: Value): value is ObjectValue {
  return typeof value === 'object' && value !== null && !(value instanceof SetValue) && !isArray(value);
}

const TRAILING_NUMBER = /^(.*?)(\d+)$/s;

/**
 * By what stands before a number at the end, then by that number: `r2` before `r10`. Comparing some pairs by their numbers
 * and others as texts would be no order: `r2`, `r10`, `r1x` would go round in a circle.
 */
function compareText(left: string, right: string): number {
  if (left === right) return 0;
  const [, leftStem = left, leftNumber = '-1'] = TRAILING_NUMBER.exec(left) ?? [];
  const [, rightStem = right, rightNumber = '-1'] = TRAILING_NUMBER.exec(right) ?? [];
  if (leftStem !== rightStem) return leftStem < rightStem ? -1 : 1;
  const [one, other] = [Number(leftNumber), Number(rightNumber)];
  if (one !== other) return one < other ? -1 : 1;
  return left < right ? -1 : 1;
}

function compareSequences(left: readonly Value[], right: readonly Value[]): number {
  for (let index = 0; index < Math.min(left.length, right.length); index += 1) {
    const order = compareValues(left[index], right[index]);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function compareObjects(left: ObjectValue, right: ObjectValue): number {
  const leftKeys = Object.keys(left).sort();
  const rightKeys = Object.keys(right).sort();
  return (
    compareSequences(leftKeys, rightKeys) ||
    compareSequences(
      leftKeys.map((k) => left[k]),
      leftKeys.map((k) => right[k]),
    )
  );
}

function kindRank(value: Value): number {
  if (value === undefined) return 0;
  if (value === null) return 1;
  switch (typeof value) {
    case 'boolean':
      return 2;
    case 'number':
      return 3;
    case 'string':
      return 4;
    default:
      return isArray(value) ? 5 : value instanceof SetValue ? 6 : 7;
  }
}

/**
 * A value as a spec author would write it: `{ owner: r0, queue: [1, 2] }`, sets as `{r0, r1}`. Strings stand bare, unless
 * they could be taken for several values or cannot be seen. The string of a number looks like the number all the same: it
 * is for people, and no key.
 */
export function formatValue(value: Value): string {
  if (value instanceof SetValue) return `{${value.elements.map(formatValue).join(', ')}}`;
  if (isArray(value)) return `[${value.map(formatValue).join(', ')}]`;
  if (isObject(value)) {
    const fields = Object.entries(value).map(([key, field]) => `${formatKey(key)}: ${formatValue(field)}`);
    return fields.length === 0 ? '{ }' : `{ ${fields.join(', ')} }`;
  }
  return typeof value === 'string' && !IS_BARE.test(value) ? quoted(value) : String(value);
}

/**
 * A step, a thread or an assumption in text: what is declared, with the values that it is of. `expire(r0)`, and the bare
 * name where there are none.
 */
export function formatCall(name: string, values: readonly Value[]): string {
  return values.length === 0 ? name : `${name}(${values.map(formatValue).join(', ')})`;
}

function formatKey(key: string): string {
  return IS_BARE_KEY.test(key) ? key : quoted(key);
}

/** Without what lists and objects are written with, and with something to see at its ends. */
const IS_BARE = /^(?!\s)[^\n\r,{}[\]"\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+(?<!\s)$/u;
const IS_BARE_KEY = /^(?!\s)(?!.*:\s)[^\n\r,{}[\]"\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+(?<![\s:])$/u;

function quoted(text: string): string {
  return visible(JSON.stringify(text));
}
