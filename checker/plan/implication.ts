import type { Span } from '../../dsl/diagnostics/span.ts';
import { hasNode } from '../../dsl/ir/fold.ts';
import type { Node } from '../../dsl/ir/fold.ts';
import { cardinality } from '../../dsl/ir/index.ts';
import type { Domain, Expression } from '../../dsl/ir/index.ts';
import { chosenBy } from './branch.ts';
import { allOf, anyOf, NEVER, unconditional } from './vacuity.ts';
import type { Vacuity } from './vacuity.ts';

/** A condition inside of a predicate that has to come true somewhere for the predicate to have something to say. */
export interface Implication {
  /** The left side of an implication, or what a quantifier goes over. */
  readonly kind: 'antecedent' | 'elements';
  /** Of that. */
  readonly span: Span;
  /** Whether it is reached and holds (or has an element), for some value of each quantifier around it. */
  readonly trigger: Expression;
  /** What has to be known to answer that; nothing, when it is the same in every state. */
  readonly of: 'nothing' | 'state' | 'step';
  /**
   * Whether its author would want to know that it never holds: it is written as an implication, its left side looks at
   * the state, and parameters do not answer it (then the author has chosen to do without what follows).
   */
  readonly isWorthAWarning: boolean;
}

/** The implications in a predicate, `!a || b` among them, and when the predicate says nothing because of them. */
export interface Implications {
  /** In the order of the source. */
  readonly list: readonly Implication[];
  readonly vacuity: Vacuity<Implication>;
}

/** Takes a predicate apart. Cost: linear in it, times how deeply implications are nested. */
export function implicationsOf(predicate: Expression): Implications {
  const list: Implication[] = [];
  const vacuity = visit(predicate, (inner) => inner, list);
  return { list, vacuity };
}

const BOOLEAN: Domain = { kind: 'boolean' };

/**
 * @param within - puts a condition where the expression stands: true of a state when it is true there, for some way of
 * getting there.
 */
function visit(
  expression: Expression,
  within: (condition: Expression) => Expression,
  found: Implication[],
): Vacuity<Implication> {
  const { span } = expression;
  const both = (left: Expression, right: Expression): Expression => ({ kind: 'and', left, right, span, type: BOOLEAN });
  const negated = (operand: Expression): Expression => ({ kind: 'not', operand, span, type: BOOLEAN });
  const ask = (condition: Expression, { span: at }: Expression, asked: Partial<Implication>): Vacuity<Implication> => {
    const trigger = within(condition);
    const of = whatIsAsked(trigger);
    // A parameter has the place where it is declared.
    const place = condition.kind === 'parameter' ? span : at;
    const implication: Implication = {
      ...{ kind: 'antecedent', span: place, trigger, of },
      ...asked,
      isWorthAWarning: asked.isWorthAWarning === true && of === 'state' && !isRuledOut(trigger),
    };
    found.push(implication);
    return { kind: 'unless', condition: implication };
  };
  const imply = (left: Expression, right: Expression): Vacuity<Implication> => {
    const asked = ask(left, left, { isWorthAWarning: hasNode(left, isOfState) });
    return anyOf([asked, visit(right, (inner) => within(both(left, inner)), found)]);
  };
  switch (expression.kind) {
    case 'literal':
    case 'parameter':
      return expression.value === true ? unconditional(span) : NEVER;
    case 'implies':
      return imply(expression.left, expression.right);
    case 'or':
      if (expression.left.kind === 'not') return imply(expression.left.operand, expression.right);
      // `b || !a` says the same, and is not warned of: there `b` may be meant.
      if (expression.right.kind === 'not') {
        const { left, right } = expression;
        return anyOf([visit(left, within, found), ask(right.operand, right.operand, {})]);
      }
      // `!a || b || c` is `(!a || b) || c`.
      return anyOf([
        visit(expression.left, within, found),
        visit(expression.right, (inner) => within(both(negated(expression.left), inner)), found),
      ]);
    case 'not': {
      // `!(a && b)` is `a → !b`.
      return anyOf(leftSides(expression.operand).map((left) => ask(left, left, {})));
    }
    case 'and':
      return allOf([
        visit(expression.left, within, found),
        visit(expression.right, (inner) => within(both(expression.left, inner)), found),
      ]);
    case 'conditional': {
      const arms = [
        visit(expression.whenTrue, (inner) => within(both(expression.condition, inner)), found),
        visit(expression.whenFalse, (inner) => within(both(negated(expression.condition), inner)), found),
      ] as const;
      const chosen = chosenBy(expression.condition);
      return chosen === undefined ? allOf(arms) : arms[chosen ? 0 : 1];
    }
    case 'comprehension': {
      if (expression.operator !== 'all') return NEVER;
      const exists = (body: Expression): Expression => ({ ...expression, operator: 'some', body });
      const { over } = expression;
      const isEmpty = over.kind === 'domain' && cardinality(over.domain) === 0;
      const elements: Vacuity<Implication> = isEmpty
        ? unconditional(over.span, 'elements')
        : over.kind === 'domain'
          ? NEVER
          : ask(exists({ kind: 'literal', value: true, span: over.span, type: BOOLEAN }), over, { kind: 'elements' });
      return anyOf([elements, visit(expression.body, (inner) => within(exists(inner)), found)]);
    }
    case 'evaluate':
      return visit(expression.result, (inner) => within({ ...expression, result: inner, type: BOOLEAN }), found);
    default:
      return chosenBy(expression) === true ? unconditional(span) : NEVER;
  }
}

/** `a` and `a && b` of `a && b && c`, whose left sides are within each other. */
function leftSides(conjunction: Expression): readonly Expression[] {
  if (conjunction.kind !== 'and') return [];
  const { left } = conjunction;
  return [...leftSides(left), left];
}

function whatIsAsked(trigger: Expression): Implication['of'] {
  if (hasNode(trigger, (node) => node.kind === 'variable' && node.next)) return 'step';
  return hasNode(trigger, isOfState) ? 'state' : 'nothing';
}

function isOfState(node: Node): boolean {
  return node.kind === 'variable' || node.kind === 'enabled';
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
