import { verify, when } from 'fairlead';
import { awake, broadcast, enter, exit, sleepOn } from 'fairlead/sync';
import { enterRead } from './rwlock.ts';
import { leases, Ring } from './state.ts';
import { dropsLeaseLock, removeLease } from './writer.ts';

/*
 * `viona_worker` while its ring waits to be started, with `viona_ring_lease_renew` and the `vmm_drv_lease_*` calls in it.
 * The numbers I0 … S6 count the steps as the table of README.md does.
 */

/** I0: the worker takes its ring lock and finds the ring set up. */
export const startWorker = leases.action({ r: Ring }, (s, { r }) => {
  when(s.worker[r] === 'start');
  enter(s.ringLock[r], r);
  s.worker[r] = 'test';
});

/** I1, `vmm_drv_lease_expired`: reads the flag without the lease lock. */
export const testExpired = leases.action({ r: Ring }, (s, { r }) => {
  when(s.worker[r] === 'test');
  s.worker[r] = s.expired[r] ? 'lockToBreak' : 'sleep';
});

/** K1: renewing begins with `vmm_drv_lease_break`, which takes the lease lock. */
export const lockToBreak = leases.action({ r: Ring }, (s, { r }) => {
  when(s.worker[r] === 'lockToBreak');
  enter(s.leaseLock, r);
  s.worker[r] = 'break';
});

/** K2, K3: the lease goes at once, or, with the shipped fix, when the blocking writer comes to drain the list. */
export const breakLease = leases.action({ r: Ring }, (s, { r }, p) => {
  when(s.worker[r] === 'break');
  verify(s.leaseList.includes(r) && !s.deferred[r], 'only a lease on the list is broken, and only once');
  if (dropsLeaseLock(p) && s.blocker > 0) {
    s.deferred[r] = true;
    broadcast(s.leaseCv);
  } else {
    removeLease(s, r);
  }
  exit(s.leaseLock, r);
  s.ringLease[r] = false;
  s.worker[r] = 'checkRelease';
});

/**
 * S1: `vmm_drv_lease_sign` would refuse once the VM is being destroyed. That is not in this spec, the time it takes is.
 * The corrected worker lets go of its ring lock before.
 */
export const checkRelease = leases.action({ r: Ring }, (s, { r }, p) => {
  when(s.worker[r] === 'checkRelease');
  if (p.variant === 'corrected') exit(s.ringLock[r], r);
  s.worker[r] = 'lockToSign';
});

/** S2, and again whenever the wait below is over. */
export const lockToSign = leases.action({ r: Ring }, (s, { r }) => {
  when(s.worker[r] === 'lockToSign' && awake(s.leaseCv, r));
  enter(s.leaseLock, r);
  s.worker[r] = 'waitToSign';
});

/** S3: while a writer blocks leases, sleep; not interruptible, and the ring lock is kept. */
export const waitToSign = leases.action({ r: Ring }, (s, { r }) => {
  when(s.worker[r] === 'waitToSign');
  if (s.blocker > 0) {
    sleepOn(s.leaseCv, s.leaseLock, r);
    s.worker[r] = 'lockToSign';
  } else {
    s.worker[r] = 'append';
  }
});

/** S4: the lease is on the list. */
export const appendLease = leases.action({ r: Ring }, (s, { r }) => {
  when(s.worker[r] === 'append');
  verify(s.blocker === 0, 'no lease is signed while leases are blocked');
  s.leaseList.push(r);
  s.worker[r] = 'enterRead';
});

/** S5: takes the read hold of the lease, or queues for it behind a writer that is about to leave. */
export const enterReadForLease = leases.action({ r: Ring }, (s, { r }) => {
  when(s.worker[r] === 'enterRead');
  enterRead(s.rw, r);
  s.worker[r] = 'leaveSign';
});

/** S6: with the read hold, drops the lease lock; the ring has its lease. */
export const leaveSign = leases.action({ r: Ring }, (s, { r }, p) => {
  when(s.worker[r] === 'leaveSign' && !s.rw.waitingReaders.has(r));
  exit(s.leaseLock, r);
  if (p.variant === 'corrected') {
    s.worker[r] = 'retakeRing';
  } else {
    s.ringLease[r] = true;
    s.worker[r] = 'sleep';
  }
});

/** The corrected worker takes its ring lock again. */
export const retakeRingLock = leases.action({ r: Ring }, (s, { r }) => {
  when(s.worker[r] === 'retakeRing');
  enter(s.ringLock[r], r);
  s.worker[r] = 'store';
});

/** It may have missed the call about its new lease meanwhile, so it tests again before it sleeps. */
export const storeLease = leases.action({ r: Ring }, (s, { r }) => {
  when(s.worker[r] === 'store');
  s.ringLease[r] = true;
  s.worker[r] = 'test';
});

/** I2: between the test and this step lies the window of 14026. */
export const sleepOnRing = leases.action({ r: Ring }, (s, { r }) => {
  when(s.worker[r] === 'sleep');
  sleepOn(s.ringCv[r], s.ringLock[r], r);
  s.worker[r] = 'asleep';
});

/** I3: woken by a call or by a signal, takes the ring lock again. */
export const wakeUp = leases.action({ r: Ring }, (s, { r }) => {
  when(s.worker[r] === 'asleep' && awake(s.ringCv[r], r));
  enter(s.ringLock[r], r);
  s.worker[r] = 'test';
});
