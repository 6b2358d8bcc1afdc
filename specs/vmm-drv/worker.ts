import { some, when, type Steps } from 'fairlead';
import { awake, broadcast, enter, exit, sleepOn } from 'fairlead/sync';
import { breakLease, leaseExpired, renewLease, type RenewLabel } from './lease.ts';
import { serveReceive } from './receive.ts';
import { leases, Ring, TxRing, type Parameters, type State } from './state.ts';
import { serveTransmit } from './transmit.ts';
import { signsWithoutRingLock } from './variant.ts';

/** `viona_worker`: the thread of a ring, from ring init to ring reset. */
export const worker = leases.process({ r: Ring }, function* (s, { r }, p) {
  while (true) {
    yield 'start'; // ring init creates the thread @source viona_worker
    enter(s.ring[r].lock, 'worker');
    when(isSetUp(s, r));
    if (!s.ring[r].stop) {
      yield* awaitStart(s, r, p);
      if (s.ring[r].state === 'RUN') {
        if (some(TxRing, (t) => t === r)) yield* serveTransmit(s, r, p);
        else yield* serveReceive(s, r, p);
      }
    }
    if (s.ring[r].lease) yield* breakLease(s, r, p);
    yield 'reset';
    s.ring[r].state = 'RESET';
    s.ring[r].start = false;
    s.ring[r].stop = false;
    s.ring[r].renew = false;
    broadcast(s.ring[r].cv);
    exit(s.ring[r].lock, 'worker');
  }
});

function isSetUp(s: State, r: Ring): boolean {
  return s.ring[r].state === 'SETUP';
}

/** Waits until the ring is kicked; then its state is RUN. Between `test` and `sleep` lies the window of illumos 14026. */
function* awaitStart(s: State, r: Ring, p: Parameters): Steps<RenewLabel | 'test' | 'sleep' | 'asleep' | 'run'> {
  s.ring[r].state = 'INIT';
  broadcast(s.ring[r].cv);
  while (true) {
    yield 'test'; // I1 @source viona_worker
    if (s.ring[r].stop) return;
    if (s.ring[r].start) break;
    if (leaseExpired(s, r) && p.mutation !== 'noTestBeforeSleep') {
      yield* renewLease(s, r, 'worker', p);
      if (!s.ring[r].lease) return;
      if (signsWithoutRingLock(p)) continue; // the call about the new lease may have come meanwhile
    }
    yield 'sleep'; // I2 @source viona_worker
    sleepOn(s.ring[r].cv, s.ring[r].lock, 'worker');
    yield 'asleep'; // I3 @source viona_worker
    when(awake(s.ring[r].cv, 'worker'));
    enter(s.ring[r].lock, 'worker');
    if (s.ring[r].stop) return;
  }
  yield 'run'; // I5 @source viona_ring_lease_renew
  if (leaseExpired(s, r)) {
    yield* renewLease(s, r, 'worker', p);
    if (!s.ring[r].lease) return;
  }
  s.ring[r].state = 'RUN';
  s.ring[r].start = false;
}
