import wabt from 'wabt';
import { compileModule, instantiateModule } from '../../checker/engine/wasm/host.ts';
import type { Imports } from '../../checker/engine/wasm/host.ts';
import type { ModuleBuilder } from '../../checker/engine/wasm/module-builder.ts';

const tools = await wabt();

const FEATURES = {
  threads: true,
  bulk_memory: true,
  mutable_globals: true,
  multi_value: true,
  sign_extension: true,
  simd: true,
};

/** Judges a module by WABT, an implementation that is not V8's. @throws Error with what is not valid in it. */
export function validateWasm(bytes: Uint8Array): void {
  const module = tools.readWasm(bytes, { ...FEATURES, readDebugNames: true });
  try {
    // Its typings forget that this takes features too.
    (module as { validate(features: typeof FEATURES): void }).validate(FEATURES);
  } finally {
    module.destroy();
  }
}

/** The bytes that WABT makes of a text. @throws Error with what it cannot read. */
export function assembled(text: string): Uint8Array {
  const module = tools.parseWat('module.wat', text, FEATURES);
  try {
    return module.toBinary({}).buffer;
  } finally {
    module.destroy();
  }
}

/** A module without its custom section of names, which is the last. */
export function withoutNames(bytes: Uint8Array): Uint8Array {
  const marker = Buffer.from('\u0004name\u0001', 'latin1');
  const found = Buffer.from(bytes).lastIndexOf(marker);
  if (found < 0) throw new Error('no names');
  let start = found - 1;
  while (bytes[start] !== 0x00) start -= 1; // the section's number, before its size
  return bytes.subarray(0, start);
}

/** The text format of a module. */
export function wasmText(bytes: Uint8Array): string {
  const module = tools.readWasm(bytes, { ...FEATURES, readDebugNames: true });
  try {
    module.applyNames();
    return module.toText({ foldExprs: true, inlineExport: true });
  } finally {
    module.destroy();
  }
}

/** Validates a finished module, compiles it and returns what an instance of it exports. */
export function runWasm(builder: ModuleBuilder, imports: Imports = {}): Record<string, (...args: never[]) => unknown> {
  const bytes = builder.finish();
  validateWasm(bytes);
  const { exports } = instantiateModule(compileModule(bytes), imports);
  return exports as Record<string, (...args: never[]) => unknown>;
}
