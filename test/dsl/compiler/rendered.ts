import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile } from '../../../dsl/compiler/compile.ts';
import type { Diagnostic } from '../../../dsl/diagnostics/diagnostic.ts';
import { renderDiagnostics } from '../../../dsl/diagnostics/render.ts';

/** What is said about a spec. */
export interface Said {
  readonly codes: readonly string[];
  readonly text: string;
}

/**
 * Everything that compiling a spec, and lowering the first model of its first spec, says about it; as it is printed, with the spec in a
 * file `spec.ts`.
 *
 * @param typecheck - false: specs that TypeScript would refuse get past it, to see what is said further on.
 */
export function whatIsSaidOf(source: string, typecheck: boolean): Said {
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-case-'));
  try {
    const path = join(folder, 'spec.ts');
    writeFileSync(path, source);
    const { files, diagnostics, specs } = compile(path, { typecheck });
    const all: Diagnostic[] = [
      ...diagnostics,
      ...specs.slice(0, 1).flatMap((spec) => spec.instantiate(undefined).diagnostics),
    ];
    const text = renderDiagnostics(all, files, { color: false }).replaceAll(`${folder}/`, '');
    return { codes: [...new Set(all.map(({ code }) => code))], text };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Whether TypeScript is asked about a case; the others are about what is found once it is content. */
export function isTypechecked(name: string): boolean {
  return name.startsWith('FL003') || name === 'FL035-type' || name === 'FL035-node' || name === 'FL017-shapes';
}
