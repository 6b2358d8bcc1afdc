import fastStringWidth from 'fast-string-width';

/** One line of source as a terminal shows it: tabs are expanded, control characters made visible, widths known. */
export interface SourceLine {
  readonly glyphs: readonly Glyph[];
  /** Terminal cells that the whole line takes. */
  readonly width: number;
}

interface Glyph {
  /** What is printed for it. */
  readonly text: string;
  /** UTF-16 offset in the line where it starts. */
  readonly offset: number;
  /** Terminal cell where it starts, counting from 0. */
  readonly column: number;
  /** Cells it takes: 0 for a lone combining mark, 2 for a wide character. */
  readonly width: number;
}

const TAB_STOP = 4;
const CONTROL = /^[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
const PLAIN = /^[\u0020-\u007e]*$/;
/** Text in which every character stands for itself: ASCII, Latin letters, and the dashes, quotes, arrows and marks of reports. */
const UNCOMBINED = /^[\u0020-\u007e\u00c0-\u024f\u2010-\u2027\u2190-\u21ff\u2713\u2717]*$/;

/** Lays out one line (without its line break). Cost: linear; what nothing combines with needs no segmentation, which takes long to begin. */
export function layOut(line: string): SourceLine {
  const glyphs: Glyph[] = [];
  let column = 0;
  for (const { text, offset } of UNCOMBINED.test(line) ? characters(line) : graphemes(line)) {
    const shown = text === '\t' ? ' '.repeat(TAB_STOP - (column % TAB_STOP)) : CONTROL.test(text) ? '\ufffd' : text;
    const width = shown.length === 1 && PLAIN.test(shown) ? 1 : fastStringWidth(shown);
    glyphs.push({ text: shown, offset, column, width });
    column += width;
  }
  return { glyphs, width: column };
}

/** The cell where the character at a UTF-16 offset of the line starts; past the end: the cell after the last. */
export function columnOf(line: SourceLine, offset: number): number {
  const glyph = line.glyphs.findLast((candidate) => candidate.offset <= offset);
  const next = line.glyphs.find((candidate) => candidate.offset >= offset);
  if (next !== undefined) return next.offset === offset ? next.column : glyph!.column;
  return line.width;
}

/** The glyphs that lie wholly within the cells `[from, to)`. */
export function cut(line: SourceLine, from: number, to: number): string {
  return line.glyphs
    .filter((glyph) => from <= glyph.column && glyph.column + glyph.width <= to)
    .map((glyph) => glyph.text)
    .join('');
}

function characters(line: string): { text: string; offset: number }[] {
  return Array.from(line, (text, offset) => ({ text, offset }));
}

function graphemes(line: string): { text: string; offset: number }[] {
  const segments = new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(line);
  return Array.from(segments, ({ segment, index }) => ({ text: segment, offset: index }));
}
