import { Ansis } from 'ansis';
import { standingOf } from './standing.ts';
import { formatParameters } from './text.ts';
import type { CheckedModel } from './text-options.ts';
import { counted, formatDuration } from './wording.ts';

/** What a whole run came to. */
export interface RunSummary {
  readonly checked: readonly CheckedModel[];
  /** Files that were rejected, as the user would write them. */
  readonly rejected: readonly string[];
  /** Models that were not begun because the run was interrupted. */
  readonly skipped: number;
  /** Milliseconds from the start of the command. */
  readonly elapsed: number;
  /** How many warnings there were, when they are failures. */
  readonly warnings?: number;
}

/** The last lines of a run: one when all is well, otherwise also what is not, by name. */
export function renderSummary(run: RunSummary, options: { readonly color: boolean }): string {
  const paint = new Ansis(options.color ? 1 : 0);
  const { checked, rejected, skipped, warnings = 0 } = run;
  const standings = checked.map((model) => ({ model, standing: standingOf(model.result) }));
  const wrong = standings.filter(({ standing }) => standing === 'notAsExpected' || standing === 'refused');
  const stopped = standings.filter(({ standing }) => standing === 'stopped');
  const states = checked.reduce((sum, { result }) => sum + result.statistics.distinct, 0);
  const specs = new Set(checked.map(({ path, result }) => `${path}\0${result.spec}`)).size;
  const amount = `${counted(checked.length, 'model')} of ${counted(specs, 'spec')}`;
  const cost = paint.dim(` (${counted(states, 'state')}, ${formatDuration(run.elapsed)})`);

  if (wrong.length + stopped.length + rejected.length + skipped + warnings === 0) {
    return `${paint.green('✓')} ${amount}, all as expected${cost}`;
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
  return lines.join('\n');
}
