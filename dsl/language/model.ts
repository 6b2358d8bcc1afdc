import type { Declared, Invariant, Property, Sometimes, Step } from './property.ts';

/** A named instance of a spec, with the verdicts expected of it. */
export type Model = Declared<'model'>;

/** What is expected of a model; whatever is not named is expected to hold, to be reached, not to deadlock and not to fail. */
export interface Expectations {
  /** These are violated. */
  readonly violates?: readonly (Invariant | Step | Property)[];
  /** No reachable state satisfies these. */
  readonly unreachable?: readonly Sometimes[];
  /**
   * Some reachable state that is not terminal has no next step. `'ignored'`: whether there is one is not judged. What is
   * said here is said instead of what the spec says.
   */
  readonly deadlocks?: boolean | 'ignored';
  /** Some step or predicate fails: a `verify`, a value outside its domain, an index outside an array. */
  readonly fails?: boolean;
  /** The exact number of distinct states. */
  readonly distinct?: number;
}
