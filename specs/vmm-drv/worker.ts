import { enter, exit, wait } from 'fairlead/sync';
import { breakLease, signLease } from './lease.ts';
import { leases, Ring } from './state.ts';

/** `viona_worker` while its ring waits to be started. Between `test` and `sleep` lies the window of illumos 14026. */
export const worker = leases.process({ r: Ring }, function* (s, { r }, p) {
  yield 'start'; // I0
  enter(s.ringLock[r], r);
  while (true) {
    yield 'test'; // I1: `vmm_drv_lease_expired` reads the flag without the lease lock
    if (s.expired[r]) {
      // `viona_ring_lease_renew`
      yield* breakLease(s, r, p);
      yield 'checkRelease'; // S1: a hold that is to be released is not in this spec, the time to look for it is
      if (p.variant === 'corrected') exit(s.ringLock[r], r);
      yield* signLease(s, r);
      if (p.variant === 'corrected') {
        yield 'retakeRing';
        enter(s.ringLock[r], r);
        yield 'store';
        s.ringLease[r] = true;
        continue; // the call about the new lease may have come meanwhile
      }
      s.ringLease[r] = true;
    }
    yield 'sleep'; // I2
    yield* wait(s.ringCv[r], s.ringLock[r], r); // I3
  }
});
