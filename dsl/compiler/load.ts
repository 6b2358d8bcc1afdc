import type { ts as TS } from 'ts-morph';
import { createRequire, SourceMap, type SourceMapPayload } from 'node:module';
import { dirname } from 'node:path';
import { compileFunction } from 'node:vm';
import { evaluationFailed } from '../diagnostics/catalog.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { isStackOverflow } from '../diagnostics/stack-overflow.ts';
import { wordThrown } from '../diagnostics/thrown.ts';
import type { Span } from '../diagnostics/span.ts';
import * as fairlead from '../index.ts';
import { definitionOf } from '../language/definition.ts';
import * as sync from '../sync/index.ts';
import { erased, isSettled } from './erase.ts';
import { evaluateBounded, type EvaluationOptions, type OwnGlobals, PutOff } from './evaluation.ts';
import type { Module, Sources } from './source.ts';
import { wholeTypeScript } from './typescript.ts';
import { zodInOrder } from './zod-in-order.ts';

/** What evaluating a spec left. */
export interface Loaded {
  /** The values of the names at the top level of a module. */
  readonly valuesOf: (module: Module) => Readonly<Record<string, unknown>>;
  /** A name of a package; `*`: the whole package. */
  readonly packageValue: (specifier: string, name: string) => unknown;
  /** Where in the spec something was thrown; undefined when that cannot be told. */
  readonly placeOf: (thrown: unknown) => Span | undefined;
  /** Runs functions that the modules left, as {@link evaluateBounded} does; `otherwise` makes something of what they throw. */
  readonly attempt: <Result>(use: () => Result, otherwise: (thrown: unknown) => Result) => Result;
  /** Throws again what another attempt at all of it may spare, of what such functions threw. */
  readonly passOn: (thrown: unknown) => void;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Evaluates a spec and the files it imports, once each, in this process.
 *
 * Types are erased and modules become functions of `require`, which gives them our own instances of the language and of
 * zod, so that the spec and the compiler speak of the same things. Names are told by a call that is appended to each
 * module: evaluation gives everything at the top level, exported or not.
 *
 * @throws PutOff, or what says that the stack is too small, where another attempt may do better.
 */
export function load(sources: Sources, options: EvaluationOptions = {}): Loaded {
  const values = new Map<Module, Record<string, unknown>>();
  const exported = new Map<Module, Record<string, unknown>>();
  const packages = new Map<string, unknown>([
    ['fairlead', { ...fairlead, z: zodInOrder }],
    ['fairlead/sync', sync],
    ['zod', zodInOrder],
    ['zod/v4', zodInOrder],
  ]);
  const diagnostics: Diagnostic[] = [];
  const emitted = new Set<Module>();
  const globals: OwnGlobals = new Map();
  const canBeErased = isSettled(sources.modules);

  /** The module in JavaScript, with a call of `__tell` at its end. */
  function javaScriptOf(module: Module): string {
    const code = canBeErased ? erased(module) : undefined;
    if (code !== undefined) return code + tellingNames(module);
    emitted.add(module);
    return emit(module, false).outputText;
  }

  function requirePackage(from: Module, specifier: string): unknown {
    const data = from.data.get(specifier);
    const name = data ?? specifier;
    if (!packages.has(name)) {
      const text = data === undefined ? undefined : sources.data.get(data);
      packages.set(name, data === undefined ? createRequire(from.path)(specifier) : dataOf(data, text ?? ''));
    }
    return packages.get(name);
  }

  function evaluate(module: Module): Record<string, unknown> {
    const known = exported.get(module);
    if (known !== undefined) return known; // complete, or in the middle of a cycle: as JavaScript has it
    const exports: Record<string, unknown> = Object.defineProperty({}, '__esModule', { value: true });
    exported.set(module, exports);
    if (module.own) {
      Object.assign(exports, sync);
      values.set(module, { ...sync });
      return exports;
    }
    const body = functionOf(`${BEFORE}${javaScriptOf(module)}`, GIVEN, module.path) as ModuleFunction;
    const requireFrom = (specifier: string): unknown => {
      const imported = module.imports.get(specifier);
      return imported === undefined ? requirePackage(module, specifier) : evaluate(imported);
    };
    const tell = (names: () => Record<string, unknown>) => values.set(module, names());
    const addAll = (all: Readonly<Record<string, unknown>>) => {
      for (const name of Object.keys(all)) if (name !== 'default' && !(name in exports)) exports[name] = all[name];
    };
    body(exports, requireFrom, tell, addAll);
    return exports;
  }

  const passOn = (thrown: unknown): void => {
    if (thrown instanceof PutOff) throw thrown;
    if (options.patience !== undefined && isStackOverflow(thrown)) throw thrown;
  };
  const attempt = <Result>(use: () => Result, otherwise: (thrown: unknown) => Result): Result => {
    try {
      return evaluateBounded(sources.files[0]?.path ?? '', use, options, globals);
    } catch (error) {
      passOn(error);
      return otherwise(error);
    }
  };
  const entry = sources.modules[0];
  if (entry !== undefined) {
    attempt(
      () => void evaluate(entry),
      (thrown) => void diagnostics.push(failure(thrown, sources, emitted)),
    );
  }
  nameDeclarations(sources, values);
  return {
    valuesOf: (module) => values.get(module) ?? {},
    packageValue: (specifier, name) => {
      const whole = packages.get(specifier);
      return name === '*' ? whole : (whole as Record<string, unknown> | undefined)?.[name];
    },
    placeOf: (thrown) => placeOf(thrown, sources, emitted),
    attempt,
    passOn,
    diagnostics,
  };
}

/** What a file of JSON, or a CommonJS module, gives to an import: all of it as `default`, and its parts by name. */
function dataOf(path: string, text: string): unknown {
  if (path.endsWith('.json')) return asModule(JSON.parse(text));
  const module = { exports: {} as unknown };
  const run = functionOf(text, ['exports', 'require', 'module', '__filename', '__dirname'], path);
  run(module.exports, createRequire(path), module, path, dirname(path));
  return asModule(module.exports);
}

function asModule(value: unknown): unknown {
  const parts = typeof value === 'object' && value !== null ? { ...value } : {};
  const whole = Object.hasOwn(parts, '__esModule') ? parts : { ...parts, default: value };
  return Object.defineProperty(whole, '__esModule', { value: true });
}

/**
 * A function of this text. Not by way of a `Script`: those V8 remembers by their text, and a process that compiles a spec
 * again and again would grow.
 */
function functionOf(text: string, names: readonly string[], path: string): (...given: readonly unknown[]) => void {
  return compileFunction(text, names, { filename: path }) as (...given: readonly unknown[]) => void;
}

type ModuleFunction = (
  exports: Record<string, unknown>,
  require: (specifier: string) => unknown,
  tell: (names: () => Record<string, unknown>) => void,
  addAll: (exports: Readonly<Record<string, unknown>>) => void,
) => void;

/** What a module is given, by these names. */
const GIVEN = ['exports', 'require', '__tell', '__all'];

/** On the line of the first statement, so that lines are those of the source, or of the source map. */
const BEFORE = '"use strict";';

function tellingNames({ scope }: Module): string {
  const names = [...scope]
    .filter(([, top]) => top.kind === 'variable' || top.kind === 'other' || top.kind === 'function')
    .map(([name]) => name);
  return `\n;__tell(() => ({ ${names.join(', ')} }));`;
}

/** For what takes more than erasing types; rare, so it may take TypeScript as a whole. */
function emit(module: Module, sourceMap: boolean): TS.TranspileOutput {
  const ts = wholeTypeScript();
  return ts.transpileModule(importsFirst(module) + tellingNames(module), {
    fileName: module.path,
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.CommonJS,
      esModuleInterop: true,
      sourceMap,
      removeComments: false,
    },
  });
}

/** The text of a module with its imports on the first line, before which the emitter would evaluate what stands there. */
function importsFirst({ syntax }: Module): string {
  const imports = syntax.statements.filter((statement) => wholeTypeScript().isImportDeclaration(statement));
  const isFirst = imports.every((statement, at) => syntax.statements[at] === statement);
  if (isFirst) return syntax.text;
  let rest = syntax.text;
  for (const { pos, end } of imports.map((one) => ({ pos: one.getStart(), end: one.end }))) {
    rest = rest.slice(0, pos) + rest.slice(pos, end).replace(/[^\n\r\u2028\u2029]/g, ' ') + rest.slice(end);
  }
  const lines = imports.map((one) => one.getText().replaceAll(/[\n\r\u2028\u2029]/g, ' '));
  return `${lines.join('; ')};${rest}`;
}

/** Counted from zero. */
interface Place {
  readonly line: number;
  readonly column: number;
}

/** Which place of a module its emitted JavaScript comes from; asked for only where something was thrown. */
function originOf(module: Module, { line, column }: Place): Place | undefined {
  const map = new SourceMap(JSON.parse(emit(module, true).sourceMapText!) as SourceMapPayload);
  const entry = map.findEntry(line, column);
  return 'originalLine' in entry ? { line: entry.originalLine, column: entry.originalColumn } : undefined;
}

/** What a module threw, with the place in the spec that it came from, as far as the stack tells. */
function failure(error: unknown, sources: Sources, emitted: ReadonlySet<Module>): Diagnostic {
  const [first = ''] = wordThrown(error).split('\n');
  return evaluationFailed(placeOf(error, sources, emitted) ?? { file: 0, start: 0, end: 0 }, first);
}

function placeOf(error: unknown, sources: Sources, emitted: ReadonlySet<Module>): Span | undefined {
  const stack = stackOf(error);
  const unread = placeOfSyntax(error, stack, sources);
  if (unread !== undefined) return unread;
  for (const line of stack.split('\n').slice(1)) {
    for (const module of sources.modules) {
      const at = line.indexOf(`${module.path}:`);
      const position = at < 0 ? null : /^(\d+):(\d+)/.exec(line.slice(at + module.path.length + 1));
      if (position === null) continue;
      const [row, column] = [Number(position[1]) - 1, Number(position[2]) - 1];
      const written = { line: row, column: column - (row === 0 ? BEFORE.length : 0) };
      const origin = emitted.has(module) ? originOf(module, written) : written;
      if (origin === undefined || module.syntax.getLineStarts().length <= origin.line) continue; // what was appended
      return spanAt(module, origin);
    }
  }
  return undefined;
}

/** What JavaScript cannot read, of which a stack begins with the line and marks the columns under it. */
function placeOfSyntax(error: unknown, stack: string, sources: Sources): Span | undefined {
  if (!(error instanceof SyntaxError)) return undefined;
  const [place = '', text = '', marks = ''] = stack.split('\n');
  const module = sources.modules.find(({ path }) => place.startsWith(`${path}:`));
  if (module === undefined) return undefined;
  const line = Number(place.slice(module.path.length + 1)) - 1;
  const written = module.syntax.text.split(/\r\n|[\n\r\u2028\u2029]/)[line];
  if (written === undefined || !text.endsWith(written)) return undefined; // not as it was written
  return spanAt(module, { line, column: Math.max(marks.indexOf('^') - (text.length - written.length), 0) });
}

function stackOf(error: unknown): string {
  try {
    return error instanceof Error ? String(error.stack ?? '') : '';
  } catch {
    return '';
  }
}

/** The token at a position, and what is called when it begins a call. */
function spanAt(module: Module, { line, column }: Place): Span {
  const { syntax } = module;
  // A line with an import on it is not as long in JavaScript.
  const start = Math.min(syntax.getLineStarts()[line]! + column, syntax.text.length - 1);
  const word = /^[\w$]+(\.[\w$]+)*/.exec(syntax.text.slice(start));
  return { file: module.file, start, end: start + (word?.[0].length ?? 1) };
}

/** Every declaration is called like the first const that holds it. */
function nameDeclarations(sources: Sources, values: ReadonlyMap<Module, Record<string, unknown>>): void {
  for (const module of sources.modules) {
    for (const [name, value] of Object.entries(values.get(module) ?? {})) {
      const definition = definitionOf(value);
      if (definition !== undefined && definition.kind !== 'spec') definition.name ??= name;
    }
  }
}
