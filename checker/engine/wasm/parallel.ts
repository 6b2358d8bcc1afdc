import type { Part } from './condition.ts';
import { pushWord } from './condition.ts';
import type { FieldComparison, FieldTest } from './field-test.ts';
import type { Frame } from './frame.ts';
import { i64 } from './opcodes.ts';
import { maskOf, placed, pushBits } from './state-words.ts';

/*
 * Questions about several fields of a word at once, by arithmetic within them: "does nobody write?" is one subtraction,
 * however many processes there are. See H. S. Warren, Hacker's Delight, 2nd edition, 6-1 and 2-18.
 */

/** From how many fields of a word on it is done in parallel. */
const FEWEST = 3;

/** Groups tests into as few sets of fields of one word that do not overlap as possible, in order. */
function grouped<T>(items: readonly T[], wordOf: (item: T) => string, maskOfItem: (item: T) => bigint): readonly T[][] {
  const groups: { word: string; mask: bigint; members: T[] }[] = [];
  for (const item of items) {
    const word = wordOf(item);
    const mask = maskOfItem(item);
    const group = groups.find((one) => one.word === word && (one.mask & mask) === 0n);
    if (group === undefined) groups.push({ word, mask, members: [item] });
    else {
      group.mask |= mask;
      group.members.push(item);
    }
  }
  return groups.map(({ members }) => members);
}

/** Parts for tests that are all negated: no field equals its constant. */
export function noneEquals(
  frame: Frame,
  tests: readonly FieldTest[],
  single: (test: FieldTest) => Part,
): readonly Part[] {
  return grouped(
    tests,
    ({ kind, word }) => `${kind}${word}`,
    ({ mask }) => mask,
  ).flatMap((group) => {
    // The fields' bits must be neighbors, for a field is 0 when subtracting 1 turns all of it over.
    if (group.length < FEWEST || !group.every(({ mask }) => isRun(mask))) return group.map(single);
    return [{ push: (negated: boolean) => pushNoneEquals(frame, group, negated), isSpeculative: true }];
  });
}

function isRun(mask: bigint): boolean {
  const filled = mask | (mask - 1n);
  return (filled & (filled + 1n)) === 0n;
}

/**
 * Pushes whether no field equals its constant. With x the fields less (exclusive or) their constants, the highest bit of
 * a field is set in (x - lowest bits) & ~x when the field is 0; it can only be set by mistake above one that is 0.
 */
function pushNoneEquals(frame: Frame, group: readonly FieldTest[], negated: boolean): void {
  const { code, locals } = frame;
  const all = { mask: 0n, bits: 0n, lowest: 0n, highest: 0n };
  for (const { mask, bits } of group) {
    all.mask |= mask;
    all.bits |= bits;
    all.lowest |= mask & -mask;
    all.highest |= mask & ~(mask >> 1n);
  }
  const x = locals.take('i64');
  pushWord(frame, group[0]!);
  pushBits(code, all.mask);
  code.op(i64.and);
  if (all.bits !== 0n) {
    pushBits(code, all.bits);
    code.op(i64.xor);
  }
  code.localTee(x);
  pushBits(code, all.lowest);
  code.op(i64.sub);
  code.localGet(x);
  code.i64Const(-1);
  code.op(i64.xor);
  code.op(i64.and);
  pushBits(code, all.highest);
  code.op(i64.and);
  pushIsZero(frame, negated);
  locals.give('i64', x);
}

function pushIsZero({ code }: Frame, negated: boolean): void {
  if (!negated) return code.op(i64.eqz);
  code.i64Const(0);
  code.op(i64.ne);
}

/** Parts for comparisons that all hold. */
export function noneOutside(
  frame: Frame,
  comparisons: readonly FieldComparison[],
  single: (comparison: FieldComparison) => Part,
): readonly Part[] {
  return grouped(
    comparisons,
    ({ kind, field }) => `${kind}${field.word}`,
    ({ field }) => maskOf(field),
  ).flatMap((group) => {
    if (group.length < FEWEST) return group.map(single);
    return [{ push: (negated: boolean) => pushNoneOutside(frame, group, negated), isSpeculative: true }];
  });
}

/**
 * Pushes whether all comparisons hold. The highest bit of a field is set in (field | highest) - (bound without its
 * highest bit) when the rest of the field is at least the rest of the bound; the highest bits decide what the rest does
 * not.
 */
function pushNoneOutside(frame: Frame, group: readonly FieldComparison[], negated: boolean): void {
  const { code, locals } = frame;
  const all = { mask: 0n, highest: 0n, rest: 0n, above: 0n, below: 0n, wanted: 0n };
  for (const { field, bound, atLeast } of group) {
    const mask = maskOf(field);
    const highest = mask & ~(mask >> 1n);
    const limit = placed(field, bound);
    all.mask |= mask;
    all.highest |= highest;
    all.rest |= limit & ~highest;
    if ((limit & highest) === 0n) all.below |= highest;
    else all.above |= highest;
    if (atLeast) all.wanted |= highest;
  }
  const { kind, field } = group[0]!;
  const word = locals.take('i64');
  const rest = locals.take('i64');
  pushWord(frame, { kind, word: field.word });
  code.localTee(word);
  pushBits(code, all.mask);
  code.op(i64.and);
  pushBits(code, all.highest);
  code.op(i64.or);
  pushBits(code, all.rest);
  code.op(i64.sub);
  code.localSet(rest);
  const side = (opcode: number, bits: bigint): void => {
    code.localGet(rest);
    code.localGet(word);
    code.op(opcode);
    pushBits(code, bits);
    code.op(i64.and);
  };
  if (all.below !== 0n) side(i64.or, all.below);
  if (all.above !== 0n) side(i64.and, all.above);
  if (all.below !== 0n && all.above !== 0n) code.op(i64.or);
  if (all.wanted !== 0n) {
    pushBits(code, all.wanted);
    code.op(i64.xor);
  }
  pushIsZero(frame, negated);
  locals.give('i64', word);
  locals.give('i64', rest);
}
