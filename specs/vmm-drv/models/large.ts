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

/* A third ring, or everything at once. */

/** Three rings that nobody starts; two vCPUs, two writers, a reader. */
const rings = { rxRings: 3, vcpus: 2, writers: 2, readers: 1 } as const;

export const ringsBeforeTheFix = leases.model(
  { ...rings, variant: 'beforeTheFix' },
  {
    violates: [writeLockIsGot, expiredLeaseGoes, signerGetsThrough, readLockIsGot, callIsHeard, noSleepHoldingRing],
    deadlocks: true,
    distinct: 185_678,
  },
);

export const ringsNaiveFix = leases.model(
  { ...rings, variant: 'naiveFix' },
  { violates: [writeLockIsGot, expiredLeaseGoes, lockOrder, noSleepHoldingRing], distinct: 100_022 },
);

export const ringsShippedFix = leases.model(
  { ...rings, variant: 'shippedFix' },
  { violates: [writeLockIsGot, expiredLeaseGoes, signerGetsThrough, noSleepHoldingRing], distinct: 353_626 },
);

export const ringsCorrected = leases.model({ ...rings, variant: 'corrected' }, { distinct: 690_922 });

/** A receive and a transmit ring, both kicked; two vCPUs, each run by a thread; two writers and a reader. */
const everything = {
  txRings: 1,
  rxControl: 'kick',
  txControl: 'kick',
  vcpus: 2,
  vcpuThreads: 2,
  writers: 2,
  readers: 1,
} as const;

export const everythingBeforeTheFix = leases.model(
  { ...everything, variant: 'beforeTheFix' },
  {
    violates: [writeLockIsGot, expiredLeaseGoes, signerGetsThrough, readLockIsGot, callIsHeard, noSleepHoldingRing],
    distinct: 955_620,
  },
);

export const everythingNaiveFix = leases.model(
  { ...everything, variant: 'naiveFix' },
  {
    violates: [
      writeLockIsGot,
      expiredLeaseGoes,
      signerGetsThrough,
      readLockIsGot,
      callIsHeard,
      lockOrder,
      noSleepHoldingRing,
    ],
    distinct: 865_124,
  },
);

export const everythingShippedFix = leases.model(
  { ...everything, variant: 'shippedFix' },
  {
    violates: [writeLockIsGot, expiredLeaseGoes, signerGetsThrough, callIsHeard, noSleepHoldingRing],
    distinct: 1_383_156,
  },
);

export const everythingCorrected = leases.model({ ...everything, variant: 'corrected' }, { distinct: 2_080_180 });
