import type { Ansis } from 'ansis';
import type { SourceFile } from '../../dsl/diagnostics/span.ts';
import { positionAt, textOf } from '../../dsl/diagnostics/span.ts';
import { formatPlace, formatValue } from '../../dsl/ir/index.ts';
import type { FairnessEvidence, Hindrance, Trace } from '../counterexample/behavior.ts';
import { formatActor, formatAssumption } from '../plan/step-name.ts';
import { wordCure } from '../counterexample/cure-words.ts';
import type { StepsOptions } from './trace-steps.ts';
import { wordsIn } from './words.ts';
import { wordTaken } from './wording.ts';
import { wrap } from './wrap.ts';

/**
 * Why a behavior that goes on forever is fair: what is done, and what cannot be done because this part of a guard is
 * false; then what would have to be assumed to exclude it.
 */
export function fairnessLines(
  trace: Trace,
  files: readonly SourceFile[],
  { width, full }: Pick<StepsOptions, 'width' | 'full'>,
  paint: Ansis,
): string[] {
  const evidence = trace.fairness ?? [];
  if (evidence.length === 0) {
    return [
      '',
      paint.dim('     No fairness is assumed, so nothing has to go on; fairness(weak(…)) says what has to.'),
      ...unfairLines(trace, width, paint),
    ];
  }
  const stutters = trace.loop === trace.steps.length;
  const groups = new Map<string, Group>(); // most are kept from happening by the same
  for (const { strength, about, evidence: found } of evidence.toSorted((left, right) => rankOf(left) - rankOf(right))) {
    const name = formatAssumption(about);
    const why = wordEvidence(found, stutters);
    // Why a thread that waits has no step is said where it is said who waits.
    const isSaid = full !== true && trace.waitsFor?.waits.some(({ who }) => formatActor(who) === name) === true;
    const because = found.kind === 'taken' || isSaid ? [] : becauseLines(found.because, files, width, paint);
    const key = [why, strength, ...because].join('\0');
    const group = groups.get(key) ?? { why, strength, names: [], because };
    group.names.push(name);
    groups.set(key, group);
  }
  const met = '     Every fairness assumption is met:';
  const [only, ...others] = groups.values();
  if (only !== undefined && others.length === 0 && only.because.length === 0) {
    const [first, ...more] = only.names;
    const names = wrap('     ', [`${met.trim()} ${only.why}: ${only.strength} ${first}`, ...more], ', ', width);
    return ['', ...names.map((row) => paint.dim(row)), ...unfairLines(trace, width, paint)];
  }
  const column = Math.max(...[...groups.values()].map(({ why }) => why.length));
  const rows = [...groups.values()].flatMap(({ why, strength, names, because }) => [
    ...wrap(`       ${why.padEnd(column)}  ${strength.padEnd(6)} `, names, ', ', width).map((row) => paint.dim(row)),
    ...because,
  ]);
  return ['', paint.dim(met), ...rows, ...unfairLines(trace, width, paint)];
}

interface Group {
  readonly why: string;
  readonly strength: string;
  readonly names: string[];
  readonly because: readonly string[];
}

/** The line of the source with the false part of a guard underlined, and the values that make it false. */
function becauseLines(
  because: Hindrance | undefined,
  files: readonly SourceFile[],
  width: number,
  paint: Ansis,
): readonly string[] {
  const file = because && files[because.span.file];
  if (because === undefined || file === undefined || because.reads.length === 0) return [];
  const { start } = because.span;
  const from = file.text.lastIndexOf('\n', start - 1) + 1;
  const end = file.text.indexOf('\n', from);
  const line = file.text.slice(from, end < 0 ? undefined : end).trimEnd();
  const indent = line.length - line.trimStart().length;
  const part = textOf(files, because.span).split('\n')[0]!;
  const room = Math.max(20, width - MARGIN.length - 4);
  const source = line.trimStart();
  const column = start - from - indent;
  if (room < column + 4) return [];
  const shown = source.length > room ? `${source.slice(0, room - 1)}…` : source;
  const mark = '^'.repeat(Math.max(1, Math.min(part.length, room - column)));
  const values = because.reads.map(({ place: read, value }) => `${formatPlace(read)}: ${formatValue(value)}`);
  const underlined = `${MARGIN}${' '.repeat(column)}${paint.red(mark)}`;
  const isShort = column + mark.length + 1 + values.join(', ').length <= room;
  const where = `${file.path}:${positionAt(file.text, start).line}`;
  const place = shown.length + where.length + 2 <= room ? `  ${where}` : '';
  return [
    paint.dim(`${MARGIN}${shown}${place}`),
    ...(isShort ? [`${underlined} ${values.join(', ')}`] : [underlined, ...wrap(MARGIN, values, ', ', width)]),
  ];
}

const MARGIN = '           ';

/** What would have to be assumed for the property to hold, and what excludes this behavior only. */
function unfairLines(trace: Trace, width: number, paint: Ansis): string[] {
  return wordCure(trace).flatMap((pieces) => wrap('     ', wordsIn(pieces), ' ', width).map((line) => paint.dim(line)));
}

/** First what is done, in the order of the steps, then what cannot be done. */
function rankOf({ evidence }: FairnessEvidence): number {
  switch (evidence.kind) {
    case 'taken':
      return evidence.step;
    case 'disabled':
      return 1e9 + evidence.state;
    case 'neverEnabled':
      return 2e9;
  }
}

function wordEvidence(evidence: FairnessEvidence['evidence'], stutters: boolean): string {
  switch (evidence.kind) {
    case 'taken':
      return wordTaken(evidence);
    case 'disabled':
      return stutters
        ? 'not enabled'
        : `disabled ${evidence.state === 0 ? 'initially' : `after step ${evidence.state}`}`;
    case 'neverEnabled':
      return stutters ? 'not enabled' : 'never enabled in the loop';
  }
}
