import type { Role } from './lock.ts';
import type { LockKind } from './lock.ts';
import type { Deed } from './step.ts';

/**
 * Who takes which locks while holding which, in all the states that were looked at. Plain data, by families: `ring[·].lock`
 * stands for the locks of all rings.
 */
export interface LockUse {
  readonly locks: readonly LockFamily[];
  /** What steps do with locks, whatever they hold. */
  readonly deeds: readonly FamilyDeed[];
  /** What steps do with a lock while holding another one, or the same one. */
  readonly orders: readonly LockOrder[];
  /** At which steps a lock is held: what its thread is about to do. */
  readonly holds: readonly FamilyHold[];
  /** Reachable states in which threads wait for each other in a circle, each for a lock that the next one holds. */
  readonly circles: readonly LockCircle[];
  /** Threads that are asleep with a lock that somebody waits for. */
  readonly contended: readonly ContendedSleep[];
  /** Distinct states that were looked at. */
  readonly states: number;
  /** Why these are not all that can be reached; absent when they are. */
  readonly cut?: 'search' | 'situations';
}

export interface LockFamily {
  readonly name: string;
  readonly kind: LockKind;
  readonly count: number;
}

/** A family in a role. */
export interface FamilyRole {
  readonly family: string;
  readonly role: Role;
}

export interface FamilyDeed extends FamilyRole {
  readonly deed: Deed;
  /** The name of an action, `worker.sleep`. */
  readonly step: string;
  /** Steps from an initial state to the nearest state in which that happens. */
  readonly depth: number;
}

export interface LockOrder {
  readonly held: FamilyRole;
  readonly asked: FamilyRole;
  /** Of two locks of one family, which comes first in the order of the state: is the one held before the one asked for? */
  readonly within?: 'same' | 'ascending' | 'descending';
  /** At least one. */
  readonly steps: readonly OrderStep[];
}

export interface OrderStep {
  readonly deed: Exclude<Deed, 'gives'>;
  readonly step: string;
  readonly depth: number;
  /** An example, in the nearest state: `worker(r0)`, `ring[r0].lock`, `leaseLock`. */
  readonly thread: string;
  readonly heldPath: string;
  readonly askedPath: string;
}

interface FamilyHold extends FamilyRole {
  readonly steps: readonly string[];
}

export interface LockCircle {
  /** Each waits for a lock because of the next, the last because of the first. */
  readonly members: readonly CircleMember[];
  /** Steps to the nearest such state. */
  readonly depth: number;
}

export interface CircleMember {
  readonly thread: string;
  /** At which it waits. */
  readonly step: string;
  readonly asked: FamilyRole;
  readonly askedPath: string;
}

export interface ContendedSleep {
  readonly held: FamilyRole;
  /** What is slept on. */
  readonly asleepOn: string;
  /** At which it is asleep. */
  readonly step: string;
  /** At which somebody waits for the lock meanwhile. */
  readonly waiting: string;
  readonly depth: number;
}
