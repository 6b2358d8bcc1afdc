import type { Domain } from './domain.ts';
import type { Comprehension, Operator } from './expression.ts';
import { intervalOf } from './interval.ts';
import { joinAll, joinDomains, LONGEST } from './join.ts';
import {
  arrayPart,
  BOOLEAN,
  collectionOf,
  fieldNamed,
  intPart,
  membersOf,
  NEVER,
  serialPart,
  setPart,
  UNDEFINED,
} from './part.ts';
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
      return operands.every((operand) => intPart(operand) !== undefined) || areOfOneSerial(operands)
        ? BOOLEAN
        : undefined;
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

/** Whether all are values of one domain of which only the order counts, or nothing that has an order. */
function areOfOneSerial(operands: readonly Domain[]): boolean {
  const names = new Set(operands.map((operand) => serialPart(operand)?.name));
  return names.size === 1 && !names.has(undefined) && operands.every((operand) => intPart(operand) === undefined);
}

/** How many elements there can be between two positions; those that are negative count from an end that is not known. */
function longestSlice(from: Domain, to: Domain): number {
  const [start, end] = [intPart(from), intPart(to)];
  if (start === undefined || end === undefined || start.min < 0 || end.min < 0) return LONGEST;
  return Math.max(end.max - start.min, 0);
}

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

/** The type of an array literal: an array when its elements have a common type with values, else a tuple. */
export function typeOfSequence(items: readonly Domain[]): Domain {
  const element = joinAll(items);
  return element === undefined || (element.kind === 'never' && items.length > 0)
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

function typeOfWith(collection: Domain, value: Domain): Domain | undefined {
  const found: Domain[] = [];
  for (const member of membersOf(collection)) {
    const array = member.kind === 'record' ? undefined : arrayPart(member);
    if (member.kind !== 'record' && array === undefined) continue;
    const joined = joinDomains(member.kind === 'record' ? member.value : array!.element, value);
    if (joined === undefined) return undefined;
    found.push(member.kind === 'record' ? { ...member, value: joined } : { ...array!, element: joined });
  }
  return found.length === 0 ? undefined : joinAll(found);
}
