import type { ts as TS } from 'ts-morph';
import {
  division,
  identityComparison,
  looseEquality,
  notAnInteger,
  notAValue,
  notBoolean,
  outsideLanguage,
  temporalMisuse,
  wrongOperand,
  yieldMisplaced,
} from '../diagnostics/catalog.ts';
import type { Span } from '../diagnostics/span.ts';
import type { Domain, Expression, Operator } from '../ir/index.ts';
import { cardinality, contains, defaultValue } from '../ir/index.ts';
import { alternativesOf, canBeAbsent, integersOnly, isScalar, membersOf, presentPart, serialPart } from '../ir/part.ts';
import {
  isAbsent,
  isFunctionNode,
  keyIn,
  lowerChain,
  lowerElement,
  lowerIdentifier,
  lowerMember,
  spanIn,
} from './access.ts';
import { lowerAssignment, lowerStep } from './assign.ts';
import { attempt } from './attempt.ts';
import * as build from './build.ts';
import { lowerCall, lowerNew } from './call.ts';
import { compoundNoun, describe } from './describe.ts';
import { splitBy } from './either-name.ts';
import { isAssignmentOperator } from './inline.ts';
import { keysOfFixed } from './fixed.ts';
import { mergeArms } from './merge.ts';
import { serialOperand } from './serial-use.ts';
import { refusalOf } from './subset.ts';
import type { Scope, Term } from './term.ts';
import { ts } from './typescript.ts';
import { freeze, nested, type Unit } from './unit.ts';
import { isInt32 } from './host-value.ts';
import { sharesOf } from './shares.ts';
import {
  asCondition,
  collection,
  ERROR,
  NOTHING,
  once,
  refuse,
  sequence,
  settle,
  valueOf,
  valueTerm,
} from './value.ts';
import { workOut } from './unused.ts';
import { lowerArray, lowerObject } from './literal.ts';

/** Lowers an expression; scalars come as values, objects as references where they live somewhere. */
export function lower(unit: Unit, node: TS.Expression, scope: Scope): Term {
  const term = settle(lowerPath(unit, node, scope));
  if (term.kind === 'error' && unit.diagnostics.length === 0) {
    // Nothing may be left out without a word, whatever it was.
    refuse(unit, refusalOf(node, spanIn(scope, node)));
  }
  return term;
}

/** Lowers an expression to a value of the IR. */
export function lowerValue(unit: Unit, node: TS.Expression, scope: Scope): Expression {
  return valueOf(unit, lower(unit, node, scope), spanIn(scope, node));
}

/**
 * Lowers what is asked by `if`, `while`, `?:`, `!`, `when`: a boolean, or something that may be null or undefined and
 * that JavaScript takes for true whenever it is there.
 */
export function lowerCondition(unit: Unit, node: TS.Expression, scope: Scope): Expression {
  if (ts.isParenthesizedExpression(node)) return lowerCondition(unit, node.expression, scope);
  if (ts.isBinaryExpression(node)) {
    const kind = LOGICAL.get(node.operatorToken.kind);
    if (kind !== undefined) {
      return asCondition(
        unit,
        valueOf(unit, lowerLogical(unit, node, kind, scope, lowerCondition), spanIn(scope, node)),
      );
    }
  }
  return truthOf(unit, lowerOperand(unit, node, scope));
}

function truthOf(unit: Unit, value: Expression): Expression {
  if (value.type.kind !== 'boolean' && presentPart(value.type).kind === 'boolean') {
    return build.operation('equal', [value, build.literal(true, value.span)], value.span)!;
  }
  // What is a boolean among other scalars, told apart by `typeof`, is as true as JavaScript takes it for.
  if (value.type.kind === 'union' && isScalar(value.type) && value.type.members.some(({ kind }) => kind === 'boolean'))
    return isTruthy(once(unit, value));
  if (!isAlwaysTrue(presentPart(value.type))) return asCondition(unit, value);
  const absent = isAbsent(value, value.span);
  return absent === undefined ? asCondition(unit, value) : build.not(absent, value.span);
}

/** Whether JavaScript takes a scalar for true. */
function isTruthy(value: Expression): Expression {
  const { span } = value;
  const falsy = [false, null, undefined, 0, ''].filter((one) => contains(value.type, one));
  const tests = falsy.map((one) => build.operation('notEqual', [value, build.literal(one, span)], span)!);
  return tests.reduce((left, right) => build.both('and', left, right, span));
}

/** What JavaScript calls the alternatives of a union. */
const TYPE_NAMES: readonly { readonly name: string; readonly kinds: readonly Domain['kind'][] }[] = [
  { name: 'number', kinds: ['int'] },
  { name: 'string', kinds: ['enum', 'ids'] },
  { name: 'boolean', kinds: ['boolean'] },
  { name: 'undefined', kinds: ['undefined'] },
];

/** `typeof x`: a text, constant where the type of `x` leaves no choice. */
function lowerTypeOf(unit: Unit, node: TS.TypeOfExpression, scope: Scope): Term {
  const span = spanIn(scope, node);
  const found = lowerOperand(unit, node.expression, scope);
  if (build.isPoison(found)) return ERROR;
  const members = alternativesOf(found.type);
  const groups = TYPE_NAMES.map(({ name, kinds }) => ({
    name,
    of: members.filter((member) => kinds.includes(membersOf(member)[0]!.kind)),
  }));
  const present = groups.filter(({ of }) => 0 < of.length);
  const isOther = (member: Domain): boolean => !groups.some(({ of }) => of.includes(member));
  const names = [...present.map(({ name }) => name), ...(members.some(isOther) ? ['object'] : [])];
  const type: Domain = { kind: 'enum', values: names };
  const value = names.length === 1 ? found : once(unit, found);
  if (names.length === 1) workOut(unit, valueTerm(found), span);
  const last: Expression = build.literal(names[names.length - 1], span, type);
  return valueTerm(
    present.slice(0, names.length - 1).reduceRight<Expression>((otherwise, { name, of }) => {
      const tests = of.map((domain) => {
        const all: Expression = { kind: 'domain', domain, type: { kind: 'set', element: domain }, span };
        return build.operation('includes', [all, value], span)!;
      });
      const isOne = tests.reduce((left, right) => build.both('or', left, right, span));
      return build.conditional(isOne, build.literal(name, span, type), otherwise, span)!;
    }, last),
  );
}

const LOGICAL: ReadonlyMap<TS.SyntaxKind, 'and' | 'or'> = new Map([
  [ts.SyntaxKind.AmpersandAmpersandToken, 'and'],
  [ts.SyntaxKind.BarBarToken, 'or'],
]);

/** Whether JavaScript takes every value of a type for true. */
function isAlwaysTrue(domain: Domain): boolean {
  return membersOf(domain).every((member) => {
    if (member.kind === 'enum' || member.kind === 'ids') return !member.values.includes('');
    return !isScalar(member);
  });
}

/** Lowers an expression that has to be a boolean. */
function lowerBoolean(unit: Unit, node: TS.Expression, scope: Scope): Expression {
  return asCondition(unit, lowerOperand(unit, node, scope));
}

function lowerOperand(unit: Unit, node: TS.Expression, scope: Scope): Expression {
  const term = lower(unit, node, scope);
  const span = spanIn(scope, node);
  // A schema, an array or an object as a condition is always true in JavaScript; nobody means that.
  if (term.kind === 'object' || term.kind === 'list' || term.kind === 'state') {
    const found = term.kind === 'list' ? 'an array' : 'an object';
    refuse(unit, notBoolean(span, found, 'it is always true; ask something of it'));
    return build.poison(span);
  }
  return valueOf(unit, term, span);
}

/** Like `lower`, but what can be assigned stays a reference even when it is a scalar. */
export function lowerPath(unit: Unit, node: TS.Expression, scope: Scope): Term {
  const span = spanIn(scope, node);
  if (isFunctionNode(node)) {
    const named = ts.isFunctionExpression(node) ? node.name?.text : undefined;
    return { kind: 'closure', node, scope, name: named ?? 'this function' };
  }
  if (ts.isIdentifier(node)) return lowerIdentifier(unit, node, scope);
  const split = splitBy(unit, node, scope);
  if (split !== undefined) {
    const { condition, yes, no } = split;
    return mergeArms(
      unit,
      condition,
      () => lower(unit, node, yes),
      () => lower(unit, node, no),
      span,
    );
  }
  if (ts.isOptionalChain(node) && !ts.isNonNullExpression(node)) return lowerChain(unit, node, scope);
  if (ts.isPropertyAccessExpression(node)) return lowerMember(unit, node, scope);
  if (ts.isElementAccessExpression(node)) return lowerElement(unit, node, scope);
  if (ts.isCallExpression(node)) return lowerCall(unit, node, scope);
  if (ts.isParenthesizedExpression(node)) return lowerPath(unit, node.expression, scope);
  if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isNonNullExpression(node)) {
    return lowerPath(unit, node.expression, scope);
  }
  if (ts.isTypeAssertionExpression(node)) return lowerPath(unit, node.expression, scope);
  if (ts.isNumericLiteral(node)) return lowerNumber(unit, Number(node.text.replaceAll('_', '')), node, scope);
  if (ts.isStringLiteralLike(node)) return valueTerm(build.literal(node.text, span));
  if (node.kind === ts.SyntaxKind.TrueKeyword) return valueTerm(build.literal(true, span));
  if (node.kind === ts.SyntaxKind.FalseKeyword) return valueTerm(build.literal(false, span));
  if (node.kind === ts.SyntaxKind.NullKeyword) return valueTerm(build.literal(null, span));
  if (ts.isTemplateExpression(node)) return lowerTemplate(unit, node, scope);
  if (ts.isConditionalExpression(node)) return lowerConditional(unit, node, scope);
  if (ts.isBinaryExpression(node)) return lowerBinary(unit, node, scope);
  if (ts.isPrefixUnaryExpression(node)) return lowerPrefix(unit, node, scope);
  if (ts.isPostfixUnaryExpression(node)) return lowerStep(unit, node, scope);
  if (ts.isObjectLiteralExpression(node)) return lowerObject(unit, node, scope);
  if (ts.isArrayLiteralExpression(node)) return lowerArray(unit, node, scope);
  if (ts.isNewExpression(node)) return lowerNew(unit, node, scope);
  if (ts.isTypeOfExpression(node)) return lowerTypeOf(unit, node, scope);
  if (ts.isVoidExpression(node)) {
    workOut(unit, lower(unit, node.expression, scope), span);
    return NOTHING;
  }
  if (ts.isYieldExpression(node) && unit.thread !== undefined) return refuse(unit, yieldMisplaced(span));
  return refuse(unit, refusalOf(node, span));
}

function lowerNumber(unit: Unit, value: number, node: TS.Node, scope: Scope): Term {
  const span = spanIn(scope, node);
  if (!isInt32(value)) return refuse(unit, notAnInteger(span, node.getText()));
  return valueTerm(build.literal(value + 0, span));
}

/** Text is only made while compiling: a template of constants is text, any other is not. */
function lowerTemplate(unit: Unit, node: TS.TemplateExpression, scope: Scope): Term {
  const span = spanIn(scope, node);
  let text = node.head.text;
  for (const part of node.templateSpans) {
    const term = lower(unit, part.expression, scope);
    if (term.kind === 'error') return ERROR;
    const constant = build.constantOf(valueOf(unit, term, spanIn(scope, part.expression)));
    if (constant === undefined) {
      const help = 'text cannot be made during a step: a template may hold constants, or be the message of `verify`';
      return refuse(unit, notAValue(spanIn(scope, part.expression), 'text made of this', help));
    }
    text += `${String(constant.value)}${part.literal.text}`;
  }
  return valueTerm(build.literal(text, span));
}

function lowerConditional(unit: Unit, node: TS.ConditionalExpression, scope: Scope): Term {
  const condition = lowerCondition(unit, node.condition, scope);
  return mergeArms(
    unit,
    condition,
    () => lower(unit, node.whenTrue, scope),
    () => lower(unit, node.whenFalse, scope),
    spanIn(scope, node),
  );
}

const ARITHMETIC: ReadonlyMap<TS.SyntaxKind, Operator> = new Map([
  [ts.SyntaxKind.PlusToken, 'add'],
  [ts.SyntaxKind.MinusToken, 'subtract'],
  [ts.SyntaxKind.AsteriskToken, 'multiply'],
  [ts.SyntaxKind.PercentToken, 'remainder'],
  [ts.SyntaxKind.LessThanToken, 'less'],
  [ts.SyntaxKind.LessThanEqualsToken, 'lessOrEqual'],
  [ts.SyntaxKind.GreaterThanToken, 'greater'],
  [ts.SyntaxKind.GreaterThanEqualsToken, 'greaterOrEqual'],
]);

function lowerBinary(unit: Unit, node: TS.BinaryExpression, scope: Scope): Term {
  const span = spanIn(scope, node);
  const { kind } = node.operatorToken;
  if (isAssignmentOperator(kind)) return lowerAssignment(unit, node, scope);
  switch (kind) {
    case ts.SyntaxKind.AmpersandAmpersandToken:
    case ts.SyntaxKind.BarBarToken:
      return lowerLogical(unit, node, LOGICAL.get(kind)!, scope, lowerBoolean);
    case ts.SyntaxKind.QuestionQuestionToken:
      return lowerCoalescing(unit, node, scope);
    case ts.SyntaxKind.EqualsEqualsToken:
    case ts.SyntaxKind.ExclamationEqualsToken:
      return refuse(unit, looseEquality(spanIn(scope, node.operatorToken), node.operatorToken.getText()));
    case ts.SyntaxKind.EqualsEqualsEqualsToken:
      return lowerEquality(unit, node, 'equal', scope);
    case ts.SyntaxKind.ExclamationEqualsEqualsToken:
      return lowerEquality(unit, node, 'notEqual', scope);
    case ts.SyntaxKind.CommaToken:
      workOut(unit, lower(unit, node.left, scope), span);
      return lowerPath(unit, node.right, scope);
    case ts.SyntaxKind.SlashToken:
      return refuse(unit, division(span));
    case ts.SyntaxKind.InKeyword:
      return lowerIn(unit, node, scope);
    default:
      break;
  }
  const operator = ARITHMETIC.get(kind);
  if (operator === undefined) return refuse(unit, refusalOf(node, span));
  const operands = lowerOperands(unit, [node.left, node.right], span, scope) as [Expression, Expression];
  return arithmetic(unit, operator, node.operatorToken.getText(scope.module.syntax), operands, span);
}

/** Lowers expressions to values, left to right. */
export function lowerOperands(unit: Unit, nodes: readonly TS.Expression[], span: Span, scope: Scope): Expression[] {
  const terms = sequence(
    unit,
    nodes.map((node) => () => lower(unit, node, scope)),
    span,
  );
  return terms.map((term, at) => valueOf(unit, term, spanIn(scope, nodes[at]!)));
}

/** An operation on integers; reports operands that are none. */
export function arithmetic(
  unit: Unit,
  operator: Operator,
  text: string,
  operands: readonly [Expression, Expression],
  span: Span,
): Term {
  const [left, right] = operands;
  const made = build.operation(operator, operands, span);
  if (made !== undefined) return valueTerm(made);
  if (build.isPoison(left) || build.isPoison(right)) return ERROR;
  const serial = operands.map(({ type }) => serialPart(type)).find((one) => one !== undefined);
  if (serial !== undefined) return refuse(unit, serialOperand(serial, text, operands, span));
  const wrong = operands.find((operand) => build.operation('negate', [operand], span) === undefined) ?? left;
  if (wrong.type.kind === 'never') return valueTerm(wrong); // nobody gets here: working it out fails
  const [first, second] = [build.constantOf(left), build.constantOf(right)];
  if (operator === 'add' && typeof first?.value === 'string' && typeof second?.value === 'string') {
    return valueTerm(build.literal(first.value + second.value, span));
  }
  return refuse(unit, wrongOperand(wrong.span, text, describe(wrong.type), 'integers'));
}

/** `&&` and `||`: the right side is lowered apart, because it may not run. */
function lowerLogical(
  unit: Unit,
  node: TS.BinaryExpression,
  kind: 'and' | 'or',
  scope: Scope,
  lowerSide: (unit: Unit, node: TS.Expression, scope: Scope) => Expression,
): Term {
  const span = spanIn(scope, node);
  const left = lowerSide(unit, node.left, scope);
  const right = () => valueTerm(lowerSide(unit, node.right, scope));
  const settled =
    (value: boolean): (() => Term) =>
    () =>
      valueTerm(build.literal(value, span));
  const arms: [() => Term, () => Term] = kind === 'and' ? [right, settled(false)] : [settled(true), right];
  const merged = mergeArms(unit, left, arms[0], arms[1], span);
  if (merged.kind !== 'value' || merged.expression.kind !== 'conditional') return merged;
  const rest = kind === 'and' ? merged.expression.whenTrue : merged.expression.whenFalse;
  return valueTerm(build.both(kind, left, rest, span));
}

function lowerCoalescing(unit: Unit, node: TS.BinaryExpression, scope: Scope): Term {
  const span = spanIn(scope, node);
  const term = lower(unit, node.left, scope);
  const isNothing = term.kind === 'nothing' || (term.kind === 'host' && term.value === null);
  if (term.kind !== 'value' && term.kind !== 'reference') return isNothing ? lower(unit, node.right, scope) : term;
  const left = once(unit, valueOf(unit, term, spanIn(scope, node.left)));
  const absent = isAbsent(left, span);
  if (absent === undefined) {
    const right = () => lower(unit, node.right, scope);
    lowerDead(unit, right);
    return term;
  }
  const there = presentPart(left.type);
  if (there.kind === 'never') return lower(unit, node.right, scope); // it never is
  const present = { ...left, type: there };
  return mergeArms(
    unit,
    absent,
    () => lower(unit, node.right, scope),
    () => valueTerm(present, sharesOf(term)),
    span,
  );
}

/** Lowers what never runs, but has to be a part of the language all the same. */
function lowerDead(unit: Unit, lowerIt: () => Term): void {
  const forget = attempt(unit);
  const known = unit.diagnostics.length;
  nested(unit, lowerIt);
  const found = unit.diagnostics.slice(known);
  forget();
  unit.diagnostics.push(...found);
}

function lowerEquality(unit: Unit, node: TS.BinaryExpression, operator: 'equal' | 'notEqual', scope: Scope): Term {
  const span = spanIn(scope, node);
  const [left, right] = lowerOperands(unit, [node.left, node.right], span, scope) as [Expression, Expression];
  if (build.isPoison(left) || build.isPoison(right)) return ERROR;
  const scalar = [left, right].some((operand) => isScalar(operand.type));
  if (!scalar) {
    const text = node.operatorToken.getText();
    return refuse(unit, identityComparison(spanIn(scope, node.operatorToken), text, compoundNoun(left.type)));
  }
  return valueTerm(build.operation(operator, [left, right], span)!);
}

/** `key in record`. */
function lowerIn(unit: Unit, node: TS.BinaryExpression, scope: Scope): Term {
  const span = spanIn(scope, node);
  const [key, object] = lowerOperands(unit, [node.left, node.right], span, scope) as [Expression, Expression];
  if (build.isPoison(key) || build.isPoison(object)) return ERROR;
  const ofRecords = membersOf(object.type).flatMap((member) => (member.kind === 'record' ? [member.key] : []));
  const [keyDomain] = [...ofRecords, keysOfFixed(unit, object, key.type)];
  if (keyDomain !== undefined) {
    // An object without fields has no key at all; working the key out may fail.
    const isEmpty = keyDomain.kind === 'enum' && keyDomain.values.length === 0;
    const sought = isEmpty ? key : keyIn(unit, keyDomain, key);
    if (sought === undefined) return ERROR;
    const inherited = inheritedKeys(sought.type, keyDomain);
    if (inherited !== undefined) {
      const help = 'ask `Object.keys(…).includes(key)`, or name the key otherwise';
      const what = `\`in\` with \`${inherited}\`, which every object of JavaScript inherits,`;
      return refuse(unit, outsideLanguage(spanIn(scope, node.operatorToken), what, help));
    }
    if (isEmpty) return valueTerm(build.operation('notEqual', [key, key], span)!);
    if (canBeAbsent(object.type)) requirePresent(unit, object, keyDomain, span);
    const keys = collection(
      unit,
      valueTerm({ kind: 'domain', domain: keyDomain, type: { kind: 'set', element: keyDomain }, span }),
      span,
    );
    const made = keys && build.operation('includes', [keys, sought], span);
    return made === undefined ? ERROR : valueTerm(made);
  }
  const construct = `\`in\` on ${describe(object.type)}`;
  return refuse(unit, outsideLanguage(spanIn(scope, node.operatorToken), construct, inHelp(object.type)));
}

/** How to ask what `in` would be asked for. */
function inHelp(type: Domain): string {
  const members = membersOf(type);
  const variant = members.find((member) => member.kind === 'variant');
  if (members.some(({ kind }) => kind === 'array' || kind === 'tuple'))
    return 'ask for a value with `items.includes(x)`, for a position with `0 <= i && i < items.length`';
  if (members.some(({ kind }) => kind === 'set')) return 'ask with `items.has(x)`';
  if (variant !== undefined) return `ask which of them it is: \`x.${variant.discriminator} === "…"\``;
  return 'ask whether a field is undefined: `x.field !== undefined`';
}

/** A text that may be asked for, is no key of a record, and is there all the same, since every object inherits it. */
function inheritedKeys(sought: Domain, keys: Domain): string | undefined {
  return membersOf(sought)
    .flatMap((member) => (member.kind === 'enum' ? member.values : []))
    .find((text) => text in Object.prototype && !contains(keys, text));
}

/** Reads some entry of what may be no record: the step fails where JavaScript throws. */
function requirePresent(unit: Unit, record: Expression, keys: Domain, span: Span): void {
  if (cardinality(keys) === 0) return;
  const entry = build.index(record, build.literal(defaultValue(keys), span, keys), span);
  if (entry !== undefined) freeze(unit, entry, 'first');
}

function lowerPrefix(unit: Unit, node: TS.PrefixUnaryExpression, scope: Scope): Term {
  const span = spanIn(scope, node);
  switch (node.operator) {
    case ts.SyntaxKind.ExclamationToken:
      return lowerNot(unit, node, scope);
    case ts.SyntaxKind.MinusToken: {
      if (ts.isNumericLiteral(node.operand)) {
        return lowerNumber(unit, -Number(node.operand.text.replaceAll('_', '')), node, scope);
      }
      const operand = lowerValue(unit, node.operand, scope);
      if (build.isPoison(operand)) return ERROR;
      const made = build.operation('negate', [operand], span);
      return made
        ? valueTerm(made)
        : refuse(unit, wrongOperand(operand.span, '-', describe(operand.type), 'an integer'));
    }
    case ts.SyntaxKind.PlusToken: {
      const operand = lowerValue(unit, node.operand, scope);
      if (build.isPoison(operand) || integersOnly(operand.type) !== undefined) return valueTerm(operand);
      return refuse(unit, wrongOperand(operand.span, '+', describe(operand.type), 'an integer'));
    }
    case ts.SyntaxKind.PlusPlusToken:
    case ts.SyntaxKind.MinusMinusToken:
      return lowerStep(unit, node, scope);
    default:
      return refuse(unit, refusalOf(node, span));
  }
}

function lowerNot(unit: Unit, node: TS.PrefixUnaryExpression, scope: Scope): Term {
  const span = spanIn(scope, node);
  const inner = skipParentheses(node.operand);
  if (ts.isBinaryExpression(inner) && LOGICAL.has(inner.operatorToken.kind)) {
    const condition = lowerCondition(unit, inner, scope);
    return build.isPoison(condition) ? ERROR : valueTerm(build.not(condition, span));
  }
  const term = lower(unit, node.operand, scope);
  if (term.kind === 'formula') {
    return refuse(unit, temporalMisuse(span, '`!` cannot negate a temporal formula', 'write `not(…)`'));
  }
  const operand = truthOf(unit, valueOf(unit, term, spanIn(scope, node.operand)));
  return build.isPoison(operand) ? ERROR : valueTerm(build.not(operand, span));
}

function skipParentheses(node: TS.Expression): TS.Expression {
  return ts.isParenthesizedExpression(node) ? skipParentheses(node.expression) : node;
}
