import type { Flat } from '../flat.ts';
import { unary } from '../flat.ts';
import { comparisonOf, testOf } from './field-test.ts';
import type { FieldComparison, FieldTest } from './field-test.ts';
import { accessOf } from './frame.ts';
import type { Frame } from './frame.ts';
import { i32, i64, load } from './opcodes.ts';
import { noneEquals, noneOutside } from './parallel.ts';
import { pushBits } from './state-words.ts';
import { mayRunSpeculatively, pushValue } from './value.ts';

/** A condition that code can ask for or for its opposite; each pushes 0 or 1. */
export interface Part {
  push(negated: boolean): void;
  /** Whether it may be evaluated although its value is not wanted. */
  readonly isSpeculative: boolean;
}

/** Emits a resolved condition: 0 or 1 is pushed. */
export function pushCondition(frame: Frame, flat: Flat, negated = false): void {
  if (flat.op === 'or' || (flat.op === 'not' && flat.operand.op === 'and')) {
    // A disjunction is what a conjunction of the opposites is not, and tests of neighboring fields join in both.
    return pushAll(frame, conjunctionOf(frame, [unary('not', flat)]), !negated);
  }
  pushAll(frame, conjunctionOf(frame, [flat]), negated);
}

/** Leaves for a label unless all parts hold. */
export function branchUnless(frame: Frame, parts: readonly Part[], label: Parameters<Frame['code']['brIf']>[0]): void {
  for (const part of parts) {
    part.push(true);
    frame.code.brIf(label);
  }
}

function pushAll(frame: Frame, parts: readonly Part[], negated: boolean): void {
  const { code } = frame;
  const [first, ...rest] = parts;
  if (first === undefined) return code.i32Const(negated ? 0 : 1);
  const lazy = rest.findIndex(({ isSpeculative }, index) => !isSpeculative || index === MOST_AT_ONCE);
  first.push(negated);
  for (const part of lazy < 0 ? rest : rest.slice(0, lazy)) {
    part.push(negated);
    code.op(negated ? i32.or : i32.and);
  }
  if (lazy < 0) return;
  const last = (): void => pushAll(frame, rest.slice(lazy), negated);
  if (negated) code.if(() => code.i32Const(1), last, 'i32');
  else code.if(last, () => code.i32Const(0), 'i32');
}

/** Parts of a conjunction that are evaluated without asking in between. */
const MOST_AT_ONCE = 4;

/** The conditions of which a condition is the conjunction. */
export function conjunctsOf(flat: Flat): readonly Flat[] {
  if (flat.op === 'and') return [...conjunctsOf(flat.left), ...conjunctsOf(flat.right)];
  if (flat.op === 'not' && flat.operand.op === 'or') {
    return [...conjunctsOf(unary('not', flat.operand.left)), ...conjunctsOf(unary('not', flat.operand.right))];
  }
  if (flat.op === 'not' && flat.operand.op === 'not') return conjunctsOf(flat.operand.operand);
  return [flat];
}

/**
 * The parts of a conjunction of resolved conditions. Tests of fields of one word are one mask and one comparison; where
 * several fields must each differ from something, or be above or below it, all are looked at in parallel.
 */
export function conjunctionOf(frame: Frame, conditions: readonly Flat[]): readonly Part[] {
  const merged = new Map<string, FieldTest>();
  const different: FieldTest[] = [];
  const compared: FieldComparison[] = [];
  const others: Part[] = [];
  for (const flat of conditions.flatMap(conjunctsOf)) {
    if (flat.op === 'const' && flat.value !== 0) continue;
    const test = testOf(frame, flat);
    const comparison = test === undefined ? comparisonOf(frame, flat) : undefined;
    if (test !== undefined && !test.negated) {
      const key = `${test.kind}${test.word}`;
      const known = merged.get(key) ?? { ...test, mask: 0n, bits: 0n };
      // Two different values asked of one field: never.
      if (((known.bits ^ test.bits) & known.mask & test.mask) !== 0n) return [constantPart(frame, false)];
      merged.set(key, { ...test, mask: known.mask | test.mask, bits: known.bits | test.bits });
    } else if (test !== undefined) different.push(test);
    else if (comparison !== undefined) compared.push(comparison);
    else others.push({ push: (negated) => pushOther(frame, flat, negated), isSpeculative: mayRunSpeculatively(flat) });
  }
  return [
    ...[...merged.values()].map((test) => testPart(frame, test)),
    ...noneEquals(frame, different, (test) => testPart(frame, test)),
    ...noneOutside(frame, compared, ({ flat }) => ({
      push: (negated) => pushOther(frame, flat, negated),
      isSpeculative: mayRunSpeculatively(flat),
    })),
    ...others,
  ];
}

function constantPart({ code }: Frame, value: boolean): Part {
  return { push: (negated) => code.i32Const(value === negated ? 0 : 1), isSpeculative: true };
}

function testPart(frame: Frame, test: FieldTest): Part {
  return { push: (negated) => pushTest(frame, test, test.negated !== negated), isSpeculative: true };
}

/** Pushes whether the masked bits of a word are as given; in halves of the word where that has smaller constants. */
function pushTest(frame: Frame, test: FieldTest, negated: boolean): void {
  const { code } = frame;
  const { mask, bits } = test;
  const low = mask >> 32n === 0n;
  if (!low && (mask & 0xffffffffn) !== 0n) {
    pushWord(frame, test);
    pushBits(code, mask);
    code.op(i64.and);
    if (bits === 0n && !negated) return code.op(i64.eqz);
    pushBits(code, bits);
    return code.op(negated ? i64.ne : i64.eq);
  }
  pushHalf(frame, test, low);
  const halfMask = Number(BigInt.asIntN(32, low ? mask : mask >> 32n));
  const halfBits = Number(BigInt.asIntN(32, low ? bits : bits >> 32n));
  if (halfMask !== -1) {
    code.i32Const(halfMask);
    code.op(i32.and);
  }
  if (halfBits === 0 && !negated) return code.op(i32.eqz);
  code.i32Const(halfBits);
  code.op(negated ? i32.ne : i32.eq);
}

/** Pushes the word of a test (i64). */
export function pushWord(frame: Frame, { kind, word }: Pick<FieldTest, 'kind' | 'word'>): void {
  const { draft, memory } = accessOf(frame, kind);
  if (draft !== undefined) return draft.push(word);
  memory!.push();
  frame.code.memory(load.i64, memory!.offset + 8 * word);
}

function pushHalf(frame: Frame, { kind, word }: FieldTest, low: boolean): void {
  const { code } = frame;
  const { draft, memory } = accessOf(frame, kind);
  if (draft === undefined) {
    memory!.push();
    return code.memory(load.i32, memory!.offset + 8 * word + (low ? 0 : 4));
  }
  draft.push(word);
  if (!low) {
    code.i64Const(32);
    code.op(i64.shr_u);
  }
  code.op(i32.wrap_i64);
}

function pushOther(frame: Frame, flat: Flat, negated: boolean): void {
  const { code } = frame;
  switch (flat.op) {
    case 'const':
      return code.i32Const((flat.value !== 0) === negated ? 0 : 1);
    case 'not':
      return pushCondition(frame, flat.operand, !negated);
    case 'and':
    case 'or':
      return pushCondition(frame, flat, negated);
    case 'equal':
    case 'notEqual': {
      const equal = (flat.op === 'equal') !== negated;
      pushValue(frame, flat.left);
      if (flat.right.op === 'const' && flat.right.value === 0 && equal) return code.op(i32.eqz);
      pushValue(frame, flat.right);
      return code.op(equal ? i32.eq : i32.ne);
    }
    case 'less':
    case 'lessOrEqual':
      pushValue(frame, flat.left);
      pushValue(frame, flat.right);
      if (flat.op === 'less') return code.op(negated ? i32.ge_s : i32.lt_s);
      return code.op(negated ? i32.gt_s : i32.le_s);
    case 'addOverflows':
      return pushOverflow(frame, i64.add, flat.left, flat.right, negated);
    case 'subtractOverflows':
      return pushOverflow(frame, i64.sub, flat.left, flat.right, negated);
    case 'multiplyOverflows':
      return pushOverflow(frame, i64.mul, flat.left, flat.right, negated);
    default:
      pushValue(frame, flat);
      if (negated) code.op(i32.eqz);
  }
}

/** Whether the exact result, which 64 bits can hold, is not what 32 of them say. */
function pushOverflow(frame: Frame, operation: number, left: Flat, right: Flat, negated: boolean): void {
  const { code, locals } = frame;
  const exact = locals.take('i64');
  for (const operand of [left, right]) {
    pushValue(frame, operand);
    code.op(i64.extend_i32_s);
  }
  code.op(operation);
  code.localTee(exact);
  code.localGet(exact);
  code.op(i32.wrap_i64);
  code.op(i64.extend_i32_s);
  code.op(negated ? i64.eq : i64.ne);
  locals.give('i64', exact);
}

/** Notes for the code that follows that conditions hold: the bits of fields that were tested for equality. */
export function assume(frame: Frame, condition: Flat): void {
  for (const flat of conjunctsOf(condition)) {
    const test = testOf(frame, flat);
    if (test === undefined || test.negated) continue;
    accessOf(frame, test.kind).draft?.assume(test.word, test.mask, test.bits);
  }
}
