import type { ts as TS } from 'ts-morph';
import { spanIn } from './access.ts';
import { inCall, receiveTimeout } from './delegation.ts';
import type { Enclosure } from './enclosure.ts';
import { lowerCondition } from './lower-expression.ts';
import { hoist, isJump, lowerStatement } from './lower-statement.ts';
import { lowerRounds, wrap } from './rounds.ts';
import { lowerLoop, lowerStepFor, lowerStepForOf, resumeLoop, roundBody } from './step-loop.ts';
import { clausesOf } from './switch.ts';
import type { Scope } from './term.ts';
import { scopeIn } from './term.ts';
import { ts } from './typescript.ts';
import type { Frame, Unit } from './unit.ts';
import { emit, freshName, nested } from './unit.ts';
import { lowerStepExpression, lowerStepReturn, lowerStepVariable } from './yield.ts';

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
    case 'timed':
      return inner() && receiveTimeout(unit, enclosure);
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

function containsYield(node: TS.Node): boolean {
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
