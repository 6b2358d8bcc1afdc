import { Ansis } from 'ansis';
import type { Diagnostic } from './diagnostic.ts';
import type { FrameOptions } from './frame.ts';
import { renderFrame } from './frame.ts';
import type { SourceFile } from './span.ts';

interface DiagnosticOptions extends FrameOptions {
  /**
   * Whether each ends with the command that prints its page; the address of the folder of the pages: as a link to it, for
   * terminals that have links.
   */
  readonly pages?: boolean | string | undefined;
}

/**
 * Diagnostics as text for people: for each its code and message, the source lines it is about, and what to do.
 *
 * @param files - the table that the spans point into; a span outside of it shows no source.
 * @returns blocks parted by empty lines, without a line break at the end; empty for no diagnostics.
 */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  files: readonly SourceFile[],
  options: DiagnosticOptions,
): string {
  return diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, files, options)).join('\n\n');
}

function renderDiagnostic(diagnostic: Diagnostic, files: readonly SourceFile[], options: DiagnosticOptions): string {
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
  const page = wordPage(diagnostic.code, options.pages);
  const more = page === undefined ? [] : [`${' '.repeat(gutter)} = ${paint.bold('more')}: ${page}`];
  return [
    `${severity(`${diagnostic.severity}[${diagnostic.code}]`)}${paint.bold(`: ${diagnostic.message}`)}`,
    ...frame,
    ...(help === undefined && more.length === 0 ? [] : frame.slice(1, 2)),
    ...(help ?? []),
    ...more,
  ].join('\n');
}

/** `fairlead explain FL014`, perhaps as a link (OSC 8). */
function wordPage(code: Diagnostic['code'], pages: DiagnosticOptions['pages']): string | undefined {
  if (pages === undefined || pages === false) return undefined;
  const command = `fairlead explain ${code}`;
  return pages === true ? command : `\u001b]8;;${pages}${code}.md\u001b\\${command}\u001b]8;;\u001b\\`;
}
