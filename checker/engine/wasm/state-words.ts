import type { Layout } from '../../plan/layout.ts';
import type { Cell, Flat } from '../flat.ts';
import type { CodeBuilder } from './code-builder.ts';

/*
 * WebAssembly computes on 64 bits at full speed, so pairs of the layout's 32-bit words are one word here: the first in
 * the low half. With an odd number of them, the upper half of the last word is 0.
 */

/** Where a leaf is: `(words[word] >>> shift) & (2^width - 1)`. */
export interface Field {
  readonly word: number;
  readonly shift: number;
  readonly width: number;
}

/** What is known of a word: `word & mask === bits`. */
export interface Bits {
  readonly mask: bigint;
  readonly bits: bigint;
}

export const NO_BITS: Bits = { mask: 0n, bits: 0n };

/** The number of 64-bit words in a state. */
export function longWords(layout: Layout): number {
  return (layout.words + 1) >> 1;
}

/** The fields of all leaves. */
export function fieldsOf(layout: Layout): readonly Field[] {
  return layout.leaves.map(({ word, shift, width }) => ({
    word: word >> 1,
    shift: shift + ((word & 1) === 1 && 0 < width ? 32 : 0),
    width,
  }));
}

/** The bits of a field, in their place in the word. */
export function maskOf({ shift, width }: Field): bigint {
  return ((1n << BigInt(width)) - 1n) << BigInt(shift);
}

/** A field's code in its place in the word. */
export function placed(field: Field, code: number): bigint {
  return (BigInt.asUintN(32, BigInt(code)) << BigInt(field.shift)) & maskOf(field);
}

/** Several fields of one word and of one width at equal distances, one of which is chosen when code runs. */
export interface FieldRow {
  readonly word: number;
  readonly width: number;
  /** Of the first. */
  readonly shift: number;
  /** From one to the next. */
  readonly step: number;
  /** Which of them. */
  readonly position: Flat;
  /** All of their bits. */
  readonly mask: bigint;
}

/** The fields that a cell at a dynamic index may be, if they form a row: then shifts do, and no tables are needed. */
export function rowOf(cell: Cell, fields: readonly Field[]): FieldRow | undefined {
  const { at, index, among } = cell;
  if (index === undefined || among === undefined || among.count < 1) return undefined;
  const position = quotient(index, among.stride);
  if (position === undefined) return undefined;
  const first = fields[at]!;
  const second = fields[at + among.stride];
  const step = 1 < among.count && second !== undefined ? second.shift - first.shift : first.width;
  let mask = 0n;
  for (let element = 0; element < among.count; element += 1) {
    const field = fields[at + element * among.stride];
    if (field === undefined || field.word !== first.word || field.width !== first.width) return undefined;
    if (field.shift !== first.shift + element * step) return undefined;
    mask |= maskOf(field);
  }
  return { word: first.word, width: first.width, shift: first.shift, step, position, mask };
}

function quotient(index: Flat, stride: number): Flat | undefined {
  if (stride === 1) return index;
  if (index.op === 'multiply' && index.right.op === 'const' && index.right.value === stride) return index.left;
  return undefined;
}

/** Pushes a constant of 64 bits. */
export function pushBits(code: CodeBuilder, bits: bigint): void {
  code.i64Const(Number(BigInt.asIntN(32, bits)), Number(BigInt.asIntN(32, bits >> 32n)));
}
