import { all, count, implies, leadsTo, weak, type Id } from 'fairlead';
import { reads, writes } from 'fairlead/sync';
import { reader } from './reader.ts';
import { signalWorker } from './signals.ts';
import { leases, Reader, Ring, Writer } from './state.ts';
import { worker } from './worker.ts';
import { writer } from './writer.ts';

/* What must never happen. */

/** A writer holds the rwlock alone. */
export const rwExclusion = leases.invariant((s) => implies(s.rw.writer !== null, s.rw.readers.size === 0));

/** While a writer works, there are no leases. (Until it unblocks them, before it gives the rwlock back.) */
export const writerExcludesLeases = leases.invariant((s) =>
  all(Writer, (w) => implies(blocksLeases(w) && writes(s.rw, w), s.leaseList.length === 0)),
);

/** Every lease on the list has its read hold, but for one whose signer queues for it. */
export const leasesHoldRw = leases.invariant((s) =>
  all(Ring, (r) => s.leaseList.includes(r) === (reads(s.rw, r) || s.rw.waitingReaders.has(r))),
);

/** The blocker count is the number of writers between block and unblock. */
export const blockerCount = leases.invariant((s) => s.blocker === count(Writer, (w) => blocksLeases(w)));

/** A ring that has a lease has it on the list, and has not broken it. */
export const leaseListed = leases.invariant((s) =>
  all(Ring, (r) => implies(s.ringLease[r], s.leaseList.includes(r) && !s.deferred[r])),
);

/** One writer at a time is past the vCPU locks. */
export const vcpuExclusion = leases.invariant(
  () => count(Writer, (w) => writer.at({ w }, 'block') || blocksLeases(w) || writer.at({ w }, 'exitRw')) <= 1,
);

/** Nobody takes a ring lock while holding the lease lock: workers take the lease lock while holding their ring lock. */
export const lockOrder = leases.invariant((s, p) =>
  all(Writer, (w) => implies(p.variant !== 'beforeTheFix' && writer.at({ w }, 'call'), s.leaseLock.owner !== w)),
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
  all(Writer, (w) => leadsTo((writer.at({ w }, 'block') || blocksLeases(w)) && !writes(s.rw, w), writes(s.rw, w))),
);

/** P2: an expired lease leaves the list. */
export const expiredLeaseGoes = leases.property((s) =>
  all(Ring, (r) => leadsTo(s.leaseList.includes(r) && s.expired[r], !s.leaseList.includes(r))),
);

/**
 * P4: a worker that signs a lease gets it. Only where writers stop coming: a storm of writers can keep a signer out for
 * ever, since the condition variable gives nobody a turn.
 */
export const signerGetsThrough = leases.property((_, p) =>
  all(Ring, (r) => leadsTo(p.writes === 'once' && worker.at({ r }, 'lockToSign'), worker.at({ r }, 'leaveSign'))),
);

/** P5: a thread that asks for the read lock gets it. */
export const readLockIsGot = leases.property((s) =>
  all(Reader, (d) => leadsTo(reader.at({ d }, 'enterRead'), reads(s.rw, d))),
);

/** A thread that can keep running, runs; but nobody has to ask for a lock. */
export const scheduler = leases.fairness(
  weak(worker),
  weak(writer, { when: (_, { w }) => !writer.at({ w }, 'ask') }),
  weak(reader, { when: (_, { d }) => !reader.at({ d }, 'ask') }),
);

/** A worker that stays asleep gets a signal, where there are signals. */
export const fairSignals = leases.fairness(weak(signalWorker));

/** Everybody who was to ask has asked and is done, and the workers sleep with leases that nobody wants back. */
export const finished = leases.terminal(
  (s) =>
    all(Writer, (w) => writer.at({ w }, 'done')) &&
    all(Reader, (d) => reader.at({ d }, 'done')) &&
    all(Ring, (r) => s.ringCv[r].sleepers.has(r)),
);

/** A writer between W2 and U1. */
function blocksLeases(w: Id<'Writer'>): boolean {
  return (
    writer.at({ w }, 'iterate') ||
    writer.at({ w }, 'expire') ||
    writer.at({ w }, 'call') ||
    writer.at({ w }, 'resume') ||
    writer.at({ w }, 'drain') ||
    writer.at({ w }, 'asleep') ||
    writer.at({ w }, 'enterRw') ||
    writer.at({ w }, 'write') ||
    writer.at({ w }, 'unblock')
  );
}
