/**
 * A finite set of values, and at the same time the type of an expression.
 *
 * As the domain of a variable, argument or local that is kept in the state it is what may be stored there. As the type
 * of an expression it is a superset of what the expression can yield: the interval of an `int` comes from interval
 * arithmetic and is clipped to the 32-bit range, outside of which evaluation is an error.
 *
 * The order of a domain is the order in which it is enumerated; its first value is what a variable holds before `init`.
 */
export type Domain =
  | { readonly kind: 'boolean'; readonly only?: boolean } // false, true; or one of them alone
  | { readonly kind: 'int'; readonly min: number; readonly max: number } // both inclusive
  | { readonly kind: 'enum'; readonly values: readonly string[] } // also string literals
  | { readonly kind: 'ids'; readonly name: string; readonly values: readonly string[] } // a scalarset: r0, r1, …
  | SerialDomain
  | { readonly kind: 'null' }
  | { readonly kind: 'undefined' }
  | UnionDomain
  | ObjectDomain
  | VariantDomain
  | { readonly kind: 'tuple'; readonly items: readonly Domain[] }
  | ArrayDomain
  | RecordDomain
  | SetDomain
  | { readonly kind: 'never' }; // no value: the element of an empty literal

/**
 * Integers from 0 of which only the order counts: they are compared with each other and stored, and nothing else. A step
 * has any number of them; a state at most `alive` beside 0. To choose from all of them is to make a fresh one, above all
 * that the state held when the step began and all that the step has made. Whoever explores works with the order alone.
 */
export interface SerialDomain {
  readonly kind: 'serial';
  readonly name: string;
  readonly alive: number;
}

/** So many different values of a {@link SerialDomain} are there in the middle of a step, at most: from 0 on. */
export const MOST_SERIALS = 64;

/**
 * Disjoint alternatives told apart by the value itself: nullable, optional, unions of scalars. Never nested.
 *
 * Integers with gaps between them are several members, one after another, an interval each: ascending, and with a gap
 * between any two, so that one set of integers is written in one way. There is one member of any other kind.
 */
export interface UnionDomain {
  readonly kind: 'union';
  readonly members: readonly Domain[];
}

export interface ObjectDomain {
  readonly kind: 'object';
  readonly fields: readonly Field[];
}

export interface Field {
  readonly name: string;
  readonly domain: Domain;
}

/** A discriminated union of objects: field `discriminator` holds `tag` and says which other fields there are. */
export interface VariantDomain {
  readonly kind: 'variant';
  readonly discriminator: string;
  readonly cases: readonly { readonly tag: string; readonly fields: readonly Field[] }[]; // without the discriminator
}

/** Between `minLength` and `maxLength` elements; both equal: a fixed array. */
export interface ArrayDomain {
  readonly kind: 'array';
  readonly element: Domain;
  readonly minLength: number;
  readonly maxLength: number;
}

/** A total function from a finite scalar key to values. */
export interface RecordDomain {
  readonly kind: 'record';
  readonly key: Domain;
  readonly value: Domain;
}

export interface SetDomain {
  readonly kind: 'set';
  readonly element: Domain;
}

/** The interval outside of which arithmetic is an evaluation error. */
export const INT_MIN = -(2 ** 31);
export const INT_MAX = 2 ** 31 - 1;

/** An expression that yields integers nothing more is known of. */
export const ANY_INT: Domain = { kind: 'int', min: INT_MIN, max: INT_MAX };

/** Whether two domains hold the same values in the same order. */
export function equalDomains(left: Domain, right: Domain): boolean {
  return left === right || JSON.stringify(left) === JSON.stringify(right);
}
