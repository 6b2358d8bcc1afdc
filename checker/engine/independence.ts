import { applyBinary, applyUnary } from './flat.ts';
import type { Flat, FlatProgram } from './flat.ts';
import { footprintsOf } from './footprint.ts';
import type { Footprint } from './footprint.ts';

/**
 * For each instance those that are independent of it: in every state where both are possible, they do not change what
 * the other one does, and lead to the same states in either order.
 *
 * Two steps are independent if neither writes what the other one writes, or what it reads; but that a lock passes from
 * one value to another is not seen by a step that only asks whether it has a third.
 *
 * @param programs - the steps of all instances; at most `leaves` leaves are in them.
 * @returns a test for two instances, symmetric; an instance is not independent of itself.
 * @remarks Cost: about 50 ns for a pair that is asked.
 * @see Godefroid, "Partial-Order Methods for the Verification of Concurrent Systems", LNCS 1032, 1996, chapter 3.
 */
export function independenceOf(
  programs: readonly Pick<FlatProgram, 'body'>[],
  leaves: number,
  constants: Int32Array,
): (left: number, right: number) => boolean {
  const footprints = footprintsOf(programs, leaves);
  const words = Math.ceil(leaves / 32);
  const reads = footprints.map((footprint) => bitsOf(footprint.reads.keys(), words));
  const writes = footprints.map((footprint) => bitsOf(footprint.writes.keys(), words));
  const meet = (left: Int32Array, right: Int32Array): boolean => {
    for (let word = 0; word < words; word += 1) if ((left[word]! & right[word]!) !== 0) return true;
    return false;
  };
  const sees = (reader: number, writer: number): boolean =>
    meet(reads[reader]!, writes[writer]!) && seesAnyOf(footprints[reader]!, footprints[writer]!, constants);
  return (left, right) => !meet(writes[left]!, writes[right]!) && !sees(left, right) && !sees(right, left);
}

/**
 * For each instance those that it accords with: in every state where both are possible, neither keeps the other one from
 * being so or changes what it does, and they lead to the same states in either order. Unlike what is independent, one
 * may make the other one possible.
 *
 * @param derived - leaves that only repeat something about others: two steps that write them do not disturb each other.
 * @returns a test for two instances, symmetric.
 * @see Valmari, "The State Explosion Problem", LNCS 1491, 1998, section 7.
 */
export function accordOf(
  footprints: readonly Footprint[],
  constants: Int32Array,
  derived: ReadonlySet<number>,
): (left: number, right: number) => boolean {
  const areNeverBoth = (left: Footprint, right: Footprint): boolean =>
    some(left.before, ([leaf, code]) => (right.before.get(leaf) ?? code) !== code);
  const disturbs = (writer: Footprint, reader: Footprint): boolean =>
    some(writer.writes.keys(), (leaf) => reader.writes.has(leaf) && !derived.has(leaf)) ||
    seesAnyOf(reader, writer, constants, reader.before);
  return (left, right) => {
    const [one, other] = [footprints[left]!, footprints[right]!];
    return areNeverBoth(one, other) || (!disturbs(one, other) && !disturbs(other, one));
  };
}

function some<Item>(items: Iterable<Item>, test: (item: Item) => boolean): boolean {
  for (const item of items) if (test(item)) return true;
  return false;
}

function bitsOf(leaves: Iterable<number>, words: number): Int32Array {
  const bits = new Int32Array(words);
  for (const leaf of leaves) bits[leaf >> 5]! |= 1 << (leaf & 31);
  return bits;
}

/**
 * Whether what a step reads may have another value when the other one has been there.
 *
 * @param both - codes that leaves have where this is asked, beside what the writer says of them.
 */
export function seesAnyOf(
  reader: Footprint,
  writer: Footprint,
  constants: Int32Array,
  both: ReadonlyMap<number, number> = new Map(),
): boolean {
  for (const [leaf, after] of writer.writes) {
    const seen = reader.reads.get(leaf);
    if (seen === undefined) continue;
    const before = writer.before.get(leaf) ?? both.get(leaf);
    if (before === undefined || after === undefined) return true;
    for (const expression of seen) {
      const value = valueOf(expression, before, constants);
      if (value === undefined || after.some((code) => valueOf(expression, code, constants) !== value)) return true;
    }
  }
  return false;
}

/** The value of an expression over one leaf, when that has this code; undefined where it has none. */
function valueOf(flat: Flat, code: number, constants: Int32Array): number | undefined {
  switch (flat.op) {
    case 'const':
      return flat.value;
    case 'temp':
      return undefined;
    case 'load': {
      const { space, at, index } = flat.cell;
      if (space.kind === 'state') return index === undefined ? code : undefined;
      const offset = index === undefined ? 0 : valueOf(index, code, constants);
      return space.kind === 'constant' && offset !== undefined ? constants[at + offset] : undefined;
    }
    case 'select': {
      const condition = valueOf(flat.condition, code, constants);
      if (condition === undefined) return undefined;
      return valueOf(condition === 0 ? flat.whenFalse : flat.whenTrue, code, constants);
    }
    case 'not':
    case 'popcount':
    case 'trailingZeros': {
      const operand = valueOf(flat.operand, code, constants);
      return operand === undefined ? undefined : applyUnary(flat.op, operand);
    }
    default: {
      const left = valueOf(flat.left, code, constants);
      const right = valueOf(flat.right, code, constants);
      return left === undefined || right === undefined ? undefined : applyBinary(flat.op, left, right);
    }
  }
}
