/** What was thrown, in words: it may be anything, and need not let itself be looked at. */
export function wordThrown(error: unknown): string {
  try {
    if (!(error instanceof Error)) return `${String(error)} was thrown`;
    return `${error.name === 'Error' ? '' : `${error.name}: `}${error.message}` || 'no reason given';
  } catch {
    return 'something that cannot be shown was thrown';
  }
}
