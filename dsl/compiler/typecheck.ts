import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ts as TS } from 'ts-morph';
import { outsideWorld, typeError } from '../diagnostics/catalog.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { packageRoot } from './package-root.ts';
import type { Module, Sources } from './source.ts';
import { OUTSIDE_WORLD } from './subset.ts';
import { libraryFiles, ts } from './typescript.ts';

/**
 * TypeScript's own complaints about the files of some specs, in our form: a list for each of `specs`.
 *
 * They are checked as strictly as `"strict": true` does, against the typings of this very copy of Fairlead, wherever
 * they lie. First against a small library and small typings of zod, which say the same and are read in a tenth of the
 * time; when that finds something, all is checked again against the real ones, and only their answer counts.
 */
export function typecheck(specs: readonly Sources[]): Diagnostic[][] {
  const quick = complaints(specs, IS_BUNDLED ? bundled(HERE, specs) : SMALL);
  return quick.some((found) => found.length > 0) ? complaints(specs, WHOLE) : quick;
}

/** As {@link typecheck}, against the given typings. */
export function complaints(specs: readonly Sources[], typings: Typings): Diagnostic[][] {
  const own = new Map(specs.flatMap(({ modules }) => modules.map((module) => [module.path, module])));
  const program = ts.createProgram({
    rootNames: [...typings.files, ...[...own.values()].filter((module) => !module.own).map((module) => module.path)],
    options: { ...OPTIONS, ...typings.options },
    host: hostFor((path) => own.get(path), typings.ambient),
  });
  return specs.map(({ modules }) =>
    modules
      .filter((module) => !module.own)
      .flatMap((module) =>
        program.getSemanticDiagnostics(own.get(module.path)!.syntax).map((error) => {
          const start = error.start ?? 0;
          const span = { file: module.file, start, end: start + Math.max(error.length ?? 1, 1) };
          const name = module.syntax.text.slice(span.start, span.end);
          const help = UNKNOWN_NAME.has(error.code) ? OUTSIDE_WORLD.get(name) : undefined;
          if (help !== undefined) return outsideWorld(span, name, help);
          return typeError(span, ts.flattenDiagnosticMessageText(error.messageText, '\n'), error.code);
        }),
      ),
  );
}

/** TypeScript's ways to say that there is no such name, some with advice to install typings. */
const UNKNOWN_NAME = new Set([2304, 2552, 2580, 2581, 2582, 2583, 2584, 2591, 2592, 2593]);

/** What a spec is checked against. */
export interface Typings {
  readonly files: readonly string[];
  /** Modules that these files declare, so that none is looked for. */
  readonly ambient: ReadonlySet<string>;
  readonly options: TS.CompilerOptions;
}

const ROOT = packageRoot();

/** From source, the typings are the source; installed, they are the declarations that were built. */
const TYPINGS = existsSync(join(ROOT, 'dsl', 'index.ts'))
  ? { fairlead: join(ROOT, 'dsl', 'index.ts'), sync: join(ROOT, 'dsl', 'sync', 'index.ts') }
  : {
      fairlead: join(ROOT, 'dist', 'types', 'dsl', 'index.d.ts'),
      sync: join(ROOT, 'dist', 'types', 'dsl', 'sync', 'index.d.ts'),
    };

const PATHS = { fairlead: [TYPINGS.fairlead], 'fairlead/sync': [TYPINGS.sync] };

const SMALL_TYPINGS = join(ROOT, 'dsl', 'compiler', 'typings');

/** A part of TypeScript's library and of zod's typings: most specs need no more. */
export const SMALL: Typings = {
  files: [join(SMALL_TYPINGS, 'lib.d.ts')],
  ambient: new Set(),
  options: { noLib: true, paths: { ...PATHS, zod: [join(SMALL_TYPINGS, 'zod.d.ts')] } },
};

/**
 * The same with the declarations of the language in a file or two, which the build writes beside the command.
 *
 * @param specs - what is to be checked: not every spec needs the second file.
 */
export function bundled(folder: string, specs: readonly Sources[]): Typings {
  const usesSync = specs.some(({ modules }) => modules.some(({ own }) => own));
  return {
    files: ['typings.d.ts', ...(usesSync ? ['typings-sync.d.ts'] : [])].map((name) => join(folder, name)),
    ambient: new Set(['fairlead', 'fairlead/sync', 'zod']),
    options: { noLib: true },
  };
}

const HERE = dirname(fileURLToPath(import.meta.url));
const IS_BUNDLED = existsSync(join(HERE, 'typings.d.ts'));

export const WHOLE: Typings = {
  files: [],
  ambient: new Set(),
  // Finding zod takes Node.js milliseconds, which are for those only who have made a mistake.
  get options() {
    const zod = createRequire(join(ROOT, 'package.json')).resolve('zod/package.json');
    return {
      lib: ['lib.es2023.d.ts', 'lib.esnext.collection.d.ts'],
      paths: { ...PATHS, zod: [join(dirname(zod), 'index.d.cts')] },
    };
  },
};

const OPTIONS: TS.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  types: [],
  allowImportingTsExtensions: true,
  allowJs: true,
  resolveJsonModule: true,
  esModuleInterop: true,
  noFallthroughCasesInSwitch: false,
};

const LIBRARY = '/typescript-library';

/** Files that do not belong to a spec, parsed once in a process: libraries, zod, Fairlead itself. */
const parsed = new Map<string, TS.SourceFile | undefined>();

function hostFor(ownModule: (path: string) => Module | undefined, ambient: ReadonlySet<string>): TS.CompilerHost {
  const ownFile = (path: string): TS.SourceFile | undefined => ownModule(path)?.syntax;
  const textOf = (path: string): string | undefined =>
    path.startsWith(`${LIBRARY}/`) ? libraryFiles().get(path.slice(LIBRARY.length + 1)) : readText(path);
  const isAmbient = (specifier: string): boolean => ambient.has(specifier) || specifier.startsWith('fairlead:');
  const host: TS.CompilerHost = {
    resolveModuleNameLiterals: (literals, from, _, options) =>
      literals.map(({ text }) => {
        if (isAmbient(text)) return { resolvedModule: undefined };
        const module = ownModule(from);
        const resolvedFileName = module?.imports.get(text)?.path ?? module?.data.get(text);
        if (resolvedFileName === undefined || module?.own === true)
          return ts.resolveModuleName(text, from, options, host);
        const extension = /\.[cm]?[jt]s$|\.json$/.exec(resolvedFileName)?.[0] ?? '.ts';
        return { resolvedModule: { resolvedFileName, extension, isExternalLibraryImport: false } };
      }),
    getSourceFile(path, options) {
      const own = ownFile(path);
      if (own !== undefined) return own;
      if (!parsed.has(path)) {
        const text = textOf(path);
        // The checker sets the parents of nodes; only what is lowered needs them before.
        parsed.set(path, text === undefined ? undefined : ts.createSourceFile(path, text, options));
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
  return host;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
