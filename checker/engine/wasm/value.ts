import type { Cell, Flat } from '../flat.ts';
import { visitFlat } from '../flat-walk.ts';
import type { LocalIndex } from './code-builder.ts';
import { pushCondition } from './condition.ts';
import { accessOf, draftRow, fieldOf } from './frame.ts';
import type { Frame, Place } from './frame.ts';
import { i32, i64, load } from './opcodes.ts';
import type { FieldRow } from './state-words.ts';

/** Emits a resolved expression: one i32 is pushed. */
export function pushValue(frame: Frame, flat: Flat): void {
  const { code } = frame;
  switch (flat.op) {
    case 'const':
      return code.i32Const(flat.value);
    case 'temp':
      return code.localGet(frame.temp(flat.temp));
    case 'load':
      return pushLoad(frame, flat.cell);
    case 'select':
      return pushSelect(frame, flat);
    case 'popcount':
    case 'trailingZeros':
      pushValue(frame, flat.operand);
      return code.op(flat.op === 'popcount' ? i32.popcnt : i32.ctz);
    case 'floorDivide':
      return pushFloorDivision(frame, flat.left, flat.right);
    case 'minimum':
    case 'maximum':
      return pushExtreme(frame, flat.left, flat.right, flat.op === 'minimum' ? i32.lt_s : i32.gt_s);
    case 'add':
    case 'subtract':
    case 'multiply':
    case 'truncateDivide':
    case 'remainder':
    case 'bitAnd':
    case 'bitOr':
    case 'bitXor':
    case 'shiftLeft':
    case 'shiftRight':
      pushValue(frame, flat.left);
      pushValue(frame, flat.right);
      return code.op(ARITHMETIC[flat.op]!);
    default:
      return pushCondition(frame, flat);
  }
}

const ARITHMETIC: Readonly<Partial<Record<Flat['op'], number>>> = {
  add: i32.add,
  subtract: i32.sub,
  multiply: i32.mul,
  truncateDivide: i32.div_s,
  remainder: i32.rem_s,
  bitAnd: i32.and,
  bitOr: i32.or,
  bitXor: i32.xor,
  shiftLeft: i32.shl,
  shiftRight: i32.shr_u,
};

/**
 * Whether an expression can be run where its value is not wanted: it cannot trap, and costs less than a branch. Divisors
 * may be 0 and addresses out of range where the flat program does not evaluate them.
 */
export function mayRunSpeculatively(flat: Flat): boolean {
  let weight = 0;
  visitFlat(flat, (one) => {
    weight += 1;
    if (one.op === 'floorDivide' || one.op === 'truncateDivide' || one.op === 'remainder') weight += MOST_HARMLESS;
    if (one.op === 'load' && one.cell.index !== undefined) weight += MOST_HARMLESS;
  });
  return weight <= MOST_HARMLESS;
}

const MOST_HARMLESS = 12;

function pushSelect(frame: Frame, { condition, whenTrue, whenFalse }: Flat & { op: 'select' }): void {
  const { code } = frame;
  if (mayRunSpeculatively(whenTrue) && mayRunSpeculatively(whenFalse)) {
    pushValue(frame, whenTrue);
    pushValue(frame, whenFalse);
    pushCondition(frame, condition);
    return code.select();
  }
  pushCondition(frame, condition);
  code.if(
    () => pushValue(frame, whenTrue),
    () => pushValue(frame, whenFalse),
    'i32',
  );
}

/** The quotient toward minus infinity: that toward zero, less 1 when something was cut off below zero. */
function pushFloorDivision(frame: Frame, left: Flat, right: Flat): void {
  const { code, locals } = frame;
  if (right.op === 'const' && 0 < right.value && (right.value & (right.value - 1)) === 0) {
    pushValue(frame, left);
    code.i32Const(31 - Math.clz32(right.value));
    return code.op(i32.shr_s);
  }
  const dividend = locals.take('i32');
  const divisor = locals.take('i32');
  pushValue(frame, left);
  code.localSet(dividend);
  pushValue(frame, right);
  code.localTee(divisor);
  code.localGet(dividend);
  code.localGet(divisor);
  code.op(i32.rem_s);
  // The remainder has the sign of the dividend; it is "wrong" when it is not 0 and has not the sign of the divisor.
  const rest = locals.take('i32');
  code.localTee(rest);
  code.op(i32.xor);
  code.i32Const(31);
  code.op(i32.shr_u);
  code.localGet(rest);
  code.i32Const(0);
  code.op(i32.ne);
  code.op(i32.and);
  code.localSet(rest);
  code.localGet(dividend);
  code.localGet(divisor);
  code.op(i32.div_s);
  code.localGet(rest);
  code.op(i32.sub);
  for (const local of [dividend, divisor, rest]) locals.give('i32', local);
}

function pushExtreme(frame: Frame, left: Flat, right: Flat, comparison: number): void {
  const { code, locals } = frame;
  const one = locals.take('i32');
  const other = locals.take('i32');
  pushValue(frame, left);
  code.localSet(one);
  pushValue(frame, right);
  code.localSet(other);
  code.localGet(one);
  code.localGet(other);
  code.localGet(one);
  code.localGet(other);
  code.op(comparison);
  code.select();
  locals.give('i32', one);
  locals.give('i32', other);
}

// ---------------------------------------------------------------------------------------------------------------------
// Cells

function pushLoad(frame: Frame, cell: Cell): void {
  const { code } = frame;
  const { space, at, index } = cell;
  switch (space.kind) {
    case 'constant':
      pushScaled(frame, index!);
      return code.memory(load.i32, frame.tables.constantsAt + 4 * at);
    case 'scratch': {
      const place = frame.region(space.region);
      if (place !== undefined) {
        pushAddress(frame, place, index);
        return code.memory(load.i32, place.offset + 4 * at);
      }
      return code.localGet(frame.cell(space.region, at));
    }
    case 'state':
    case 'next':
      return index === undefined ? pushField(frame, cell) : pushLeafAt(frame, cell, index);
  }
}

/** Pushes the address of a cell of 4 bytes, but for the place's offset. */
export function pushAddress(frame: Frame, place: Place, index: Flat | undefined): void {
  place.push();
  if (index === undefined) return;
  pushScaled(frame, index);
  frame.code.op(i32.add);
}

function pushScaled(frame: Frame, index: Flat): void {
  pushValue(frame, index);
  frame.code.i32Const(2);
  frame.code.op(i32.shl);
}

function pushField(frame: Frame, cell: Cell): void {
  const { code } = frame;
  const access = accessOf(frame, cell.space.kind as 'state' | 'next');
  const { word, shift, width } = fieldOf(frame, cell);
  if (width === 0) return code.i32Const(0);
  if (access.draft === undefined) {
    const { memory } = access;
    memory!.push();
    code.memory(load.i32, memory!.offset + 8 * word + (shift < 32 ? 0 : 4));
  } else {
    access.draft.push(word);
    if (32 <= shift) {
      code.i64Const(32);
      code.op(i64.shr_u);
    }
    code.op(i32.wrap_i64);
  }
  const within = shift & 31;
  if (0 < within) {
    code.i32Const(within);
    code.op(i32.shr_u);
  }
  if (within + width < 32) {
    code.i32Const(2 ** width - 1);
    code.op(i32.and);
  }
}

function pushLeafAt(frame: Frame, cell: Cell, index: Flat): void {
  const { code, locals } = frame;
  const access = accessOf(frame, cell.space.kind as 'state' | 'next');
  const row = draftRow(frame, cell, access);
  if (row !== undefined) return pushFromRow(frame, access.draft!.push.bind(access.draft), row);
  const { memory } = access;
  if (memory === undefined) throw new Error('a dynamic address into a state that is only in locals');
  const leaf = locals.take('i32');
  const entry = locals.take('i32');
  pushLeafAddress(frame, memory, cell, index, { leaf, entry });
  code.memory(load.i32, memory.offset);
  // Shifts only look at the low five bits, which are the leaf's shift.
  code.localGet(entry);
  code.op(i32.shr_u);
  code.localGet(leaf);
  code.memory(load.i32, frame.tables.leavesAt + 4);
  code.op(i32.and);
  locals.give('i32', leaf);
  locals.give('i32', entry);
}

/**
 * Pushes the address of the word of a leaf at a dynamic place, but for the offset of `memory`. Sets two locals: 8 × the
 * leaf, which is an address into the table of leaves, and the first number of its entry.
 */
export function pushLeafAddress(
  frame: Frame,
  memory: Place,
  cell: Cell,
  index: Flat,
  { leaf, entry }: { readonly leaf: LocalIndex; readonly entry: LocalIndex },
): void {
  const { code, tables } = frame;
  pushValue(frame, index);
  code.i32Const(cell.at);
  code.op(i32.add);
  code.i32Const(3);
  code.op(i32.shl);
  code.localTee(leaf);
  code.memory(load.i32, tables.leavesAt);
  code.localSet(entry);
  memory.push();
  code.localGet(entry);
  code.i32Const(5);
  code.op(i32.shr_u);
  code.op(i32.add);
}

function pushFromRow(frame: Frame, pushWord: (word: number) => void, row: FieldRow): void {
  const { code } = frame;
  if (row.width === 0) return code.i32Const(0);
  pushWord(row.word);
  pushRowShift(frame, row);
  code.op(i64.shr_u);
  code.op(i32.wrap_i64);
  if (row.width < 32) {
    code.i32Const(2 ** row.width - 1);
    code.op(i32.and);
  }
}

/** Pushes how far the chosen field of a row is to the left (i64). */
export function pushRowShift(frame: Frame, { position, shift, step }: FieldRow): void {
  const { code } = frame;
  pushValue(frame, position);
  if (step !== 1) {
    code.i32Const(step);
    code.op(i32.mul);
  }
  if (shift !== 0) {
    code.i32Const(shift);
    code.op(i32.add);
  }
  code.op(i64.extend_i32_u);
}
