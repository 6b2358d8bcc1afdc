import type { Cut } from './cut.ts';

/** What may be used of memory, counting all that the process uses. */
export interface MemoryBudget {
  /** Looks at how much is used while so many bytes are counted. Costs some microseconds, as all others do. */
  look(counted: number): void;
  /** Whether so many bytes more may be used than those that are counted. */
  allows(counted: number, more: number): boolean;
  /** Whether a search can begin. */
  readonly isEnough: boolean;
  /** Whether more is used than may be. */
  readonly isExceeded: boolean;
  /**
   * Asks for bytes that will be written to: what is only reserved does not count.
   *
   * @throws RangeError when they are not there ({@link isOutOfMemory}).
   */
  take(bytes: number): void;
  /** Why a search is cut; `atOnce`: there was not even enough to begin with. */
  cut(atOnce?: boolean): Cut;
}

/** Whether an error is what V8 throws when a typed array cannot be had; everything found so far is still good. */
export function isOutOfMemory(error: unknown): boolean {
  return error instanceof RangeError && error.message.includes(FAILED);
}

/** The same for what would need numbers past 32 bits: there would be no memory for it either. */
export function outOfMemory(what: string): RangeError {
  return new RangeError(`${FAILED}: ${what}`);
}

const FAILED = 'allocation failed';
