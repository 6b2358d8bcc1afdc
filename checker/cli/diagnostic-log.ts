import type { Diagnostic } from '../../dsl/diagnostics/diagnostic.ts';
import type { SourceFile } from '../../dsl/diagnostics/span.ts';
import type { Reporter } from '../report/reporter.ts';

/** Has each diagnostic reported once, however many files it is reached from, and remembers which files are rejected. */
export class DiagnosticLog {
  /** Files with errors, as the user would write them. */
  readonly rejected: string[] = [];
  warnings = 0;
  readonly all: { readonly diagnostic: Diagnostic; readonly files: readonly SourceFile[] }[] = [];
  readonly #seen = new Set<string>();
  readonly #reporter: Required<Pick<Reporter, 'diagnostics'>>;

  constructor(reporter: Required<Pick<Reporter, 'diagnostics'>>) {
    this.#reporter = reporter;
  }

  add(path: string, diagnostics: readonly Diagnostic[], files: readonly SourceFile[]): void {
    const fresh = diagnostics.filter((diagnostic) => {
      const { file, start } = diagnostic.primary.span;
      const key = [diagnostic.code, diagnostic.message, files[file]?.path, start].join('\0');
      return !this.#seen.has(key) && this.#seen.add(key);
    });
    this.warnings += fresh.filter(({ severity }) => severity === 'warning').length;
    this.all.push(...fresh.map((diagnostic) => ({ diagnostic, files })));
    if (diagnostics.some(({ severity }) => severity === 'error') && !this.rejected.includes(path)) {
      this.rejected.push(path);
    }
    if (fresh.length > 0) this.#reporter.diagnostics(fresh, files);
  }
}
