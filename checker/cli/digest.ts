import { createHash } from 'node:crypto';
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

/** A short name for a file; that it is the right one is asked of what the file holds. */
export function hashOf(text: string): string {
  return digestOf(text).slice(0, 16);
}

function digestOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('base64url');
}
