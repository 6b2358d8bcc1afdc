import { pick, when, z } from 'fairlead';
import { askToWrite, exitWriter, writes } from 'fairlead/sync';
import { blockLeases, unblockLeases } from './block.ts';
import { leases, Writer } from './state.ts';
import { vcpusToLock } from './variant.ts';

/** `vmm_write_lock`, the operation, `vmm_write_unlock`. W0, W1, … are short names of its steps. */
export const writer = leases.process({ w: Writer }, function* (s, { w }, p) {
  do {
    yield 'ask'; // W0: the environment's choice, so nothing promises that it happens
    const descending = p.vcpuLocks === 'anyOrder' ? pick(z.boolean()) : false;
    for (let n = 0; n < vcpusToLock(p); n += 1) {
      yield 'lockVcpu'; // W1: used or not, all of them, in ascending order @source vcpu_lock_one
      const v = descending ? p.vcpus - 1 - n : n;
      when(s.vcpu[v] === null);
      s.vcpu[v] = w;
    }
    yield* blockLeases(s, w, p);
    yield 'enterRw'; // W6 @source vmm_write_lock
    askToWrite(s.rw, w);
    yield 'write';
    when(writes(s.rw, w));
    if (p.mutation === 'exitRwFirst') {
      yield 'exitRwFirst';
      exitWriter(s.rw, w);
      yield 'unblockLast';
      unblockLeases(s, p);
    } else {
      yield 'unblock'; // U1 @source vmm_lease_unblock
      unblockLeases(s, p);
      yield 'exitRw'; // U2 @source vmm_write_unlock
      exitWriter(s.rw, w);
    }
    for (let v = 0; v < vcpusToLock(p); v += 1) {
      yield 'unlockVcpu'; // U3 @source vcpu_unlock_one
      s.vcpu[v] = null;
    }
  } while (p.writes === 'endless');
});
