import { codeOf, compareValues } from '../../dsl/ir/index.ts';
import type { Domain, Value } from '../../dsl/ir/index.ts';
import type { Layout } from '../plan/layout.ts';
import { minLengthOf } from '../plan/shape.ts';
import type { Part, Shape } from '../plan/shape.ts';
import { permuteValue } from './permutation.ts';
import type { Permutation } from './permutation.ts';

/**
 * What exchanging two ids does to the leaves of a state, as data that code is made of: first to codes and to bits where
 * they stand, then whole leaves change places, layer by layer.
 *
 * The entries of a record go with their keys, whatever is in them; so what is done to what is in them can be done to all
 * entries alike, before they change places.
 */
export interface Exchange {
  /** Leaves in which one code takes the place of the other. */
  readonly recodes: readonly Recode[];
  /** Sets: bits that change places. */
  readonly bits: readonly BitPair[];
  /** What is only done where an array is so long, or where a union has that case. */
  readonly cases: readonly Case[];
  /** Pairs of leaves that change places; each leaf at most once in a layer. */
  readonly layers: readonly (readonly LeafPair[])[];
}

interface Recode {
  readonly leaf: number;
  readonly codes: readonly [number, number];
}

/** Bits of leaves of one set. */
interface BitPair {
  readonly left: Bit;
  readonly right: Bit;
}

interface Bit {
  readonly leaf: number;
  readonly bit: number;
}

type LeafPair = readonly [left: number, right: number];

interface Case {
  readonly condition: LeafCondition;
  readonly exchange: Exchange;
}

/** `equals`: the leaf has this code; `atLeast`: this one, or a larger one. */
export interface LeafCondition {
  readonly leaf: number;
  readonly test: 'equals' | 'atLeast';
  readonly code: number;
}

/** What exchanging two ids does to a state of this layout. */
export function exchangeIn({ variables }: Layout, exchange: Permutation): Exchange {
  const block = new Block();
  for (const { shape, leaf } of variables.values()) visit(shape, leaf, exchange, block);
  return block.finish();
}

class Block {
  readonly recodes: Recode[] = [];
  readonly bits: BitPair[] = [];
  readonly cases: Case[] = [];
  readonly #layers: LeafPair[][] = [];
  /** For each leaf the number of layers up to the last in which it changes places. */
  readonly #depth = new Map<number, number>();

  swap(left: number, right: number): void {
    const layer = Math.max(this.#depth.get(left) ?? 0, this.#depth.get(right) ?? 0);
    (this.#layers[layer] ??= []).push([left, right]);
    this.#depth.set(left, layer + 1);
    this.#depth.set(right, layer + 1);
  }

  when(condition: LeafCondition, fill: (inner: Block) => void): void {
    const inner = new Block();
    fill(inner);
    const exchange = inner.finish();
    if (!isEmpty(exchange)) this.cases.push({ condition, exchange });
  }

  finish(): Exchange {
    return { recodes: this.recodes, bits: this.bits, cases: this.cases, layers: this.#layers };
  }
}

function isEmpty({ recodes, bits, cases, layers }: Exchange): boolean {
  return recodes.length + bits.length + cases.length + layers.length === 0;
}

function visit(shape: Shape, at: number, exchange: Permutation, block: Block): void {
  const visitParts = (parts: readonly Part[], to: Block): void =>
    parts.forEach((part) => visit(part.shape, at + part.offset, exchange, to));
  switch (shape.kind) {
    case 'scalar':
      for (const codes of changedCodes(shape.domain, exchange)) block.recodes.push({ leaf: at, codes });
      return;
    case 'product':
      visitParts(shape.parts, block);
      if (shape.domain.kind === 'record') swapEntries(shape.domain, shape.parts, { at, exchange, block });
      return;
    case 'variant':
      return shape.cases.forEach(({ parts }, code) =>
        block.when({ leaf: at, test: 'equals', code }, (inner) => visitParts(parts, inner)),
      );
    case 'union':
      return shape.members.forEach((member, code) =>
        block.when({ leaf: at, test: 'equals', code }, (inner) => visit(member, at + 1, exchange, inner)),
      );
    case 'array': {
      const { element, lengthLeaves, capacity } = shape;
      const least = minLengthOf(shape);
      for (let index = 0; index < capacity; index += 1) {
        const place = at + lengthLeaves + index * element.leaves;
        if (index < least) visit(element, place, exchange, block);
        else {
          block.when({ leaf: at, test: 'atLeast', code: index - least + 1 }, (inner) =>
            visit(element, place, exchange, inner),
          );
        }
      }
      return;
    }
    case 'set': {
      const bitOf = (code: number): Bit => ({ leaf: at + (code >>> 5), bit: code & 31 });
      if (shape.domain.kind !== 'set') return;
      for (const [left, right] of changedElements(shape.elements, exchange)) {
        block.bits.push({ left: bitOf(left), right: bitOf(right) });
      }
    }
  }
}

interface Target {
  readonly at: number;
  readonly exchange: Permutation;
  readonly block: Block;
}

function swapEntries(
  { key }: Extract<Domain, { kind: 'record' }>,
  parts: readonly Part[],
  { at, exchange, block }: Target,
): void {
  for (const [left, right] of changedCodes(key, exchange)) {
    const [one, other] = [parts[left]!, parts[right]!];
    for (let leaf = 0; leaf < one.shape.leaves; leaf += 1) block.swap(at + one.offset + leaf, at + other.offset + leaf);
  }
}

/** The codes of values of a domain of scalars that become each other's. */
function changedCodes(domain: Domain, exchange: Permutation): readonly [number, number][] {
  const pairs: [number, number][] = [];
  for (const [from, to] of exchange) {
    const [left, right] = [codeOf(domain, from), codeOf(domain, to)];
    if (left < 0 !== right < 0) throw new Error('internal: a domain has one of two interchangeable ids');
    if (0 <= left && left < right) pairs.push([left, right]);
  }
  return pairs;
}

/** The same among all possible elements of a set. */
function changedElements(elements: readonly Value[], exchange: Permutation): readonly [number, number][] {
  const moved = elements.map((element) => permuteValue(element, exchange));
  const order = elements.map((_, code) => code).sort((one, other) => compareValues(elements[one], elements[other]));
  const find = (value: Value): number => {
    let [low, high] = [0, order.length - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareValues(elements[order[middle]!], value) < 0) low = middle + 1;
      else high = middle;
    }
    return order[low]!;
  };
  return moved.flatMap((value, code): [number, number][] => {
    const other = find(value);
    if (compareValues(elements[other], value) !== 0) throw new Error('internal: a set has no place for an element');
    return code < other ? [[code, other]] : [];
  });
}
