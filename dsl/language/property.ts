/** Types only: what is judged is made by `spec.invariant`, `spec.step`, `spec.property` and the like. */
declare const kind: unique symbol;

/** Something declared on a spec, with its kind, so that `violates: [aModel]` does not type-check. */
export interface Declared<Kind extends string> {
  readonly [kind]: Kind;
}

/** True in every reachable state. */
export type Invariant = Declared<'invariant'>;

/** True of some reachable state. */
export type Sometimes = Declared<'sometimes'>;

/** True of every step. */
export type Step = Declared<'step'>;

/** A temporal property. */
export type Property = Declared<'property'>;

/** A named set of fairness assumptions. */
export type FairnessSet = Declared<'fairness'>;

/** States in which having no next step is the proper end. */
export type Terminal = Declared<'terminal'>;

/** A restriction of the states that are explored. */
export type Within = Declared<'within'>;
