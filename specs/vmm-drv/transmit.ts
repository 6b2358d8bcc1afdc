import { when, type Steps } from 'fairlead';
import { awake, enter, exit, sleepOn } from 'fairlead/sync';
import { leaseExpired, renewLease, type RenewLabel } from './lease.ts';
import type { Parameters, Ring, State } from './state.ts';
import { samplesWithoutLock, testsBeforeSleep } from './variant.ts';

/** `viona_worker_tx`: what a transmit ring's worker does while the ring runs. */
export function* serveTransmit(s: State, r: Ring, p: Parameters): Steps<SamplingLabel | LockedLabel> {
  if (samplesWithoutLock(p)) yield* transmitSampling(s, r, p);
  else yield* transmitLocked(s, r, p);
  s.ring[r].state = 'STOP';
}

type SamplingLabel = RenewLabel | 'txSend' | 'txBail' | 'txExpired' | 'txRetake' | 'txAsleep' | 'txOutstanding';
type LockedLabel = RenewLabel | 'txTest' | 'txTransmit' | 'txReturn' | 'txSleep' | 'txWoken' | 'txOutstanding';

/** The loop of 2021: whether to stop and whether to renew is looked up without the ring lock, and then believed. */
function* transmitSampling(s: State, r: Ring, p: Parameters): Steps<SamplingLabel> {
  exit(s.ring[r].lock, 'worker');
  while (true) {
    yield 'txSend'; // T1
    send(s, r, p);
    yield 'txBail'; // T2
    let bail = s.ring[r].stop;
    yield 'txExpired'; // T3
    let renew = leaseExpired(s, r);
    if (!bail && !renew && s.ring[r].avail) continue; // T4
    yield 'txRetake'; // T5
    enter(s.ring[r].lock, 'worker');
    while (!bail && !renew && !s.ring[r].avail) {
      sleepOn(s.ring[r].cv, s.ring[r].lock, 'worker'); // T6
      yield 'txAsleep';
      when(awake(s.ring[r].cv, 'worker'));
      enter(s.ring[r].lock, 'worker');
      bail = s.ring[r].stop;
      renew = leaseExpired(s, r);
    }
    if (bail) break; // T7
    if (renew) {
      yield* renewWhileRunning(s, r, p);
      if (!s.ring[r].lease) break;
    }
    exit(s.ring[r].lock, 'worker');
  }
}

/** The later loop tests everything under the ring lock. */
function* transmitLocked(s: State, r: Ring, p: Parameters): Steps<LockedLabel> {
  while (true) {
    yield 'txTest';
    if (s.ring[r].stop) break;
    if (leaseExpired(s, r)) {
      yield* renewWhileRunning(s, r, p);
      if (!s.ring[r].lease) break;
      if (testsBeforeSleep(p)) continue;
    }
    if (s.ring[r].avail) {
      exit(s.ring[r].lock, 'worker');
      yield 'txTransmit';
      send(s, r, p);
      yield 'txReturn';
      enter(s.ring[r].lock, 'worker');
    } else {
      yield 'txSleep';
      sleepOn(s.ring[r].cv, s.ring[r].lock, 'worker');
      yield 'txWoken';
      when(awake(s.ring[r].cv, 'worker'));
      enter(s.ring[r].lock, 'worker');
    }
  }
}

/** Renews once the NIC has given back all memory of the guest. */
function* renewWhileRunning(s: State, r: Ring, p: Parameters): Steps<RenewLabel | 'txOutstanding'> {
  s.ring[r].renew = true;
  while (s.ring[r].outstanding) {
    sleepOn(s.ring[r].cv, s.ring[r].lock, 'worker'); // `viona_tx_wait_outstanding`: not interruptible
    yield 'txOutstanding';
    when(awake(s.ring[r].cv, 'worker'));
    enter(s.ring[r].lock, 'worker');
  }
  yield* renewLease(s, r, 'worker', p);
  if (s.ring[r].lease) s.ring[r].renew = false;
}

/** Sends what the guest has made available. */
function send(s: State, r: Ring, p: Parameters): void {
  if (s.ring[r].avail && p.zeroCopy) s.ring[r].outstanding = true;
  s.ring[r].avail = false;
}
