import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));

const SPEC = `
import { all, ids, pick, spec, when, z } from 'fairlead';
const Ring = ids('Ring', 2);
const lease = spec('lease', {
  state: () => ({ held: z.record(Ring, z.boolean()), free: z.record(z.enum(['a', 'b']), z.int().min(0).max(3)), last: Ring.nullable() }),
  init: (s) => { for (const r of Ring) s.held[r] = true; },
});
lease.action({ r: Ring }, (s, { r }) => {
  const before: boolean = s.held[r];
  when(before && s.free.a > 0);
  s.free.a -= 1;
  s.last = pick(Ring);
  s.held[s.last] = !s.held[r];
});
lease.invariant((s) => all(Ring, (r) => s.held[r]));
export const wrong = lease.action((s) => { s.last = 'wat'; });
`;

/** What TypeScript says of the spec above under a user's options. */
function complaints(options: ts.CompilerOptions): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-options-'));
  try {
    const file = join(folder, 'lease.ts');
    writeFileSync(file, SPEC);
    const program = ts.createProgram([file], {
      strict: true,
      target: ts.ScriptTarget.ES2022,
      lib: ['lib.es2023.d.ts', 'lib.esnext.collection.d.ts'],
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      allowImportingTsExtensions: true,
      noEmit: true,
      skipLibCheck: true,
      types: [],
      paths: { fairlead: [join(root, 'dsl/index.ts')], zod: [join(root, 'node_modules/zod')] },
      ...options,
    });
    const source = program.getSourceFile(file)!;
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map((diagnostic) =>
      ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('a spec', () => {
  it.each([
    ['plain strict', {}],
    ['noUncheckedIndexedAccess', { noUncheckedIndexedAccess: true }],
    [
      'every strictness there is',
      { noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true, noPropertyAccessFromIndexSignature: true },
    ],
  ])('type-checks in a project with %s, and a wrong value does not', (_, options) => {
    expect(complaints(options)).toEqual([`Type '"wat"' is not assignable to type 'Id<"Ring"> | null'.`]);
  });
});
