import { relative, resolve, sep } from 'node:path';
import type { ts as TS } from 'ts-morph';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { SourceFile, Span } from '../diagnostics/span.ts';
import { fileMissing, importMissing, syntaxError, yieldUnlabeled } from '../diagnostics/catalog.ts';
import type { Inputs } from './compilation.ts';
import { type Files, filesUnder, textOf } from './files.ts';
import { nestedTooFar, tooDeep } from './nesting.ts';
import { Resolver, SYNC } from './resolve.ts';
import { ts } from './typescript.ts';

/** A spec and everything it imports from files beside it, as syntax. Type-checking is another matter: `typecheck.ts`. */
export interface Sources {
  /** The entry first; each after the module that first imported it. */
  readonly modules: readonly Module[];
  readonly files: readonly SourceFile[];
  readonly diagnostics: readonly Diagnostic[];
  readonly inputs: Inputs;
  /** Imported files that are no modules of the language, by absolute path: JSON, and CommonJS. */
  readonly data: ReadonlyMap<string, string>;
}

export interface Module {
  /** Absolute. */
  readonly path: string;
  /** Index in the file table. */
  readonly file: number;
  readonly syntax: TS.SourceFile;
  /** Whether it is a part of Fairlead that is written in the language itself: `fairlead/sync`. */
  readonly own: boolean;
  /** Modules it imports from files, by specifier as written. */
  readonly imports: ReadonlyMap<string, Module>;
  /** Files of data that it imports, by specifier as written: their absolute paths. */
  readonly data: ReadonlyMap<string, string>;
  /** What stands at its top level, by name. */
  readonly scope: ReadonlyMap<string, TopLevel>;
  /** Names it exports; `*` re-exports are in `exportsAll`. */
  readonly exports: ReadonlyMap<string, Exported>;
  readonly exportsAll: readonly string[];
}

type TopLevel =
  | { readonly kind: 'variable'; readonly declaration: TS.VariableDeclaration; readonly mutable: boolean }
  | { readonly kind: 'function'; readonly declaration: TS.FunctionDeclaration }
  | { readonly kind: 'import'; readonly specifier: string; readonly imported: string } // `*`: the namespace
  | { readonly kind: 'type' }
  | { readonly kind: 'other'; readonly declaration: TS.Node };

type Exported =
  | { readonly kind: 'local'; readonly name: string }
  | { readonly kind: 'from'; readonly specifier: string; readonly imported: string };

/** A file as it was read, with all that is the same in whichever spec it is a module. */
interface Parsed extends Pick<Module, 'syntax' | 'scope' | 'exports' | 'exportsAll'> {
  readonly unlabeled: readonly TS.Node[];
  readonly looksAround: boolean;
}

/** Files that have been parsed, by absolute path. */
export type ParsedFiles = Map<string, Parsed>;

/**
 * Reads and parses a spec and the files it imports. Never throws: what cannot be read or parsed is a diagnostic.
 *
 * @param parsed - what other specs that are opened together have read already; grows.
 */
export function openSources(entry: string, from: Files = filesUnder(), parsed: ParsedFiles = new Map()): Sources {
  const modules: Module[] = [];
  const files: SourceFile[] = [];
  const diagnostics: Diagnostic[] = [];
  const byPath = new Map<string, Module>();
  const resolver = new Resolver(from);
  const data = new Map<string, string>();
  let isComplete = true;

  function open(path: string): Module | undefined {
    const known = byPath.get(path);
    if (known !== undefined) return known;
    const found = parsed.get(path) ?? parsedFile(from, path);
    if (found === undefined) return undefined;
    parsed.set(path, found);
    const { syntax, scope, exports, exportsAll, unlabeled, looksAround } = found;
    const file = files.length;
    files.push({ path: displayPath(path), text: syntax.text });
    const imports = new Map<string, Module>();
    const ownData = new Map<string, string>();
    const module: Module = { path, file, syntax, own: isOwn(path), imports, data: ownData, scope, exports, exportsAll };
    byPath.set(path, module);
    modules.push(module);
    for (const error of parseErrorsOf(syntax)) {
      const span = { file, start: error.start, end: error.start + Math.max(error.length, 1) };
      diagnostics.push(syntaxError(span, ts.flattenDiagnosticMessageText(error.messageText, '\n')));
    }
    const nested = nestedTooFar(file, syntax);
    diagnostics.push(...nested);
    if (nested.length > 0) return module;
    diagnostics.push(...unlabeled.map((node) => yieldUnlabeled(spanOf(file, node))));
    isComplete &&= module.own || !looksAround;
    for (const { specifier, node } of importsOf(syntax)) {
      const target = resolver.fileOf(path, specifier);
      if (target === undefined) {
        isComplete &&= module.own || PACKAGES.has(specifier);
        continue;
      }
      if (target !== null && /\.(json|cjs)$/.test(target)) {
        const problem = openData(target);
        if (problem === undefined) ownData.set(specifier, target);
        else diagnostics.push(syntaxError(spanOf(file, node), problem));
        continue;
      }
      const imported = target === null ? undefined : open(target);
      if (imported === undefined) diagnostics.push(importMissing(spanOf(file, node), specifier));
      else imports.set(specifier, imported);
    }
    return module;
  }

  /** Reads a file of data; what is wrong with it, if anything is. */
  function openData(path: string): string | undefined {
    if (data.has(path)) return undefined;
    try {
      const text = from.read(path);
      if (path.endsWith('.json')) JSON.parse(text);
      else isComplete &&= !LOOKS_AROUND.test(text);
      data.set(path, text);
      return undefined;
    } catch (error) {
      return `\`${displayPath(path)}\` cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  if (open(resolve(entry)) === undefined) diagnostics.push(fileMissing(entry));
  const read = [
    ...modules.map((module) => ({ path: module.path, text: module.syntax.text })),
    ...[...data, ...resolver.read].map(([path, text]) => ({ path, text })),
  ];
  return { modules, files, diagnostics, data, inputs: { read, absent: [...resolver.absent], isComplete } };
}

function parsedFile(from: Files, path: string): Parsed | undefined {
  const text = textOf(from, path);
  if (text === undefined) return undefined;
  const version = { languageVersion: ts.ScriptTarget.ES2022 };
  const syntax = ts.createSourceFile(path, text, version, true, scriptKindOf(path));
  const isTooDeep = nestedTooFar(0, syntax).length > 0;
  return {
    syntax,
    ...topLevelOf(syntax),
    unlabeled: isTooDeep ? [] : unlabeledYields(syntax),
    looksAround: LOOKS_AROUND.test(text),
  };
}

/** A file that could not be read to its end, because the stack was too small. */
export function unreadable(entry: string, from: Files): Sources {
  const path = resolve(entry);
  const files = [{ path: displayPath(path), text: from.read(path) }];
  const inputs = { read: [], absent: [], isComplete: false };
  return { modules: [], files, diagnostics: [tooDeep(files)], data: new Map(), inputs };
}

/** Packages that are always those of this very build. */
const PACKAGES = new Set(['fairlead', 'fairlead/sync', 'zod', 'zod/v4']);

/** Words without which a module cannot get at the clock, the environment or chance, past what TypeScript lets it see. */
const LOOKS_AROUND = /@ts-|\b(declare|globalThis|import\s*\(|require|Date|random|eval|Function|Intl|toLocale\w*)\b/;

/** TypeScript would complain about them too, but about the type of the whole generator. */
function unlabeledYields(node: TS.Node): TS.Node[] {
  const found: TS.Node[] = ts.isYieldExpression(node) && node.expression === undefined ? [node] : [];
  ts.forEachChild(node, (child) => void found.push(...unlabeledYields(child)));
  return found;
}

/**
 * The span of a node, without the comments and blanks before it.
 *
 * @param syntax - the file of the node; without it TypeScript looks for it through all that the node stands in.
 */
export function spanOf(file: number, node: TS.Node, syntax?: TS.SourceFile): Span {
  const known = spans.get(node);
  if (known?.file === file) return known;
  const span = { file, start: node.getStart(syntax), end: node.end };
  spans.set(node, span);
  return span;
}

/** A body is lowered for each model, and TypeScript looks for the start of a node by reading its text. */
const spans = new WeakMap<TS.Node, Span>();

/** Where a name that a module exports is declared: followed through re-exports. Undefined: no such export. */
export function exportOf(module: Module, name: string): Declared | undefined {
  const exported = module.exports.get(name);
  if (exported?.kind === 'local') return declarationOf(module, exported.name);
  if (exported?.kind === 'from') return importFrom(module, exported.specifier, exported.imported);
  for (const specifier of module.exportsAll) {
    const found = importFrom(module, specifier, name);
    if (found !== undefined && found.kind !== 'package') return found;
  }
  return undefined;
}

/** Where a name at the top level of a module is declared: followed through imports. Undefined: no such name. */
export function declarationOf(module: Module, name: string): Declared | undefined {
  const top = module.scope.get(name);
  if (top === undefined) return undefined;
  if (top.kind === 'import') return importFrom(module, top.specifier, top.imported);
  return { kind: 'declared', module, name, top };
}

/** What a name means once imports have been followed. */
export type Declared =
  | {
      readonly kind: 'declared';
      readonly module: Module;
      readonly name: string;
      readonly top: Exclude<TopLevel, { kind: 'import' }>;
    }
  | { readonly kind: 'namespace'; readonly module: Module }
  /** A name of a package; `*`: the package as a whole. The language itself is the package `fairlead`. */
  | { readonly kind: 'package'; readonly specifier: string; readonly name: string };

function importFrom(module: Module, specifier: string, imported: string): Declared | undefined {
  const target = module.imports.get(specifier);
  if (target === undefined) {
    const name = module.own && specifier.startsWith('.') ? 'fairlead' : (module.data.get(specifier) ?? specifier);
    return { kind: 'package', specifier: name, name: imported };
  }
  return imported === '*' ? { kind: 'namespace', module: target } : exportOf(target, imported);
}

function isOwn(path: string): boolean {
  return path.startsWith(SYNC + sep);
}

function scriptKindOf(path: string): TS.ScriptKind {
  return /\.m?js$/.test(path) ? ts.ScriptKind.JS : ts.ScriptKind.TS;
}

function displayPath(path: string): string {
  if (isOwn(path)) return `fairlead/sync/${relative(SYNC, path)}`;
  const shown = relative(process.cwd(), path);
  return shown.startsWith('..') ? path : shown;
}

function parseErrorsOf(syntax: TS.SourceFile): readonly TS.DiagnosticWithLocation[] {
  // Not in the public type, but the only way to a file's own syntax errors without making a whole program of it.
  return (syntax as unknown as { parseDiagnostics?: readonly TS.DiagnosticWithLocation[] }).parseDiagnostics ?? [];
}

function importsOf(syntax: TS.SourceFile): { specifier: string; node: TS.Node }[] {
  const found: { specifier: string; node: TS.Node }[] = [];
  for (const statement of syntax.statements) {
    if (ts.isImportDeclaration(statement) && statement.importClause?.isTypeOnly === true) continue;
    if (ts.isExportDeclaration(statement) && statement.isTypeOnly) continue;
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) continue;
    const specifier = statement.moduleSpecifier;
    if (specifier && ts.isStringLiteral(specifier)) found.push({ specifier: specifier.text, node: specifier });
  }
  return found;
}

function topLevelOf(syntax: TS.SourceFile): Pick<Module, 'scope' | 'exports' | 'exportsAll'> {
  const scope = new Map<string, TopLevel>();
  const exports = new Map<string, Exported>();
  const exportsAll: string[] = [];
  const declare = (name: string, top: TopLevel, exported: boolean) => {
    scope.set(name, top);
    if (exported) exports.set(name, { kind: 'local', name });
  };
  for (const statement of syntax.statements) {
    if (isAmbient(statement)) continue; // describes what is made elsewhere, which a spec cannot see
    if (ts.isVariableStatement(statement)) {
      const mutable = (statement.declarationList.flags & ts.NodeFlags.Const) === 0;
      for (const declaration of statement.declarationList.declarations) {
        for (const name of boundNames(declaration.name)) {
          declare(name, { kind: 'variable', declaration, mutable }, isExported(statement));
        }
      }
    } else if (ts.isFunctionDeclaration(statement)) {
      if (statement.name !== undefined) {
        declare(statement.name.text, { kind: 'function', declaration: statement }, isExported(statement));
      }
    } else if (ts.isImportDeclaration(statement)) {
      for (const [name, top] of importedNames(statement)) scope.set(name, top);
    } else if (ts.isExportDeclaration(statement)) {
      const specifier =
        statement.moduleSpecifier && ts.isStringLiteral(statement.moduleSpecifier)
          ? statement.moduleSpecifier.text
          : undefined;
      const clause = statement.exportClause;
      if (clause === undefined && specifier !== undefined) exportsAll.push(specifier);
      else if (clause !== undefined && ts.isNamespaceExport(clause) && specifier !== undefined) {
        exports.set(clause.name.text, { kind: 'from', specifier, imported: '*' });
      } else if (clause !== undefined && ts.isNamedExports(clause)) {
        for (const element of clause.elements) {
          const name = (element.propertyName ?? element.name).text;
          exports.set(
            element.name.text,
            specifier === undefined ? { kind: 'local', name } : { kind: 'from', specifier, imported: name },
          );
        }
      }
    } else if (ts.isTypeAliasDeclaration(statement) || ts.isInterfaceDeclaration(statement)) {
      if (!scope.has(statement.name.text)) declare(statement.name.text, { kind: 'type' }, isExported(statement));
    } else if (ts.isClassDeclaration(statement) || ts.isEnumDeclaration(statement)) {
      if (statement.name) {
        declare(statement.name.text, { kind: 'other', declaration: statement }, isExported(statement));
      }
    }
  }
  return { scope, exports, exportsAll };
}

/** The names that a binding pattern introduces. */
export function boundNames(name: TS.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : boundNames(element.name)));
}

function importedNames(statement: TS.ImportDeclaration): [string, TopLevel][] {
  const clause = statement.importClause;
  if (clause === undefined || !ts.isStringLiteral(statement.moduleSpecifier)) return [];
  const specifier = statement.moduleSpecifier.text;
  const names: [string, TopLevel][] = [];
  if (clause.name) names.push([clause.name.text, { kind: 'import', specifier, imported: 'default' }]);
  const bindings = clause.namedBindings;
  if (bindings && ts.isNamespaceImport(bindings)) {
    names.push([bindings.name.text, { kind: 'import', specifier, imported: '*' }]);
  } else if (bindings) {
    for (const element of bindings.elements) {
      names.push([
        element.name.text,
        { kind: 'import', specifier, imported: (element.propertyName ?? element.name).text },
      ]);
    }
  }
  return names;
}

function isExported(statement: TS.Statement): boolean {
  return hasModifier(statement, ts.SyntaxKind.ExportKeyword);
}

/** Whether it describes what is made elsewhere. */
export function isAmbient(statement: TS.Statement): boolean {
  return hasModifier(statement, ts.SyntaxKind.DeclareKeyword);
}

function hasModifier(statement: TS.Statement, kind: TS.SyntaxKind): boolean {
  if (!ts.canHaveModifiers(statement)) return false;
  return ts.getModifiers(statement)?.some((modifier) => modifier.kind === kind) === true;
}
