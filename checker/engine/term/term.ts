import type { Domain, Value } from '../../../dsl/ir/index.ts';
import type { Shape } from '../../plan/shape.ts';
import type { Cell, Flat } from '../flat.ts';

/**
 * What is known of a value while code for it is made.
 *
 * The representation says of which domain the value is; types that the compiler inferred play no part in it, so a
 * narrower type after a test or a wider one after a join cannot make the code misread a value. Moving a value to a place
 * of another domain converts its codes, and rejects values that the domain lacks.
 */
export type Term =
  | { readonly kind: 'constant'; readonly value: Value }
  /** An integer as itself, anything else as its code in the domain. */
  | { readonly kind: 'scalar'; readonly domain: Domain; readonly code: Flat }
  /** A composite that lies in cells, in canonical form; never of a scalar or set shape. */
  | { readonly kind: 'view'; readonly shape: Shape; readonly cell: Cell }
  /** A bitmap, 32 elements to a word; `cell` is where the words lie, if they do. */
  | { readonly kind: 'set'; readonly shape: SetShape; readonly words: readonly Flat[]; readonly cell: Cell | undefined }
  /** An object of which each field is known by itself. */
  | { readonly kind: 'fields'; readonly fields: ReadonlyMap<string, Term> }
  /** An array of which each element is known by itself. */
  | { readonly kind: 'items'; readonly items: readonly Term[] }
  /** The set of all values of a domain. */
  | { readonly kind: 'values'; readonly domain: Domain };

export type SetShape = Shape & { kind: 'set' };

/** What stands where evaluation has already failed; nothing is emitted from it. */
export const NOTHING: Term = { kind: 'constant', value: undefined };
