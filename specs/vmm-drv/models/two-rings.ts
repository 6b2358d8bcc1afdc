import {
  callIsHeard,
  expiredLeaseGoes,
  leases,
  lockOrder,
  noSleepHoldingRing,
  readLockIsGot,
  signerGetsThrough,
  writeLockIsGot,
} from '../index.ts';

/* Two rings that nobody starts, two threads that ask for the write lock once each, and one that asks for the read lock once. */

const instance = { rxRings: 2, writers: 2, readers: 1, writes: 'once', reads: 'once' } as const;

/** With a second ring the stuck writer also keeps out whoever signs for the other ring, and every reader. */
export const beforeTheFix = leases.model(
  { ...instance, variant: 'beforeTheFix' },
  {
    violates: [writeLockIsGot, expiredLeaseGoes, signerGetsThrough, readLockIsGot, callIsHeard, noSleepHoldingRing],
    deadlocks: true,
    distinct: 16_560,
  },
);

export const beforeTheFixWithSignals = leases.model(
  { ...instance, variant: 'beforeTheFix', signals: true },
  { violates: [callIsHeard, noSleepHoldingRing], distinct: 21_408 },
);

export const naiveFix = leases.model(
  { ...instance, variant: 'naiveFix' },
  { violates: [writeLockIsGot, expiredLeaseGoes, lockOrder, noSleepHoldingRing], deadlocks: true, distinct: 12_088 },
);

export const shippedFix = leases.model(
  { ...instance, variant: 'shippedFix' },
  {
    violates: [writeLockIsGot, expiredLeaseGoes, signerGetsThrough, noSleepHoldingRing],
    deadlocks: true,
    distinct: 22_732,
  },
);

export const corrected = leases.model({ ...instance, variant: 'corrected' }, { distinct: 30_108 });
