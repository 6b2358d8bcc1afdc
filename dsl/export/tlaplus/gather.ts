import { fold as foldNode, rewriteExpression } from '../../ir/fold.ts';
import type { Domain, Expression, Fold } from '../../ir/index.ts';
import { cardinality, valuesOf } from '../../ir/index.ts';
import { joinDomains } from '../../ir/join.ts';
import { setPart } from '../../ir/part.ts';
import { conjunctsOf, negated } from '../negation.ts';
import { hasBinder } from './binding.ts';
import { isSequence, orderedElements } from './collection.ts';
import type { Environment } from './environment.ts';
import { withLocal } from './environment.ts';
import { valueOf } from './expression.ts';
import { canFail } from './failure.ts';
import type { Node } from './node.ts';
import { apply, conditional, infix, inline, junction, operand, PRECEDENCE, text } from './node.ts';
import { writtenElements } from './loop.ts';
import { shifted } from './path.ts';
import { selected } from './place.ts';
import { conjunction, interval, rangeOf } from './range.ts';
import type { Scope } from './scope.ts';
import { withNames } from './scope.ts';
import { rootsRead } from './statement.ts';

type Folding = Expression & Fold;

/** `over.reduce(…)`: without an order where none matters, as sets, extremes and counts; else a function of the rounds. */
export function foldValue(scope: Scope, environment: Environment, expression: Folding): Node {
  return (
    overPairs(scope, environment, expression) ??
    unordered(scope, environment, expression) ??
    writtenOut(scope, environment, expression) ??
    overRange(scope, environment, expression) ??
    overItems(scope, environment, expression)
  );
}

/** What each round does with what there is so far: one thing, with elements that do not depend on it. */
interface Gathering {
  readonly operator: 'union' | 'difference' | 'maximum' | 'minimum' | 'and' | 'or' | 'count';
  readonly element: Expression;
  readonly conditions: readonly Expression[];
}

function gatheringOf({ accumulator, body, initial }: Folding): Gathering | undefined {
  const isSoFar = (one: Expression): boolean => one.kind === 'local' && one.name === accumulator;
  const isApart = (one: Expression): boolean => !canFail(one) && !rootsRead(one).includes(`local ${accumulator}`);
  if (body.kind === 'conditional') {
    const isSkipped = isSoFar(body.whenTrue);
    if (!isApart(body.condition) || (!isSkipped && !isSoFar(body.whenFalse))) return undefined;
    const { condition, whenTrue, whenFalse } = body;
    const chosen = isSkipped ? negated(condition) : condition;
    const inner = gatheringOf({ ...bodyOf(accumulator, isSkipped ? whenFalse : whenTrue, initial) });
    return inner && { ...inner, conditions: [...conjunctsOf(chosen), ...inner.conditions] };
  }
  if (body.kind === 'and' || body.kind === 'or') {
    if (!isSoFar(body.left) || !isApart(body.right)) return undefined;
    return { operator: body.kind, element: body.right, conditions: [] };
  }
  if (body.kind !== 'operation') return undefined;
  const { operator, operands } = body;
  const [left, right] = operands;
  if (operands.length !== 2 || left === undefined || right === undefined) return undefined;
  const element = isSoFar(left) ? right : isSoFar(right) && operator !== 'difference' ? left : undefined;
  if (element === undefined || !isApart(element)) return undefined;
  switch (operator) {
    case 'union':
    case 'difference':
    case 'maximum':
    case 'minimum':
      return { operator, element, conditions: [] };
    case 'add': {
      if (initial.kind !== 'literal' || MOST < Math.abs(Number(initial.value))) return undefined;
      const is = (one: Expression, value: number): boolean => one.kind === 'literal' && one.value === value;
      if (is(element, 1)) return { operator: 'count', element, conditions: [] };
      if (element.kind !== 'conditional' || !is(element.whenTrue, 1) || !is(element.whenFalse, 0)) return undefined;
      return { operator: 'count', element, conditions: conjunctsOf(element.condition) };
    }
    default:
      return undefined;
  }
}

/** Counting from less than this on stays among TLC's numbers. */
const MOST = 2 ** 30;

function bodyOf(accumulator: string, body: Expression, initial: Expression): Folding {
  const { type, span } = body;
  return { kind: 'fold', accumulator, binder: '', over: initial, initial, body, type, span };
}

/** Rounds within rounds that put single elements into a set, or take them out: one set, over both. */
function overPairs(scope: Scope, environment: Environment, expression: Folding): Node | undefined {
  const { body: round, accumulator } = expression;
  if (round.kind !== 'fold' || round.initial.kind !== 'local' || round.initial.name !== accumulator) return undefined;
  const gathering = gatheringOf(round);
  const [only, ...others] = gathering?.element.kind === 'set' ? gathering.element.elements : [];
  if (gathering === undefined || only === undefined || others.length + gathering.conditions.length > 0)
    return undefined;
  const { operator, element } = gathering;
  const read = [...rootsRead(round.over), ...rootsRead(only)];
  const depends = rootsRead(round.over).includes(`local ${expression.binder}`);
  if (depends || read.includes(`local ${accumulator}`) || canFail(round.over)) return undefined;
  if (operator !== 'union' && operator !== 'difference') return undefined;
  const into = joinDomains(expression.type, element.type);
  if (into === undefined) return undefined;
  const inner = withNames(scope);
  const outside = elementsOf(scope, inner, environment, expression, []);
  const inside = elementsOf(scope, inner, outside.inside, round, []);
  if (outside.rest.length + inside.rest.length > 0) return undefined;
  const value = inline(valueOf(inner, inside.inside, only, setPart(into)?.element));
  const binders = [outside, inside].map(({ binder, set }) => `${binder} \\in ${operand(set, PRECEDENCE.comparison)}`);
  const start = valueOf(scope, environment, expression.initial, expression.type);
  const all = text(`{${value} : ${binders.join(', ')}}`);
  return infix(start, operator === 'union' ? '\\cup' : '\\', all, PRECEDENCE.set);
}

function unordered(scope: Scope, environment: Environment, expression: Folding): Node | undefined {
  const gathering = gatheringOf(expression);
  if (gathering === undefined) return undefined;
  const { helpers } = scope.module;
  const { operator, element, conditions } = gathering;
  const start = valueOf(scope, environment, expression.initial, expression.type);
  const into = joinDomains(expression.type, operator === 'difference' ? element.type : expression.type);
  if (into === undefined) return undefined;
  const inner = withNames(scope);
  const { binder, set, inside, rest, items } = elementsOf(scope, inner, environment, expression, conditions);
  const condition = conjunction(rest);
  const conditionNode = condition && valueOf(inner, inside, condition);
  const setText = operand(set, PRECEDENCE.comparison);
  const chosen = conditionNode === undefined ? set : text(`{${binder} \\in ${setText} : ${inline(conditionNode)}}`);
  const chosenText = operand(chosen, PRECEDENCE.comparison);
  const of = (value: Expression, type?: Domain): Node => valueOf(inner, inside, value, type);
  /** The set of the values of an expression. */
  const values = (value: Expression, type?: Domain): Node => {
    const one = inline(of(value, type));
    if (one === binder) return chosen;
    if (items === undefined || one !== `${inline(items)}[${binder}]` || conditionNode !== undefined) {
      return text(`{${one} : ${binder} \\in ${chosenText}}`);
    }
    helpers.use('Range');
    return apply('Range', items);
  };
  const isEmpty = inline(start) === '{}';
  switch (operator) {
    case 'union':
    case 'difference': {
      const [only, ...others] = element.kind === 'set' ? element.elements : [];
      const all =
        only !== undefined && others.length === 0
          ? values(only, setPart(into)?.element)
          : text(`UNION ${operand(values(element, into), PRECEDENCE.multiply)}`, PRECEDENCE.not);
      if (operator === 'difference') return infix(start, '\\', all, PRECEDENCE.set);
      return isEmpty ? all : infix(start, '\\cup', all, PRECEDENCE.set);
    }
    case 'maximum':
    case 'minimum': {
      const helper = operator === 'maximum' ? 'Max' : 'Min';
      helpers.use(helper);
      return apply(helper, infix(text(`{${inline(start)}}`), '\\cup', values(element), PRECEDENCE.set));
    }
    case 'and':
    case 'or': {
      const isAll = operator === 'and';
      const claim = of(element);
      const body: Node =
        conditionNode === undefined
          ? claim
          : isAll
            ? { kind: 'implies', left: conditionNode, right: claim }
            : junction('/\\', [conditionNode, claim]);
      const quantifier: Node = { kind: 'quantifier', symbol: isAll ? '\\A' : '\\E', binder, set, body };
      if (inline(start) === (isAll ? 'TRUE' : 'FALSE')) return quantifier;
      return junction(isAll ? '/\\' : '\\/', [start, quantifier]);
    }
    case 'count': {
      helpers.use('FiniteSets');
      const count = apply('Cardinality', chosen);
      return inline(start) === '0' ? count : infix(start, '+', count, PRECEDENCE.add);
    }
  }
}

/** The elements as a set that a name goes through: of a sequence, its positions. */
function elementsOf(
  outer: Scope,
  inner: Scope,
  environment: Environment,
  { over, binder: name, indexBinder }: Folding,
  conditions: readonly Expression[],
): {
  readonly binder: string;
  readonly set: Node;
  readonly inside: Environment;
  readonly rest: readonly Expression[];
  /** The sequence. */
  readonly items?: Node;
} {
  const written = indexBinder === undefined ? writtenElements(outer, environment, over) : undefined;
  if (written !== undefined) {
    const binder = inner.names.takeLocal(name);
    const set = text(`{${[...new Set(written.map(inline))].join(', ')}}`);
    return { binder, set, inside: withLocal(environment, name, text(binder)), rest: conditions };
  }
  if (over.kind !== 'domain' && isSequence(over.type)) {
    const items = valueOf(outer, environment, over);
    const i = inner.names.take('i');
    let inside = withLocal(environment, name, selected(items, [{ kind: 'index', node: text(i), isConstant: false }]));
    if (indexBinder !== undefined)
      inside = withLocal(inside, indexBinder, infix(text(i), '-', text('1'), PRECEDENCE.add));
    const set = text(`DOMAIN ${operand(items, PRECEDENCE.multiply)}`, PRECEDENCE.range);
    return { binder: i, set, inside, rest: conditions, items };
  }
  const binder = inner.names.takeLocal(name);
  const inside = withLocal(environment, name, text(binder));
  const given = withFilter(over, name);
  const all = [...given.conditions, ...conditions];
  if (given.over.kind === 'domain' && given.over.domain.kind === 'int') {
    const range = rangeOf(outer, environment, given.over.domain, name, all);
    return { binder, set: range.set, inside, rest: range.conditions };
  }
  const set =
    given.over.kind === 'domain'
      ? outer.module.values.listed(given.over.domain, outer.names)
      : valueOf(outer, environment, given.over);
  return { binder, set, inside, rest: all };
}

/** What goes through a part of a set goes through the set, under conditions. */
export function withFilter(
  over: Expression,
  binder: string,
): { readonly over: Expression; readonly conditions: readonly Expression[] } {
  const isFilter = over.kind === 'comprehension' && over.operator === 'filter' && over.indexBinder === undefined;
  if (!isFilter || isSequence(over.type)) return { over, conditions: [] };
  const rename = (one: Expression): Expression =>
    one.kind === 'local' && one.name === over.binder ? { ...one, name: binder } : one;
  const inner = withFilter(over.over, binder);
  return { over: inner.over, conditions: [...inner.conditions, ...conjunctsOf(rewriteExpression(over.body, rename))] };
}

/** A few rounds over what is written out, one inside the other, if that stays short. */
function writtenOut(scope: Scope, environment: Environment, expression: Folding): Node | undefined {
  const { over, accumulator, binder, indexBinder, initial, body, type } = expression;
  if (over.kind !== 'domain' || indexBinder !== undefined || FEW < cardinality(over.domain)) return undefined;
  let node = valueOf(scope, environment, initial, type);
  for (const value of valuesOf(over.domain)) {
    const element = scope.module.values.literal(value, over.domain, scope.names);
    const inside = withLocal(withLocal(environment, accumulator, node), binder, element);
    node = valueOf(scope, inside, body, type);
    if (SHORT < inline(node).length || hasBinder(node)) return undefined;
  }
  return node;
}

const FEW = 4;
const SHORT = 100;

/** Over integers: a function of the last of them that was taken into account. */
function overRange(scope: Scope, environment: Environment, expression: Folding): Node | undefined {
  const { over, accumulator, binder, initial, type } = expression;
  const given = withFilter(over, binder);
  if (given.over.kind !== 'domain' || given.over.domain.kind !== 'int') return undefined;
  const { domain } = given.over;
  const bounded = rangeOf(scope, environment, domain, binder, given.conditions);
  const range = bounded.isProper ? bounded : rangeOf(scope, environment, domain, binder, []);
  const condition = conjunction(bounded.isProper ? bounded.conditions : given.conditions);
  const inner = withNames(scope);
  const f = inner.names.takeLocal(accumulator);
  const i = inner.names.takeLocal(binder);
  const before = text(`${f}[${i} - 1]`);
  const inside = withLocal(environment, binder, text(i));
  const round = withSoFar(inner, inside, expression, before);
  const step = condition === undefined ? round : conditional(valueOf(inner, inside, condition), round, before);
  const start = valueOf(inner, environment, initial, type);
  const low = operand(range.low, PRECEDENCE.comparison);
  return {
    kind: 'let',
    definitions: [
      {
        head: `${f}[${i} \\in ${inline(interval(shifted(range.low, -1), range.high))}]`,
        body: { kind: 'if', condition: text(`${i} < ${low}`, PRECEDENCE.comparison), yes: start, no: step },
      },
    ],
    body: text(`${f}[${inline(range.high)}]`),
  };
}

/** Over a sequence of elements: a function of how many of them were taken into account. */
function overItems(scope: Scope, environment: Environment, expression: Folding): Node {
  const { over, accumulator, binder, indexBinder, initial, body, type } = expression;
  scope.module.helpers.use('Sequences');
  const items = orderedElements(scope, environment, over);
  const inner = withNames(scope);
  const isName = items.kind === 'text' && items.items === undefined && /^\w+(?:\[\w+\])?$/.test(items.text);
  const s = isName ? items : text(inner.names.take('items'));
  const f = inner.names.takeLocal(accumulator);
  const i = inner.names.take('i');
  const element = selected(s, [{ kind: 'index', node: text(i), isConstant: false }]);
  const isNamed = 1 < usesIn(binder, body);
  const x = isNamed ? text(inner.names.takeLocal(binder)) : element;
  let inside = withLocal(environment, binder, x);
  if (indexBinder !== undefined)
    inside = withLocal(inside, indexBinder, infix(text(i), '-', text('1'), PRECEDENCE.add));
  const round = withSoFar(inner, inside, expression, text(`${f}[${i} - 1]`));
  const length = inline(apply('Len', s));
  return {
    kind: 'let',
    definitions: [
      ...(isName ? [] : [{ head: inline(s), body: items }]),
      {
        head: `${f}[${i} \\in 0..${length}]`,
        body: {
          kind: 'if',
          condition: text(`${i} = 0`, PRECEDENCE.comparison),
          yes: valueOf(inner, environment, initial, type),
          no: isNamed ? { kind: 'let', definitions: [{ head: inline(x), body: element }], body: round } : round,
        },
      },
    ],
    body: text(`${f}[${length}]`),
  };
}

/** A round, given what there was before: by name where it is used more than once. */
function withSoFar(scope: Scope, environment: Environment, { accumulator, body, type }: Folding, before: Node): Node {
  if (usesIn(accumulator, body) <= 1) {
    return valueOf(scope, withLocal(environment, accumulator, before), body, type);
  }
  const inner = withNames(scope);
  const name = inner.names.takeLocal(accumulator);
  const round = valueOf(inner, withLocal(environment, accumulator, text(name)), body, type);
  return { kind: 'let', definitions: [{ head: name, body: before }], body: round };
}

function usesIn(name: string, expression: Expression): number {
  return foldNode<number>(
    expression,
    (one, parts) => (one.kind === 'local' && one.name === name ? 1 : 0) + parts.reduce((a, b) => a + b, 0),
  );
}
