import type { Expression } from '../../dsl/ir/index.ts';
import type { StepName } from '../plan/step-name.ts';

/**
 * What threads wait for, and which steps of others end that, in all the states that were looked at. Plain data, by steps:
 * what is true of one thread of a process is said of the step.
 */
export interface WaitUse {
  readonly waits: readonly StepWait[];
  /** Distinct states that were looked at. */
  readonly states: number;
  /** Why these are not all that can be reached; absent when they are. */
  readonly cut?: 'search' | 'size';
}

/** A step at which a thread stands until something is so. A step that asks for two things waits for each of them in turn. */
export interface StepWait {
  /** The name of an action, `worker.sleep`. */
  readonly step: string;
  readonly subject: WaitedFor;
  /** The names of the actions by which others end it, in the order in which they were met. Empty: nothing ever does. */
  readonly enders: readonly string[];
  /** Whether its thread can also time out there. */
  readonly timesOut: boolean;
  /** Steps from an initial state to the nearest state in which a thread waits so. */
  readonly depth: number;
  /**
   * Steps to the nearest state in which a thread waits so and from which nothing that can follow ends it, by others or by
   * its own time-out; absent where there is none, or where not all states were looked at.
   */
  readonly forever?: number;
  /** The steps of a shortest way to that state, where one is known. */
  readonly foreverBy?: readonly StepName[];
}

/** A primitive of `fairlead/sync`, by family as locks are: `ring[·].lock`; or anything else, by its condition. */
export type WaitedFor =
  | { readonly kind: 'mutex' | 'condvar' | 'semaphore' | 'barrier' | 'reading' | 'writing'; readonly object: string }
  /** The part of the guard that is false, in the names of the step that waits; absent: a choice among no ways at all. */
  | { readonly kind: 'condition'; readonly condition?: Expression };
