import type { Domain, Expression } from '../../ir/index.ts';
import { membersOf, setPart } from '../../ir/part.ts';
import { OPPOSITES } from '../negation.ts';
import { actionText } from './call.ts';
import { comprehension } from './comprehension.ts';
import type { Environment } from './environment.ts';
import { foldValue } from './gather.ts';
import { canBeEqual } from './mixture.ts';
import type { Node } from './node.ts';
import { infix, inline, operand, junction, not, PRECEDENCE, text } from './node.ts';
import { completedType, objectValue } from './object.ts';
import { operation } from './operation.ts';
import { placeValue } from './path.ts';
import type { Scope } from './scope.ts';
import { valueOfStatements } from './step.ts';
import { sequence } from './value.ts';
import { widened } from './widen.ts';

/**
 * The value of an expression.
 *
 * @param expected - where it goes: a literal is made to fit, so that optional fields that were left out are there.
 */
export function valueOf(scope: Scope, environment: Environment, expression: Expression, expected?: Domain): Node {
  const node = nodeOf(scope, environment, expression, expected);
  return isMadeToFit(expression) ? node : widened(scope, node, expression.type, expected, expression.span);
}

/** What is written for the place that it goes to; other values are widened to fit. */
function isMadeToFit(expression: Expression): boolean {
  switch (expression.kind) {
    case 'literal':
    case 'object':
    case 'array':
    case 'set':
    case 'conditional':
    case 'evaluate':
      return true;
    case 'comprehension':
      return expression.operator === 'map' || expression.operator === 'record';
    default:
      return false;
  }
}

function nodeOf(scope: Scope, environment: Environment, expression: Expression, expected?: Domain): Node {
  const { module } = scope;
  const { values } = module;
  const go = (inner: Expression, into?: Domain): Node => valueOf(scope, environment, inner, into);
  switch (expression.kind) {
    case 'parameter':
      return (
        module.fixed.read(expression) ??
        values.literal(expression.value, completedType(expression.type, expected), scope.names)
      );
    case 'literal':
      return values.literal(expression.value, completedType(expression.type, expected), scope.names);
    case 'variable':
    case 'local':
    case 'field':
    case 'index':
      return placeValue(scope, environment, expression);
    case 'not':
      return negation(scope, environment, expression.operand);
    case 'and':
    case 'or':
      return simplified(expression.kind === 'and' ? '/\\' : '\\/', partsOf(scope, environment, expression));
    case 'implies': {
      const left = go(expression.left);
      if (inline(left) === 'TRUE') return go(expression.right);
      return inline(left) === 'FALSE' ? text('TRUE') : { kind: 'implies', left, right: go(expression.right) };
    }
    case 'conditional': {
      const condition = go(expression.condition);
      const known = inline(condition);
      const into = expected ?? expression.type;
      if (known === 'TRUE' || known === 'FALSE') {
        return go(known === 'TRUE' ? expression.whenTrue : expression.whenFalse, into);
      }
      return { kind: 'if', condition, yes: go(expression.whenTrue, into), no: go(expression.whenFalse, into) };
    }
    case 'operation':
      return operation(scope, environment, expression);
    case 'object':
      return objectValue(scope, environment, expression, expected);
    case 'array': {
      const itemAt = (index: number): Domain | undefined => {
        for (const member of membersOf(expected ?? expression.type)) {
          if (member.kind === 'array') return member.element;
          if (member.kind === 'tuple') return member.items[index];
        }
        return undefined;
      };
      return sequence(expression.elements.map((element, index) => go(element, itemAt(index))));
    }
    case 'set': {
      const element = setPart(expected ?? expression.type)?.element;
      return text(`{${expression.elements.map((one) => inline(go(one, element))).join(', ')}}`);
    }
    case 'domain':
      return values.listed(expression.domain, scope.names);
    case 'comprehension':
      return comprehension(scope, environment, expression, expected ?? expression.type);
    case 'fold':
      return foldValue(scope, environment, expression);
    case 'evaluate':
      return valueOfStatements(scope, environment, expression.body, (inner, inside) =>
        valueOf(inner, inside, expression.result, expected ?? expression.type),
      );
    case 'enabled': {
      return text(
        `ENABLED ${operand(actionText(scope, environment, expression.action, expression.arguments), PRECEDENCE.multiply)}`,
        PRECEDENCE.not,
      );
    }
  }
}

/** A junction without what makes no difference; what follows a part that settles it is not worked out. */
function simplified(operator: '/\\' | '\\/', parts: readonly Node[]): Node {
  const [neutral, settling] = operator === '/\\' ? (['TRUE', 'FALSE'] as const) : (['FALSE', 'TRUE'] as const);
  const kept = parts.filter((one) => inline(one) !== neutral);
  if (kept.length === 0) return text(neutral);
  return inline(kept[0]!) === settling ? kept[0]! : junction(operator, kept);
}

/**
 * The sides of a conjunction or disjunction. Neighbors that compare one thing with constants become one:
 * `x \in {a, b}` for `x = a \/ x = b`, `x \notin {a, b}` for `x # a /\ x # b`.
 */
function partsOf(scope: Scope, environment: Environment, whole: Expression & { left: Expression }): Node[] {
  const operator = whole.kind === 'or' ? 'equal' : 'notEqual';
  const leaves = (expression: Expression): Expression[] =>
    'left' in expression && expression.kind === whole.kind
      ? [...leaves(expression.left), ...leaves(expression.right)]
      : [expression];
  const groups: { compared: string | undefined; expressions: Expression[]; constants: Expression[] }[] = [];
  for (const leaf of leaves(whole)) {
    const split = leaf.kind === 'operation' && leaf.operator === operator ? comparedWithConstant(leaf) : undefined;
    const compared = split && inline(valueOf({ ...scope, onWhole: () => {} }, environment, split.compared));
    const last = groups.at(-1);
    if (split !== undefined && last !== undefined && last.compared === compared) {
      last.expressions.push(leaf);
      last.constants.push(split.constant);
    } else groups.push({ compared, expressions: [leaf], constants: split === undefined ? [] : [split.constant] });
  }
  return groups.map(({ expressions, constants }) => {
    const [first] = expressions;
    if (expressions.length === 1) return valueOf(scope, environment, first!);
    const { compared } = comparedWithConstant(first as Expression & { kind: 'operation' })!;
    const listed = constants.map((one) => inline(valueOf(scope, environment, one, compared.type)));
    const symbol = whole.kind === 'or' ? '\\in' : '\\notin';
    const set = text(`{${[...new Set(listed)].join(', ')}}`);
    return infix(valueOf(scope, environment, compared), symbol, set, PRECEDENCE.comparison);
  });
}

/** The sides of a comparison with an id, a string, null or a number. */
function comparedWithConstant({
  operands,
}: Expression & { kind: 'operation' }): { compared: Expression; constant: Expression } | undefined {
  const [left, right] = operands as [Expression, Expression];
  const isConstant = ({ kind, type }: Expression): boolean =>
    kind === 'literal' && ['enum', 'ids', 'null', 'undefined', 'int'].includes(type.kind);
  if (isConstant(left) === isConstant(right) || !canBeEqual(left.type, right.type)) return undefined;
  const [compared, constant] = isConstant(right) ? [left, right] : [right, left];
  return membersOf(compared.type).some(({ kind }) => kind === 'boolean') ? undefined : { compared, constant };
}

function negation(scope: Scope, environment: Environment, inner: Expression): Node {
  const opposite = inner.kind === 'operation' ? OPPOSITES[inner.operator] : undefined;
  if (inner.kind === 'operation' && opposite !== undefined)
    return operation(scope, environment, { ...inner, operator: opposite });
  if (inner.kind === 'not') return valueOf(scope, environment, inner.operand);
  const node = valueOf(scope, environment, inner);
  const known = inline(node);
  if (known === 'TRUE' || known === 'FALSE') return text(known === 'TRUE' ? 'FALSE' : 'TRUE');
  const member = node.kind === 'text' && node.precedence === PRECEDENCE.comparison ? node.text.split(' \\in ') : [];
  const asksForMember = inner.kind === 'or' || (inner.kind === 'operation' && inner.operator === 'includes');
  if (asksForMember && member.length === 2) {
    return text(`${member[0]!} \\notin ${member[1]!}`, PRECEDENCE.comparison);
  }
  return not(node);
}
