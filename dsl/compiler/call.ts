import type { ts as TS } from 'ts-morph';
import { foreignCall, outsideLanguage, unknownMember, wrongArguments, wrongOperand } from '../diagnostics/catalog.ts';
import type { Span } from '../diagnostics/span.ts';
import { definitionOf } from '../language/definition.ts';
import { processBehind } from '../language/process.ts';
import type { Domain, Expression, Operator } from '../ir/index.ts';
import { joinAll } from '../ir/join.ts';
import { arrayPart, canBeAbsent, intPart, isOptional, presentPart } from '../ir/part.ts';
import { typeOfSequence } from '../ir/typing.ts';
import { element, spanIn } from './access.ts';
import * as build from './build.ts';
import { describe } from './describe.ts';
import { choiceOf } from './either-name.ts';
import { callClosure, plainParameter } from './inline.ts';
import { askedForOrder } from './field-order.ts';
import { inKeyOrder } from './key-order.ts';
import { asArray, lowerItems } from './literal.ts';
import { lower, lowerOperands, lowerPath, lowerValue } from './lower-expression.ts';
import { comprehend } from './comprehend.ts';
import { callCollectionMethod } from './method.ts';
import type { WrittenCall } from './method.ts';
import { lowerProcessQuestion } from './process-question.ts';
import { effectOf } from './purity.ts';
import type { Closure, Scope, Term } from './term.ts';
import { OUTSIDE_WORLD } from './subset.ts';
import { isThreadChange, lowerThreadChange } from './thread-change.ts';
import { ts } from './typescript.ts';
import { freeze, nested, type Unit } from './unit.ts';
import { isSchema } from './host-value.ts';
import { sharesOf, sharesOfCopy } from './shares.ts';
import {
  ERROR,
  freshStable,
  once,
  iterable,
  refuse,
  sequence,
  settle,
  valueOf,
  valueTerm,
  wholeDomain,
} from './value.ts';
import { workOut } from './unused.ts';
import { callBuiltIn } from './built-in.ts';

/** A call: of a function of the author's, a word of the language, a method, or of what makes schemas. */
export function lowerCall(unit: Unit, node: TS.CallExpression, scope: Scope): Term {
  return lowerCallOf(unit, node, lowerPath(unit, node.expression, scope), scope);
}

/** A call of what has been lowered already. */
export function lowerCallOf(unit: Unit, node: TS.CallExpression, callee: Term, scope: Scope): Term {
  const span = spanIn(scope, node);
  switch (callee.kind) {
    case 'closure': {
      const given = lowerArguments(unit, node.arguments, scope, span, callee);
      return given === undefined ? ERROR : callClosure(unit, callee, given, span);
    }
    case 'word':
      return callBuiltIn(unit, callee.name, node, scope);
    case 'method':
      return callMethod(unit, callee, node, scope);
    case 'error':
      lowerArguments(unit, node.arguments, scope, span);
      return ERROR;
    case 'host': {
      if (typeof callee.value !== 'function') break;
      if (DECLARING.some((name) => callee.value === unit.model.packageValue('fairlead', name))) {
        const given = lowerArguments(unit, node.arguments, scope, span);
        return given === undefined ? ERROR : { kind: 'declaring', method: callee.description, given };
      }
      return refuse(unit, foreignCall(spanIn(scope, node.expression), node.expression.getText()));
    }
    case 'global': {
      const help = MADE_OTHERWISE.get(callee.name) ?? OTHERWISE;
      return refuse(unit, outsideLanguage(spanIn(scope, node.expression), `\`${callee.name}(…)\``, help));
    }
    default:
      break;
  }
  const calleeSpan = spanIn(scope, node.expression);
  return refuse(unit, wrongOperand(calleeSpan, '( )', 'not a function', 'a function whose source is at hand'));
}

/** How the values are written that JavaScript has functions or constructors for. */
const MADE_OTHERWISE: ReadonlyMap<string, string> = new Map([
  ['Number', 'numbers are integers already; of a boolean write `on ? 1 : 0`'],
  ['Boolean', 'compare: `n !== 0`, `x !== null`'],
  ['Array', 'write `Array.from({ length: 3 }, () => 0)`'],
]);

const OTHERWISE = 'use object and array literals and `new Set(…)`';

/** Functions of the language that are not for bodies: they declare. */
const DECLARING = ['spec', 'weak', 'strong'];

/**
 * What is given to a call, left to right; undefined when it has been reported.
 *
 * @param callee - the function of the author's that is called: a parameter of it can be a name for one of two places.
 */
export function lowerArguments(
  unit: Unit,
  nodes: readonly TS.Expression[],
  scope: Scope,
  span: Span,
  callee?: Closure,
): Term[] | undefined {
  const isSpread = nodes.some((node) => ts.isSpreadElement(node));
  const terms = sequence(
    unit,
    nodes.map((node, at) => () => {
      const inner = ts.isSpreadElement(node) ? node.expression : node;
      const name = callee === undefined || isSpread ? undefined : plainParameter(callee, at);
      const choice = name === undefined ? undefined : choiceOf(unit, name, inner, scope);
      if (choice !== undefined) return choice;
      return unit.purpose === 'property' ? wholly(unit, inner, scope) : lower(unit, inner, scope);
    }),
    span,
  );
  const given: Term[] = [];
  for (const [at, term] of terms.entries()) {
    const node = nodes[at]!;
    if (!ts.isSpreadElement(node)) given.push(term);
    else if (term.kind === 'list') given.push(...term.elements);
    else {
      refuse(
        unit,
        outsideLanguage(
          spanIn(scope, node),
          'spreading a value into the arguments of a function',
          'give the function a parameter that is an array',
        ),
      );
      return undefined;
    }
  }
  return given;
}

/** In a property: with what has to be done first as a part of the value, so that it can be asked of any state. */
function wholly(unit: Unit, node: TS.Expression, scope: Scope): Term {
  const { statements, result } = nested(unit, () => lower(unit, node, scope));
  if (statements.length === 0) return result;
  const effect = effectOf(statements);
  if (result.kind !== 'value' || effect !== undefined) {
    unit.statements.push(...statements);
    return result;
  }
  return valueTerm(build.evaluate(statements, result.expression, result.expression.span), result.shares);
}

function callMethod(
  unit: Unit,
  callee: Extract<Term, { kind: 'method' }>,
  node: TS.CallExpression,
  scope: Scope,
): Term {
  const { receiver, name } = callee;
  const span = spanIn(scope, node);
  const nameSpan = ts.isPropertyAccessExpression(node.expression)
    ? spanIn(scope, node.expression.name)
    : spanIn(scope, node.expression);
  const call: WrittenCall = { name, node, scope, span, nameSpan };
  switch (receiver.kind) {
    case 'global':
      return callGlobal(unit, receiver.name, call);
    case 'host': {
      const { value } = receiver;
      const definition = definitionOf(value);
      if (definition?.kind === 'spec' || (name === 'any' && typeof value === 'function')) {
        const given = lowerArguments(unit, node.arguments, scope, span);
        return given === undefined ? ERROR : { kind: 'declaring', method: name, given };
      }
      const asked = processBehind(value);
      if (asked !== undefined) return lowerProcessQuestion(unit, { process: asked, next: true }, name, node, scope);
      if (definition?.kind === 'process' && isThreadChange(name))
        return lowerThreadChange(unit, definition, name, node, scope);
      if (definition?.kind === 'process')
        return lowerProcessQuestion(unit, { process: definition, next: false }, name, node, scope);
      if (isSchema(value) || value === unit.model.packageValue('zod', '*')) {
        return callSchema(unit, value, call);
      }
      if (Array.isArray(value) || value instanceof Set) break;
      return refuse(unit, foreignCall(nameSpan, name));
    }
    case 'value':
    case 'reference':
    case 'list':
      break;
    default:
      return refuse(unit, unknownMember(nameSpan, name, 'a function', undefined));
  }
  return callCollectionMethod(unit, receiver, call);
}

/** A call that makes a schema: done now, since schemas are not values of a step. */
function callSchema(unit: Unit, schema: unknown, { name, node, scope, span }: WrittenCall): Term {
  const given: unknown[] = [];
  for (const argument of node.arguments) {
    const host = hostOf(lower(unit, argument, scope));
    if (host === undefined) {
      const help = 'declare the schema at the top level of the module, or build it from constants and parameters';
      return refuse(
        unit,
        wrongArguments(spanIn(scope, argument), 'a schema has to be known before the step runs', help),
      );
    }
    given.push(host.value);
  }
  const method = (schema as Record<string, unknown>)[name];
  if (typeof method !== 'function') return refuse(unit, unknownMember(span, name, 'this schema', undefined));
  return { kind: 'host', value: Reflect.apply(method, schema, given) as unknown, description: node.getText() };
}

/** A term as something that evaluating the module could have left. */
function hostOf(term: Term): { readonly value: unknown } | undefined {
  switch (term.kind) {
    case 'host':
      return term;
    case 'value':
      return build.constantOf(term.expression);
    case 'list': {
      const elements = term.elements.map(hostOf);
      return elements.every((element) => element !== undefined)
        ? { value: elements.map((element) => element.value) }
        : undefined;
    }
    case 'object': {
      const fields = [...term.fields].map(([name, field]) => [name, hostOf(field)] as const);
      if (!fields.every(([, field]) => field !== undefined)) return undefined;
      return { value: Object.fromEntries(fields.map(([name, field]) => [name, field!.value])) };
    }
    default:
      return undefined;
  }
}

const MATH: ReadonlyMap<string, Operator> = new Map([
  ['min', 'minimum'],
  ['max', 'maximum'],
  ['abs', 'absolute'],
]);

function callGlobal(unit: Unit, owner: string, call: WrittenCall): Term {
  const { name, node, scope, span, nameSpan } = call;
  if (owner === 'Math') return callMath(unit, call);
  if (owner === 'Object' && ['keys', 'values', 'entries'].includes(name))
    return callEntries(unit, name, node, scope, span);
  if (owner === 'Array' && name === 'from') return callArrayFrom(unit, node, scope, span);
  if (owner === 'Array' && name === 'of') {
    const given = lowerArguments(unit, node.arguments, scope, span);
    return given === undefined ? ERROR : { kind: 'list', elements: given };
  }
  const help =
    owner === 'Object' ? 'assign fields one by one, or use `{ ...x }`; records have `record(Keys, …)`' : undefined;
  return refuse(unit, unknownMember(nameSpan, name, `\`${owner}\``, undefined, help));
}

function callMath(unit: Unit, { name, node, scope, span, nameSpan }: WrittenCall): Term {
  const rounding: Operator | undefined =
    name === 'floor' || name === 'ceil' ? 'divide' : name === 'trunc' ? 'truncate' : undefined;
  const [first, more] = node.arguments;
  if (more !== undefined && (rounding !== undefined || name === 'abs'))
    return tooMuch(unit, `Math.${name}`, more, scope);
  if (rounding !== undefined && first !== undefined) {
    const inner = skipParentheses(first);
    if (!ts.isBinaryExpression(inner) || inner.operatorToken.kind !== ts.SyntaxKind.SlashToken) {
      const whole = lowerValue(unit, first, scope); // an integer already
      if (build.isPoison(whole) || intPart(whole.type) !== undefined) return valueTerm(whole);
      return refuse(unit, wrongOperand(whole.span, `Math.${name}`, describe(whole.type), 'an integer'));
    }
    const [left, right] = lowerOperands(unit, [inner.left, inner.right], span, scope) as [Expression, Expression];
    const dividend = name === 'ceil' ? build.operation('negate', [left], span) : left;
    const quotient = dividend && build.operation(rounding, [dividend, right], span);
    const made = quotient && (name === 'ceil' ? build.operation('negate', [quotient], span) : quotient);
    if (made !== undefined) return valueTerm(made);
    if (build.isPoison(left) || build.isPoison(right)) return ERROR;
    return refuse(unit, wrongOperand(span, `Math.${name}`, describe(left.type), 'integers'));
  }
  const operator = MATH.get(name);
  if (operator === undefined) {
    const help =
      name === 'random'
        ? 'write `pick(domain)`: every choice is explored'
        : 'there are `floor`, `ceil`, `trunc`, `min`, `max` and `abs`';
    return refuse(unit, unknownMember(nameSpan, name, '`Math`', undefined, help));
  }
  if (operator !== 'absolute' && node.arguments.some((argument) => ts.isSpreadElement(argument))) {
    return extremeOf(unit, operator, name, lowerItems(unit, node.arguments, span, scope), span);
  }
  const operands = lowerOperands(unit, [...node.arguments], span, scope);
  if (operands.length === 0)
    return refuse(unit, wrongArguments(span, `\`Math.${name}\` of nothing`, 'name its operands'));
  let result: Expression | undefined =
    operator === 'absolute' ? build.operation(operator, [operands[0]!], span) : operands[0];
  for (const operand of operator === 'absolute' ? [] : operands.slice(1)) {
    result = result && build.operation(operator, [result, operand], span);
  }
  if (result !== undefined) return valueTerm(result);
  if (operands.some(build.isPoison)) return ERROR;
  return refuse(unit, wrongOperand(span, `Math.${name}`, describe(operands[0]!.type), 'integers'));
}

/** `Math.max(...items)`. Of nothing it would be `-Infinity`, which no variable can hold: the step fails. */
function extremeOf(unit: Unit, operator: Operator, name: string, items: Term, span: Span): Term {
  if (items.kind === 'error') return items;
  const array = once(unit, valueOf(unit, items, span));
  if (arrayPart(array.type)?.maxLength === 0) {
    return refuse(unit, wrongArguments(span, `\`Math.${name}\` of nothing`, 'name its operands'));
  }
  const element = build.index(array, build.literal(0, span), span);
  const first =
    element?.kind === 'index' ? { ...element, missing: `\`Math.${name}\` of nothing, which is no integer` } : element;
  const [total, each] = [freshStable(unit, 'most'), freshStable(unit, 'each')];
  const type = first && build.operation(operator, [first, first], span)?.type;
  if (first === undefined || type === undefined) {
    return build.isPoison(array)
      ? ERROR
      : refuse(unit, wrongOperand(span, `Math.${name}`, describe(array.type), 'integers'));
  }
  const body = build.operation(operator, [build.local(total, type, span), build.local(each, first.type, span)], span)!;
  return valueTerm({ kind: 'fold', accumulator: total, binder: each, over: array, initial: first, body, type, span });
}

function tooMuch(unit: Unit, called: string, argument: TS.Expression, scope: Scope): Term {
  return refuse(unit, wrongArguments(spanIn(scope, argument), `\`${called}\` is given too much`, 'leave this out'));
}

function skipParentheses(node: TS.Expression): TS.Expression {
  return ts.isParenthesizedExpression(node) ? skipParentheses(node.expression) : node;
}

/** `Object.keys`, `Object.values` and `Object.entries` of a record or an object whose fields are known. */
function callEntries(unit: Unit, name: string, node: TS.CallExpression, scope: Scope, span: Span): Term {
  const [argument, more] = node.arguments;
  if (argument === undefined)
    return refuse(unit, wrongArguments(span, `\`Object.${name}\` of nothing`, 'name an object'));
  if (more !== undefined) return tooMuch(unit, `Object.${name}`, more, scope);
  const term = lower(unit, argument, scope);
  if (term.kind === 'error') return term;
  const value = valueOf(unit, term, spanIn(scope, argument));
  const type = presentPart(value.type);
  const keys = keysOf(unit, type, span);
  if (keys === undefined) {
    if (build.isPoison(value)) return ERROR;
    return refuse(unit, wrongOperand(value.span, `Object.${name}`, describe(value.type), 'a record or an object'));
  }
  const { elements } = keys;
  if (term.kind !== 'host' && (term.kind !== 'object' || term.optional !== undefined)) {
    const names = elements.map((key) => String(build.constantOf(key)!.value));
    const optional = type.kind === 'object' && type.fields.some(({ domain }) => isOptional(domain));
    askedForOrder(unit, names, span, optional);
  }
  if (type.kind === 'record' && elements.some((key) => key.type.kind === 'int')) {
    const help = 'JavaScript turns number keys into text: go through the key domain with `values(Keys)`';
    return refuse(unit, wrongArguments(span, `\`Object.${name}\` of a record whose keys are numbers`, help));
  }
  const entries = elements.map((key) => settle(element(unit, term, key, span, node)));
  // Where there is no object JavaScript throws; so does reading an entry of it.
  if (canBeAbsent(value.type) && entries[0] !== undefined) freeze(unit, valueOf(unit, entries[0], span), 'first');
  if (name === 'keys') {
    workOut(unit, term, span);
    return valueTerm(sequenceOf(elements, span));
  }
  if (name === 'values' && entries.some((entry) => entry.kind === 'reference'))
    return { kind: 'list', elements: entries };
  if (name === 'values')
    return valueTerm(
      sequenceOf(
        entries.map((entry) => valueOf(unit, entry, span)),
        span,
      ),
      sharesOfCopy(term),
    );
  return {
    kind: 'list',
    elements: elements.map((key, at) => ({ kind: 'list', elements: [valueTerm(key), entries[at]!] })),
  };
}

function sequenceOf(elements: readonly Expression[], span: Span): Expression {
  return { kind: 'array', elements, type: typeOfSequence(elements.map((element) => element.type)), span };
}

/** The keys as expressions, each of the type of all of them. */
function keysOf(unit: Unit, type: Domain, span: Span): { elements: Expression[] } | undefined {
  if (type.kind === 'object') {
    const fields = inKeyOrder(type.fields, ({ name }) => name);
    return { elements: fields.map(({ name }) => build.literal(name, span)) };
  }
  if (type.kind !== 'record') return undefined;
  const domain = wholeDomain(unit, type.key, 'the keys', span);
  const array = domain && asArray(domain);
  const keys = array?.kind === 'literal' ? (array.value as readonly (string | number)[]) : [];
  return { elements: inKeyOrder(keys, String).map((key) => build.literal(key, span, type.key)) };
}

/** `Array.from(items)`, `Array.from(items, f)` and `Array.from({ length: 3 }, (_, i) => …)`. */
function callArrayFrom(unit: Unit, node: TS.CallExpression, scope: Scope, span: Span): Term {
  const given = lowerArguments(unit, node.arguments, scope, span);
  if (given === undefined) return ERROR;
  const [source, callback] = given;
  if (source === undefined) return refuse(unit, wrongArguments(span, '`Array.from` of nothing', 'name a collection'));
  if (callback?.kind === 'closure' && 2 < callback.node.parameters.length) {
    const help = '`Array.from` gives it an element and its position; `map` of an array gives the array too';
    return refuse(unit, wrongArguments(span, 'this function has a parameter that it is never given', help));
  }
  const length = source.kind === 'object' ? source.fields.get('length') : undefined;
  if (source.kind === 'object' && length !== undefined) {
    const count = build.constantOf(valueOf(unit, length, span))?.value;
    if (typeof count !== 'number' || callback?.kind !== 'closure' || 1 < source.fields.size) {
      const help = 'write `Array.from({ length: 3 }, () => value)` with a length that is constant in a model';
      return refuse(unit, wrongArguments(span, 'an array of unknown length', help));
    }
    const elements: (() => Term)[] = [];
    for (let at = 0; at < count; at += 1) {
      const position = valueTerm(build.literal(at, span));
      const undefinedTerm = valueTerm(build.literal(undefined, span));
      elements.push(() => callClosure(unit, callback, [undefinedTerm, position], span));
    }
    return { kind: 'list', elements: sequence(unit, elements, span) };
  }
  const items = iterable(unit, source, span);
  const array = items && asArray(items);
  if (array === undefined) return ERROR;
  const copy = valueTerm(array, sharesOfCopy(source));
  if (callback === undefined) return copy;
  if (callback.kind === 'closure')
    return comprehend(unit, 'map', { over: array, overTerm: copy, alone: true }, callback, span);
  return refuse(unit, wrongArguments(span, '`Array.from` takes a function', 'write the function here'));
}

/** `new Set(…)`; nothing else is made with `new`. */
export function lowerNew(unit: Unit, node: TS.NewExpression, scope: Scope): Term {
  const span = spanIn(scope, node);
  const made = ts.isIdentifier(node.expression) ? node.expression.text : node.expression.getText();
  if (made !== 'Set') {
    const help = MADE_OTHERWISE.get(made) ?? OUTSIDE_WORLD.get(made) ?? OTHERWISE;
    return refuse(unit, outsideLanguage(spanIn(scope, node.expression), `\`new ${made}\``, help));
  }
  const [argument, more] = node.arguments ?? [];
  if (more !== undefined) return tooMuch(unit, 'new Set', more, scope);
  if (argument === undefined)
    return valueTerm({ kind: 'set', elements: [], type: { kind: 'set', element: { kind: 'never' } }, span });
  const term = lower(unit, argument, scope);
  if (term.kind === 'list') {
    const elements = term.elements.map((element) => valueOf(unit, element, span));
    const element = joinAll(elements.map(({ type }) => type));
    if (element === undefined) {
      return refuse(unit, wrongOperand(span, 'new Set', 'elements of unlike shapes', 'elements of one shape'));
    }
    const type: Domain = { kind: 'set', element };
    return valueTerm({ kind: 'set', elements, type, span }, sharesOf(term));
  }
  const items = iterable(unit, term, spanIn(scope, argument));
  if (items === undefined) return ERROR;
  const set = presentPart(items.type).kind === 'set' ? { ...items, span } : build.operation('toSet', [items], span);
  return set === undefined ? ERROR : valueTerm(set, sharesOfCopy(term));
}
