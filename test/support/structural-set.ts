import { compareValues, contains, formatValue, setOf, SetValue, isArray, isObject } from '../../dsl/ir/index.ts';
import type { Domain, Value } from '../../dsl/ir/index.ts';

/** What a body did that no step may do: the step fails. */
export class EvaluationFailed extends Error {
  override readonly name = 'EvaluationFailed';
}

/**
 * A set as the language means it: elements are compared by value and gone through in canonical order. It holds the very
 * objects that are added, as JavaScript's `Set` does, whose place it takes while a body runs.
 */
export class StructuralSet extends Set<unknown> {
  #held: readonly unknown[] = [];
  /** Of the variable it is stored in: nothing else may be added. */
  #domain: Domain | undefined;

  constructor(elements: Iterable<unknown> | SetValue | null = [], domain?: Domain) {
    super();
    this.#domain = domain;
    this.#held = elements instanceof SetValue ? elements.elements : [...(elements ?? [])];
  }

  /** Their values, as they are now. */
  get #elements(): readonly Value[] {
    return setOf(this.#held.map((one) => withoutAbsent(toValue(one)))).elements;
  }

  /** From now on the set is that of a variable. */
  restrict(domain: Domain): void {
    this.#domain = domain;
  }

  override get size(): number {
    return this.#elements.length;
  }

  override has(element: unknown): boolean {
    const value = withoutAbsent(toValue(element));
    return this.#elements.some((one) => compareValues(one, value) === 0);
  }

  override add(element: unknown): this {
    const value = withoutAbsent(toValue(element));
    if (this.#domain !== undefined && !contains(this.#domain, value)) {
      throw new EvaluationFailed(`${formatValue(value)} is no element of this set`);
    }
    if (!this.has(element)) this.#held = [...this.#held, element];
    return this;
  }

  override delete(element: unknown): boolean {
    const value = withoutAbsent(toValue(element));
    const before = this.size;
    this.#held = this.#held.filter((one) => compareValues(withoutAbsent(toValue(one)), value) !== 0);
    return this.size < before;
  }

  override clear(): void {
    this.#held = [];
  }

  override values(): SetIterator<unknown> {
    return elementsOf(() => this.#elements);
  }

  override keys(): SetIterator<unknown> {
    return this.values();
  }

  override *entries(): SetIterator<[unknown, unknown]> {
    for (const element of this.values()) yield [element, element];
  }

  override [Symbol.iterator](): SetIterator<unknown> {
    return this.values();
  }

  override forEach(visit: (value: unknown, again: unknown, set: Set<unknown>) => void): void {
    for (const element of this.values()) visit(element, element, this);
  }

  override union<T>(other: ReadonlySetLike<T>): Set<unknown> {
    return new StructuralSet(setOf([...this.#elements, ...keysOf(other).map((one) => withoutAbsent(toValue(one)))]));
  }

  override intersection<T>(other: ReadonlySetLike<T>): Set<T> {
    const others = new StructuralSet(keysOf(other));
    return new StructuralSet([...this].filter((element) => others.has(element))) as Set<T>;
  }

  override difference<T>(other: ReadonlySetLike<T>): Set<unknown> {
    const others = new StructuralSet(keysOf(other));
    return new StructuralSet([...this].filter((element) => !others.has(element)));
  }

  override symmetricDifference<T>(other: ReadonlySetLike<T>): Set<unknown> {
    const others = new StructuralSet(keysOf(other));
    return this.difference(others).union(others.difference(this));
  }

  override isSubsetOf(other: ReadonlySetLike<unknown>): boolean {
    return this.difference(other).size === 0;
  }

  override isSupersetOf(other: ReadonlySetLike<unknown>): boolean {
    return new StructuralSet(keysOf(other)).isSubsetOf(this);
  }

  override isDisjointFrom(other: ReadonlySetLike<unknown>): boolean {
    return this.intersection(other).size === 0;
  }

  /** The set as a value of the language. */
  toValue(): SetValue {
    return new SetValue(this.#elements);
  }
}

/** An object that lacks an optional field is the same as one in which the field is undefined. */
export function withoutAbsent(value: Value): Value {
  if (value instanceof SetValue) return setOf(value.elements.map(withoutAbsent));
  if (isArray(value)) return value.map(withoutAbsent);
  if (!isObject(value)) return value;
  const present = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(present.map(([name, field]) => [name, withoutAbsent(field)]));
}

/**
 * Goes through a set that may change on the way: each time, the first element that has not been had. JavaScript does so
 * too, but that the order there is that of insertion, and that what has been had and comes back is had again.
 */
export function* elementsOf(present: () => readonly Value[]): SetIterator<unknown> {
  for (let had = setOf([]); ;) {
    const next = present().find((one) => !had.elements.some((other) => compareValues(one, other) === 0));
    if (next === undefined && !present().includes(next)) return;
    had = setOf([...had.elements, next]);
    yield fromValue(next);
  }
}

/** A value as bodies see it: sets are sets, and nothing is shared with `value`. */
export function fromValue(value: Value): unknown {
  if (value instanceof SetValue) return new StructuralSet(value);
  if (isArray(value)) return value.map(fromValue);
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, fromValue(field)]));
  return value;
}

/** What a body made, as a value of the language; the inverse of {@link fromValue}. Copies. */
export function toValue(made: unknown): Value {
  if (made instanceof StructuralSet) return made.toValue();
  if (made instanceof Set) return setOf([...(made as Set<unknown>)].map(toValue));
  if (Array.isArray(made)) return made.map(toValue);
  if (typeof made === 'object' && made !== null) {
    return Object.fromEntries(Object.entries(made).map(([key, field]) => [key, toValue(field)]));
  }
  if (typeof made === 'function' || typeof made === 'symbol' || typeof made === 'bigint') {
    throw new EvaluationFailed(`a ${typeof made} is no value of the language`);
  }
  return made as Value;
}

function keysOf<T>(other: ReadonlySetLike<T>): T[] {
  return [...{ [Symbol.iterator]: () => other.keys() }];
}
