import { when } from 'fairlead';
import { broadcast } from 'fairlead/sync';
import { leases, Ring, TxRing } from './state.ts';

/** A signal, or a stop of the process, wakes a worker out of `cv_wait_sig`; it looks at its ring and goes on. */
export const signalWorker = leases.action({ r: Ring }, (s, { r }, p) => {
  when(p.signals && s.ring[r].cv.sleepers.has('worker') && !s.ring[r].renew);
  s.ring[r].cv.sleepers.delete('worker');
});

/** The NIC is done with the guest memory that a transmit ring gave it (`viona_desb_release`). */
export const endOfTransfer = leases.action({ r: TxRing }, (s, { r }) => {
  when(s.ring[r].outstanding && s.ring[r].lock.owner === null);
  s.ring[r].outstanding = false;
  broadcast(s.ring[r].cv);
});
