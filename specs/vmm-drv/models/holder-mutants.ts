import {
  callIsHeard,
  cursorValid,
  expiredLeaseGoes,
  leases,
  noCallbackAfterFree,
  noLeaseAfterPurge,
  noSignWhileBlocked,
  noSleepHoldingRing,
  readLockIsGot,
  signerGetsThrough,
  writeLockIsGot,
  writerExcludesLeases,
} from '../index.ts';

/*
 * What the parts of the corrected protocol are good for that holders of leases play: one is left out, and something fails;
 * or nothing does, and it is not essential. Two rings, two writers and a reader, once each, unless it is said otherwise.
 */

const instance = {
  variant: 'corrected',
  rxRings: 2,
  writers: 2,
  readers: 1,
  writes: 'once',
  reads: 'once',
} as const;

/** M1: the worker tests its lease after it was woken, and not before it falls asleep. */
export const noTestBeforeSleep = leases.model(
  { ...instance, mutation: 'noTestBeforeSleep' },
  { violates: [writeLockIsGot, expiredLeaseGoes, callIsHeard], deadlocks: true, distinct: 4_160 },
);

/**
 * M2: a signer that was woken does not look at the blocker count again. Its condition variable is that of others too,
 * and a broadcast for them wakes it.
 */
export const signTestsOnce = leases.model(
  { ...instance, mutation: 'signTestsOnce' },
  {
    violates: [noSignWhileBlocked, writerExcludesLeases, writeLockIsGot, signerGetsThrough, readLockIsGot],
    fails: true,
    deadlocks: true,
    distinct: 38_412,
  },
);

/** M4: a signer does not look at the blocker count at all. */
export const signUnblocked = leases.model(
  { ...instance, mutation: 'signUnblocked' },
  {
    violates: [
      noSignWhileBlocked,
      writerExcludesLeases,
      writeLockIsGot,
      expiredLeaseGoes,
      signerGetsThrough,
      readLockIsGot,
    ],
    fails: true,
    deadlocks: true,
    distinct: 29_152,
  },
);

/**
 * M4, before the fix: a deadlock of three. The signer has the lease lock and waits as a reader behind a writer, the
 * writer waits for the read hold of the other ring's lease, and that ring's worker waits for the lease lock to give it up.
 */
export const signUnblockedBeforeTheFix = leases.model(
  { ...instance, variant: 'beforeTheFix', mutation: 'signUnblocked' },
  {
    violates: [
      noSignWhileBlocked,
      writerExcludesLeases,
      callIsHeard,
      writeLockIsGot,
      expiredLeaseGoes,
      signerGetsThrough,
      readLockIsGot,
    ],
    deadlocks: true,
    distinct: 17_856,
  },
);

/** That deadlock has nobody in it whom a signal could wake. */
export const signUnblockedBeforeTheFixWithSignals = leases.model(
  { ...instance, variant: 'beforeTheFix', mutation: 'signUnblocked', signals: true },
  {
    violates: [
      noSignWhileBlocked,
      writerExcludesLeases,
      callIsHeard,
      writeLockIsGot,
      expiredLeaseGoes,
      signerGetsThrough,
      readLockIsGot,
    ],
    deadlocks: true,
    distinct: 26_104,
  },
);

/** M8: the worker of a receive ring does not renew while the ring runs. One ring, kicked. */
export const rxDoesNotRenew = leases.model(
  { variant: 'corrected', rxControl: 'kick', mutation: 'rxDoesNotRenew' },
  { violates: [writeLockIsGot, expiredLeaseGoes, callIsHeard], distinct: 352 },
);

/** M9: a lease that is broken while leases are blocked is removed at once, under the cursor of the writer. */
export const breakAtOnce = leases.model(
  { ...instance, mutation: 'breakAtOnce' },
  { violates: [cursorValid, writeLockIsGot, signerGetsThrough], deadlocks: true, distinct: 25_572 },
);

/** M11: who defers the removal of a lease does not say so to the writer. */
export const silentDeferral = leases.model(
  { ...instance, mutation: 'silentDeferral' },
  { violates: [writeLockIsGot, expiredLeaseGoes, signerGetsThrough], deadlocks: true, distinct: 28_444 },
);

/** M15: a signer keeps its ring lock. That is F1 of the shipped fix. */
export const signHoldingRingLock = leases.model(
  { ...instance, mutation: 'signHoldingRingLock' },
  {
    violates: [writeLockIsGot, expiredLeaseGoes, signerGetsThrough, noSleepHoldingRing],
    deadlocks: true,
    distinct: 22_732,
  },
);

/** M16: a ring is freed while its lease is on the list. That is F4. One ring. */
export const freeLeasedRing = leases.model(
  { variant: 'corrected', mutation: 'freeLeasedRing', rxControl: 'delete' },
  { violates: [noCallbackAfterFree], distinct: 449 },
);

/** M17: a signer looks for a purge before it waits, and not after. That is F5. One ring. */
export const releaseTestedOnce = leases.model(
  { variant: 'corrected', mutation: 'releaseTestedOnce', purge: 'later', writes: 'once' },
  { violates: [noLeaseAfterPurge], distinct: 1_266 },
);
