/**
 * The part of JavaScript's `WebAssembly` that the engine uses. TypeScript only declares it among the types of browsers.
 */
interface WebAssemblyHost {
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => Module;
  readonly Instance: new (module: Module, imports?: Imports) => Instance;
  readonly Memory: new (limits: { initial: number; maximum?: number; shared?: boolean }) => Memory;
}

/** Compiled code; may be posted to worker threads, which instantiate it without compiling it again. */
export type Module = { readonly wasmModule: never };

interface Instance {
  readonly exports: Readonly<Record<string, unknown>>;
}

export interface Memory {
  /** Replaced when a memory that is not shared grows. */
  readonly buffer: ArrayBuffer | SharedArrayBuffer;
  /** Adds pages of 64 KiB and returns how many there were. @throws RangeError when there is no room. */
  grow(pages: number): number;
}

export type Imports = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const host = (globalThis as unknown as { readonly WebAssembly: WebAssemblyHost }).WebAssembly;

/** @throws when the bytes are no valid module, which is a bug of the code that made them. */
export function compileModule(bytes: Uint8Array<ArrayBuffer>): Module {
  return new host.Module(bytes);
}

export function instantiateModule(module: Module, imports: Imports = {}): Instance {
  return new host.Instance(module, imports);
}

/** @param initial - pages of 64 KiB. @throws RangeError when there is no room. */
export function newMemory(initial: number, maximum?: number, shared = false): Memory {
  return new host.Memory(maximum === undefined ? { initial } : { initial, maximum, shared });
}
