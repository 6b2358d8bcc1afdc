import { isScalar } from '../ir/part.ts';
import { domainAt } from './aliasing.ts';
import type { Reference, Shared, Term } from './term.ts';

/** The objects of the state that a value shares, as JavaScript would. */
export function sharesOf(term: Term): readonly Shared[] {
  switch (term.kind) {
    case 'value':
      return term.shares ?? [];
    case 'reference':
      if (isScalar(domainAt(term.reference))) return [];
      return [{ reference: term.alias?.detached?.reference ?? term.reference, depth: 0, through: 0 }];
    case 'object':
      return [...term.fields.values()].flatMap(sharesWithin);
    case 'list':
      return term.elements.flatMap(sharesWithin);
    default:
      return [];
  }
}

/** What something that holds a term shares by it. */
export function sharesWithin(term: Term): Shared[] {
  return sharesOf(term).map((shared) => ({ ...shared, through: shared.through + 1 }));
}

/** What a shallow copy of a term shares: what it holds. */
export function sharesOfCopy(term: Term): Shared[] {
  return sharesOf(term).map((shared) => ({
    ...shared,
    depth: shared.through === 0 ? shared.depth + 1 : shared.depth,
    through: Math.max(shared.through, 1),
  }));
}

/** What an element of a term shares: all of it. */
export function sharesOfElement(term: Term): Shared[] {
  return sharesOf(term).map((shared) => ({
    ...shared,
    depth: shared.through === 0 ? shared.depth + 1 : shared.depth,
    through: Math.max(shared.through - 1, 0),
  }));
}

/** Remembers that a local has, `through` steps down, a term in it: what is an object there is shared with others. */
export function shareInto(target: Reference, term: Term, through: number): void {
  target.local?.shares.push(...sharesOf(term).map((shared) => ({ ...shared, through: shared.through + through })));
}
