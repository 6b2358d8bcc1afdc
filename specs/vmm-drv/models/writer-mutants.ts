import {
  callIsHeard,
  expiredLeaseGoes,
  leases,
  noSleepHoldingRing,
  readLockIsGot,
  signerGetsThrough,
  vcpuExclusion,
  writeLockIsGot,
} from '../index.ts';

/*
 * What the parts of the corrected protocol are good for that writers play: one is left out, and something fails; or
 * nothing does, and it is not essential. Two rings, two writers and a reader, once each, unless it is said otherwise.
 */

const instance = {
  variant: 'corrected',
  rxRings: 2,
  writers: 2,
  readers: 1,
  writes: 'once',
  reads: 'once',
} as const;

/** M3: the holder is called first, and the lease marked afterwards. That is 14026 again. */
export const callThenExpire = leases.model(
  { ...instance, mutation: 'callThenExpire' },
  { violates: [writeLockIsGot, expiredLeaseGoes, signerGetsThrough, callIsHeard], deadlocks: true, distinct: 28_028 },
);

/** M5: writers do not lock vCPUs, so two can block leases at once. The protocol stands it. */
export const concurrentWriters = leases.model(
  { ...instance, vcpuLocks: 'none' },
  { violates: [vcpuExclusion], distinct: 43_132 },
);

export const concurrentWritersBeforeTheFix = leases.model(
  { ...instance, variant: 'beforeTheFix', vcpuLocks: 'none' },
  {
    violates: [
      vcpuExclusion,
      writeLockIsGot,
      expiredLeaseGoes,
      signerGetsThrough,
      readLockIsGot,
      callIsHeard,
      noSleepHoldingRing,
    ],
    deadlocks: true,
    distinct: 20_847,
  },
);

/** M6: the end of a block wakes one of those who sleep on the lease condition variable. Another signer sleeps on. */
export const wakeOneAtUnblock = leases.model(
  { ...instance, mutation: 'wakeOneAtUnblock' },
  { violates: [signerGetsThrough], deadlocks: true, distinct: 31_140 },
);

/** M6, for every wake-up: a signer is woken in place of the writer that waits for the list to drain. */
export const wakeOneAlways = leases.model(
  { ...instance, mutation: 'wakeOneAlways' },
  { violates: [writeLockIsGot, expiredLeaseGoes, signerGetsThrough], deadlocks: true, distinct: 31_444 },
);

/** M7: the rwlock is given back before leases are unblocked. The order does not matter. */
export const exitRwFirst = leases.model({ ...instance, mutation: 'exitRwFirst' }, { distinct: 30_180 });

/** M10: the writer does not remove deferred leases before it asks for the rwlock. */
export const blockDoesNotDrain = leases.model(
  { ...instance, mutation: 'blockDoesNotDrain' },
  {
    violates: [writeLockIsGot, expiredLeaseGoes, signerGetsThrough, readLockIsGot],
    deadlocks: true,
    distinct: 10_820,
  },
);

/** M12: who unblocks leases does not say so to signers. */
export const silentUnblock = leases.model(
  { ...instance, mutation: 'silentUnblock' },
  { violates: [signerGetsThrough], deadlocks: true, distinct: 31_600 },
);

/** M13: who has drained the list does not say so. Nobody misses it, as long as writers lock the vCPUs. */
export const silentDrain = leases.model({ ...instance, mutation: 'silentDrain' }, { distinct: 30_056 });

/** M13, with two writers at once: the second waits for the list to drain, and is never told. */
export const silentDrainOfTwo = leases.model(
  { ...instance, vcpuLocks: 'none', mutation: 'silentDrain' },
  { violates: [vcpuExclusion, writeLockIsGot, signerGetsThrough], deadlocks: true, distinct: 43_897 },
);

/** M13, with a purge, which locks no vCPU while it blocks leases. One ring. */
export const silentDrainAndPurge = leases.model(
  { variant: 'corrected', mutation: 'silentDrain', purge: 'later', writes: 'once' },
  { violates: [writeLockIsGot, signerGetsThrough], deadlocks: true, distinct: 1_248 },
);

/** M14: writers lock two vCPUs in either order, and two of them have one each. */
export const vcpusInAnyOrder = leases.model(
  { ...instance, vcpus: 2, vcpuLocks: 'anyOrder' },
  { deadlocks: true, distinct: 44_044 },
);
