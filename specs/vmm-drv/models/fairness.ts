import { all, leadsTo } from 'fairlead';
import { reads, writes } from 'fairlead/sync';
import {
  leases,
  Reader,
  reader,
  Ring,
  scheduler,
  signerTurns,
  threadTurns,
  vcpuTurns,
  wantsOrHasRw,
  Writer,
  writer,
} from '../index.ts';

/*
 * Which fairness each property needs: the corrected variant with a thread for each of two vCPUs, a writer, a reader and
 * one ring, all without end. Weak fairness is that a thread that can go on, and stays able to, does; strong fairness,
 * that one which can go on again and again, does.
 */

/** P1': a thread that wants the write lock, and has no vCPU yet, gets it. Weak fairness is not enough. */
export const vcpusAndWriteLockAreGot = leases.property(
  (s) => all(Writer, (w) => leadsTo(writer.at({ w }, 'lockVcpu'), writes(s.rw, w))),
  { under: [scheduler] },
);

/** P1': strong fairness of the one step in which a writer takes a vCPU is. */
export const vcpusAndWriteLockAreGotInTurn = leases.property(
  (s) => all(Writer, (w) => leadsTo(writer.at({ w }, 'lockVcpu'), writes(s.rw, w))),
  { under: [scheduler, vcpuTurns] },
);

/** P1' under strong fairness of every thread. */
export const vcpusAndWriteLockAreGotStrongly = leases.property(
  (s) => all(Writer, (w) => leadsTo(writer.at({ w }, 'lockVcpu'), writes(s.rw, w))),
  { under: [threadTurns] },
);

/** P1 under weak fairness of every thread. */
export const writeLockIsGotWeakly = leases.property(
  (s) => all(Writer, (w) => leadsTo(writer.at({ w }, 'block') || wantsOrHasRw(w), writes(s.rw, w))),
  { under: [scheduler] },
);

/** P2 under weak fairness of every thread. */
export const expiredLeaseGoesWeakly = leases.property(
  (s) => all(Ring, (r) => leadsTo(s.leaseList.includes(r) && s.expired[r], !s.leaseList.includes(r))),
  { under: [scheduler] },
);

/** P5 under weak fairness of every thread. */
export const readLockIsGotWeakly = leases.property(
  (s) => all(Reader, (d) => leadsTo(reader.at({ d }, 'enterRead'), reads(s.rw, d))),
  { under: [scheduler] },
);

/** P4 under weak fairness of every thread: a storm of writers keeps the signer out. */
export const signerGetsThroughWeakly = leases.property((s) => all(Ring, (r) => leadsTo(s.signing[r], !s.signing[r])), {
  under: [scheduler],
});

/** P4 under strong fairness of every thread: the same storm; the signer runs again and again, and looks at a bad time. */
export const signerGetsThroughStrongly = leases.property(
  (s) => all(Ring, (r) => leadsTo(s.signing[r], !s.signing[r])),
  { under: [threadTurns] },
);

/** P4 under weak fairness, and strong fairness of taking the lease lock while leases are not blocked. */
export const signerGetsThroughInTurn = leases.property((s) => all(Ring, (r) => leadsTo(s.signing[r], !s.signing[r])), {
  under: [scheduler, signerTurns],
});

/** P3 under weak fairness of every thread. */
export const ringIsResetWeakly = leases.property(
  (s) => all(Ring, (r) => leadsTo(s.ring[r].stop, s.ring[r].state === 'RESET')),
  { under: [scheduler] },
);

/** P3 under strong fairness of every thread. */
export const ringIsResetStrongly = leases.property(
  (s) => all(Ring, (r) => leadsTo(s.ring[r].stop, s.ring[r].state === 'RESET')),
  { under: [threadTurns] },
);

/** P3 under what P4 needs: the worker may have to pass through a renewal first. */
export const ringIsResetInTurn = leases.property(
  (s) => all(Ring, (r) => leadsTo(s.ring[r].stop, s.ring[r].state === 'RESET')),
  { under: [scheduler, signerTurns] },
);

const instance = { variant: 'corrected', vcpus: 2, vcpuThreads: 2, readers: 1 } as const;

/** Everybody without end. Nobody stops the ring here, so P3 says nothing. */
export const endless = leases.model(instance, {
  violates: [vcpusAndWriteLockAreGot, signerGetsThroughWeakly, signerGetsThroughStrongly],
  distinct: 2_126,
});

/** A writer that comes once: then weak fairness is enough for P4 too. */
export const oneWrite = leases.model(
  { ...instance, writes: 'once' },
  { violates: [vcpusAndWriteLockAreGot], distinct: 1_709 },
);

/** The ring is stopped once, while the writer comes without end. */
export const stopped = leases.model(
  { ...instance, rxControl: 'delete' },
  {
    violates: [
      vcpusAndWriteLockAreGot,
      signerGetsThroughWeakly,
      signerGetsThroughStrongly,
      ringIsResetWeakly,
      ringIsResetStrongly,
    ],
    distinct: 7_778,
  },
);

/** The ring is stopped once, and so is the writer. */
export const stoppedOneWrite = leases.model(
  { ...instance, rxControl: 'delete', writes: 'once' },
  { violates: [vcpusAndWriteLockAreGot], distinct: 6_125 },
);
