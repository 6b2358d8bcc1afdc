import { verify, when, type Id, type Steps } from 'fairlead';
import { askToWrite, broadcast, enter, exit, exitWriter, wait, writes } from 'fairlead/sync';
import { removeLease } from './lease.ts';
import { defersBreaks, leases, Ring, Writer, type Parameters, type State } from './state.ts';

/** `vmm_write_lock`, the operation, `vmm_write_unlock`. Steps are numbered as in README.md. */
export const writer = leases.process({ w: Writer }, function* (s, { w }, p) {
  do {
    yield 'ask'; // W0: the environment's choice, so nothing promises that it happens
    for (let v = 0; v < p.vcpus; v += 1) {
      yield 'lockVcpu'; // W1: used or not, all of them, in ascending order
      when(s.vcpu[v] === null);
      s.vcpu[v] = w;
    }
    yield* blockLeases(s, w, p);
    yield 'enterRw'; // W6
    askToWrite(s.rw, w);
    yield 'write';
    when(writes(s.rw, w));
    yield 'unblock'; // U1
    when(s.leaseLock.owner === null);
    s.blocker -= 1;
    if (s.blocker === 0) broadcast(s.leaseCv);
    yield 'exitRw'; // U2
    exitWriter(s.rw, w);
    for (let v = 0; v < p.vcpus; v += 1) {
      yield 'unlockVcpu'; // U3
      s.vcpu[v] = null;
    }
  } while (p.writes === 'endless');
});

/**
 * `vmm_lease_block`, which before the fix was a part of `vmm_write_lock`: expires every lease and calls its holder.
 * With the fix it also waits until no lease is left. A second blocker, that would wait for the first one's drain, does
 * not exist here: all vCPU locks are held.
 */
function* blockLeases(
  s: State,
  w: Id<'Writer'>,
  p: Parameters,
): Steps<'block' | 'iterate' | 'expire' | 'call' | 'resume' | 'drain' | 'asleep'> {
  yield 'block'; // W2
  enter(s.leaseLock, w);
  s.blocker += 1;
  let cursor: Id<'Ring'> | null = s.leaseList.at(0) ?? null;
  while (true) {
    yield 'iterate';
    if (cursor === null) break;
    yield 'expire'; // A3, C3
    s.expired[cursor] = true;
    if (defersBreaks(p)) exit(s.leaseLock, w);
    yield 'call'; // A4, C4
    callHolder(s, cursor, p);
    if (defersBreaks(p)) {
      yield 'resume'; // C5
      enter(s.leaseLock, w);
      verify(s.leaseList.includes(cursor), 'a lease that was called is on the list still');
    }
    cursor = s.leaseList.at(s.leaseList.indexOf(cursor) + 1) ?? null;
  }
  while (true) {
    yield 'drain'; // A5, C6
    if (!defersBreaks(p)) break;
    for (const r of Ring) if (s.deferred[r]) removeLease(s, r);
    if (s.leaseList.length === 0) {
      broadcast(s.leaseCv);
      break;
    }
    yield* wait(s.leaseCv, s.leaseLock, w);
  }
  exit(s.leaseLock, w);
}

/**
 * `viona_ring_lease_expire_cb` wakes the worker. The wake-up is lost unless the worker is asleep now, which is why every
 * fix takes the ring lock for it. Nothing can happen inside of that critical section: it is one step.
 */
function callHolder(s: State, r: Id<'Ring'>, p: Parameters): void {
  if (p.variant !== 'beforeTheFix') when(s.ringLock[r].owner === null);
  broadcast(s.ringCv[r]);
}
