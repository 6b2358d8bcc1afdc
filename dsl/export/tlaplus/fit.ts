import { equalDomains } from '../../ir/domain.ts';
import type { Domain, Expression, Place } from '../../ir/index.ts';
import { cardinality, contains, valuesOf } from '../../ir/index.ts';
import { arrayPart, integersOnly, membersOf } from '../../ir/part.ts';
import { isSubdomain } from '../subdomain.ts';
import { partType } from './environment.ts';
import type { Scope } from './scope.ts';
import { MAX_LISTED } from './collection.ts';
import type { Node } from './node.ts';
import { inline, operand, PRECEDENCE, text } from './node.ts';
import type { Segment } from './place.ts';
import { fieldName, stringLiteral } from './value.ts';

/** The condition under which there is something at `segment`, when its type leaves that open. */
export function existence(
  index: Domain | undefined,
  type: Domain,
  object: () => Node,
  segment: Segment,
): Node | undefined {
  const within = (key: string): Node =>
    text(`${key} \\in DOMAIN ${operand(object(), PRECEDENCE.multiply)}`, PRECEDENCE.comparison);
  if (segment.kind === 'field') {
    const isSure = membersOf(type).every(
      (member) =>
        (member.kind === 'object' && member.fields.some(({ name }) => name === segment.name)) ||
        (member.kind === 'variant' &&
          member.cases.every((one) => one.fields.some(({ name }) => name === segment.name))),
    );
    return isSure ? undefined : within(stringLiteral(fieldName(segment.name)));
  }
  const key = operand(segment.node, PRECEDENCE.comparison);
  for (const member of membersOf(type)) {
    if (member.kind === 'record')
      return index === undefined || isSubdomain(index, member.key) ? undefined : within(key);
    const array = arrayPart(member);
    if (array === undefined) continue;
    const ints = index && integersOnly(index);
    const isSure = ints !== undefined && 0 <= ints.min && ints.max < array.minLength;
    return isSure && type.kind !== 'union' ? undefined : within(key);
  }
  return within(key);
}

/** Whether a value is certainly in the domain of the place it goes to; a literal object may leave optional fields out. */
export function fitsWithin(value: Expression, domain: Domain): boolean {
  if (isSubdomain(value.type, domain)) return true;
  if (value.kind === 'conditional') return fitsWithin(value.whenTrue, domain) && fitsWithin(value.whenFalse, domain);
  if (value.kind !== 'object') return false;
  return membersOf(domain).some(
    (member) =>
      member.kind === 'object' &&
      value.fields.every((field) => {
        const place = member.fields.find(({ name }) => name === field.name);
        return place !== undefined && fitsWithin(field.value, place.domain);
      }) &&
      member.fields.every(
        (field) =>
          value.fields.some(({ name }) => name === field.name) ||
          membersOf(field.domain).some(({ kind }) => kind === 'undefined'),
      ),
  );
}

/** Whether a constant that is known is in a domain. */
export function isWithin(scope: Scope, node: Node, domain: Domain): boolean {
  const content = inline(node);
  if (/^-?\d+$/.test(content)) return contains(domain, Number(content));
  if (node.kind !== 'text' || node.items === undefined || MAX_LISTED < cardinality(domain)) return false;
  return [...valuesOf(domain)].some(
    (value) => inline(scope.module.values.literal(value, domain, scope.names)) === content,
  );
}

/** The cases of a variant that differ in what may be stored at a path from one of their fields on; empty if none do. */
export function unlikeCases(
  type: Domain,
  field: string,
  rest: Place['path'],
): readonly { readonly discriminator: string; readonly tag: string; readonly domain: Domain }[] {
  const variant = membersOf(type).find(({ kind }) => kind === 'variant');
  if (variant?.kind !== 'variant') return [];
  const cases = variant.cases.flatMap(({ tag, fields }) => {
    const start = fields.find(({ name }) => name === field)?.domain;
    if (start === undefined) return [];
    const domain = rest.reduce((so, one) => partType(so, one.kind === 'field' ? one.name : undefined), start);
    return [{ discriminator: variant.discriminator, tag, domain }];
  });
  return cases.every(({ domain }) => equalDomains(domain, cases[0]!.domain)) ? [] : cases;
}
