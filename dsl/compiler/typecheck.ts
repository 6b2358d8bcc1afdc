import { existsSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ts as TS } from 'ts-morph';
import { outsideLanguage, outsideWorld, typeError } from '../diagnostics/catalog.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import * as fairlead from '../index.ts';
import * as sync from '../sync/index.ts';
import { suggest } from '../diagnostics/suggest.ts';
import type { Inputs } from './compilation.ts';
import { type Files, filesUnder, textOf } from './files.ts';
import { packageRoot } from './package-root.ts';
import { inPlace, type WithSizes, withSizes } from './sizes.ts';
import type { Module, Sources } from './source.ts';
import { NO_WAITING, outsideHelp, THIS } from './subset.ts';
import { textsForIds } from './text-for-id.ts';
import { libraryFiles, ts } from './typescript.ts';

/** What TypeScript says about a spec, in our form. */
interface Checked {
  readonly complaints: readonly Diagnostic[];
  /** What it read beside the modules of the specs and what belongs to Fairlead: files of types. */
  readonly read: Inputs['read'];
}

/** Asks TypeScript about one of the specs that were opened together: what they share is checked once. */
type TypeChecker = (spec: Sources) => Checked;

/** What a checker is made for. */
interface Checking {
  /** All that it may be asked about. */
  readonly specs: readonly Sources[];
  readonly files?: Files;
  /** Modules of which nothing is to be said, as is known. */
  readonly isClean?: ReadonlySet<Module>;
}

/**
 * TypeScript's own complaints about the files of specs. Nothing is read or checked before they are asked for.
 *
 * They are checked as strictly as `"strict": true` does, against the typings of this very copy of Fairlead, wherever
 * they lie. First against a small library and small typings of zod, which say the same and are read in a tenth of the
 * time; when that finds something in a spec, it is checked again against the real ones, and only their answer counts.
 */
export function typeChecker(checking: Checking): TypeChecker {
  let quick: TypeChecker | undefined;
  let whole: TypeChecker | undefined;
  return (spec) => {
    quick ??= checkerAgainst(IS_BUNDLED ? bundled(HERE, checking.specs) : SMALL, checking);
    const checked = quick(spec);
    if (checked.complaints.length === 0) return checked;
    whole ??= checkerAgainst(WHOLE, checking);
    return whole(spec);
  };
}

/** As {@link typeChecker}, against the given typings. */
export function checkerAgainst(
  typings: Typings,
  { specs, files = filesUnder(), isClean = new Set() }: Checking,
): TypeChecker {
  const own = new Map(specs.flatMap(({ modules }) => modules.map((module) => [module.path, module])));
  const sized = withSizes(specs.map(({ modules }) => modules));
  const program = ts.createProgram({
    rootNames: [...typings.files, ...[...own.values()].filter((module) => !module.own).map((module) => module.path)],
    options: { ...OPTIONS, ...typings.options },
    host: hostFor((path) => own.get(path), sized, typings.ambient, files),
  });
  const errorsIn = ({ path }: Module): readonly TS.Diagnostic[] => {
    const withSize = sized.get(path);
    const syntax = withSize?.syntax ?? own.get(path)!.syntax;
    const all = program.getSemanticDiagnostics(syntax);
    const found = all.filter((error) => !isConsequence(error, all, syntax));
    return withSize === undefined ? found : inPlace(found, withSize);
  };
  const others = program.getSourceFiles().filter(({ fileName }) => !own.has(fileName) && !isOfFairlead(fileName));
  const read = others.map(({ fileName, text }) => ({ path: fileName, text }));
  return ({ modules }) => ({
    complaints: modules
      .filter((module) => !module.own && !isClean.has(module))
      .flatMap((module) => [...errorsIn(module).map((error) => complaint(module, error)), ...textsForIds(module)]),
    read,
  });
}

/**
 * A parameter has no type where what the function is given to is unknown: it is the name that is wrong. And nothing of a
 * state has a type when a variable is declared with what is no schema.
 */
function isConsequence(error: TS.Diagnostic, all: readonly TS.Diagnostic[], syntax: TS.SourceFile): boolean {
  const { start } = error;
  if (error.code === TYPE_UNKNOWN) return all.some(isNoSchema);
  if (start === undefined || !NO_TYPE.has(error.code)) return false;
  const isUnknown = (callee: TS.Expression) =>
    all.some(
      (other) =>
        (UNKNOWN_NAME.has(other.code) || UNKNOWN_MEMBER.has(other.code)) &&
        callee.pos <= other.start! &&
        other.start! < callee.end,
    );
  const visit = (node: TS.Node): boolean => {
    if (start < node.pos || node.end <= start) return false;
    if (ts.isCallExpression(node) && node.expression.end <= start && isUnknown(node.expression)) return true;
    return ts.forEachChild(node, (child) => visit(child) || undefined) === true;
  };
  return visit(syntax);
}

/** TypeScript's words for what is given where a schema is wanted. */
const NO_SCHEMA = /(to|from) type '\$ZodType/;

function isNoSchema({ messageText }: TS.Diagnostic): boolean {
  return NO_SCHEMA.test(ts.flattenDiagnosticMessageText(messageText, '\n'));
}

/** Something is of type `unknown`. */
const TYPE_UNKNOWN = 18046;

function complaint(module: Module, error: TS.Diagnostic): Diagnostic {
  const start = error.start ?? 0;
  const span = { file: module.file, start, end: start + Math.max(error.length ?? 1, 1) };
  const name = module.syntax.text.slice(span.start, span.end);
  if (UNKNOWN_NAME.has(error.code)) {
    const imported = name.replaceAll(/['"]/g, '');
    const help = outsideHelp(name) ?? (imported !== name && isBuiltin(imported) ? NO_NODE : undefined);
    if (help !== undefined) return outsideWorld(span, imported, help);
  }
  if (name === 'this') return outsideLanguage(span, '`this`', THIS);
  const message = ts.flattenDiagnosticMessageText(error.messageText, '\n').replace(/\. Do you need to .*$/s, '');
  return typeError(span, message, error.code, helpFor(error.code, message, name, module.syntax, start));
}

const NO_NODE =
  'a spec sees nothing of Node.js: import constants from a file, and give what differs between runs as a parameter';

/** What to do about a mistake that TypeScript finds, where its own words do not say so. */
function helpFor(
  code: number,
  message: string,
  name: string,
  syntax: TS.SourceFile,
  start: number,
): string | undefined {
  if (UNKNOWN_NAME.has(code)) return importOf(name) ?? nearestWord(name, message);
  if (NOT_EXPORTED.has(code)) return importOf(name);
  const known = BY_CODE.get(code) ?? helpForTypes(message);
  if (known !== undefined) return known;
  const isNarrowed = NO_OVERLAP.has(code) || /'(never|null|undefined)'/.test(message);
  return isNarrowed && isAfterYield(syntax, start) ? AFTER_YIELD : undefined;
}

/** What to do where a type of the language is not met; its name alone says little to who does not know it. */
function helpForTypes(message: string): string | undefined {
  if (/Steps</.test(message) && /'void'/.test(message)) return GENERATOR;
  if (NO_SCHEMA.test(message))
    return 'a variable is declared by what it can be, with `z`: `z.boolean()`, `z.int().min(0).max(3)`';
  if (message.startsWith("Type 'Formula' is not assignable to type 'boolean'"))
    return 'an invariant and a step speak of states; declare it with `spec.property(…)`';
  if (/'\(\) => boolean' is not assignable to parameter of type '(Term|boolean)'/.test(message))
    return 'give the condition itself, without `() =>`';
  if (/is not assignable to type 'Id</.test(message))
    return 'an id is no text and no number: take one from an argument, from the state, or with `pick(…)`';
  if (/on type 'Ids</.test(message) || /index type 'Ids</.test(message))
    return 'ids have no order and no index: go through them with `for (const x of …)`, `all(…)`, `some(…)` or `pick(…)`';
  if (/^This expression is not callable\.\s+Type 'Action</.test(message))
    return 'an action is a step, not a function: write what both do into a function, and call that';
  return undefined;
}

const GENERATOR = 'a process is a generator function: `spec.process(function* (s) { yield "label"; … })`';

/** What to do about mistakes that JavaScript itself does not know how to run. */
const BY_CODE: ReadonlyMap<number, string> = new Map([
  [1103, NO_WAITING], // `for await`
  [1163, GENERATOR], // `yield` outside of a generator
  [1308, NO_WAITING], // `await` outside of an `async` function
  [
    1107,
    'the function of a `forEach` ends with `return`; `break` and `continue` need a loop: `for (const x of items)`',
  ],
]);

/** How a word of the language is imported. */
function importOf(name: string): string | undefined {
  const from = isWordOfLanguage(name) ? 'fairlead' : name in sync ? 'fairlead/sync' : undefined;
  return from && `import it: \`import { ${name} } from '${from}'\``;
}

/** The word of the language that a name may be meant for, where TypeScript has no other to propose. */
function nearestWord(name: string, message: string): string | undefined {
  if (message.includes('Did you mean')) return undefined;
  const word = suggest(name, [...Object.keys(fairlead), ...TYPES, ...Object.keys(sync)]);
  return word && `did you mean \`${word}\`? If so, ${importOf(word)}`;
}

function isWordOfLanguage(name: string): boolean {
  return name in fairlead || TYPES.has(name);
}

/** What the language exports that is only a type. */
const TYPES = new Set(['Action', 'Assumption', 'Element', 'Expectations', 'Formula', 'Id', 'Ids', 'Invariant', 'Model', 'ParametersOf', 'Process', 'Property', 'Spec', 'StateOf', 'Steps']); // prettier-ignore

/** Comparisons that cannot be true, `===` and `case`. */
const NO_OVERLAP = new Set([2367, 2678]);

const AFTER_YIELD =
  'TypeScript does not know that others run at a `yield`, and goes by what was assigned or tested before: write `s = yield "label"`';

/** Whether a place is in a generator function, after a `yield` whose value is not taken for the state. */
function isAfterYield(syntax: TS.SourceFile, start: number): boolean {
  const visit = (node: TS.Node, inside: boolean): boolean => {
    if (node.getStart(syntax) > start || node.end <= start) {
      return inside && node.end <= start && ts.isYieldExpression(node);
    }
    const generates = 'asteriskToken' in node && node.asteriskToken !== undefined && !ts.isYieldExpression(node);
    return ts.forEachChild(node, (child) => hasYield(child, inside || generates) || undefined) === true;
  };
  const hasYield = (node: TS.Node, inside: boolean): boolean =>
    visit(node, inside) ||
    (inside && node.end <= start && ts.forEachChild(node, (child) => hasYield(child, inside) || undefined) === true);
  return visit(syntax, false);
}

/** TypeScript's ways to say that there is no such name, some with advice to install typings. */
const UNKNOWN_NAME = new Set([2304, 2552, 2580, 2581, 2582, 2583, 2584, 2591, 2592, 2593]);

const UNKNOWN_MEMBER = new Set([2339, 2551]);

/** A parameter, or a part of one, implicitly has the type `any`. */
const NO_TYPE = new Set([7006, 7019, 7031]);

/** A module has no such export. */
const NOT_EXPORTED = new Set([2305, 2614]);

/** What a spec is checked against. */
interface Typings {
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
      fairlead: join(ROOT, 'dist', 'types', 'import', 'dsl', 'index.d.ts'),
      sync: join(ROOT, 'dist', 'types', 'import', 'dsl', 'sync', 'index.d.ts'),
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

/** Libraries, zod, Fairlead itself: parsed once in a process. What authors write is parsed anew for each check. */
const parsed = new Map<string, TS.SourceFile | undefined>();

function isOfFairlead(path: string): boolean {
  return (
    [LIBRARY, HERE, join(ROOT, 'dsl'), join(ROOT, 'dist')].some((folder) => path.startsWith(folder + sep)) ||
    ZOD.test(path)
  );
}

const ZOD = /[\\/]node_modules[\\/]zod[\\/]/;

function hostFor(
  ownModule: (path: string) => Module | undefined,
  sized: ReadonlyMap<string, WithSizes>,
  ambient: ReadonlySet<string>,
  files: Files,
): TS.CompilerHost {
  const ownFile = (path: string): TS.SourceFile | undefined => sized.get(path)?.syntax ?? ownModule(path)?.syntax;
  const textAt = (path: string): string | undefined =>
    path.startsWith(`${LIBRARY}/`) ? libraryFiles().get(path.slice(LIBRARY.length + 1)) : textOf(files, path);
  const isAmbient = (specifier: string): boolean => ambient.has(specifier) || specifier.startsWith('fairlead:');
  const parse = (path: string, options: Parameters<TS.CompilerHost['getSourceFile']>[1]) => {
    const text = textAt(path);
    // The checker sets the parents of nodes; only what is lowered needs them before.
    return text === undefined ? undefined : ts.createSourceFile(path, text, options);
  };
  const host: TS.CompilerHost = {
    resolveModuleNameLiterals: (literals, from, _, options) =>
      literals.map(({ text }) => {
        if (isAmbient(text)) return { resolvedModule: undefined };
        const module = ownModule(from);
        const resolvedFileName = module?.imports.get(text)?.path ?? module?.data.get(text) ?? ownModule(text)?.path;
        if (resolvedFileName === undefined || module?.own === true)
          return ts.resolveModuleName(text, from, options, host);
        const extension = /\.[cm]?[jt]s$|\.json$/.exec(resolvedFileName)?.[0] ?? '.ts';
        return { resolvedModule: { resolvedFileName, extension, isExternalLibraryImport: false } };
      }),
    getSourceFile(path, options) {
      const own = ownFile(path);
      if (own !== undefined) return own;
      if (!isOfFairlead(path)) return parse(path, options);
      if (!parsed.has(path)) parsed.set(path, parse(path, options));
      return parsed.get(path);
    },
    fileExists: (path) => ownFile(path) !== undefined || textAt(path) !== undefined,
    readFile: textAt,
    directoryExists: files.isFolder,
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
