import type { FlatStatement } from '../flat.ts';

/** A flat program, simplified, and how its code is laid out. */
export interface PreparedProgram {
  readonly body: readonly FlatStatement[];
  /** For each scratch region its offset in bytes from the scratch memory, if it is in memory. */
  readonly regions: readonly (number | undefined)[];
  /** Flat expressions and statements: about how long its code is. */
  readonly weight: number;
  /** The words that are read in locals, of the state and of the next one. */
  readonly reads: Readonly<Record<'state' | 'next', ReadonlySet<number>>>;
  /** Whether some access needs the table of leaves: its place is dynamic, and not in a row of fields. */
  readonly needsLeaves: boolean;
  /**
   * Whether a step can be worked out in locals, or needs a draft in memory: it must store into no scattered place, and
   * read from none what it may have changed before.
   */
  readonly draftInLocals: boolean;
  readonly chooses: boolean;
  /** Whether some choice may be made several times in one run, in a loop. */
  readonly choosesInLoops: boolean;
}

/** The most choices that one step can make when it chooses in a loop. */
export const MOST_CHOICES = 1 << 14;
