import * as zod from 'zod';

/**
 * What specs get for zod: zod itself, but that the members of an enum are known in the order in which they were written.
 * zod keeps them as the keys of an object, and JavaScript puts keys that look like integers first.
 */
export const zodInOrder: typeof zod & Readonly<Record<string, unknown>> = {
  ...zod,
  enum: enumInOrder as typeof zod.enum,
};
Object.assign(zodInOrder, { z: zodInOrder, default: zodInOrder });

/** By the object that zod keeps the members in, which copies of a schema share. */
const orders = new WeakMap<object, readonly unknown[]>();

function enumInOrder(...given: readonly unknown[]): unknown {
  const made = Reflect.apply(zod.enum as (...given: readonly unknown[]) => unknown, undefined, given);
  const entries = (made as { readonly _zod: { readonly def: { readonly entries: object } } })._zod.def.entries;
  const [members] = given;
  if (Array.isArray(members)) orders.set(entries, [...new Set<unknown>(members)]);
  return made;
}

/** The members of an enum that was made of an array, as they were written; undefined where that is not known. */
export function writtenOrder(entries: object): readonly unknown[] | undefined {
  return orders.get(entries);
}
