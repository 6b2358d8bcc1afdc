import { verify, when, type Id, type Steps } from 'fairlead';
import { askToRead, awake, broadcast, enter, exit, exitReader, reads, sleepOn } from 'fairlead/sync';
import { defersBreaks, type Parameters, type State } from './state.ts';

/* What a ring's thread does with its lease, holding the ring lock. Steps are numbered as in README.md. */

/** `vmm_drv_lease_break`: gives the lease back at once or, with the shipped fix while leases are blocked, some time. */
export function* breakLease(s: State, r: Id<'Ring'>, p: Parameters): Steps<'lockToBreak' | 'break'> {
  yield 'lockToBreak'; // K1
  enter(s.leaseLock, r);
  yield 'break'; // K2, K3
  verify(s.leaseList.includes(r) && !s.deferred[r], 'only a lease on the list is broken, and only once');
  if (defersBreaks(p) && s.blocker > 0) {
    s.deferred[r] = true;
    broadcast(s.leaseCv);
  } else {
    removeLease(s, r);
  }
  exit(s.leaseLock, r);
  s.ringLease[r] = false;
}

/** `vmm_drv_lease_sign`: waits until leases are not blocked; ends with the lease on the list and the lease lock held. */
export function* signLease(s: State, r: Id<'Ring'>): Steps<'lockToSign' | 'sign' | 'waitToSign' | 'leaveSign'> {
  yield 'lockToSign'; // S2
  enter(s.leaseLock, r);
  while (true) {
    yield 'sign'; // S3
    if (s.blocker === 0) break;
    sleepOn(s.leaseCv, s.leaseLock, r); // not interruptible
    yield 'waitToSign';
    when(awake(s.leaseCv, r));
    enter(s.leaseLock, r);
  }
  s.leaseList.push(r); // S4
  askToRead(s.rw, r); // S5: may have to queue behind a writer that is about to leave
  yield 'leaveSign'; // S6
  when(reads(s.rw, r));
  exit(s.leaseLock, r);
}

/** `vmm_lease_break_locked`: takes a lease off the list and gives its read hold back. */
export function removeLease(s: State, r: Id<'Ring'>): void {
  s.leaseList = s.leaseList.filter((other) => other !== r);
  s.expired[r] = false;
  s.deferred[r] = false;
  exitReader(s.rw, r);
}
