import type { Span } from '../../dsl/diagnostics/span.ts';
import type { ObjectValue, Value } from '../../dsl/ir/index.ts';

/** Why a step or a predicate could not be evaluated. */
export interface Failure {
  /** One line, lower case: `index 3 is outside an array of 2`, `verify failed: lease is held twice`. */
  readonly message: string;
  readonly span: Span;
  /** The step that failed, `expire(r0)` or `init`: it starts in the last state of the trace. Absent for a predicate. */
  readonly step?: string;
}

/** A behavior as the interpreter replayed it. */
export interface Trace {
  /**
   * Its states: `steps.length + 1` of them, the first initial; for a lasso the last equals the one at `loop`. None at
   * all only when `init` itself fails.
   */
  readonly states: readonly ObjectValue[];
  /** `steps[i]` leads from state `i` to state `i + 1`. */
  readonly steps: readonly TraceStep[];
  /** For a lasso: the index of the state where the loop starts. `steps.length` itself: stuttering there forever. */
  readonly loop?: number;
  /** Only for a lasso: one line of evidence for each fairness assumption that was in force. */
  readonly fairness?: readonly FairnessEvidence[];
  /** For values that a quantified property was violated at: `{ r: "r0" }`. */
  readonly bindings?: ObjectValue;
}

export interface TraceStep {
  readonly action: string;
  readonly arguments: readonly Value[];
  /** `expire(r0)`. */
  readonly label: string;
  /** What the step changed, smallest places first named by path: `lease[r0]`. */
  readonly changes: readonly Change[];
  readonly span: Span;
}

export interface Change {
  readonly path: string;
  readonly from: Value;
  readonly to: Value;
}

export interface FairnessEvidence {
  readonly strength: 'weak' | 'strong';
  /** `expire(r0)`. */
  readonly name: string;
  /** `taken`: by step `step` (an index into `trace.steps`, in the loop). `disabled`: in state `state` of the loop (weak), in all of them (strong, no state given). */
  readonly evidence:
    | { readonly kind: 'taken'; readonly step: number }
    | { readonly kind: 'disabled'; readonly state: number }
    | { readonly kind: 'neverEnabled' };
}
