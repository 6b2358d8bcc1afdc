import wabt from 'wabt';
import { compileModule, instantiateModule } from '../../checker/engine/wasm/host.ts';
import type { Imports } from '../../checker/engine/wasm/host.ts';
import type { ModuleBuilder } from '../../checker/engine/wasm/encoder.ts';

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
