import { Bytes } from './bytes.ts';
import { PLAIN } from './instruction.ts';
import type {
  Code,
  FunctionCode,
  Import,
  Instruction,
  Label,
  MemoryLimits,
  ModuleCode,
  ValueType,
} from './instruction.ts';

const TYPE_CODE: Readonly<Record<ValueType, number>> = { i32: 0x7f, i64: 0x7e, f64: 0x7c, v128: 0x7b };

const EXPORT_KIND = { function: 0x00, table: 0x01, memory: 0x02, global: 0x03 } as const;

/**
 * A module in the binary format.
 *
 * @see WebAssembly Core Specification 2.0, chapter 5, and the threads proposal.
 */
export function encodeModule(module: ModuleCode): Uint8Array<ArrayBuffer> {
  const { types, imports, functions, memory, tableSize, globals, exports, data } = module;
  const into = new Bytes(4096);
  into.append([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);
  section(into, 1, types, (bytes, { parameters, results }) => {
    bytes.byte(0x60);
    writeTypes(bytes, parameters);
    writeTypes(bytes, results);
  });
  section(into, 2, imports, writeImport);
  section(into, 3, functions, (bytes, { type }) => bytes.unsigned(type));
  section(into, 4, tableSize === 0 ? [] : [tableSize], (bytes, size) => {
    bytes.append([0x70, 0x01]); // functions, with a maximum
    bytes.unsigned(size);
    bytes.unsigned(size);
  });
  section(into, 5, memory === undefined ? [] : [memory], writeLimits);
  section(into, 6, globals, (bytes, { type, mutable, initial }) => {
    bytes.append([TYPE_CODE[type], mutable ? 1 : 0, type === 'i32' ? 0x41 : 0x42]);
    bytes.signed(initial);
    bytes.byte(END);
  });
  section(into, 7, exports, (bytes, { name, kind, index }) => {
    bytes.name(name);
    bytes.byte(EXPORT_KIND[kind]);
    bytes.unsigned(index);
  });
  section(into, 10, functions, (bytes, { code }) => bytes.sized(encodeFunction(code)));
  section(into, 11, data, (bytes, one) => {
    bytes.append([0x00, 0x41]);
    bytes.signed(one.address);
    bytes.byte(END);
    bytes.sized(one.bytes);
  });
  writeNames(into, module);
  return into.written.slice();
}

function section<Item>(
  into: Bytes,
  id: number,
  items: readonly Item[],
  write: (bytes: Bytes, item: Item) => void,
): void {
  if (items.length === 0) return;
  const content = new Bytes(256);
  content.unsigned(items.length);
  for (const item of items) write(content, item);
  into.byte(id);
  into.sized(content.written);
}

/** The custom section `name` with the names of functions, so that profiles and stack traces have them. */
function writeNames(into: Bytes, { functions, imports }: ModuleCode): void {
  if (functions.length === 0) return;
  const first = imports.filter(({ kind }) => kind === 'function').length;
  const map = new Bytes();
  map.unsigned(functions.length);
  functions.forEach(({ name }, index) => {
    map.unsigned(first + index);
    map.name(name);
  });
  const content = new Bytes();
  content.name('name');
  content.byte(0x01);
  content.sized(map.written);
  into.byte(0x00);
  into.sized(content.written);
}

function writeTypes(bytes: Bytes, types: readonly ValueType[]): void {
  bytes.unsigned(types.length);
  for (const one of types) bytes.byte(TYPE_CODE[one]);
}

function writeImport(bytes: Bytes, one: Import): void {
  bytes.name(one.module);
  bytes.name(one.name);
  switch (one.kind) {
    case 'function':
      bytes.byte(0x00);
      return bytes.unsigned(one.type);
    case 'memory':
      bytes.byte(0x02);
      return writeLimits(bytes, one.limits);
    case 'global':
      return bytes.append([0x03, TYPE_CODE[one.type], one.mutable ? 1 : 0]);
  }
}

function writeLimits(bytes: Bytes, { minimum, maximum, shared }: MemoryLimits): void {
  if (shared === true && maximum === undefined) throw new Error('a shared memory needs a maximum');
  bytes.byte((shared === true ? 2 : 0) | (maximum === undefined ? 0 : 1));
  bytes.unsigned(minimum);
  if (maximum !== undefined) bytes.unsigned(maximum);
}

const END = 0x0b;

/** Declarations of locals and the code, as the code section holds them. */
function encodeFunction({ locals, body }: FunctionCode): Uint8Array {
  const bytes = new Bytes(256);
  const runs: { type: ValueType; count: number }[] = [];
  for (const type of locals) {
    const last = runs.at(-1);
    if (last?.type === type) last.count += 1;
    else runs.push({ type, count: 1 });
  }
  bytes.unsigned(runs.length);
  for (const { type, count } of runs) {
    bytes.unsigned(count);
    bytes.byte(TYPE_CODE[type]);
  }
  new CodeEncoder(bytes).code(body);
  bytes.byte(END);
  return bytes.written;
}

class CodeEncoder {
  /** By label, how many structures are around the inside of the one that it belongs to. */
  private readonly depths = new Map<Label, number>();
  /** Structures around the next instruction; that of the function itself is 0. */
  private depth = 0;

  constructor(private readonly bytes: Bytes) {}

  code(code: Code): void {
    for (const one of code) this.instruction(one);
  }

  private instruction(one: Instruction): void {
    const { bytes } = this;
    switch (one.op) {
      case 'numeric':
        return bytes.byte(one.code);
      case 'i32.const':
        bytes.byte(0x41);
        return bytes.signed(one.value);
      case 'i64.const':
        bytes.byte(0x42);
        return bytes.signed64(one.low, one.high);
      case 'local.get':
        return this.immediate(0x20, one.local);
      case 'local.set':
        return this.immediate(0x21, one.local);
      case 'local.tee':
        return this.immediate(0x22, one.local);
      case 'global.get':
        return this.immediate(0x23, one.global);
      case 'global.set':
        return this.immediate(0x24, one.global);
      case 'call':
        return this.immediate(0x10, one.function);
      case 'call_indirect':
        this.immediate(0x11, one.type);
        return bytes.byte(0x00);
      case 'memory':
        this.immediate(one.access.code, one.alignment);
        return bytes.unsigned(one.offset);
      case 'atomic':
        bytes.byte(0xfe);
        bytes.unsigned(one.access.code);
        bytes.unsigned(one.access.size);
        return bytes.unsigned(one.offset);
      case 'vector':
        bytes.byte(0xfd);
        bytes.unsigned(one.code);
        return one.lane === undefined ? undefined : bytes.byte(one.lane);
      case 'v128.load':
        bytes.append([0xfd, 0x00, 0x04]);
        return bytes.unsigned(one.offset);
      case 'block':
        return this.structure(0x02, one, () => this.code(one.body));
      case 'loop':
        return this.structure(0x03, one, () => this.code(one.body));
      case 'if':
        return this.structure(0x04, one, () => {
          this.code(one.whenTrue);
          if (one.whenFalse === undefined) return;
          bytes.byte(0x05);
          this.code(one.whenFalse);
        });
      case 'br':
        return this.immediate(0x0c, this.distanceTo(one.label));
      case 'br_if':
        return this.immediate(0x0d, this.distanceTo(one.label));
      case 'br_table':
        this.immediate(0x0e, one.labels.length);
        for (const label of one.labels) bytes.unsigned(this.distanceTo(label));
        return bytes.unsigned(this.distanceTo(one.otherwise));
      case 'comment':
        return undefined;
      default:
        return bytes.append(PLAIN[one.op]);
    }
  }

  private structure(
    opcode: number,
    { label, result }: { readonly label: Label; readonly result?: ValueType },
    inside: () => void,
  ): void {
    this.bytes.byte(opcode);
    this.bytes.byte(result === undefined ? 0x40 : TYPE_CODE[result]);
    this.depth += 1;
    this.depths.set(label, this.depth);
    inside();
    this.depths.delete(label);
    this.depth -= 1;
    this.bytes.byte(END);
  }

  private distanceTo(label: Label): number {
    const depth = this.depths.get(label);
    if (depth === undefined) throw new Error('internal: a branch to a structure that is not around it');
    return this.depth - depth;
  }

  private immediate(opcode: number, value: number): void {
    this.bytes.byte(opcode);
    this.bytes.unsigned(value);
  }
}
