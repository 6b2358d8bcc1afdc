import type { Span } from '../../dsl/diagnostics/span.ts';
import { fold } from '../../dsl/ir/fold.ts';
import type { Domain, Expression } from '../../dsl/ir/index.ts';
import { chosenBy } from './branch.ts';

/** An implication inside of a predicate, with the question whether it ever has something to say. */
export interface Implication {
  /** Of its left side. */
  readonly span: Span;
  /** Of a state: whether the left side is reached and holds, for some value of each quantifier around it. */
  readonly trigger: Expression;
}

/**
 * The implications in a predicate, `!a || b` among them. Left out are those whose left side does not look at the state,
 * those that parameters rule out, and those that need the state after a step to be asked.
 */
export function implicationsOf(predicate: Expression): readonly Implication[] {
  const found: Implication[] = [];
  visit(predicate, (inner) => inner, found);
  return found.filter(({ trigger }) => !mentions(trigger, isNext) && !isRuledOut(trigger));
}

const BOOLEAN: Domain = { kind: 'boolean' };

/**
 * @param within - puts a condition where the expression stands: true of a state when it is true there, for some way of
 * getting there.
 */
function visit(expression: Expression, within: (condition: Expression) => Expression, found: Implication[]): void {
  const { span } = expression;
  const both = (left: Expression, right: Expression): Expression => ({ kind: 'and', left, right, span, type: BOOLEAN });
  const negated = (operand: Expression): Expression => ({ kind: 'not', operand, span, type: BOOLEAN });
  const imply = (left: Expression, right: Expression): void => {
    if (mentions(left, isOfState)) found.push({ span: left.span, trigger: within(left) });
    visit(right, (inner) => within(both(left, inner)), found);
  };
  switch (expression.kind) {
    case 'implies':
      return imply(expression.left, expression.right);
    case 'or':
      if (expression.left.kind === 'not') return imply(expression.left.operand, expression.right);
      // `!a || b || c` is `(!a || b) || c`.
      visit(expression.left, within, found);
      return visit(expression.right, (inner) => within(both(negated(expression.left), inner)), found);
    case 'and':
      visit(expression.left, within, found);
      return visit(expression.right, (inner) => within(both(expression.left, inner)), found);
    case 'conditional':
      visit(expression.whenTrue, (inner) => within(both(expression.condition, inner)), found);
      return visit(expression.whenFalse, (inner) => within(both(negated(expression.condition), inner)), found);
    case 'comprehension':
      if (expression.operator !== 'all') return;
      return visit(expression.body, (inner) => within({ ...expression, operator: 'some', body: inner }), found);
    case 'evaluate':
      return visit(expression.result, (inner) => within({ ...expression, result: inner, type: BOOLEAN }), found);
    default:
      return;
  }
}

function isRuledOut(trigger: Expression): boolean {
  switch (trigger.kind) {
    case 'and':
      return isRuledOut(trigger.left) || isRuledOut(trigger.right);
    case 'comprehension':
      return isRuledOut(trigger.body);
    case 'evaluate':
      return isRuledOut(trigger.result);
    default:
      return chosenBy(trigger) === false;
  }
}

function isOfState(node: Expression): boolean {
  return node.kind === 'variable' || node.kind === 'enabled';
}

function isNext(node: Expression): boolean {
  return node.kind === 'variable' && node.next;
}

function mentions(expression: Expression, test: (node: Expression) => boolean): boolean {
  return fold<boolean>(expression, (node, parts) => test(node as Expression) || parts.includes(true));
}
