/**
 * Whether an error says that functions called each other too deeply: parsers, and what goes through what they make, call
 * themselves for what is within. How deep that may be is up to the thread, so it is no fault of anybody's.
 */
export function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.startsWith('Maximum call stack');
}
