import { pick, some, when, z, type Steps } from 'fairlead';
import { awake, broadcast, enter, exit, sleepOn } from 'fairlead/sync';
import { signLease, type SignLabel } from './lease.ts';
import { leases, Ring, TxRing, type Parameters, type State } from './state.ts';
import { waitsForLeaseBeforeFree } from './variant.ts';

/** The viona ioctl thread of a ring: kicks, resets and initialises it, or resets it and deletes the link. */
export const control = leases.process({ r: Ring }, function* (s, { r }, p) {
  while (duty(r, p) !== 'nothing') {
    yield 'ask'; // the environment's choice
    when(!s.releaseReq || duty(r, p) === 'delete');
    const operation = pick(z.enum(['kick', 'reset', 'init']));
    if (operation === 'kick') {
      when(duty(r, p) === 'kick' || duty(r, p) === 'kickStopInit');
      kickRing(s, r);
    } else if (operation === 'reset') {
      when(duty(r, p) !== 'kick' && (duty(r, p) === 'delete' || s.ring[r].state !== 'RESET'));
      yield* resetRing(s, r, p);
      if (duty(r, p) === 'delete') {
        yield 'free'; // the end of `viona_ioc_delete`
        when(!waitsForLeaseBeforeFree(p) || !s.leaseList.includes(r));
        s.ring[r].freed = true;
        return;
      }
    } else {
      when((duty(r, p) === 'kickStopInit' || duty(r, p) === 'stopInit') && s.ring[r].state === 'RESET');
      yield* initRing(s, r, p);
    }
  }
});

function duty(r: Ring, p: Parameters): Parameters['rxControl'] {
  return some(TxRing, (t) => t === r) ? p.txControl : p.rxControl;
}

/** `viona_ioc_ring_kick`, after the guest has put something into the queue of a transmit ring. One critical section. */
export function kickRing(s: State, r: Ring): void {
  when(s.ring[r].lock.owner === null && s.ring[r].state !== 'RESET' && s.ring[r].state !== 'STOP');
  if (s.ring[r].state !== 'RUN') s.ring[r].start = true;
  if (some(TxRing, (t) => t === r)) s.ring[r].avail = true;
  broadcast(s.ring[r].cv);
}

/** `viona_ring_reset`: asks the worker to stop and waits until it has; a signal can end the wait, but not the request. */
function* resetRing(s: State, r: Ring, p: Parameters): Steps<'resetting'> {
  enter(s.ring[r].lock, 'ioctl');
  if (s.ring[r].state !== 'RESET') {
    s.ring[r].stop = true;
    broadcast(s.ring[r].cv);
  }
  while (s.ring[r].state !== 'RESET') {
    sleepOn(s.ring[r].cv, s.ring[r].lock, 'ioctl');
    yield 'resetting';
    const interrupted = p.interruptedReset && duty(r, p) !== 'delete' && pick(z.boolean());
    if (interrupted) {
      s.ring[r].cv.sleepers.delete('ioctl');
      enter(s.ring[r].lock, 'ioctl');
      break; // EINTR
    }
    when(awake(s.ring[r].cv, 'ioctl'));
    enter(s.ring[r].lock, 'ioctl');
  }
  exit(s.ring[r].lock, 'ioctl');
}

/** `viona_ring_init`: signs the lease and creates the worker. */
function* initRing(s: State, r: Ring, p: Parameters): Steps<SignLabel> {
  enter(s.ring[r].lock, 'ioctl');
  yield* signLease(s, r, 'ioctl', p);
  if (s.ring[r].lease) {
    s.ring[r].state = 'SETUP';
    broadcast(s.ring[r].cv);
  }
  exit(s.ring[r].lock, 'ioctl');
}
