import { Ansis } from 'ansis';
import { renderFrame } from '../../dsl/diagnostics/frame.ts';
import type { SourceFile } from '../../dsl/diagnostics/span.ts';
import { positionAt } from '../../dsl/diagnostics/span.ts';
import type { ObjectValue } from '../../dsl/ir/index.ts';
import { formatValue } from '../../dsl/ir/index.ts';
import type { CheckResult, Verdict, Warning } from '../verdict/verdict.ts';
import { renderStory, renderTrace } from './trace-text.ts';
import { counted, formatCount, formatDuration, nameOf, wordCut } from './wording.ts';

/** A model that was checked, with what a report needs beside the result. */
export interface CheckedModel {
  /** Of the spec, as the user would write it. */
  readonly path: string;
  /** What the spans of the result point into. */
  readonly files: readonly SourceFile[];
  readonly result: CheckResult;
  /** Parameters that were given another value than the model declares; then its expectations do not apply. */
  readonly changed: readonly string[];
}

export interface TextOptions {
  readonly color: boolean;
  /** Cells in a line. */
  readonly width: number;
  /**
   * Which traces are shown step by step, beside those that are not expected: none, counterexamples that are expected,
   * also witnesses of what is reached. Other counterexamples are told in a line or two.
   */
  readonly traces: 'unexpected' | 'violations' | 'all';
  /** Cells to leave for the model's name and for its parameters, so that the models of a spec line up. */
  readonly columns?: { readonly model: number; readonly parameters: number };
}

const WARNINGS_SHOWN = 5;

/** One model as text: its counts, its properties by what came out, then the counterexamples. */
export function renderModel(checked: CheckedModel, options: TextOptions): string {
  const paint = new Ansis(options.color ? 1 : 0);
  const { result } = checked;
  const lines = [headLine(checked, options, paint)];
  if (checked.changed.length > 0) {
    const names = checked.changed.join(', ');
    lines.push(paint.dim(`      ${names} not as declared: every property is expected to hold`));
  }
  for (const failure of result.refusals) {
    lines.push(`    ${paint.red('✗')} cannot be checked: ${failure.message}`);
    lines.push(...indent(renderFrame([{ span: failure.span, text: '', mark: '^' }], checked.files, options), 6));
  }
  lines.push(...outcomeLines(checked, options, paint));
  const mismatch = result.distinctMismatch;
  if (mismatch !== undefined) {
    const [expected, actual] = [formatCount(mismatch.expected), formatCount(mismatch.actual)];
    lines.push(`    ${paint.red('✗')} ${actual} distinct states, but the model says ${expected}`);
  }
  const { engineNote } = result.statistics;
  if (engineNote !== undefined) lines.push(paint.dim(`      engine: interpreted, because ${engineNote}`));
  lines.push(...warningLines(result.warnings, checked.files, paint));
  for (const verdict of result.verdicts) {
    const { outcome } = verdict;
    if (outcome.kind !== 'violated' && outcome.kind !== 'reached') continue;
    const wanted = options.traces === 'all' || (options.traces === 'violations' && outcome.kind === 'violated');
    if (wanted || !verdict.asExpected) {
      lines.push('', ...indent(renderTrace(verdict, outcome, checked.files, options), 4));
    }
  }
  return lines.join('\n');
}

/** A spec's name and file, above its models. */
export function renderSpecHeading(path: string, spec: string, options: TextOptions): string {
  const paint = new Ansis(options.color ? 1 : 0);
  return `${paint.bold(spec)} ${paint.dim(path)}`;
}

/** `rings=2 notify=unlocked`. */
export function formatParameters(parameters: ObjectValue): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name}=${formatValue(value)}`)
    .join(' ');
}

function headLine({ result }: CheckedModel, options: TextOptions, paint: Ansis): string {
  const { statistics } = result;
  const { model = 0, parameters = 0 } = options.columns ?? {};
  const time = formatDuration(statistics.searchTime + statistics.livenessTime);
  const counts = [
    `${formatCount(statistics.distinct).padStart(9)} ${statistics.distinct === 1 ? 'state ' : 'states'}`,
    `${formatCount(statistics.transitions).padStart(10)} transitions`,
    `depth ${formatCount(statistics.depth).padStart(3)}`,
    time.padStart(7),
  ].join('  ');
  const name = paint.bold(result.model) + ' '.repeat(Math.max(0, model - result.model.length));
  const settings = formatParameters(result.parameters).padEnd(parameters);
  return `  ${markOf(result, paint)} ${name}  ${settings === '' ? '' : `${settings}  `}${paint.dim(counts)}`;
}

function markOf(result: CheckResult, paint: Ansis): string {
  switch (standingOf(result)) {
    case 'asExpected':
      return paint.green('✓');
    case 'notAsExpected':
    case 'refused':
      return paint.red('✗');
    case 'stopped':
      return paint.yellow('?');
  }
}

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

/** What is as expected on one line for each outcome, with the violations apart; then what is not, each on its own. */
function outcomeLines(checked: CheckedModel, options: TextOptions, paint: Ansis): string[] {
  const { verdicts } = checked.result;
  const lines: string[] = [];
  const expected = verdicts.filter((verdict) => verdict.asExpected);
  for (const kind of ['holds', 'reached', 'unreachable', 'bounded'] as const) {
    const names = expected.filter(({ outcome }) => outcome.kind === kind).map(nameOf);
    if (names.length > 0) lines.push(...wrap(`      ${label(kind, paint.green)}`, names, ', ', options.width));
  }
  for (const verdict of expected) {
    if (verdict.outcome.kind !== 'violated') continue;
    lines.push(`      ${label('violated', paint.green)}${violatedName(verdict)}${paint.dim(', as expected')}`);
    if (options.traces === 'unexpected') {
      lines.push(
        ...wrap(' '.repeat(LABEL + 6), renderStory(verdict.outcome.trace), '', options.width).map((l) => paint.dim(l)),
      );
    }
  }
  for (const verdict of verdicts) {
    if (verdict.asExpected) continue;
    const { outcome } = verdict;
    if (outcome.kind === 'bounded') continue;
    const name = outcome.kind === 'violated' ? violatedName(verdict) : nameOf(verdict);
    const builtIn = verdict.kind === 'deadlock' || verdict.kind === 'evaluation';
    const none = builtIn && outcome.kind === 'violated';
    const contrast = none ? 'none is expected' : `is expected to ${wordExpected(verdict)}`;
    const message = outcome.kind === 'error' ? `: ${outcome.message}` : `, but ${contrast}`;
    lines.push(`    ${paint.red('✗')} ${label(outcome.kind, paint.red)}${name}${message}`);
  }
  const open = verdicts.filter((verdict) => !verdict.asExpected && verdict.outcome.kind === 'bounded');
  if (open.length > 0) {
    const start = `    ${paint.yellow('?')} ${label('bounded', paint.yellow)}`;
    lines.push(...wrap(start, open.map(nameOf), ', ', options.width));
    const cut = checked.result.statistics.cut;
    if (cut !== undefined) lines.push(paint.dim(`${' '.repeat(LABEL + 6)}nothing found; ${wordCut(cut)}`));
  }
  return lines;
}

const LABEL = 13;

function label(kind: Verdict['outcome']['kind'], color: (text: string) => string): string {
  return color(kind) + ' '.repeat(LABEL - kind.length);
}

function violatedName(verdict: Verdict): string {
  if (verdict.outcome.kind !== 'violated') return nameOf(verdict);
  const { trace } = verdict.outcome;
  const steps = counted(trace.steps.length, 'step');
  if (verdict.kind === 'deadlock') return `deadlock after ${steps}`;
  if (verdict.kind === 'evaluation') return `a step fails after ${steps}`;
  if (trace.loop === undefined) return `${verdict.name} after ${steps}`;
  if (trace.loop === trace.steps.length) return `${verdict.name}: ${steps}, then stuttering forever`;
  return `${verdict.name}: ${steps}, of which ${formatCount(trace.steps.length - trace.loop)} forever`;
}

function wordExpected(verdict: Verdict): string {
  switch (verdict.expected) {
    case 'holds':
      return 'hold';
    case 'violated':
      return 'be violated';
    case 'reached':
      return 'be reached';
    case 'unreachable':
      return 'be unreachable';
    case 'any':
      return 'be anything';
  }
}

function warningLines(warnings: readonly Warning[], files: readonly SourceFile[], paint: Ansis): string[] {
  const lines = warnings.slice(0, WARNINGS_SHOWN).map((warning) => {
    const file = files[warning.span.file];
    const place = file ? ` (${file.path}:${positionAt(file.text, warning.span.start).line})` : '';
    return `      ${paint.yellow('warning')}      ${warning.message}${paint.dim(place)}`;
  });
  const more = warnings.length - WARNINGS_SHOWN;
  return more > 0 ? [...lines, `      ${paint.yellow('warning')}      and ${formatCount(more)} more`] : lines;
}

/** Items after a label, over as many lines as they need, each under the first. */
function wrap(start: string, items: readonly string[], separator: string, width: number): string[] {
  const margin = new Ansis(0).strip(start).length;
  const lines: string[] = [];
  let line = '';
  items.forEach((item, index) => {
    const piece = index === items.length - 1 ? item : item + separator;
    if (line !== '' && margin + line.length + piece.length > width) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += piece;
  });
  lines.push(line);
  return lines.map((text, index) => (index === 0 ? start : ' '.repeat(margin)) + text);
}

function indent(lines: readonly string[], by: number): string[] {
  return lines.map((line) => (line === '' ? '' : ' '.repeat(by) + line));
}
