import type { Action, Expression, System, Value } from '../../dsl/ir/index.ts';
import type { Layout } from "./layout.ts";

/** All that is settled before the first state: instances, layout, predicates. Made by {@link planOf}. */
export interface Plan {
  readonly system: System;
  /** In the order of the declarations, arguments counting in domain order with the last fastest. */
  readonly instances: readonly Instance[];
  readonly layout: Layout;
  /** Everything the search and liveness ask of single states or steps, each with its binders put in. */
  readonly predicates: readonly BoundPredicate[];
}

/** An action with a value for each of its arguments. */
export interface Instance {
  /** Its index in `plan.instances`. */
  readonly id: number;
  readonly action: Action;
  /** One for each of `action.arguments`. */
  readonly values: readonly Value[];
  /** `expire(r0)`; a bare name when there are no arguments. */
  readonly label: string;
}

/** A predicate of the system, or an atom of a formula, with values for its free locals. */
export interface BoundPredicate {
  /** Its index in `plan.predicates`. */
  readonly id: number;
  readonly expression: Expression;
  readonly bindings: ReadonlyMap<string, Value>;
  /** Of a step (has `next` variables) rather than of a state. */
  readonly ofStep: boolean;
}
