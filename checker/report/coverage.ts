import { Ansis } from 'ansis';
import { lineOf } from '../../dsl/diagnostics/span.ts';
import type { BranchCoverage } from '../verdict/verdict.ts';
import type { CheckedModel, TextOptions } from './text-options.ts';
import { formatCount } from './wording.ts';

/** A table of the actions: how often each happened, how many states it was the first to find, by which branches. */
export function renderCoverage({ result, files }: CheckedModel, options: TextOptions): string[] {
  const paint = new Ansis(options.color ? 1 : 0);
  const actions = new Map<string, { fired: number; discovered: number }>();
  for (const { action, fired, discovered } of result.coverage) {
    const known = actions.get(action) ?? { fired: 0, discovered: 0 };
    actions.set(action, { fired: known.fired + fired, discovered: known.discovered + discovered });
  }
  const nameOf = (branch: BranchCoverage): string => {
    const source = lineOf(files, branch.span);
    const short = source.length > LONGEST ? `${source.slice(0, LONGEST - 1)}…` : source;
    const what = WHAT[typeof branch.arm === 'number' ? 'alternative' : branch.arm];
    return typeof branch.arm === 'number' ? `  ${what} ${branch.arm + 1}` : `  ${what} ${short}`;
  };
  const rows = [...actions].flatMap(([action, { fired, discovered }]) => [
    { name: action, fired, discovered: formatCount(discovered) },
    ...(result.branches ?? [])
      .filter((branch) => branch.action === action)
      .map((branch) => ({ name: nameOf(branch), fired: branch.steps, discovered: '' })),
  ]);
  const width = Math.max(...rows.map(({ name }) => name.length), 0);
  const heading = `      ${'coverage'.padEnd(width)}  ${'steps'.padStart(12)}  ${'new states'.padStart(12)}`;
  const lines = rows.map(({ name, fired, discovered }) => {
    const count = formatCount(fired).padStart(12);
    return `      ${name.padEnd(width)}  ${fired === 0 ? paint.yellow(count) : count}  ${discovered.padStart(12)}`.trimEnd();
  });
  return [paint.dim(heading), ...lines];
}

const LONGEST = 48;
const WHAT = { whenTrue: 'if', whenFalse: 'unless', alternative: 'alternative' };
