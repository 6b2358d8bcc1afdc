/** Whether an error is what V8 throws when a typed array cannot be had; everything found so far is still good. */
export function isOutOfMemory(error: unknown): boolean {
  return error instanceof RangeError && error.message.includes(FAILED);
}

/** The same for what would need numbers past 32 bits: there would be no memory for it either. */
export function outOfMemory(what: string): RangeError {
  return new RangeError(`${FAILED}: ${what}`);
}

const FAILED = 'allocation failed';
