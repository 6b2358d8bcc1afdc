import { ids, spec, z, type ParametersOf, type StateOf } from 'fairlead';
import { condvar, mutex, rwlock } from 'fairlead/sync';

/** A viona ring (`viona_vring_t`). Its lease and the worker thread that serves it go by the same id. */
export const Ring = ids('Ring', (p) => p.rings);

/** A thread that wants the VM write lock: an ioctl of the write class, or an ioport hook. */
export const Writer = ids('Writer', (p) => p.writers);

/** A thread that wants the VM read lock: an ioctl of the read class. */
export const Reader = ids('Reader', (p) => p.readers);

/** Whoever may own the lease lock or sleep on its condition variable: writers, and the workers of rings. */
const LeaseUser = z.union([Writer, Ring]);

/**
 * How bhyve's `vmm_drv` interface lends guest memory to viona, and takes it back when somebody wants the VM for itself.
 *
 * Every ring of a viona device signs a lease, which holds the VM's reader-writer lock for reading as long as it lasts. A
 * thread that wants to write locks all vCPUs, marks every lease expired, tells the holders through a callback, and waits
 * until the last lease is given back. The protocol before the fix of illumos 14026 could lose that call.
 *
 * One step of this spec is one thing that other threads can come between: a test, falling asleep, taking a lock, a
 * critical section short enough to have nothing inside. Memory is sequentially consistent.
 */
export const leases = spec('vmm_drv leases', {
  params: {
    /**
     * What the writer does about the leases:
     * `beforeTheFix` calls holders without their ring lock, all the while holding the lease lock;
     * `naiveFix` lets the callback take the ring lock, still under the lease lock;
     * `shippedFix` drops the lease lock for the callback, and defers the removal of leases broken meanwhile;
     * `corrected` does the same, and a worker signs without its ring lock.
     */
    variant: z.enum(['beforeTheFix', 'naiveFix', 'shippedFix', 'corrected']).default('beforeTheFix'),
    rings: z.int().min(1).max(4).default(1),
    writers: z.int().min(1).max(4).default(1),
    readers: z.int().min(1).max(4).default(1),
    vcpus: z.int().min(1).max(4).default(1),
    /** How often each writer asks for the write lock. */
    writes: z.enum(['once', 'endless']).default('endless'),
    /** How often each reader asks for the read lock. */
    reads: z.enum(['never', 'once', 'endless']).default('never'),
    /** Whether a worker asleep on its ring can be woken by a signal, as `cv_wait_sig` allows. */
    signals: z.boolean().default(false),
  },
  state: (p) => ({
    /** Who owns each vCPU (`vcpu_lock_one`); null is VCPU_IDLE. */
    vcpu: z.array(z.nullable(Writer)).length(p.vcpus),
    /** `vmm_lease_lock`. */
    leaseLock: mutex(LeaseUser),
    /** `vmm_lease_cv`: signers wait on it for the block to end, and the blocking writer for the list to drain. */
    leaseCv: condvar(LeaseUser),
    /** `vmm_lease_blocker`: how many threads are between block and unblock. */
    blocker: z.int().min(0).max(p.writers),
    /** `vmm_lease_list`, oldest first. */
    leaseList: z.array(Ring).max(p.rings),
    /** `vml_expired`; false for what is not on the list. */
    expired: z.record(Ring, z.boolean()),
    /** `vml_break_deferred`; false for what is not on the list. */
    deferred: z.record(Ring, z.boolean()),
    /** `vmm_rwlock`: a lease holds it under the id of its ring. */
    rw: rwlock(z.union([Ring, Reader]), Writer),
    /** `vr_lock`. */
    ringLock: z.record(Ring, mutex(Ring)),
    /** `vr_cv`. */
    ringCv: z.record(Ring, condvar(Ring)),
    /** Whether `vr_lease` is set. */
    ringLease: z.record(Ring, z.boolean()),
  }),
  /** Every ring has been initialised: it has a lease, and a worker that has not run yet. */
  init: (s) => {
    for (const r of Ring) {
      s.leaseList.push(r);
      s.rw.readers.add(r);
      s.ringLease[r] = true;
    }
  },
});

export type State = StateOf<typeof leases>;
export type Parameters = ParametersOf<typeof leases>;

/** Whether the lease lock is dropped while a holder is called, and broken leases wait for the blocker to remove them. */
export function defersBreaks(p: Parameters): boolean {
  return p.variant === 'shippedFix' || p.variant === 'corrected';
}
