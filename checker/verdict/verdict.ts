import type { Span } from '../../dsl/diagnostics/span.ts';
import type { ObjectValue, Value } from '../../dsl/ir/index.ts';
import type { EngineKind } from '../engine/next-state.ts';

/** What came of checking one model. Plain data: what the reports print and the JSON format holds. */
export interface CheckResult {
  readonly spec: string;
  readonly model: string;
  readonly parameters: ObjectValue;
  readonly statistics: Statistics;
  /** Declared order: deadlock, evaluation, invariants, steps, sometimes, properties. */
  readonly verdicts: readonly Verdict[];
  /** Whether everything is as the model expects. */
  readonly asExpected: boolean;
  /** `distinct` that the model pins and that was not met. */
  readonly distinctMismatch?: { readonly expected: number; readonly actual: number };
  readonly warnings: readonly Warning[];
}

export interface Statistics {
  readonly engine: EngineKind;
  /** Why the fast engine was not used, when it was not. */
  readonly engineNote?: string;
  readonly initial: number;
  readonly distinct: number;
  /** Every successor of every instance, duplicates and self-loops included; without initial states. */
  readonly transitions: number;
  /** Steps from an initial state to the farthest state found. */
  readonly depth: number;
  /** What was cut; absent when the whole space was explored. */
  readonly cut?: Cut;
  /** Milliseconds; the only part of a result that differs between runs. */
  readonly searchTime: number;
  readonly livenessTime: number;
}

/** Why a search ended before the whole space was explored. */
export type Cut =
  | { readonly kind: 'within'; readonly names: readonly string[] }
  | { readonly kind: 'states'; readonly limit: number }
  | { readonly kind: 'time'; readonly limit: number }
  | { readonly kind: 'memory' }
  | { readonly kind: 'interrupted' }
  /** Asked to stop at the first violation, and one was found. */
  | { readonly kind: 'violation' };

export type VerdictKind = 'deadlock' | 'evaluation' | 'invariant' | 'step' | 'sometimes' | 'property';

/**
 * The answer about one property. `deadlock` is named `deadlock`, and `evaluation` (no step or predicate fails:
 * `verify`, domains, indices) is named `evaluation`.
 */
export interface Verdict {
  readonly kind: VerdictKind;
  readonly name: string;
  readonly doc: string;
  readonly span: Span;
  readonly outcome: Outcome;
  readonly expected: 'holds' | 'violated' | 'reached' | 'unreachable' | 'any';
  readonly asExpected: boolean;
}

export type Outcome =
  | { readonly kind: 'holds' }
  | { readonly kind: 'violated'; readonly trace: Trace; readonly failure?: Failure }
  | { readonly kind: 'reached'; readonly trace: Trace }
  | { readonly kind: 'unreachable' }
  /** Nothing found, but something was cut. */
  | { readonly kind: 'bounded'; readonly cut: Cut }
  | { readonly kind: 'error'; readonly message: string };

/** Why a step or a predicate could not be evaluated. */
export interface Failure {
  /** One line, lower case: `index 3 is outside an array of 2`, `verify failed: lease is held twice`. */
  readonly message: string;
  readonly span: Span;
}

/** A behavior as the interpreter replayed it. */
export interface Trace {
  /** Its states: `steps.length + 1` of them, the first initial; for a lasso the last equals the one at `loop`. */
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

/** Something true of the spec that its author would want to know; never changes the exit code. */
export interface Warning {
  readonly kind: 'actionNeverEnabled' | 'variableNeverChanges' | 'leadsToNeverTriggered' | 'branchNeverTaken';
  readonly message: string;
  readonly span: Span;
}
