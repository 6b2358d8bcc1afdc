import type { Span } from '../../../dsl/diagnostics/span.ts';
import type { Expression, ObjectValue, Value } from '../../../dsl/ir/index.ts';

/** Why a step or a predicate could not be evaluated. */
export interface Failure {
  /** One line, lower case: `index 3 is outside an array of 2`. */
  readonly message: string;
  readonly span: Span;
}

/** A condition that had to be true and is not, where it was asked. */
export interface Verified {
  readonly condition: Expression;
  readonly locals: ReadonlyMap<string, Value>;
  /** With what the step has done so far. */
  readonly state: ObjectValue;
}

/** Evaluation has no answer; becomes a {@link Failure} before it leaves the interpreter. */
export class EvaluationFailure extends Error {
  constructor(
    message: string,
    readonly span: Span,
    readonly verified?: Verified,
  ) {
    super(message);
  }
}

/**
 * The step is not possible: a `when` is false, or there is nothing to choose from. A value and no error, since most steps
 * are not possible in most states, and an error costs as much as all the rest.
 */
export interface Impossible {
  readonly span: Span;
  /** What is false; absent for a choice. */
  readonly condition?: Expression;
  /** The collection in which there is nothing to choose; absent for an `either` without branches. */
  readonly from?: Expression;
}
