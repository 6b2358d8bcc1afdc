import type { Span } from '../../diagnostics/span.ts';
import type { Domain, Field } from '../../ir/index.ts';
import { arrayPart, membersOf } from '../../ir/part.ts';
import { isSequence } from './collection.ts';
import type { Node } from './node.ts';
import { conditional, infix, inline, operand, PRECEDENCE, text } from './node.ts';
import { selected } from './place.ts';
import type { Scope } from './scope.ts';
import { withNames } from './scope.ts';
import { record, sequence } from './value.ts';

type Members = Extract<Domain, { kind: 'object' | 'variant' }>;

/**
 * A value of one type as a value of another that it meets: records in TLA+ have all their fields, so those that `from`
 * leaves out and `to` calls optional are added, wherever objects stand in it.
 *
 * @param span - of what the value is, for a refusal.
 */
export function widened(scope: Scope, node: Node, from: Domain, to: Domain | undefined, span: Span): Node {
  if (to === undefined || !lacks(from, to)) return node;
  const [changing, ...more] = membersOf(from).filter((member) => lacks(member, to));
  if (changing === undefined || more.length > 0) return refused(scope, node, span);
  const others = membersOf(from).filter((member) => member !== changing);
  const go = (inner: Scope, name: Node): Node => {
    const whole = memberWidened(inner, name, changing, to, span);
    if (others.length === 0) return whole;
    const set = scope.module.values.members({ kind: 'union', members: others });
    const isOther = others.every(isListed)
      ? infix(name, '\\in', set, PRECEDENCE.comparison)
      : refused(inner, text('TRUE'), span);
    return conditional(isOther, name, whole);
  };
  if (/^\w+$/.test(inline(node)) || isWritten(node)) return go(scope, node);
  const inner = withNames(scope);
  const name = inner.names.take('value');
  return { kind: 'let', definitions: [{ head: name, body: node }], body: go(inner, text(name)) };
}

function refused(scope: Scope, node: Node, span: Span): Node {
  const message = 'TLA+ records have all their fields, and this may also be something else';
  scope.module.refusals.add('an optional field that is left out', message, span);
  return node;
}

function isWritten(node: Node): boolean {
  return node.kind === 'text' && (node.fields ?? node.items) !== undefined;
}

/** Model values, which TLC compares with anything. */
function isListed({ kind }: Domain): boolean {
  return kind === 'null' || kind === 'undefined' || kind === 'enum' || kind === 'ids';
}

/** Whether a value of `from` may lack a field that `to` has. */
function lacks(from: Domain, to: Domain): boolean {
  if (from === to) return false;
  return membersOf(from).some((member) => membersOf(to).some((other) => memberLacks(member, other)));
}

function memberLacks(from: Domain, to: Domain): boolean {
  if ((from.kind === 'object' || from.kind === 'variant') && (to.kind === 'object' || to.kind === 'variant')) {
    return casesOf(from).some(({ tag, fields }) => {
      const wanted = fieldsFor(to, from, tag);
      return wanted.some(({ name, domain }) => {
        const own = fields.find((field) => field.name === name);
        return own === undefined ? isOptional(domain) : lacks(own.domain, domain);
      });
    });
  }
  if (from.kind === 'record' && to.kind === 'record') return lacks(from.value, to.value);
  if (from.kind === 'set' && to.kind === 'set') return lacks(from.element, to.element);
  if (from.kind === 'tuple' && to.kind === 'tuple') {
    return from.items.some((item, index) => to.items[index] !== undefined && lacks(item, to.items[index]));
  }
  const [own, other] = [arrayPart(from), arrayPart(to)];
  if (own === undefined || other === undefined) return false;
  return from.kind === 'tuple'
    ? from.items.some((item) => lacks(item, other.element))
    : lacks(own.element, other.element);
}

function isOptional(domain: Domain): boolean {
  return membersOf(domain).some(({ kind }) => kind === 'undefined');
}

/** The cases of a variant with their tags; an object is one case, without a tag. */
function casesOf(from: Members): readonly { readonly tag: string | undefined; readonly fields: readonly Field[] }[] {
  return from.kind === 'object' ? [{ tag: undefined, fields: from.fields }] : from.cases;
}

/** The fields of `to` that a value of a case of `from` has there. */
function fieldsFor(to: Members, from: Members, tag: string | undefined): readonly Field[] {
  if (to.kind === 'object') return to.fields;
  const own = tag ?? onlyTag(from, to.discriminator);
  return to.cases.find((one) => one.tag === own)?.fields ?? [];
}

/** What an object has for a discriminator, when that is one string. */
function onlyTag(from: Members, discriminator: string): string | undefined {
  if (from.kind !== 'object') return undefined;
  const domain = from.fields.find(({ name }) => name === discriminator)?.domain;
  return domain?.kind === 'enum' && domain.values.length === 1 ? domain.values[0] : undefined;
}

/** @param from - one that lacks something of `to`; `node` can be written several times. */
function memberWidened(scope: Scope, node: Node, from: Domain, to: Domain, span: Span): Node {
  const target = membersOf(to).find((other) => memberLacks(from, other))!;
  const at = (index: Node): Node => selected(node, [{ kind: 'index', node: index, isConstant: false }]);
  if (isSequence(from)) {
    const element = arrayPart(target)!.element;
    if (from.kind === 'tuple') {
      const items = from.items.map((item, index) => {
        const wanted = target.kind === 'tuple' ? target.items[index] : element;
        return widened(scope, at(text(String(index + 1))), item, wanted, span);
      });
      return sequence(items);
    }
    return each(scope, 'i', text(`DOMAIN ${operand(node, PRECEDENCE.multiply)}`, PRECEDENCE.range), (inner, i) =>
      widened(inner, at(i), arrayPart(from)!.element, element, span),
    );
  }
  if (from.kind === 'record' && target.kind === 'record') {
    return each(scope, 'k', text(`DOMAIN ${operand(node, PRECEDENCE.multiply)}`, PRECEDENCE.range), (inner, k) =>
      widened(inner, at(k), from.value, target.value, span),
    );
  }
  if (from.kind === 'set' && target.kind === 'set') {
    const inner = withNames(scope);
    const name = inner.names.take('x');
    const body = widened(inner, text(name), from.element, target.element, span);
    return text(`{${inline(body)} : ${name} \\in ${operand(node, PRECEDENCE.comparison)}}`);
  }
  return objectWidened(scope, node, from as Members, target as Members, span);
}

function each(scope: Scope, hint: string, over: Node, body: (inner: Scope, name: Node) => Node): Node {
  const inner = withNames(scope);
  const name = inner.names.take(hint);
  return text(`[${name} \\in ${inline(over)} |-> ${inline(body(inner, text(name)))}]`);
}

function objectWidened(scope: Scope, node: Node, from: Members, to: Members, span: Span): Node {
  const fieldOf = (name: string): Node => selected(node, [{ kind: 'field', name }]);
  const cases = casesOf(from).map(({ tag, fields }) => {
    const wanted = fieldsFor(to, from, tag);
    const own = fields.map(({ name, domain }) => {
      const into = wanted.find((field) => field.name === name)?.domain;
      return [name, widened(scope, fieldOf(name), domain, into, span)] as const;
    });
    const missing = wanted.filter(
      ({ name, domain }) => isOptional(domain) && !fields.some((field) => field.name === name),
    );
    const given = from.kind === 'variant' ? [[from.discriminator, fieldOf(from.discriminator)] as const] : [];
    const whole = record([
      ...given,
      ...own,
      ...missing.map(({ name }) => [name, scope.module.values.atom(undefined)] as const),
    ]);
    return { tag, whole };
  });
  return cases.reduceRight<Node | undefined>((rest, { tag, whole }) => {
    if (rest === undefined || from.kind !== 'variant') return whole;
    const isThis = infix(fieldOf(from.discriminator), '=', scope.module.values.atom(tag), PRECEDENCE.comparison);
    return conditional(isThis, whole, rest);
  }, undefined)!;
}
