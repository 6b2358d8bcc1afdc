import { Ansis } from 'ansis';
import type { Diagnostic } from './diagnostic.ts';
import type { FrameOptions } from './frame.ts';
import { renderFrame } from './frame.ts';
import type { SourceFile } from './span.ts';

/**
 * Diagnostics as text for people: for each its code and message, the source lines it is about, and what to do.
 *
 * @param files - the table that the spans point into; a span outside of it shows no source.
 * @returns blocks parted by empty lines, without a line break at the end; empty for no diagnostics.
 */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  files: readonly SourceFile[],
  options: FrameOptions,
): string {
  return diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, files, options)).join('\n\n');
}

function renderDiagnostic(diagnostic: Diagnostic, files: readonly SourceFile[], options: FrameOptions): string {
  const paint = new Ansis(options.color ? 1 : 0);
  const severity = diagnostic.severity === 'error' ? paint.red.bold : paint.yellow.bold;
  const frame = renderFrame(
    [{ ...diagnostic.primary, mark: '^' }, ...diagnostic.related.map((label) => ({ ...label, mark: '-' as const }))],
    files,
    options,
  );
  const gutter = frame.length === 0 ? 0 : paint.strip(frame[1]!).indexOf('|') - 1;
  const help = diagnostic.help?.split('\n').map((line, index) => {
    const lead = index === 0 ? `= ${paint.bold('help')}: ` : ' '.repeat('= help: '.length);
    return `${' '.repeat(gutter)} ${lead}${line}`;
  });
  return [
    `${severity(`${diagnostic.severity}[${diagnostic.code}]`)}${paint.bold(`: ${diagnostic.message}`)}`,
    ...frame,
    ...(help === undefined ? [] : [...(frame.length === 0 ? [] : [frame[1]!]), ...help]),
  ].join('\n');
}
