import type { Reference } from './term.ts';

/**
 * Objects that are in no place of the state and in no local of the IR: constants of the module, and object literals that
 * are known by their parts. Such an object never changes, but what it is put into must not change either: in JavaScript
 * it would change too. So it counts as a place of its own, which nothing leads to.
 */
export function newIdentity(): Reference {
  count += 1;
  return {
    root: { kind: 'local', name: `#${count}` },
    rootDomain: { kind: 'object', fields: [] },
    rootSpan: { file: -1, start: 0, end: 0 },
    segments: [],
  };
}

let count = 0;

const known = new WeakMap<object, Reference>();

/** The identity of something that evaluating the module has left; the same whenever it is asked for. */
export function identityOf(value: object): Reference {
  const found = known.get(value) ?? newIdentity();
  known.set(value, found);
  return found;
}

/** Whether a reference stands for such an object, and for no place. */
export function isIdentity({ root, local }: Reference): boolean {
  return root.kind === 'local' && local === undefined;
}
