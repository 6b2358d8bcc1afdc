import { fold } from '../ir/fold.ts';
import type { Node } from '../ir/fold.ts';
import type { Domain, System } from '../ir/index.ts';
import { isOptional, membersOf } from '../ir/part.ts';
import type { Refusals } from './refusal.ts';

/**
 * Refuses what puts an object where an object of fewer fields is wanted, if what is too much may be undefined: to the
 * checker, as to JavaScript, it is then not there, and in other languages it is one more field.
 */
export function refuseExtraFields({ init, actions }: System, refusals: Refusals): void {
  const visit = (node: Node): void => {
    fold<void>(node, (one) => {
      if (one.kind !== 'assign' && one.kind !== 'let') return;
      const wanted = one.kind === 'assign' ? one.target.domain : one.domain;
      const field = extraField(one.value.type, wanted);
      if (field === undefined) return;
      const construct = `an object that may have a field \`${field}\` or not`;
      refusals.add(construct, 'the place that it is put into has no such field', one.value.span);
    });
  };
  init.forEach(visit);
  for (const { body } of actions) body.forEach(visit);
}

/** A field that values of a type may have as undefined, and those of a domain never have. */
function extraField(type: Domain, domain: Domain): string | undefined {
  return first(membersOf(type), (given) => {
    // With what it is said to be, not with another member of a union.
    const found = membersOf(domain).map((wanted) => extraIn(given, wanted));
    return found.every((one) => one !== undefined) ? found[0]?.field : undefined;
  });
}

/** What is too much, if anything is; undefined also where the two have nothing in common. */
function extraIn(given: Domain, wanted: Domain): { readonly field: string } | undefined {
  const inside = (type: Domain, domain: Domain): { readonly field: string } | undefined => {
    const field = extraField(type, domain);
    return field === undefined ? undefined : { field };
  };
  if (given.kind === 'object' && wanted.kind === 'object') {
    const extra = given.fields.find(
      ({ name, domain }) => isOptional(domain) && !wanted.fields.some((one) => one.name === name),
    );
    if (extra !== undefined) return { field: extra.name };
    return first(given.fields, ({ name, domain }) => {
      const same = wanted.fields.find((one) => one.name === name);
      return same && inside(domain, same.domain);
    });
  }
  if (given.kind === 'object' && wanted.kind === 'variant') {
    const all = new Set(
      wanted.cases.flatMap(({ fields }) => fields.map(({ name }) => name)).concat(wanted.discriminator),
    );
    const extra = given.fields.find(({ name, domain }) => isOptional(domain) && !all.has(name));
    return extra && { field: extra.name };
  }
  if ((given.kind === 'array' || given.kind === 'set') && wanted.kind === given.kind)
    return inside(given.element, wanted.element);
  if (given.kind === 'record' && wanted.kind === 'record') return inside(given.value, wanted.value);
  if (given.kind === 'tuple' && wanted.kind === 'tuple')
    return first(given.items, (item, at) =>
      wanted.items[at] === undefined ? undefined : inside(item, wanted.items[at]),
    );
  if (given.kind === 'tuple' && wanted.kind === 'array')
    return first(given.items, (item) => inside(item, wanted.element));
  if (given.kind === 'array' && wanted.kind === 'tuple')
    return first(wanted.items, (item) => inside(given.element, item));
  return undefined;
}

function first<Item, Result>(
  items: readonly Item[],
  find: (item: Item, at: number) => Result | undefined,
): Result | undefined {
  for (const [at, item] of items.entries()) {
    const found = find(item, at);
    if (found !== undefined) return found;
  }
  return undefined;
}
