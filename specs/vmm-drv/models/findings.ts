import { some } from 'fairlead';
import {
  callIsHeard,
  expiredLeaseGoes,
  leases,
  lockOrder,
  noCallbackAfterFree,
  noLeaseAfterPurge,
  noSleepHoldingRing,
  Ring,
  ringIsReset,
  signerGetsThrough,
  stopIsHeard,
  Writer,
  writeLockIsGot,
  writer,
  type State,
} from '../index.ts';

/*
 * What is left in the shipped fix, each in an instance as small as it gets. All of it was found by reading and by model
 * checking; none of it was reproduced on a machine, and none was confirmed by the authors of the fix.
 */

/** F1, by a worker that starts: the call waits for the ring lock, whose holder signs and waits for the end of the block. */
export const callAgainstSign = leases.sometimes((s) =>
  some(Ring, (r) => signHoldsUpCall(s, r) && s.ring[r].state === 'INIT' && !s.ring[r].start),
);

/** F1, by a worker that was kicked before. */
export const callAgainstSignOfKicked = leases.sometimes((s) =>
  some(Ring, (r) => signHoldsUpCall(s, r) && s.ring[r].state === 'INIT' && s.ring[r].start),
);

/** F1, by the worker of a running ring. */
export const callAgainstSignOfRunning = leases.sometimes((s) =>
  some(Ring, (r) => signHoldsUpCall(s, r) && s.ring[r].state === 'RUN'),
);

/** F1, by the ioctl thread that initialises a ring. */
export const callAgainstInit = leases.sometimes((s) =>
  some(Ring, (r) => signHoldsUpCall(s, r) && s.ring[r].state === 'RESET'),
);

/** Whether the call about a lease waits for the lock of its ring, whose holder sleeps in sign. */
function signHoldsUpCall(s: State, r: Ring): boolean {
  return (
    some(Writer, (w) => writer.at({ w }, 'call') && s.cursor[w] === r) &&
    s.leaseCv.sleepers.has(r) &&
    s.ring[r].lock.owner !== null
  );
}

const everyF1 = [callAgainstSign, callAgainstSignOfKicked, callAgainstSignOfRunning, callAgainstInit];

/** F1, by every way that leads to a renewal. */
export const signingReceiveRing = leases.model(
  { variant: 'shippedFix', rxControl: 'kickStopInit', writes: 'once' },
  {
    violates: [writeLockIsGot, expiredLeaseGoes, ringIsReset, signerGetsThrough, stopIsHeard, noSleepHoldingRing],
    deadlocks: true,
    distinct: 910,
  },
);

export const signingTransmitRing = leases.model(
  { variant: 'shippedFix', rxRings: 0, txRings: 1, txControl: 'kickStopInit', writes: 'once' },
  {
    violates: [
      writeLockIsGot,
      expiredLeaseGoes,
      ringIsReset,
      signerGetsThrough,
      callIsHeard,
      stopIsHeard,
      noSleepHoldingRing,
    ],
    deadlocks: true,
    distinct: 1_732,
  },
);

/** Marking and calling in one step seems to cure F1, as long as no ring is reset and initialised. */
export const expiryInCallback = leases.model(
  { variant: 'shippedFix', mutation: 'expireInCallback' },
  { violates: [noSleepHoldingRing], unreachable: everyF1, distinct: 104 },
);

/** It does not: the lease that was deferred in the reset is on the list still, and is called while init signs the next. */
export const expiryInCallbackWithInit = leases.model(
  { variant: 'shippedFix', mutation: 'expireInCallback', rxControl: 'stopInit' },
  {
    violates: [writeLockIsGot, signerGetsThrough, noSleepHoldingRing],
    unreachable: [callAgainstSign, callAgainstSignOfKicked, callAgainstSignOfRunning],
    deadlocks: true,
    distinct: 336,
  },
);

/** F2: the transmit loop of 2021 loses a request to stop, with no writer in sight. */
export const transmitStopLost = leases.model(
  { variant: 'shippedFix', rxRings: 0, txRings: 1, txControl: 'kickStopInit', writers: 0 },
  { violates: [ringIsReset, stopIsHeard], unreachable: everyF1, deadlocks: true, distinct: 77 },
);

/** F2: or it loses the call about its lease. */
export const transmitCallLost = leases.model(
  { variant: 'shippedFix', rxRings: 0, txRings: 1, txControl: 'kick', writes: 'once' },
  {
    violates: [writeLockIsGot, expiredLeaseGoes, signerGetsThrough, callIsHeard, noSleepHoldingRing],
    unreachable: [callAgainstInit],
    deadlocks: true,
    distinct: 434,
  },
);

/** F4: the owner of a ring stops, is reset and deleted between the mark and the call, which finds no ring any more. */
export const callbackAfterFree = leases.model(
  { variant: 'shippedFix', rxControl: 'delete' },
  {
    violates: [writeLockIsGot, expiredLeaseGoes, signerGetsThrough, noCallbackAfterFree, noSleepHoldingRing],
    unreachable: [callAgainstSignOfKicked, callAgainstSignOfRunning, callAgainstInit],
    deadlocks: true,
    distinct: 288,
  },
);

/** Before the fix this was not possible: the call was made with the lease lock held, and breaking removed at once. */
export const deleteBeforeTheFix = leases.model(
  { variant: 'beforeTheFix', rxControl: 'delete' },
  {
    violates: [writeLockIsGot, expiredLeaseGoes, callIsHeard, noSleepHoldingRing],
    unreachable: everyF1,
    distinct: 242,
  },
);

export const deleteNaiveFix = leases.model(
  { variant: 'naiveFix', rxControl: 'delete' },
  {
    violates: [writeLockIsGot, expiredLeaseGoes, ringIsReset, lockOrder, noSleepHoldingRing],
    unreachable: everyF1,
    deadlocks: true,
    distinct: 234,
  },
);

export const deleteCorrected = leases.model(
  { variant: 'corrected', rxControl: 'delete' },
  { unreachable: everyF1, distinct: 444 },
);

/** F5, in the corrected variant but for this: a signer looked for a purge before it waited for a writer, and not after. */
export const leaseAfterPurge = leases.model(
  { variant: 'corrected', mutation: 'releaseTestedOnce', purge: 'later', writes: 'once' },
  { violates: [noLeaseAfterPurge], unreachable: everyF1, distinct: 1_266 },
);

/** F5, as shipped. */
export const leaseAfterPurgeShippedFix = leases.model(
  { variant: 'shippedFix', purge: 'later', writes: 'once' },
  {
    violates: [writeLockIsGot, expiredLeaseGoes, signerGetsThrough, noLeaseAfterPurge, noSleepHoldingRing],
    unreachable: [callAgainstSignOfKicked, callAgainstSignOfRunning, callAgainstInit],
    deadlocks: true,
    distinct: 1_100,
  },
);

/** A purge alone does not do it: workers renew only when somebody has blocked. */
export const purgeAlone = leases.model(
  { variant: 'corrected', mutation: 'releaseTestedOnce', purge: 'later', writers: 0 },
  { unreachable: everyF1, distinct: 80 },
);

export const purgeCorrected = leases.model(
  { variant: 'corrected', purge: 'later', writes: 'once', rxControl: 'delete' },
  { unreachable: everyF1, distinct: 3_882 },
);

/** At the fix, purge tells no worker: it waits until the owner deletes its link. */
export const purgeAtTheFix = leases.model(
  { variant: 'corrected', purge: 'atTheFix', writes: 'once', rxControl: 'delete' },
  { unreachable: everyF1, distinct: 1_123 },
);
