import type { ts as TS } from 'ts-morph';
import { outsideLanguage, yieldMisplaced } from '../diagnostics/catalog.ts';
import type { Span } from '../diagnostics/span.ts';
import type { Domain } from '../ir/index.ts';
import { spanIn } from './access.ts';
import { checkLoop, loopStart } from './aliasing.ts';
import { assignTerm } from './assign.ts';
import * as build from './build.ts';
import { lowerArguments } from './call.ts';
import { bindPattern } from './destructure.ts';
import { bindName, bindParameters } from './inline.ts';
import { counterOf, exitUnless, LONGEST_LOOP } from './loop.ts';
import { lower, lowerCondition, lowerPath } from './lower-expression.ts';
import { endsInReturn, hoist, isJump, lowerStatement, lowerVariables, returnsValue } from './lower-statement.ts';
import { lowerRounds, wrap, type Round } from './rounds.ts';
import { clausesOf } from './switch.ts';
import { lookUp, scopeIn, type Closure, type Local, type Scope, type Term } from './term.ts';
import { advance, beginTraversal, nextOf } from './traversal.ts';
import { ts } from './typescript.ts';
import { declareLocal, emit, freshName, nested, referenceTo, type Frame, type Unit } from './unit.ts';
import { emitAssign, ERROR, NOTHING, refuse, sharesOf, valueOf, valueTerm } from './value.ts';

/**
 * Lowers the statements of a process, which `yield`s cut into steps.
 *
 * A step runs from a `yield` to the next one that it reaches. Statements are lowered as they are nested, and a `yield`
 * becomes: remember where, leave the step. To go on from a `yield` in the middle of loops and calls, what is around it
 * is remembered as a chain of enclosures: the step lowers the rest of the innermost, then of the next, and so on; the
 * rest of a loop's body is followed by the loop itself.
 */
export type Enclosure = { readonly parent: Enclosure | undefined } & (
  | {
      readonly kind: 'list';
      readonly statements: readonly TS.Statement[];
      /** The first statement that has not run. */
      readonly next: number;
      readonly scope: Scope;
    }
  | { readonly kind: 'loop'; readonly node: LoopNode; readonly scope: Scope }
  /** One round of a loop whose body is written once for each. */
  | { readonly kind: 'round'; readonly node: TS.ForOfStatement; readonly scope: Scope; readonly at: number }
  /** A `switch` or labeled statement that `break` leaves. */
  | {
      readonly kind: 'breakable';
      readonly node: TS.Node;
      readonly label: string | undefined;
      readonly isSwitch: boolean;
    }
  /** A generator that `yield*` runs. */
  | {
      readonly kind: 'call';
      readonly closure: Closure;
      readonly span: Span;
      readonly receiver: Receiver;
      readonly scope: Scope;
    }
);

type LoopNode = TS.WhileStatement | TS.DoStatement | TS.ForStatement | TS.ForOfStatement;

/** What becomes of the value that a generator returns. */
type Receiver =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'declared'; readonly declaration: TS.VariableDeclaration; readonly constant: boolean }
  | { readonly kind: 'assigned'; readonly target: TS.Expression }
  | { readonly kind: 'returned' };

/** What a unit that is a step of a process has besides. */
export interface Thread {
  /** Writes what a step does when it ends at a `yield`. */
  readonly stop: (
    unit: Unit,
    node: TS.YieldExpression,
    label: string,
    chain: Enclosure | undefined,
    span: Span,
  ) => void;
  /** The label of the block that a step is. */
  readonly exit: string;
  /** Called with the keys of locals that were used and had not been kept. */
  readonly miss: (keys: readonly string[]) => void;
}

/**
 * Goes on inside a chain of enclosures.
 *
 * @returns whether control can get past the outermost one.
 */
export function resumeIn(unit: Unit, chain: Enclosure | undefined, inner: () => boolean): boolean {
  if (chain === undefined) return inner();
  return resumeIn(unit, chain.parent, () => resumeOne(unit, chain, inner));
}

function resumeOne(unit: Unit, enclosure: Enclosure, inner: () => boolean): boolean {
  switch (enclosure.kind) {
    case 'list':
      return inner() && lowerSteps(unit, enclosure.statements, enclosure.next, enclosure.scope, enclosure.parent);
    case 'loop':
      return resumeLoop(unit, enclosure, inner);
    case 'round':
      return lowerRounds(unit, enclosure, inner, roundBody);
    case 'breakable':
      return inBreakable(unit, enclosure, inner);
    case 'call':
      return inCall(unit, enclosure, inner);
  }
}

/**
 * Lowers statements from a position on.
 *
 * @returns whether control can get past the last of them.
 */
export function lowerSteps(
  unit: Unit,
  statements: readonly TS.Statement[],
  from: number,
  scope: Scope,
  parent: Enclosure | undefined,
): boolean {
  if (from === 0) hoist(statements, scope);
  for (let at = from; at < statements.length; at += 1) {
    const statement = statements[at]!;
    if (!containsYield(statement)) {
      lowerStatement(unit, statement, scope);
      if (isJump(statement)) return false;
      continue;
    }
    const rest: Enclosure = { kind: 'list', statements, next: at + 1, scope, parent };
    if (!lowerStepStatement(unit, statement, scope, rest)) return false;
  }
  return true;
}

export function containsYield(node: TS.Node): boolean {
  const known = yielding.get(node);
  if (known !== undefined) return known;
  const found =
    ts.isYieldExpression(node) ||
    (!ts.isFunctionLike(node) && ts.forEachChild(node, (child) => containsYield(child) || undefined) === true);
  yielding.set(node, found);
  return found;
}

const yielding = new WeakMap<TS.Node, boolean>();

function lowerStepStatement(unit: Unit, node: TS.Statement, scope: Scope, rest: Enclosure): boolean {
  if (ts.isExpressionStatement(node)) return lowerStepExpression(unit, node.expression, scope, rest);
  if (ts.isVariableStatement(node)) return lowerStepVariable(unit, node, scope, rest);
  if (ts.isReturnStatement(node)) return lowerStepReturn(unit, node, scope, rest);
  if (ts.isBlock(node)) return lowerSteps(unit, node.statements, 0, scopeIn(scope), rest);
  if (ts.isIfStatement(node)) return lowerStepIf(unit, node, scope, rest);
  if (ts.isWhileStatement(node) || ts.isDoStatement(node)) return lowerLoop(unit, node, scope, rest);
  if (ts.isForStatement(node)) return lowerStepFor(unit, node, scope, rest);
  if (ts.isForOfStatement(node)) return lowerStepForOf(unit, node, scope, rest);
  if (ts.isSwitchStatement(node)) return lowerStepSwitch(unit, node, scope, rest);
  if (ts.isLabeledStatement(node)) {
    if (ts.isIterationStatement(node.statement, false) || ts.isSwitchStatement(node.statement)) {
      return lowerStepStatement(unit, node.statement, scope, rest);
    }
    const enclosure: Enclosure = { kind: 'breakable', node, label: node.label.text, isSwitch: false, parent: rest };
    return inBreakable(unit, enclosure, () => lowerSteps(unit, [node.statement], 0, scopeIn(scope), enclosure));
  }
  lowerStatement(unit, node, scope); // refuses it
  return true;
}

function lowerStepExpression(unit: Unit, node: TS.Expression, scope: Scope, rest: Enclosure): boolean {
  const expression = skipParentheses(node);
  if (ts.isYieldExpression(expression)) return lowerYield(unit, expression, { kind: 'nobody' }, scope, rest);
  const assigns = ts.isBinaryExpression(expression) && expression.operatorToken.kind === ts.SyntaxKind.EqualsToken;
  const right = assigns ? skipParentheses(expression.right) : undefined;
  if (!assigns || right === undefined || !ts.isYieldExpression(right)) return misplaced(unit, node, scope);
  if (right.asteriskToken === undefined) {
    // `s = yield "label"`: the state is what it always was.
    const target = lowerPath(unit, expression.left, scope);
    return target.kind === 'state'
      ? lowerYield(unit, right, { kind: 'nobody' }, scope, rest)
      : misplaced(unit, node, scope);
  }
  return lowerYield(unit, right, { kind: 'assigned', target: expression.left }, scope, rest);
}

function lowerStepVariable(unit: Unit, node: TS.VariableStatement, scope: Scope, rest: Enclosure): boolean {
  const { declarationList } = node;
  const [declaration, more] = declarationList.declarations;
  const initializer = declaration?.initializer && skipParentheses(declaration.initializer);
  if (
    declaration === undefined ||
    more !== undefined ||
    initializer === undefined ||
    !ts.isYieldExpression(initializer)
  ) {
    // What was meant by its names is not known: nothing is said of where they are used.
    for (const { name } of declarationList.declarations) declareUnknown(name, scope);
    return misplaced(unit, node, scope);
  }
  if (initializer.asteriskToken === undefined) {
    if (!ts.isIdentifier(declaration.name)) return misplaced(unit, node, scope);
    scope.names.set(declaration.name.text, { kind: 'term', term: { kind: 'state', next: false } });
    return lowerYield(unit, initializer, { kind: 'nobody' }, scope, rest);
  }
  const constant = (declarationList.flags & ts.NodeFlags.Const) !== 0;
  return lowerYield(unit, initializer, { kind: 'declared', declaration, constant }, scope, rest);
}

function declareUnknown(name: TS.BindingName, scope: Scope): void {
  if (ts.isIdentifier(name)) scope.names.set(name.text, { kind: 'term', term: ERROR });
  else for (const part of name.elements) if (ts.isBindingElement(part)) declareUnknown(part.name, scope);
}

function lowerStepReturn(unit: Unit, node: TS.ReturnStatement, scope: Scope, rest: Enclosure): boolean {
  const expression = node.expression && skipParentheses(node.expression);
  if (expression === undefined || !ts.isYieldExpression(expression) || expression.asteriskToken === undefined) {
    return misplaced(unit, node, scope);
  }
  return lowerYield(unit, expression, { kind: 'returned' }, scope, rest);
}

function misplaced(unit: Unit, node: TS.Node, scope: Scope): boolean {
  const find = (at: TS.Node): TS.Node | undefined =>
    ts.isYieldExpression(at) ? at : ts.forEachChild(at, (child) => find(child));
  refuse(unit, yieldMisplaced(spanIn(scope, find(node) ?? node)));
  return true;
}

function lowerYield(unit: Unit, node: TS.YieldExpression, receiver: Receiver, scope: Scope, rest: Enclosure): boolean {
  const span = spanIn(scope, node);
  if (node.asteriskToken !== undefined) return lowerDelegation(unit, node, receiver, scope, rest);
  const label = node.expression && build.constantOf(valueOf(unit, lower(unit, node.expression, scope), span));
  if (typeof label?.value !== 'string') {
    const help = 'each step has one name: `yield "waiting"`';
    refuse(unit, outsideLanguage(span, 'a `yield` of what is no constant text', help));
    return true;
  }
  unit.thread!.stop(unit, node, label.value, rest, spanIn(scope, node.expression!));
  return false;
}

/** `yield* lockBoth(s, a, b)`: the other generator's steps become steps of this process. */
function lowerDelegation(
  unit: Unit,
  node: TS.YieldExpression,
  receiver: Receiver,
  scope: Scope,
  rest: Enclosure,
): boolean {
  const span = spanIn(scope, node);
  const call = node.expression && skipParentheses(node.expression);
  const callee = call && ts.isCallExpression(call) ? lowerPath(unit, call.expression, scope) : ERROR;
  if (call === undefined || !ts.isCallExpression(call) || callee.kind !== 'closure' || !isGenerator(callee)) {
    const help = 'call a generator function: `yield* wait(s.cv, s.lock, me)`';
    if (callee.kind !== 'error' || !call || !ts.isCallExpression(call)) {
      refuse(unit, outsideLanguage(span, '`yield*` of what is no generator function', help));
    }
    return true;
  }
  const given = lowerArguments(unit, call.arguments, scope, span);
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

function isGenerator(closure: Closure): boolean {
  return closure.node.asteriskToken !== undefined;
}

/** Runs the rest of a generator, then gives its result to whoever called it. */
function inCall(unit: Unit, enclosure: Extract<Enclosure, { kind: 'call' }>, inner: () => boolean): boolean {
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
      if (ts.isIdentifier(declaration.name)) bindName(unit, declaration.name, term, scope, within, constant);
      else bindPattern(unit, declaration.name, term, scope, within, constant);
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

function lowerStepIf(unit: Unit, node: TS.IfStatement, scope: Scope, rest: Enclosure): boolean {
  const condition = lowerCondition(unit, node.expression, scope);
  const arm = (statement: TS.Statement | undefined) =>
    nested(unit, () => statement === undefined || lowerSteps(unit, [statement], 0, scopeIn(scope), rest));
  const yes = arm(node.thenStatement);
  const no = arm(node.elseStatement);
  const span = spanIn(scope, node);
  emit(unit, { kind: 'if', condition, whenTrue: yes.statements, whenFalse: no.statements, span });
  return yes.result || no.result;
}

function lowerStepSwitch(unit: Unit, node: TS.SwitchStatement, scope: Scope, rest: Enclosure): boolean {
  const label = ts.isLabeledStatement(node.parent) ? node.parent.label.text : undefined;
  const enclosure: Enclosure = { kind: 'breakable', node, label, isSwitch: true, parent: rest };
  return inBreakable(unit, enclosure, () => {
    const { clauses, otherwise } = clausesOf(unit, node, scope);
    const inner = scopeIn(scope);
    const from = (position: number): boolean => {
      const clause = clauses[position];
      if (clause === undefined) return lowerSteps(unit, otherwise ?? [], 0, inner, enclosure);
      const condition = clause.condition();
      const yes = nested(unit, () => lowerSteps(unit, clause.statements, 0, inner, enclosure));
      const no = nested(unit, () => from(position + 1));
      const span = spanIn(scope, clause.node);
      emit(unit, { kind: 'if', condition, whenTrue: yes.statements, whenFalse: no.statements, span });
      return yes.result || no.result;
    };
    return from(0);
  });
}

function inBreakable(unit: Unit, enclosure: Extract<Enclosure, { kind: 'breakable' }>, inner: () => boolean): boolean {
  const frame: Frame = {
    kind: enclosure.isSwitch ? 'switch' : 'labeled',
    label: enclosure.label,
    breakTo: freshName(unit, 'break'),
    continueTo: undefined,
    breaks: false,
    continues: false,
  };
  unit.frames.push(frame);
  const { statements, result } = nested(unit, inner);
  unit.frames.pop();
  const span = { file: -1, start: 0, end: 0 };
  wrap(unit, frame.breaks ? frame.breakTo : undefined, statements, span);
  return result || frame.breaks;
}

type LoopFrame = Extract<Frame, { breakTo: string }>;

function loopFrame(unit: Unit, node: LoopNode): LoopFrame {
  return {
    kind: 'loop',
    label: ts.isLabeledStatement(node.parent) ? node.parent.label.text : undefined,
    breakTo: freshName(unit, 'break'),
    continueTo: freshName(unit, 'continue'),
    breaks: false,
    continues: false,
  };
}

/** A loop from its test on. */
function lowerLoop(unit: Unit, node: LoopNode, scope: Scope, parent: Enclosure | undefined): boolean {
  const span = spanIn(scope, node);
  const frame = loopFrame(unit, node);
  const enclosure: Enclosure = { kind: 'loop', node, scope, parent };
  const start = loopStart(unit);
  let again = false;
  const { statements } = nested(unit, () => {
    const inner = scopeIn(scope);
    head(unit, node, scope, inner, frame);
    unit.frames.push(frame);
    const body = nested(unit, () => lowerSteps(unit, [node.statement], 0, inner, enclosure));
    unit.frames.pop();
    wrap(unit, frame.continues ? frame.continueTo : undefined, body.statements, span);
    again = body.result || frame.continues;
    if (again) tail(unit, node, scope, frame);
  });
  if (again) checkLoop(unit, start, span);
  const body = again ? [{ kind: 'loop' as const, body: statements, bound: LONGEST_LOOP, span }] : statements;
  wrap(unit, frame.breaks ? frame.breakTo : undefined, body, span);
  return frame.breaks;
}

/** The rest of a loop's body, and then the loop. */
function resumeLoop(unit: Unit, enclosure: Extract<Enclosure, { kind: 'loop' }>, inner: () => boolean): boolean {
  const { node, scope, parent } = enclosure;
  const span = spanIn(scope, node);
  const frame = loopFrame(unit, node);
  let completes = false;
  const { statements } = nested(unit, () => {
    unit.frames.push(frame);
    const rest = nested(unit, inner);
    unit.frames.pop();
    wrap(unit, frame.continues ? frame.continueTo : undefined, rest.statements, span);
    if (!rest.result && !frame.continues) return;
    tail(unit, node, scope, frame);
    completes = lowerLoop(unit, node, scope, parent);
  });
  wrap(unit, frame.breaks ? frame.breakTo : undefined, statements, span);
  return completes || frame.breaks;
}

/** The test before each round, and what the round is about. */
function head(unit: Unit, node: LoopNode, scope: Scope, inner: Scope, frame: LoopFrame): void {
  if (ts.isForOfStatement(node)) {
    return nextOf(unit, node, scope, inner, (there) => exitUnless(unit, frame, there));
  }
  if (ts.isDoStatement(node)) return;
  const condition = ts.isWhileStatement(node) ? node.expression : node.condition;
  if (condition !== undefined && condition.kind !== ts.SyntaxKind.TrueKeyword) {
    exitUnless(unit, frame, lowerCondition(unit, condition, scope));
  }
}

/** What is done between rounds. */
function tail(unit: Unit, node: LoopNode, scope: Scope, frame: LoopFrame): void {
  if (ts.isDoStatement(node)) {
    if (node.expression.kind !== ts.SyntaxKind.TrueKeyword) {
      exitUnless(unit, frame, lowerCondition(unit, node.expression, scope));
    }
  } else if (ts.isForStatement(node)) {
    if (node.incrementor !== undefined) lower(unit, node.incrementor, scope);
  } else if (ts.isForOfStatement(node)) advance(unit, node, scope);
}

function lowerStepFor(unit: Unit, node: TS.ForStatement, scope: Scope, rest: Enclosure): boolean {
  const inner = scopeIn(scope);
  const { initializer } = node;
  if (initializer !== undefined && ts.isVariableDeclarationList(initializer)) {
    lowerVariables(unit, initializer, inner, node);
    declareCounter(unit, node, inner);
  } else if (initializer !== undefined) lower(unit, initializer, inner);
  return lowerLoop(unit, node, inner, rest);
}

/** In the body of a counting loop the counter is between its start and its limit. */
function declareCounter(unit: Unit, node: TS.ForStatement, scope: Scope): void {
  const counter = counterOf(node);
  const binding = counter && lookUp(scope, counter.name.text);
  if (counter === undefined || binding?.kind !== 'local' || binding.local.declared !== undefined) return;
  const mark = unit.diagnostics.length;
  const type = (of: TS.Expression) =>
    nested(unit, () => valueOf(unit, lower(unit, of, scope), spanIn(scope, of)).type).result;
  const [start, limit] = [type(counter.start), type(counter.limit)];
  unit.diagnostics.length = mark;
  if (start.kind !== 'int' || limit.kind !== 'int') return;
  const up = counter.comparison.startsWith('<');
  const inclusive = counter.comparison.endsWith('=') ? 0 : 1;
  const [min, max] = up ? [start.min, limit.max - inclusive] : [limit.min + inclusive, start.max];
  binding.local.declared = { kind: 'int', min, max: Math.max(max, min) };
}

function lowerStepForOf(unit: Unit, node: TS.ForOfStatement, scope: Scope, rest: Enclosure): boolean {
  const begun = beginTraversal(unit, node, scope);
  if (begun === undefined) return true;
  if (begun.kind === 'one by one') return lowerLoop(unit, node, begun.scope, rest);
  return lowerRounds(unit, { kind: 'round', node, scope: begun.scope, at: 0, parent: rest }, undefined, roundBody);
}

function roundBody(round: Round, inner: Scope, unit: Unit): boolean {
  return lowerSteps(unit, [round.node.statement], 0, inner, round);
}

function skipParentheses(node: TS.Expression): TS.Expression {
  return ts.isParenthesizedExpression(node) ? skipParentheses(node.expression) : node;
}
