import type { Domain, Field } from '../ir/index.ts';
import { contains, valuesOf } from '../ir/index.ts';
import { membersOf } from '../ir/part.ts';

/**
 * Whether every value of `inner` is certainly one of `outer`, as far as their descriptions show: what lets an exporter
 * leave out a check. False when in doubt.
 */
export function isSubdomain(inner: Domain, outer: Domain): boolean {
  if (inner.kind === 'never' || inner === outer) return true;
  if (inner.kind === 'union' || outer.kind === 'union') {
    return membersOf(inner).every((member) => membersOf(outer).some((other) => isSubdomain(member, other)));
  }
  switch (inner.kind) {
    case 'boolean':
      return outer.kind === 'boolean' && (outer.only === undefined || outer.only === inner.only);
    case 'null':
    case 'undefined':
      return outer.kind === inner.kind;
    case 'serial':
      return outer.kind === 'serial' && outer.name === inner.name;
    case 'int':
      return outer.kind === 'int' && outer.min <= inner.min && inner.max <= outer.max;
    case 'enum':
    case 'ids':
      return inner.values.every((value) => (outer.kind === 'enum' || outer.kind === 'ids') && contains(outer, value));
    case 'object':
      return outer.kind === 'object' && haveSubfields(inner.fields, outer.fields);
    case 'variant':
      return (
        outer.kind === 'variant' &&
        inner.discriminator === outer.discriminator &&
        inner.cases.every((one) => {
          const other = outer.cases.find(({ tag }) => tag === one.tag);
          return other !== undefined && haveSubfields(one.fields, other.fields);
        })
      );
    case 'tuple':
      if (outer.kind === 'array') {
        const { length } = inner.items;
        const fits = outer.minLength <= length && length <= outer.maxLength;
        return fits && inner.items.every((item) => isSubdomain(item, outer.element));
      }
      return (
        outer.kind === 'tuple' &&
        inner.items.length === outer.items.length &&
        inner.items.every((item, index) => isSubdomain(item, outer.items[index]!))
      );
    case 'array':
      if (outer.kind === 'tuple') {
        const { length } = outer.items;
        const fits = inner.minLength === length && inner.maxLength === length;
        return fits && outer.items.every((item) => isSubdomain(inner.element, item));
      }
      return (
        outer.kind === 'array' &&
        outer.minLength <= inner.minLength &&
        inner.maxLength <= outer.maxLength &&
        (inner.maxLength === 0 || isSubdomain(inner.element, outer.element))
      );
    case 'record':
      return outer.kind === 'record' && haveSameKeys(inner.key, outer.key) && isSubdomain(inner.value, outer.value);
    case 'set':
      return outer.kind === 'set' && isSubdomain(inner.element, outer.element);
  }
}

function haveSubfields(inner: readonly Field[], outer: readonly Field[]): boolean {
  return (
    inner.length === outer.length &&
    inner.every((field) => {
      const other = outer.find(({ name }) => name === field.name);
      return other !== undefined && isSubdomain(field.domain, other.domain);
    })
  );
}

/** Keys are compared as text, as records do. */
function haveSameKeys(left: Domain, right: Domain): boolean {
  const keys = new Set([...valuesOf(left)].map(String));
  const others = [...valuesOf(right)].map(String);
  return keys.size === others.length && others.every((key) => keys.has(key));
}
