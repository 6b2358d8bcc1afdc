import { Ansis } from 'ansis';
import { renderFrame } from '../../dsl/diagnostics/frame.ts';
import type { ObjectValue } from '../../dsl/ir/index.ts';
import { equalValues, formatValue } from '../../dsl/ir/index.ts';
import type { Trace } from '../counterexample/behavior.ts';
import type { CheckResult, Verdict } from '../verdict/verdict.ts';
import { renderCoverage } from './coverage.ts';
import { standingOf } from './standing.ts';
import { renderStory, renderTrace } from './trace-text.ts';
import { counted, formatCount, formatDuration, nameOf, wordCut, wordReduction } from './wording.ts';
import { wrap } from './wrap.ts';
import type { CheckedModel, TextOptions } from './text-options.ts';
import { wordRefusal } from '../plan/refusal.ts';
import { isSameStep } from '../plan/step-name.ts';

/**
 * One model as text: its counts, its properties by what came out, then the counterexamples. Warnings are reported
 * all models together (`warning-text.ts`).
 *
 * @param layout - of the models of its spec.
 */
export function renderModel(checked: CheckedModel, layout: SpecLayout, options: TextOptions): string {
  const paint = new Ansis(options.color ? 1 : 0);
  const { result } = checked;
  const lines = [headLine(checked, layout, paint)];
  if (checked.changed.length > 0) {
    const names = checked.changed.join(', ');
    lines.push(paint.dim(`      ${names} not as declared: every property is expected to hold`));
  }
  if (checked.fairness !== undefined) {
    const names = checked.fairness.length === 0 ? 'without fairness' : `under ${checked.fairness.join(', ')}`;
    lines.push(paint.dim(`      ${names}: every temporal property is expected to hold`));
  }
  const { cut } = result.statistics;
  if (cut?.kind === 'simulation') lines.push(paint.dim(`      ${wordCut(cut)}`));
  for (const refusal of result.refusals) {
    lines.push(`    ${paint.red('✗')} cannot be checked: ${wordRefusal(refusal)}`);
    lines.push(...indent(renderFrame([{ span: refusal.span, text: '', mark: '^' }], checked.files, options), 6));
  }
  lines.push(...outcomeLines(checked, options, paint));
  const mismatch = result.distinctMismatch;
  if (mismatch !== undefined) {
    const [expected, actual] = [formatCount(mismatch.expected), formatCount(mismatch.actual)];
    lines.push(`    ${paint.red('✗')} ${actual} distinct states, but the model says ${expected}`);
  }
  lines.push(...adviceLines(result, options, paint));
  if (options.coverage === true) lines.push(...renderCoverage(checked, options));
  const reduced = wordReduction(result.reduction);
  if (reduced !== undefined) lines.push(paint.dim(`      ${reduced}`));
  const { engine, engineNote } = result.statistics;
  if (engineNote !== undefined) lines.push(paint.dim(`      engine: ${engine}, because ${engineNote}`));
  const told: Told[] = [];
  for (const verdict of result.verdicts) {
    const { outcome } = verdict;
    if (outcome.kind !== 'violated' && outcome.kind !== 'reached') continue;
    const wanted = options.traces === 'all' || (options.traces === 'violations' && outcome.kind === 'violated');
    if (!wanted && verdict.asExpected) continue;
    const same = told.find(({ trace }) => haveSameSteps(trace, outcome.trace));
    const inside = { ...options, width: options.width - INDENT, sameAs: same?.name };
    lines.push('', ...indent(renderTrace(verdict, outcome, checked.files, inside), INDENT));
    told.push({ name: verdict.kind === 'deadlock' ? 'the deadlock' : verdict.name, trace: outcome.trace });
  }
  return lines.join('\n');
}

/** How far traces are set in. */
const INDENT = 4;

/** A trace that has been shown, and for what. */
interface Told {
  readonly name: string;
  readonly trace: Trace;
}

/** Whether two traces are the same but for how they go on: a deadlock, and a property that starves in it. */
function haveSameSteps(left: Trace, right: Trace): boolean {
  const loops = ({ loop, steps }: Trace): boolean => loop !== undefined && loop < steps.length;
  return (
    !loops(left) &&
    !loops(right) &&
    left.steps.length === right.steps.length &&
    left.steps.every((step, index) => isSameStep(step, right.steps[index]!))
  );
}

/** How the models of one spec are listed together. */
export interface SpecLayout {
  /** Parameters that are the same in all models stand in the heading; the others beside each model. */
  readonly constant: ObjectValue;
  readonly varying: readonly string[];
  /** Those by which models of one name differ: there are several where a parameter has several values in turn. */
  readonly sweeping: readonly string[];
  /** Cells for the names of models, and for their parameters. */
  readonly columns: { readonly model: number; readonly parameters: number };
}

/** Lays out the models of one spec. */
export function layOutSpec(
  models: readonly { readonly model: string; readonly parameters: ObjectValue }[],
): SpecLayout {
  const names = Object.keys(models[0]?.parameters ?? {});
  const isConstant = (name: string): boolean =>
    models.every(({ parameters }) => equalValues(parameters[name], models[0]!.parameters[name]));
  const varying = names.filter((name) => !isConstant(name));
  const sweeping = varying.filter((name) =>
    models.some(({ model, parameters }) => {
      const first = models.find((other) => other.model === model)!;
      return !equalValues(parameters[name], first.parameters[name]);
    }),
  );
  return {
    constant: Object.fromEntries(names.filter(isConstant).map((name) => [name, models[0]!.parameters[name]])),
    varying,
    sweeping,
    columns: {
      model: Math.max(0, ...models.map(({ model }) => model.length)),
      parameters: Math.max(0, ...models.map(({ parameters }) => formatParameters(parameters, varying).length)),
    },
  };
}

/** A spec's name, its file, and the parameters that are the same in all its models; to stand above them. */
export function renderSpecHeading(path: string, spec: string, layout: SpecLayout, options: TextOptions): string {
  const paint = new Ansis(options.color ? 1 : 0);
  const constant = formatParameters(layout.constant, Object.keys(layout.constant));
  return `${paint.bold(spec)}  ${paint.dim(path)}${constant === '' ? '' : `  ${paint.dim(constant)}`}`;
}

/** `rings=2 notify=unlocked`. */
export function formatParameters(parameters: ObjectValue, names: readonly string[]): string {
  return names.map((name) => `${name}=${formatValue(parameters[name])}`).join(' ');
}

function headLine({ result }: CheckedModel, { columns, varying }: SpecLayout, paint: Ansis): string {
  const { statistics } = result;
  const time = formatDuration(timeOf(result));
  const counts = [
    sizeOf(statistics).padStart(16),
    `${formatCount(statistics.transitions).padStart(10)} transitions`,
    `depth ${formatCount(statistics.depth).padStart(3)}`,
    time.padStart(7),
  ].join('  ');
  const name = paint.bold(result.model) + ' '.repeat(Math.max(0, columns.model - result.model.length));
  const settings = formatParameters(result.parameters, varying).padEnd(columns.parameters);
  return `  ${markOf(result, paint)} ${name}  ${settings === '' ? '' : `${settings}  `}${paint.dim(counts)}`;
}

/** `554,221 states`; `32,072 of 554,221 states` where so many were kept for all. */
export function sizeOf({ distinct, kept, isReduced }: CheckResult['statistics']): string {
  if (isReduced === true) return `${formatCount(distinct)} explored`;
  const part = kept === undefined || kept === distinct ? '' : `${formatCount(kept)} of `;
  return `${part}${formatCount(distinct)} ${distinct === 1 ? 'state ' : 'states'}`;
}

/** Milliseconds that it took to search a model and to judge its properties. */
export function timeOf({ statistics }: CheckResult): number {
  return statistics.searchTime + statistics.livenessTime;
}

/** The sign of how a model stands, in its color. */
export function markOf(result: CheckResult, paint: Ansis): string {
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

/** What is as expected on one line for each outcome, with the violations apart; then what is not, each on its own. */
function outcomeLines(checked: CheckedModel, options: TextOptions, paint: Ansis): string[] {
  const { verdicts } = checked.result;
  const lines: string[] = [];
  const expected = verdicts.filter((verdict) => verdict.asExpected);
  for (const kind of ['holds', 'reached', 'unreachable', 'bounded'] as const) {
    const of = expected.filter(({ outcome }) => outcome.kind === kind);
    const names = of.filter(({ vacuous }) => vacuous === undefined).map(nameOf);
    if (names.length > 0) lines.push(...wrap(`      ${label(kind, paint.green)}`, names, ', ', options.width));
    // What holds because nothing happens that it is about is no result.
    const idle = of.filter(({ vacuous }) => vacuous !== undefined).map(nameOf);
    if (idle.length > 0) lines.push(...wrap(`      ${label('vacuous', paint.yellow)}`, idle, ', ', options.width));
  }
  if (checked.result.deadlocks === 'ignored') lines.push(`      ${paint.dim('not judged')}   deadlock`);
  const told: Told[] = [];
  for (const verdict of expected) {
    if (verdict.outcome.kind !== 'violated') continue;
    const { trace } = verdict.outcome;
    const same = told.some((other) => haveSameSteps(other.trace, trace));
    const again = options.traces === 'unexpected' && same ? ' (the same steps)' : '';
    lines.push(`      ${label('violated', paint.green)}${violatedName(verdict)}${paint.dim(`, as expected${again}`)}`);
    if (options.traces === 'unexpected' && !same) {
      const story = wrap(' '.repeat(LABEL + 6), renderStory(trace), '', options.width);
      lines.push(...story.map((line) => paint.dim(line)));
    }
    told.push({ name: verdict.name, trace });
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

/** A table of what fairness each temporal property needs, when that was asked for. */
function adviceLines({ advice = [] }: CheckResult, options: TextOptions, paint: Ansis): string[] {
  const column = Math.max(0, ...advice.map(({ property }) => property.length));
  return advice.flatMap(({ property, kind, assumptions }, index) => {
    const label = index === 0 ? `${paint.cyan('advice')}       ` : ' '.repeat(LABEL);
    const start = `      ${label}${property.padEnd(column)} `;
    const names = assumptions.map(({ strength, name, set, when, isMadeStrong }) => {
      if (isMadeStrong === true) return `${strength} ${name} (${set!}, which assumes strong)`;
      if (when === undefined) return `${strength} ${name}`;
      return set === undefined ? `${strength} ${name} when ${when}` : `${strength} ${name} (${set})`;
    });
    switch (kind) {
      case 'needs':
        return names.length === 0 ? [`${start}needs no fairness`] : wrap(`${start}needs `, names, ', ', options.width);
      case 'add': {
        const isUnpromised = assumptions.some((one) => one.isUnpromised === true);
        const only = isUnpromised ? 'would hold only with what no fairness of the spec is about: ' : 'would hold with ';
        return wrap(`${start}${only}`, names, ', ', options.width);
      }
      case 'none':
        return [`${start}would not hold with any fairness of actions or processes`];
    }
  });
}

const LABEL = 13;

function label(kind: Verdict['outcome']['kind'] | 'vacuous', color: (text: string) => string): string {
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

function indent(lines: readonly string[], by: number): string[] {
  return lines.map((line) => (line === '' ? '' : ' '.repeat(by) + line));
}
