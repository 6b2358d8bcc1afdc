import type { ArrayDomain, Domain, Field, SerialDomain, UnionDomain } from './domain.ts';
import { INT_MAX } from './domain.ts';
import type { Statement } from './effect.ts';
import { cardinality } from './enumerate.ts';
import type { Interval } from './interval.ts';
import { joinAll } from './join.ts';

/** The alternatives of a union, or the domain itself. */
export function membersOf(domain: Domain): readonly Domain[] {
  return domain.kind === 'union' ? domain.members : [domain];
}

/** The domain without null and undefined; `never` when nothing is left. */
export function presentPart(domain: Domain): Domain {
  const members = membersOf(domain).filter((member) => member.kind !== 'null' && member.kind !== 'undefined');
  return members.length === 1 ? members[0]! : members.length === 0 ? NEVER : { kind: 'union', members };
}

/** Whether a value of the type can be null or undefined. */
export function canBeAbsent(domain: Domain): boolean {
  return membersOf(domain).some((member) => member.kind === 'null' || member.kind === 'undefined');
}

/** Whether a field of that type may be left out. */
export function isOptional(domain: Domain): boolean {
  return membersOf(domain).some((member) => member.kind === 'undefined');
}

/** Whether JavaScript compares all values of the type by value: no objects, arrays or sets among them. */
export function isScalar(domain: Domain): boolean {
  return membersOf(domain).every((member) => isScalarShape(member));
}

function isScalarShape(domain: Domain): boolean {
  switch (domain.kind) {
    case 'boolean':
    case 'int':
    case 'enum':
    case 'ids':
    case 'serial':
    case 'null':
    case 'undefined':
    case 'never':
      return true;
    case 'union':
      return domain.members.every(isScalarShape);
    case 'object':
    case 'variant':
    case 'tuple':
    case 'array':
    case 'record':
    case 'set':
      return false;
  }
}

/** The least interval with all integers among the values of a type. */
export function intPart(domain: Domain): Interval | undefined {
  const runs = intRuns(domain);
  const [first] = runs;
  return first === undefined || runs.length === 1 ? first : { ...first, max: runs[runs.length - 1]!.max };
}

/** The values of a type of which only the order counts. */
export function serialPart(domain: Domain): SerialDomain | undefined {
  return membersOf(domain).find((member) => member.kind === 'serial');
}

/** Whether a statement makes a value above all of its domain. */
export function isFresh(
  statement: Statement,
): statement is Extract<Statement, { kind: 'choose' }> & { readonly domain: SerialDomain } {
  return statement.kind === 'choose' && statement.from.kind === 'domain' && statement.domain.kind === 'serial';
}

/** The first domain of values of which only the order counts that there is in a domain, at any depth. */
export function serialWithin(domain: Domain): SerialDomain | undefined {
  if (domain.kind === 'serial') return domain;
  const key = domain.kind === 'record' ? [domain.key] : domain.kind === 'union' ? domain.members : [];
  for (const part of [...key, ...partsOf(domain)]) {
    const found = serialWithin(part);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The integers among the values of a type: ascending intervals with gaps between them. */
export function intRuns(domain: Domain): readonly Interval[] {
  return domain.kind === 'int' ? [domain] : domain.kind === 'union' ? runsOf(domain.members.filter(isInterval)) : [];
}

/** The least interval around a type that has integers, and nothing else. */
export function integersOnly(domain: Domain): Interval | undefined {
  return membersOf(domain).every(isInterval) ? intPart(domain) : undefined;
}

/** The integers of any number of intervals, as {@link intRuns}. */
export function runsOf(intervals: readonly Interval[]): readonly Interval[] {
  const runs: Interval[] = [];
  for (const one of intervals.toSorted((left, right) => left.min - right.min)) {
    const last = runs.at(-1);
    if (last === undefined || last.max + 1 < one.min) runs.push(one);
    else if (last.max < one.max) runs[runs.length - 1] = { ...last, max: one.max };
  }
  return runs;
}

/** The domain of the integers of some intervals; `never` for none. */
export function integersIn(intervals: readonly Interval[]): Domain {
  const runs = runsOf(intervals);
  return runs.length === 1 ? runs[0]! : runs.length === 0 ? NEVER : { kind: 'union', members: runs };
}

/** {@link membersOf}, with the integers as one alternative: they have one type, with gaps or without. */
export function alternativesOf(domain: Domain): readonly Domain[] {
  const runs = intRuns(domain);
  if (runs.length < 2) return membersOf(domain);
  const members = membersOf(domain);
  const at = members.findIndex(isInterval);
  const ints: Domain = { kind: 'union', members: runs };
  return members.flatMap((member, index) => (index === at ? [ints] : member.kind === 'int' ? [] : [member]));
}

/** Whether a member of a union is integers that are written one by one: a few, with a gap before or after them. */
export function isListed(member: Domain, { members }: UnionDomain): member is Interval {
  const hasGaps = 1 < members.filter(isInterval).length;
  return hasGaps && member.kind === 'int' && member.max <= member.min + 1;
}

function isInterval(domain: Domain): domain is Interval {
  return domain.kind === 'int';
}

/** The arrays among the values of a type; a tuple counts as one. */
export function arrayPart(domain: Domain): ArrayDomain | undefined {
  for (const member of membersOf(domain)) {
    if (member.kind === 'array') return member;
    if (member.kind === 'tuple') {
      const element = joinAll(member.items);
      const length = member.items.length;
      return element && { kind: 'array', element, minLength: length, maxLength: length };
    }
  }
  return undefined;
}

/** The domains of what is one step down a value; of the alternatives of a union. */
export function partsOf(domain: Domain): readonly Domain[] {
  switch (domain.kind) {
    case 'object':
      return domain.fields.map((field) => field.domain);
    case 'variant':
      return domain.cases.flatMap((one) => one.fields.map((field) => field.domain));
    case 'tuple':
      return domain.items;
    case 'array':
    case 'set':
      return [domain.element];
    case 'record':
      return [domain.value];
    case 'union':
      return domain.members.flatMap(partsOf);
    default:
      return [];
  }
}

/** The sets among the values of a type. */
export function setPart(domain: Domain): Extract<Domain, { kind: 'set' }> | undefined {
  for (const member of membersOf(domain)) if (member.kind === 'set') return member;
  return undefined;
}

/** What a set, array or tuple holds and how many of it; undefined for what is none. */
export function collectionOf(domain: Domain): { element: Domain; min: number; max: number } | undefined {
  for (const member of membersOf(domain)) {
    if (member.kind === 'set') {
      return { element: member.element, min: 0, max: Math.min(cardinality(member.element), INT_MAX) };
    }
    const array = arrayPart(member);
    if (array !== undefined) return { element: array.element, min: array.minLength, max: array.maxLength };
  }
  return undefined;
}

export const BOOLEAN: Domain = { kind: 'boolean' };

export const UNDEFINED: Domain = { kind: 'undefined' };

export const NEVER: Domain = { kind: 'never' };

export function fieldNamed(fields: readonly Field[], name: string): Domain[] {
  return fields.filter((field) => field.name === name).map((field) => field.domain);
}

/** The names that `typeOfField` knows for this type, in order of declaration. */
export function fieldNamesOf(object: Domain): readonly string[] {
  const names = membersOf(object).flatMap((member) => {
    if (member.kind === 'object') return member.fields.map((field) => field.name);
    if (member.kind !== 'variant') return [];
    return [member.discriminator, ...member.cases.flatMap((one) => one.fields.map((field) => field.name))];
  });
  return [...new Set(names)];
}
