import { all, when } from 'fairlead';
import { blockLeases, unblockLeases } from './block.ts';
import { leases, Purge, Ring } from './state.ts';

/**
 * `vmm_drv_purge`, when the VM is destroyed: asks for all holds to be given back and waits until they are. At the fix
 * workers learn of it when a lease is refused; later all leases are blocked once, so that none is left.
 */
export const purge = leases.process({ q: Purge }, function* (s, { q }, p) {
  yield 'ask'; // the environment's choice
  if (p.purge === 'later') {
    for (let v = 0; v < p.vcpus; v += 1) {
      yield 'lockVcpu';
      when(s.vcpu[v] === null);
      s.vcpu[v] = q;
      yield 'unlockVcpu';
      s.vcpu[v] = null;
    }
  }
  yield 'request';
  s.releaseReq = true;
  if (p.purge === 'later') {
    yield* blockLeases(s, q, p);
    yield 'unblock';
    unblockLeases(s, p);
  }
  yield 'awaitHolds';
  when(all(Ring, (r) => s.ring[r].freed));
});
