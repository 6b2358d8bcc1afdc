import { contains, entryIn, equalValues, fieldIn, isArray, isObject, valuesOf } from '../../dsl/ir/index.ts';
import type { Domain, Field, ObjectValue, StatePlace, Value, Variable } from '../../dsl/ir/index.ts';
import type { Change } from './behavior.ts';

/** What differs between two states: the smallest places, in declared order. */
export function changesBetween(variables: readonly Variable[], from: ObjectValue, to: ObjectValue): readonly Change[] {
  return variables.flatMap(({ name, domain }) =>
    changesAt({ variable: name, segments: [] }, domain, from[name], to[name]),
  );
}

function changesAt(place: StatePlace, domain: Domain, from: Value, to: Value): readonly Change[] {
  if (equalValues(from, to)) return [];
  const inner = partsOf(place, domain, from, to);
  if (inner === undefined) return [{ place, from, to }];
  return inner.flatMap((part) => changesAt(part.place, part.domain, part.from, part.to));
}

interface Part {
  readonly place: StatePlace;
  readonly domain: Domain;
  readonly from: Value;
  readonly to: Value;
}

/** The places inside two values that can be told apart one by one, or undefined when the values change as a whole. */
function partsOf(place: StatePlace, domain: Domain, from: Value, to: Value): readonly Part[] | undefined {
  switch (domain.kind) {
    case 'object':
      return isObject(from) && isObject(to) ? fieldsOf(place, domain.fields, from, to) : undefined;
    case 'variant': {
      if (!isObject(from) || !isObject(to)) return undefined;
      const tag = from[domain.discriminator];
      if (!equalValues(tag, to[domain.discriminator])) return undefined;
      const present = domain.cases.find((one) => one.tag === tag);
      return present && fieldsOf(place, present.fields, from, to);
    }
    case 'record':
      if (!isObject(from) || !isObject(to)) return undefined;
      return Array.from(valuesOf(domain.key), (key) => {
        const name = String(key);
        return { place: entryIn(place, key), domain: domain.value, from: from[name], to: to[name] };
      });
    case 'tuple':
    case 'array':
      if (!isArray(from) || !isArray(to) || from.length !== to.length) return undefined;
      return from.map((item, index) => ({
        place: entryIn(place, index),
        domain: domain.kind === 'array' ? domain.element : domain.items[index]!,
        from: item,
        to: to[index],
      }));
    case 'union': {
      const member = domain.members.find((one) => contains(one, from) && contains(one, to));
      return member && partsOf(place, member, from, to);
    }
    default:
      return undefined;
  }
}

function fieldsOf(place: StatePlace, fields: readonly Field[], from: ObjectValue, to: ObjectValue): readonly Part[] {
  return fields.map(({ name, domain }) => ({ place: fieldIn(place, name), domain, from: from[name], to: to[name] }));
}
