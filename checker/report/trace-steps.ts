import type { Ansis } from 'ansis';
import type { SourceFile } from '../../dsl/diagnostics/span.ts';
import { equalValues, formatValue } from '../../dsl/ir/index.ts';
import type { Trace, TraceStep } from '../counterexample/behavior.ts';
import { formatChange, isGoto } from '../counterexample/change.ts';
import { plain } from '../counterexample/piece.ts';
import type { Piece } from '../counterexample/piece.ts';
import { wordDecisions, wordNextWait, wordRefused } from '../counterexample/step-words.ts';
import { formatActor, formatStep } from '../plan/step-name.ts';
import { toldState } from '../counterexample/unused-locals.ts';
import { LONG_TRACE } from '../verdict/read-variables.ts';
import { counted, wordIdle } from './wording.ts';
import { wordsIn } from './words.ts';
import { wrap } from './wrap.ts';

export interface StepsOptions extends StateOptions {
  /** What steps read and wait for is shown as it is written there. */
  readonly files: readonly SourceFile[];
}

interface StateOptions {
  /** Cells in a line. */
  readonly width: number;
  /** Leave nothing out. */
  readonly full?: boolean | undefined;
}

/**
 * A trace step by step: each with its action and only what it changed. Unless all is asked for, a step does not say where
 * its own thread goes on, which the next step of the thread does; states that take many lines leave out what stays as it
 * is in all the trace; and of a long trace only those steps are reported that matter for what it shows.
 */
export function stepLines(trace: Trace, options: StepsOptions, paint: Ansis): string[] {
  if (trace.states.length === 0) return [];
  const told = toldSteps(trace, options.full === true);
  const labels = told.flatMap((one) => (typeof one === 'number' ? [formatStep(trace.steps[one]!).length] : []));
  const column = Math.min(Math.max(...labels, 'initially'.length), 32);
  const lines = stateLines(trace, 0, options, paint, `${number(0)}  ${'initially'.padEnd(column)}  `);
  const isIn = (index: number): boolean => trace.loop !== undefined && trace.loop <= index;
  const last = new Map(trace.steps.map((step, index) => [actorIn(step), index]));
  for (const one of told) {
    if (typeof one === 'number') {
      if (one === trace.loop) lines.push(paint.cyan('     ┌─ loop'));
      lines.push(
        ...stepRows(trace.steps[one]!, one, {
          options,
          paint,
          column,
          bar: isIn(one) ? paint.cyan('│') : ' ',
          isLast: last.get(actorIn(trace.steps[one]!)) === one,
        }),
      );
      continue;
    }
    // What is left out may begin before the loop and end in it.
    const { from, to } = one;
    const starts = trace.loop !== undefined && from <= trace.loop && trace.loop < to;
    if (starts) lines.push(paint.cyan('     ┌─ loop'));
    const bar = starts || isIn(from) ? paint.cyan('│') : ' ';
    lines.push(
      `     ${bar} ${paint.dim(`… ${counted(to - from, 'step')}, which --traces full tells: ${namesIn(trace, one)}`)}`,
    );
  }
  if (trace.loop === trace.steps.length) {
    lines.push(paint.cyan(STUTTERING));
  } else if (trace.loop !== undefined) {
    const back = trace.loop === 0 ? 'the initial state' : `the state after step ${trace.loop}`;
    const but = trace.grown === undefined ? '' : `, but for values of ${trace.grown.join(' and ')} that have grown`;
    lines.push(paint.cyan(`     └─ back to ${back}${but}, and so on forever`));
  }
  return lines;
}

export const STUTTERING = '     ↻ stuttering forever: nothing is forced to happen';

interface Row {
  readonly options: StepsOptions;
  readonly paint: Ansis;
  readonly column: number;
  readonly bar: string;
  /** Whether it is the last step of its thread. */
  readonly isLast: boolean;
}

function stepRows(step: TraceStep, index: number, { options, paint, column, bar, isLast }: Row): readonly string[] {
  const name = formatStep(step);
  const shown = options.full === true ? step.changes : step.changes.filter((change) => !isGoto(step, change));
  const pieces = shown.map(formatChange);
  const goes = step.changes.find((change) => isGoto(step, change));
  const isSaid = options.full === true || goes === undefined;
  if (pieces.length === 0 && isSaid) pieces.push('nothing changes');
  pieces.push(...(step.idle ?? []).map(wordIdle));
  // Where a thread goes on is what its next step says.
  if (!isSaid && (pieces.length === 0 || isLast)) pieces.push(`→ ${formatValue(goes.to)}`);
  const margin = 7 + column + 2;
  const rows = withNotes(fit(pieces, options.width - margin), notesOn(step, options, isLast), options.width - margin);
  return rows.map((row, part) => {
    const head = part === 0 ? `${number(index + 1)}${bar} ` : `     ${bar} `;
    const shownName =
      part === 0 ? paint.bold(name) + ' '.repeat(Math.max(0, column - name.length)) : ' '.repeat(column);
    return `${head}${shownName}  ${row}`;
  });
}

/** What is said of a step beside what it changes. */
interface Note {
  readonly words: readonly string[];
  /** Whether it is worth a line of its own, where not all is asked for. */
  readonly isNeeded: boolean;
}

/** What a step did not get, why its thread went where it went, and that it cannot go on there. */
function notesOn(step: TraceStep, { files, full }: StepsOptions, isLast: boolean): readonly Note[] {
  const { refused = [], waitsNext, goto } = step;
  // Why a step outside of processes is possible at all its guard says.
  const reasons = goto === undefined && full !== true ? [] : wordDecisions(step, files);
  // What a thread waits for in the end is reported below.
  const wait = waitsNext === undefined || (isLast && full !== true) ? [] : wordsIn(wordNextWait(waitsNext, files));
  const isNeeded = full === true;
  return [
    ...refused.map((subject) => ({ words: wordsIn(wordRefused(subject)), isNeeded: true })),
    ...(reasons.length === 0 ? [] : [{ words: ['because', ...wordsIn(withBetween(reasons, ' and '))], isNeeded }]),
    ...(wait.length === 0 ? [] : [{ words: ['there', 'it', ...wait], isNeeded }]),
  ];
}

function withBetween(clauses: readonly (readonly Piece[])[], between: string): readonly Piece[] {
  return clauses.flatMap((clause, index) => (index === 0 ? clause : [plain(between), ...clause]));
}

/** Each note after what is there already if it fits; else those that are needed below. */
function withNotes(rows: readonly string[], notes: readonly Note[], width: number): readonly string[] {
  return notes.reduce<readonly string[]>((before, { words, isNeeded }) => {
    const whole = `${before.at(-1)!}, ${words.join(' ')}`;
    if (whole.length <= width) return [...before.slice(0, -1), whole];
    return isNeeded ? [...before, ...wrap('', words, ' ', width)] : before;
  }, rows);
}

/** Changes beside each other as long as they fit. */
function fit(pieces: readonly string[], width: number): readonly string[] {
  return wrap('', pieces, ', ', width);
}

/** A state of a trace. One that would take many lines is reported without what is the same in all states. */
export function stateLines(
  trace: Trace,
  index: number,
  options: StateOptions,
  paint: Ansis,
  start = '     ',
): string[] {
  const state = toldState(trace, index);
  const names = Object.keys(state);
  const rows = (shown: readonly string[], ...more: readonly string[]): string[] => {
    const pieces = shown.map((name) => `${name}: ${formatValue(state[name])}`);
    return pieces.length + more.length === 0 ? [] : wrap(start, [...pieces, ...more], ', ', options.width);
  };
  const whole = rows(names);
  if (options.full === true || whole.length <= FEW_LINES) return whole;
  const changing = names.filter((name) => changesIn(trace, name));
  const left = names.length - changing.length;
  const some = rows(
    changing,
    ...(left === 0 ? [] : [paint.dim(`and ${left} that ${left === 1 ? 'stays' : 'stay'} so`)]),
  );
  if (some.length <= FEW_LINES) return some;
  return rows([], paint.dim(`${counted(names.length, 'variable')}, which --traces full lists`));
}

const FEW_LINES = 4;

function changesIn({ states }: Trace, name: string): boolean {
  return states.some((state, index) => 0 < index && !equalValues(state[name], states[0]![name]));
}

/** Steps that are left out, from an index up to another that is not. */
interface Gap {
  readonly from: number;
  readonly to: number;
}

/** Of a long trace so many steps of the beginning and of the end are reported in any case, and so many in all at most. */
const HEAD = 3;
const TAIL = 12;
const MOST = 60;

function toldSteps(trace: Trace, isFull: boolean): readonly (number | Gap)[] {
  const count = trace.steps.length;
  const all = Array.from({ length: count }, (_, index) => index);
  if (isFull || count < LONG_TRACE) return all;
  const reads = new Set(trace.reads);
  const matters = all.filter((index) => {
    if (index < HEAD || count - TAIL <= index || index === trace.loop) return true;
    const [from, to] = [trace.states[index]!, trace.states[index + 1]!];
    return [...reads].some((name) => !equalValues(from[name], to[name]));
  });
  const told = matters.length <= MOST ? matters : [...matters.slice(0, HEAD), ...matters.slice(HEAD - MOST)];
  return told.flatMap((index, at) => {
    const after = at === 0 ? 0 : told[at - 1]! + 1;
    return after < index ? [{ from: after, to: index }, index] : [index];
  });
}

/** Who takes the steps that are left out, and how many. */
function namesIn({ steps }: Trace, { from, to }: Gap): string {
  const counts = new Map<string, number>();
  for (const actor of steps.slice(from, to).map(actorIn)) counts.set(actor, (counts.get(actor) ?? 0) + 1);
  const most = [...counts].toSorted(([, left], [, right]) => right - left);
  const names = most.slice(0, MOST_NAMES).map(([name, count]) => `${name} ${count}`);
  return names.join(', ') + (most.length > MOST_NAMES ? ', …' : '');
}

const MOST_NAMES = 6;

/** Whose a step is; empty for nobody's. */
function actorIn({ actor }: TraceStep): string {
  return actor === undefined ? '' : formatActor(actor);
}

function number(index: number): string {
  return String(index).padStart(5);
}
