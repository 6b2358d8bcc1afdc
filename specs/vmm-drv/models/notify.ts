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
 * The guest kicks its receive ring through the notify port: the thread that runs the vCPU takes the ring lock for it, with
 * its vCPU lock held, which the writer waits for before it does anything else.
 */

const instance = { vcpuThreads: 1, vcpuKicks: true } as const;

/** The lost call cannot be made good by a kick, as it can in started.ts: who would kick waits for the writer. */
export const beforeTheFix = leases.model(
  { ...instance, variant: 'beforeTheFix' },
  {
    violates: [writeLockIsGot, expiredLeaseGoes, callIsHeard, noSleepHoldingRing],
    deadlocks: true,
    distinct: 666,
  },
);

export const naiveFix = leases.model(
  { ...instance, variant: 'naiveFix' },
  { violates: [writeLockIsGot, expiredLeaseGoes, lockOrder, noSleepHoldingRing], deadlocks: true, distinct: 634 },
);

export const shippedFix = leases.model(
  { ...instance, variant: 'shippedFix' },
  {
    violates: [writeLockIsGot, expiredLeaseGoes, signerGetsThrough, noSleepHoldingRing],
    deadlocks: true,
    distinct: 748,
  },
);

export const corrected = leases.model({ ...instance, variant: 'corrected' }, { distinct: 960 });
