import type { Span } from '../../dsl/diagnostics/span.ts';
import type { ObjectValue } from '../../dsl/ir/index.ts';
import type { Failure, Trace, Unfairness } from '../counterexample/behavior.ts';
import type { Refusal } from '../plan/refusal.ts';
import type { StepName } from '../plan/step-name.ts';
import type { TooMany } from '../counterexample/ways-to-violate.ts';
import type { Because } from '../plan/vacuity.ts';
import type { EngineKind } from '../engine/next-state.ts';
import type { LockUse } from '../locks/lock-use.ts';
import type { Reduction } from '../search/chosen-reduction.ts';
import type { Cut } from '../search/cut.ts';
import type { WaitUse } from '../waits/wait-use.ts';
import type { Slack } from './slack.ts';

export type {
  Change,
  Cure,
  Failure,
  FairnessEvidence,
  Hindrance,
  Trace,
  TraceStep,
  Unfairness,
  Wait,
  WaitsFor,
} from '../counterexample/behavior.ts';
export type { Reduction, ReductionChoice } from '../search/chosen-reduction.ts';
export type { Cut } from '../search/cut.ts';

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
  /** What was done to look at fewer states than there are; absent where that was ruled out, or the model has no ids. */
  readonly reduction?: Reduction;
  /** That deadlocks were not looked for, as the spec or the model says; there is no verdict about them then. */
  readonly deadlocks?: 'ignored';
  /** `distinct` that the model pins and that was not met. */
  readonly distinctMismatch?: { readonly expected: number; readonly actual: number };
  readonly warnings: readonly Warning[];
  /** For each temporal property, when it was asked for and the whole space was explored. */
  readonly advice?: readonly PropertyAdvice[];
  /** How often each action instance fired, in the order of the plan. */
  readonly coverage: readonly InstanceCoverage[];
  /** The branches of the actions, in the order of the source, when they were asked for. */
  readonly branches?: readonly BranchCoverage[];
  /** Who takes which locks while holding which, when it was asked for and the system has locks. */
  readonly locks?: LockUse;
  /** What threads wait for and who ends that, when it was asked for and the system has processes. */
  readonly waits?: WaitUse;
  /** Why the model cannot be checked at all: too many instances or values. Then there are no verdicts. */
  readonly refusals: readonly Refusal[];
}

/** What fairness a temporal property needs. */
export interface PropertyAdvice {
  readonly property: string;
  /**
   * `needs`: it holds, and needs these of the assumptions it makes, in the sense that none can be left out alone.
   * `add`: it does not hold, and would with these in addition: the fewest, and among as few those that ask least.
   * `none`: it does not hold, and no fairness of actions, processes or steps makes it hold.
   */
  readonly kind: 'needs' | 'add' | 'none';
  /**
   * `weak(expire)`: for each value of the arguments. Empty for `none`. With `when`, an expression of the spec: only where
   * that holds. `set` is the fairness set that makes it already; with `isMadeStrong` as strong fairness, of which weak is
   * enough. `isUnpromised` ones are added only when nothing else helps.
   */
  readonly assumptions: readonly (Unfairness & {
    readonly set?: string;
    readonly isMadeStrong?: boolean;
    readonly otherwise?: Otherwise;
  })[];
}

/**
 * What can happen where one needed assumption is not made, or only as a weak one if it is strong, and all others that are
 * needed are: it violates the property.
 */
export interface Otherwise {
  /** A lasso. */
  readonly trace: Trace;
  /** The steps that the assumption is about, possible in the loop and never taken there. */
  readonly untaken: readonly StepName[];
}

/** An action instance: the successors it gave, and the states that it was the first to find. */
export interface InstanceCoverage extends StepName {
  readonly fired: number;
  readonly discovered: number;
}

/** A branch of an action, with the completed steps that went through it. */
export interface BranchCoverage {
  readonly action: string;
  readonly arm: Arm;
  /** The condition of the `if`, the whole `either`. */
  readonly span: Span;
  readonly steps: number;
}

export interface Statistics {
  readonly engine: EngineKind;
  /** Why the fast engine was not used, when it was not. */
  readonly engineNote?: string;
  readonly initial: number;
  readonly distinct: number;
  /** Set: counts are of a part of the state graph, in which steps were put off. */
  readonly isReduced?: true;
  /** How many of the distinct states were kept, each for those of its orbit; absent: all. */
  readonly kept?: number;
  /** Every successor of every instance, duplicates and self-loops included; without initial states. */
  readonly transitions: number;
  /** Steps from an initial state to the farthest state found. */
  readonly depth: number;
  /** States first reached after 0, 1, 2, … steps; only when asked for. */
  readonly levels?: readonly number[];
  /** What was cut; absent when the whole space was explored. */
  readonly cut?: Cut;
  /** Milliseconds; times are the only part of a result that differs between runs. */
  readonly searchTime: number;
  readonly livenessTime: number;
  /** Milliseconds of CPU time that all threads of the process took during the search; not of random runs. */
  readonly searchProcessorTime?: number;
}

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
  /** Why it says nothing about this model, when it holds vacuously. */
  readonly vacuous?: Because;
  readonly expected: 'holds' | 'violated' | 'reached' | 'unreachable' | 'any';
  /** `bounded` by a `within` of the spec's own is as good as `holds` here; by a limit of the run it is not. */
  readonly asExpected: boolean;
}

export type Outcome =
  | { readonly kind: 'holds' }
  | {
      readonly kind: 'violated';
      readonly trace: Trace;
      readonly failure?: Failure;
      /** Of a deadlock how the system hangs; of an invariant, when that was asked for, what makes it false. */
      readonly ways?: readonly Way[];
      /** Of an invariant: why it is not said in how many ways it is violated, though that was asked for. */
      readonly waysUntold?: TooMany;
    }
  | { readonly kind: 'reached'; readonly trace: Trace }
  | { readonly kind: 'unreachable' }
  /** Nothing found, but something was cut. */
  | { readonly kind: 'bounded'; readonly cut: Cut }
  | { readonly kind: 'error'; readonly message: string };

/**
 * A way in which a system hangs, or an invariant is violated: who waits for what, or which parts of it are false at which
 * elements; but for who is who among ids.
 */
export interface Way {
  /** How many states are like that. */
  readonly states: number;
  /** To the nearest of them. */
  readonly trace: Trace;
}

/**
 * Something true of the spec that its author would want to know; never changes the exit code. Printed by `wordWarning`.
 */
export type Warning =
  { readonly kind: 'actionNeverEnabled'; readonly action: string; readonly span: Span } | BranchWarning | PlainWarning;

export interface BranchWarning {
  readonly kind: 'branchNeverTaken';
  readonly action: string;
  readonly arm: Arm;
  readonly span: Span;
}

/** An arm of an `if` or case, or an alternative of `either`, counting from 0. */
type Arm = 'whenTrue' | 'whenFalse' | number;

/** A warning in which no action is named. */
export interface PlainWarning {
  readonly kind:
    | 'variableNeverChanges'
    | 'valueNeverReached'
    | 'domainMuchLarger'
    | 'leadsToNeverTriggered'
    | 'implicationNeverTriggered'
    | 'enabledNeverTrue'
    | 'takenNeverTrue'
    | 'invariantIsTautology'
    | 'nothingStaysWithin';
  readonly message: string;
  readonly span: Span;
  /** Of `domainMuchLarger`: what the message says, to be joined with that of other models. */
  readonly slack?: Slack;
}
