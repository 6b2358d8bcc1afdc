import type {
  FunctionCode,
  FunctionIndex,
  GlobalIndex,
  Instruction,
  Label,
  LocalIndex,
  PlainOp,
  ValueType,
} from './instruction.ts';
import type { MemoryOpcode } from './opcodes.ts';

export type { FunctionIndex, GlobalIndex, Label, LocalIndex, ValueType } from './instruction.ts';

/**
 * The code of one function in the making, instruction by instruction. Control flow is structured by callbacks, so blocks
 * are always closed and a branch names its target. Operands are the caller's business: nothing is checked here.
 */
export class CodeBuilder {
  private readonly locals: ValueType[] = [];
  /** Where the next instruction goes: the innermost structure. */
  private code: Instruction[] = [];
  private labels = 0;

  /** @param isAnnotated - whether comments are wanted. */
  constructor(
    private readonly parameters: number,
    private readonly isAnnotated = false,
  ) {}

  /** Declares one more local; it starts as 0 when the function is entered, not when the code here is reached. */
  newLocal(type: ValueType): LocalIndex {
    return this.parameters + this.locals.push(type) - 1;
  }

  /** Says something to who reads the text of the code. */
  comment(text: () => string): void {
    if (this.isAnnotated) this.code.push({ op: 'comment', text: text() });
  }

  /** An instruction without immediates, from `i32` or `i64` in `opcodes.ts`. */
  op(code: number): void {
    this.code.push({ op: 'numeric', code });
  }

  i32Const(value: number): void {
    this.code.push({ op: 'i32.const', value });
  }

  /** A constant of 64 bits from its low and its high 32; `high` is the sign of `low` unless given. */
  i64Const(low: number, high: number = low >> 31): void {
    this.code.push({ op: 'i64.const', low, high });
  }

  localGet(local: LocalIndex): void {
    this.code.push({ op: 'local.get', local });
  }

  localSet(local: LocalIndex): void {
    this.code.push({ op: 'local.set', local });
  }

  /** Sets and keeps the value on the stack. */
  localTee(local: LocalIndex): void {
    this.code.push({ op: 'local.tee', local });
  }

  globalGet(global: GlobalIndex): void {
    this.code.push({ op: 'global.get', global });
  }

  globalSet(global: GlobalIndex): void {
    this.code.push({ op: 'global.set', global });
  }

  drop(): void {
    this.plain('drop');
  }

  /** Pops a condition (i32) and two values; pushes the first of them if the condition is not 0, else the second. */
  select(): void {
    this.plain('select');
  }

  call(index: FunctionIndex): void {
    this.code.push({ op: 'call', function: index });
  }

  /** Calls what is at a place of the table. The place is on the stack after the operands; `type` is the signature. */
  callIndirect(type: number): void {
    this.code.push({ op: 'call_indirect', type });
  }

  return(): void {
    this.plain('return');
  }

  unreachable(): void {
    this.plain('unreachable');
  }

  // Memory

  /** A load or store of `opcodes.ts` at the address on the stack plus `offset`, naturally aligned unless said otherwise. */
  memory(access: MemoryOpcode, offset = 0, alignment = access.size): void {
    this.code.push({ op: 'memory', access, offset, alignment });
  }

  /** An access of `atomic` in `opcodes.ts` at the address on the stack plus `offset`. */
  atomic(access: MemoryOpcode, offset = 0): void {
    this.code.push({ op: 'atomic', access, offset });
  }

  /** An instruction of `vector` in `opcodes.ts` without immediates. */
  vector(code: number): void {
    this.code.push({ op: 'vector', code });
  }

  /** Pops a value and a vector below it; pushes the vector with that lane replaced. */
  replaceLane(code: number, lane: number): void {
    this.code.push({ op: 'vector', code, lane });
  }

  /** A vector from the address on the stack plus `offset`. */
  loadVector(offset = 0): void {
    this.code.push({ op: 'v128.load', offset });
  }

  atomicFence(): void {
    this.plain('atomic.fence');
  }

  /** Pushes the number of pages of 64 KiB. */
  memorySize(): void {
    this.plain('memory.size');
  }

  /** Pops how many pages to add; pushes how many there were, or -1. */
  memoryGrow(): void {
    this.plain('memory.grow');
  }

  /** Pops a number of bytes, the address they come from and the one they go to. */
  memoryCopy(): void {
    this.plain('memory.copy');
  }

  /** Pops a number of bytes, the byte to write and an address. */
  memoryFill(): void {
    this.plain('memory.fill');
  }

  // Control flow

  /** `build` is given the label that leaves the block; with `result`, one value is left on the stack. */
  block(build: (leave: Label) => void, result?: ValueType): void {
    const label = this.newLabel();
    const body = this.within(() => build(label));
    this.code.push({ op: 'block', label, body, ...(result !== undefined && { result }) });
  }

  /** `build` is given the label that starts it again; its end leaves it. */
  loop(build: (again: Label) => void, result?: ValueType): void {
    const label = this.newLabel();
    const body = this.within(() => build(label));
    this.code.push({ op: 'loop', label, body, ...(result !== undefined && { result }) });
  }

  /** Pops the condition. With `result`, both sides leave one value on the stack. */
  if(whenTrue: (leave: Label) => void, whenFalse?: (leave: Label) => void, result?: ValueType): void {
    const label = this.newLabel();
    this.code.push({
      op: 'if',
      label,
      whenTrue: this.within(() => whenTrue(label)),
      ...(whenFalse !== undefined && { whenFalse: this.within(() => whenFalse(label)) }),
      ...(result !== undefined && { result }),
    });
  }

  br(label: Label): void {
    this.code.push({ op: 'br', label });
  }

  /** Pops the condition. */
  brIf(label: Label): void {
    this.code.push({ op: 'br_if', label });
  }

  /** Pops a number and goes to the label at that place, to `otherwise` when there is none. */
  brTable(labels: readonly Label[], otherwise: Label): void {
    this.code.push({ op: 'br_table', labels, otherwise });
  }

  /**
   * A jump table: `selector` pushes a number `n` (i32); case `table[n]` runs, nothing when there is none or it is
   * undefined. Cases do not fall through.
   */
  switch(selector: () => void, table: readonly (number | undefined)[], cases: readonly (() => void)[]): void {
    this.block((leave) => {
      const labels = cases.map(() => this.newLabel());
      let inner = this.within(() => {
        selector();
        this.brTable(
          table.map((one) => (one === undefined ? leave : labels[one]!)),
          leave,
        );
      });
      cases.forEach((build, index) => {
        const body = inner;
        inner = this.within(() => {
          this.code.push({ op: 'block', label: labels[index]!, body });
          build();
          this.br(leave);
        });
      });
      this.code.push(...inner);
    });
  }

  finish(): FunctionCode {
    return { parameters: this.parameters, locals: this.locals, body: this.code };
  }

  private plain(op: PlainOp): void {
    this.code.push({ op });
  }

  private newLabel(): Label {
    this.labels += 1;
    return this.labels as Label;
  }

  /** What `build` emits, on its own. */
  private within(build: () => void): Instruction[] {
    const outer = this.code;
    const inner: Instruction[] = [];
    this.code = inner;
    build();
    this.code = outer;
    return inner;
  }
}
