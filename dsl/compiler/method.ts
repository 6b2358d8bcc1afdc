import type { ts as TS } from 'ts-morph';
import { notAssignable, outsideLanguage, unknownMember, wrongArguments, wrongOperand } from '../diagnostics/catalog.ts';
import type { Span } from '../diagnostics/span.ts';
import { suggest } from '../diagnostics/suggest.ts';
import type { Comprehension, Domain, Expression } from '../ir/index.ts';
import { arrayPart, collectionOf, integersOnly, intPart, isScalar, setPart } from '../ir/part.ts';
import { beforeWrite, domainAt, type Write } from './aliasing.ts';
import { requireMutable } from './assign.ts';
import * as build from './build.ts';
import { lowerArguments } from './call.ts';
import { comprehend, fold } from './comprehend.ts';
import { describe } from './describe.ts';
import { elementAt, elementFromEnd, hasPlaces } from './element-place.ts';
import { lowerForEach } from './loop.ts';
import { lastPosition } from './from-end.ts';
import { newIdentity } from './identity.ts';
import { callClosure } from './inline.ts';
import { asArray, lowerItems } from './literal.ts';
import type { Closure, Reference, Scope, Shared, Term } from './term.ts';
import { ts } from './typescript.ts';
import { freeze, type Unit } from './unit.ts';
import { shareInto, sharesOf, sharesOfCopy, sharesOfElement, sharesOfTaken, sharesWithin } from './shares.ts';
import {
  alike,
  asCondition,
  conformed,
  emitAssign,
  ERROR,
  freshStable,
  NOTHING,
  once,
  refuse,
  sequence,
  valueOf,
  valueTerm,
} from './value.ts';

const QUANTIFYING: ReadonlyMap<string, Comprehension['operator']> = new Map([
  ['every', 'all'],
  ['some', 'some'],
  ['filter', 'filter'],
  ['map', 'map'],
  ['find', 'find'],
  ['findIndex', 'findIndex'],
]);

const OF_ARRAYS = [
  ...QUANTIFYING.keys(),
  ...[
    'findLast',
    'findLastIndex',
    'includes',
    'indexOf',
    'lastIndexOf',
    'at',
    'slice',
    'concat',
    'reduce',
    'forEach',
    'with',
    'keys',
    'values',
    'entries',
  ],
  ...['push', 'pop', 'shift', 'unshift', 'splice', 'fill'],
];

const OF_SETS = [
  ...['has', 'add', 'delete', 'clear', 'forEach', 'keys', 'values', 'entries'],
  ...['union', 'intersection', 'difference', 'symmetricDifference', 'isSubsetOf', 'isSupersetOf', 'isDisjointFrom'],
];

/** Names of what the values of a type have besides fields. */
export function membersOfCollection(type: Domain): readonly string[] {
  if (setPart(type) !== undefined) return ['size', ...OF_SETS];
  return arrayPart(type) === undefined ? [] : ['length', ...OF_ARRAYS];
}

/** Proposes what a set or an array has; undefined for what is neither. */
export function collectionHelp(type: Domain): string | undefined {
  const names = membersOfCollection(type).map((name) => `\`${name}\``);
  if (names.length === 0) return undefined;
  return `it has ${names.join(', ')}${setPart(type) === undefined ? '' : '; its values as an array are `[...items]`'}`;
}

/** Methods that are lowered to more than one use of what they are called on. */
const WRITTEN_TWICE: ReadonlySet<string> = new Set([
  ...['slice', 'with', 'symmetricDifference'],
  ...['findLast', 'findLastIndex', 'lastIndexOf'],
]);

/** A call of a method, as it is written. */
export interface WrittenCall {
  readonly name: string;
  readonly nameSpan: Span;
  readonly node: TS.CallExpression;
  readonly span: Span;
  readonly scope: Scope;
}

/** What is known of a call of a method when it is lowered. */
interface MethodCall extends WrittenCall {
  readonly receiver: Term;
  readonly value: Expression;
  readonly given: readonly Term[];
  /** The operands as values; functions excepted. */
  readonly operands: readonly Expression[];
  /** All that is given, as one array, when how many there are is not known: `push(...items)`. */
  readonly all?: Term;
}

/** A method of an array or a set. */
export function callCollectionMethod(unit: Unit, receiver: Term, written: WrittenCall): Term {
  const { name, node, scope, span } = written;
  // The receiver is looked up before the arguments are worked out, and changed after.
  let all: Term | undefined;
  let terms: readonly Term[] | undefined;
  const [kept] = sequence(
    unit,
    [
      () => receiver,
      () => {
        all = spreadArguments(unit, written);
        terms = all === undefined ? lowerArguments(unit, node.arguments, scope, span) : [];
        return NOTHING;
      },
    ],
    span,
  ) as [Term, Term];
  if (all?.kind === 'error' || kept.kind === 'error') return ERROR;
  if (terms === undefined || terms.some((term) => term.kind === 'error')) return ERROR;
  const found = valueOf(unit, kept, span);
  const value = WRITTEN_TWICE.has(name) ? once(unit, found) : found;
  if (build.isPoison(value) || value.type.kind === 'never') return ERROR;
  const isFunction = (term: Term) => term.kind === 'closure' || term.kind === 'word' || term.kind === 'method';
  const taken: readonly Term[] = terms;
  const operands = taken.map((term) => (isFunction(term) ? build.poison(span) : valueOf(unit, term, span)));
  if (operands.some((operand, at) => build.isPoison(operand) && !isFunction(taken[at]!))) return ERROR;
  const call: MethodCall = {
    ...{ ...written, receiver: kept, value, given: taken, operands },
    ...(all === undefined ? {} : { all }),
  };
  if (ITERATORS.has(name)) return iterator(unit, call);
  if (arrayPart(value.type) !== undefined) return callArrayMethod(unit, call);
  if (setPart(value.type) !== undefined) return callSetMethod(unit, call);
  return refuse(unit, unknownMember(written.nameSpan, name, describe(value.type), undefined));
}

/** The arguments of `push` and `unshift` as one array, when something is spread among them. */
function spreadArguments(unit: Unit, { name, node, scope, span }: WrittenCall): Term | undefined {
  if (name !== 'push' && name !== 'unshift') return undefined;
  if (!node.arguments.some((argument) => ts.isSpreadElement(argument))) return undefined;
  return lowerItems(unit, node.arguments, span, scope);
}

const ITERATORS: ReadonlySet<string> = new Set(['keys', 'values', 'entries']);

/**
 * `items.keys()` and its like. What JavaScript gives can be gone through once, and looks at the collection then: so it may
 * stand only where it is gone through at once. Loops are lowered elsewhere.
 */
function iterator(unit: Unit, call: MethodCall): Term {
  const { name, span, value, receiver } = call;
  if (!isGoneThrough(call.node)) {
    const help = `go through it at once: \`for (const x of items.${name}())\`, \`[...items.${name}()]\``;
    return refuse(unit, outsideLanguage(span, `what \`${name}\` gives, kept for later,`, help));
  }
  const array = asArray(value);
  const isSet = arrayPart(value.type) === undefined;
  if (array === undefined || collectionOf(array.type) === undefined) return ERROR;
  if (name === 'values' || (isSet && name === 'keys')) return valueTerm(array, sharesOfCopy(receiver));
  const { element, max } = collectionOf(array.type)!;
  const [each, at] = [freshStable(unit, 'each'), freshStable(unit, 'index')];
  const position = build.local(at, { kind: 'int', min: 0, max: Math.max(max - 1, 0) }, span);
  const entry = build.local(each, element, span);
  const pair = build.array([isSet ? entry : position, entry], span);
  const body = name === 'keys' ? position : pair;
  const made = build.comprehension('map', { binder: each, indexBinder: isSet ? undefined : at }, array, body, span);
  const shares = sharesOfCopy(receiver).map((one) => ({ ...one, through: one.through + 1 }));
  return made === undefined ? ERROR : valueTerm(made, shares);
}

/** Whether what a call gives is gone through where it stands, and by nobody else. */
function isGoneThrough(node: TS.Node): boolean {
  const { parent } = node;
  if (ts.isParenthesizedExpression(parent) || ts.isNonNullExpression(parent) || ts.isAsExpression(parent))
    return isGoneThrough(parent);
  if (ts.isSpreadElement(parent) || ts.isForOfStatement(parent)) return true;
  if (ts.isNewExpression(parent)) return parent.arguments?.[0] === node && parent.expression.getText() === 'Set';
  if (ts.isCallExpression(parent)) return parent.arguments[0] === node && parent.expression.getText() === 'Array.from';
  return ts.isVariableDeclaration(parent) && ts.isArrayBindingPattern(parent.name);
}

function callArrayMethod(unit: Unit, call: MethodCall): Term {
  const { value, name, span, operands } = call;
  const [first, second] = operands;
  const operator = QUANTIFYING.get(name);
  if (operator !== undefined) {
    const closure = closureOf(unit, call, 0);
    if (closure === undefined) return ERROR;
    if (operator === 'find' && hasPlaces(unit, call.receiver)) {
      const position = comprehend(unit, 'findIndex', { over: value, overTerm: call.receiver }, closure, span);
      const { reference } = call.receiver;
      return position.kind === 'value'
        ? placed(unit, call, elementAt(unit, reference, position.expression, span))
        : ERROR;
    }
    return comprehend(unit, operator, { over: value, overTerm: call.receiver }, closure, span);
  }
  const zero = build.literal(0, span);
  const length = () => build.operation('size', [value], span)!;
  switch (name) {
    case 'includes':
    case 'indexOf':
      return lowerSearch(unit, call, name);
    case 'lastIndexOf':
      return lowerLastIndexOf(unit, call);
    case 'findLast':
    case 'findLastIndex':
      return lowerFindLast(unit, call);
    case 'at':
      if (first !== undefined && intPart(first.type) === undefined)
        return refuse(unit, wrongOperand(span, name, describe(first.type), 'an integer'));
      if (first !== undefined && hasPlaces(unit, call.receiver)) {
        return placed(unit, call, elementFromEnd(unit, call.receiver.reference, first, span));
      }
      return first === undefined
        ? tooLittle(unit, call)
        : made(unit, call, build.operation('at', [value, first], span), sharesOfElement(call.receiver));
    case 'slice': {
      const bounds = [first, second].map((bound) => (bound?.type.kind === 'undefined' ? undefined : bound));
      const wrong = bounds.find((bound) => bound !== undefined && intPart(bound.type) === undefined);
      if (wrong !== undefined) return refuse(unit, wrongOperand(span, name, describe(wrong.type), 'integers'));
      const [from = zero, to = length()] = bounds;
      return made(unit, call, build.operation('slice', [value, from, to], span), sharesOfCopy(call.receiver));
    }
    case 'concat': {
      let result: Expression | undefined = value;
      const shares = sharesOfCopy(call.receiver);
      for (const [at, operand] of operands.entries()) {
        const isPiece = arrayPart(operand.type) !== undefined;
        if (isPiece && operand.type.kind === 'union') {
          return refuse(unit, wrongOperand(span, name, describe(operand.type), 'what is an array, or what is none'));
        }
        const piece = isPiece ? operand : build.array([operand], span);
        result = result && build.operation('concat', [result, piece], span);
        shares.push(...(isPiece ? sharesOfCopy(call.given[at]!) : sharesWithin(call.given[at]!)));
      }
      return made(unit, call, result, shares);
    }
    case 'with':
      return first === undefined || second === undefined
        ? tooLittle(unit, call)
        : made(unit, call, build.operation('with', [value, fromEnd(unit, value, first, span), second], span), [
            ...sharesOfCopy(call.receiver),
            ...sharesWithin(call.given[1]!),
          ]);
    case 'reduce': {
      const closure = closureOf(unit, call, 0);
      if (closure === undefined) return ERROR;
      if (second === undefined) {
        const help = 'start from a value: `items.reduce((total, x) => total + x, 0)`';
        return refuse(unit, wrongArguments(span, '`reduce` without an initial value fails for an empty array', help));
      }
      return fold(
        unit,
        { over: value, overTerm: call.receiver, initial: second, initialTerm: call.given[1]! },
        closure,
        span,
      );
    }
    case 'forEach': {
      const closure = closureOf(unit, call, 0);
      return closure === undefined ? ERROR : lowerForEach(unit, call.receiver, value, closure, span);
    }
    case 'push':
    case 'pop':
    case 'shift':
    case 'unshift':
    case 'splice':
    case 'fill':
      return changeArray(unit, call);
    case 'sort':
    case 'reverse':
    case 'copyWithin':
      return refuse(
        unit,
        unknownMember(call.nameSpan, name, 'an array', undefined, 'build the array in the order you want'),
      );
    case 'join':
      return refuse(
        unit,
        unknownMember(call.nameSpan, name, 'an array', undefined, 'text is fixed: compare it, do not make it'),
      );
    default: {
      const near = suggest(name, OF_ARRAYS);
      return refuse(unit, unknownMember(call.nameSpan, name, 'an array', near, collectionHelp(call.value.type)));
    }
  }
}

/** `includes` and `indexOf`, both from a position on when one is given. */
function lowerSearch(unit: Unit, call: MethodCall, name: 'includes' | 'indexOf'): Term {
  const { span, operands } = call;
  const [first, second] = operands;
  if (first === undefined) return tooLittle(unit, call);
  const sought = conformed(unit, first, collectionOf(call.value.type)!.element);
  if (second === undefined || second.type.kind === 'undefined') {
    return made(unit, call, build.operation(name, [call.value, sought], span));
  }
  if (integersOnly(second.type) === undefined)
    return refuse(unit, wrongOperand(span, name, describe(second.type), 'an integer'));
  const value = once(unit, call.value);
  const size = build.operation('size', [value], span)!;
  const position = fromEnd(unit, value, second, span);
  const zero = build.literal(0, span);
  const start = once(unit, build.operation('maximum', [position, zero], span)!);
  const rest = build.operation('slice', [value, start, size], span)!;
  const found = build.operation(name, [rest, sought], span);
  if (found === undefined || name === 'includes') return made(unit, call, found);
  const at = once(unit, found);
  const there = build.operation('add', [at, start], span)!;
  return made(unit, call, build.conditional(build.operation('less', [at, zero], span)!, at, there, span));
}

function lowerLastIndexOf(unit: Unit, call: MethodCall): Term {
  const { span, operands } = call;
  const [first, second] = operands;
  if (first === undefined) return tooLittle(unit, call);
  if (second !== undefined && integersOnly(second.type) === undefined)
    return refuse(unit, wrongOperand(span, 'lastIndexOf', describe(second.type), 'an integer'));
  const sought = once(unit, conformed(unit, first, collectionOf(call.value.type)!.element));
  const start = second && once(unit, fromEnd(unit, call.value, second, span));
  const position = lastPosition(unit, call.value, span, (at, element) => {
    const same = build.operation('equal', alike(unit, element, sought), span)!;
    return start === undefined
      ? same
      : build.both('and', build.operation('lessOrEqual', [at, start], span)!, same, span);
  });
  return position === undefined ? tooLong(unit, call) : made(unit, call, position);
}

function lowerFindLast(unit: Unit, call: MethodCall): Term {
  const { span, receiver, value } = call;
  const closure = closureOf(unit, call, 0);
  if (closure === undefined) return ERROR;
  const position = lastPosition(unit, value, span, (at, element) => {
    const given = [valueTerm(element, sharesOfElement(receiver)), valueTerm(at), receiver];
    return asCondition(unit, valueOf(unit, callClosure(unit, closure, given, span), span));
  });
  if (position === undefined) return tooLong(unit, call);
  if (build.isPoison(position)) return ERROR;
  if (call.name === 'findLastIndex') return made(unit, call, position);
  if (hasPlaces(unit, receiver)) return placed(unit, call, elementAt(unit, receiver.reference, position, span));
  const at = once(unit, position);
  const none = build.operation('less', [at, build.literal(0, span)], span)!;
  const element = build.index(value, at, span);
  return made(
    unit,
    call,
    element && build.conditional(none, build.literal(undefined, span), element, span),
    sharesOfElement(receiver),
  );
}

function tooLong(unit: Unit, call: MethodCall): Term {
  const help = 'give the array a smaller bound, or go through it in a loop';
  return refuse(unit, wrongArguments(call.span, `\`${call.name}\` of an array that may be very long`, help));
}

/** A position, of which a negative one counts from the end. */
function fromEnd(unit: Unit, array: Expression, given: Expression, span: Span): Expression {
  const ints = integersOnly(given.type);
  if (ints === undefined || 0 <= ints.min) return given;
  const position = once(unit, given);
  const size = build.operation('size', [array], span)!;
  const back = build.operation('add', [size, position], span)!;
  return build.conditional(build.operation('less', [position, build.literal(0, span)], span)!, back, position, span)!;
}

/** `push`, `pop`, `shift`, `unshift`, `splice`, `fill`: the place gets an array made of what is there. */
function changeArray(unit: Unit, call: MethodCall): Term {
  const { value, name, span, operands } = call;
  const target = targetOf(unit, call);
  if (target === undefined) return ERROR;
  const zero = build.literal(0, span);
  const one = build.literal(1, span);
  const size = build.operation('size', [value], span)!;
  const given = (): Expression => {
    const items = call.all === undefined ? build.array(operands, span) : valueOf(unit, call.all, span);
    return build.adapt(items, domainAt(target));
  };
  const unused = ts.isExpressionStatement(call.node.parent);
  const write = (result: Expression | undefined, kind: Write): boolean => {
    if (result === undefined) {
      refuse(unit, wrongOperand(span, name, 'elements of unlike shapes', 'elements of one shape'));
      return false;
    }
    // What a name stands for that leads to the element that is taken out is that element, which has a name of its own now.
    beforeWrite(unit, target, kind, span, { mayStay: kind === 'shift' && !unused });
    emitAssign(unit, target, result, span);
    for (const [at, term] of call.given.entries())
      shareInto(unit, target, name === 'fill' ? repeated(term, operands[at]!.type) : term, span, 1);
    if (call.all !== undefined) shareInto(unit, target, call.all, span);
    return true;
  };
  const lengthNow = () => (unused ? NOTHING : valueTerm(build.operation('size', [build.read(target)], span)!));
  switch (name) {
    case 'push':
      return write(build.operation('concat', [value, given()], span), 'grow') ? lengthNow() : ERROR;
    case 'unshift':
      return write(build.operation('concat', [given(), value], span), 'reorder') ? lengthNow() : ERROR;
    case 'pop': {
      const last = build.operation('at', [value, build.literal(-1, span)], span)!;
      const popped = unused ? NOTHING : valueTerm(freeze(unit, last, 'popped'), sharesOfTaken(unit, call.receiver));
      const rest = build.operation('slice', [value, zero, build.literal(-1, span)], span);
      return write(rest, 'reorder') ? popped : ERROR;
    }
    case 'shift': {
      const head = build.operation('at', [value, zero], span)!;
      const shifted = unused ? NOTHING : valueTerm(freeze(unit, head, 'shifted'), sharesOfTaken(unit, call.receiver));
      return write(build.operation('slice', [value, one, size], span), 'shift') ? shifted : ERROR;
    }
    case 'fill': {
      const [filler] = operands;
      if (filler === undefined || operands.length !== 1) {
        return refuse(unit, wrongArguments(span, '`fill` of a part of an array', 'assign the elements in a loop'));
      }
      const binder = `each_${unit.names.size}`;
      unit.names.add(binder);
      const kept = build.isLeaf(filler) ? filler : freeze(unit, filler, 'filler');
      return write(build.comprehension('map', { binder }, value, kept, span), 'reorder') ? call.receiver : ERROR;
    }
    default:
      return splice(unit, call, target, write, unused);
  }
}

/** A value that is put into many places at once: one object, also when it is made just for that. */
function repeated(term: Term, type: Domain): Term {
  if (term.kind === 'closure' || isScalar(type)) return term;
  const made: Shared = { reference: newIdentity(), depth: 0, through: 0, moved: true };
  const shares = [...sharesOf(term), ...(term.kind === 'reference' ? [] : [made])];
  return { kind: 'value', expression: build.poison(NOWHERE), shares: shares.map((one) => ({ ...one, many: true })) };
}

const NOWHERE: Span = { file: -1, start: 0, end: 0 };

function splice(
  unit: Unit,
  call: MethodCall,
  target: Reference,
  write: (result: Expression | undefined, kind: Write) => boolean,
  unused: boolean,
): Term {
  const { value, span, operands } = call;
  const [start, count] = operands;
  if (start === undefined) return tooLittle(unit, call);
  const zero = build.literal(0, span);
  const size = build.operation('size', [value], span)!;
  const steady = (expression: Expression) => (build.isLeaf(expression) ? expression : freeze(unit, expression, 'at'));
  let from = steady(start);
  const ints = integersOnly(from.type);
  if (ints === undefined || ints.min < 0) {
    const negative = build.operation('less', [from, zero], span);
    const back = build.operation('add', [size, from], span);
    const clipped = back && build.operation('maximum', [back, zero], span);
    const either = negative && clipped && build.conditional(negative, clipped, from, span);
    if (either === undefined) return refuse(unit, wrongOperand(span, 'splice', describe(from.type), 'an integer'));
    from = steady(either);
  }
  const atLeastNone = count && build.operation('maximum', [count, zero], span);
  const to = count === undefined ? size : atLeastNone && build.operation('add', [from, atLeastNone], span);
  if (to === undefined) return refuse(unit, wrongOperand(span, 'splice', describe(count!.type), 'an integer'));
  const end = steady(to);
  const removed = build.operation('slice', [value, from, end], span)!;
  const shares = sharesOfTaken(unit, call.receiver).map((one) => ({ ...one, through: one.through + 1 }));
  const result = unused ? NOTHING : valueTerm(freeze(unit, removed, 'removed'), shares);
  const head = build.operation('slice', [value, zero, from], span)!;
  const tail = build.operation('slice', [value, end, size], span)!;
  const inserted = build.adapt(build.array(operands.slice(2), span), domainAt(target));
  const middle = operands.length > 2 ? build.operation('concat', [head, inserted], span) : head;
  return write(middle && build.operation('concat', [middle, tail], span), 'reorder') ? result : ERROR;
}

function callSetMethod(unit: Unit, call: MethodCall): Term {
  const { value, name, span, operands } = call;
  const [first] = operands;
  const unused = ts.isExpressionStatement(call.node.parent);
  switch (name) {
    case 'has':
      return first === undefined
        ? tooLittle(unit, call)
        : made(
            unit,
            call,
            build.operation('includes', [value, conformed(unit, first, collectionOf(value.type)!.element)], span),
          );
    case 'add':
    case 'delete': {
      const target = targetOf(unit, call);
      if (target === undefined) return ERROR;
      if (first === undefined) return tooLittle(unit, call);
      const element = conformed(unit, first, collectionOf(value.type)!.element);
      const single: Expression = {
        kind: 'set',
        elements: [element],
        type: { kind: 'set', element: element.type },
        span,
      };
      const had = name === 'delete' && !unused ? build.operation('includes', [value, element], span)! : undefined;
      const before = had && valueTerm(freeze(unit, had, 'had'));
      const result = build.operation(name === 'add' ? 'union' : 'difference', [value, single], span);
      if (result === undefined)
        return refuse(unit, wrongOperand(span, name, describe(first.type), 'an element of the set'));
      beforeWrite(unit, target, 'grow', span, name === 'delete' ? { removed: element } : {});
      emitAssign(unit, target, result, span);
      if (name === 'add') shareInto(unit, target, call.given[0]!, span, 1);
      return name === 'add' ? (unused ? NOTHING : call.receiver) : (before ?? NOTHING);
    }
    case 'clear': {
      const target = targetOf(unit, call);
      if (target === undefined) return ERROR;
      beforeWrite(unit, target, 'grow', span);
      emitAssign(
        unit,
        target,
        { kind: 'set', elements: [], type: { kind: 'set', element: { kind: 'never' } }, span },
        span,
      );
      return NOTHING;
    }
    case 'forEach': {
      const closure = closureOf(unit, call, 0);
      return closure === undefined ? ERROR : lowerForEach(unit, call.receiver, value, closure, span);
    }
    case 'union':
    case 'intersection':
    case 'difference':
      return withSet(unit, call, (own, other) => build.operation(name, [own, other], span));
    case 'isSubsetOf':
      return withSet(unit, call, (own, other) => build.operation('subset', [own, other], span));
    case 'isSupersetOf':
      return withSet(unit, call, (own, other) => build.operation('subset', [other, own], span));
    case 'isDisjointFrom':
      return withSet(unit, call, (own, other) => {
        const common = build.operation('intersection', [own, other], span);
        const size = common && build.operation('size', [common], span);
        return size && build.operation('equal', [size, build.literal(0, span)], span);
      });
    case 'symmetricDifference':
      return withSet(unit, call, (first, second) => {
        const [own, other] = [once(unit, first), once(unit, second)];
        const left = build.operation('difference', [own, other], span);
        const right = build.operation('difference', [other, own], span);
        return left && right && build.operation('union', [left, right], span);
      });
    default: {
      const near = suggest(name, OF_SETS);
      return refuse(unit, unknownMember(call.nameSpan, name, 'a set', near, collectionHelp(call.value.type)));
    }
  }
}

function withSet(
  unit: Unit,
  call: MethodCall,
  combine: (own: Expression, other: Expression) => Expression | undefined,
): Term {
  const [other] = call.operands;
  if (other === undefined) return tooLittle(unit, call);
  if (setPart(other.type) === undefined) {
    return refuse(unit, wrongOperand(call.span, call.name, describe(other.type), 'a set'));
  }
  const shares = [...sharesOfCopy(call.receiver), ...sharesOfCopy(call.given[0]!)];
  return made(unit, call, combine(...alike(unit, call.value, other)), shares);
}

/** Where the change goes; undefined when what the method is called on is no place that can change. */
function targetOf(unit: Unit, call: MethodCall): Reference | undefined {
  const { receiver, name, nameSpan } = call;
  if (receiver.kind === 'reference') {
    return requireMutable(unit, receiver.reference, receiver.reference.segments.length, nameSpan)
      ? receiver.reference
      : undefined;
  }
  const help =
    'change a variable of the state or a local array or set; for a changed copy there are `[...items, x]` and `slice`';
  refuse(unit, notAssignable(nameSpan, `what \`${name}\` would change is a value that is kept nowhere and`, help));
  return undefined;
}

function closureOf(unit: Unit, call: MethodCall, at: number): Closure | undefined {
  const found = call.given[at];
  if (found?.kind === 'closure') return found;
  const help = 'write the function here, or name one whose source is at hand';
  refuse(unit, wrongArguments(call.span, `\`${call.name}\` takes a function`, help));
  return undefined;
}

function made(
  unit: Unit,
  call: MethodCall,
  result: Expression | undefined,
  shares = sharesOfElement({ kind: 'nothing' }),
): Term {
  if (result !== undefined) return valueTerm(result, shares);
  const found = [...call.operands].map((operand) => describe(operand.type)).join(', ');
  return refuse(unit, wrongOperand(call.span, call.name, found, `operands that fit ${describe(call.value.type)}`));
}

function placed(unit: Unit, call: MethodCall, element: Term | undefined): Term {
  return element ?? made(unit, call, undefined);
}

function tooLittle(unit: Unit, call: MethodCall): Term {
  return refuse(
    unit,
    wrongArguments(call.span, `\`${call.name}\` is given too little`, `see what \`${call.name}\` takes`),
  );
}
