import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { System } from '../../dsl/ir/index.ts';
import type { KeptKernel, KernelStore } from '../search/kernel/kept-kernel.ts';
import { keep, readKept } from './kept-file.ts';
import { pack, unpack } from './pack.ts';

/**
 * The code that earlier runs generated, so that nothing is generated for a model that has not changed.
 *
 * An entry goes by a digest of all that its code depends on: the system, the options, the build of Fairlead. So it says
 * what generating again would say. Best effort, as the cache of specs.
 */
export interface KernelCache {
  storeFor(system: System, options: unknown): KernelStore;
  /** Writes down what was generated. */
  save(): void;
}

/** Remembers nothing from one run to the next: what is kept in a store, only that store recalls. */
export const NO_KERNELS: KernelCache = {
  storeFor: () => storeWith(() => undefined),
  save: () => {},
};

/**
 * @param folder - where entries are kept.
 * @param build - tells this build of Fairlead from every other.
 */
export function kernelCache(folder: string, build: string): KernelCache {
  const unsaved: { readonly path: string; readonly kernel: KeptKernel }[] = [];
  return {
    storeFor(declared, options) {
      const digest = createHash('sha256');
      digest.update(JSON.stringify([build, process.version, options]));
      // Once packed and unpacked, equal systems are packed as equal bytes, whether they were compiled or recalled.
      digest.update(pack(unpack(pack(declared))));
      const path = join(folder, `${digest.digest('hex')}.kernel`);
      return storeWith(
        () => readKernel(path),
        (kernel) => unsaved.push({ path, kernel }),
      );
    },
    save() {
      if (0 < unsaved.length) keep(unsaved.map(({ path, kernel }) => ({ path, content: pack(kernel) })));
      unsaved.length = 0;
    },
  };
}

/** A store that recalls what it was given itself, or else what `recall` does. */
export function storeWith(
  recall: () => KeptKernel | undefined,
  note: (kernel: KeptKernel) => void = () => {},
): KernelStore {
  let known: KeptKernel | undefined;
  return {
    recall: () => (known ??= recall()),
    keep(kernel) {
      known = kernel;
      note(kernel);
    },
  };
}

function readKernel(path: string): KeptKernel | undefined {
  const content = readKept(path);
  return content === undefined ? undefined : (unpack(content) as KeptKernel);
}
