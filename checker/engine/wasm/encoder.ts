import { Bytes } from './bytes.ts';
import { CodeBuilder, TYPE_CODE } from './code-builder.ts';
import type { FunctionIndex, GlobalIndex, ValueType } from './code-builder.ts';

/** Sizes in pages of 64 KiB. A shared memory needs a maximum, and can be imported by several threads' instances. */
export interface MemoryLimits {
  readonly minimum: number;
  readonly maximum?: number;
  readonly shared?: boolean;
}

export interface Signature {
  readonly parameters: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/**
 * A WebAssembly module in the making: functions, one memory, one table, globals, data. It knows the binary format and
 * nothing of specs. What is imported has to be declared before anything of its kind is defined, because both share one
 * numbering.
 *
 * @see WebAssembly Core Specification 2.0, chapter 5, and the threads proposal.
 */
export class ModuleBuilder {
  private readonly signatures = new Map<string, number>();
  private readonly types = new Bytes();
  private readonly imports = new Bytes();
  private importCount = 0;
  private importedFunctions = 0;
  private readonly functions: { name: string; type: number; body: Uint8Array | undefined }[] = [];
  private memory: MemoryLimits | undefined;
  private tableSize = 0;
  private importedGlobals = 0;
  private globalCount = 0;
  private readonly globals = new Bytes();
  private readonly exports = new Bytes();
  private exportCount = 0;
  private readonly data = new Bytes();
  private dataCount = 0;

  importFunction(module: string, name: string, signature: Signature): FunctionIndex {
    if (0 < this.functions.length) throw new Error('functions are imported before others are defined');
    this.import(module, name);
    this.imports.byte(0x00);
    this.imports.unsigned(this.typeOf(signature));
    return this.importedFunctions++;
  }

  importMemory(module: string, name: string, limits: MemoryLimits): void {
    this.import(module, name);
    this.imports.byte(0x02);
    writeLimits(this.imports, limits);
  }

  importGlobal(module: string, name: string, type: ValueType, mutable: boolean): GlobalIndex {
    if (0 < this.globalCount) throw new Error('globals are imported before others are defined');
    this.import(module, name);
    this.imports.byte(0x03);
    this.imports.byte(TYPE_CODE[type]);
    this.imports.byte(mutable ? 1 : 0);
    return this.importedGlobals++;
  }

  /** The module's own memory; at most one, and none beside an imported one. */
  defineMemory(limits: MemoryLimits): void {
    this.memory = limits;
  }

  /** The module's only table: so many functions, none to begin with, for indirect calls. */
  defineTable(size: number): void {
    this.tableSize = size;
  }

  /** A function whose code may come later, so that others can call it. `name` is what profilers show. */
  declareFunction(name: string, signature: Signature): FunctionIndex {
    return this.importedFunctions + this.functions.push({ name, type: this.typeOf(signature), body: undefined }) - 1;
  }

  /** Gives a declared function its code; `build` gets the parameters' locals, which are numbered from 0, for granted. */
  defineFunction(index: FunctionIndex, parameters: number, build: (code: CodeBuilder) => void): void {
    const declared = this.functions[index - this.importedFunctions];
    if (declared === undefined || declared.body !== undefined) throw new Error('not a function without code');
    const code = new CodeBuilder(parameters);
    build(code);
    declared.body = code.finish();
  }

  /** Declares and defines. */
  addFunction(name: string, signature: Signature, build: (code: CodeBuilder) => void): FunctionIndex {
    const index = this.declareFunction(name, signature);
    this.defineFunction(index, signature.parameters.length, build);
    return index;
  }

  /** A global that belongs to one instance of the module; it starts as `initial`, an i32 that is sign-extended. */
  addGlobal(type: 'i32' | 'i64', initial: number, mutable = true): GlobalIndex {
    this.globals.byte(TYPE_CODE[type]);
    this.globals.byte(mutable ? 1 : 0);
    this.globals.byte(type === 'i32' ? 0x41 : 0x42);
    this.globals.signed(initial);
    this.globals.byte(0x0b);
    return this.importedGlobals + this.globalCount++;
  }

  exportFunction(name: string, index: FunctionIndex): void {
    this.export(name, 0x00, index);
  }

  exportMemory(name: string): void {
    this.export(name, 0x02, 0);
  }

  exportTable(name: string): void {
    this.export(name, 0x01, 0);
  }

  exportGlobal(name: string, index: GlobalIndex): void {
    this.export(name, 0x03, index);
  }

  /** Bytes that every instantiation writes to memory at `address`. */
  addData(address: number, bytes: Uint8Array): void {
    this.data.byte(0x00);
    this.data.byte(0x41);
    this.data.signed(address);
    this.data.byte(0x0b);
    this.data.sized(bytes);
    this.dataCount += 1;
  }

  /** The module. @throws Error when a declared function has no code. */
  finish(): Uint8Array<ArrayBuffer> {
    const module = new Bytes(4096);
    module.append([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]);
    const section = (id: number, count: number, content: Bytes): void => {
      if (count === 0) return;
      const counted = new Bytes(5);
      counted.unsigned(count);
      module.byte(id);
      module.unsigned(counted.length + content.length);
      module.append(counted.written);
      module.append(content.written);
    };
    const kinds = new Bytes();
    const code = new Bytes(4096);
    const names = new Bytes();
    this.functions.forEach(({ name, type, body }, index) => {
      if (body === undefined) throw new Error(`function ${name} has no code`);
      kinds.unsigned(type);
      code.sized(body);
      names.unsigned(this.importedFunctions + index);
      names.name(name);
    });
    const limits = new Bytes();
    if (this.memory !== undefined) writeLimits(limits, this.memory);
    section(1, this.signatures.size, this.types);
    section(2, this.importCount, this.imports);
    section(3, this.functions.length, kinds);
    const table = new Bytes(8);
    table.append([0x70, 0x01]); // functions, with a maximum
    table.unsigned(this.tableSize);
    table.unsigned(this.tableSize);
    section(4, this.tableSize === 0 ? 0 : 1, table);
    section(5, this.memory === undefined ? 0 : 1, limits);
    section(6, this.globalCount, this.globals);
    section(7, this.exportCount, this.exports);
    section(10, this.functions.length, code);
    section(11, this.dataCount, this.data);
    this.writeNames(module, names);
    return module.written.slice();
  }

  /** The custom section `name` with the names of functions, so that profiles and stack traces have them. */
  private writeNames(module: Bytes, names: Bytes): void {
    if (this.functions.length === 0) return;
    const map = new Bytes();
    map.unsigned(this.functions.length);
    map.append(names.written);
    const content = new Bytes();
    content.name('name');
    content.byte(0x01);
    content.sized(map.written);
    module.byte(0x00);
    module.sized(content.written);
  }

  private import(module: string, name: string): void {
    this.imports.name(module);
    this.imports.name(name);
    this.importCount += 1;
  }

  private export(name: string, kind: number, index: number): void {
    this.exports.name(name);
    this.exports.byte(kind);
    this.exports.unsigned(index);
    this.exportCount += 1;
  }

  /** The number of a signature, as indirect calls name it. */
  typeOf({ parameters, results }: Signature): number {
    const key = `${parameters.join()}:${results.join()}`;
    let type = this.signatures.get(key);
    if (type === undefined) {
      type = this.signatures.size;
      this.signatures.set(key, type);
      this.types.byte(0x60);
      this.types.unsigned(parameters.length);
      for (const one of parameters) this.types.byte(TYPE_CODE[one]);
      this.types.unsigned(results.length);
      for (const one of results) this.types.byte(TYPE_CODE[one]);
    }
    return type;
  }
}

function writeLimits(bytes: Bytes, { minimum, maximum, shared }: MemoryLimits): void {
  if (shared === true && maximum === undefined) throw new Error('a shared memory needs a maximum');
  bytes.byte((shared === true ? 2 : 0) | (maximum === undefined ? 0 : 1));
  bytes.unsigned(minimum);
  if (maximum !== undefined) bytes.unsigned(maximum);
}
