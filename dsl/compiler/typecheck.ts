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
 * TypeScript's own complaints about the files of some specs, in our form: a list for each of `specs`.
 *
 * They are checked as strictly as `"strict": true` does, against the typings of this very copy of Fairlead and of the
 * zod it uses, wherever they lie. Cost: most of a second for the first spec, since zod's types are large, and a tenth
 * of that for each further one of the same call.
 */
export function typecheck(specs: readonly Sources[]): Diagnostic[][] {
  const own = new Map(specs.flatMap(({ modules }) => modules.map((module) => [module.path, module])));
  const host = hostFor((path) => own.get(path)?.syntax);
  const program = ts.createProgram({
    rootNames: [...own.values()].filter((module) => !module.own).map((module) => module.path),
    options: OPTIONS,
    host,
  });
  return specs.map(({ modules }) =>
    modules
      .filter((module) => !module.own)
      .flatMap((module) =>
        program.getSemanticDiagnostics(own.get(module.path)!.syntax).map((error) => {
          const start = error.start ?? 0;
          const span = { file: module.file, start, end: start + Math.max(error.length ?? 1, 1) };
          return typeError(span, ts.flattenDiagnosticMessageText(error.messageText, '\n'), error.code);
        }),
      ),
  );
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
