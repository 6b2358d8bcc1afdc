import type { Comprehension, Domain, Expression } from '../../ir/index.ts';
import { collectionOf, membersOf } from '../../ir/part.ts';
import { conjunctsOf } from '../negation.ts';
import { isSequence, orderedElements } from './collection.ts';
import type { Environment } from './environment.ts';
import { withLocal } from './environment.ts';
import { valueOf } from './expression.ts';
import type { Node } from './node.ts';
import { apply, infix, inline, operand, PRECEDENCE, text } from './node.ts';
import { selected } from './place.ts';
import { conjunction, rangeOf } from './range.ts';
import type { Scope } from './scope.ts';
import { withNames } from './scope.ts';
import { integer } from './value.ts';

/** @param into - the type of the place that it goes to, for what `map` and `record` make. */
export function comprehension(
  scope: Scope,
  environment: Environment,
  expression: Expression & Comprehension,
  into: Domain,
): Node {
  const element = bodyType(expression, into);
  const { operator, over, binder, indexBinder } = expression;
  const { helpers } = scope.module;
  const overSequence = over.kind !== 'domain' && isSequence(over.type);
  if (overSequence || indexBinder !== undefined || operator === 'find' || operator === 'findIndex') {
    const items = orderedElements(scope, environment, over);
    return named(scope, items, 'items', (outer, s) =>
      sequenceComprehension(outer, environment, { ...expression, overSequence, element }, s),
    );
  }
  const inner = withNames(scope);
  const name = inner.names.takeLocal(binder);
  const inside = withLocal(environment, binder, text(name));
  const { set, claim } = bounded(scope, environment, expression);
  const bodyNode = claim === undefined ? undefined : valueOf(inner, inside, claim, element);
  const setText = operand(set, PRECEDENCE.comparison);
  const chosen = bodyNode === undefined ? set : text(`{${name} \\in ${setText} : ${inline(bodyNode)}}`);
  const made = bodyNode ?? text('TRUE');
  switch (operator) {
    case 'all':
    case 'some':
      if (inline(set) === '{}') return text(operator === 'all' ? 'TRUE' : 'FALSE');
      return { kind: 'quantifier', symbol: operator === 'all' ? '\\A' : '\\E', binder: name, set, body: made };
    case 'count':
      helpers.use('FiniteSets');
      return apply('Cardinality', chosen);
    case 'filter':
      return chosen;
    case 'map':
      return text(`{${inline(made)} : ${name} \\in ${setText}}`);
    case 'record':
      return text(`[${name} \\in ${setText} |-> ${inline(made)}]`);
  }
}

/** What a comprehension goes through, where conditions on integers are bounds of a range, and what it says of each. */
function bounded(
  scope: Scope,
  environment: Environment,
  { operator, over, binder, body }: Expression & Comprehension,
): { readonly set: Node; readonly claim: Expression | undefined } {
  if (over.kind !== 'domain') return { set: valueOf(scope, environment, over), claim: body };
  const { domain } = over;
  const isAbout = operator === 'all' ? body.kind === 'implies' : ['some', 'count', 'filter'].includes(operator);
  if (domain.kind !== 'int' || !isAbout) {
    return { set: scope.module.values.listed(domain, scope.names), claim: body };
  }
  const premise = body.kind === 'implies' && operator === 'all' ? body.left : body;
  const { set, conditions } = rangeOf(scope, environment, domain, binder, conjunctsOf(premise));
  const rest = conjunction(conditions);
  if (operator !== 'all' || body.kind !== 'implies') return { set, claim: rest };
  return { set, claim: rest === undefined ? body.right : { ...body, left: rest } };
}

/** `overSequence`: what it yields is a sequence too; `element`: the type of what its body makes, where that is kept. */
interface Made {
  readonly overSequence: boolean;
  readonly element: Domain | undefined;
}

/** What the body of a comprehension makes, as it is to be kept: what `map` and `record` give back. */
function bodyType({ operator }: Comprehension, into: Domain): Domain | undefined {
  if (operator === 'map') return collectionOf(into)?.element;
  const [kept] = membersOf(into).flatMap((one) => (one.kind === 'record' ? [one.value] : []));
  return operator === 'record' ? kept : undefined;
}

/** Over `s[1] … s[Len(s)]`. */
function sequenceComprehension(
  scope: Scope,
  environment: Environment,
  { operator, binder, indexBinder, body, overSequence, element }: Comprehension & Made,
  s: Node,
): Node {
  const { values, helpers } = scope.module;
  helpers.use('Sequences');
  const inner = withNames(scope);
  const i = inner.names.take('i');
  let inside = withLocal(environment, binder, selected(s, [{ kind: 'index', node: text(i), isConstant: false }]));
  if (indexBinder !== undefined)
    inside = withLocal(inside, indexBinder, infix(text(i), '-', text('1'), PRECEDENCE.add));
  const bodyNode = valueOf(inner, inside, body, element);
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
        const name = each.names.takeLocal(binder);
        const test = valueOf(each, withLocal(environment, binder, text(name)), body);
        return text(`SelectSeq(${inline(s)}, LAMBDA ${name} : ${inline(test)})`);
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

/** Gives a sequence a name unless it is short. */
function named(scope: Scope, node: Node, hint: string, use: (inner: Scope, name: Node) => Node): Node {
  const content = inline(node);
  if (node.kind === 'text' && content.length <= 24 && node.precedence === PRECEDENCE.atom) return use(scope, node);
  const inner = withNames(scope);
  const name = inner.names.take(hint);
  return { kind: 'let', definitions: [{ head: name, body: node }], body: use(inner, text(name)) };
}
