import type { ts as TS } from 'ts-morph';
import { bodyNotFound, duplicateName, unnamed } from '../diagnostics/catalog.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Span } from '../diagnostics/span.ts';
import { visible } from '../diagnostics/visible.ts';
import { definitionOf, type Declaration, type SpecDefinition } from '../language/definition.ts';
import { moduleScope } from './access.ts';
import { lower } from './lower-expression.ts';
import type { Loaded } from './load.ts';
import { spanOf, type Module, type Sources } from './source.ts';
import type { Closure, Term } from './term.ts';
import { ts } from './typescript.ts';
import type { Unit } from './unit.ts';

/** A spec with everything declared on it, joined with the syntax that it comes from. */
export interface SpecSource {
  readonly definition: SpecDefinition;
  readonly module: Module;
  readonly node: TS.VariableDeclaration;
  readonly doc: string;
  readonly span: Span;
  /** In order of evaluation. */
  readonly parts: readonly Part[];
}

/** A named declaration. */
export interface Part {
  readonly declaration: Declaration;
  readonly name: string;
  readonly module: Module;
  readonly node: TS.VariableDeclaration;
  readonly doc: string;
  /** Of the name. */
  readonly span: Span;
}

/** What the IR says of everything that is declared. */
export function namedOf(part: Part) {
  return { name: part.name, doc: part.doc, span: part.span, declaration: spanOf(part.module.file, part.node) };
}

/** Finds all specs of the modules and their parts; reports what has no name, or one that is taken. */
export function findSpecs(sources: Sources, loaded: Loaded): { specs: SpecSource[]; diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const parts = new Map<Declaration, Part>();
  const found: Omit<SpecSource, 'parts'>[] = [];
  for (const module of sources.modules) {
    const values = loaded.valuesOf(module);
    for (const [name, top] of module.scope) {
      if (top.kind !== 'variable') continue;
      const definition = definitionOf(values[name]);
      if (definition === undefined) continue;
      const common = {
        module,
        node: top.declaration,
        doc: docOf(top.declaration),
        span: spanOf(module.file, top.declaration.name),
      };
      if (definition.kind === 'spec') {
        if (!found.some((one) => one.definition === definition)) found.push({ definition, ...common });
      } else if (definition.name === name && !parts.has(definition))
        parts.set(definition, { declaration: definition, name, ...common });
    }
  }
  const specs = found.map((spec): SpecSource => {
    const named = spec.definition.declarations.flatMap((declaration) => parts.get(declaration) ?? []);
    const missing = spec.definition.declarations.filter((declaration) => !parts.has(declaration));
    diagnostics.push(...reportUnnamed(sources, missing, spec.span), ...reportDuplicates(named));
    return { ...spec, parts: named };
  });
  return { specs, diagnostics };
}

function reportDuplicates(parts: readonly Part[]): Diagnostic[] {
  const first = new Map<string, Part>();
  const diagnostics: Diagnostic[] = [];
  for (const part of parts) {
    const before = first.get(part.name);
    if (before === undefined) first.set(part.name, part);
    else diagnostics.push(duplicateName(part.span, part.name, before.span));
  }
  return diagnostics;
}

/** Where the nameless ones are written is found by their call: evaluation does not tell. */
function reportUnnamed(sources: Sources, missing: readonly Declaration[], spec: Span): Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  for (const kind of new Set(missing.map((declaration) => declaration.kind))) {
    const calls = sources.modules.flatMap((module) =>
      unnamedCalls(module, kind).map((node) => spanOf(module.file, node)),
    );
    const spans = calls.length === 0 ? [spec] : calls;
    diagnostics.push(...spans.map((span) => unnamed(span, kind)));
  }
  return diagnostics;
}

/** Calls of `x.kind(…)` that are not what a const at the top level is initialized with. */
function unnamedCalls(module: Module, kind: string): TS.Node[] {
  if (module.own) return [];
  const found: TS.Node[] = [];
  const visit = (node: TS.Node, named: boolean): void => {
    if (
      ts.isCallExpression(node) &&
      ts.isPropertyAccessExpression(node.expression) &&
      node.expression.name.text === kind
    ) {
      if (!named) found.push(node.expression);
    }
    if (ts.isFunctionLike(node)) return;
    const top =
      ts.isVariableDeclaration(node) && node.parent.parent.parent === module.syntax && ts.isIdentifier(node.name);
    ts.forEachChild(node, (child) => visit(child, top && child === node.initializer));
  };
  visit(module.syntax, false);
  return found;
}

/** The function that a declaration was given as its body, and whether its call gives arguments before it. */
export interface Body {
  readonly closure: Closure;
  readonly takesArguments: boolean;
}

/** The body of a part; undefined when it has been reported. */
export function bodyOf(unit: Unit, part: Part): Body | undefined {
  const reported = unit.diagnostics.length;
  const given = givenTo(unit, part) ?? [];
  const { kind } = part.declaration;
  // The last of two is the body, unless it says something about the locals of a process.
  const second = kind === 'action' || kind === 'process' ? given[1]?.() : undefined;
  const takesArguments = second !== undefined && (2 < given.length || !isOptions(second));
  const term = takesArguments ? second : given[0]?.();
  if (term?.kind === 'closure') return { closure: term, takesArguments };
  // Whatever was found on the way to it, this is what the author has to know.
  unit.diagnostics.length = reported;
  unit.diagnostics.push(bodyNotFound(part.span, kind));
  return undefined;
}

function isOptions(term: Term): boolean {
  return term.kind === 'object' || (term.kind === 'host' && typeof term.value !== 'function');
}

/** What the call that declares a part is given, each to be lowered when it is wanted. */
export function givenTo(unit: Unit, part: Pick<Part, 'node' | 'module'>): (() => Term)[] | undefined {
  const scope = moduleScope(part.module);
  const initializer = part.node.initializer && skip(part.node.initializer);
  if (initializer === undefined) return undefined;
  if (ts.isCallExpression(initializer) && declares(unit, initializer, scope)) {
    return initializer.arguments.map((node) => () => lower(unit, node, scope));
  }
  // Made by a function of the author's: expanding its call leads to the one that declares.
  const term = lower(unit, initializer, scope);
  return term.kind === 'declaring' ? term.given.map((one) => () => one) : undefined;
}

/** Whether the call itself is one that declares, as opposed to one of a function that does. */
function declares(unit: Unit, node: TS.CallExpression, scope: ReturnType<typeof moduleScope>): boolean {
  const callee = node.expression;
  if (ts.isPropertyAccessExpression(callee)) {
    const object = lower(unit, callee.expression, scope);
    return object.kind === 'host' && definitionOf(object.value)?.kind === 'spec';
  }
  const term = lower(unit, callee, scope);
  return term.kind === 'host' && term.value === unit.model.packageValue('fairlead', 'spec');
}

export function skip(node: TS.Expression): TS.Expression {
  return ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node)
    ? skip(node.expression)
    : node;
}

/** A property of an object literal, by name. */
export function propertyOf(node: TS.Expression | undefined, name: string): TS.ObjectLiteralElementLike | undefined {
  const object = node && skip(node);
  if (object === undefined || !ts.isObjectLiteralExpression(object)) return undefined;
  return object.properties.find((property) => property.name !== undefined && textOfName(property.name) === name);
}

function textOfName(name: TS.PropertyName): string | undefined {
  return ts.isIdentifier(name) || ts.isStringLiteralLike(name) || ts.isNumericLiteral(name) ? name.text : undefined;
}

/** The object literal that a function, or a plain initializer, amounts to; undefined when it is not that simple. */
export function literalOf(property: TS.ObjectLiteralElementLike | undefined): TS.ObjectLiteralExpression | undefined {
  if (property === undefined) return undefined;
  let value: TS.Node | undefined = ts.isPropertyAssignment(property) ? property.initializer : property;
  if (value && (ts.isArrowFunction(value) || ts.isFunctionExpression(value) || ts.isMethodDeclaration(value)))
    value = value.body;
  if (value && ts.isBlock(value)) {
    const last = value.statements[value.statements.length - 1];
    value = last && ts.isReturnStatement(last) ? last.expression : undefined;
  }
  const object = value && ts.isExpression(value) ? skip(value) : undefined;
  return object && ts.isObjectLiteralExpression(object) ? object : undefined;
}

/** All of a property of the object that declares a spec. */
export function declarationOf({ module }: SpecSource, node: TS.Node | undefined): { readonly declaration?: Span } {
  return node === undefined ? {} : { declaration: spanOf(module.file, node) };
}

/** The text of the TSDoc comment of a node, without the stars, with all of it to be seen; empty if there is none. */
export function docOf(node: TS.Node): string {
  const holder = ts.isVariableDeclaration(node) ? node.parent.parent : node;
  const text = holder.getSourceFile().text;
  const comments = ts.getLeadingCommentRanges(text, holder.getFullStart()) ?? [];
  const last = comments
    .map((range) => text.slice(range.pos, range.end))
    .findLast((comment) => comment.startsWith('/**'));
  if (last === undefined) return '';
  const lines = last
    .slice(3, -2)
    .split('\n')
    .map((line) => line.replace(/^\s*\*? ?/, '').trimEnd());
  return visible(lines.join('\n').trim());
}

/** What the author says about a `yield`: its TSDoc comment, or the comment behind it on its line. */
export function remarkOf(node: TS.Node): string {
  let statement = node;
  while (!ts.isStatement(statement) && statement.parent !== undefined) statement = statement.parent;
  const above = docOf(statement);
  if (above !== '') return above;
  const [behind] = ts.getTrailingCommentRanges(statement.getSourceFile().text, statement.end) ?? [];
  if (behind === undefined) return '';
  const text = statement.getSourceFile().text.slice(behind.pos, behind.end);
  return text.startsWith('//') ? text.slice(2).trim() : '';
}
