import { values, when, type Steps } from 'fairlead';
import { broadcast, enter, exit, signal, wait } from 'fairlead/sync';
import { removeLease, wakeLeaseCv } from './lease.ts';
import { Ring, type Blocker, type Parameters, type State } from './state.ts';
import { callsUnderRingLock, dropsLeaseLock, expiresLate } from './variant.ts';

/**
 * `vmm_lease_block`, which before the fix was a part of `vmm_write_lock`: expires every lease and calls its holder. With
 * the fix it also waits until no lease is left. Only the first blocker expires and removes; others wait for that.
 */
export function* blockLeases(
  s: State,
  me: Blocker,
  p: Parameters,
): Steps<'block' | 'iterate' | 'expire' | 'call' | 'resume' | 'drain' | 'asleep'> {
  yield 'block'; // W2 @source vmm_lease_block
  enter(s.leaseLock, me);
  s.blocker += 1;
  const first = s.blocker === 1;
  s.cursor[me] = s.leaseList.at(0) ?? null;
  while (true) {
    yield 'iterate';
    if (!first || s.cursor[me] === null) break;
    if (dropsLeaseLock(p) || !s.expired[s.cursor[me]]) {
      yield 'expire'; // A3, C3 @source vmm_lease_block
      if (!expiresLate(p)) s.expired[s.cursor[me]] = true;
      if (dropsLeaseLock(p)) exit(s.leaseLock, me);
      yield 'call'; // A4, C4 @source viona_ring_lease_expire_cb
      callHolder(s, s.cursor[me], p);
      if (dropsLeaseLock(p)) {
        yield 'resume'; // C5 @source vmm_lease_block
        enter(s.leaseLock, me);
        if (p.mutation === 'callThenExpire') s.expired[s.cursor[me]] = true;
      }
    }
    s.cursor[me] = s.leaseList.at(s.leaseList.indexOf(s.cursor[me]) + 1) ?? null;
  }
  s.cursor[me] = null;
  while (true) {
    yield 'drain'; // A5, C6, C7 @source vmm_lease_block
    if (!dropsLeaseLock(p) || p.mutation === 'blockDoesNotDrain') break;
    if (first) for (const r of values(Ring)) if (s.deferred[r]) removeLease(s, r);
    if (s.leaseList.length === 0) {
      if (first && p.mutation !== 'silentDrain') wakeLeaseCv(s, p);
      break;
    }
    yield* wait(s.leaseCv, s.leaseLock, me);
  }
  exit(s.leaseLock, me);
}

/** `vmm_lease_unblock` */
export function unblockLeases(s: State, p: Parameters): void {
  when(s.leaseLock.owner === null);
  s.blocker -= 1;
  if (s.blocker > 0 || p.mutation === 'silentUnblock') return;
  if (p.mutation === 'wakeOneAtUnblock') signal(s.leaseCv);
  else wakeLeaseCv(s, p);
}

/**
 * `viona_ring_lease_expire_cb` wakes the worker. The wake-up is lost unless the worker is asleep now, which is why every
 * fix takes the ring lock for it. Nothing can happen inside of that critical section: it is one step.
 */
function callHolder(s: State, r: Ring, p: Parameters): void {
  if (callsUnderRingLock(p)) when(s.ring[r].lock.owner === null);
  if (p.mutation === 'expireInCallback') s.expired[r] = true;
  broadcast(s.ring[r].cv);
}
