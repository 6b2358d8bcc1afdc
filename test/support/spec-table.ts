import type { CheckResult, Verdict } from '../../checker/verdict/verdict.ts';

/** A row of the table in specs/README.md: protocol, model, distinct states, what holds, what does not. */
export function rowOf(file: string, result: CheckResult): string {
  const protocol = `[${file.split('/').at(-1)!}](${file}.ts)`;
  const shown = result.verdicts.filter(({ kind }) => kind !== 'evaluation');
  const good = shown.filter((verdict) => isGood(verdict) && verdict.kind !== 'deadlock').map(({ name }) => name);
  const bad = shown.filter((verdict) => !isGood(verdict)).map(({ name }) => name);
  const bounded = result.statistics.cut === undefined ? '' : ' (bounded)';
  const cells = [
    protocol,
    result.model,
    result.statistics.distinct.toLocaleString('en-US') + bounded,
    good.join(', ') || '–',
    bad.join(', ') || '–',
  ];
  return `| ${cells.join(' | ')} |`;
}

function isGood({ outcome }: Verdict): boolean {
  return outcome.kind === 'holds' || outcome.kind === 'reached' || outcome.kind === 'bounded';
}
