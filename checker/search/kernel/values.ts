import type { CodeBuilder, FunctionIndex, GlobalIndex, LocalIndex } from '../../engine/wasm/code-builder.ts';
import { i32, i64, load, store } from '../../engine/wasm/opcodes.ts';
import type { MemoryOpcode } from '../../engine/wasm/opcodes.ts';

/** Code that leaves one value on the stack: lets what the kernel computes be written as expressions. */
export type Value = (code: CodeBuilder) => void;

/** Code that leaves the stack as it was. */
export type Effect = (code: CodeBuilder) => void;

export const int =
  (value: number): Value =>
  (code) =>
    code.i32Const(value);
/** From its high and low 32 bits, as hexadecimal constants are read. */
export const long =
  (high: number, low: number): Value =>
  (code) =>
    code.i64Const(low | 0, high | 0);
export function long64(value: bigint): Value {
  return long(Number(BigInt.asIntN(32, value >> 32n)), Number(BigInt.asIntN(32, value)));
}
export const local =
  (index: LocalIndex): Value =>
  (code) =>
    code.localGet(index);
export const global =
  (index: GlobalIndex): Value =>
  (code) =>
    code.globalGet(index);

export const set =
  (index: LocalIndex, value: Value): Effect =>
  (code) => {
    value(code);
    code.localSet(index);
  };
export const setGlobal =
  (index: GlobalIndex, value: Value): Effect =>
  (code) => {
    value(code);
    code.globalSet(index);
  };

export const add = binary(i32.add);
export const subtract = binary(i32.sub);
export const multiply = binary(i32.mul);
export const and = binary(i32.and);
export const or = binary(i32.or);
export const shiftLeft = binary(i32.shl);
export const shiftRight = binary(i32.shr_u);
export const equal = binary(i32.eq);
export const notEqual = binary(i32.ne);
/** Of addresses: unsigned, as there are 4 GiB of them. */
export const below = binary(i32.lt_u);
export const atLeast = binary(i32.ge_u);
export const isZero = unary(i32.eqz);

export const add64 = binary(i64.add);
export const subtract64 = binary(i64.sub);
export const multiply64 = binary(i64.mul);
export const and64 = binary(i64.and);
export const or64 = binary(i64.or);
export const xor64 = binary(i64.xor);
export const shiftLeft64 = binary(i64.shl);
export const shiftRight64 = binary(i64.shr_u);
export const equal64 = binary(i64.eq);
export const notEqual64 = binary(i64.ne);
export const below64 = binary(i64.lt_u);
export const atLeast64 = binary(i64.ge_u);
export const divide64 = binary(i64.div_u);
export const isZero64 = unary(i64.eqz);
/** The low 32 bits. */
export const low32 = unary(i32.wrap_i64);
/** Zero-extended. */
export const widen = unary(i64.extend_i32_u);

export const load8 = loading(load.i32_8u);
export const load32 = loading(load.i32);
export const load64 = loading(load.i64);
/** 32 bits, zero-extended. */
export const load32To64 = loading(load.i64_32u);
export const store8 = storing(store.i32_8);
export const store16 = storing(store.i32_16);
export const store32 = storing(store.i32);
export const store64 = storing(store.i64);

/** Adds to a counter of 64 bits in memory. */
export const increment64 =
  (address: Value, offset: number): Effect =>
  (code) => {
    address(code);
    address(code);
    code.memory(load.i64, offset);
    code.i64Const(1);
    code.op(i64.add);
    code.memory(store.i64, offset);
  };

/** The smaller of two addresses. */
export const lower =
  (left: Value, right: Value): Value =>
  (code) => {
    left(code);
    right(code);
    left(code);
    right(code);
    code.op(i32.lt_u);
    code.select();
  };

export const call =
  (index: FunctionIndex, ...operands: readonly Value[]): Value =>
  (code) => {
    for (const operand of operands) operand(code);
    code.call(index);
  };

/** Calls what is at a place of the table of functions, by the number of its signature. */
export const callIndirect =
  (type: number, place: number, ...operands: readonly Value[]): Value =>
  (code) => {
    for (const operand of operands) operand(code);
    code.i32Const(place);
    code.callIndirect(type);
  };

/** Unsigned. */
export const divide = binary(i32.div_u);

/** Runs `body` while the condition holds. */
export const repeat =
  (condition: Value, body: Effect): Effect =>
  (code) => {
    code.block((leave) => {
      code.loop((again) => {
        condition(code);
        code.op(i32.eqz);
        code.brIf(leave);
        body(code);
        code.br(again);
      });
    });
  };

export const when =
  (condition: Value, whenTrue: Effect, whenFalse?: Effect): Effect =>
  (code) => {
    condition(code);
    code.if(() => whenTrue(code), whenFalse === undefined ? undefined : () => whenFalse(code));
  };

export const sequence =
  (...effects: readonly Effect[]): Effect =>
  (code) => {
    for (const effect of effects) effect(code);
  };

function unary(opcode: number): (operand: Value) => Value {
  return (operand) => (code) => {
    operand(code);
    code.op(opcode);
  };
}

function binary(opcode: number): (left: Value, right: Value) => Value {
  return (left, right) => (code) => {
    left(code);
    right(code);
    code.op(opcode);
  };
}

function loading(opcode: MemoryOpcode): (address: Value, offset?: number) => Value {
  return (address, offset = 0) =>
    (code) => {
      address(code);
      code.memory(opcode, offset);
    };
}

function storing(opcode: MemoryOpcode): (address: Value, offset: number, value: Value) => Effect {
  return (address, offset, value) => (code) => {
    address(code);
    value(code);
    code.memory(opcode, offset);
  };
}
