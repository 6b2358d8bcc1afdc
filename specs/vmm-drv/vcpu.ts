import { pick, when, z } from 'fairlead';
import { kickRing } from './control.ts';
import { leases, Ring } from './state.ts';

/** A thread that runs a vCPU, or does another ioctl of a single vCPU: it holds the lock of that one, and no other. */
export const vcpu = leases.process(
  (p) => ({
    v: z
      .int()
      .min(0)
      .max(p.vcpus - 1),
  }),
  function* (s, { v }, p) {
    if (v < p.vcpus - p.vcpuThreads) return;
    do {
      yield 'ask'; // the environment's choice
      yield 'lock';
      when(s.vcpu[v] === null);
      s.vcpu[v] = 'vcpu';
      if (p.vcpuKicks) {
        yield 'kick'; // the guest writes to the notify port of a ring
        kickRing(s, pick(Ring));
      }
      yield 'unlock';
      s.vcpu[v] = null;
    } while (p.vcpuRuns === 'endless');
  },
);
