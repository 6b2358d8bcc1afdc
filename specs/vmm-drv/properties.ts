import { all, count, implies, leadsTo, some, weak, type Id } from 'fairlead';
import { enterReadLock, leaveReadLock } from './reader.ts';
import { signalWorker } from './signals.ts';
import { leases, Reader, Ring, Writer, type State } from './state.ts';
import {
  appendLease,
  breakLease,
  checkRelease,
  enterReadForLease,
  leaveSign,
  lockToBreak,
  lockToSign,
  retakeRingLock,
  sleepOnRing,
  startWorker,
  storeLease,
  testExpired,
  waitToSign,
  wakeUp,
} from './worker.ts';
import {
  blockLeases,
  callHolder,
  drainLeases,
  enterWriteLock,
  exitWriteLock,
  expireLease,
  lockVcpu,
  resumeIteration,
  retakeLeaseLock,
  unblockLeases,
  unlockVcpu,
  visitNextLease,
  write,
} from './writer.ts';

/* What must never happen. */

/** A writer holds the rwlock alone. */
export const rwExclusion = leases.invariant((s) => implies(s.rw.writer !== null, s.rw.readers === 0));

/** While a writer works, there are no leases. (Until it unblocks them, before it gives the rwlock back.) */
export const writerExcludesLeases = leases.invariant((s) =>
  all(Writer, (w) => implies(holdsForWriting(s, w), s.leaseList.length === 0)),
);

/** The read holds are those of readers inside and of leases on the list, but for leases whose read hold is to come. */
export const holdCount = leases.invariant(
  (s) =>
    s.rw.readers ===
    count(Reader, (d) => s.reader[d] === 'leave' && !s.rw.waitingReaders.has(d)) +
      s.leaseList.length -
      count(Ring, (r) => s.worker[r] === 'enterRead' || s.rw.waitingReaders.has(r)),
);

/** The blocker count is the number of writers between block and unblock. */
export const blockerCount = leases.invariant((s) => s.blocker === count(Writer, (w) => blocksLeases(s, w)));

/** A ring that has a lease has it on the list, and has not broken it. */
export const leaseListed = leases.invariant((s) =>
  all(Ring, (r) => implies(s.ringLease[r], s.leaseList.includes(r) && !s.deferred[r])),
);

/** A writer that goes on with its iteration finds the lease that it called still on the list. */
export const cursorValid = leases.invariant((s) =>
  implies(
    s.cursor !== null,
    s.leaseList.some((r) => r === s.cursor),
  ),
);

/** One writer at a time is past the vCPU locks. */
export const vcpuExclusion = leases.invariant(
  (s) => count(Writer, (w) => s.writer[w] === 'block' || blocksLeases(s, w) || s.writer[w] === 'exitRw') <= 1,
);

/** Nobody waits for a ring lock while holding the lease lock: the order of the two locks. */
export const lockOrder = leases.invariant(
  (s, p) =>
    p.variant === 'beforeTheFix' ||
    !some(Writer, (w) =>
      some(
        Ring,
        (r) => s.leaseLock.owner === w && s.writer[w] === 'call' && s.cursor === r && s.ringLock[r].owner !== null,
      ),
    ),
);

/** Nobody sleeps on the lease condition variable with a ring lock that a callback may need. */
export const noSleepHoldingRing = leases.invariant((s) =>
  all(Ring, (r) => implies(s.leaseCv.sleepers.has(r), s.ringLock[r].owner !== r)),
);

/** Breaking is deferred only while leases are blocked. */
export const deferredWhileBlocked = leases.invariant((s) => all(Ring, (r) => implies(s.deferred[r], s.blocker > 0)));

/** As long as a lease is on the list its flags only rise. */
export const flagsOnlyRise = leases.step((s, next) =>
  all(Ring, (r) =>
    implies(
      s.leaseList.includes(r) && next.leaseList.includes(r),
      implies(s.expired[r], next.expired[r]) && implies(s.deferred[r], next.deferred[r]),
    ),
  ),
);

/* What must happen. */

/** P1: a thread that has all vCPUs gets the write lock. */
export const writeLockIsGot = leases.property((s) =>
  all(Writer, (w) => leadsTo(wantsWriteLock(s, w), s.rw.writer === w)),
);

/** P2: an expired lease leaves the list. */
export const expiredLeaseGoes = leases.property((s) =>
  all(Ring, (r) => leadsTo(s.leaseList.includes(r) && s.expired[r], !s.leaseList.includes(r))),
);

/**
 * P4: a worker that signs a lease gets it. Only where writers stop coming: a storm of writers can keep a signer out for
 * ever, since the condition variable gives nobody a turn.
 */
export const signerGetsThrough = leases.property((s, p) =>
  all(Ring, (r) => leadsTo(p.writes === 'once' && s.worker[r] === 'lockToSign', s.worker[r] === 'leaveSign')),
);

/** P5: a thread that asks for the read lock gets it. */
export const readLockIsGot = leases.property((s) =>
  all(Reader, (d) => leadsTo(s.reader[d] === 'enterRead', s.reader[d] === 'leave' && !s.rw.waitingReaders.has(d))),
);

/** A thread that can keep running, runs; but nobody has to ask for a lock. */
export const scheduler = leases.fairness(
  weak(lockVcpu, blockLeases, visitNextLease, expireLease, callHolder, resumeIteration, drainLeases, retakeLeaseLock),
  weak(enterWriteLock, write, unblockLeases, exitWriteLock, unlockVcpu),
  weak(startWorker, testExpired, lockToBreak, breakLease, checkRelease, lockToSign, waitToSign, appendLease),
  weak(enterReadForLease, leaveSign, retakeRingLock, storeLease, sleepOnRing, wakeUp),
  weak(enterReadLock, leaveReadLock),
);

/** A worker that stays asleep gets a signal, where there are signals. */
export const fairSignals = leases.fairness(weak(signalWorker));

/** Everybody who was to ask has asked and is done, and the workers sleep with leases that nobody wants back. */
export const finished = leases.terminal(
  (s, p) =>
    all(Writer, (w) => s.writer[w] === 'finished') &&
    all(Reader, (d) => p.reads === 'never' || s.reader[d] === 'finished') &&
    all(Ring, (r) => s.worker[r] === 'asleep' && s.ringCv[r].sleepers.has(r)),
);

/** A writer past the vCPU locks that has not got the rwlock yet. */
function wantsWriteLock(s: State, w: Id<'Writer'>): boolean {
  return s.writer[w] === 'block' || (blocksLeases(s, w) && s.rw.writer !== w);
}

/** A writer inside, before it unblocks leases. */
function holdsForWriting(s: State, w: Id<'Writer'>): boolean {
  return blocksLeases(s, w) && s.rw.writer === w;
}

/** A writer between W2 and U1. */
function blocksLeases(s: State, w: Id<'Writer'>): boolean {
  const step = s.writer[w];
  return (
    step === 'iterate' ||
    step === 'expire' ||
    step === 'call' ||
    step === 'resume' ||
    step === 'drain' ||
    step === 'retake' ||
    step === 'enterRw' ||
    step === 'hold' ||
    step === 'unblock'
  );
}
