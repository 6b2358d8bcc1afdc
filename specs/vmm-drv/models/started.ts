import {
  callIsHeard,
  expiredLeaseGoes,
  leases,
  lockOrder,
  noSleepHoldingRing,
  signerGetsThrough,
  writeLockIsGot,
} from '../index.ts';

/* A receive ring that the guest kicks again and again: its worker goes on from INIT to RUN. */

const instance = { rxControl: 'kick' } as const;

/** Kicks wake the worker, so there is no dead end; but nobody has to kick. */
export const beforeTheFix = leases.model(
  { ...instance, variant: 'beforeTheFix' },
  { violates: [writeLockIsGot, expiredLeaseGoes, callIsHeard, noSleepHoldingRing], distinct: 302 },
);

export const naiveFix = leases.model(
  { ...instance, variant: 'naiveFix' },
  { violates: [writeLockIsGot, expiredLeaseGoes, lockOrder, noSleepHoldingRing], deadlocks: true, distinct: 286 },
);

export const shippedFix = leases.model(
  { ...instance, variant: 'shippedFix' },
  {
    violates: [writeLockIsGot, expiredLeaseGoes, signerGetsThrough, noSleepHoldingRing],
    deadlocks: true,
    distinct: 343,
  },
);

export const corrected = leases.model({ ...instance, variant: 'corrected' }, { distinct: 437 });
