import type { ts as TS } from 'ts-morph';
import { division, notAssignable } from '../diagnostics/catalog.ts';
import type { Span } from '../diagnostics/span.ts';
import type { Operator } from '../ir/index.ts';
import { membersOf, setPart } from '../ir/part.ts';
import { lookUp, type ListTerm, type Local, type ObjectTerm, type Reference, type Scope, type Term } from './term.ts';
import { elementOf, isAbsent, memberOf, spanIn } from './access.ts';
import { beforeWrite, domainAt, leads, present, resolve, unwatch, watch } from './aliasing.ts';
import * as build from './build.ts';
import { computedKey, fieldOf, item, itemsFrom, nameOf, restOf } from './destructure.ts';
import { withDefault } from './inline.ts';
import { arithmetic, lower, lowerPath } from './lower-expression.ts';
import { mergeArms } from './merge.ts';
import { refusalOf } from './subset.ts';
import { ts } from './typescript.ts';
import { declareLocal, freeze, isStable, referenceTo, type Unit } from './unit.ts';
import { shareInto, sharesOf, stillShare } from './shares.ts';
import {
  asCondition,
  emitAssign,
  ERROR,
  keep,
  keepIndices,
  NOTHING,
  refuse,
  sequence,
  valueOf,
  valueTerm,
} from './value.ts';

const COMPOUND: ReadonlyMap<TS.SyntaxKind, Operator> = new Map([
  [ts.SyntaxKind.PlusEqualsToken, 'add'],
  [ts.SyntaxKind.MinusEqualsToken, 'subtract'],
  [ts.SyntaxKind.AsteriskEqualsToken, 'multiply'],
  [ts.SyntaxKind.PercentEqualsToken, 'remainder'],
]);

const LOGICAL: ReadonlySet<TS.SyntaxKind> = new Set([
  ts.SyntaxKind.AmpersandAmpersandEqualsToken,
  ts.SyntaxKind.BarBarEqualsToken,
  ts.SyntaxKind.QuestionQuestionEqualsToken,
]);

/** `=` and its compounds. What it yields is the value assigned. */
export function lowerAssignment(unit: Unit, node: TS.BinaryExpression, scope: Scope): Term {
  const span = spanIn(scope, node);
  const { kind } = node.operatorToken;
  const left = skipParentheses(node.left);
  if (isForgotten(left, scope) && ts.isExpressionStatement(node.parent)) {
    const before = unit.statements.length;
    lower(unit, node.right, scope);
    // Whether the right side of `??=` and the like chooses or does something depends on what was there: it is read.
    if (LOGICAL.has(kind) && before < unit.statements.length) lowerTarget(unit, left, scope);
    return NOTHING;
  }
  if (kind === ts.SyntaxKind.EqualsToken) {
    if (ts.isArrayLiteralExpression(left) || ts.isObjectLiteralExpression(left)) {
      return assignPattern(unit, left, parts(unit, lower(unit, node.right, scope), span), scope);
    }
    const target = lowerTarget(unit, left, scope);
    const kept = target && keepIfNeeded(unit, target, node.right);
    const now = kept && holding(unit, kept);
    const term = lower(unit, node.right, scope);
    const place = now?.(span);
    if (place === undefined || term.kind === 'error') return ERROR;
    return assign(unit, place, term, { node, span, valueSpan: spanIn(scope, node.right) });
  }
  if (kind === ts.SyntaxKind.SlashEqualsToken) return refuse(unit, division(spanIn(scope, node.operatorToken)));
  const target = lowerTarget(unit, left, scope);
  if (target === undefined) {
    lower(unit, node.right, scope);
    return ERROR;
  }
  const operator = COMPOUND.get(kind);
  if (operator !== undefined) {
    const kept = keepIndices(unit, target);
    const now = holding(unit, kept);
    const [left, right] = sequence(
      unit,
      [() => valueTerm(build.read(kept)), () => lower(unit, node.right, scope)],
      span,
    ) as [Term, Term];
    const place = now(span);
    const [current, change] = [valueOf(unit, left, span), valueOf(unit, right, spanIn(scope, node.right))];
    const result = arithmetic(
      unit,
      operator,
      node.operatorToken.getText(scope.module.syntax).slice(0, -1),
      [current, change],
      span,
    );
    return result.kind === 'error' || place === undefined
      ? ERROR
      : assign(unit, place, result, { node, span, valueSpan: span });
  }
  return assignLogical(unit, node, target, span, scope);
}

/** `&&=`, `||=`, `??=`: the right side runs, and is assigned, only where it matters. */
function assignLogical(unit: Unit, node: TS.BinaryExpression, target: Reference, span: Span, scope: Scope): Term {
  const kept = keepIndices(unit, target);
  const current = build.read(kept);
  const assigned = () => {
    const now = holding(unit, kept);
    const term = lower(unit, node.right, scope);
    const place = now(span);
    if (term.kind === 'error' || place === undefined) return ERROR;
    return assign(unit, place, term, { node, span, valueSpan: spanIn(scope, node.right) });
  };
  const nothing = () => NOTHING;
  switch (node.operatorToken.kind) {
    case ts.SyntaxKind.AmpersandAmpersandEqualsToken:
      mergeArms(unit, asCondition(unit, current), () => (assigned(), NOTHING), nothing, span);
      break;
    case ts.SyntaxKind.BarBarEqualsToken:
      mergeArms(unit, asCondition(unit, current), nothing, () => (assigned(), NOTHING), span);
      break;
    case ts.SyntaxKind.QuestionQuestionEqualsToken: {
      const absent = isAbsent(current, span);
      if (absent !== undefined) mergeArms(unit, absent, () => (assigned(), NOTHING), nothing, span);
      break;
    }
    default:
      return refuse(unit, refusalOf(node, span));
  }
  return { kind: 'reference', reference: kept };
}

/**
 * Looks after the object of which a part is to be assigned: JavaScript finds it before it works out what to assign, and
 * assigns to it even when that has put another object in its place.
 *
 * @returns what gives the place when it is to be assigned; undefined when it has been reported.
 */
function holding(unit: Unit, target: Reference): (span: Span) => Reference | undefined {
  const last = target.segments[target.segments.length - 1];
  if (last === undefined) return () => target;
  const alias = watch(unit, undefined, { ...target, segments: target.segments.slice(0, -1) });
  return (span) => {
    const isMoved = alias.detached !== undefined || alias.lost !== undefined;
    const object = isMoved ? resolve(unit, alias, span) : undefined;
    unwatch(unit, alias);
    if (object === undefined) return target;
    const place: Reference = { ...object, segments: [...object.segments, last] };
    return requireMutable(unit, place, place.segments.length - 1, span) ? place : undefined;
  };
}

/** `x++`, `--x` and the like. */
export function lowerStep(unit: Unit, node: TS.PrefixUnaryExpression | TS.PostfixUnaryExpression, scope: Scope): Term {
  const span = spanIn(scope, node);
  if (isForgotten(skipParentheses(node.operand), scope) && ts.isExpressionStatement(node.parent)) return NOTHING;
  const found = lowerTarget(unit, skipParentheses(node.operand), scope);
  if (found === undefined) return ERROR;
  const target = keepIndices(unit, found);
  const up = node.operator === ts.SyntaxKind.PlusPlusToken;
  const unused =
    ts.isExpressionStatement(node.parent) || (ts.isForStatement(node.parent) && node.parent.incrementor === node);
  const current = build.read(target);
  const before = unused || ts.isPrefixUnaryExpression(node) ? current : freeze(unit, current, 'before');
  const result = arithmetic(unit, up ? 'add' : 'subtract', up ? '++' : '--', [before, build.literal(1, span)], span);
  if (result.kind === 'error') return ERROR;
  const after = assign(unit, target, result, { node, span, valueSpan: span });
  return ts.isPrefixUnaryExpression(node) ? after : valueTerm(before);
}

/**
 * Whether what is assigned is a local of an earlier step of a process that was not kept: nobody has been found who would
 * read what is assigned. Whoever is found later makes it kept, and all is lowered again.
 */
function isForgotten(target: TS.Expression, scope: Scope): boolean {
  return ts.isIdentifier(target) && lookUp(scope, target.text)?.kind === 'missing';
}

/** What is assigned to; undefined when it has been reported. */
function lowerTarget(unit: Unit, node: TS.Expression, scope: Scope): Reference | undefined {
  const span = spanIn(scope, node);
  if (ts.isNonNullExpression(node) || ts.isAsExpression(node)) return lowerTarget(unit, node.expression, scope);
  if (ts.isIdentifier(node)) {
    const binding = lookUp(scope, node.text);
    if (binding?.kind === 'local' && !binding.constant) {
      const term = lowerPath(unit, node, scope);
      return term.kind === 'reference' ? term.reference : undefined;
    }
    if (binding?.kind === 'missing') {
      unit.thread?.miss(binding.keys);
      return undefined;
    }
    const what = `\`${node.text}\``;
    const help =
      binding === undefined ? 'make it a variable of the spec' : 'declare it with `let`, or assign a field of it';
    refuse(unit, notAssignable(span, what, help));
    return undefined;
  }
  // `items.length = 0` empties an array; any other length would leave holes.
  if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) {
    const object = lowerPath(unit, node.expression, scope);
    if (object.kind === 'object' || object.kind === 'list') return refuseSlot(unit, object, span);
    const term = ts.isPropertyAccessExpression(node)
      ? memberOf(unit, object, node, scope)
      : elementOf(unit, object, node, scope);
    if (term.kind === 'reference') {
      const level = term.reference.segments.length - 1;
      return requireMutable(unit, term.reference, level, span) ? term.reference : undefined;
    }
    if (term.kind === 'error') return undefined;
    if (ts.isPropertyAccessExpression(node) && node.name.text === 'length') {
      const help = 'cut an array with `slice`, empty it with `s.items = []`';
      refuse(unit, notAssignable(span, 'the length of an array', help));
      return undefined;
    }
  }
  const help = 'assign variables of the state, their parts, and locals declared with `let`';
  refuse(unit, notAssignable(span, 'this', help));
  return undefined;
}

/**
 * A field of an object, or an element of a list, that is known by its parts: in JavaScript assigning it changes the local
 * alone, and every other name for that object. Such an object is kept in a local of its own where its name is seen to be
 * assigned to (`bindName`); what gets here is met under another name, or without one.
 */
function refuseSlot(unit: Unit, object: ObjectTerm | ListTerm, span: Span): undefined {
  if (object.kind === 'object' && object.fixed === true) {
    const help = 'arguments and parameters never change: copy what changes into a `let`';
    refuse(unit, notAssignable(span, 'a field of the arguments or parameters', help));
    return undefined;
  }
  const what = object.kind === 'object' ? 'a field of a local object that' : 'an element of a local list that';
  const help = 'declare what changes with a `let` of its own: `let best = s.a;` … `best = s.b;`';
  refuse(unit, notAssignable(span, `${what} holds objects of the state`, help));
  return undefined;
}

/** Whether an object `level` steps down a reference may be changed; reports what may not. */
export function requireMutable(unit: Unit, reference: Reference, level: number, span: Span): boolean {
  if (reference.local?.frozen !== undefined && reference.local.frozen <= level) {
    const name = nameOfLocal(reference.local);
    const help = 'change it before, or change the copy where it is';
    refuse(unit, notAssignable(span, `${name} has been put somewhere, where there is a copy of it: its parts`, help));
    return false;
  }
  const shared = reference.local?.shares.some((one) => one.through <= level);
  if (shared === true) {
    const name = nameOfLocal(reference.local!);
    const inSet = reference.local!.shares.some((one) => setPart(domainAt(one.reference)) !== undefined);
    const help = inSet
      ? 'an element of a set is a value: `delete` it, and `add` the changed one'
      : 'change it by its path in the state, with a `const` that names that path, or in a loop over the array itself';
    refuse(unit, notAssignable(span, `${name} stands for one of several objects of the state, whose parts`, help));
    return false;
  }
  const parent = level < 1 ? reference.rootDomain : reference.segments[level - 1]!.domain;
  const last = reference.segments[level];
  if (last?.kind === 'field') {
    const tagged = membersOf(parent).find((one) => one.kind === 'variant' && one.discriminator === last.name);
    if (tagged !== undefined) {
      const help = 'assign the whole object: `s.x = { kind: "…", … }`';
      refuse(unit, notAssignable(span, `\`${last.name}\`, which says which fields there are,`, help));
      return false;
    }
  }
  return true;
}

function nameOfLocal({ called }: Local): string {
  return called === undefined ? 'this' : `\`${called}\``;
}

function isSamePlace(left: Reference, right: Reference): boolean {
  return left.segments.length === right.segments.length && leads(left, right) === 'yes';
}

function mayBeSamePlace(left: Reference, right: Reference): boolean {
  return left.segments.length === right.segments.length && leads(left, right) !== 'no';
}

/** An assignment as it is written. */
interface Written {
  readonly node: TS.Node;
  readonly span: Span;
  /** Of what is assigned. */
  readonly valueSpan: Span;
}

/** Assigns a term to a place. */
function assign(unit: Unit, target: Reference, term: Term, { node, span, valueSpan }: Written): Term {
  // An object that is put where it is stays what every name for it stands for.
  if (term.kind === 'reference' && isSamePlace(term.reference, target)) return term;
  const value = valueOf(unit, term, valueSpan);
  if (build.isPoison(value)) return ERROR;
  const wanted = build.isLeaf(value) && isStable(unit, value) ? value : undefined;
  // `s.box = c ? made : s.box`
  const mayStay = sharesOf(term).some(
    ({ reference, depth, through }) => depth + through === 0 && mayBeSamePlace(reference, target),
  );
  const left = beforeWrite(unit, target, 'replace', span, { mayStay });
  emitAssign(unit, target, value, span);
  stillShare(unit, target, sharesOf(term), left);
  shareInto(unit, target, term, span);
  if (ts.isExpressionStatement(node.parent)) return NOTHING;
  return wanted ? valueTerm(wanted) : { kind: 'reference', reference: target };
}

/** Where the right side may change what the indices of the target are made of, they are kept first. */
function keepIfNeeded(unit: Unit, target: Reference, right: TS.Expression): Reference {
  return hasCall(right) ? keepIndices(unit, target) : target;
}

function hasCall(node: TS.Node): boolean {
  if (ts.isCallExpression(node) || ts.isBinaryExpression(node) || ts.isPrefixUnaryExpression(node)) return true;
  if (ts.isPostfixUnaryExpression(node)) return true;
  return ts.forEachChild(node, (child) => hasCall(child) || undefined) === true;
}

/**
 * What a pattern takes apart is kept first: `[a, b] = [b, a]`. An object stays the object that it is, and what is read of
 * it is what it has at that time.
 */
function parts(unit: Unit, term: Term, span: Span): Term {
  switch (term.kind) {
    case 'list':
      return { ...term, elements: term.elements.map((element) => parts(unit, element, span)) };
    case 'object':
      return { ...term, fields: new Map([...term.fields].map(([name, field]) => [name, parts(unit, field, span)])) };
    case 'reference': {
      if (term.alias !== undefined) return term;
      const reference = keepIndices(unit, term.reference);
      return { kind: 'reference', reference, alias: watch(unit, undefined, reference) };
    }
    default: {
      const shares = sharesOf(term);
      if (shares.length === 0) return keep(unit, term, 'part');
      const local = declareLocal(unit, 'part', valueOf(unit, term, span), span, `${span.file}:${span.start}:part`);
      local.shares.push(...shares);
      return { kind: 'reference', reference: referenceTo(local, span) };
    }
  }
}

function assignPattern(
  unit: Unit,
  pattern: TS.ArrayLiteralExpression | TS.ObjectLiteralExpression,
  given: Term,
  scope: Scope,
): Term {
  if (given.kind === 'error') return given;
  const whole = given;
  if (ts.isArrayLiteralExpression(pattern)) {
    for (const [at, part] of pattern.elements.entries()) {
      if (ts.isOmittedExpression(part)) continue;
      const span = spanIn(scope, part);
      const now = present(unit, whole, span);
      if (ts.isSpreadElement(part)) assignTerm(unit, part.expression, itemsFrom(unit, now, at, span), scope);
      else assignTerm(unit, part, item(unit, now, at, span, part), scope);
    }
    return whole;
  }
  const taken: string[] = [];
  for (const property of pattern.properties) {
    const span = spanIn(scope, property);
    const given = present(unit, whole, span);
    if (ts.isShorthandPropertyAssignment(property)) {
      taken.push(property.name.text);
      let found = fieldOf(unit, given, property.name.text, span, property);
      if (property.objectAssignmentInitializer)
        found = withDefault(unit, found, property.objectAssignmentInitializer, scope);
      assignTerm(unit, property.name, found, scope);
    } else if (ts.isPropertyAssignment(property)) {
      const name = nameOf(unit, property.name, scope);
      if (name === undefined) return refuse(unit, computedKey(span));
      taken.push(name);
      assignTerm(unit, property.initializer, fieldOf(unit, given, name, span, property), scope);
    } else if (ts.isSpreadAssignment(property)) {
      assignTerm(unit, property.expression, restOf(unit, given, taken, span, property), scope);
    } else return refuse(unit, refusalOf(property, span));
  }
  return whole;
}

/** `[s.list[i] = otherwise] = …`: the place is looked up before what is assigned otherwise. */
function assignWithDefault(unit: Unit, node: TS.BinaryExpression, found: Term, scope: Scope): void {
  const target = skipParentheses(node.left);
  if (ts.isArrayLiteralExpression(target) || ts.isObjectLiteralExpression(target) || isForgotten(target, scope)) {
    assignTerm(unit, target, withDefault(unit, found, node.right, scope), scope);
    return;
  }
  const span = spanIn(scope, target);
  const reference = lowerTarget(unit, target, scope);
  if (reference === undefined) return;
  const now = holding(unit, keepIndices(unit, reference));
  const settled = found.kind === 'reference' ? valueTerm(build.read(found.reference), sharesOf(found)) : found;
  const term = withDefault(unit, settled, node.right, scope);
  const place = now(span);
  if (place !== undefined && term.kind !== 'error') assign(unit, place, term, { node, span, valueSpan: span });
}

/** Assigns a term to what an expression, or a pattern, names. */
export function assignTerm(unit: Unit, node: TS.Expression, found: Term, scope: Scope): void {
  const target = skipParentheses(node);
  const span = spanIn(scope, target);
  if (ts.isArrayLiteralExpression(target) || ts.isObjectLiteralExpression(target)) {
    assignPattern(unit, target, found, scope);
  } else if (ts.isBinaryExpression(target) && target.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
    assignWithDefault(unit, target, found, scope);
  } else if (!isForgotten(target, scope)) {
    const reference = lowerTarget(unit, target, scope);
    const settled = found.kind === 'reference' ? valueTerm(build.read(found.reference), sharesOf(found)) : found;
    if (reference !== undefined && found.kind !== 'error')
      assign(unit, reference, settled, { node, span, valueSpan: span });
  }
}

function skipParentheses(node: TS.Expression): TS.Expression {
  return ts.isParenthesizedExpression(node) ? skipParentheses(node.expression) : node;
}
