import type { ts as TS } from 'ts-morph';
import { labelOfEnd, outsideLanguage, yieldMisplaced } from '../diagnostics/catalog.ts';
import { DONE } from '../language/process.ts';
import { spanIn } from './access.ts';
import * as build from './build.ts';
import { lowerDelegation } from './delegation.ts';
import type { Enclosure, Receiver } from './enclosure.ts';
import { lower, lowerPath } from './lower-expression.ts';
import type { Span } from '../diagnostics/span.ts';
import type { Scope } from './term.ts';
import { ts } from './typescript.ts';
import type { Unit } from './unit.ts';
import { ERROR, refuse, valueOf } from './value.ts';

export function lowerStepExpression(unit: Unit, node: TS.Expression, scope: Scope, rest: Enclosure): boolean {
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

export function lowerStepVariable(unit: Unit, node: TS.VariableStatement, scope: Scope, rest: Enclosure): boolean {
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

export function lowerStepReturn(unit: Unit, node: TS.ReturnStatement, scope: Scope, rest: Enclosure): boolean {
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
  return lowerLabel(unit, node, node.expression, { scope, span, rest });
}

/** A step ends here, and the one with this label begins. */
export function lowerLabel(
  unit: Unit,
  node: TS.YieldExpression,
  name: TS.Expression | undefined,
  { scope, span, rest }: { readonly scope: Scope; readonly span: Span; readonly rest: Enclosure },
): boolean {
  const label = name && build.constantOf(valueOf(unit, lower(unit, name, scope), span));
  if (typeof label?.value !== 'string') {
    const help = 'each step has one name: `yield "waiting"`';
    refuse(unit, outsideLanguage(span, 'a `yield` of what is no constant text', help));
    return true;
  }
  if (label.value === DONE) {
    refuse(unit, labelOfEnd(spanIn(scope, name!)));
    return true;
  }
  unit.thread!.stop(unit, node, label.value, rest, spanIn(scope, name!));
  return false;
}

export function skipParentheses(node: TS.Expression): TS.Expression {
  return ts.isParenthesizedExpression(node) ? skipParentheses(node.expression) : node;
}
