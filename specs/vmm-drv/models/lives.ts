import { all, leadsTo } from 'fairlead';
import { writes } from 'fairlead/sync';
import {
  callIsHeard,
  expiredLeaseGoes,
  fairSignals,
  leases,
  lockOrder,
  noSleepHoldingRing,
  Ring,
  ringIsReset,
  scheduler,
  signerGetsThrough,
  signerTurns,
  stopIsHeard,
  threadTurns,
  wantsOrHasRw,
  Writer,
  writeLockIsGot,
  writer,
} from '../index.ts';

/* Two rings, both kicked, stopped and initialised again without end: whatever wants a lock needs its turn. */

/** P1, where every thread has its turn. */
export const writeLockIsGotInTurn = leases.property(
  (s) => all(Writer, (w) => leadsTo(writer.at({ w }, 'block') || wantsOrHasRw(w), writes(s.rw, w))),
  { under: [scheduler, fairSignals, threadTurns] },
);

/** P3, where every thread has its turn, and signers have theirs. */
export const ringIsResetInTurn = leases.property(
  (s) => all(Ring, (r) => leadsTo(s.ring[r].stop, s.ring[r].state === 'RESET')),
  { under: [scheduler, fairSignals, threadTurns, signerTurns] },
);

const instance = { txRings: 1, rxControl: 'kickStopInit', txControl: 'kickStopInit' } as const;

export const beforeTheFix = leases.model(
  { ...instance, variant: 'beforeTheFix' },
  {
    violates: [
      writeLockIsGot,
      writeLockIsGotInTurn,
      expiredLeaseGoes,
      ringIsReset,
      ringIsResetInTurn,
      signerGetsThrough,
      callIsHeard,
      stopIsHeard,
      noSleepHoldingRing,
    ],
    deadlocks: true,
    distinct: 188_011,
  },
);

export const naiveFix = leases.model(
  { ...instance, variant: 'naiveFix' },
  {
    violates: [
      writeLockIsGot,
      writeLockIsGotInTurn,
      expiredLeaseGoes,
      ringIsReset,
      ringIsResetInTurn,
      signerGetsThrough,
      callIsHeard,
      stopIsHeard,
      lockOrder,
      noSleepHoldingRing,
    ],
    deadlocks: true,
    distinct: 175_920,
  },
);

export const shippedFix = leases.model(
  { ...instance, variant: 'shippedFix' },
  {
    violates: [
      writeLockIsGot,
      writeLockIsGotInTurn,
      expiredLeaseGoes,
      ringIsReset,
      ringIsResetInTurn,
      signerGetsThrough,
      callIsHeard,
      stopIsHeard,
      noSleepHoldingRing,
    ],
    deadlocks: true,
    distinct: 334_142,
  },
);

export const corrected = leases.model(
  { ...instance, variant: 'corrected' },
  { violates: [writeLockIsGot, ringIsReset], distinct: 596_475 },
);
