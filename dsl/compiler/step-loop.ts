import type { ts as TS } from 'ts-morph';
import { integersOnly } from '../ir/part.ts';
import { spanIn } from './access.ts';
import { checkLoop, loopStart } from './aliasing.ts';
import { attempt } from './attempt.ts';
import type { Enclosure, LoopNode } from './enclosure.ts';
import { counterOf, exitUnless, LONGEST_LOOP } from './loop.ts';
import { lower, lowerCondition } from './lower-expression.ts';
import { lowerVariables } from './lower-statement.ts';
import type { Round } from './rounds.ts';
import { lowerRounds, wrap } from './rounds.ts';
import { lowerSteps } from './steps.ts';
import type { Scope } from './term.ts';
import { lookUp, scopeIn } from './term.ts';
import { advance, beginTraversal, nextOf } from './traversal.ts';
import { ts } from './typescript.ts';
import type { Frame, Unit } from './unit.ts';
import { freshName, nested } from './unit.ts';
import { valueOf } from './value.ts';

/** A loop from its test on. */
export function lowerLoop(unit: Unit, node: LoopNode, scope: Scope, parent: Enclosure | undefined): boolean {
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
export function resumeLoop(unit: Unit, enclosure: Extract<Enclosure, { kind: 'loop' }>, inner: () => boolean): boolean {
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

export function lowerStepFor(unit: Unit, node: TS.ForStatement, scope: Scope, rest: Enclosure): boolean {
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
  const forget = attempt(unit);
  const type = (of: TS.Expression) =>
    integersOnly(nested(unit, () => valueOf(unit, lower(unit, of, scope), spanIn(scope, of)).type).result);
  const [start, limit] = [type(counter.start), type(counter.limit)];
  forget();
  if (start === undefined || limit === undefined) return;
  const up = counter.comparison.startsWith('<');
  const inclusive = counter.comparison.endsWith('=') ? 0 : 1;
  const [min, max] = up ? [start.min, limit.max - inclusive] : [limit.min + inclusive, start.max];
  binding.local.declared = { kind: 'int', min, max: Math.max(max, min) };
}

export function lowerStepForOf(unit: Unit, node: TS.ForOfStatement, scope: Scope, rest: Enclosure): boolean {
  const begun = beginTraversal(unit, node, scope);
  if (begun === undefined) return true;
  if (begun.kind === 'one by one') return lowerLoop(unit, node, begun.scope, rest);
  return lowerRounds(unit, { kind: 'round', node, scope: begun.scope, at: 0, parent: rest }, undefined, roundBody);
}

export function roundBody(round: Round, inner: Scope, unit: Unit): boolean {
  return lowerSteps(unit, [round.node.statement], 0, inner, round);
}
