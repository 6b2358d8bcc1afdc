import type { MemoryOpcode } from './opcodes.ts';

export type ValueType = 'i32' | 'i64' | 'f64' | 'v128';
export type LocalIndex = number;
export type GlobalIndex = number;
export type FunctionIndex = number;

/** What a branch names: the beginning of a loop, or the end of a block or `if`. Its own in a function; valid inside of it. */
export type Label = number & { readonly label: never };

/** An instruction of WebAssembly, with what stands inside of it: structured control flow is a tree. */
export type Instruction =
  /** One byte of `i32` or `i64` in `opcodes.ts`. */
  | { readonly op: 'numeric'; readonly code: number }
  | { readonly op: 'i32.const'; readonly value: number }
  /** A constant of 64 bits from its halves, signed: there are thousands of masks, and big integers take long. */
  | { readonly op: 'i64.const'; readonly low: number; readonly high: number }
  | { readonly op: 'local.get' | 'local.set' | 'local.tee'; readonly local: LocalIndex }
  | { readonly op: 'global.get' | 'global.set'; readonly global: GlobalIndex }
  | { readonly op: 'call'; readonly function: FunctionIndex }
  /** By the number of its signature. */
  | { readonly op: 'call_indirect'; readonly type: number }
  | { readonly op: PlainOp }
  /** `alignment`: log2 of the bytes. */
  | { readonly op: 'memory'; readonly access: MemoryOpcode; readonly offset: number; readonly alignment: number }
  | { readonly op: 'atomic'; readonly access: MemoryOpcode; readonly offset: number }
  /** One of `vector` in `opcodes.ts`, one of them with a lane. */
  | { readonly op: 'vector'; readonly code: number; readonly lane?: number }
  | { readonly op: 'v128.load'; readonly offset: number }
  | Structure
  | { readonly op: 'br' | 'br_if'; readonly label: Label }
  | { readonly op: 'br_table'; readonly labels: readonly Label[]; readonly otherwise: Label }
  /** For who reads the text; it is no instruction. */
  | { readonly op: 'comment'; readonly text: string };

/** What has code inside. */
type Structure =
  | { readonly op: 'block' | 'loop'; readonly label: Label; readonly result?: ValueType; readonly body: Code }
  | {
      readonly op: 'if';
      readonly label: Label;
      readonly result?: ValueType;
      readonly whenTrue: Code;
      readonly whenFalse?: Code;
    };

export type Code = readonly Instruction[];

/** Instructions that nothing follows, and their bytes. */
export const PLAIN = {
  drop: [0x1a],
  select: [0x1b],
  return: [0x0f],
  unreachable: [0x00],
  'atomic.fence': [0xfe, 0x03, 0x00],
  'memory.size': [0x3f, 0x00],
  'memory.grow': [0x40, 0x00],
  'memory.copy': [0xfc, 0x0a, 0x00, 0x00],
  'memory.fill': [0xfc, 0x0b, 0x00],
} as const;

export type PlainOp = keyof typeof PLAIN;

/** The code of a function. */
export interface FunctionCode {
  /** How many; they are the first locals. */
  readonly parameters: number;
  /** The others. They start as 0. */
  readonly locals: readonly ValueType[];
  readonly body: Code;
}

export interface Signature {
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/** Sizes in pages of 64 KiB. A shared memory needs a maximum, and can be imported by several threads' instances. */
export interface MemoryLimits {
  readonly minimum: number;
  readonly maximum?: number;
  readonly shared?: boolean;
}

export type Import = { readonly module: string; readonly name: string } & (
  | { readonly kind: 'function'; readonly type: number }
  | { readonly kind: 'memory'; readonly limits: MemoryLimits }
  | { readonly kind: 'global'; readonly type: ValueType; readonly mutable: boolean }
);

/** A module as data; functions and globals that are imported have the first numbers. */
export interface ModuleCode {
  readonly types: readonly Signature[];
  readonly imports: readonly Import[];
  readonly functions: readonly { readonly name: string; readonly type: number; readonly code: FunctionCode }[];
  readonly memory?: MemoryLimits;
  /** Functions for indirect calls, none to begin with; 0: there is no table. */
  readonly tableSize: number;
  /** Each starts as an i32, which is sign-extended. */
  readonly globals: readonly { readonly type: 'i32' | 'i64'; readonly mutable: boolean; readonly initial: number }[];
  readonly exports: readonly {
    readonly name: string;
    readonly kind: 'function' | 'table' | 'memory' | 'global';
    readonly index: number;
  }[];
  readonly data: readonly { readonly address: number; readonly bytes: Uint8Array }[];
}
