import type { ts as TS } from 'ts-morph';
import { skip } from './declaration.ts';
import { declarationOf, type Declared, type Module } from './source.ts';
import { ts } from './typescript.ts';

/**
 * A module with checks at its end, for TypeScript alone: what says how large a set of ids is, once more for each spec that
 * uses the set, with the types of that spec's parameters.
 *
 * A set is declared before the spec whose parameters it reads, so in the place itself TypeScript knows nothing of them: to
 * know them there it would have to know the spec, whose state is made of the set.
 */
export interface WithSizes {
  readonly syntax: TS.SourceFile;
  readonly checks: readonly SizeCheck[];
}

/** One such check: `start` to `end` is its text, in which the function `size` is written again at `again`. */
interface SizeCheck {
  readonly size: TS.Node;
  readonly start: number;
  readonly end: number;
  readonly again: number;
}

/** Those modules of some specs that have such checks, by path. */
export function withSizes(specs: readonly (readonly Module[])[]): ReadonlyMap<string, WithSizes> {
  const asked = specs.flatMap((modules) => {
    const sizes = modules.flatMap(sizesIn);
    return sizes.length === 0 ? [] : checksOf(sizes, modules);
  });
  const found = new Map<string, { text: string; checks: SizeCheck[] }>();
  const known = new Set<string>();
  for (const { module, size, type } of asked) {
    const key = JSON.stringify([module.path, size.pos, type]);
    if (known.has(key)) continue;
    known.add(key);
    const { text, checks } = found.get(module.path) ?? { text: module.syntax.text, checks: [] };
    const before = '\n;((';
    const wanted = `(parameters: import('fairlead').ParametersOf<${type}>) => number`;
    const check = `${before}${size.getText()}) satisfies ${wanted});`;
    const start = text.length;
    checks.push({ size, start, end: start + check.length, again: start + before.length });
    found.set(module.path, { text: text + check, checks });
  }
  return new Map(
    [...found].map(([path, { text, checks }]) => {
      const syntax = ts.createSourceFile(path, text, { languageVersion: ts.ScriptTarget.ES2022 });
      return [path, { syntax, checks }];
    }),
  );
}

/**
 * What TypeScript says of such a module, with what it says of the checks said of the functions themselves. A set that
 * several specs use may read what only one of them has: only what is wrong with all of them is a mistake for sure.
 */
export function inPlace(
  errors: readonly TS.Diagnostic[],
  { syntax, checks }: WithSizes,
): readonly (TS.Diagnostic & { readonly start: number })[] {
  const located = errors.map((error) => ({ ...error, start: error.start ?? 0 }));
  const end = checks[0]?.start ?? syntax.text.length;
  const inText = located.filter(({ start }) => start < end);
  const known = new Set(inText.map(({ start }) => start));
  const sizes = new Set(checks.map(({ size }) => size));
  const ofChecks = [...sizes].flatMap((size) => {
    const [first = [], ...others] = checks
      .filter((check) => check.size === size)
      .map((check) => errorsOf(check, located));
    return first.filter(({ start }) => others.every((other) => other.some((one) => one.start === start)));
  });
  return [...inText, ...ofChecks.filter(({ start }) => !known.has(start))];
}

function errorsOf<E extends TS.Diagnostic & { readonly start: number }>(check: SizeCheck, errors: readonly E[]): E[] {
  const start = check.size.getStart();
  const length = check.size.getEnd() - start;
  return errors
    .filter((error) => check.start <= error.start && error.start < check.end)
    .map((error) => {
      const offset = error.start - check.again;
      const isInside = 0 <= offset && offset < length;
      return isInside ? { ...error, start: start + offset } : { ...error, start, length };
    });
}

/** Each size with the type of each spec that uses the set. */
function checksOf(sizes: readonly Size[], modules: readonly Module[]) {
  const uses = modules.flatMap(usesOfSpecs).map((use) => ({ spec: use.spec, reached: reach(use) }));
  return sizes.flatMap(({ module, declaration, size }) => {
    const users = uses.filter(({ reached }) => reached.has(declaration)).map(({ spec }) => typeOf(spec, module));
    return [...new Set(users)].flatMap((type) => (type === undefined ? [] : [{ module, size, type }]));
  });
}

/** A const at the top level of a module that a spec is assigned to. */
interface Spec {
  readonly module: Module;
  readonly name: string;
  readonly declaration: TS.Node;
}

interface Size {
  readonly module: Module;
  readonly declaration: TS.Node;
  readonly size: TS.Expression;
}

/** The functions without types by which sets of ids, at the top level, have their sizes. */
function sizesIn(module: Module): Size[] {
  return variablesOf(module).flatMap(({ declaration }) => {
    const call = declaration.initializer && skip(declaration.initializer);
    if (call === undefined || !ts.isCallExpression(call) || !isCallOf(module, call, 'ids')) return [];
    const size = call.arguments[1] && skip(call.arguments[1]);
    if (size === undefined || !(ts.isArrowFunction(size) || ts.isFunctionExpression(size))) return [];
    const [parameters] = size.parameters;
    return parameters === undefined || parameters.type !== undefined ? [] : [{ module, declaration, size }];
  });
}

/** A declaration of a spec, or of something on it. */
interface Use {
  readonly spec: Spec;
  readonly module: Module;
  readonly node: TS.Expression;
}

function usesOfSpecs(module: Module): Use[] {
  return variablesOf(module).flatMap(({ name, declaration }) => {
    const node = declaration.initializer;
    const spec = node && specOf(module, name, node);
    return spec === undefined ? [] : [{ spec, module, node: node! }];
  });
}

/** The spec that a variable is, or on which it declares something. */
function specOf(module: Module, name: string, initializer: TS.Expression): Spec | undefined {
  const call = skip(initializer);
  if (!ts.isCallExpression(call)) return undefined;
  if (isCallOf(module, call, 'spec')) return specCalled(declarationOf(module, name));
  const object = ts.isPropertyAccessExpression(call.expression) ? call.expression.expression : undefined;
  return object && ts.isIdentifier(object) ? specCalled(declarationOf(module, object.text)) : undefined;
}

function specCalled(declared: Declared | undefined): Spec | undefined {
  if (declared?.kind !== 'declared' || declared.top.kind !== 'variable') return undefined;
  const { module, name, top } = declared;
  const call = top.declaration.initializer && skip(top.declaration.initializer);
  const isSpec = call !== undefined && ts.isCallExpression(call) && isCallOf(module, call, 'spec');
  return isSpec ? { module, name, declaration: top.declaration } : undefined;
}

/** The declarations that an expression leads to, by names, up to those of specs and of what is declared on them. */
function reach({ module, node }: Use): ReadonlySet<TS.Node> {
  const seen = new Set<TS.Node>();
  const visit = (from: Module, part: TS.Node): void => {
    const declared = ts.isIdentifier(part) ? declarationOf(from, part.text) : undefined;
    if (declared?.kind === 'declared' && 'declaration' in declared.top && !seen.has(declared.top.declaration)) {
      const { module: home, name, top } = declared;
      seen.add(top.declaration);
      const initializer = top.kind === 'variable' ? top.declaration.initializer : undefined;
      const isOfSpec = initializer !== undefined && specOf(home, name, initializer) !== undefined;
      if (!isOfSpec) visit(home, top.declaration);
    }
    ts.forEachChild(part, (child) => visit(from, child));
  };
  visit(module, node);
  return seen;
}

/** How a module says the type of a spec; undefined where the spec is in another one, which keeps it to itself. */
function typeOf(spec: Spec, module: Module): string | undefined {
  if (spec.module === module) return `typeof ${spec.name}`;
  const [exported] = [...spec.module.exports].find(([, one]) => one.kind === 'local' && one.name === spec.name) ?? [];
  return exported && `typeof import(${JSON.stringify(spec.module.path)}).${exported}`;
}

function isCallOf(module: Module, { expression }: TS.CallExpression, word: string): boolean {
  if (ts.isIdentifier(expression)) return isWord(declarationOf(module, expression.text), word);
  if (!ts.isPropertyAccessExpression(expression) || !ts.isIdentifier(expression.expression)) return false;
  return expression.name.text === word && isWord(declarationOf(module, expression.expression.text), '*');
}

function isWord(declared: Declared | undefined, word: string): boolean {
  return declared?.kind === 'package' && declared.specifier === 'fairlead' && declared.name === word;
}

function variablesOf(module: Module) {
  if (module.own || !/\.[cm]?ts$/.test(module.path)) return [];
  return [...module.scope].flatMap(([name, top]) =>
    top.kind === 'variable' ? [{ name, declaration: top.declaration }] : [],
  );
}
