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

/* Two rings, and everybody without end. */

/** A receive and a transmit ring, both kicked; two vCPUs, one of them run by a thread; a writer and a reader. */
const kicked = { txRings: 1, rxControl: 'kick', txControl: 'kick', vcpus: 2, vcpuThreads: 1, readers: 1 } as const;

export const kickedBeforeTheFix = leases.model(
  { ...kicked, variant: 'beforeTheFix' },
  {
    violates: [writeLockIsGot, expiredLeaseGoes, signerGetsThrough, readLockIsGot, callIsHeard, noSleepHoldingRing],
    distinct: 118_413,
  },
);

export const kickedNaiveFix = leases.model(
  { ...kicked, variant: 'naiveFix' },
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
    distinct: 107_101,
  },
);

export const kickedShippedFix = leases.model(
  { ...kicked, variant: 'shippedFix' },
  {
    violates: [writeLockIsGot, expiredLeaseGoes, signerGetsThrough, callIsHeard, noSleepHoldingRing],
    distinct: 171_855,
  },
);

/** With the later transmit loop. */
export const kickedShippedFixLater = leases.model(
  { ...kicked, variant: 'shippedFix', txLoop: 'locked' },
  { violates: [writeLockIsGot, expiredLeaseGoes, signerGetsThrough, noSleepHoldingRing], distinct: 154_752 },
);

export const kickedCorrected = leases.model({ ...kicked, variant: 'corrected' }, { distinct: 257_849 });

/** Two rings that nobody starts; two vCPUs, each run by a thread; two writers and two readers. */
const crowded = { rxRings: 2, vcpus: 2, writers: 2, vcpuThreads: 2, readers: 2 } as const;

export const crowdedBeforeTheFix = leases.model(
  { ...crowded, variant: 'beforeTheFix' },
  {
    violates: [writeLockIsGot, expiredLeaseGoes, signerGetsThrough, readLockIsGot, callIsHeard, noSleepHoldingRing],
    deadlocks: true,
    distinct: 197_324,
  },
);

export const crowdedNaiveFix = leases.model(
  { ...crowded, variant: 'naiveFix' },
  {
    violates: [writeLockIsGot, expiredLeaseGoes, lockOrder, noSleepHoldingRing],
    distinct: 152_428,
  },
);

export const crowdedShippedFix = leases.model(
  { ...crowded, variant: 'shippedFix' },
  { violates: [writeLockIsGot, expiredLeaseGoes, signerGetsThrough, noSleepHoldingRing], distinct: 243_708 },
);

export const crowdedCorrected = leases.model({ ...crowded, variant: 'corrected' }, { distinct: 364_704 });
