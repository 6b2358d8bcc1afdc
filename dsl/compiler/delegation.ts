import type { ts as TS } from 'ts-morph';
import { outsideLanguage } from '../diagnostics/catalog.ts';
import type { Span } from '../diagnostics/span.ts';
import type { Domain } from '../ir/index.ts';
import { spanIn } from './access.ts';
import { assignTerm } from './assign.ts';
import * as build from './build.ts';
import { lowerArguments } from './call.ts';
import { bindPattern } from './destructure.ts';
import type { Enclosure, Receiver } from './enclosure.ts';
import { bindName, bindParameters } from './inline.ts';
import { lowerPath } from './lower-expression.ts';
import { endsInReturn, returnsValue } from './lower-statement.ts';
import { lowerSteps } from './steps.ts';
import type { Closure, Local, Scope, Term } from './term.ts';
import { scopeIn } from './term.ts';
import { ts } from './typescript.ts';
import type { Unit } from './unit.ts';
import { declareLocal, emit, freshName, nested, referenceTo } from './unit.ts';
import { sharesOf } from './shares.ts';
import { emitAssign, ERROR, NOTHING, refuse, valueOf, valueTerm } from './value.ts';
import { lowerLabel, skipParentheses } from './yield.ts';

const TIMED = 'mayTimeOut';

/** `yield* lockBoth(s, a, b)`: the other generator's steps become steps of this process. */
export function lowerDelegation(
  unit: Unit,
  node: TS.YieldExpression,
  receiver: Receiver,
  scope: Scope,
  rest: Enclosure,
): boolean {
  const span = spanIn(scope, node);
  const call = node.expression && skipParentheses(node.expression);
  const callee = call && ts.isCallExpression(call) ? lowerPath(unit, call.expression, scope) : ERROR;
  if (call !== undefined && ts.isCallExpression(call) && callee.kind === 'word' && callee.name === TIMED) {
    return lowerTimed(unit, node, call, { receiver, scope, rest });
  }
  if (call === undefined || !ts.isCallExpression(call) || callee.kind !== 'closure' || !isGenerator(callee)) {
    const help = 'call a generator function: `yield* wait(s.cv, s.lock, me)`';
    if (callee.kind !== 'error' || !call || !ts.isCallExpression(call)) {
      refuse(unit, outsideLanguage(span, '`yield*` of what is no generator function', help));
    }
    return true;
  }
  const given = lowerArguments(unit, call.arguments, scope, span, callee);
  if (given === undefined) return true;
  if (unit.calls.some((one) => one.closure?.node === callee.node)) {
    refuse(unit, outsideLanguage(span, `\`yield*\` into \`${callee.name}\` itself`, 'write a loop'));
    return true;
  }
  const inner = scopeIn(callee.scope);
  const callSpan = spanIn(scope, call);
  const enclosure: Enclosure = { kind: 'call', closure: callee, span: callSpan, receiver, scope, parent: rest };
  return inCall(unit, enclosure, () => {
    bindParameters(unit, callee.node, given, inner);
    const { body } = callee.node;
    return body !== undefined && ts.isBlock(body) && lowerSteps(unit, body.statements, 0, inner, enclosure);
  });
}

/** `yield* mayTimeOut("asleep")`: the label has two steps, and which of them is taken is the answer. */
function lowerTimed(
  unit: Unit,
  node: TS.YieldExpression,
  call: TS.CallExpression,
  { receiver, scope, rest }: { readonly receiver: Receiver; readonly scope: Scope; readonly rest: Enclosure },
): boolean {
  const [given] = call.arguments;
  const span = spanIn(scope, given ?? call);
  const enclosure: Enclosure = { kind: 'timed', span: spanIn(scope, call), receiver, scope, parent: rest };
  return lowerLabel(unit, node, given, { scope, span, rest: enclosure });
}

/** In the step after the label. */
export function receiveTimeout(unit: Unit, { receiver, scope, span }: Extract<Enclosure, { kind: 'timed' }>): boolean {
  const answer: Term = { kind: 'value', expression: build.literal(unit.thread!.isTimeout(), span), perStep: true };
  return receive(unit, receiver, answer, scope, span);
}

function isGenerator(closure: Closure): boolean {
  return closure.node.asteriskToken !== undefined;
}

/** Runs the rest of a generator, then gives its result to whoever called it. */
export function inCall(unit: Unit, enclosure: Extract<Enclosure, { kind: 'call' }>, inner: () => boolean): boolean {
  const { closure, span, receiver, scope } = enclosure;
  const label = freshName(unit, 'return');
  let result: Local | undefined;
  unit.calls.push({ closure, span });
  const { body } = closure.node;
  const mark = unit.statements.length;
  if (receiver.kind !== 'nobody' && body !== undefined && ts.isBlock(body) && returnsValue(body)) {
    const otherwise = endsInReturn(body.statements)
      ? (domain: Domain) => build.placeholder(domain, span)
      : build.literal(undefined, span);
    result = declareLocal(unit, 'result', otherwise, span, body);
  }
  const returned: Term[] = [];
  const finish = (term: Term, at: Span) => {
    returned.push(term);
    if (result !== undefined && term.kind !== 'nothing') {
      emitAssign(unit, referenceTo(result, at), valueOf(unit, term, at), at);
    }
    emit(unit, { kind: 'exit', label, span: at });
  };
  unit.frames.push({ kind: 'function', finish });
  const { statements, result: completes } = nested(unit, inner);
  unit.frames.pop();
  unit.calls.pop();
  if (result !== undefined && returned.length === 0) {
    unit.statements.splice(mark, 1); // nothing is returned in this step
    result = undefined;
  }
  if (returned.length > 0) emit(unit, { kind: 'block', label, body: statements, span });
  else unit.statements.push(...statements);
  if (!completes && returned.length === 0) return false;
  const term =
    result === undefined ? NOTHING : valueTerm(build.read(referenceTo(result, span)), returned.flatMap(sharesOf));
  return receive(unit, receiver, term, scope, span);
}

/** False when control goes elsewhere. */
function receive(unit: Unit, receiver: Receiver, term: Term, scope: Scope, span: Span): boolean {
  switch (receiver.kind) {
    case 'nobody':
      return true;
    case 'declared': {
      const { declaration, constant } = receiver;
      const within = declaration.parent.parent.parent;
      if (ts.isIdentifier(declaration.name)) bindName(unit, declaration.name, term, { scope, within, constant });
      else bindPattern(unit, declaration.name, term, { scope, within, constant });
      return true;
    }
    case 'assigned':
      assignTerm(unit, receiver.target, term, scope);
      return true;
    case 'returned': {
      const frame = unit.frames.findLast((one) => one.kind === 'function');
      if (frame?.kind === 'function') frame.finish?.(term, span);
      return false;
    }
  }
}
