import { CodeBuilder } from './code-builder.ts';
import { encodeModule } from './encode.ts';
import { fold } from './fold.ts';
import type {
  FunctionCode,
  FunctionIndex,
  GlobalIndex,
  Import,
  MemoryLimits,
  ModuleCode,
  Signature,
  ValueType,
} from './instruction.ts';

export type { MemoryLimits, Signature } from './instruction.ts';

/**
 * A WebAssembly module in the making: functions, one memory, one table, globals, data. It knows nothing of specs. What is
 * imported has to be declared before anything of its kind is defined, because both share one numbering.
 */
export class ModuleBuilder {
  private readonly types: Signature[] = [];
  private readonly typesByText = new Map<string, number>();
  private readonly imports: Import[] = [];
  private readonly functions: { readonly name: string; readonly type: number; code: FunctionCode | undefined }[] = [];
  private memory: MemoryLimits | undefined;
  private tableSize = 0;
  private readonly globals: ModuleCode['globals'][number][] = [];
  private readonly exports: ModuleCode['exports'][number][] = [];
  private readonly data: ModuleCode['data'][number][] = [];

  /** @param isAnnotated - whether the code has comments, for who reads its text. */
  constructor(private readonly isAnnotated = false) {}

  importFunction(module: string, name: string, signature: Signature): FunctionIndex {
    if (0 < this.functions.length) throw new Error('functions are imported before others are defined');
    this.imports.push({ kind: 'function', module, name, type: this.typeOf(signature) });
    return this.imported('function') - 1;
  }

  importMemory(module: string, name: string, limits: MemoryLimits): void {
    this.imports.push({ kind: 'memory', module, name, limits });
  }

  importGlobal(module: string, name: string, type: ValueType, mutable: boolean): GlobalIndex {
    if (0 < this.globals.length) throw new Error('globals are imported before others are defined');
    this.imports.push({ kind: 'global', module, name, type, mutable });
    return this.imported('global') - 1;
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
    return this.imported('function') + this.functions.push({ name, type: this.typeOf(signature), code: undefined }) - 1;
  }

  /** Gives a declared function its code; `build` gets the parameters' locals, which are numbered from 0, for granted. */
  defineFunction(index: FunctionIndex, parameters: number, build: (code: CodeBuilder) => void): void {
    const declared = this.functions[index - this.imported('function')];
    if (declared === undefined || declared.code !== undefined) throw new Error('not a function without code');
    const code = new CodeBuilder(parameters, this.isAnnotated);
    build(code);
    declared.code = fold(code.finish());
  }

  /** Declares and defines. */
  addFunction(name: string, signature: Signature, build: (code: CodeBuilder) => void): FunctionIndex {
    const index = this.declareFunction(name, signature);
    this.defineFunction(index, signature.parameters.length, build);
    return index;
  }

  /** A global that belongs to one instance of the module; it starts as `initial`, an i32 that is sign-extended. */
  addGlobal(type: 'i32' | 'i64', initial: number, mutable = true): GlobalIndex {
    return this.imported('global') + this.globals.push({ type, mutable, initial }) - 1;
  }

  exportFunction(name: string, index: FunctionIndex): void {
    this.exports.push({ name, kind: 'function', index });
  }

  exportMemory(name: string): void {
    this.exports.push({ name, kind: 'memory', index: 0 });
  }

  exportTable(name: string): void {
    this.exports.push({ name, kind: 'table', index: 0 });
  }

  exportGlobal(name: string, index: GlobalIndex): void {
    this.exports.push({ name, kind: 'global', index });
  }

  /** Bytes that every instantiation writes to memory at `address`. */
  addData(address: number, bytes: Uint8Array): void {
    this.data.push({ address, bytes });
  }

  /** The number of a signature, as indirect calls name it. */
  typeOf(signature: Signature): number {
    const key = `${signature.parameters.join()}:${signature.results.join()}`;
    let type = this.typesByText.get(key);
    if (type === undefined) this.typesByText.set(key, (type = this.types.push(signature) - 1));
    return type;
  }

  /** The module as data. @throws Error when a declared function has no code. */
  code(): ModuleCode {
    const { types, imports, memory, tableSize, globals, exports, data } = this;
    const functions = this.functions.map(({ name, type, code }) => {
      if (code === undefined) throw new Error(`function ${name} has no code`);
      return { name, type, code };
    });
    return { types, imports, functions, ...(memory !== undefined && { memory }), tableSize, globals, exports, data };
  }

  /** The module in the binary format. @throws Error when a declared function has no code. */
  finish(): Uint8Array<ArrayBuffer> {
    return encodeModule(this.code());
  }

  private imported(kind: Import['kind']): number {
    return this.imports.filter((one) => one.kind === kind).length;
  }
}
