/** Something the user can mend: a wrong flag, a missing file, a name that is not there. Ends the command with code 2. */
export class UsageProblem extends Error {
  constructor(
    message: string,
    /** What to do about it; lines below the message. */
    readonly help?: string,
  ) {
    super(message);
  }
}

/** ` (did you mean …?)`, or nothing. */
export function didYouMean(suggestion: string | undefined): string {
  return suggestion === undefined ? '' : ` (did you mean ${suggestion}?)`;
}
