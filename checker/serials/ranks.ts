import type { Domain, Field, ObjectValue, Value, Variable } from '../../dsl/ir/index.ts';
import { contains, isArray, isObject, setOf, SetValue, valuesOf } from '../../dsl/ir/index.ts';

/** For each domain of values of which only the order counts: those that a state holds, ascending, without the first. */
export type Alive = ReadonlyMap<string, readonly number[]>;

/** What a state holds of such values. */
export function aliveIn(variables: readonly Variable[], state: ObjectValue): Alive {
  const found = new Map<string, Set<number>>();
  for (const { name, domain } of variables) {
    replaced(domain, state[name], (serial, value) => {
      const known = found.get(serial) ?? new Set();
      found.set(serial, known);
      if (value !== 0) known.add(value);
      return value;
    });
  }
  return new Map([...found].map(([name, values]) => [name, [...values].sort((left, right) => left - right)]));
}

/** A state with the rank of each such value in its place, which is what is explored. */
export function settledState(variables: readonly Variable[], state: ObjectValue): ObjectValue {
  const alive = aliveIn(variables, state);
  const rankOf = (serial: string, value: number): number => (alive.get(serial)?.indexOf(value) ?? -1) + 1;
  return stateWith(variables, state, rankOf);
}

/** The declared variables of a state, with others in the place of the values of which only the order counts. */
export function stateWith(
  variables: readonly Variable[],
  state: ObjectValue,
  change: (serial: string, value: number) => number,
): ObjectValue {
  return Object.fromEntries(variables.map(({ name, domain }) => [name, replaced(domain, state[name], change)]));
}

/** A value of a domain with others in the place of the values of which only the order counts. */
export function replaced(domain: Domain, value: Value, change: (serial: string, value: number) => number): Value {
  const inside = (part: Domain, one: Value): Value => replaced(part, one, change);
  const fieldsOf = (fields: readonly Field[], object: ObjectValue): ObjectValue => ({
    ...object,
    ...Object.fromEntries(fields.map((field) => [field.name, inside(field.domain, object[field.name])])),
  });
  switch (domain.kind) {
    case 'serial':
      return typeof value === 'number' ? change(domain.name, value) : value;
    case 'union': {
      const member = domain.members.find((one) => contains(one, value));
      return member === undefined ? value : inside(member, value);
    }
    case 'object':
      return isObject(value) ? fieldsOf(domain.fields, value) : value;
    case 'variant': {
      const one = isObject(value) ? domain.cases.find(({ tag }) => tag === value[domain.discriminator]) : undefined;
      return one === undefined ? value : fieldsOf(one.fields, value as ObjectValue);
    }
    case 'tuple':
      return isArray(value) ? value.map((one, at) => inside(domain.items[at]!, one)) : value;
    case 'array':
      return isArray(value) ? value.map((one) => inside(domain.element, one)) : value;
    case 'set':
      return value instanceof SetValue ? setOf(value.elements.map((one) => inside(domain.element, one))) : value;
    case 'record':
      return isObject(value)
        ? Object.fromEntries(
            [...valuesOf(domain.key)].map(String).map((key) => [key, inside(domain.value, value[key])] as const),
          )
        : value;
    default:
      return value;
  }
}
