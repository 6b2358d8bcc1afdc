import type { Domain, Field, RecordDomain, VariantDomain } from './domain.ts';
import { ANY_INT, equalDomains } from './domain.ts';
import type { Interval } from './interval.ts';
import {
  alternativesOf,
  arrayPart,
  BOOLEAN,
  fieldNamed,
  fieldNamesOf,
  intPart,
  intRuns,
  membersOf,
  NEVER,
  runsOf,
  UNDEFINED,
} from './part.ts';

/**
 * The smallest domain that typing can name with the values of both; undefined for shapes that nothing tells apart,
 * such as two objects with other fields and no common field that holds a different string in each.
 */
export function joinDomains(left: Domain, right: Domain): Domain | undefined {
  if (left.kind === 'never' || equalDomains(left, right)) return right;
  if (right.kind === 'never') return left;
  const members = [...membersOf(left)];
  const ints = intRuns(left);
  for (const member of membersOf(right)) {
    if (member.kind === 'int' && 0 < ints.length) continue; // together, below
    if (member.kind === 'int') {
      members.push(member);
      continue;
    }
    const index = members.findIndex((other) => shapeOf(other) === shapeOf(member));
    if (index < 0) {
      members.push(member);
      continue;
    }
    const joined = joinSameShape(members[index]!, member);
    if (joined === undefined) return undefined;
    members[index] = joined;
  }
  if (0 < ints.length) {
    const first = members.findIndex(({ kind }) => kind === 'int');
    members.splice(first, ints.length, ...joinRuns(ints, intRuns(right)));
  }
  return members.length === 1 ? members[0] : { kind: 'union', members };
}

/** Gaps stay where one side has all of the other's integers; two sets that differ are taken for all between their ends. */
function joinRuns(left: readonly Interval[], right: readonly Interval[]): readonly Interval[] {
  const both = runsOf([...left, ...right]);
  const isOneOfThem = [left, right].some((side) => JSON.stringify(side) === JSON.stringify(both));
  return isOneOfThem ? both : [{ kind: 'int', min: both[0]!.min, max: both[both.length - 1]!.max }];
}

/** `joinDomains` over any number; `never` for none. */
export function joinAll(domains: readonly Domain[]): Domain | undefined {
  let result: Domain | undefined = NEVER;
  for (const domain of domains) result = result && joinDomains(result, domain);
  return result;
}

/** The same with every bound that could still grow put at its end, so that repeated joining comes to rest. */
export function widen(domain: Domain): Domain {
  switch (domain.kind) {
    case 'int':
      return ANY_INT;
    case 'array':
      return { ...domain, element: widen(domain.element), minLength: 0, maxLength: LONGEST };
    case 'set':
      return { ...domain, element: widen(domain.element) };
    case 'union': {
      const members = alternativesOf(domain).map((one) => (intPart(one) === undefined ? widen(one) : ANY_INT));
      return members.length === 1 ? members[0]! : { ...domain, members };
    }
    case 'object':
      return { ...domain, fields: widenFields(domain.fields) };
    case 'variant':
      return { ...domain, cases: domain.cases.map((one) => ({ ...one, fields: widenFields(one.fields) })) };
    case 'tuple':
      return { ...domain, items: domain.items.map(widen) };
    case 'record':
      return { ...domain, value: widen(domain.value) };
    case 'boolean':
    case 'enum':
    case 'ids':
    case 'serial':
    case 'null':
    case 'undefined':
    case 'never':
      return domain;
  }
}

function widenFields(fields: readonly Field[]): Field[] {
  return fields.map((field) => ({ ...field, domain: widen(field.domain) }));
}

/** Members of one union have different shapes, so that a value says which member it belongs to. */
function shapeOf(domain: Domain): string {
  switch (domain.kind) {
    case 'ids':
    case 'serial':
      return `${domain.kind} ${domain.name}`;
    case 'tuple':
    case 'array':
      return 'array';
    case 'object':
    case 'variant':
    case 'record':
      return 'object';
    default:
      return domain.kind;
  }
}

function joinSameShape(left: Domain, right: Domain): Domain | undefined {
  if (equalDomains(left, right)) return left;
  if (left.kind === 'boolean' && right.kind === 'boolean') return BOOLEAN;
  if (left.kind === 'enum' && right.kind === 'enum') {
    return { kind: 'enum', values: [...new Set([...left.values, ...right.values])] };
  }
  if (left.kind === 'set' && right.kind === 'set') {
    const element = joinDomains(left.element, right.element);
    return element && { kind: 'set', element };
  }
  if (left.kind === 'record' && right.kind === 'record') {
    const key = joinDomains(left.key, right.key);
    const value = joinDomains(left.value, right.value);
    return key && value && { kind: 'record', key, value };
  }
  if (left.kind === 'record' && right.kind === 'object') return joinRecord(left, right.fields);
  if (left.kind === 'object' && right.kind === 'record') return joinRecord(right, left.fields);
  if (left.kind === 'tuple' && right.kind === 'tuple' && left.items.length === right.items.length) {
    const items = left.items.map((item, index) => joinDomains(item, right.items[index]!));
    if (items.every((item) => item !== undefined)) return { kind: 'tuple', items };
  }
  const [leftArray, rightArray] = [arrayPart(left), arrayPart(right)];
  if (leftArray && rightArray) {
    const element = joinDomains(leftArray.element, rightArray.element);
    return (
      element && {
        kind: 'array',
        element,
        minLength: Math.min(leftArray.minLength, rightArray.minLength),
        maxLength: Math.max(leftArray.maxLength, rightArray.maxLength),
      }
    );
  }
  if (left.kind === 'object' && right.kind === 'object' && haveSameNames(left.fields, right.fields)) {
    const fields = joinFields(left.fields, right.fields);
    if (fields !== undefined) return { kind: 'object', fields };
  }
  const variant = joinVariants(left, right);
  if (variant !== undefined || left.kind !== 'object' || right.kind !== 'object') return variant;
  const fields = joinFields(left.fields, right.fields);
  return fields && { kind: 'object', fields };
}

/** An object that lists all keys of a record is one. */
function joinRecord(record: RecordDomain, fields: readonly Field[]): RecordDomain | undefined {
  if (record.key.kind !== 'enum' || record.key.values.length !== fields.length) return undefined;
  const values = record.key.values.map((name) => fieldNamed(fields, name)[0]);
  const known = values.filter((value) => value !== undefined);
  const value = known.length === values.length ? joinAll([record.value, ...known]) : undefined;
  return value && { ...record, value };
}

function haveSameNames(left: readonly Field[], right: readonly Field[]): boolean {
  return left.length === right.length && left.every((field) => fieldNamed(right, field.name).length > 0);
}

/** A field that only one side has may be undefined. */
function joinFields(left: readonly Field[], right: readonly Field[]): Field[] | undefined {
  const names = new Set([...left, ...right].map((field) => field.name));
  const joined: Field[] = [];
  for (const name of names) {
    const [one = UNDEFINED] = fieldNamed(left, name);
    const [other = UNDEFINED] = fieldNamed(right, name);
    const domain = joinDomains(one, other);
    if (domain === undefined) return undefined;
    joined.push({ name, domain });
  }
  return joined;
}

function joinVariants(left: Domain, right: Domain): VariantDomain | undefined {
  const names = [left, right].flatMap((one) => (one.kind === 'variant' ? [one.discriminator] : fieldNamesOf(one)));
  for (const discriminator of new Set(names)) {
    const leftCases = casesBy(left, discriminator);
    const rightCases = casesBy(right, discriminator);
    if (leftCases === undefined || rightCases === undefined) continue;
    const bothObjects = left.kind === 'object' && right.kind === 'object';
    if (bothObjects && rightCases.some((one) => leftCases.some((other) => other.tag === one.tag))) continue;
    const cases = [...leftCases];
    for (const one of rightCases) {
      const index = cases.findIndex((other) => other.tag === one.tag);
      if (index < 0) {
        cases.push(one);
        continue;
      }
      const fields = joinFields(cases[index]!.fields, one.fields);
      if (fields === undefined) return undefined;
      cases[index] = { tag: one.tag, fields };
    }
    return { kind: 'variant', discriminator, cases };
  }
  return undefined;
}

function casesBy(domain: Domain, discriminator: string): VariantDomain['cases'] | undefined {
  if (domain.kind === 'variant') return domain.discriminator === discriminator ? domain.cases : undefined;
  if (domain.kind !== 'object') return undefined;
  const [tag] = fieldNamed(domain.fields, discriminator);
  if (tag?.kind !== 'enum') return undefined;
  const fields = domain.fields.filter((field) => field.name !== discriminator);
  return tag.values.map((value) => ({ tag: value, fields }));
}

/** The longest array that typing will speak of; what grows without a bound in sight is given this one. */
export const LONGEST = 2 ** 20;
