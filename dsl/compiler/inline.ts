import type { ts as TS } from 'ts-morph';
import { notAssignable, outsideLanguage, recursion, tooManyCalls, valueTooLarge } from '../diagnostics/catalog.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Span } from '../diagnostics/span.ts';
import type { Expression } from '../ir/index.ts';
import { isScalar, UNDEFINED } from '../ir/part.ts';
import { isFunctionNode, spanIn, typeOfTerm } from './access.ts';
import { present, watch } from './aliasing.ts';
import * as build from './build.ts';
import { bindPattern } from './destructure.ts';
import { freeLocals } from './free-local.ts';
import { isIdentity, newIdentity } from './identity.ts';
import { lower } from './lower-expression.ts';
import { lowerBody } from './lower-statement.ts';
import { mergeArms } from './merge.ts';
import { NO_WAITING, THIS } from './subset.ts';
import { scopeIn, type Binding, type Closure, type FunctionNode, type Scope, type Term } from './term.ts';
import { ts } from './typescript.ts';
import { MOST_CALLS, MOST_PARTS } from './too-large.ts';
import { declareLocal, freeze, giveUp, isStable, keyOf, referenceTo, writtenName, type Unit } from './unit.ts';
import { sharesOf } from './shares.ts';
import { ERROR, keepIndices, once, refuse, settle, valueOf, valueTerm } from './value.ts';

/** Functions may call each other, and themselves through callbacks, this deep; deeper is taken for recursion. */
const SAME_FUNCTION = 6;

/**
 * Expands a call of a function of the author's: its parameters stand for the arguments, objects by reference, and its
 * body is lowered in place. Every call has locals of its own.
 */
export function callClosure(unit: Unit, closure: Closure, given: readonly Term[], span: Span): Term {
  const { node } = closure;
  if (unit.calls.filter((call) => call.closure?.node === node).length >= SAME_FUNCTION) {
    return refuse(unit, recursion(span, closure.name));
  }
  if (node.asteriskToken !== undefined) {
    return refuse(unit, refusedGenerator(unit, closure, node.asteriskToken, span));
  }
  const async = ts.getModifiers(node)?.find((modifier) => modifier.kind === ts.SyntaxKind.AsyncKeyword);
  if (async !== undefined) {
    return refuse(unit, outsideLanguage(spanIn(closure.scope, async), 'an `async` function', NO_WAITING));
  }
  unit.expanded += 1;
  if (MOST_CALLS < unit.expanded) giveUp(unit, tooManyCalls(span, closure.name, MOST_CALLS));
  unit.calls.push({ closure, span });
  const result = expand(unit, closure, given);
  unit.calls.pop();
  return result;
}

/** A generator function is the body of a process, or what `yield*` runs in one. */
function refusedGenerator(unit: Unit, closure: Closure, asterisk: TS.Node, call: Span): Diagnostic {
  if (0 < unit.calls.length) {
    return outsideLanguage(call, 'a call of a generator function', 'use `yield*` in a process');
  }
  const help =
    unit.purpose === 'step' && unit.initial !== true
      ? 'what has steps of its own is a process: `spec.process(function* (s) { … yield "label"; … })`'
      : 'leave out the `*` and every `yield`: there is only one moment here';
  return outsideLanguage(spanIn(closure.scope, asterisk), 'a generator function that is no process', help);
}

/** Whether a function looks at an argument, counted from 0. */
export function takes({ node }: Closure, at: number): boolean {
  return at < node.parameters.length || node.parameters.some((parameter) => parameter.dotDotDotToken !== undefined);
}

function expand(unit: Unit, closure: Closure, given: readonly Term[]): Term {
  const { node } = closure;
  const scope = scopeIn(closure.scope);
  bindParameters(unit, node, given, scope);
  if (node.body === undefined) return ERROR;
  if (!ts.isBlock(node.body)) return lower(unit, node.body, scope);
  return lowerBody(unit, node.body, scope);
}

/** The name of a parameter that stands for just what is given, and is never assigned; undefined for any other. */
export function plainParameter({ node }: Closure, at: number): string | undefined {
  const parameter = node.parameters[at];
  if (parameter === undefined || !ts.isIdentifier(parameter.name)) return undefined;
  if (parameter.dotDotDotToken !== undefined || parameter.initializer !== undefined) return undefined;
  const { text } = parameter.name;
  return node.body !== undefined && isAssigned(text, node.body) ? undefined : text;
}

/** Gives the parameters of a function what is given to a call of it. */
export function bindParameters(unit: Unit, node: FunctionNode, given: readonly Term[], scope: Scope): void {
  for (const [at, parameter] of node.parameters.entries()) {
    if (ts.isIdentifier(parameter.name) && parameter.name.text === 'this') {
      refuse(unit, outsideLanguage(spanIn(scope, parameter), '`this`', THIS));
      continue;
    }
    if (parameter.dotDotDotToken !== undefined) {
      const rest: Term = { kind: 'list', elements: given.slice(at) };
      bindPattern(unit, parameter.name, rest, { scope, within: node.body });
      continue;
    }
    let argument = given[at];
    if (parameter.initializer !== undefined) argument = withDefault(unit, argument, parameter.initializer, scope);
    if (argument?.kind === 'choice' && ts.isIdentifier(parameter.name)) {
      const { text } = parameter.name;
      scope.names.set(text, { kind: 'term', term: argument, key: keyOf(unit, parameter.name, text) });
      continue;
    }
    const undefinedTerm = valueTerm(build.literal(undefined, spanIn(scope, parameter)));
    bindPattern(unit, parameter.name, argument ?? undefinedTerm, { scope, within: node.body });
  }
}

/** What a parameter or destructured field with a default stands for: the default when nothing, or undefined, is given. */
export function withDefault(unit: Unit, given: Term | undefined, initializer: TS.Expression, scope: Scope): Term {
  const otherwise = () => lower(unit, initializer, scope);
  if (given === undefined || given.kind === 'nothing') return otherwise();
  if (given.kind !== 'value' && given.kind !== 'reference') return given;
  const type = typeOfTerm(given);
  if (type.kind === 'undefined') return otherwise();
  const members = type.kind === 'union' ? type.members : [type];
  if (!members.some((member) => member.kind === 'undefined')) return given;
  const span = spanIn(scope, initializer);
  const value = once(unit, valueOf(unit, given, span));
  const absent = build.operation('equal', [value, build.literal(undefined, span)], span)!;
  const rest = members.filter((member) => member.kind !== UNDEFINED.kind);
  const found = { ...value, type: rest.length === 1 ? rest[0]! : { kind: 'union' as const, members: rest } };
  return mergeArms(unit, absent, otherwise, () => valueTerm(found, sharesOf(given)), span);
}

/** Where names are declared. */
export interface NewNames {
  readonly scope: Scope;
  /** Where they can be assigned, which decides whether they need locals that can change; undefined: nowhere. */
  readonly within: TS.Node | undefined;
  /** Whether it is `const` that declares them. */
  readonly constant?: boolean;
}

/**
 * Gives a name to a term. Scalars are kept as they are now, objects of the state by reference, fresh objects in a local
 * of their own; what cannot be a value is remembered as it is.
 */
export function bindName(unit: Unit, name: TS.Identifier, given: Term, names: NewNames): void {
  const binding = bindingFor(unit, name, given, names);
  names.scope.names.set(name.text, { ...binding, key: keyOf(unit, name, name.text) });
}

function bindingFor(
  unit: Unit,
  name: TS.Identifier,
  given: Term,
  { scope, within, constant = false }: NewNames,
): Binding {
  const span = spanIn(scope, name);
  const term = present(unit, settle(given), span);
  // `s = yield "label"` assigns the state to itself.
  if (term.kind === 'state') return { kind: 'term', term };
  const assigned = !constant && within !== undefined && isAssigned(name.text, within);
  if (unit.purpose === 'property' && !assigned && isTimeless(unit, term, span)) return { kind: 'term', term };
  switch (term.kind) {
    case 'reference': {
      if (assigned) return held(unit, name, term, span);
      const reference = keepIndices(unit, term.reference);
      return { kind: 'alias', alias: watch(unit, name.text, reference) };
    }
    case 'value': {
      if (assigned || !isScalar(term.expression.type)) return held(unit, name, term, span);
      if (build.isLeaf(term.expression) && isStable(unit, term.expression)) return { kind: 'term', term };
      return { kind: 'term', term: { kind: 'value', expression: freeze(unit, term.expression, name.text) } };
    }
    case 'object':
    case 'list': {
      if (hasTooMany(term)) giveUp(unit, valueTooLarge(span, `what \`${name.text}\` stands for`, MOST_PARTS));
      const fixed = term.kind === 'object' && term.fixed === true;
      const changed =
        !fixed && isMade(term) && scopeOf(name) !== undefined && isSlotAssigned(name.text, scopeOf(name)!);
      if (changed && term.named === true) {
        const help = 'assign the parts of what it was declared as, not those of another name for it';
        refuse(unit, notAssignable(span, `\`${name.text}\` is a second name for a local object, whose parts`, help));
        return { kind: 'term', term: ERROR };
      }
      if (assigned || changed || (isPlain(term) && !fixed)) return held(unit, name, term, span, assigned || changed);
      return { kind: 'term', term: fixed ? term : keepParts(unit, term, name.text, name) };
    }
    default:
      if (assigned) return held(unit, name, valueTerm(valueOf(unit, term, span), sharesOf(term)), span);
      return { kind: 'term', term };
  }
}

/** Whether an object or list has more parts than anybody writes down, which takes names for others like it. */
function hasTooMany(term: Term): boolean {
  const waiting = [term];
  let parts = 0;
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    parts += 1;
    if (MOST_PARTS < parts) return true;
    if (part.kind === 'object') waiting.push(...part.fields.values());
    else if (part.kind === 'list') waiting.push(...part.elements);
  }
  return false;
}

/** Whether a term of a property can be asked of whatever state the formula is about: it has nothing that changes. */
function isTimeless(unit: Unit, term: Term, span: Span): boolean {
  switch (term.kind) {
    case 'value':
    case 'reference':
      return [...freeLocals(valueOf(unit, term, span)).keys()].every((name) => unit.stable.has(name));
    case 'object':
      return [...term.fields.values()].every((field) => isTimeless(unit, field, span));
    case 'list':
      return term.elements.every((element) => isTimeless(unit, element, span));
    default:
      return true;
  }
}

/** An object or list that gets a name, with every part as it is now: scalars as values, objects by reference. */
export function keepParts(unit: Unit, term: Term, wanted: string, node: TS.Node): Term {
  switch (term.kind) {
    case 'value': {
      const { expression } = term;
      if (isStable(unit, expression) && term.shares === undefined) return term;
      if (isScalar(expression.type)) return { ...term, expression: freeze(unit, expression, wanted) };
      const local = declareLocal(unit, wanted, expression, expression.span, node);
      local.shares.push(...sharesOf(term));
      const reference = referenceTo(local, expression.span);
      return { kind: 'reference', reference, alias: watch(unit, writtenName(node, wanted), reference) };
    }
    case 'reference': {
      if (term.alias !== undefined) return term;
      const reference = keepIndices(unit, term.reference);
      return { kind: 'reference', reference, alias: watch(unit, writtenName(node, wanted), reference) };
    }
    case 'object': {
      const fields = [...term.fields].map(
        ([name, field]) => [name, keepParts(unit, field, `${wanted}_${name}`, node)] as const,
      );
      return { ...term, named: true, identity: term.identity ?? newIdentity(), fields: new Map(fields) };
    }
    case 'list':
      return {
        ...term,
        named: true,
        identity: term.identity ?? newIdentity(),
        elements: term.elements.map((one, at) => keepParts(unit, one, `${wanted}_${at}`, node)),
      };
    default:
      return term;
  }
}

/** In a local that can be assigned, or changed in place. */
function held(unit: Unit, name: TS.Identifier, term: Term, span: Span, changes = true): Binding {
  const value = valueOf(unit, term, span);
  const local = declareLocal(unit, name.text, changes ? value : asTuple(value), span, name);
  local.shares.push(...sharesOf(term));
  for (const { reference, through } of local.shares) {
    // What is no place cannot be changed, neither here nor in a later step of a process.
    if (isIdentity(reference)) local.frozen = Math.min(local.frozen ?? through, through);
  }
  if (term.kind === 'value' && term.declared !== undefined) local.declared = term.declared;
  return { kind: 'local', local, constant: false };
}

/** A list of scalars that are not alike, such as `[me, "outer"]`, is one of so many items, each with a type of its own. */
function asTuple(value: Expression): Expression {
  if (value.kind !== 'array' || value.type.kind !== 'array') return value;
  const items = value.elements.map(({ type }) => type);
  const isMixed = items.some(({ kind }) => kind !== items[0]!.kind) && items.every(isScalar);
  return isMixed ? { ...value, type: { kind: 'tuple', items } } : value;
}

/** Whether an object literal holds nothing but values, so that it can be a value itself. */
export function isPlain(term: Term): boolean {
  switch (term.kind) {
    case 'value':
      return term.shares === undefined;
    case 'object':
      return [...term.fields.values()].every(isPlain);
    case 'list':
      return term.elements.every(isPlain);
    default:
      return false;
  }
}

/** Whether an object literal can be a value: it has no functions and schemas in it. */
function isMade(term: Term): boolean {
  switch (term.kind) {
    case 'value':
    case 'reference':
      return true;
    case 'object':
      return [...term.fields.values()].every(isMade);
    case 'list':
      return term.elements.every(isMade);
    default:
      return false;
  }
}

/** The function that a name is declared in. */
function scopeOf(name: TS.Node): TS.Node | undefined {
  let at: TS.Node | undefined = name.parent;
  while (at !== undefined && !isFunctionNode(at)) at = at.parent;
  return at;
}

/**
 * Whether a part of what a name stands for is assigned, or changed by a method, somewhere inside a node: `box.p = …`,
 * `two[0] = …`, `two.push(…)`. An assignment further down, `box.p.x = …`, counts too: which of the objects on the way is
 * the local's own is not looked at. What is in doubt is refused where it is assigned.
 */
function isSlotAssigned(name: string, within: TS.Node): boolean {
  const known = slots.get(within) ?? new Map<string, boolean>();
  slots.set(within, known);
  const answer = known.get(name) ?? looksSlotAssigned(name, within);
  known.set(name, answer);
  return answer;
}

const slots = new WeakMap<TS.Node, Map<string, boolean>>();

const CHANGING: ReadonlySet<string> = new Set(['push', 'pop', 'shift', 'unshift', 'splice', 'fill', 'sort', 'reverse']);

function looksSlotAssigned(name: string, within: TS.Node): boolean {
  /** `name.field` or `name[0]`, as it may stand to the left of an assignment. */
  const isSlot = (node: TS.Node): boolean => {
    if (ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node) || ts.isAsExpression(node))
      return isSlot(node.expression);
    if (!ts.isPropertyAccessExpression(node) && !ts.isElementAccessExpression(node)) return false;
    return isName(node.expression);
  };
  const isName = (node: TS.Node): boolean => {
    if (ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node) || ts.isAsExpression(node))
      return isName(node.expression);
    return ts.isIdentifier(node) && node.text === name;
  };
  const visit = (node: TS.Node): boolean => {
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const { expression, name: method } = node.expression;
      if (CHANGING.has(method.text) && isName(expression)) return true;
    }
    return assignedIn(node, isSlot) || ts.forEachChild(node, (child) => visit(child) || undefined) === true;
  };
  return visit(within);
}

/**
 * Whether a name is assigned somewhere inside a node. Goes by the name alone, so that a shadowed name counts too, which
 * costs nothing but a less precise type.
 */
export function isAssigned(name: string, within: TS.Node): boolean {
  const known = assigned.get(within) ?? new Map<string, boolean>();
  assigned.set(within, known);
  const answer = known.get(name) ?? looksAssigned(name, within);
  known.set(name, answer);
  return answer;
}

const assigned = new WeakMap<TS.Node, Map<string, boolean>>();

function looksAssigned(name: string, within: TS.Node): boolean {
  const isName = (node: TS.Node): boolean => ts.isIdentifier(node) && node.text === name;
  const visit = (node: TS.Node): boolean =>
    assignedIn(node, isName) || ts.forEachChild(node, (child) => visit(child) || undefined) === true;
  return visit(within);
}

/** Whether a node itself assigns something that `isTarget` knows, alone or within a pattern. */
function assignedIn(node: TS.Node, isTarget: (node: TS.Node) => boolean): boolean {
  const target = (node: TS.Node): boolean => {
    if (isTarget(node)) return true;
    if (ts.isParenthesizedExpression(node)) return target(node.expression);
    if (ts.isArrayLiteralExpression(node)) return node.elements.some(target);
    if (ts.isSpreadElement(node)) return target(node.expression);
    if (ts.isBinaryExpression(node)) return target(node.left); // a default in a destructuring assignment
    if (!ts.isObjectLiteralExpression(node)) return false;
    return node.properties.some((property) => {
      if (ts.isShorthandPropertyAssignment(property)) return isTarget(property.name);
      if (ts.isSpreadAssignment(property)) return target(property.expression);
      return ts.isPropertyAssignment(property) && target(property.initializer);
    });
  };
  if (ts.isBinaryExpression(node)) return isAssignmentOperator(node.operatorToken.kind) && target(node.left);
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
    const { operator } = node;
    const steps = operator === ts.SyntaxKind.PlusPlusToken || operator === ts.SyntaxKind.MinusMinusToken;
    return steps && target(node.operand);
  }
  return ts.isForOfStatement(node) && !ts.isVariableDeclarationList(node.initializer) && target(node.initializer);
}

export function isAssignmentOperator(kind: TS.SyntaxKind): boolean {
  return ts.SyntaxKind.FirstAssignment <= kind && kind <= ts.SyntaxKind.LastAssignment;
}
