import { isScalar } from '../ir/part.ts';
import { addShare, domainAt, mayOverlap } from './aliasing.ts';
import { isSchema } from './host-value.ts';
import { identityOf } from './identity.ts';
import type { Local, Reference, Shared, Term } from './term.ts';
import { elsewhere, tie } from './tie.ts';
import type { Unit } from './unit.ts';
import type { Span } from '../diagnostics/span.ts';

/** The objects of the state that a value shares, as JavaScript would. */
export function sharesOf(term: Term): readonly Shared[] {
  switch (term.kind) {
    case 'value':
      return term.shares ?? [];
    case 'reference': {
      if (isScalar(domainAt(term.reference))) return [];
      const reference = term.alias?.detached?.reference ?? term.reference;
      return [{ reference, depth: 0, through: 0 }, ...sharesInside(reference, reference.segments.length)];
    }
    case 'object':
      return distinct([...sharesOfIdentity(term.identity), ...[...term.fields.values()].flatMap(sharesWithin)]);
    case 'list':
      return distinct([...sharesOfIdentity(term.identity), ...term.elements.flatMap(sharesWithin)]);
    case 'host':
      return typeof term.value === 'object' && term.value !== null && !isSchema(term.value)
        ? sharesOfIdentity(identityOf(term.value))
        : [];
    case 'choice':
      return [...sharesOf(term.yes), ...sharesOf(term.no)];
    default:
      return [];
  }
}

/** So many may be compared one by one. */
const FEW = 64;

/**
 * Of many objects those that differ. Where a value is made of values that hold an object twice, it holds it four times,
 * and so on: what stands for all of them says that it is there more than once.
 */
function distinct(shares: readonly Shared[]): readonly Shared[] {
  if (shares.length <= FEW) return shares;
  const known = new Map<string, Shared>();
  for (const shared of shares) {
    const { reference, depth, through, moved, many } = shared;
    const path = reference.segments.map((segment) => (segment.kind === 'field' ? segment.name : segment.index));
    const key = JSON.stringify([reference.root, path, depth, through, moved, many]);
    known.set(key, known.has(key) && moved !== true ? { ...shared, many: true } : shared);
  }
  return [...known.values()];
}

function sharesOfIdentity(identity: Reference | undefined): Shared[] {
  return identity === undefined ? [] : [{ reference: identity, depth: 0, through: 0, moved: true }];
}

/** What the object `level` steps down a local has in common with others. */
function sharesInside({ local }: Reference, level: number): Shared[] {
  return (local?.shares ?? []).map((shared) => ({
    ...shared,
    depth: shared.depth + Math.max(level - shared.through, 0),
    through: Math.max(shared.through - level, 0),
  }));
}

/** What an element shares that has been taken out of an array: with the array it has nothing in common any more. */
export function sharesOfTaken(unit: Unit, array: Term): Shared[] {
  if (array.kind !== 'reference') return [];
  return [...sharesInside(array.reference, array.reference.segments.length + 1), ...elsewhere(unit, array)];
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

/**
 * Remembers that a place has, `within` steps down, a term in it. What is an object there is shared: a local that is the
 * place shares it with where it comes from; and a local that it comes from shares it with the place, for in JavaScript
 * both names lead to one object from now on, of which the state got a copy.
 */
export function shareInto(unit: Unit, target: Reference, term: Term, span: Span, within = 0): void {
  const shares = sharesOf(term);
  if (target.root.kind === 'variable') tie(unit, target, term, within, span);
  const { length } = target.segments;
  target.local?.shares.push(...shares.map((shared) => ({ ...shared, through: shared.through + length + within })));
  for (const { reference, depth, through } of shares) {
    if (reference.local === undefined || reference.local === target.local) continue;
    const level = reference.segments.length + depth;
    reference.local.shares.push({ reference: target, depth: through + within, through: level, moved: true });
    reference.local.frozen = Math.min(reference.local.frozen ?? level, level);
  }
}

/**
 * What is put at a place may be made of what was there: `s.q = s.q.slice(1)`. Locals that have objects in common with what
 * was there have them in common with the new one; so has the copy for names that led there.
 *
 * @param shares - what the new value shares.
 * @param left - the local with the copy of what has left the place.
 */
export function stillShare(unit: Unit, target: Reference, shares: readonly Shared[], left: Local | undefined): void {
  for (const made of shares) {
    if (!mayOverlap(made.reference, target)) continue;
    for (const local of unit.locals) {
      const known = local === left ? [{ reference: target, depth: 0, through: 0 }] : local.shares;
      for (const one of known.filter(({ reference }) => mayOverlap(reference, target))) {
        const common = inCommon(target, made, one);
        if (common === undefined) continue;
        addShare(local, common);
        if (local === left) local.frozen = Math.min(local.frozen ?? common.through, common.through);
      }
    }
  }
}

/** What a local that shares the one has in common with a place that got what shares the other. */
function inCommon(target: Reference, made: Shared, own: Shared): Shared | undefined {
  if (!mayOverlap(made.reference, own.reference)) return undefined;
  const deeper = made.reference.segments.length + made.depth - own.reference.segments.length - own.depth;
  return {
    reference: target,
    depth: made.through + Math.max(-deeper, 0),
    through: own.through + Math.max(deeper, 0),
    moved: true,
  };
}
