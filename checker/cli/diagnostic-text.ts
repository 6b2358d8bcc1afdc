import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { packageRoot } from '../../dsl/compiler/package-root.ts';
import type { Diagnostic } from '../../dsl/diagnostics/diagnostic.ts';
import { renderDiagnostics } from '../../dsl/diagnostics/render.ts';
import type { SourceFile } from '../../dsl/diagnostics/span.ts';
import type { Host } from './host.ts';

/** Where the pages about diagnostics are in the package. */
export const pagesFolder = (): string => join(packageRoot(), 'docs/diagnostics');

/** How diagnostics name their pages: by a command, as a link where the terminal has links. */
export function pagesFor({ terminal }: Pick<Host, 'terminal'>): true | string {
  return terminal.links ? `${pathToFileURL(pagesFolder()).href}/` : true;
}

/** Diagnostics as the command prints them to standard error. */
export function diagnosticText(
  diagnostics: readonly Diagnostic[],
  files: readonly SourceFile[],
  host: Pick<Host, 'terminal'>,
): string {
  return renderDiagnostics(diagnostics, files, { color: host.terminal.color.error, pages: pagesFor(host) });
}
