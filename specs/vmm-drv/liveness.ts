import { all, leadsTo, strong, weak } from 'fairlead';
import { reads, writes } from 'fairlead/sync';
import { control } from './control.ts';
import { endOfTransfer, signalWorker } from './environment.ts';
import { purge } from './purge.ts';
import { reader } from './reader.ts';
import { wantsOrHasRw } from './safety.ts';
import { leases, Purge, Reader, Ring, Writer } from './state.ts';
import { vcpu } from './vcpu.ts';
import { worker } from './worker.ts';
import { writer } from './writer.ts';

/** A thread that can keep running, runs; but nobody has to begin anything. The NIC ends what it has begun. */
export const scheduler = leases.fairness(
  weak(worker, endOfTransfer),
  weak(writer, { when: (_, { w }) => !writer.at({ w }, 'ask') }),
  weak(reader, { when: (_, { d }) => !reader.at({ d }, 'ask') }),
  weak(vcpu, { when: (_, { v }) => !vcpu.at({ v }, 'ask') }),
  weak(control, { when: (_, { r }) => !control.at({ r }, 'ask') }),
  weak(purge, { when: (_, { q }) => !purge.at({ q }, 'ask') }),
);

/** A worker that stays asleep gets a signal, where there are signals. */
export const fairSignals = leases.fairness(weak(signalWorker));

/** A thread that can run again and again, runs: where locks are taken by others all the time, it has its turn some day. */
export const threadTurns = leases.fairness(
  strong(worker),
  strong(writer, { when: (_, { w }) => !writer.at({ w }, 'ask') }),
  strong(reader, { when: (_, { d }) => !reader.at({ d }, 'ask') }),
  strong(vcpu, { when: (_, { v }) => !vcpu.at({ v }, 'ask') }),
  strong(control, { when: (_, { r }) => !control.at({ r }, 'ask') }),
  strong(purge, { when: (_, { q }) => !purge.at({ q }, 'ask') }),
);

/** Among threads that want the same vCPU again and again, each has its turn some day. */
export const vcpuTurns = leases.fairness(strong(writer, { when: (_, { w }) => writer.at({ w }, 'lockVcpu') }));

/**
 * A signer that could take the lease lock again and again while leases are not blocked takes it some day. Strong fairness
 * of the whole thread is not enough: a signer that takes the lock while leases are blocked, sees that and goes back to
 * sleep has had its turn by that, and so it may go on for ever. Nobody has to begin anything here either: of a thread that
 * has nothing begun no step counts.
 */
export const signerTurns = leases.fairness(
  strong(worker, { when: (s, { r }) => s.signing[r] && s.leaseLock.owner !== r && s.blocker === 0 }),
  strong(control, {
    when: (s, { r }) => !control.at({ r }, 'ask') && s.signing[r] && s.leaseLock.owner !== r && s.blocker === 0,
  }),
);

/** P1: a thread that has all vCPUs gets the write lock. */
export const writeLockIsGot = leases.property(
  (s) => all(Writer, (w) => leadsTo(writer.at({ w }, 'block') || wantsOrHasRw(w), writes(s.rw, w))),
  { under: [scheduler, fairSignals] },
);

/** P2: an expired lease leaves the list. */
export const expiredLeaseGoes = leases.property(
  (s) => all(Ring, (r) => leadsTo(s.leaseList.includes(r) && s.expired[r], !s.leaseList.includes(r))),
  { under: [scheduler, fairSignals] },
);

/** P3: a ring that is asked to stop does. Its worker may have to renew the lease before, so it needs what P4 needs. */
export const ringIsReset = leases.property(
  (s) => all(Ring, (r) => leadsTo(s.ring[r].stop, s.ring[r].state === 'RESET')),
  { under: [scheduler, fairSignals, signerTurns] },
);

/**
 * P4: whoever signs a lease gets it. Where writers come again and again this needs turns: a storm of writers can keep a
 * signer out for ever, since the condition variable gives nobody a turn.
 */
export const signerGetsThrough = leases.property((s) => all(Ring, (r) => leadsTo(s.signing[r], !s.signing[r])), {
  under: [scheduler, fairSignals, signerTurns],
});

/** P5: a thread that asks for the read lock gets it. */
export const readLockIsGot = leases.property(
  (s) => all(Reader, (d) => leadsTo(reader.at({ d }, 'enterRead'), reads(s.rw, d))),
  { under: [scheduler, fairSignals] },
);

/** Everybody who was to begin something has done it and is done, and the workers sleep or have ended. */
export const finished = leases.terminal(
  (s) =>
    all(Writer, (w) => writer.at({ w }, 'done')) &&
    all(Reader, (d) => reader.at({ d }, 'done')) &&
    all(
      Ring,
      (r) => control.at({ r }, 'done') && (s.ring[r].cv.sleepers.has('worker') || s.ring[r].state === 'RESET'),
    ) &&
    all(Purge, (q) => purge.at({ q }, 'done') || purge.at({ q }, 'awaitHolds')),
);
