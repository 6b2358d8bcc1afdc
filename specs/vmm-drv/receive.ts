import { when, type Steps } from 'fairlead';
import { awake, enter, exit, sleepOn } from 'fairlead/sync';
import { leaseExpired, renewLease, type RenewLabel } from './lease.ts';
import type { Parameters, Ring, State } from './state.ts';
import { testsBeforeSleep } from './variant.ts';

/**
 * `viona_worker_rx`: what a receive ring's worker does while the ring runs. The data comes by callbacks of the NIC; the
 * worker only renews the lease, for which it drops the ring lock and waits until no callback is under way.
 */
export function* serveReceive(
  s: State,
  r: Ring,
  p: Parameters,
): Steps<RenewLabel | 'rxTest' | 'rxBarrier' | 'rxRetake' | 'rxSleep' | 'rxAsleep' | 'rxStop' | 'rxStopped'> {
  while (true) {
    yield 'rxTest'; // R1
    if (s.ring[r].stop) break;
    if (leaseExpired(s, r) && p.mutation !== 'rxDoesNotRenew') {
      s.ring[r].renew = true;
      exit(s.ring[r].lock, 'worker');
      yield 'rxBarrier'; // `mac_rx_barrier`
      yield 'rxRetake';
      enter(s.ring[r].lock, 'worker');
      yield* renewLease(s, r, 'worker', p);
      if (!s.ring[r].lease) break;
      s.ring[r].renew = false;
      if (testsBeforeSleep(p)) continue;
    }
    yield 'rxSleep'; // R2
    sleepOn(s.ring[r].cv, s.ring[r].lock, 'worker');
    yield 'rxAsleep'; // R3
    when(awake(s.ring[r].cv, 'worker'));
    enter(s.ring[r].lock, 'worker');
    if (s.ring[r].stop) break;
  }
  s.ring[r].state = 'STOP';
  exit(s.ring[r].lock, 'worker');
  yield 'rxStop'; // `mac_rx_barrier`
  yield 'rxStopped';
  enter(s.ring[r].lock, 'worker');
}
