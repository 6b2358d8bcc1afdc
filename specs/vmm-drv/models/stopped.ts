import { all, leadsTo } from 'fairlead';
import { writes } from 'fairlead/sync';
import {
  callIsHeard,
  expiredLeaseGoes,
  fairSignals,
  leases,
  lockOrder,
  noSleepHoldingRing,
  ringIsReset,
  scheduler,
  signerGetsThrough,
  stopIsHeard,
  threadTurns,
  wantsOrHasRw,
  Writer,
  writeLockIsGot,
  writer,
} from '../index.ts';

/*
 * The life of a ring: kicked, stopped and initialised again, in any order and without end. A thread that does nothing
 * else can always take a lock before the writer does, so P1 needs turns here, whatever the variant.
 */

/** P1, where every thread has its turn. */
export const writeLockIsGotInTurn = leases.property(
  (s) => all(Writer, (w) => leadsTo(writer.at({ w }, 'block') || wantsOrHasRw(w), writes(s.rw, w))),
  { under: [scheduler, fairSignals, threadTurns] },
);

const receive = { rxControl: 'kickStopInit' } as const;
const transmit = { rxRings: 0, txRings: 1, txControl: 'kickStopInit' } as const;

/** A request to stop that comes while the worker has dropped its ring lock for the barrier is lost. */
export const receiveBeforeTheFix = leases.model(
  { ...receive, variant: 'beforeTheFix' },
  {
    violates: [
      writeLockIsGot,
      writeLockIsGotInTurn,
      expiredLeaseGoes,
      ringIsReset,
      callIsHeard,
      stopIsHeard,
      noSleepHoldingRing,
    ],
    deadlocks: true,
    distinct: 854,
  },
);

export const receiveBeforeTheFixWithSignals = leases.model(
  { ...receive, variant: 'beforeTheFix', signals: true },
  { violates: [writeLockIsGot, callIsHeard, stopIsHeard, noSleepHoldingRing], distinct: 893 },
);

export const receiveNaiveFix = leases.model(
  { ...receive, variant: 'naiveFix' },
  {
    violates: [
      writeLockIsGot,
      writeLockIsGotInTurn,
      expiredLeaseGoes,
      ringIsReset,
      stopIsHeard,
      lockOrder,
      noSleepHoldingRing,
    ],
    deadlocks: true,
    distinct: 826,
  },
);

/** The lost request to stop is still there, beside the deadlock. */
export const receiveShippedFix = leases.model(
  { ...receive, variant: 'shippedFix' },
  {
    violates: [
      writeLockIsGot,
      writeLockIsGotInTurn,
      expiredLeaseGoes,
      ringIsReset,
      signerGetsThrough,
      stopIsHeard,
      noSleepHoldingRing,
    ],
    deadlocks: true,
    distinct: 994,
  },
);

export const receiveCorrected = leases.model(
  { ...receive, variant: 'corrected' },
  { violates: [writeLockIsGot], distinct: 1_553 },
);

/** The transmit loop of 2021 looks without the ring lock and sleeps on what it saw: calls and requests to stop are lost. */
export const transmitBeforeTheFix = leases.model(
  { ...transmit, variant: 'beforeTheFix' },
  {
    violates: [
      writeLockIsGot,
      writeLockIsGotInTurn,
      expiredLeaseGoes,
      ringIsReset,
      callIsHeard,
      stopIsHeard,
      noSleepHoldingRing,
    ],
    deadlocks: true,
    distinct: 1_613,
  },
);

export const transmitNaiveFix = leases.model(
  { ...transmit, variant: 'naiveFix' },
  {
    violates: [
      writeLockIsGot,
      writeLockIsGotInTurn,
      expiredLeaseGoes,
      ringIsReset,
      callIsHeard,
      stopIsHeard,
      lockOrder,
      noSleepHoldingRing,
    ],
    deadlocks: true,
    distinct: 1_597,
  },
);

export const transmitShippedFix = leases.model(
  { ...transmit, variant: 'shippedFix' },
  {
    violates: [
      writeLockIsGot,
      writeLockIsGotInTurn,
      expiredLeaseGoes,
      ringIsReset,
      signerGetsThrough,
      callIsHeard,
      stopIsHeard,
      noSleepHoldingRing,
    ],
    deadlocks: true,
    distinct: 1_896,
  },
);

/** The later loop looks under the ring lock, and loses nothing. */
export const laterTransmitShippedFix = leases.model(
  { ...transmit, variant: 'shippedFix', txLoop: 'locked' },
  {
    violates: [writeLockIsGot, writeLockIsGotInTurn, expiredLeaseGoes, signerGetsThrough, noSleepHoldingRing],
    deadlocks: true,
    distinct: 1_375,
  },
);

/** Unless the NIC reads guest memory in place: while the worker waits for that, it drops the ring lock, as at the barrier. */
export const laterTransmitInPlaceShippedFix = leases.model(
  { ...transmit, variant: 'shippedFix', txLoop: 'locked', zeroCopy: true },
  {
    violates: [
      writeLockIsGot,
      writeLockIsGotInTurn,
      expiredLeaseGoes,
      ringIsReset,
      signerGetsThrough,
      stopIsHeard,
      noSleepHoldingRing,
    ],
    deadlocks: true,
    distinct: 3_250,
  },
);

export const transmitCorrected = leases.model(
  { ...transmit, variant: 'corrected' },
  { violates: [writeLockIsGot], distinct: 2_341 },
);

export const transmitInPlaceCorrected = leases.model(
  { ...transmit, variant: 'corrected', zeroCopy: true },
  { violates: [writeLockIsGot], distinct: 4_645 },
);

/** A signal can end the wait of the reset: what was asked for is done all the same. */
export const receiveCorrectedInterrupted = leases.model(
  { ...receive, variant: 'corrected', interruptedReset: true },
  { violates: [writeLockIsGot], distinct: 2_101 },
);
