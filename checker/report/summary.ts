import { Ansis } from 'ansis';
import { standingOf } from './standing.ts';
import { formatParameters } from './text.ts';
import type { CheckedModel } from './text-options.ts';
import { counted, formatCount, formatDuration } from './wording.ts';

/** What a whole run came to. */
export interface RunSummary {
  readonly checked: readonly CheckedModel[];
  /** Files that were rejected, as the user would write them. */
  readonly rejected: readonly string[];
  /** Models that were not begun because the run was interrupted, or others were not as expected. */
  readonly skipped: number;
  /** Milliseconds from the start of the command. */
  readonly elapsed: number;
  /** How many warnings there were, when they are failures. */
  readonly warnings?: number;
  /** Models that have more states than they may; absent: none was compared. */
  readonly grown?: readonly Growth[];
}

/** A model that has more states than it had. */
export interface Growth {
  /** Its file, its spec and its name. */
  readonly model: string;
  readonly before: number;
  readonly now: number;
}

/** `lock.ts lock two has 12 states, 50 % more than the 8 of the baseline`. */
export function wordGrowth({ model, before, now }: Growth): string {
  const more = before === 0 ? '' : `${formatCount(Math.round((100 * (now - before)) / before))} % `;
  return `${model} has ${counted(now, 'state')}, ${more}more than the ${formatCount(before)} of the baseline`;
}

/** The last lines of a run: one when all is well, otherwise also what is not, by name. */
export function renderSummary(run: RunSummary, options: { readonly color: boolean }): string {
  const paint = new Ansis(options.color ? 1 : 0);
  const { checked, rejected, skipped, warnings = 0, grown = [] } = run;
  const growth = grown.map((one) => `${paint.yellow('!')} ${wordGrowth(one)}`);
  const standings = checked.map((model) => ({ model, standing: standingOf(model.result) }));
  const wrong = standings.filter(({ standing }) => standing === 'notAsExpected' || standing === 'refused');
  const stopped = standings.filter(({ standing }) => standing === 'stopped');
  const states = checked.reduce((sum, { result }) => sum + result.statistics.distinct, 0);
  const specs = new Set(checked.map(({ path, result }) => `${path}\0${result.spec}`)).size;
  const amount = `${counted(checked.length, 'model')} of ${counted(specs, 'spec')}`;
  const cost = paint.dim(` (${counted(states, 'state')}, ${formatDuration(run.elapsed)})`);

  if (wrong.length + stopped.length + rejected.length + skipped + warnings === 0) {
    return [`${paint.green('✓')} ${amount}, all as expected${cost}`, ...growth].join('\n');
  }
  const lines: string[] = [];
  if (wrong.length + stopped.length + rejected.length + skipped === 0) {
    lines.push(`${paint.green('✓')} ${amount}, all as expected${cost}, but:`);
  }
  if (warnings > 0) lines.push(`${paint.red('✗')} ${counted(warnings, 'warning')}, which --strict does not let pass`);
  // In a sweep there are several models of one name.
  const name = ({ path, result, changed }: CheckedModel): string => {
    const given = changed.length === 0 ? '' : `  ${formatParameters(result.parameters, changed)}`;
    return `    ${result.model}${given}  ${paint.dim(path)}`;
  };
  if (wrong.length > 0) {
    const how = wrong.length === 1 ? 'is not as expected' : 'are not as expected';
    lines.push(
      `${paint.red('✗')} ${wrong.length} of ${amount} ${how}${cost}`,
      ...wrong.map(({ model }) => name(model)),
    );
  }
  if (stopped.length > 0) {
    lines.push(`${paint.yellow('?')} ${counted(stopped.length, 'model')} stopped before an answer`);
    lines.push(...stopped.map(({ model }) => name(model)));
  }
  if (skipped > 0) lines.push(`${paint.yellow('?')} ${counted(skipped, 'model')} not checked`);
  if (rejected.length > 0) {
    lines.push(
      `${paint.red('✗')} ${counted(rejected.length, 'file')} rejected`,
      ...rejected.map((path) => `    ${path}`),
    );
  }
  return [...lines, ...growth].join('\n');
}
