/**
 * A half-open range `[start, end)` of UTF-16 offsets in one source file.
 * `file` is an index into the file table of whatever holds the span (a `System`, a compilation).
 */
export interface Span {
  readonly file: number;
  readonly start: number;
  readonly end: number;
}

/** A file that spans point into: its path as the user would write it, and its text when it was read. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** A place a person can find: both numbers count from 1; `column` counts UTF-16 units. */
interface Position {
  readonly line: number;
  readonly column: number;
}

/** The span of what was written by nobody: built-in steps, a whole file that could not be read. */
export const NO_SPAN: Span = { file: -1, start: 0, end: 0 };

/** Line and column of an offset. Cost: linear in `offset`. */
export function positionAt(text: string, offset: number): Position {
  let line = 1;
  let lineStart = 0;
  for (let next = text.indexOf('\n'); next >= 0 && next < offset; next = text.indexOf('\n', next + 1)) {
    line += 1;
    lineStart = next + 1;
  }
  return { line, column: offset - lineStart + 1 };
}

/** The text that a span covers, or the empty string for {@link NO_SPAN}. */
export function textOf(files: readonly SourceFile[], span: Span): string {
  return files[span.file]?.text.slice(span.start, span.end) ?? '';
}

/** What stands at a span, on one line. */
export function lineOf(files: readonly SourceFile[], span: Span): string {
  return textOf(files, span).replaceAll(/\s+/g, ' ');
}
