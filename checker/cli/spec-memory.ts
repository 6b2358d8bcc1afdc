import type { Compilation, CompiledSpec, Instantiated } from '../../dsl/compiler/compilation.ts';
import { isStillSo } from './spec-cache.ts';
import type { SpecCache } from './spec-cache.ts';

/**
 * What this process has compiled, for a command that goes on while specs are edited: a file is compiled again only when
 * something that it depends on has changed. Until then its systems are the same objects, so that results can be kept by
 * them.
 */
export interface SpecMemory extends SpecCache {
  /** Forgets all files but these. */
  readonly keepOnly: (paths: readonly string[]) => void;
  /** All files that were read, and places where one was looked for in vain, by absolute path. */
  readonly places: () => readonly string[];
  /** Whether compiling again would give the same. Reads all files. */
  readonly isCurrent: () => boolean;
}

export function specMemory(): SpecMemory {
  const known = new Map<string, Compilation>();
  return {
    recall(path) {
      const found = known.get(path);
      return found !== undefined && found.inputs.isComplete && isStillSo(found.inputs) ? found : undefined;
    },
    earlier: () => undefined,
    watch(path, compilation) {
      const specs = compilation.specs.map(remembering);
      const { typechecked } = compilation;
      let complete: Compilation | undefined;
      /** TypeScript is asked once. */
      const typed = (): Compilation => {
        if (complete !== undefined) return complete;
        const checked = typechecked!();
        complete = { ...checked, specs: checked.specs.length === 0 ? [] : specs };
        if (known.get(path) === remembered) known.set(path, complete);
        return complete;
      };
      const remembered: Compilation = { ...compilation, specs, ...(typechecked && { typechecked: typed }) };
      known.set(path, remembered);
      return remembered;
    },
    save() {},
    keepOnly(paths) {
      for (const path of known.keys()) if (!paths.includes(path)) known.delete(path);
    },
    places: () =>
      Array.from(known.values(), ({ inputs }) => [...inputs.read.map(({ path }) => path), ...inputs.absent]).flat(),
    isCurrent: () => [...known.values()].every(({ inputs }) => isStillSo(inputs)),
  };
}

/** A spec whose models, with the values that they declare, are lowered once. */
function remembering(spec: CompiledSpec): CompiledSpec {
  const known = new Map<string | undefined, Instantiated>();
  return {
    ...spec,
    instantiate(model, overrides = {}) {
      if (Object.keys(overrides).length > 0) return spec.instantiate(model, overrides);
      const found = known.get(model) ?? spec.instantiate(model);
      known.set(model, found);
      return found;
    },
  };
}
