import { Ansis } from 'ansis';
import { cut, layOut } from '../../dsl/diagnostics/source-line.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { formatParameters, markOf, sizeOf, timeOf } from './text.ts';
import type { CheckedModel, TextOptions } from './text-options.ts';
import type { SpecLayout } from './text.ts';
import { counted, formatCount, formatDuration } from './wording.ts';

/** A model that is as expected, on one line: its size, and what came out. */
export function renderModelLine({ result }: CheckedModel, layout: SpecLayout, options: TextOptions): string {
  const paint = new Ansis(options.color ? 1 : 0);
  const { columns, sweeping, varying } = layout;
  const { statistics } = result;
  const isNarrow = columns.parameters <= NARROW;
  const settings = formatParameters(result.parameters, isNarrow ? varying : sweeping);
  const name = result.model.padEnd(columns.model);
  const given = settings === '' ? '' : `  ${settings.padEnd(isNarrow ? columns.parameters : 0)}`;
  const size = sizeOf(statistics).padStart(17);
  const time = formatDuration(timeOf(result)).padStart(9);
  const rest = `${given} ${size} ${time}`;
  const engine = statistics.engineNote === undefined ? '' : `, ${statistics.engine}`;
  const outcomes = shortened(
    wordOutcomes(result.verdicts) + engine,
    options.width - layOut(`  ✓ ${name}${rest}  `).width,
  );
  return `  ${markOf(result, paint)} ${paint.bold(name)}${paint.dim(rest)}  ${outcomes}`;
}

/** Cells of parameters that a line has room for. */
const NARROW = 24;

/** A spec all of whose models are as expected, on one line. `column`: cells for the name. */
export function renderSpecLine(
  models: readonly CheckedModel[],
  spec: string,
  column: number,
  options: TextOptions,
): string {
  const paint = new Ansis(options.color ? 1 : 0);
  const total = (of: (one: CheckedModel) => number): number => models.reduce((sum, one) => sum + of(one), 0);
  const name = spec + ' '.repeat(Math.max(0, column - layOut(spec).width));
  const size = [
    counted(models.length, 'model').padStart(9),
    counted(
      total(({ result }) => result.statistics.distinct),
      'state',
    ).padStart(16),
    formatDuration(total(({ result }) => timeOf(result))).padStart(9),
  ].join(' ');
  // The end of a path tells more than its beginning.
  const path = endOf(models[0]!.path, options.width - column - size.length - 6);
  return `${paint.green('✓')} ${paint.bold(name)} ${paint.dim(`${size}  ${path}`)}`;
}

/** `6 hold, 2 violated: delivered, sentLeadsToReceived`. */
function wordOutcomes(verdicts: readonly Verdict[]): string {
  const of = (kind: Verdict['outcome']['kind']): readonly Verdict[] =>
    verdicts.filter(({ outcome }) => outcome.kind === kind);
  const [holding, violated] = [of('holds').length, of('violated')];
  return [
    ...(holding === 0 ? [] : [holding === 1 ? '1 holds' : `${formatCount(holding)} hold`]),
    ...(['reached', 'unreachable', 'bounded'] as const).flatMap((kind) => {
      const amount = of(kind).length;
      return amount === 0 ? [] : [`${formatCount(amount)} ${kind}`];
    }),
    ...(violated.length === 0
      ? []
      : [`${formatCount(violated.length)} violated: ${violated.map(wordViolated).join(', ')}`]),
  ].join(', ');
}

function wordViolated({ kind, name }: Verdict): string {
  return kind === 'evaluation' ? 'a step fails' : name;
}

function shortened(text: string, width: number): string {
  const line = layOut(text);
  if (line.width <= width) return text;
  return width < 1 ? '' : `${cut(line, 0, width - 1)}…`;
}

function endOf(text: string, width: number): string {
  const line = layOut(text);
  if (line.width <= width) return text;
  return width < 1 ? '' : `…${cut(line, line.width - width + 1, line.width)}`;
}
