import type { ts as TS } from 'ts-morph';
import { outsideLanguage, wrongOperand } from '../diagnostics/catalog.ts';
import type { Span } from '../diagnostics/span.ts';
import type { Expression } from '../ir/index.ts';
import { presentPart } from '../ir/part.ts';
import { isAbsent, typeOfTerm } from './access.ts';
import { attempt } from './attempt.ts';
import * as build from './build.ts';
import { describe } from './describe.ts';
import { fieldsOf } from './destructure.ts';
import { lower, lowerCondition } from './lower-expression.ts';
import { mergeArms, parameterCondition } from './merge.ts';
import { sharesOf, sharesOfCopy } from './shares.ts';
import type { Scope, Term } from './term.ts';
import { ts } from './typescript.ts';
import { freeze, isStable, nested, type Unit } from './unit.ts';
import { ERROR, keep, NOTHING, once, refuse, valueOf, valueTerm } from './value.ts';
import { workOut } from './unused.ts';

/* Objects that are spread into others. */

/**
 * What is spread into an object, as it is now: an object of its fields; a value when it is a record, whose entries are no
 * fields; nothing when it has none; and one of two of these, where what is spread is `c ? a : b`, `c && a`, `x ?? a`, or
 * may be absent.
 */
export function lowerSpread(unit: Unit, node: TS.Expression, scope: Scope, span: Span): Term {
  const bare = skipParentheses(node);
  const spread = (one: TS.Expression) => (): Term => lowerSpread(unit, one, scope, span);
  if (ts.isConditionalExpression(bare)) {
    const condition = lowerCondition(unit, bare.condition, scope);
    const either = oneOf(unit, condition, spread(bare.whenTrue), spread(bare.whenFalse));
    if (either !== undefined) return either;
    const [yes, no] = [bare.whenTrue, bare.whenFalse].map((arm) => () => lower(unit, arm, scope));
    return spreadTerm(unit, mergeArms(unit, condition, yes!, no!, span), bare, span);
  }
  if (ts.isBinaryExpression(bare) && bare.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken) {
    const condition = lowerCondition(unit, bare.left, scope);
    const either = oneOf(unit, condition, spread(bare.right), () => NOTHING);
    if (either !== undefined) return either;
    const absent = () => valueTerm(build.literal(undefined, span));
    return spreadTerm(
      unit,
      mergeArms(unit, condition, () => lower(unit, bare.right, scope), absent, span),
      bare,
      span,
    );
  }
  return spreadTerm(unit, lower(unit, node, scope), node, span);
}

/** One of two, which the condition tells; undefined where working them out does something. */
function oneOf(unit: Unit, condition: Expression, whenTrue: () => Term, whenFalse: () => Term): Term | undefined {
  if (build.isPoison(condition)) return ERROR;
  const known = unit.diagnostics.length;
  const forget = attempt(unit);
  const [yes, no] = [nested(unit, whenTrue), nested(unit, whenFalse)];
  const isEither = [yes, no].every(
    ({ statements, result }) => statements.length === 0 && ['object', 'choice', 'nothing'].includes(result.kind),
  );
  if (!isEither || known < unit.diagnostics.length) {
    forget(); // all is lowered again
    return undefined;
  }
  const decided = parameterCondition(condition);
  if (decided !== undefined) return decided ? yes.result : no.result;
  const which = isStable(unit, condition) ? condition : freeze(unit, condition, 'which');
  return { kind: 'choice', condition: which, yes: yes.result, no: no.result };
}

function spreadTerm(unit: Unit, term: Term, node: TS.Node, span: Span): Term {
  switch (term.kind) {
    case 'object':
    case 'error':
    case 'nothing':
      return term;
    case 'state':
      return fieldsOf(unit, term, unit.model.declared, span, node);
    default:
      break;
  }
  const from = term.kind === 'reference' ? term : valueTerm(valueOf(unit, term, span), sharesOf(term));
  if (from.kind !== 'value' && from.kind !== 'reference') return NOTHING;
  const whole = typeOfTerm(from);
  const type = presentPart(whole);
  if (type.kind === 'record') return valueTerm(valueOf(unit, from, span), sharesOfCopy(from));
  if (type.kind !== 'object') {
    if (type.kind === 'never') return NOTHING;
    return refuse(unit, wrongOperand(span, '...', describe(type), 'an object whose fields are known'));
  }
  const names = type.fields.map(({ name }) => name);
  if (type !== whole) {
    const value = once(unit, valueOf(unit, from, span));
    const absent = isAbsent(value, span)!;
    const there = valueTerm({ ...value, type }, sharesOf(from)) as Extract<Term, { kind: 'value' }>;
    const which = isStable(unit, absent) ? absent : freeze(unit, absent, 'absent');
    return { kind: 'choice', condition: which, yes: NOTHING, no: fieldsOf(unit, there, names, span, node) };
  }
  const isWorkedOut = from.kind === 'value' && !build.isLeaf(from.expression);
  const kept = isWorkedOut ? (keep(unit, from, 'parts') as typeof from) : from;
  return fieldsOf(unit, kept, names, span, node);
}

/** The fields of an object literal so far, and which of them may be absent. */
interface Fields {
  readonly fields: Map<string, Term>;
  readonly optional: Set<string>;
}

/** Puts the fields of what is spread among others; false when it has been reported that this cannot be done. */
export function spreadInto(unit: Unit, into: Fields, term: Term, span: Span): boolean {
  if (term.kind === 'choice') {
    const arms = [term.yes, term.no].map((arm) => {
      const own: Fields = { fields: new Map(into.fields), optional: new Set(into.optional) };
      return spreadInto(unit, own, arm, span) ? own : undefined;
    });
    const [yes, no] = arms;
    if (yes === undefined || no === undefined) return false;
    const absent = valueTerm(build.literal(undefined, span));
    if (!areInOneOrder([...yes.fields.keys()], [...no.fields.keys()])) {
      const help = 'write the fields of both in one order';
      refuse(unit, outsideLanguage(span, 'spreading one of two objects whose fields are in another order', help));
      return false;
    }
    for (const name of new Set([...yes.fields.keys(), ...no.fields.keys()])) {
      const [left, right] = [yes, no].map(({ fields }) => fields.get(name) ?? absent);
      const merged = left === right ? left! : mergeArms(unit, term.condition, () => left!, () => right!, span); // prettier-ignore
      if (merged.kind === 'error') return false;
      into.fields.set(name, merged);
      const isCertain = [yes, no].every(({ fields, optional }) => fields.has(name) && !optional.has(name));
      if (isCertain) into.optional.delete(name);
      else into.optional.add(name);
    }
    return true;
  }
  if (term.kind !== 'object') return true;
  for (const [name, field] of term.fields) {
    const mayBeAbsent = term.optional?.has(name) === true;
    if (into.fields.has(name) && mayBeAbsent) {
      const help = `name its fields instead of spreading it, and say which of the two this is to be: \`${name}: x.${name} ?? …\``;
      const what = `spreading \`${name}\`, which may be absent, over another \`${name}\``;
      refuse(unit, outsideLanguage(span, what, help));
      return false;
    }
    const overwritten = into.fields.get(name);
    if (overwritten !== undefined) workOut(unit, overwritten, span);
    into.fields.set(name, field);
    if (mayBeAbsent) into.optional.add(name);
    else into.optional.delete(name);
  }
  return true;
}

/** Whether the names that two lists have in common are in the same order in both. */
function areInOneOrder(left: readonly string[], right: readonly string[]): boolean {
  const common = left.filter((name) => right.includes(name));
  return right.filter((name) => left.includes(name)).every((name, at) => common[at] === name);
}

function skipParentheses(node: TS.Expression): TS.Expression {
  return ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isNonNullExpression(node)
    ? skipParentheses(node.expression)
    : node;
}
