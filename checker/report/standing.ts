import type { CheckResult } from '../verdict/verdict.ts';

/** How a model stands against what it expects. */
export type Standing = 'asExpected' | 'notAsExpected' | 'stopped' | 'refused';

/** `stopped`: nothing contradicts the expectations, but something was cut before they were confirmed. */
export function standingOf(result: CheckResult): Standing {
  if (result.refusals.length > 0) return 'refused';
  if (result.asExpected) return 'asExpected';
  const open = result.verdicts.filter((verdict) => !verdict.asExpected);
  const stopped = result.statistics.cut !== undefined && open.every(({ outcome }) => outcome.kind === 'bounded');
  return stopped ? 'stopped' : 'notAsExpected';
}
