import { serialize } from 'node:v8';
import type { System } from '../../dsl/ir/index.ts';

/**
 * The digests of systems, each worked out once, or known from an earlier run: then it is that of the system as it was
 * compiled. Different systems have different ones. Equal ones have the same if both were compiled; what is derived from
 * a system that was read back may have another, and is then as if it were not known.
 */
export class Digests {
  readonly #known = new WeakMap<System, string>();

  /** What the files say beside what became of it, such as comments, is nothing to a system. */
  readonly of = (system: System): string => {
    const digest = this.#known.get(system) ?? digestOf(serialize({ ...system, files: [] }));
    this.#known.set(system, digest);
    return digest;
  };

  note(system: System, digest: string): void {
    this.#known.set(system, digest);
  }
}

/** A short name for a file; that it is the right one is asked of what the file holds. FNV-1a, twice with different starts. */
export function hashOf(text: string): string {
  return [0x811c9dc5, 0x9dc5811c]
    .map((start) => {
      let hash = start;
      for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
      return (hash >>> 0).toString(36);
    })
    .join('');
}

/** SHA-256. */
function digestOf(content: Uint8Array): string {
  // Loaded here, because whoever recalls what an earlier run has kept comes without it.
  const { createHash } = process.getBuiltinModule('node:crypto');
  return createHash('sha256').update(content).digest('base64url');
}
