import { applyBinary, applyUnary } from './flat.ts';
import type { Cell, Flat, FlatProgram, FlatStatement } from './flat.ts';
import { askedInstances, visitStatements } from './flat-walk.ts';

/**
 * What a step depends on and what it changes, in leaves of the state. Everything is an upper bound: what it may read on
 * some way through it, what it may write.
 */
interface Footprint {
  /** What it sees of each leaf that it reads: expressions over that leaf alone. All else of it depends on their values. */
  readonly reads: ReadonlyMap<number, readonly Flat[]>;
  /** For each leaf that it writes the codes that it may store there; undefined: any. */
  readonly writes: ReadonlyMap<number, readonly number[] | undefined>;
  /** The codes that leaves are known to have wherever the step is possible. */
  readonly before: ReadonlyMap<number, number>;
}

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
  const known: (Footprint | undefined)[] = [];
  const footprintOf = (program: number): Footprint =>
    (known[program] ??= footprint(programs[program]!.body, leaves, footprintOf));
  const footprints = programs.map((_, program) => footprintOf(program));
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

function bitsOf(leaves: Iterable<number>, words: number): Int32Array {
  const bits = new Int32Array(words);
  for (const leaf of leaves) bits[leaf >> 5]! |= 1 << (leaf & 31);
  return bits;
}

/** Whether what a step reads may have another value when the other one has been there. */
function seesAnyOf(reader: Footprint, writer: Footprint, constants: Int32Array): boolean {
  for (const [leaf, after] of writer.writes) {
    const seen = reader.reads.get(leaf);
    if (seen === undefined) continue;
    const before = writer.before.get(leaf);
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

function footprint(
  body: readonly FlatStatement[],
  leaves: number,
  footprintOf: (instance: number) => Footprint,
): Footprint {
  const reads = new Map<number, Flat[]>();
  const writes = new Map<number, number[] | undefined>();
  const see: See = (leaf, expression) => {
    const seen = reads.get(leaf);
    if (seen === undefined) reads.set(leaf, [expression]);
    else seen.push(expression);
  };
  // Whether another step is enabled depends on all that it reads.
  for (const asked of askedInstances(body)) {
    for (const leaf of footprintOf(asked).reads.keys()) see(leaf, loadOf(leaf));
  }
  visitStatements(body, (statement) => {
    for (const flat of expressionsOf(statement)) {
      const leaf = onlyLeafOf(flat, leaves, see);
      if (typeof leaf === 'number') see(leaf, flat);
    }
    if (statement.op !== 'store' || statement.cell.space.kind !== 'state') return;
    const { cell, value } = statement;
    for (const leaf of leavesOf(cell, leaves)) {
      const known = writes.has(leaf) ? writes.get(leaf) : [];
      writes.set(leaf, value.op === 'const' && known !== undefined ? [...known, value.value] : undefined);
    }
  });
  return { reads, writes, before: codesBefore(body) };
}

/** The expressions of a statement itself. */
function expressionsOf(statement: FlatStatement): readonly Flat[] {
  switch (statement.op) {
    case 'set':
    case 'answer':
      return [statement.value];
    case 'store':
      return statement.cell.index === undefined ? [statement.value] : [statement.value, statement.cell.index];
    case 'if':
    case 'when':
    case 'check':
      return [statement.condition];
    case 'choose':
      return [statement.count];
    case 'enabled':
    case 'loop':
    case 'block':
    case 'leave':
    case 'mark':
      return [];
  }
}

/** Told of an expression over one leaf. */
type See = (leaf: number, expression: Flat) => void;

/**
 * The one leaf that an expression depends on, or `none`, or `more`: then the largest parts of it that depend on one leaf
 * have been named. What depends on temps and scratch cells is `more`; what these depend on is seen where they are set.
 */
function onlyLeafOf(flat: Flat, leaves: number, see: See): number | 'none' | 'more' {
  switch (flat.op) {
    case 'const':
      return 'none';
    case 'temp':
      return 'more';
    case 'load': {
      const { cell } = flat;
      const { kind } = cell.space;
      if (kind === 'next') throw new Error('a step reads the next state');
      if (cell.index === undefined) return kind === 'state' ? cell.at : kind === 'constant' ? 'none' : 'more';
      if (kind === 'constant') return onlyLeafOf(cell.index, leaves, see);
      joined([cell.index], leaves, see, true);
      if (kind === 'state') for (const leaf of leavesOf(cell, leaves)) see(leaf, loadOf(leaf));
      return 'more';
    }
    case 'select':
      return joined([flat.condition, flat.whenTrue, flat.whenFalse], leaves, see);
    case 'not':
    case 'popcount':
    case 'trailingZeros':
      return onlyLeafOf(flat.operand, leaves, see);
    default:
      return joined([flat.left, flat.right], leaves, see);
  }
}

/** {@link onlyLeafOf} what several expressions make together. */
function joined(parts: readonly Flat[], leaves: number, see: See, isMore = false): number | 'none' | 'more' {
  const all = parts.map((part) => onlyLeafOf(part, leaves, see));
  const different = new Set(all.filter((one) => one !== 'none'));
  if (!isMore && different.size === 0) return 'none';
  if (!isMore && different.size === 1 && !different.has('more')) return [...different][0]!;
  all.forEach((one, index) => {
    if (typeof one === 'number') see(one, parts[index]!);
  });
  return 'more';
}

function loadOf(at: number): Flat {
  return { op: 'load', cell: { space: { kind: 'state' }, at, index: undefined } };
}

/** The leaves that a cell of the state may be. */
function leavesOf({ at, index, among }: Cell, leaves: number): readonly number[] {
  if (index === undefined) return [at];
  const [first, count, stride] = among === undefined ? [0, leaves, 1] : [at, among.count, among.stride];
  return Array.from({ length: count }, (_, position) => first + position * stride).filter((leaf) => leaf < leaves);
}

/** What the guards that a step begins with say about the codes of leaves. */
function codesBefore(body: readonly FlatStatement[]): ReadonlyMap<number, number> {
  const codes = new Map<number, number>();
  const assume = (flat: Flat): void => {
    if (flat.op === 'and') {
      assume(flat.left);
      assume(flat.right);
    } else if (flat.op === 'load') note(flat, 1);
    else if (flat.op === 'not') note(flat.operand, 0);
    else if (flat.op === 'equal' && flat.right.op === 'const') note(flat.left, flat.right.value);
  };
  const note = (flat: Flat, code: number): void => {
    if (flat.op === 'load' && flat.cell.space.kind === 'state' && flat.cell.index === undefined) {
      codes.set(flat.cell.at, code);
    }
  };
  for (const statement of body) {
    if (statement.op !== 'when') break;
    assume(statement.condition);
  }
  return codes;
}
