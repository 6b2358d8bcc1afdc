/**
 * Values as TLC has them, with its refusal to compare values of different kinds: only model values may be compared with
 * anything.
 */
export type TlaValue = boolean | number | string | ModelValue | TlaSet | TlaFunction;

export class ModelValue {
  constructor(readonly name: string) {}
}

/** A finite set whose elements are known. */
export class TlaSet {
  readonly elements: ReadonlyMap<string, TlaValue>;

  constructor(values: Iterable<TlaValue>) {
    const elements = new Map<string, TlaValue>();
    const known: TlaValue[] = [];
    for (const value of values) {
      if (known[0] !== undefined) comparable(known[0], value);
      known.push(value);
      elements.set(keyOf(value), value);
    }
    this.elements = elements;
  }

  has(value: TlaValue): boolean {
    for (const element of this.elements.values()) comparable(element, value);
    return this.elements.has(keyOf(value));
  }
}

/** A function, record or sequence: they are all functions. */
export class TlaFunction {
  constructor(readonly entries: ReadonlyMap<string, readonly [argument: TlaValue, value: TlaValue]>) {}

  static of(pairs: Iterable<readonly [TlaValue, TlaValue]>): TlaFunction {
    return new TlaFunction(new Map([...pairs].map(([argument, value]) => [keyOf(argument), [argument, value]])));
  }

  static sequence(values: readonly TlaValue[]): TlaFunction {
    return TlaFunction.of(values.map((value, index) => [index + 1, value]));
  }

  apply(argument: TlaValue): TlaValue {
    const found = this.entries.get(keyOf(argument));
    if (found === undefined) throw new TlcError(`applied to ${keyOf(argument)}, which is not in its domain`);
    return found[1];
  }

  has(argument: TlaValue): boolean {
    return this.entries.has(keyOf(argument));
  }

  items(): readonly TlaValue[] {
    return Array.from({ length: this.entries.size }, (_, index) => this.apply(index + 1));
  }

  isSequence(): boolean {
    return (
      [...this.entries.values()].every(([argument]) => typeof argument === 'number') &&
      (this.entries.size === 0 || this.has(1))
    );
  }
}

/** What TLC reports as an error of evaluation. */
export class TlcError extends Error {}

/** The same text exactly for equal values. */
export function keyOf(value: TlaValue): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'boolean' || typeof value === 'number') return String(value);
  if (value instanceof ModelValue) return `'${value.name}`;
  if (value instanceof TlaSet) return `{${[...value.elements.keys()].sort().join(',')}}`;
  const entries = [...value.entries].map(([key, [, result]]) => `${key}:${keyOf(result)}`);
  return `[${entries.sort().join(',')}]`;
}

export function equal(left: TlaValue, right: TlaValue): boolean {
  comparable(left, right);
  return keyOf(left) === keyOf(right);
}

/** Throws where TLC would, were it to compare the two. */
export function comparable(left: TlaValue, right: TlaValue): void {
  const [a, b] = [familyOf(left), familyOf(right)];
  if (left instanceof ModelValue || right instanceof ModelValue) {
    // `a_b` is a value of a type `a`, which is compared with such and with untyped ones only.
    const [type, other] = [left, right].map((one) => (one instanceof ModelValue ? typeOf(one) : 'none'));
    if (type !== '' && other !== '' && type !== other)
      throw new TlcError(`compared ${keyOf(left)} with ${keyOf(right)}`);
    return;
  }
  if (a !== b) throw new TlcError(`compared ${keyOf(left)} with ${keyOf(right)}`);
  if (left instanceof TlaSet && right instanceof TlaSet) {
    const [first] = left.elements.values();
    if (first !== undefined) for (const element of right.elements.values()) comparable(first, element);
  }
  if (left instanceof TlaFunction && right instanceof TlaFunction) {
    if (left.entries.size !== right.entries.size) return;
    for (const [key, [, value]] of left.entries) {
      const other = right.entries.get(key);
      if (other === undefined) return;
      comparable(value, other[1]);
    }
  }
}

/** The type of a model value; empty for an untyped one. */
function typeOf({ name }: ModelValue): string {
  return name[1] === '_' ? name[0]! : '';
}

function familyOf(value: TlaValue): string {
  if (value instanceof ModelValue) return 'model';
  if (value instanceof TlaSet) return 'set';
  return value instanceof TlaFunction ? 'function' : typeof value;
}
