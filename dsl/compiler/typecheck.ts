import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { ts as TS } from 'ts-morph';
import { typeError } from '../diagnostics/catalog.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { packageRoot } from './package-root.ts';
import type { Sources } from './source.ts';
import { libraryFiles, ts } from './typescript.ts';

/**
 * TypeScript's own complaints about the files of a spec, in our form.
 *
 * The spec is checked as strictly as `"strict": true` does, against the typings of this very copy of Fairlead and of
 * the zod it uses, wherever the spec lies. Cost: most of a second the first time in a process, since zod's types are
 * large; a fraction of that from then on, because parsed libraries are kept.
 */
export function typecheck(sources: Sources): Diagnostic[] {
  const own = new Map(sources.modules.map((module) => [module.path, module]));
  const host = hostFor((path) => own.get(path)?.syntax);
  const program = ts.createProgram({
    rootNames: sources.modules.filter((module) => !module.own).map((module) => module.path),
    options: OPTIONS,
    host,
  });
  const found: Diagnostic[] = [];
  for (const module of sources.modules) {
    if (module.own) continue;
    for (const error of program.getSemanticDiagnostics(module.syntax)) {
      const start = error.start ?? 0;
      const span = { file: module.file, start, end: start + Math.max(error.length ?? 1, 1) };
      found.push(typeError(span, ts.flattenDiagnosticMessageText(error.messageText, '\n'), error.code));
    }
  }
  return found;
}

const ROOT = packageRoot();

/** From source, the typings are the source; installed, they are the declarations that were built. */
const TYPINGS = existsSync(join(ROOT, 'dsl', 'index.ts'))
  ? { fairlead: join(ROOT, 'dsl', 'index.ts'), sync: join(ROOT, 'dsl', 'sync', 'index.ts') }
  : {
      fairlead: join(ROOT, 'dist', 'types', 'dsl', 'index.d.ts'),
      sync: join(ROOT, 'dist', 'types', 'dsl', 'sync', 'index.d.ts'),
    };

const ZOD = join(dirname(createRequire(join(ROOT, 'package.json')).resolve('zod/package.json')), 'index.d.cts');

const OPTIONS: TS.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2023.d.ts', 'lib.esnext.collection.d.ts'],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  types: [],
  allowImportingTsExtensions: true,
  noFallthroughCasesInSwitch: false,
  paths: { fairlead: [TYPINGS.fairlead], 'fairlead/sync': [TYPINGS.sync], zod: [ZOD] },
};

const LIBRARY = '/typescript-library';

/** Files that do not belong to a spec, parsed once in a process: libraries, zod, Fairlead itself. */
const parsed = new Map<string, TS.SourceFile | undefined>();

function hostFor(ownFile: (path: string) => TS.SourceFile | undefined): TS.CompilerHost {
  const textOf = (path: string): string | undefined =>
    path.startsWith(`${LIBRARY}/`) ? libraryFiles().get(path.slice(LIBRARY.length + 1)) : readText(path);
  return {
    getSourceFile(path, options) {
      const own = ownFile(path);
      if (own !== undefined) return own;
      if (!parsed.has(path)) {
        const text = textOf(path);
        parsed.set(path, text === undefined ? undefined : ts.createSourceFile(path, text, options, true));
      }
      return parsed.get(path);
    },
    fileExists: (path) => ownFile(path) !== undefined || textOf(path) !== undefined,
    readFile: textOf,
    directoryExists: (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true,
    getDefaultLibFileName: () => `${LIBRARY}/lib.es2023.d.ts`,
    getDefaultLibLocation: () => LIBRARY,
    getCurrentDirectory: () => ROOT,
    getCanonicalFileName: (path) => path,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    writeFile: () => {},
  };
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
