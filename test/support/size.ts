/** Whether this is `npm run test:quick`, which tries less of what is random and leaves out what takes long. */
const IS_QUICK = process.env['FAIRLEAD_TESTS'] === 'quick';

/**
 * How many random inputs a test tries: what an environment variable says, or else its own size, of which
 * `npm run test:quick` takes a fifth.
 */
export function sizeOf(variable: string, size: number): number {
  const given = process.env[variable];
  if (given !== undefined) return Number(given);
  return IS_QUICK ? Math.ceil(size / 5) : size;
}
