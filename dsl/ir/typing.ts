import type { ArrayDomain, Domain, Field, RecordDomain, VariantDomain } from './domain.ts';
import { ANY_INT, equalDomains, INT_MAX, INT_MIN } from './domain.ts';
import { cardinality } from './enumerate.ts';
import type { Comprehension, Operator } from './expression.ts';
import type { Value } from './value.ts';
import { isArray, isObject, SetValue } from './value.ts';

/**
 * The type of an operation's result, from the types of its operands.
 *
 * @returns a superset of what it can yield; undefined when no values of these types can be operated on that way.
 */
export function typeOfOperation(operator: Operator, operands: readonly Domain[]): Domain | undefined {
  const [first, second] = operands;
  switch (operator) {
    case 'add':
    case 'subtract':
    case 'multiply':
    case 'divide':
    case 'truncate':
    case 'remainder':
    case 'minimum':
    case 'maximum':
    case 'negate':
    case 'absolute': {
      const ints = operands.map(intPart);
      return ints.every((part) => part !== undefined) ? intervalOf(operator, ints) : undefined;
    }
    case 'less':
    case 'lessOrEqual':
    case 'greater':
    case 'greaterOrEqual':
      return operands.every((operand) => intPart(operand) !== undefined) ? BOOLEAN : undefined;
    case 'equal':
    case 'notEqual':
      return BOOLEAN;
    case 'size': {
      const collection = collectionOf(first!);
      if (collection === undefined) return undefined;
      return { kind: 'int', min: collection.min, max: collection.max };
    }
    case 'includes':
      return collectionOf(first!) && BOOLEAN;
    case 'indexOf': {
      const array = arrayPart(first!);
      return array && { kind: 'int', min: -1, max: Math.max(array.maxLength - 1, -1) };
    }
    case 'at': {
      const array = arrayPart(first!);
      return array && joinDomains(array.element, UNDEFINED);
    }
    case 'slice': {
      const array = arrayPart(first!);
      return (
        array && { ...array, minLength: 0, maxLength: Math.min(array.maxLength, longestSlice(second!, operands[2]!)) }
      );
    }
    case 'concat': {
      const left = arrayPart(first!);
      const right = arrayPart(second!);
      const element = left && right && joinDomains(left.element, right.element);
      return (
        element && {
          kind: 'array',
          element,
          minLength: Math.min(left.minLength + right.minLength, LONGEST),
          maxLength: Math.min(left.maxLength + right.maxLength, LONGEST),
        }
      );
    }
    case 'union': {
      const left = setPart(first!);
      const right = setPart(second!);
      const element = left && right && joinDomains(left.element, right.element);
      return element && { kind: 'set', element };
    }
    case 'intersection':
    case 'difference':
      return setPart(second!) && setPart(first!);
    case 'subset':
      return setPart(first!) && setPart(second!) && BOOLEAN;
    case 'toSet': {
      const collection = collectionOf(first!);
      return collection && { kind: 'set', element: collection.element };
    }
    case 'toArray': {
      const collection = collectionOf(first!);
      return (
        collection && {
          kind: 'array',
          element: collection.element,
          minLength: collection.min,
          maxLength: Math.min(collection.max, LONGEST),
        }
      );
    }
    case 'with':
      return typeOfWith(first!, operands[2]!);
  }
}

/** How many elements there can be between two positions; those that are negative count from an end that is not known. */
function longestSlice(from: Domain, to: Domain): number {
  const [start, end] = [intPart(from), intPart(to)];
  if (start === undefined || end === undefined || start.min < 0 || end.min < 0) return LONGEST;
  return Math.max(end.max - start.min, 0);
}

/** The longest array that typing will speak of; what grows without a bound in sight is given this one. */
export const LONGEST = 2 ** 20;

export const BOOLEAN: Domain = { kind: 'boolean' };
export const UNDEFINED: Domain = { kind: 'undefined' };
export const NEVER: Domain = { kind: 'never' };

/** The smallest domain made of alternatives that holds the value. */
export function typeOfValue(value: Value): Domain {
  if (value === null) return { kind: 'null' };
  if (value === undefined) return UNDEFINED;
  if (typeof value === 'boolean') return BOOLEAN;
  if (typeof value === 'number') return { kind: 'int', min: value, max: value };
  if (typeof value === 'string') return { kind: 'enum', values: [value] };
  if (value instanceof SetValue) return { kind: 'set', element: joinAll(value.elements.map(typeOfValue)) ?? NEVER };
  if (isArray(value)) return typeOfSequence(value.map(typeOfValue));
  if (!isObject(value)) return NEVER;
  return {
    kind: 'object',
    fields: Object.entries(value).map(([name, field]) => ({ name, domain: typeOfValue(field) })),
  };
}

/** The type of an array literal: an array when its elements have a common type, else a tuple. */
export function typeOfSequence(items: readonly Domain[]): Domain {
  const element = joinAll(items);
  return element === undefined
    ? { kind: 'tuple', items }
    : { kind: 'array', element, minLength: items.length, maxLength: items.length };
}

/** The type of `object.name`; undefined when no object of this type has such a field. */
export function typeOfField(object: Domain, name: string): Domain | undefined {
  const found: Domain[] = [];
  for (const member of membersOf(object)) {
    if (member.kind === 'object') found.push(...fieldNamed(member.fields, name));
    if (member.kind !== 'variant') continue;
    if (member.discriminator === name) found.push({ kind: 'enum', values: member.cases.map((one) => one.tag) });
    else for (const one of member.cases) found.push(...fieldNamed(one.fields, name));
  }
  return found.length === 0 ? undefined : joinAll(found);
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

/** The type of `object[index]`; undefined when nothing of this type can be indexed. */
export function typeOfIndex(object: Domain, index: Domain): Domain | undefined {
  const found: Domain[] = [];
  for (const member of membersOf(object)) {
    if (member.kind === 'record') found.push(member.value);
    if (member.kind === 'array') found.push(member.element);
    if (member.kind === 'tuple') {
      const only = index.kind === 'int' && index.min === index.max ? member.items[index.min] : undefined;
      const type = only ?? joinAll(member.items);
      if (type === undefined) return undefined;
      found.push(type);
    }
  }
  return found.length === 0 ? undefined : joinAll(found);
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

/** The type of a comprehension over a collection of type `over` whose body has type `body`. */
export function typeOfComprehension(
  operator: Comprehension['operator'],
  over: Domain,
  body: Domain,
): Domain | undefined {
  const collection = collectionOf(over);
  if (collection === undefined) return undefined;
  switch (operator) {
    case 'all':
    case 'some':
      return BOOLEAN;
    case 'count':
      return { kind: 'int', min: 0, max: collection.max };
    case 'findIndex':
      return { kind: 'int', min: -1, max: Math.max(collection.max - 1, -1) };
    case 'find':
      return joinDomains(collection.element, UNDEFINED);
    case 'filter': {
      const array = arrayPart(over);
      return array ? { ...array, minLength: 0 } : setPart(over);
    }
    case 'map':
      return arrayPart(over)
        ? { kind: 'array', element: body, minLength: collection.min, maxLength: collection.max }
        : { kind: 'set', element: body };
    case 'record':
      return { kind: 'record', key: collection.element, value: body };
  }
}

/**
 * The smallest domain that typing can name with the values of both; undefined for shapes that nothing tells apart,
 * such as two objects with other fields and no common field that holds a different string in each.
 */
export function joinDomains(left: Domain, right: Domain): Domain | undefined {
  if (left.kind === 'never' || equalDomains(left, right)) return right;
  if (right.kind === 'never') return left;
  const members = [...membersOf(left)];
  for (const member of membersOf(right)) {
    const index = members.findIndex((other) => shapeOf(other) === shapeOf(member));
    if (index < 0) {
      members.push(member);
      continue;
    }
    const joined = joinSameShape(members[index]!, member);
    if (joined === undefined) return undefined;
    members[index] = joined;
  }
  return members.length === 1 ? members[0] : { kind: 'union', members };
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
    case 'union':
      return { ...domain, members: domain.members.map(widen) };
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
    case 'null':
    case 'undefined':
    case 'never':
      return domain;
  }
}

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

/** Whether JavaScript compares all values of the type by value: no objects, arrays or sets among them. */
export function isScalar(domain: Domain): boolean {
  return membersOf(domain).every((member) => isScalarShape(member));
}

/** The integers among the values of a type. */
export function intPart(domain: Domain): Interval | undefined {
  for (const member of membersOf(domain)) if (member.kind === 'int') return member;
  return undefined;
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

/** The sets among the values of a type. */
export function setPart(domain: Domain): Extract<Domain, { kind: 'set' }> | undefined {
  for (const member of membersOf(domain)) if (member.kind === 'set') return member;
  return undefined;
}

interface Interval {
  readonly kind: 'int';
  readonly min: number;
  readonly max: number;
}

function intervalOf(operator: Operator, operands: readonly Interval[]): Domain {
  const [a, b] = operands as [Interval, Interval];
  switch (operator) {
    case 'add':
      return interval(a.min + b.min, a.max + b.max);
    case 'subtract':
      return interval(a.min - b.max, a.max - b.min);
    case 'multiply':
      return hull(corners(a, b).map(([x, y]) => x * y));
    case 'divide':
      return quotient(a, b, Math.floor);
    case 'truncate':
      return quotient(a, b, Math.trunc);
    case 'remainder': {
      const largest = Math.max(Math.abs(b.min), Math.abs(b.max)) - 1;
      return interval(a.min < 0 ? Math.max(a.min, -largest) : 0, a.max > 0 ? Math.min(a.max, largest) : 0);
    }
    case 'minimum':
      return interval(Math.min(...operands.map((one) => one.min)), Math.min(...operands.map((one) => one.max)));
    case 'maximum':
      return interval(Math.max(...operands.map((one) => one.min)), Math.max(...operands.map((one) => one.max)));
    case 'negate':
      return interval(-a.max, -a.min);
    default:
      return interval(
        a.min <= 0 && 0 <= a.max ? 0 : Math.min(Math.abs(a.min), Math.abs(a.max)),
        Math.max(Math.abs(a.min), Math.abs(a.max)),
      );
  }
}

/** The divisor that makes a quotient largest or smallest is an end of its interval or next to zero. */
function quotient(a: Interval, b: Interval, round: (x: number) => number): Domain {
  const divisors = [b.min, b.max, -1, 1].filter((divisor) => divisor !== 0 && b.min <= divisor && divisor <= b.max);
  if (divisors.length === 0) return NEVER;
  return hull(divisors.flatMap((divisor) => [round(a.min / divisor), round(a.max / divisor)]));
}

function corners(a: Interval, b: Interval): [number, number][] {
  return [
    [a.min, b.min],
    [a.min, b.max],
    [a.max, b.min],
    [a.max, b.max],
  ];
}

function hull(values: readonly number[]): Domain {
  return interval(Math.min(...values), Math.max(...values));
}

function interval(min: number, max: number): Domain {
  const clip = (value: number) => Math.min(Math.max(value, INT_MIN), INT_MAX) + 0; // never -0
  return { kind: 'int', min: clip(min), max: clip(max) };
}

function typeOfWith(collection: Domain, value: Domain): Domain | undefined {
  for (const member of membersOf(collection)) {
    if (member.kind === 'record') {
      const joined = joinDomains(member.value, value);
      return joined && { ...member, value: joined };
    }
    const array = arrayPart(member);
    const element = array && joinDomains(array.element, value);
    if (element) return { ...array, element };
  }
  return undefined;
}

function fieldNamed(fields: readonly Field[], name: string): Domain[] {
  return fields.filter((field) => field.name === name).map((field) => field.domain);
}

function widenFields(fields: readonly Field[]): Field[] {
  return fields.map((field) => ({ ...field, domain: widen(field.domain) }));
}

function isScalarShape(domain: Domain): boolean {
  switch (domain.kind) {
    case 'boolean':
    case 'int':
    case 'enum':
    case 'ids':
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

/** Members of one union have different shapes, so that a value says which member it belongs to. */
function shapeOf(domain: Domain): string {
  switch (domain.kind) {
    case 'ids':
      return `ids ${domain.name}`;
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
  if (left.kind === 'int' && right.kind === 'int') {
    return { kind: 'int', min: Math.min(left.min, right.min), max: Math.max(left.max, right.max) };
  }
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
