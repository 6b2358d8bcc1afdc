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
  /**
   * Only for a lasso: assumptions that are not in force and that it is unfair to, so each would exclude it. Weak ones
   * where weak is enough. Empty: no fairness of an action, of each instance or of a process, helps.
   */
  readonly unfairTo?: readonly Unfairness[];
  /** Only where nothing more happens to someone: who waits there, for what, and on whom. */
  readonly waitsFor?: WaitsFor;
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
  /**
   * `taken`: by step `step` (an index into `trace.steps`, in the loop); `by`: its label, when it is told as a step of
   * another instance, which leads to the same state. `disabled`: in state `state` of the loop (weak), in all of them
   * (strong, no state given).
   */
  readonly evidence:
    | { readonly kind: 'taken'; readonly step: number; readonly by?: string }
    | { readonly kind: 'disabled'; readonly state: number; readonly because?: Hindrance }
    | { readonly kind: 'neverEnabled'; readonly because?: Hindrance };
}

/** Why a step is not possible in a state. */
export interface Hindrance {
  /** `expire(r0)`. */
  readonly step: string;
  /** The part of its guard that is false. */
  readonly span: Span;
  /** The places that this part reads, with their values in that state. */
  readonly reads: readonly { readonly path: string; readonly value: Value }[];
}

/** An assumption that an infinite behavior does not meet. */
export interface Unfairness {
  readonly strength: 'weak' | 'strong';
  /** `expire(r0)`, or `worker(r0)` for all steps of a process. */
  readonly name: string;
}

/** Who waits for whom in one state. */
export interface WaitsFor {
  /** An index into `trace.states`. */
  readonly state: number;
  readonly waits: readonly Wait[];
  /** The names of some that wait for each other in a circle, each for the next; empty when there is no circle. */
  readonly circle: readonly string[];
}

/**
 * Someone whose next step is not possible. Threads are processes; actions outside of processes belong together when
 * their first argument is the same.
 */
export interface Wait extends Hindrance {
  /** `worker(r0)`; outside of processes the first argument, `r0`, or the name of an action without arguments. */
  readonly who: string;
  /** What to call it: the thread; outside of processes the step that is not possible, `interrupt(r0)`. */
  readonly name: string;
  /** Those whose steps could write what is read. */
  readonly on: readonly string[];
  /** For each of them outside of processes, the steps that could, and why they do not; for a thread none. */
  readonly steps: readonly (readonly HelpfulStep[])[];
  /** For each of them, why it does not. */
  readonly because: readonly Inaction[];
}

/** A step that could write what somebody waits for. */
export interface HelpfulStep {
  /** `interrupt(r0)`. */
  readonly label: string;
  readonly because: Inaction;
}

/**
 * Why somebody does not do what another waits for: waits as well; `runs` in the loop, but does something else; `ended`,
 * or stands where nothing is possible and nobody else could change that; or `unforced`: has a step, but no fairness that
 * is assumed makes it happen. Outside of processes this is said of the steps that could.
 */
export type Inaction = 'waits' | 'runs' | 'ended' | 'unforced';
