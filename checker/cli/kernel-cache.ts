import { join } from 'node:path';
import type { System } from '../../dsl/ir/index.ts';
import type { CachedKernel, KernelStore } from '../search/kernel/cached-kernel.ts';
import { readCached, writeCached } from './cache-file.ts';
import { hashOf } from './digest.ts';
import type { PlainOptions } from './check-task.ts';
import { pack, unpack } from './pack.ts';

/**
 * The code that earlier runs generated, so that nothing is generated for a model that has not changed.
 *
 * An entry names all that its code depends on: the system by its digest, the options, the build of Fairlead. It is used
 * only where all of that is the same, so it says what generating again would say. Best effort, as the cache of specs.
 */
export interface KernelCache {
  storeFor(system: System, options: PlainOptions): KernelStore;
  /** Writes down what was generated. */
  save(): void;
}

/** Remembers nothing from one run to the next: what is kept in a store, only that store recalls. */
export const NO_KERNELS: KernelCache = {
  storeFor: () => storeWith(() => undefined),
  save: () => {},
};

interface Entry {
  readonly question: string;
  readonly kernel: CachedKernel;
}

/**
 * @param folder - where entries are kept.
 * @param build - tells this build of Fairlead from every other.
 * @param digestOf - tells systems from each other; see `Digests`.
 */
export function kernelCache(folder: string, build: string, digestOf: (system: System) => string): KernelCache {
  const unsaved: { readonly path: string; readonly entry: Entry }[] = [];
  return {
    storeFor(system, options) {
      // What is reported of it is nothing to the code.
      const asked = { ...options, explain: undefined };
      const question = JSON.stringify([build, process.version, digestOf(system), asked]);
      const path = join(folder, `${system.name}-${hashOf(question)}.kernel`);
      return storeWith(
        () => {
          const entry = readEntry(path);
          return entry?.question === question ? entry.kernel : undefined;
        },
        (kernel) => unsaved.push({ path, entry: { question, kernel } }),
      );
    },
    save() {
      if (0 < unsaved.length) writeCached(unsaved.map(({ path, entry }) => ({ path, content: pack(entry) })));
      unsaved.length = 0;
    },
  };
}

/** A store that recalls what it was given itself, or else what `recall` does. */
export function storeWith(
  recall: () => CachedKernel | undefined,
  note: (kernel: CachedKernel) => void = () => {},
): KernelStore {
  let known: CachedKernel | undefined;
  return {
    recall: () => (known ??= recall()),
    keep(kernel) {
      known = kernel;
      note(kernel);
    },
  };
}

function readEntry(path: string): Entry | undefined {
  try {
    const content = readCached(path);
    return content === undefined ? undefined : (unpack(content) as Entry);
  } catch {
    // Written by a version whose format this one cannot even read.
    return undefined;
  }
}
