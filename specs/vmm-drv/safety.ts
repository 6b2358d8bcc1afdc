import { all, count, implies, some, type Id } from 'fairlead';
import { reads, writes } from 'fairlead/sync';
import { purge } from './purge.ts';
import { reader } from './reader.ts';
import { leases, Purge, Reader, Ring, Writer, type State } from './state.ts';
import { callsUnderRingLock } from './variant.ts';
import { writer } from './writer.ts';

/** A writer holds the rwlock alone. */
export const rwExclusion = leases.invariant((s) => implies(s.rw.writer !== null, s.rw.readers.size === 0));

/** While a writer works there are no leases. (Until it unblocks them, before it gives the rwlock back.) */
export const writerExcludesLeases = leases.invariant((s) =>
  all(Writer, (w) => implies(blocksLeases(w) && writes(s.rw, w), s.leaseList.length === 0)),
);

/** No lease is signed while leases are blocked. */
export const noSignWhileBlocked = leases.step((s, next) =>
  implies(next.leaseList.length > s.leaseList.length, s.blocker === 0),
);

/** Each read hold is that of a reader inside or of a lease on the list; each lease has one, or its signer queues for it. */
export const holdCount = leases.invariant(
  (s) =>
    all(Ring, (r) => s.leaseList.includes(r) === (reads(s.rw, r) || s.rw.waitingReaders.has(r))) &&
    all(Reader, (d) => implies(reads(s.rw, d), reader.at({ d }, 'leave'))),
);

/** The blocker count is the number of threads between block and unblock. */
export const blockerCount = leases.invariant(
  (s) => s.blocker === count(Writer, (w) => blocksLeases(w)) + count(Purge, (q) => purgeBlocksLeases(q)),
);

/** A ring that has a lease has it on the list, and has not broken it. */
export const leaseListed = leases.invariant((s) =>
  all(Ring, (r) => implies(s.ring[r].lease, s.leaseList.includes(r) && !s.deferred[r])),
);

/** A lease whose holder has been called is still on the list when the blocker looks for the next one. */
export const cursorValid = leases.invariant((s) => all(Ring, (r) => implies(wasCalled(s, r), s.leaseList.includes(r))));

/** One writer at a time is past the vCPU locks. */
export const vcpuExclusion = leases.invariant(
  () => count(Writer, (w) => writer.at({ w }, 'block') || blocksLeases(w) || writer.at({ w }, 'exitRw')) <= 1,
);

/** Nobody waits for a ring lock while holding the lease lock: workers wait for the lease lock while holding their ring lock. */
export const lockOrder = leases.invariant(
  (s, p) =>
    !callsUnderRingLock(p) ||
    (all(Writer, (w) => implies(writer.at({ w }, 'call'), s.leaseLock.owner !== w)) &&
      all(Purge, (q) => implies(purge.at({ q }, 'call'), s.leaseLock.owner !== q))),
);

/**
 * Nobody sleeps on the lease condition variable with a ring lock that a callback may need. Where this fails no thread is
 * stuck yet. Before the fix it does no harm by itself: the callback takes no ring lock, so the sleeper is woken when leases
 * are no longer blocked. With the naive fix its own lease is gone from the list before it sleeps, so no call about it comes.
 * From the shipped fix on the lease stays on the list, to be called: the call waits for the sleeper and the sleeper for the
 * caller, which is the deadlock F1.
 */
export const noSleepHoldingRing = leases.invariant((s) =>
  all(Ring, (r) =>
    implies(s.leaseCv.sleepers.has(r), s.ring[r].lock.owner !== (s.ring[r].state === 'RESET' ? 'ioctl' : 'worker')),
  ),
);

/** The callback finds the memory of its ring. */
export const noCallbackAfterFree = leases.invariant((s) =>
  all(Ring, (r) => implies(isToBeCalled(s, r), !s.ring[r].freed)),
);

/** As long as a lease is on the list its flags only rise. */
export const flagsOnlyRise = leases.step((s, next) =>
  all(Ring, (r) =>
    implies(
      s.leaseList.includes(r) && next.leaseList.includes(r),
      implies(s.expired[r], next.expired[r]) && implies(s.deferred[r], next.deferred[r]),
    ),
  ),
);

/** Breaking is deferred only while leases are blocked. */
export const deferredWhileBlocked = leases.invariant((s) => all(Ring, (r) => implies(s.deferred[r], s.blocker > 0)));

/** Whoever takes the lock of a running ring finds a lease there, or the flag that says it is being renewed. */
export const runningHasLease = leases.invariant((s) =>
  all(Ring, (r) =>
    implies(s.ring[r].state === 'RUN' && s.ring[r].lock.owner === null && !s.ring[r].renew, s.ring[r].lease),
  ),
);

/** A worker that sleeps on its ring has not missed the call about its lease: that is still to come. */
export const callIsHeard = leases.invariant((s) =>
  all(Ring, (r) => implies(sleepsUntilCalled(s, r) && s.ring[r].lease && s.expired[r], isToBeCalled(s, r))),
);

/** A worker that sleeps on its ring has not missed a request to stop. */
export const stopIsHeard = leases.invariant((s) => all(Ring, (r) => !(s.ring[r].stop && sleepsUntilCalled(s, r))));

/** Once a purge has blocked and unblocked all leases there is none. */
export const noLeaseAfterPurge = leases.invariant((s, p) =>
  all(Purge, (q) => implies(p.purge === 'later' && purge.at({ q }, 'awaitHolds'), s.leaseList.length === 0)),
);

/** A writer between W2 and the end of its operation. */
export function wantsOrHasRw(w: Id<'Writer'>): boolean {
  return (
    writer.at({ w }, 'iterate') ||
    writer.at({ w }, 'expire') ||
    writer.at({ w }, 'call') ||
    writer.at({ w }, 'resume') ||
    writer.at({ w }, 'drain') ||
    writer.at({ w }, 'asleep') ||
    writer.at({ w }, 'enterRw') ||
    writer.at({ w }, 'write')
  );
}

/** A writer between W2 and U1. */
function blocksLeases(w: Id<'Writer'>): boolean {
  return (
    wantsOrHasRw(w) || writer.at({ w }, 'unblock') || writer.at({ w }, 'exitRwFirst') || writer.at({ w }, 'unblockLast')
  );
}

function purgeBlocksLeases(q: Id<'Purge'>): boolean {
  return (
    purge.at({ q }, 'iterate') ||
    purge.at({ q }, 'expire') ||
    purge.at({ q }, 'call') ||
    purge.at({ q }, 'resume') ||
    purge.at({ q }, 'drain') ||
    purge.at({ q }, 'asleep') ||
    purge.at({ q }, 'unblock')
  );
}

/** Whether a worker sleeps until something happens to its ring: not because the NIC holds up a renewal. */
function sleepsUntilCalled(s: State, r: Ring): boolean {
  return s.ring[r].cv.sleepers.has('worker') && !s.ring[r].renew;
}

/** Whether a thread that blocks leases is about to call the holder of this one. */
function isToBeCalled(s: State, r: Ring): boolean {
  return (
    some(Writer, (w) => writer.at({ w }, 'call') && s.cursor[w] === r) ||
    some(Purge, (q) => purge.at({ q }, 'call') && s.cursor[q] === r)
  );
}

/** Whether a thread that blocks leases has called the holder of this one, and has not gone on to the next. */
function wasCalled(s: State, r: Ring): boolean {
  return (
    some(Writer, (w) => writer.at({ w }, 'resume') && s.cursor[w] === r) ||
    some(Purge, (q) => purge.at({ q }, 'resume') && s.cursor[q] === r)
  );
}
