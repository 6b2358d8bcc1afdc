import type { Span } from '../../dsl/diagnostics/span.ts';
import type { ObjectValue, StatePlace, Value } from '../../dsl/ir/index.ts';
import type { ActorName, AssumptionName, StepName } from '../plan/step-name.ts';

/** Why a step or a predicate could not be evaluated. */
export interface Failure {
  /** One line, lower case: `index 3 is outside an array of 2`, `verify failed: lease is held twice`. */
  readonly message: string;
  readonly span: Span;
  /** The step that failed: it starts in the last state of the trace. Absent for a predicate. */
  readonly step?: StepName | Beginning;
}

/** What makes initial states: `init`, or what a process does before its first label. */
export interface Beginning {
  /** Absent for `init`. */
  readonly process?: string;
}

/** A behavior as the interpreter replayed it. */
export interface Trace {
  /**
   * Its states: `steps.length + 1` of them, the first initial; for a lasso the last equals the one at `loop`, but for
   * what has `grown`. None at all only when `init` itself fails.
   */
  readonly states: readonly ObjectValue[];
  /** For each state, the variables for locals that no thread needs there: what they hold means nothing. Absent: none. */
  readonly unused?: readonly (readonly string[])[];
  /** Whether nothing is reported but which steps there are: nobody asked for more. */
  readonly isBrief?: true;
  /** `steps[i]` leads from state `i` to state `i + 1`. */
  readonly steps: readonly TraceStep[];
  /** For a lasso: the index of the state where the loop starts. `steps.length` itself: stuttering there forever. */
  readonly loop?: number;
  /** Only for a lasso: the domains of which only the order counts whose values have grown in the loop. */
  readonly grown?: readonly string[];
  /** Only for a lasso: one line of evidence for each fairness assumption that was in force. */
  readonly fairness?: readonly FairnessEvidence[];
  /**
   * Only for a lasso: assumptions that are not in force and that it is unfair to, so each would exclude it, though maybe
   * no other. Weak ones where weak is enough. Empty: no fairness of an action or of a process, for each of its
   * instances, would.
   */
  readonly unfairTo?: readonly Unfairness[];
  /** Only for a lasso, and only where that was found out: what would have to be assumed for the property to hold. */
  readonly cure?: Cure;
  /** Only where nothing more happens to someone: who waits there, for what, and on whom. */
  readonly waitsFor?: WaitsFor;
  /** For long ones: the variables that what is violated or reached reads, and what those who wait in the end wait for. */
  readonly reads?: readonly string[];
  /** Only for an invariant or a step property, and for a `verify` that fails: what makes it false. */
  readonly falsity?: Falsity;
  /** For values that a quantified property was violated at: `{ r: "r0" }`. */
  readonly bindings?: ObjectValue;
}

/** Why a predicate is false at the end of a trace. */
export interface Falsity {
  /** At least one; each has the truth that is said of it, and together they make the predicate false. */
  readonly parts: readonly FalsePart[];
  /** The index of the step by which it became false; absent: it is so from the beginning, or in the middle of a step. */
  readonly brokenBy?: number;
  /** Of what that step changed, what the parts read. */
  readonly changes: readonly Change[];
}

/** A comparison, a place or the like that a false predicate depends on. */
export interface FalsePart {
  readonly span: Span;
  /** What it is: true for one that is denied. */
  readonly isTrue: boolean;
  /** The elements at which the quantifiers around it are decided, outermost first. */
  readonly bound: readonly Bound[];
  /** What it reads, with the values there. */
  readonly reads: readonly Read[];
  /** What it compares, as far as that is neither a place nor written out. */
  readonly sides: readonly Side[];
}

/** What is compared, with its value. */
interface Side {
  readonly span: Span;
  readonly value: Value;
  /** Where elements are counted: those that are. */
  readonly counted?: readonly Value[];
}

/** An element of what a quantifier goes through. */
export interface Bound {
  /** As the author calls it. */
  readonly name: string;
  readonly value: Value;
  /** By what it is an element; nothing for one of a domain. */
  readonly reads: readonly Read[];
}

/** A place with its value; `element`: it is only asked whether that is in it. */
export interface Read {
  readonly place: StatePlace;
  readonly value: Value;
  /** In a step property: whether it is read in the state after the step. */
  readonly isNext?: true;
  readonly element?: Value;
}

export interface TraceStep extends StepName {
  /** What the step changed, by the smallest places. Not that a local which its thread does not need any more is set back. */
  readonly changes: readonly Change[];
  /** What it wrote and did not change. */
  readonly idle?: readonly IdleWrite[];
  /**
   * Why it went where it did: parts of the conditions of its guards and branches, with the truth they had in the state
   * before. Only of conditions that, answered otherwise, would have led elsewhere. Absent: there are none.
   */
  readonly decidedBy?: readonly FalsePart[];
  /** The locks and semaphores that it tried to take and did not get. */
  readonly refused?: readonly WaitSubject[];
  /** Why the next step of its thread is not possible in the state after it; absent where it is, and outside of processes. */
  readonly waitsNext?: NextWait;
  /** Whose step it is; absent where nothing happens. */
  readonly actor?: ActorName;
  /** Of a step of a process, or a time-out of it: the place that says where its thread stands. */
  readonly goto?: StatePlace;
  readonly span: Span;
}

/**
 * A write that changed nothing. `wokeNobody`: `place` is a condition variable of `fairlead/sync` on which nobody was
 * asleep. `unchanged`: the place had that value already.
 */
export interface IdleWrite {
  readonly place: StatePlace;
  readonly kind: 'wokeNobody' | 'unchanged';
}

/** What keeps a thread from its next step. */
export interface NextWait extends Hindrance {
  /** What it waits for, where there are words for that. */
  readonly subject?: WaitSubject;
}

export interface Change {
  readonly place: StatePlace;
  readonly from: Value;
  readonly to: Value;
}

export interface FairnessEvidence {
  readonly strength: 'weak' | 'strong';
  readonly about: AssumptionName;
  /**
   * `taken`: by step `step` (an index into `trace.steps`, in the loop); `by`: what it is called, when it is reported as a
   * step of another instance, which leads to the same state. `disabled`: in state `state` of the loop (weak), in all of them
   * (strong, no state given).
   */
  readonly evidence:
    | { readonly kind: 'taken'; readonly step: number; readonly by?: StepName }
    | { readonly kind: 'disabled'; readonly state: number; readonly because?: Hindrance }
    | { readonly kind: 'neverEnabled'; readonly because?: Hindrance };
}

/** Why a step is not possible in a state. */
export interface Hindrance {
  readonly step: StepName;
  /** The part of its guard that is false. */
  readonly span: Span;
  /** The places that this part reads, with their values in that state. */
  readonly reads: readonly { readonly place: StatePlace; readonly value: Value }[];
}

/** An assumption that an infinite behavior does not meet, for each value of the arguments. */
export interface Unfairness {
  readonly strength: 'weak' | 'strong';
  /** The action, the process, or the step of a process: `expire`, `worker`, `worker.sleep`. */
  readonly name: string;
  /** Only where that holds: an expression of the spec. */
  readonly when?: string;
  /** Whether it is about steps that no fairness of the spec is about, though it is about others: faults, the world. */
  readonly isUnpromised?: boolean;
}

/** What would have to be assumed as well for a property to hold. Each answer was judged on the whole state graph. */
export type Cure = {
  /** Of `Trace.unfairTo`, what the spec could promise and what would not do by itself: other counterexamples remain. */
  readonly partial: readonly Unfairness[];
} & (
  | {
      readonly kind: 'assume';
      /** With any one of them the property holds; each is one or more assumptions. */
      readonly choices: readonly (readonly Unfairness[])[];
    }
  /** With no fairness of actions, processes and steps of processes. */
  | { readonly kind: 'none' }
);

/** Who waits for whom where a behavior goes no further. */
export interface WaitsFor {
  /** An index into `trace.states`. */
  readonly state: number;
  readonly waits: readonly Wait[];
  /** Some of whom each could end the wait of the one before, the first that of the last; may be one. */
  readonly circle: readonly ActorName[];
  /** Whether all reachable states were asked who could; else some may be missing. */
  readonly isComplete: boolean;
  /** Nobody is in the middle of anything, and nothing can happen any more: the system may simply have finished. */
  readonly finished?: {
    /** Of a `terminal` that would say so, over the state `s`; absent where it could not be written in few words. */
    readonly condition?: string;
  };
}

/**
 * Someone whose next step is not possible. Threads are processes; actions outside of processes belong together when
 * their first argument is the same.
 */
export interface Wait extends Hindrance {
  readonly who: ActorName;
  /** What it waits for, where there are words for that. */
  readonly subject?: WaitSubject;
  /** The step of the trace since which what it reads has been as it is; absent: from the beginning. */
  readonly since?: number;
  /** Those who could end the wait, were they not waiting or idle themselves. */
  readonly on: readonly ActorName[];
  /** For each of them outside of processes, the steps that could, and why they do not; for a thread none. */
  readonly steps: readonly (readonly HelpfulStep[])[];
  /** For each of them, why it does not. */
  readonly because: readonly Inaction[];
  /** Whether it is known that nobody can end it any more. */
  readonly isHopeless: boolean;
  /** For one that nobody can end any more: steps of the trace that could have, had they come at another time. */
  readonly missed: readonly MissedStep[];
  /** Whether some step could end such a wait in some reachable state; only said where that is known. */
  readonly isEverEnded?: boolean;
  /** A shortest way to the end of the wait that is open to the system from here. */
  readonly wayOut?: readonly StepName[];
}

/** What is waited for, in words of locks and comparisons. */
export type WaitSubject =
  /** `lock[r0]`, which `holder` has. */
  | { readonly kind: 'mutex'; readonly object: StatePlace; readonly holder: Value }
  | { readonly kind: 'condvar' | 'semaphore' | 'barrier'; readonly object: StatePlace }
  | { readonly kind: 'reading' | 'writing'; readonly object: StatePlace }
  /** `count` to be `operator` `value`. */
  | {
      readonly kind: 'comparison';
      readonly place: StatePlace;
      readonly operator: Comparison;
      readonly value: Value;
      readonly now: Value;
    }
  | { readonly kind: 'member'; readonly place: StatePlace; readonly element: Value; readonly isWanted: boolean };

export type Comparison = 'equal' | 'notEqual' | 'less' | 'lessOrEqual' | 'greater' | 'greaterOrEqual';

/** A step of the trace that could have ended a wait. */
export interface MissedStep extends StepName {
  /** An index into `trace.steps`, where it was taken last. */
  readonly step: number;
}

/** A step that could end what somebody waits for. */
export interface HelpfulStep extends StepName {
  readonly because: Inaction;
  /** For one that is spent: the index in `trace.steps` where it made itself impossible. */
  readonly step?: number;
}

/**
 * Why somebody does not do what another waits for: waits as well; `runs` in the loop, but does something else; `ended`,
 * or stands where nothing is possible and nobody else could change that; `spent`: a step outside of processes that has
 * made itself impossible; or `unforced`: has a step, but no fairness that is assumed makes it happen. Outside of
 * processes this is said of the steps that could.
 */
export type Inaction = 'waits' | 'runs' | 'ended' | 'spent' | 'unforced';
