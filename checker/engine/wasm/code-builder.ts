import { Bytes } from './bytes.ts';
import type { MemoryOpcode } from './opcodes.ts';

export type ValueType = 'i32' | 'i64' | 'f64' | 'v128';
export type LocalIndex = number;
export type GlobalIndex = number;
export type FunctionIndex = number;

export const TYPE_CODE: Readonly<Record<ValueType, number>> = { i32: 0x7f, i64: 0x7e, f64: 0x7c, v128: 0x7b };

/** What a branch names: the beginning of a loop, or the end of a block or `if`. Valid inside of it. */
export type Label = number & { readonly label: never };

/**
 * The body of one function, instruction by instruction. Control flow is structured by callbacks, so blocks are always
 * closed and a branch names its target instead of a depth. Operands are the caller's business: nothing is checked here.
 */
export class CodeBuilder {
  private readonly bytes = new Bytes(256);
  private readonly locals: ValueType[] = [];
  /** Structures around the next instruction; that of the function itself is 0. */
  private depth = 0;

  constructor(private readonly parameters: number) {}

  /** Declares one more local; it starts as 0 when the function is entered, not when the code here is reached. */
  newLocal(type: ValueType): LocalIndex {
    return this.parameters + this.locals.push(type) - 1;
  }

  /** An instruction without immediates, from `i32` or `i64` in `opcodes.ts`. */
  op(opcode: number): void {
    this.bytes.byte(opcode);
  }

  i32Const(value: number): void {
    this.bytes.byte(0x41);
    this.bytes.signed(value);
  }

  /** A constant of 64 bits from its low and its high 32; `high` is the sign of `low` unless given. */
  i64Const(low: number, high: number = low >> 31): void {
    this.bytes.byte(0x42);
    this.bytes.signed64(low, high);
  }

  localGet(local: LocalIndex): void {
    this.immediate(0x20, local);
  }

  localSet(local: LocalIndex): void {
    this.immediate(0x21, local);
  }

  /** Sets and keeps the value on the stack. */
  localTee(local: LocalIndex): void {
    this.immediate(0x22, local);
  }

  globalGet(global: GlobalIndex): void {
    this.immediate(0x23, global);
  }

  globalSet(global: GlobalIndex): void {
    this.immediate(0x24, global);
  }

  drop(): void {
    this.bytes.byte(0x1a);
  }

  /** Pops a condition (i32) and two values; pushes the first of them if the condition is not 0, else the second. */
  select(): void {
    this.bytes.byte(0x1b);
  }

  call(index: FunctionIndex): void {
    this.immediate(0x10, index);
  }

  /** Calls what is at a place of the table. The place is on the stack after the operands; `type` is the signature. */
  callIndirect(type: number): void {
    this.immediate(0x11, type);
    this.bytes.byte(0x00);
  }

  return(): void {
    this.bytes.byte(0x0f);
  }

  unreachable(): void {
    this.bytes.byte(0x00);
  }

  // Memory

  /** A load or store of `opcodes.ts` at the address on the stack plus `offset`, naturally aligned unless said otherwise. */
  memory({ code, size }: MemoryOpcode, offset = 0, alignment = size): void {
    this.bytes.byte(code);
    this.bytes.unsigned(alignment);
    this.bytes.unsigned(offset);
  }

  /** An access of `atomic` in `opcodes.ts` at the address on the stack plus `offset`. */
  atomic({ code, size }: MemoryOpcode, offset = 0): void {
    this.bytes.byte(0xfe);
    this.bytes.unsigned(code);
    this.bytes.unsigned(size);
    this.bytes.unsigned(offset);
  }

  /** An instruction of `vector` in `opcodes.ts` without immediates. */
  vector(opcode: number): void {
    this.bytes.byte(0xfd);
    this.bytes.unsigned(opcode);
  }

  /** Pops a value and a vector below it; pushes the vector with that lane replaced. */
  replaceLane(opcode: number, lane: number): void {
    this.vector(opcode);
    this.bytes.byte(lane);
  }

  /** A vector from the address on the stack plus `offset`. */
  loadVector(offset = 0): void {
    this.vector(0x00);
    this.bytes.unsigned(4);
    this.bytes.unsigned(offset);
  }

  atomicFence(): void {
    this.bytes.append([0xfe, 0x03, 0x00]);
  }

  /** Pushes the number of pages of 64 KiB. */
  memorySize(): void {
    this.bytes.append([0x3f, 0x00]);
  }

  /** Pops how many pages to add; pushes how many there were, or -1. */
  memoryGrow(): void {
    this.bytes.append([0x40, 0x00]);
  }

  /** Pops a number of bytes, the address they come from and the one they go to. */
  memoryCopy(): void {
    this.bytes.append([0xfc, 0x0a, 0x00, 0x00]);
  }

  /** Pops a number of bytes, the byte to write and an address. */
  memoryFill(): void {
    this.bytes.append([0xfc, 0x0b, 0x00]);
  }

  // Control flow

  /** `build` is given the label that leaves the block; with `result`, one value is left on the stack. */
  block(build: (leave: Label) => void, result?: ValueType): void {
    const label = this.open(0x02, result);
    build(label);
    this.end();
  }

  /** `build` is given the label that starts it again; its end leaves it. */
  loop(build: (again: Label) => void, result?: ValueType): void {
    const label = this.open(0x03, result);
    build(label);
    this.end();
  }

  /** Pops the condition. With `result`, both sides leave one value on the stack. */
  if(whenTrue: (leave: Label) => void, whenFalse?: (leave: Label) => void, result?: ValueType): void {
    const label = this.open(0x04, result);
    whenTrue(label);
    if (whenFalse !== undefined) {
      this.bytes.byte(0x05);
      whenFalse(label);
    }
    this.end();
  }

  br(label: Label): void {
    this.immediate(0x0c, this.depth - label);
  }

  /** Pops the condition. */
  brIf(label: Label): void {
    this.immediate(0x0d, this.depth - label);
  }

  /** Pops a number and goes to the label at that place, to `otherwise` when there is none. */
  brTable(labels: readonly Label[], otherwise: Label): void {
    this.bytes.byte(0x0e);
    this.bytes.unsigned(labels.length);
    for (const label of labels) this.bytes.unsigned(this.depth - label);
    this.bytes.unsigned(this.depth - otherwise);
  }

  /**
   * A jump table: `selector` pushes a number `n` (i32); case `table[n]` runs, nothing when there is none or it is
   * undefined. Cases do not fall through.
   */
  switch(selector: () => void, table: readonly (number | undefined)[], cases: readonly (() => void)[]): void {
    this.block((leave) => {
      const labels = cases.map(() => this.open(0x02, undefined)).reverse();
      selector();
      this.brTable(
        table.map((one) => (one === undefined ? leave : labels[one]!)),
        leave,
      );
      for (const build of cases) {
        this.end();
        build();
        this.br(leave);
      }
    });
  }

  /** Declarations of locals and the code, as the code section holds them. */
  finish(): Uint8Array {
    const body = new Bytes(this.bytes.length + 16);
    const runs: { type: ValueType; count: number }[] = [];
    for (const type of this.locals) {
      const last = runs.at(-1);
      if (last?.type === type) last.count += 1;
      else runs.push({ type, count: 1 });
    }
    body.unsigned(runs.length);
    for (const { type, count } of runs) {
      body.unsigned(count);
      body.byte(TYPE_CODE[type]);
    }
    body.append(this.bytes.written);
    body.byte(0x0b);
    return body.written;
  }

  private open(opcode: number, result: ValueType | undefined): Label {
    this.bytes.byte(opcode);
    this.bytes.byte(result === undefined ? 0x40 : TYPE_CODE[result]);
    this.depth += 1;
    return this.depth as Label;
  }

  private end(): void {
    this.bytes.byte(0x0b);
    this.depth -= 1;
  }

  private immediate(opcode: number, value: number): void {
    this.bytes.byte(opcode);
    this.bytes.unsigned(value);
  }
}
