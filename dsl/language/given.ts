/**
 * What the functions of the language say of arguments that TypeScript refuses: a spec may be JavaScript, or have said
 * `any`. They say so where they are called, which is the place that its author is told.
 */

/**
 * @param called - as the author wrote it, `ids("Ring", …)`.
 * @param wanted - what belongs there: `a schema`.
 */
export function wrongArgument(called: string, wanted: string, given: unknown): Error {
  return new Error(`\`${called}\` takes ${wanted}, and was given ${described(given)}`);
}

/** Whether something can have properties that are asked for by name, as options have; an array is none. */
export function isOptionsObject(given: unknown): boolean {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}

export function described(given: unknown): string {
  if (given === undefined) return 'nothing';
  if (given === null || typeof given === 'boolean') return String(given);
  if (Array.isArray(given)) return 'an array';
  switch (typeof given) {
    case 'number':
    case 'bigint':
      return `the number ${String(given)}`;
    case 'string':
      return `the text ${JSON.stringify(given)}`;
    case 'object':
      return 'an object';
    default:
      return `a ${typeof given}`;
  }
}
