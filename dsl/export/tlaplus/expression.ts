import type { Span } from '../../diagnostics/span.ts';
import type { Comprehension, Domain, Expression, Field, Fold, Operator, Statement, System } from '../../ir/index.ts';
import { cardinality, INT_MAX, INT_MIN } from '../../ir/index.ts';
import { arrayPart, collectionOf, intPart, membersOf, setPart } from '../../ir/typing.ts';
import type { Identifiers } from '../identifiers.ts';
import type { Refusals } from '../refusal.ts';
import { isSubdomain } from '../subdomain.ts';
import type { Helpers } from './helper.ts';
import { canBeEqual } from './mixture.ts';
import type { Node } from './node.ts';
import { apply, infix, inline, junction, not, operand, PRECEDENCE, text } from './node.ts';
import type { Held, Segment } from './place.ts';
import { held, part, selected } from './place.ts';
import { childrenOf, expressionsIn } from './statement.ts';
import { valueOfStatements } from './step.ts';
import type { Values } from './value.ts';
import { integer, record, sequence } from './value.ts';

/** What every part of a module is written from. */
export interface Module {
  readonly system: System;
  readonly values: Values;
  readonly helpers: Helpers;
  readonly refusals: Refusals;
  readonly variables: ReadonlyMap<string, string>;
  readonly actions: ReadonlyMap<string, string>;
  readonly processes: ReadonlyMap<string, string>;
  readonly parameters: ReadonlyMap<string, string>;
  /** `file:line`. */
  readonly where: (span: Span) => string;
}

/** The operator that is being written. */
export interface Scope {
  readonly module: Module;
  /** Names that are bound here. */
  readonly names: Identifiers;
  /** Told of variables and locals that are read whole after a part of them was assigned. */
  readonly onWhole: (root: string) => void;
}

/** What variables and locals hold at a point of a step. */
export interface Environment {
  readonly variables: ReadonlyMap<string, Held>;
  readonly locals: ReadonlyMap<string, Held>;
  /** What locals that were declared by a statement may hold. */
  readonly types: ReadonlyMap<string, Domain>;
}

/** More elements than this are not written out one by one. */
export const MAX_LISTED = 256;

/**
 * The value of an expression.
 *
 * @param expected - where it goes: a literal is made to fit, so that optional fields that were left out are there.
 */
export function valueOf(scope: Scope, environment: Environment, expression: Expression, expected?: Domain): Node {
  const { module } = scope;
  const { values } = module;
  const go = (inner: Expression, into?: Domain): Node => valueOf(scope, environment, inner, into);
  switch (expression.kind) {
    case 'literal':
      return values.literal(expression.value, completedType(expression.type, expected), scope.names);
    case 'parameter': {
      const name = module.parameters.get(expression.name);
      return name === undefined ? values.literal(expression.value, expression.type, scope.names) : text(name);
    }
    case 'variable':
    case 'local':
    case 'field':
    case 'index':
      return completed(scope, placeValue(scope, environment, expression), expression.type, expected, expression.span);
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
      if (known === 'TRUE' || known === 'FALSE') {
        return go(known === 'TRUE' ? expression.whenTrue : expression.whenFalse, expected);
      }
      return { kind: 'if', condition, yes: go(expression.whenTrue, expected), no: go(expression.whenFalse, expected) };
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
      return comprehension(scope, environment, expression);
    case 'fold':
      return foldValue(scope, environment, expression);
    case 'evaluate':
      return valueOfStatements(scope, environment, expression.body, (inner, inside) =>
        valueOf(inner, inside, expression.result, expected),
      );
    case 'enabled': {
      return text(
        `ENABLED <<${inline(actionText(scope, environment, expression.action, expression.arguments))}>>_vars`,
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

/** An action with these arguments; those that are undefined range over their domains. */
export function actionText(
  scope: Scope,
  environment: Environment,
  name: string,
  given: readonly (Expression | undefined)[],
): Node {
  const { module } = scope;
  const action = module.system.actions.find((candidate) => candidate.name === name)!;
  const names = scope.names.inner();
  const bound: { readonly binder: string; readonly domain: Domain }[] = [];
  const passed = action.arguments.map((argument, index) => {
    const value = given[index];
    if (value !== undefined) return valueOf(scope, environment, value, argument.domain);
    const binder = names.take(argument.name);
    bound.push({ binder, domain: argument.domain });
    return text(binder);
  });
  const call = apply(module.actions.get(name)!, ...passed);
  return bound.reduceRight<Node>(
    (body, { binder, domain }) => ({
      kind: 'quantifier',
      symbol: '\\E',
      binder,
      set: module.values.listed(domain, names),
      body,
    }),
    call,
  );
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

/** The path of a read or an assignment, with the indices that TLA+ has for them. */
export function segmentOf(scope: Scope, environment: Environment, object: Domain, index: Expression): Segment {
  const isConstant = index.kind === 'literal';
  const isSequence = membersOf(object).some(({ kind }) => kind === 'array' || kind === 'tuple');
  const node = valueOf(scope, environment, index);
  return { kind: 'index', node: isSequence ? shifted(node, 1) : node, isConstant };
}

function placeValue(scope: Scope, environment: Environment, expression: Expression): Node {
  const path: Segment[] = [];
  let root = expression;
  while (root.kind === 'field' || root.kind === 'index') {
    const isEntry = root.kind === 'field' && membersOf(root.object.type).some(({ kind }) => kind === 'record');
    path.unshift(
      root.kind === 'index'
        ? segmentOf(scope, environment, root.object.type, root.index)
        : isEntry
          ? { kind: 'index', node: scope.module.values.atom(root.name), isConstant: true }
          : { kind: 'field', name: root.name },
    );
    root = root.object;
  }
  if (root.kind === 'variable' && root.next) return selected(text(`${scope.module.variables.get(root.name)!}'`), path);
  if (root.kind === 'variable') {
    const { name } = root;
    return part(environment.variables.get(name)!, path, () => scope.onWhole(`variable ${name}`));
  }
  if (root.kind === 'local') {
    const { name } = root;
    return part(environment.locals.get(name)!, path, () => scope.onWhole(`local ${name}`));
  }
  return selected(valueOf(scope, environment, root), path);
}

/** `node + by`, folded when it can be. */
export function shifted(node: Node, by: 1 | -1): Node {
  const content = inline(node);
  if (/^-?\d+$/.test(content)) return integer(Number(content) + by);
  const undone = new RegExp(`^(.*) ${by === 1 ? '-' : '\\+'} 1$`).exec(content);
  if (undone !== null && /^\w+$/.test(undone[1]!)) return text(undone[1]!);
  return infix(node, by === 1 ? '+' : '-', text('1'), PRECEDENCE.add);
}

const OPPOSITES: Readonly<Partial<Record<Operator, Operator>>> = {
  equal: 'notEqual',
  notEqual: 'equal',
  less: 'greaterOrEqual',
  lessOrEqual: 'greater',
  greater: 'lessOrEqual',
  greaterOrEqual: 'less',
};

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

function objectValue(
  scope: Scope,
  environment: Environment,
  expression: Expression & { kind: 'object' },
  expected: Domain | undefined,
): Node {
  const { module } = scope;
  const given = new Map(expression.fields.map((field) => [field.name, field.value]));
  const tag = (discriminator: string): string | undefined => {
    const value = given.get(discriminator);
    return value?.kind === 'literal' || value?.kind === 'parameter' ? String(value.value) : undefined;
  };
  for (const member of [...membersOf(expected ?? expression.type), ...membersOf(expression.type)]) {
    if (member.kind === 'record') {
      module.helpers.use('TLC');
      const entries = expression.fields.map((field) => {
        const value = valueOf(scope, environment, field.value, member.value);
        return `${inline(module.values.atom(field.name))} :> ${operand(value, PRECEDENCE.set)}`;
      });
      return entries.length === 0 ? text('<<>>') : text(`(${entries.join(' @@ ')})`);
    }
    const fields =
      member.kind === 'object'
        ? member.fields
        : member.kind === 'variant'
          ? (member.cases.find((one) => one.tag === tag(member.discriminator))?.fields ?? []).concat({
              name: member.discriminator,
              domain: { kind: 'enum', values: member.cases.map((one) => one.tag) },
            })
          : undefined;
    if (fields === undefined || ![...given.keys()].every((name) => fields.some((field) => field.name === name)))
      continue;
    const names = [...given.keys(), ...fields.map((field) => field.name).filter((name) => !given.has(name))];
    return record(
      names.map((name) => {
        const domain = fields.find((field) => field.name === name)!.domain;
        const value = given.get(name);
        return [name, value === undefined ? module.values.atom(undefined) : valueOf(scope, environment, value, domain)];
      }),
    );
  }
  return record(expression.fields.map((field) => [field.name, valueOf(scope, environment, field.value)]));
}

/** A literal's type with the fields that the place it goes to has besides. */
function completedType(type: Domain, expected: Domain | undefined): Domain {
  return expected !== undefined && expected.kind !== 'never' ? mergedType(type, expected) : type;
}

function mergedType(type: Domain, expected: Domain): Domain {
  return { kind: 'union', members: [...membersOf(expected), ...membersOf(type)] };
}

/** An object that was computed with fewer fields than the place it goes to has optional ones. */
function completed(scope: Scope, node: Node, type: Domain, expected: Domain | undefined, span: Span): Node {
  if (expected === undefined || isSubdomain(type, expected)) return node;
  const [from] = membersOf(type).filter(({ kind }) => kind === 'object');
  const [to] = membersOf(expected).filter(({ kind }) => kind === 'object');
  if (from?.kind !== 'object' || to?.kind !== 'object') return node;
  const missing = to.fields.filter((field: Field) => !from.fields.some(({ name }) => name === field.name));
  if (missing.length === 0) return node;
  if (type.kind === 'union') {
    const message = 'TLA+ records have all their fields, and this may also be no object';
    scope.module.refusals.add('an optional field that is left out', message, span);
    return node;
  }
  return record([
    ...from.fields.map((field) => [field.name, selected(node, [{ kind: 'field', name: field.name }])] as const),
    ...missing.map((field) => [field.name, scope.module.values.atom(undefined)] as const),
  ]);
}

function operation(scope: Scope, environment: Environment, expression: Expression & { kind: 'operation' }): Node {
  const { values, helpers } = scope.module;
  const { operator, operands } = expression;
  const known = folded(operator, constantsOf(scope, environment, operands));
  if (known !== undefined) return known;
  const [first, second, third] = operands as [Expression, Expression, Expression];
  const go = (inner: Expression, into?: Domain): Node => valueOf(scope, environment, inner, into);
  const both = (symbol: string, precedence: number): Node => infix(go(first), symbol, go(second), precedence);
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
      const sides = [go(first, second.type), go(second, first.type)] as const;
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
      return helper('IndexOf', go(first), go(second));
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
      return operands.map((one) => go(one)).reduce(concatenated);
    case 'union': {
      const sides = [go(first), go(second)].filter((side) => inline(side) !== '{}');
      return sides.length === 2 ? infix(sides[0]!, '\\cup', sides[1]!, PRECEDENCE.set) : (sides[0] ?? text('{}'));
    }
    case 'intersection':
      return both('\\cap', PRECEDENCE.set);
    case 'difference':
      return both('\\', PRECEDENCE.set);
    case 'subset':
      return both('\\subseteq', PRECEDENCE.comparison);
    case 'toSet':
      return isSequence(first.type) ? helper('Range', go(first)) : go(first);
    case 'toArray':
      return isSequence(first.type) ? go(first) : orderedElements(scope, environment, first);
    case 'with': {
      const isRecord = membersOf(first.type).find(({ kind }) => kind === 'record');
      const element = isRecord?.kind === 'record' ? isRecord.value : arrayPart(first.type)?.element;
      const inner = withNames(scope);
      const name = inner.names.take('f');
      const base = go(first);
      const segment = segmentOf(inner, environment, first.type, second);
      const index = segment.kind === 'index' ? inline(segment.node) : '';
      helpers.use('TLC');
      const inside = apply(
        'Assert',
        text(`${index} \\in DOMAIN ${name}`),
        text(`"${scope.module.where(expression.span)}: no such entry"`),
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

/** The number that a local is known to hold: the counter of a loop that is written out. */
function constantOf(scope: Scope, environment: Environment, expression: Expression): number | undefined {
  if (expression.kind === 'literal') return typeof expression.value === 'number' ? expression.value : undefined;
  if (expression.kind !== 'local') return undefined;
  const content = inline(valueOf({ ...scope, onWhole: () => {} }, environment, expression));
  return /^-?\d+$/.test(content) ? Number(content) : undefined;
}

/** The operands as numbers. Parameters, which readers know by name, are numbers only beside the counter of a loop. */
function constantsOf(
  scope: Scope,
  environment: Environment,
  operands: readonly Expression[],
): readonly (number | undefined)[] {
  const values = operands.map((one) => constantOf(scope, environment, one));
  const isCounter = (one: Expression, index: number): boolean => one.kind !== 'literal' && values[index] !== undefined;
  if (!operands.some(isCounter)) return values;
  return operands.map((one, index) => values[index] ?? parameterConstant(one));
}

function parameterConstant(expression: Expression): number | undefined {
  if (expression.kind === 'literal' || expression.kind === 'parameter') {
    return typeof expression.value === 'number' ? expression.value : undefined;
  }
  if (expression.kind !== 'operation' || (expression.operator !== 'add' && expression.operator !== 'subtract'))
    return undefined;
  const [left, right] = expression.operands.map(parameterConstant);
  if (left === undefined || right === undefined) return undefined;
  return expression.operator === 'add' ? left + right : left - right;
}

function folded(operator: Operator, values: readonly (number | undefined)[]): Node | undefined {
  const [a, b] = values;
  if (a === undefined || b === undefined) return undefined;
  const truth = (value: boolean): Node => text(value ? 'TRUE' : 'FALSE');
  const int = (value: number): Node | undefined => (INT_MIN <= value && value <= INT_MAX ? integer(value) : undefined);
  switch (operator) {
    case 'add':
      return int(a + b);
    case 'subtract':
      return int(a - b);
    case 'equal':
      return truth(a === b);
    case 'notEqual':
      return truth(a !== b);
    case 'less':
      return truth(a < b);
    case 'lessOrEqual':
      return truth(a <= b);
    case 'greater':
      return truth(a > b);
    case 'greaterOrEqual':
      return truth(a >= b);
    default:
      return undefined;
  }
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
  const within = (set: Node): Node => infix(value, '\\in', set, PRECEDENCE.comparison);
  if (collection.kind === 'domain') return within(values.members(collection.domain));
  if (!isSequence(collection.type)) return within(valueOf(scope, environment, collection));
  if (collection.kind === 'array') {
    const items = collection.elements.map((one) => inline(valueOf(scope, environment, one, element)));
    return within(text(`{${items.join(', ')}}`));
  }
  helpers.use('Range');
  return within(apply('Range', valueOf(scope, environment, collection)));
}

export function isSequence(type: Domain): boolean {
  return membersOf(type).some(({ kind }) => kind === 'array' || kind === 'tuple');
}

function isNatural(type: Domain): boolean {
  const ints = intPart(type);
  return ints !== undefined && 0 <= ints.min;
}

function isPositive(type: Domain): boolean {
  const ints = intPart(type);
  return ints !== undefined && 0 < ints.min;
}

/** The elements of a set, a domain or a sequence as a sequence, in the order in which the language goes through them. */
export function orderedElements(scope: Scope, environment: Environment, over: Expression): Node {
  const { values, helpers, refusals } = scope.module;
  if (over.kind !== 'domain' && isSequence(over.type)) return valueOf(scope, environment, over);
  const element = over.kind === 'domain' ? over.domain : (setPart(over.type)?.element ?? { kind: 'never' as const });
  if (MAX_LISTED < cardinality(element)) {
    const message = `the order of its elements can only be given by writing all ${cardinality(element)} possible ones out`;
    refusals.add('going through a set in order', message, over.span);
    return sequence([]);
  }
  if (over.kind === 'domain') return values.ordered(element, scope.names, false);
  helpers.use('Sequences');
  const inner = withNames(scope);
  const binder = inner.names.take('x');
  const set = valueOf(inner, environment, over);
  const all = inline(values.ordered(element, scope.names, true));
  return text(`SelectSeq(${all}, LAMBDA ${binder} : ${binder} \\in ${operand(set, PRECEDENCE.comparison)})`);
}

function withLocal(environment: Environment, name: string, node: Node): Environment {
  return { ...environment, locals: new Map([...environment.locals, [name, held(node)]]) };
}

function withNames(scope: Scope): Scope {
  return { ...scope, names: scope.names.inner() };
}

/** Gives a sequence a name unless it is short. */
function named(scope: Scope, node: Node, hint: string, use: (inner: Scope, name: Node) => Node): Node {
  const content = inline(node);
  if (node.kind === 'text' && content.length <= 24 && node.precedence === PRECEDENCE.atom) return use(scope, node);
  const inner = withNames(scope);
  const name = inner.names.take(hint);
  return { kind: 'let', definitions: [{ head: name, body: node }], body: use(inner, text(name)) };
}

function comprehension(scope: Scope, environment: Environment, expression: Expression & Comprehension): Node {
  const { operator, over, binder, indexBinder, body } = expression;
  const { values, helpers } = scope.module;
  const overSequence = over.kind !== 'domain' && isSequence(over.type);
  if (overSequence || indexBinder !== undefined || operator === 'find' || operator === 'findIndex') {
    const items = orderedElements(scope, environment, over);
    return named(scope, items, 'items', (outer, s) =>
      sequenceComprehension(outer, environment, expression, s, overSequence),
    );
  }
  const inner = withNames(scope);
  const name = inner.names.take(binder);
  const inside = withLocal(environment, binder, text(name));
  const set = over.kind === 'domain' ? values.listed(over.domain, scope.names) : valueOf(scope, environment, over);
  const bodyNode = valueOf(inner, inside, body);
  const setText = operand(set, PRECEDENCE.comparison);
  switch (operator) {
    case 'all':
    case 'some':
      if (inline(set) === '{}') return text(operator === 'all' ? 'TRUE' : 'FALSE');
      return { kind: 'quantifier', symbol: operator === 'all' ? '\\A' : '\\E', binder: name, set, body: bodyNode };
    case 'count':
      helpers.use('FiniteSets');
      return text(`Cardinality({${name} \\in ${setText} : ${inline(bodyNode)}})`);
    case 'filter':
      return text(`{${name} \\in ${setText} : ${inline(bodyNode)}}`);
    case 'map':
      return text(`{${inline(bodyNode)} : ${name} \\in ${setText}}`);
    case 'record':
      return text(`[${name} \\in ${setText} |-> ${inline(bodyNode)}]`);
  }
}

/** Over `s[1] … s[Len(s)]`; `overSequence`: what it yields is a sequence too. */
function sequenceComprehension(
  scope: Scope,
  environment: Environment,
  { operator, binder, indexBinder, body }: Comprehension,
  s: Node,
  overSequence: boolean,
): Node {
  const { values, helpers } = scope.module;
  helpers.use('Sequences');
  const inner = withNames(scope);
  const i = inner.names.take('i');
  let inside = withLocal(environment, binder, selected(s, [{ kind: 'index', node: text(i), isConstant: false }]));
  if (indexBinder !== undefined)
    inside = withLocal(inside, indexBinder, infix(text(i), '-', text('1'), PRECEDENCE.add));
  const bodyNode = valueOf(inner, inside, body);
  const positions = text(`DOMAIN ${operand(s, PRECEDENCE.multiply)}`, PRECEDENCE.range);
  const hits = `{${i} \\in ${inline(positions)} : ${inline(bodyNode)}}`;
  const firstOf = (set: string, j: string): Node =>
    text(`CHOOSE ${i} \\in ${set} : \\A ${j} \\in ${set} : ${i} <= ${j}`, PRECEDENCE.open);
  switch (operator) {
    case 'all':
    case 'some':
      return {
        kind: 'quantifier',
        symbol: operator === 'all' ? '\\A' : '\\E',
        binder: i,
        set: positions,
        body: bodyNode,
      };
    case 'count':
      helpers.use('FiniteSets');
      return text(`Cardinality(${hits})`);
    case 'filter': {
      const kept = inner.names.take('kept');
      const order = `[${i} \\in ${inline(positions)} |-> ${i}]`;
      const filtered = text(`SelectSeq(${order}, LAMBDA ${i} : ${inline(bodyNode)})`);
      const at = (index: string): string =>
        inline(selected(s, [{ kind: 'index', node: text(index), isConstant: false }]));
      if (!overSequence) return text(`{${at(i)} : ${i} \\in ${hits}}`);
      if (indexBinder === undefined) {
        const each = withNames(scope);
        const element = each.names.take(binder);
        const test = valueOf(each, withLocal(environment, binder, text(element)), body);
        return text(`SelectSeq(${inline(s)}, LAMBDA ${element} : ${inline(test)})`);
      }
      return {
        kind: 'let',
        definitions: [{ head: kept, body: filtered }],
        body: text(`[${i} \\in DOMAIN ${kept} |-> ${at(`${kept}[${i}]`)}]`),
      };
    }
    case 'map':
      return overSequence
        ? text(`[${i} \\in ${inline(positions)} |-> ${inline(bodyNode)}]`)
        : text(`{${inline(bodyNode)} : ${i} \\in ${inline(positions)}}`);
    case 'find':
    case 'findIndex': {
      const found = inner.names.take('found');
      const j = inner.names.take('j');
      const first = firstOf(found, j);
      const answer =
        operator === 'findIndex'
          ? infix(first, '-', text('1'), PRECEDENCE.add)
          : selected(s, [{ kind: 'index', node: first, isConstant: false }]);
      return {
        kind: 'let',
        definitions: [{ head: found, body: text(hits) }],
        body: {
          kind: 'if',
          condition: text(`${found} = {}`, PRECEDENCE.comparison),
          yes: operator === 'findIndex' ? integer(-1) : values.atom(undefined),
          no: answer,
        },
      };
    }
    case 'record': {
      // A key that comes twice has the entry of its last place.
      helpers.use('Range');
      const key = inner.names.take('key');
      const j = inner.names.take('j');
      const at = (index: string): string =>
        inline(selected(s, [{ kind: 'index', node: text(index), isConstant: false }]));
      const same = `{${j} \\in ${inline(positions)} : ${at(j)} = ${key}}`;
      const last = `CHOOSE ${i} \\in ${same} : \\A ${j} \\in ${same} : ${j} <= ${i}`;
      return text(`[${key} \\in Range(${inline(s)}) |-> LET ${i} == ${last} IN ${inline(bodyNode)}]`);
    }
  }
}

function foldValue(scope: Scope, environment: Environment, expression: Expression & Fold): Node {
  const { helpers } = scope.module;
  helpers.use('Sequences');
  const items = orderedElements(scope, environment, expression.over);
  return named(scope, items, 'items', (outer, s) => {
    const inner = withNames(outer);
    const f = inner.names.take('fold');
    const i = inner.names.take('i');
    const before = inner.names.take(expression.accumulator);
    let inside = withLocal(environment, expression.accumulator, text(before));
    inside = withLocal(inside, expression.binder, selected(s, [{ kind: 'index', node: text(i), isConstant: false }]));
    if (expression.indexBinder !== undefined) {
      inside = withLocal(inside, expression.indexBinder, infix(text(i), '-', text('1'), PRECEDENCE.add));
    }
    const length = inline(apply('Len', s));
    return {
      kind: 'let',
      definitions: [
        {
          head: `${f}[${i} \\in 0..${length}]`,
          body: {
            kind: 'if',
            condition: text(`${i} = 0`, PRECEDENCE.comparison),
            yes: valueOf(inner, environment, expression.initial, expression.type),
            no: {
              kind: 'let',
              definitions: [{ head: before, body: text(`${f}[${i} - 1]`) }],
              body: valueOf(inner, inside, expression.body, expression.type),
            },
          },
        },
      ],
      body: text(`${f}[${length}]`),
    };
  });
}

/** Whether evaluating an expression can fail, as far as its types do not rule it out. */
export function canFail(expression: Expression): boolean {
  switch (expression.kind) {
    case 'literal':
    case 'parameter':
    case 'variable':
    case 'local':
    case 'domain':
      return false;
    case 'field': {
      const members = membersOf(expression.object.type);
      const isSure = members.every(
        (member) =>
          (member.kind === 'object' && member.fields.some(({ name }) => name === expression.name)) ||
          member.kind === 'record' ||
          (member.kind === 'variant' &&
            (member.discriminator === expression.name ||
              member.cases.every((one) => one.fields.some(({ name }) => name === expression.name)))),
      );
      return !isSure || canFail(expression.object);
    }
    case 'index': {
      const { object, index } = expression;
      const isSure = membersOf(object.type).every((member) => {
        if (member.kind === 'record') return isSubdomain(index.type, member.key);
        const array = arrayPart(member);
        const ints = index.type.kind === 'int' ? index.type : undefined;
        return array !== undefined && ints !== undefined && 0 <= ints.min && ints.max < array.minLength;
      });
      return !isSure || canFail(object) || canFail(index);
    }
    case 'not':
      return canFail(expression.operand);
    case 'and':
    case 'or':
    case 'implies':
      return canFail(expression.left) || canFail(expression.right);
    case 'conditional':
      return canFail(expression.condition) || canFail(expression.whenTrue) || canFail(expression.whenFalse);
    case 'operation':
      return operationCanFail(expression) || expression.operands.some(canFail);
    case 'object':
      return expression.fields.some((field) => canFail(field.value));
    case 'array':
    case 'set':
      return expression.elements.some(canFail);
    case 'comprehension':
      return expression.operator === 'record' || canFail(expression.over) || canFail(expression.body);
    case 'fold':
      return canFail(expression.over) || canFail(expression.initial) || canFail(expression.body);
    case 'evaluate':
      return statementsCanFail(expression.body) || canFail(expression.result);
    case 'enabled':
      return true;
  }
}

function statementsCanFail(statements: readonly Statement[]): boolean {
  return statements.some(
    (statement) =>
      statement.kind === 'loop' ||
      statement.kind === 'verify' ||
      (statement.kind === 'assign' && statement.target.path.length > 0) ||
      expressionsIn(statement).some(canFail) ||
      statementsCanFail(childrenOf(statement)),
  );
}

function operationCanFail({ operator, operands, type }: Expression & { kind: 'operation' }): boolean {
  switch (operator) {
    case 'add':
    case 'subtract':
    case 'multiply':
    case 'negate':
    case 'absolute':
      return type.kind !== 'int' || type.min <= INT_MIN || INT_MAX <= type.max;
    case 'divide':
    case 'truncate':
    case 'remainder': {
      const divisor = operands[1]!.type;
      return divisor.kind !== 'int' || (divisor.min <= 0 && 0 <= divisor.max);
    }
    case 'with':
      return true;
    default:
      return false;
  }
}
