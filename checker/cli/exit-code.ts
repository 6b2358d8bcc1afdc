/** What the exit code of the command says. */
export const EXIT = {
  /** Every property is as its model expects. */
  asExpected: 0,
  /** Some property is not as expected. */
  notAsExpected: 1,
  /** A spec was rejected, or the command was used wrongly. */
  rejected: 2,
  /** Stopped before an answer: a limit, an interrupt, memory, a closed pipe. */
  stopped: 3,
  /** A bug in Fairlead. */
  bug: 70,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const BY_WEIGHT: readonly ExitCode[] = [EXIT.bug, EXIT.rejected, EXIT.notAsExpected, EXIT.stopped, EXIT.asExpected];

/** The code of a run that has several things to say: a bug above a rejection above a violation above a stop. */
export function heaviest(codes: Iterable<ExitCode>): ExitCode {
  const given = new Set(codes);
  return BY_WEIGHT.find((code) => given.has(code)) ?? EXIT.asExpected;
}
