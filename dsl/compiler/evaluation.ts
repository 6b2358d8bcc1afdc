import { Script } from 'node:vm';

/** Seconds that evaluating a spec may take: what is only declarations takes milliseconds. */
export const LONGEST_EVALUATION = 10;

/**
 * Runs code of the author's, which may go on for ever: it is ended after {@link LONGEST_EVALUATION} seconds.
 *
 * @throws Error what the code throws, or one that says that it was ended.
 */
export function evaluateBounded<Result>(run: () => Result): Result {
  let result: { readonly value: Result } | undefined;
  const holder = globalThis as unknown as Record<symbol, unknown>;
  holder[HOLDER] = () => {
    result = { value: run() };
  };
  try {
    CALL.runInThisContext({ timeout: LONGEST_EVALUATION * 1000 });
  } catch (error) {
    const { code } = (error ?? {}) as { readonly code?: unknown };
    if (code === 'ERR_SCRIPT_EXECUTION_TIMEOUT')
      throw new Error(`it was not done after ${LONGEST_EVALUATION} seconds`, { cause: error });
    throw error;
  } finally {
    delete holder[HOLDER];
  }
  return result!.value;
}

const HOLDER = Symbol.for('fairlead evaluation');
const CALL = new Script(`globalThis[Symbol.for('fairlead evaluation')]()`);
