import { all, ids, implies, leadsTo, spec, weak, when, z } from 'fairlead';
import { broadcast, condvar, enter, mutex, sleepOn } from 'fairlead/sync';

/** A viona ring and the kernel thread that works it. Interchangeable: an opaque id, no order, no arithmetic. */
const Ring = ids('Ring', (p) => p.rings);

export const lease = spec('vmm_drv lease', {
  params: {
    rings: z.int().min(1).max(4).default(2),
    /** How the expiry callback tells a worker. */
    notify: z.enum(['unlocked', 'underLeaseLock', 'leaseLockDropped']).default('unlocked'),
  },
  state: () => ({
    lease: z.record(Ring, z.enum(['none', 'held', 'expired'])),
    vrLock: z.record(Ring, mutex(Ring)),
    vrCv: z.record(Ring, condvar(Ring)),
    writer: z.enum(['idle', 'expiring', 'holding']),
  }),
  init: (s) => {
    for (const r of Ring) s.lease[r] = 'held';
  },
});

/** viona_worker, waiting for its ring to be started. */
export const worker = lease.process({ r: Ring }, function* (s, { r }) {
  while (true) {
    yield 'enter';
    enter(s.vrLock[r], r);
    yield 'test';
    if (s.lease[r] === 'expired') {
      yield 'renew';
      s.lease[r] = 'none';
      yield 'sign';
      when(s.writer === 'idle');
      s.lease[r] = 'held';
    }
    yield 'sleep';
    sleepOn(s.vrCv[r], s.vrLock[r], r);
    yield 'asleep';
    when(!s.vrCv[r].sleepers.has(r));
  }
});

/** Userland asks for the VM write lock. */
export const request = lease.action((s) => {
  when(s.writer === 'idle');
  s.writer = 'expiring';
});

/** vmm_lease_block marks one lease expired and calls its holder. */
export const expire = lease.action({ r: Ring }, (s, { r }) => {
  when(s.writer === 'expiring' && s.lease[r] === 'held');
  s.lease[r] = 'expired';
  broadcast(s.vrCv[r]);
});

/** The write lock excludes every lease. */
export const writerExcludesLeases = lease.invariant((s) =>
  implies(
    s.writer === 'holding',
    all(Ring, (r) => s.lease[r] === 'none'),
  ),
);

/** A thread that asks for the write lock gets it. */
export const writeLockEventuallyAcquired = lease.property((s) =>
  leadsTo(s.writer === 'expiring', s.writer === 'holding'),
);

/** A thread that can keep running, runs. */
export const scheduler = lease.fairness(weak(worker, expire));

export const asShipped = lease.model({ rings: 2 }, { violates: [writeLockEventuallyAcquired] });
export const fixed = lease.model({ rings: 2, notify: 'leaseLockDropped' });
