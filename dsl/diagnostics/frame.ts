import { Ansis } from 'ansis';
import type { Label } from './diagnostic.ts';
import type { SourceLine } from './source-line.ts';
import { columnOf, cut, layOut } from './source-line.ts';
import type { SourceFile } from './span.ts';
import { positionAt } from './span.ts';

/** How a frame looks. Nothing here depends on the terminal: the caller has asked it. */
export interface FrameOptions {
  readonly color: boolean;
  /** Cells of source text shown of one line; longer lines are cut around what is marked. Default 120. */
  readonly width?: number;
}

/** A label with the mark under its span: `^` for what it is about, `-` for what took part. */
interface MarkedLabel extends Label {
  readonly mark: '^' | '-';
}

/**
 * The source lines that some labels point at, marked, with line numbers, one block for each file:
 * the file of the first label comes first, the others in the order of the file table.
 *
 * Labels without a file ({@link NO_SPAN}) are left out; without any other the result is empty.
 */
export function renderFrame(
  labels: readonly MarkedLabel[],
  files: readonly SourceFile[],
  options: FrameOptions,
): string[] {
  const paint = new Ansis(options.color ? 1 : 0);
  const present = labels.filter((label) => files[label.span.file] !== undefined);
  const order = [...new Set(present.map((label) => label.span.file))];
  const blocks = order.map((file) => ({
    file: files[file]!,
    labels: present.filter((label) => label.span.file === file),
  }));
  const gutter = Math.max(0, ...blocks.flatMap((block) => block.labels.map((label) => lineDigits(block.file, label))));
  return blocks.flatMap((block, index) => {
    const start = positionAt(block.file.text, clamp(block.labels[0]!.span.start, block.file));
    const arrow = index === 0 ? '-->' : ':::';
    return [
      `${' '.repeat(gutter)}${paint.blue(arrow)} ${block.file.path}:${start.line}:${start.column}`,
      `${' '.repeat(gutter)} ${paint.blue('|')}`,
      ...renderLines(block.file, block.labels, gutter, paint, options.width ?? 120),
    ];
  });
}

/** A part of a label on one line: cells `[from, to)`, with the text only where the label ends. */
interface Mark {
  readonly from: number;
  readonly to: number;
  readonly mark: '^' | '-';
  readonly text: string;
}

function renderLines(
  file: SourceFile,
  labels: readonly MarkedLabel[],
  gutter: number,
  paint: Ansis,
  width: number,
): string[] {
  const lines = file.text.split('\n').map((line) => line.replace(/\r$/, ''));
  const marks = new Map<number, Mark[]>(); // by index of the line
  const layouts = new Map<number, SourceLine>();
  const layoutOf = (line: number): SourceLine => {
    let layout = layouts.get(line);
    if (layout === undefined) layouts.set(line, (layout = layOut(lines[line]!)));
    return layout;
  };
  for (const label of labels) {
    const first = place(file, label.span.start);
    const last = label.span.end > label.span.start ? place(file, label.span.end) : first;
    if (last.line > first.line && last.offset === 0) {
      // Ends with a line break: nothing of the last line is in it.
      last.line -= 1;
      last.offset = lines[last.line]!.length;
    }
    const put = (line: number, mark: Mark): void => void marks.set(line, [...(marks.get(line) ?? []), mark]);
    const from = columnOf(layoutOf(first.line), first.offset);
    if (first.line === last.line) {
      const to = columnOf(layoutOf(first.line), last.offset);
      put(first.line, { from, to: Math.max(to, from + 1), mark: label.mark, text: label.text });
    } else {
      const indent = lines[last.line]!.length - lines[last.line]!.trimStart().length;
      const lastFrom = columnOf(layoutOf(last.line), Math.min(indent, last.offset));
      const lastTo = columnOf(layoutOf(last.line), last.offset);
      put(first.line, { from, to: Math.max(layoutOf(first.line).width, from + 1), mark: label.mark, text: '' });
      put(last.line, { from: lastFrom, to: Math.max(lastTo, lastFrom + 1), mark: label.mark, text: label.text });
    }
  }
  const shown = [...marks.keys()].sort((left, right) => left - right);
  const empty = `${' '.repeat(gutter)} ${paint.blue('|')}`;
  const result: string[] = [];
  shown.forEach((line, index) => {
    const before = shown[index - 1];
    if (before !== undefined && before + 2 === line) result.push(...sourceRow(before + 1, [], false));
    else if (before !== undefined && before + 2 < line) result.push(paint.blue('.'.repeat(Math.max(3, gutter))));
    result.push(...sourceRow(line, marks.get(line)!, true));
  });
  return result;

  function sourceRow(line: number, ofLine: readonly Mark[], marked: boolean): string[] {
    const layout = layoutOf(line);
    const window = windowAround(layout, ofLine, width);
    const number = paint.blue(`${String(line + 1).padStart(gutter)} |`);
    const text = `${window.from > 0 ? '…' : ''}${cut(layout, window.from, window.to)}${window.to < layout.width ? '…' : ''}`;
    const row = `${number} ${text}`.trimEnd();
    if (!marked) return [row];
    const shift = window.from > 0 ? 1 - window.from : 0;
    const shifted = ofLine.map((mark) => ({
      ...mark,
      from: Math.max(mark.from, window.from) + shift,
      to: Math.max(Math.min(mark.to, window.to), Math.max(mark.from, window.from) + 1) + shift,
    }));
    return [row, ...markRows(shifted, paint).map((marksRow) => `${empty} ${marksRow}`)];
  }
}

/** Underlines on one row, the text of the rightmost beside it, the other texts below, each under its own mark. */
function markRows(marks: readonly Mark[], paint: Ansis): string[] {
  const color = (mark: '^' | '-') => (mark === '^' ? paint.red : paint.blue);
  const width = Math.max(...marks.map((mark) => mark.to));
  const cells: ('^' | '-' | ' ')[] = Array.from({ length: width }, () => ' ');
  for (const kind of ['-', '^'] as const) {
    for (const mark of marks) if (mark.mark === kind) cells.fill(kind, mark.from, mark.to);
  }
  const underline = cells.join('').replaceAll(/\^+|-+/g, (run) => color(run.startsWith('^') ? '^' : '-')(run));

  const worded = marks.filter((mark) => mark.text !== '').sort((left, right) => left.from - right.from);
  // Beside the underline only what ends there; any other text would seem to belong to the wrong mark.
  const beside = worded.findLast((mark) => mark.to === width);
  const below = worded.filter((mark) => mark !== beside);
  const bars = below.map((mark) => ({ ...mark, text: '|' }));
  const rows = [beside === undefined ? underline : `${underline} ${color(beside.mark)(beside.text)}`];
  if (below.length > 0) rows.push(rowOf(bars, color));
  below.toReversed().forEach((mark, index) => {
    const stillBelow = bars.slice(0, below.length - 1 - index).filter((bar) => bar.from < mark.from);
    rows.push(rowOf([...stillBelow, mark], color));
  });
  return rows;
}

function rowOf(marks: readonly Mark[], color: (mark: '^' | '-') => (text: string) => string): string {
  let row = '';
  let column = 0;
  for (const mark of marks) {
    if (mark.from < column) continue; // two bars in one cell
    row += ' '.repeat(mark.from - column) + color(mark.mark)(mark.text);
    column = mark.from + mark.text.length;
  }
  return row;
}

/** The cells of a line to show: all of it when it fits, otherwise a window that starts a little before the first mark. */
function windowAround(line: SourceLine, marks: readonly Mark[], width: number): { from: number; to: number } {
  if (line.width <= width) return { from: 0, to: line.width };
  const first = Math.min(...marks.map((mark) => mark.from), line.width);
  const lead = Math.floor(width / 4);
  const from = first < width - lead ? 0 : Math.min(first - lead, line.width - width);
  return { from, to: Math.min(from + width, line.width) };
}

function place(file: SourceFile, offset: number): { line: number; offset: number } {
  const { line, column } = positionAt(file.text, clamp(offset, file));
  return { line: line - 1, offset: column - 1 };
}

function clamp(offset: number, file: SourceFile): number {
  return Math.min(Math.max(offset, 0), file.text.length);
}

function lineDigits(file: SourceFile, label: Label): number {
  return String(place(file, label.span.end).line + 1).length;
}
