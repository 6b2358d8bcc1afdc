import { all, some } from 'fairlead';
import {
  callIsHeard,
  expiredLeaseGoes,
  leases,
  lockOrder,
  noSleepHoldingRing,
  RxRing,
  signerGetsThrough,
  TxRing,
  vcpu,
  Writer,
  writeLockIsGot,
} from '../index.ts';

/*
 * The machine of the bug report: a receive ring that the guest kicks and a transmit ring that it never started, two vCPUs,
 * a thread that wants the write lock and one that wants to run vCPU 1.
 */

const instance = { txRings: 1, rxControl: 'kick', vcpus: 2, vcpuThreads: 1 } as const;

/**
 * What the stacks and the dump of the report show: the writer waits for the rwlock; the thread of vCPU 1 waits for it;
 * the receive worker sleeps in sign; the transmit worker sleeps in INIT, no flag set, with a lease that has expired and is
 * the only one on the list.
 */
export const asReported = leases.sometimes(
  (s) =>
    some(Writer, (w) => s.rw.waitingWriters.has(w)) &&
    vcpu.at({ v: 1 }, 'lock') &&
    s.vcpu[1] !== null &&
    all(RxRing, (r) => s.leaseCv.sleepers.has(r) && s.ring[r].state === 'RUN') &&
    all(
      TxRing,
      (r) =>
        s.ring[r].cv.sleepers.has('worker') &&
        s.ring[r].state === 'INIT' &&
        !s.ring[r].start &&
        !s.ring[r].stop &&
        !s.ring[r].renew &&
        s.expired[r] &&
        s.leaseList.length === 1 &&
        s.leaseList.includes(r),
    ),
);

export const beforeTheFix = leases.model(
  { ...instance, variant: 'beforeTheFix' },
  {
    violates: [writeLockIsGot, expiredLeaseGoes, signerGetsThrough, callIsHeard, noSleepHoldingRing],
    deadlocks: true,
    distinct: 8_054,
  },
);

export const naiveFix = leases.model(
  { ...instance, variant: 'naiveFix' },
  {
    violates: [writeLockIsGot, expiredLeaseGoes, signerGetsThrough, lockOrder, noSleepHoldingRing],
    unreachable: [asReported],
    deadlocks: true,
    distinct: 6_658,
  },
);

export const shippedFix = leases.model(
  { ...instance, variant: 'shippedFix' },
  {
    violates: [writeLockIsGot, expiredLeaseGoes, signerGetsThrough, noSleepHoldingRing],
    unreachable: [asReported],
    deadlocks: true,
    distinct: 11_504,
  },
);

export const corrected = leases.model(
  { ...instance, variant: 'corrected' },
  { unreachable: [asReported], distinct: 18_215 },
);
