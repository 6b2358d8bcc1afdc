import { when } from 'fairlead';
import { leases, Ring } from './state.ts';

/** A signal, or a stop of the process, wakes a worker out of `cv_wait_sig`; it looks at its ring and goes on. */
export const signalWorker = leases.action({ r: Ring }, (s, { r }, p) => {
  when(p.signals && s.ringCv[r].sleepers.has(r));
  s.ringCv[r].sleepers.delete(r);
});
