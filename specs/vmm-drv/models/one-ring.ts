import {
  callIsHeard,
  expiredLeaseGoes,
  leases,
  lockOrder,
  noSleepHoldingRing,
  signerGetsThrough,
  writeLockIsGot,
} from '../index.ts';

/*
 * The smallest instance with the bug: one vCPU, one ring that nobody starts, whose worker has not run yet, and one thread
 * that asks for the write lock again and again.
 */

/**
 * The livelock of illumos 14026. The worker tests its lease, the writer expires it and calls while nobody sleeps, the
 * worker falls asleep: the writer waits for a lease that nobody will break.
 */
export const beforeTheFix = leases.model(
  { variant: 'beforeTheFix' },
  {
    violates: [writeLockIsGot, expiredLeaseGoes, callIsHeard, noSleepHoldingRing],
    deadlocks: true,
    distinct: 99,
  },
);

/** A signal to the stuck process wakes the worker, and everything goes on. */
export const beforeTheFixWithSignals = leases.model(
  { variant: 'beforeTheFix', signals: true },
  { violates: [callIsHeard, noSleepHoldingRing], distinct: 107 },
);

/**
 * Taking the ring lock in the callback closes the window and opens a deadlock: the writer has the lease lock and wants
 * the ring lock, the worker has the ring lock and wants the lease lock to break its lease.
 */
export const naiveFix = leases.model(
  { variant: 'naiveFix' },
  { violates: [writeLockIsGot, expiredLeaseGoes, lockOrder, noSleepHoldingRing], deadlocks: true, distinct: 91 },
);

/** Neither thread of that deadlock sleeps interruptibly, so signals do not help. */
export const naiveFixWithSignals = leases.model(
  { variant: 'naiveFix', signals: true },
  { violates: [writeLockIsGot, expiredLeaseGoes, lockOrder, noSleepHoldingRing], deadlocks: true, distinct: 99 },
);

/**
 * The fix as it was shipped still deadlocks, seen at this granularity: between marking a lease expired and calling its
 * holder, the worker sees the mark, breaks, and waits with its ring lock for the block to end; the call waits for that
 * ring lock. Found by reading and by model checking; never reproduced on a machine, not confirmed by its authors.
 */
export const shippedFix = leases.model(
  { variant: 'shippedFix' },
  {
    violates: [writeLockIsGot, expiredLeaseGoes, signerGetsThrough, noSleepHoldingRing],
    deadlocks: true,
    distinct: 110,
  },
);

/** The worker of that deadlock sleeps in `cv_wait`, where no signal reaches it. */
export const shippedFixWithSignals = leases.model(
  { variant: 'shippedFix', signals: true },
  {
    violates: [writeLockIsGot, expiredLeaseGoes, signerGetsThrough, noSleepHoldingRing],
    deadlocks: true,
    distinct: 118,
  },
);

/** A reader that comes again and again always has a next step: no deadlock is left to be found, and still nobody writes. */
export const shippedFixWithReader = leases.model(
  { variant: 'shippedFix', readers: 1 },
  { violates: [writeLockIsGot, expiredLeaseGoes, signerGetsThrough, noSleepHoldingRing], distinct: 335 },
);

/** Signing without the ring lock, and testing again afterwards, cures it all. */
export const corrected = leases.model({ variant: 'corrected' }, { distinct: 122 });

/** Signals do no harm. */
export const correctedWithSignals = leases.model({ variant: 'corrected', signals: true }, { distinct: 129 });
