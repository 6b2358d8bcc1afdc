import { isStackOverflow } from '../../dsl/diagnostics/stack-overflow.ts';
import type { Domain, Field, ObjectValue, Value } from '../../dsl/ir/index.ts';
import {
  cardinality,
  codeOf,
  compareValues,
  defaultValue,
  isArray,
  isObject,
  SetValue,
  valueAt,
  valuesOf,
} from '../../dsl/ir/index.ts';

/**
 * How a domain is spread over leaves: small non-negative codes, one after another.
 *
 * A scalar is one leaf holding its code (`codeOf`); composites are their parts in order. Parts that a value does not
 * have (elements past the length, fields of another case) are 0, so that every value has exactly one sequence of leaves.
 * Every leaf has a size, the number of codes it can hold: at most 2^32, as the int32 with those bits.
 */
export type Shape = {
  readonly domain: Domain;
  /** Number of leaves. */
  readonly leaves: number;
} & (
  | { readonly kind: 'scalar'; readonly size: number }
  /** Objects, tuples (named by position) and records (named by the text of the key, all of one shape). */
  | { readonly kind: 'product'; readonly parts: readonly Part[] }
  /** One tag leaf, then the leaves of the present case; cases overlap. */
  | { readonly kind: 'variant'; readonly cases: readonly { readonly tag: string; readonly parts: readonly Part[] }[] }
  /** One tag leaf, then the leaves of the present member; members overlap. */
  | { readonly kind: 'union'; readonly members: readonly Shape[] }
  /** The length less `minLength` (no leaf when it is fixed), then the elements. */
  | { readonly kind: 'array'; readonly element: Shape; readonly lengthLeaves: 0 | 1; readonly capacity: number }
  /** A bitmap, 32 elements to a leaf: the bit of an element is its code. */
  | {
      readonly kind: 'set';
      readonly count: number;
      /** The values by code. */
      readonly elements: readonly Value[];
      /** The codes in the canonical order of their values, which is the order of iteration. */
      readonly order: readonly number[];
    }
);

/** A named part of a product or case; `offset` is its first leaf, counted from the first leaf of the whole. */
export interface Part {
  readonly name: string;
  readonly offset: number;
  readonly shape: Shape;
}

/** A domain that no shape is made for; says why in words that fit after the name of a variable. */
export class Unshapable extends Error {}

/** Sets are bitmaps, so a set over more elements than this is refused. */
export const MAX_SET_ELEMENTS = 4096;

/** What a whole state, or one value in it, may have at most. */
export const MAX_LEAVES = 1 << 16;

const cache = new WeakMap<Domain, Shape>();

/**
 * The shape of a domain. Shapes are cached by the identity of the domain.
 *
 * @throws Unshapable when a set has too many possible elements or there are too many leaves.
 */
export function shapeOf(domain: Domain): Shape {
  let shape = cache.get(domain);
  if (!shape) {
    shape = makeShape(domain);
    if (MAX_LEAVES < shape.leaves) throw new Unshapable(`has more than ${MAX_LEAVES} parts`);
    cache.set(domain, shape);
  }
  return shape;
}

/** Whether a value of the domain is a single leaf. */
export function isScalar(domain: Domain): boolean {
  switch (domain.kind) {
    case 'boolean':
    case 'int':
    case 'enum':
    case 'ids':
    case 'null':
    case 'undefined':
      return true;
    case 'union':
      // Codes of a union are computed with signed arithmetic, hence the bound.
      return domain.members.every(isScalar) && cardinality(domain) < 2 ** 31;
    default:
      return false;
  }
}

function makeShape(domain: Domain): Shape {
  if (isScalar(domain)) return { kind: 'scalar', domain, leaves: 1, size: cardinality(domain) };
  switch (domain.kind) {
    case 'object':
      return productShape(domain, partsOf(domain.fields, 0));
    case 'tuple':
      return productShape(
        domain,
        partsOf(
          domain.items.map((item, index) => ({ name: String(index), domain: item })),
          0,
        ),
      );
    case 'record': {
      const size = cardinality(domain.key);
      if (MAX_LEAVES < size) throw new Unshapable(`has more than ${MAX_LEAVES} keys`);
      const keys = [...valuesOf(domain.key)].map(String);
      return productShape(
        domain,
        partsOf(
          keys.map((name) => ({ name, domain: domain.value })),
          0,
        ),
      );
    }
    case 'variant': {
      const cases = domain.cases.map((one) => ({ tag: one.tag, parts: partsOf(one.fields, 1) }));
      return { kind: 'variant', domain, leaves: Math.max(1, ...cases.map((one) => endOf(one.parts))), cases };
    }
    case 'union': {
      const members = domain.members.filter((member) => member.kind !== 'never').map(shapeOf);
      return { kind: 'union', domain, leaves: 1 + Math.max(0, ...members.map((member) => member.leaves)), members };
    }
    case 'array': {
      const element = shapeOf(domain.element);
      const lengthLeaves = domain.minLength === domain.maxLength ? 0 : 1;
      const capacity = domain.maxLength;
      return {
        kind: 'array',
        domain,
        leaves: lengthLeaves + capacity * element.leaves,
        element,
        lengthLeaves,
        capacity,
      };
    }
    case 'set': {
      const count = cardinality(domain.element);
      if (MAX_SET_ELEMENTS < count) {
        throw new Unshapable(
          `holds sets over ${count} possible elements, and at most ${MAX_SET_ELEMENTS} are supported`,
        );
      }
      const elements = [...valuesOf(domain.element)];
      const order = elements.map((_, code) => code);
      order.sort((left, right) => compareValues(elements[left], elements[right]));
      return { kind: 'set', domain, leaves: Math.ceil(count / 32), count, elements, order };
    }
    default:
      return productShape(domain, []); // `never`: no value, so no leaf
  }
}

function productShape(domain: Domain, parts: readonly Part[]): Shape {
  return { kind: 'product', domain, leaves: endOf(parts), parts };
}

function partsOf(fields: readonly Field[], start: number): Part[] {
  let offset = start;
  return fields.map((field) => {
    const shape = shapeOf(field.domain);
    const part = { name: field.name, offset, shape };
    offset += shape.leaves;
    if (MAX_LEAVES < offset) throw new Unshapable(`has more than ${MAX_LEAVES} parts`);
    return part;
  });
}

function endOf(parts: readonly Part[]): number {
  const last = parts.at(-1);
  return last === undefined ? 0 : last.offset + last.shape.leaves;
}

/** Raises `sizes[at …]` to what each leaf of the shape needs. */
export function raiseSizes(shape: Shape, sizes: Float64Array, at: number): void {
  const raise = (index: number, size: number): void => {
    sizes[index] = Math.max(sizes[index]!, size);
  };
  switch (shape.kind) {
    case 'scalar':
      return raise(at, shape.size);
    case 'product':
      return shape.parts.forEach((part) => raiseSizes(part.shape, sizes, at + part.offset));
    case 'variant':
      raise(at, shape.cases.length);
      for (const one of shape.cases) one.parts.forEach((part) => raiseSizes(part.shape, sizes, at + part.offset));
      return;
    case 'union':
      raise(at, shape.members.length);
      return shape.members.forEach((member) => raiseSizes(member, sizes, at + 1));
    case 'array':
      if (shape.lengthLeaves === 1) raise(at, lengthSize(shape));
      for (let index = 0; index < shape.capacity; index += 1) {
        raiseSizes(shape.element, sizes, at + shape.lengthLeaves + index * shape.element.leaves);
      }
      return;
    case 'set':
      for (let leaf = 0; leaf < shape.leaves; leaf += 1) raise(at + leaf, 2 ** Math.min(32, shape.count - 32 * leaf));
  }
}

/** How many lengths an array can have. */
export function lengthSize(shape: Shape & { kind: 'array' }): number {
  return shape.capacity - minLengthOf(shape) + 1;
}

/** The least length of an array of this shape. */
export function minLengthOf(shape: Shape & { kind: 'array' }): number {
  return shape.domain.kind === 'array' ? shape.domain.minLength : 0;
}

/**
 * Writes the leaves of a value; `leaves[at …]` must be 0 before.
 *
 * @throws RangeError when the value is not in the domain.
 */
export function writeLeaves(shape: Shape, value: Value, leaves: Int32Array, at: number): void {
  const outside = (): never => {
    throw new RangeError(`a value outside its domain of ${shape.domain.kind}`);
  };
  switch (shape.kind) {
    case 'scalar': {
      const code = codeOf(shape.domain, value);
      if (code < 0) outside();
      leaves[at] = code | 0;
      return;
    }
    case 'product':
      if (isArray(value)) {
        if (value.length !== shape.parts.length) outside();
        shape.parts.forEach((part, index) => writeLeaves(part.shape, value[index], leaves, at + part.offset));
      } else {
        if (!isObject(value) || isLarger(value, shape.parts)) outside();
        for (const part of shape.parts) {
          writeLeaves(part.shape, (value as { [name: string]: Value })[part.name], leaves, at + part.offset);
        }
      }
      return;
    case 'variant': {
      if (!isObject(value) || shape.domain.kind !== 'variant') return outside();
      const tag = value[shape.domain.discriminator];
      const index = shape.cases.findIndex((one) => one.tag === tag);
      if (index < 0) outside();
      leaves[at] = index;
      for (const part of shape.cases[index]!.parts) writeLeaves(part.shape, value[part.name], leaves, at + part.offset);
      return;
    }
    case 'union': {
      const index = shape.members.findIndex((member) => fits(member, value));
      if (index < 0) outside();
      leaves[at] = index;
      return writeLeaves(shape.members[index]!, value, leaves, at + 1);
    }
    case 'array': {
      if (!isArray(value) || shape.domain.kind !== 'array') return outside();
      if (value.length < shape.domain.minLength || shape.domain.maxLength < value.length) outside();
      if (shape.lengthLeaves === 1) leaves[at] = value.length - shape.domain.minLength;
      value.forEach((element, index) =>
        writeLeaves(shape.element, element, leaves, at + shape.lengthLeaves + index * shape.element.leaves),
      );
      return;
    }
    case 'set': {
      if (!(value instanceof SetValue) || shape.domain.kind !== 'set') return outside();
      for (const element of value.elements) {
        const code = codeOf(shape.domain.element, element);
        if (code < 0) outside();
        leaves[at + (code >>> 5)]! |= 1 << (code & 31);
      }
    }
  }
}

/** Whether an object has something that none of the parts is for. */
function isLarger(value: ObjectValue, parts: readonly Part[]): boolean {
  const names = Object.keys(value);
  if (names.length <= parts.length) return false;
  return parts.length < names.filter((name) => value[name] !== undefined).length;
}

/** Whether `writeLeaves` would succeed. */
function fits(shape: Shape, value: Value): boolean {
  try {
    writeLeaves(shape, value, new Int32Array(shape.leaves), 0);
    return true;
  } catch (error) {
    if (error instanceof RangeError && !isStackOverflow(error)) return false;
    throw error;
  }
}

/** The value whose leaves start at `leaves[at]`: the inverse of {@link writeLeaves}. */
export function readLeaves(shape: Shape, leaves: Int32Array, at: number): Value {
  const readParts = (parts: readonly Part[]): [string, Value][] =>
    parts.map((part) => [part.name, readLeaves(part.shape, leaves, at + part.offset)]);
  switch (shape.kind) {
    case 'scalar':
      return valueAt(shape.domain, leaves[at]! >>> 0);
    case 'product':
      if (shape.domain.kind === 'tuple') return readParts(shape.parts).map(([, value]) => value);
      return shape.domain.kind === 'never' ? defaultValue(shape.domain) : Object.fromEntries(readParts(shape.parts));
    case 'variant': {
      const present = shape.cases[leaves[at]!]!;
      const discriminator = shape.domain.kind === 'variant' ? shape.domain.discriminator : '';
      return Object.fromEntries([[discriminator, present.tag], ...readParts(present.parts)]);
    }
    case 'union':
      return readLeaves(shape.members[leaves[at]!]!, leaves, at + 1);
    case 'array': {
      const length = shape.lengthLeaves === 1 ? leaves[at]! + minLengthOf(shape) : shape.capacity;
      return Array.from({ length }, (_, index) =>
        readLeaves(shape.element, leaves, at + shape.lengthLeaves + index * shape.element.leaves),
      );
    }
    case 'set':
      return new SetValue(
        shape.order
          .filter((code) => leaves[at + (code >>> 5)]! & (1 << (code & 31)))
          .map((code) => shape.elements[code]),
      );
  }
}
