import { verify, when, type Steps } from 'fairlead';
import { askToRead, awake, broadcast, enter, exit, exitReader, reads, signal, sleepOn } from 'fairlead/sync';
import type { Parameters, Ring, State } from './state.ts';
import { defersBreaks, signsWithoutRingLock, testsReleaseAfterWait } from './variant.ts';

/* What a thread does with the lease of ring `r`, holding the ring lock. Steps are numbered as in README.md. */

export type RenewLabel = BreakLabel | SignLabel;
type BreakLabel = 'lockToBreak' | 'break';
export type SignLabel = 'checkRelease' | 'lockToSign' | 'sign' | 'waitToSign' | 'leaveSign' | 'retakeRing';

/** `vmm_drv_lease_expired` reads the flag without any lock of the VM. */
export function leaseExpired(s: State, r: Ring): boolean {
  return s.expired[r];
}

/** `viona_ring_lease_renew`; afterwards the ring has a lease, or it was refused because the VM is being destroyed. */
export function* renewLease(s: State, r: Ring, who: 'worker' | 'ioctl', p: Parameters): Steps<RenewLabel> {
  if (s.ring[r].lease) yield* breakLease(s, r, p);
  yield* signLease(s, r, who, p);
}

/** `vmm_drv_lease_break`: gives the lease back at once or, from the shipped fix on, while leases are blocked, some time. */
export function* breakLease(s: State, r: Ring, p: Parameters): Steps<BreakLabel> {
  yield 'lockToBreak'; // K1 @source vmm_drv_lease_break
  enter(s.leaseLock, r);
  yield 'break'; // K2, K3 @source vmm_lease_break_locked
  verify(s.leaseList.includes(r) && !s.deferred[r], 'only a lease on the list is broken, and only once');
  if (defersBreaks(p) && s.blocker > 0) {
    s.deferred[r] = true;
    if (p.mutation !== 'silentDeferral') wakeLeaseCv(s, p);
  } else {
    removeLease(s, r);
  }
  exit(s.leaseLock, r);
  s.ring[r].lease = false;
}

/** `vmm_drv_lease_sign`: waits until leases are not blocked, puts a lease on the list and takes its read hold. */
export function* signLease(s: State, r: Ring, who: 'worker' | 'ioctl', p: Parameters): Steps<SignLabel> {
  yield 'checkRelease'; // S1 @source vmm_drv_release_reqd
  if (signsWithoutRingLock(p)) exit(s.ring[r].lock, who);
  if (!s.releaseReq) {
    s.signing[r] = true;
    yield 'lockToSign'; // S2 @source vmm_drv_lease_sign
    enter(s.leaseLock, r);
    while (true) {
      yield 'sign'; // S3 @source vmm_drv_lease_sign
      if (s.blocker === 0 || p.mutation === 'signUnblocked') break;
      sleepOn(s.leaseCv, s.leaseLock, r); // not interruptible
      yield 'waitToSign'; // @source vmm_drv_lease_sign
      when(awake(s.leaseCv, r));
      enter(s.leaseLock, r);
      if (p.mutation === 'signTestsOnce') break;
    }
    if (testsReleaseAfterWait(p) && s.releaseReq) {
      exit(s.leaseLock, r);
      s.signing[r] = false;
    } else {
      verify(!s.leaseList.includes(r), 'a ring has one lease on the list: here leases go by the name of their ring');
      s.leaseList.push(r); // S4
      askToRead(s.rw, r); // S5: may have to queue behind a writer that is about to leave
      yield 'leaveSign'; // S6 @source vmm_drv_lease_sign
      when(reads(s.rw, r));
      exit(s.leaseLock, r);
      s.signing[r] = false;
      if (!signsWithoutRingLock(p)) s.ring[r].lease = true;
    }
  }
  if (signsWithoutRingLock(p)) {
    yield 'retakeRing';
    enter(s.ring[r].lock, who);
    s.ring[r].lease = s.leaseList.includes(r) && !s.deferred[r];
  }
}

/** `vmm_lease_break_locked`: takes a lease off the list and gives its read hold back. */
export function removeLease(s: State, r: Ring): void {
  s.leaseList = s.leaseList.filter((other) => other !== r);
  s.expired[r] = false;
  s.deferred[r] = false;
  exitReader(s.rw, r);
}

/** Wakes all who sleep on the lease condition variable: it has three kinds of waiters. */
export function wakeLeaseCv(s: State, p: Parameters): void {
  if (p.mutation === 'wakeOneAlways') signal(s.leaseCv);
  else broadcast(s.leaseCv);
}
