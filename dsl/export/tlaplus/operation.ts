import type { Domain, Expression } from '../../ir/index.ts';
import { joinDomains } from '../../ir/join.ts';
import { arrayPart, collectionOf, intPart, membersOf, NEVER } from '../../ir/part.ts';
import { isSequence, orderedElements } from './collection.ts';
import { constantOf, constantsOf, folded } from './constant.ts';
import type { Environment } from './environment.ts';
import { valueOf } from './expression.ts';
import type { Helpers } from './helper.ts';
import { canBeEqual } from './mixture.ts';
import type { Node } from './node.ts';
import { apply, infix, inline, operand, PRECEDENCE, text } from './node.ts';
import { segmentOf } from './path.ts';
import type { Scope } from './scope.ts';
import { withNames } from './scope.ts';
import { integer, sequence, stringLiteral } from './value.ts';

export function operation(
  scope: Scope,
  environment: Environment,
  expression: Expression & { kind: 'operation' },
): Node {
  const { values, helpers } = scope.module;
  const { operator, operands } = expression;
  const known = folded(operator, constantsOf(scope, environment, operands));
  if (known !== undefined) return known;
  const [first, second, third] = operands as [Expression, Expression, Expression];
  const go = (inner: Expression, into?: Domain): Node => valueOf(scope, environment, inner, into);
  const both = (symbol: string, precedence: number): Node => infix(go(first), symbol, go(second), precedence);
  /** Sets whose elements are compared with each other. */
  const together = (): readonly [Node, Node] => {
    const common = joinDomains(first.type, second.type);
    return [go(first, common), go(second, common)];
  };
  const betweenSets = (symbol: string, precedence: number): Node => {
    const [left, right] = together();
    return infix(left, symbol, right, precedence);
  };
  const helper = (name: Parameters<Helpers['use']>[0], ...given: readonly Node[]): Node => {
    helpers.use(name);
    return apply(name, ...given);
  };
  switch (operator) {
    case 'add':
      return both('+', PRECEDENCE.add);
    case 'subtract':
      return both('-', PRECEDENCE.add);
    case 'multiply':
      return both('*', PRECEDENCE.multiply);
    case 'divide':
      return both('\\div', PRECEDENCE.multiply);
    case 'truncate':
      return isNatural(first.type) && isPositive(second.type)
        ? both('\\div', PRECEDENCE.multiply)
        : helper('Truncate', go(first), go(second));
    case 'remainder':
      return isNatural(first.type) && isPositive(second.type)
        ? both('%', PRECEDENCE.add)
        : helper('Remainder', go(first), go(second));
    case 'negate':
      return text(`-${operand(go(first), PRECEDENCE.multiply)}`, PRECEDENCE.multiply - 1);
    case 'absolute':
      return helper('Absolute', go(first));
    case 'minimum':
    case 'maximum': {
      const name = operator === 'minimum' ? 'Minimum' : 'Maximum';
      return operands.map((one) => go(one)).reduce((so, one) => helper(name, so, one));
    }
    case 'equal':
    case 'notEqual': {
      if (!canBeEqual(first.type, second.type)) return text(operator === 'equal' ? 'FALSE' : 'TRUE');
      const symbol = operator === 'equal' ? '=' : '#';
      const size = emptiness(scope, environment, first, second, symbol);
      if (size !== undefined) return size;
      const common = joinDomains(first.type, second.type);
      const sides = [go(first, common), go(second, common)] as const;
      // A string that is compared with itself or another one, where a helper was put in.
      const constants = sides.map((side) => inline(side)).filter((side) => /^"[^"]*"$/.test(side));
      if (constants.length === 2) {
        return text((constants[0] === constants[1]) === (operator === 'equal') ? 'TRUE' : 'FALSE');
      }
      const areFormulas =
        operator === 'equal' &&
        first.type.kind === 'boolean' &&
        second.type.kind === 'boolean' &&
        sides.some(isFormula);
      return areFormulas
        ? infix(sides[0], '<=>', sides[1], PRECEDENCE.equivalence)
        : infix(sides[0], symbol, sides[1], PRECEDENCE.comparison);
    }
    case 'less':
      return both('<', PRECEDENCE.comparison);
    case 'lessOrEqual':
      return emptiness(scope, environment, first, second, '=') ?? both('<=', PRECEDENCE.comparison);
    case 'greater':
      return emptiness(scope, environment, first, second, '#') ?? both('>', PRECEDENCE.comparison);
    case 'greaterOrEqual':
      return both('>=', PRECEDENCE.comparison);
    case 'size':
      if (isSequence(first.type)) {
        helpers.use('Sequences');
        return apply('Len', go(first));
      }
      helpers.use('FiniteSets');
      return apply('Cardinality', go(first));
    case 'includes':
      return membership(scope, environment, first, second);
    case 'indexOf':
      return helper(
        'IndexOf',
        go(first, withElement(first.type, second.type)),
        go(second, collectionOf(first.type)?.element),
      );
    case 'at':
      return helper('At', go(first), go(second), values.atom(undefined));
    case 'slice': {
      const sequenceNode = go(first);
      const from = constantOf(scope, environment, second);
      helpers.use('Sequences');
      const all = apply('Len', sequenceNode);
      const end = third === undefined ? all : go(third);
      if (from !== undefined && 0 <= from && inline(end) === inline(all)) {
        return apply('SubSeq', sequenceNode, integer(from + 1), all);
      }
      helpers.use('Slice');
      return apply('Slice', sequenceNode, go(second), end);
    }
    case 'concat':
      helpers.use('Sequences');
      return operands.map((one) => go(one, expression.type)).reduce(concatenated);
    case 'union': {
      const sides = together().filter((side) => inline(side) !== '{}');
      return sides.length === 2 ? infix(sides[0]!, '\\cup', sides[1]!, PRECEDENCE.set) : (sides[0] ?? text('{}'));
    }
    case 'intersection':
      return betweenSets('\\cap', PRECEDENCE.set);
    case 'difference':
      return betweenSets('\\', PRECEDENCE.set);
    case 'subset':
      return betweenSets('\\subseteq', PRECEDENCE.comparison);
    case 'toSet':
      return isSequence(first.type) ? helper('Range', go(first)) : go(first);
    case 'toArray':
      return isSequence(first.type) ? go(first) : orderedElements(scope, environment, first);
    case 'with': {
      const isRecord = membersOf(expression.type).find(({ kind }) => kind === 'record');
      const element = isRecord?.kind === 'record' ? isRecord.value : arrayPart(expression.type)?.element;
      const inner = withNames(scope);
      const name = inner.names.take('f');
      const base = go(first, expression.type);
      const segment = segmentOf(inner, environment, first.type, second);
      const index = segment.kind === 'index' ? inline(segment.node) : '';
      helpers.use('TLC');
      const inside = apply(
        'Assert',
        text(`${index} \\in DOMAIN ${name}`),
        text(stringLiteral(`${scope.module.where(expression.span)}: no such entry`)),
      );
      return {
        kind: 'let',
        definitions: [{ head: name, body: base }],
        body: {
          kind: 'if',
          condition: inside,
          yes: text(`[${name} EXCEPT ![${index}] = ${inline(valueOf(inner, environment, third, element))}]`),
          no: text(name),
        },
      };
    }
  }
}

/** Neither a name nor something that is read. */
function isFormula(node: Node): boolean {
  return node.kind !== 'text' || node.precedence < PRECEDENCE.atom;
}

/** `left \o right`, where they are written out as one sequence, or as `Append`. */
function concatenated(left: Node, right: Node): Node {
  const [before, after] = [left, right].map((node) => (node.kind === 'text' ? node.items : undefined));
  if (before?.length === 0) return right;
  if (after?.length === 0) return left;
  if (before !== undefined && after !== undefined) return sequence([...before, ...after]);
  return after?.length === 1 ? apply('Append', left, after[0]!) : infix(left, '\\o', right, PRECEDENCE.multiply);
}

/** `size = 0` and `size > 0` of a set or sequence, as people write them. */
function emptiness(
  scope: Scope,
  environment: Environment,
  left: Expression,
  right: Expression,
  symbol: '=' | '#',
): Node | undefined {
  if (right.kind !== 'literal' || right.value !== 0) return undefined;
  if (left.kind !== 'operation' || left.operator !== 'size') return undefined;
  const [collection] = left.operands as [Expression];
  const node = valueOf(scope, environment, collection);
  if (!isSequence(collection.type)) return infix(node, symbol, text('{}'), PRECEDENCE.comparison);
  return collection.type.kind === 'union' ? undefined : infix(node, symbol, sequence([]), PRECEDENCE.comparison);
}

function membership(scope: Scope, environment: Environment, collection: Expression, wanted: Expression): Node {
  const { values, helpers } = scope.module;
  const element =
    collection.kind === 'domain' ? collection.domain : (collectionOf(collection.type)?.element ?? { kind: 'never' });
  if (!canBeEqual(element, wanted.type)) return text('FALSE');
  const value = valueOf(scope, environment, wanted, element);
  const wide = withElement(collection.type, wanted.type);
  const within = (set: Node): Node => infix(value, '\\in', set, PRECEDENCE.comparison);
  if (collection.kind === 'domain') return within(values.members(collection.domain));
  if (!isSequence(collection.type)) return within(valueOf(scope, environment, collection, wide));
  if (collection.kind === 'array') {
    const items = collection.elements.map((one) =>
      inline(valueOf(scope, environment, one, joinDomains(element, wanted.type) ?? element)),
    );
    return within(text(`{${items.join(', ')}}`));
  }
  helpers.use('Range');
  return within(apply('Range', valueOf(scope, environment, collection, wide)));
}

/** The type of a collection whose elements are compared with values of another type. */
export function withElement(type: Domain, wanted: Domain): Domain | undefined {
  const element = joinDomains(collectionOf(type)?.element ?? NEVER, wanted);
  const [only] = membersOf(type).filter(({ kind }) => kind === 'set' || kind === 'array' || kind === 'tuple');
  if (element === undefined || only === undefined) return undefined;
  const array = arrayPart(only);
  return array === undefined ? { kind: 'set', element } : { ...array, element };
}

function isNatural(type: Domain): boolean {
  const ints = intPart(type);
  return ints !== undefined && 0 <= ints.min;
}

function isPositive(type: Domain): boolean {
  const ints = intPart(type);
  return ints !== undefined && 0 < ints.min;
}
