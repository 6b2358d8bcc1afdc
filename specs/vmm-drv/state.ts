import { ids, spec, values, z, type Id, type ParametersOf, type StateOf } from 'fairlead';
import { condvar, mutex, rwlock } from 'fairlead/sync';

/** A receive ring of a viona device (`viona_vring_t`). */
export const RxRing = ids('RxRing', (p) => p.rxRings, { prefix: 'rx' });

/** A transmit ring. */
export const TxRing = ids('TxRing', (p) => p.txRings, { prefix: 'tx' });

/** A ring. Its lease goes by the same id, and so does whoever signs or breaks that lease: there is one such thread at a time. */
export const Ring = z.union([RxRing, TxRing]);
export type Ring = Id<'RxRing'> | Id<'TxRing'>;

/** A thread that wants the VM write lock: an ioctl of the write class, or one that hooks an I/O port. */
export const Writer = ids('Writer', (p) => p.writers);

/** A thread that wants the VM read lock: an ioctl of the read class. */
export const Reader = ids('Reader', (p) => p.readers, { prefix: 'd' });

/** The thread that destroys the VM, where there is one. */
export const Purge = ids('Purge', (p) => (p.purge === 'never' ? 0 : 1));

/** Whoever blocks leases: writers, and the later purge. */
export const Blocker = z.union([Writer, Purge]);
export type Blocker = Id<'Writer'> | Id<'Purge'>;

/** How often threads of a kind do what they do. */
const Often = z.enum(['once', 'endless']);

/** What the viona ioctl thread of a ring does to it, again and again in any order. */
const Control = z.enum(['nothing', 'kick', 'kickStopInit', 'stopInit', 'delete']);

/** `viona_vring_t`. */
const ring = z.object({
  /** `vr_lock`, of the ring's worker or of the ioctl thread that controls the ring. */
  lock: mutex(z.enum(['worker', 'ioctl'])),
  /** `vr_cv`. */
  cv: condvar(z.enum(['worker', 'ioctl'])),
  /** `vr_state`, without the prefix `VRS_`. */
  state: z.enum(['RESET', 'SETUP', 'INIT', 'RUN', 'STOP']),
  /** `VRSF_REQ_START`. */
  start: z.boolean(),
  /** `VRSF_REQ_STOP`. */
  stop: z.boolean(),
  /** `VRSF_RENEW`. */
  renew: z.boolean(),
  /** Whether `vr_lease` is set. */
  lease: z.boolean(),
  /** Whether the guest has put something to send into the queue of a transmit ring. */
  avail: z.boolean(),
  /** `vr_xfer_outstanding`: whether the NIC still reads guest memory of a transmit ring. */
  outstanding: z.boolean(),
  /** Whether the link was deleted and the ring's memory given back. */
  freed: z.boolean(),
});

/**
 * How bhyve's `vmm_drv` interface lends guest memory to viona, and takes it back when somebody wants the VM for itself.
 *
 * Every ring of a viona device signs a lease, which holds the VM's reader-writer lock for reading as long as it lasts. A
 * thread that wants to write locks all vCPUs, marks every lease expired, tells the holders through a callback, and waits
 * until the last lease is given back. What goes wrong in each variant:
 *
 * - **(a) `beforeTheFix`: a hang**, the livelock of illumos 14026, and a deadlock where nobody else is about. The worker of
 *   a ring tests its lease, which is good. The writer marks it expired and calls: nobody sleeps yet, so the wake-up is
 *   lost. The worker falls asleep with an expired lease, the writer waits for it at the rwlock, and everybody else who
 *   wants the VM waits behind the writer. Any signal to the worker ends it. Told in 12 steps in `one-ring/beforeTheFix`; with what the stacks and the dump of the bug report show in
 *   `report/beforeTheFix`.
 * - **(b) `naiveFix`: a deadlock.** The callback takes the ring lock, so that no call comes between test and sleep of a
 *   worker that holds it. But the writer holds the lease lock and wants the ring lock, while the worker holds its ring
 *   lock and wants the lease lock to break its lease. Neither can be interrupted. 7 steps, in `one-ring/naiveFix`.
 * - **(c) `shippedFix`: a rarer deadlock**, and smaller gaps. The lease lock is dropped for the callback. Between mark
 *   and call the worker can see the mark, break its lease, and wait in sign, with its ring lock held, until leases are no
 *   longer blocked; the call waits for that ring lock. No signal helps. 12 steps, in `one-ring/shippedFix`; the gaps are in
 *   `findings/transmitStopLost`, `findings/transmitCallLost`, `stopped/receiveShippedFix`, `findings/callbackAfterFree` and,
 *   with the later purge, `findings/leaseAfterPurgeShippedFix`.
 * - **(c+) `corrected`: every safety property holds**, in every model that leaves no part of the cure out. The cure has
 *   four parts: as in (c) the lease lock is dropped for the callback; the worker gives its ring lock back before it signs
 *   (`worker.checkRelease`), and takes it again after; it tests its lease, stop and the request to release again after
 *   each wait, right before it sleeps, with its ring lock held; and no ring is freed that is still on the list of leases. A
 *   thread that has all vCPUs gets the write lock, an expired lease goes, and readers get in, if threads that can run do
 *   run; that a thread gets all vCPUs needs turns, as others may lock one of them again and again. Where rings are stopped and
 *   started without end, who wants the write lock or a reset needs its turn (`lives/corrected`); that a signer gets through needs turns as
 *   well, as a storm of writers can keep it out (`fairness/endless`). What each part of the cure is good for is seen
 *   where it is left out: the dropped lease lock in `one-ring/naiveFix`, the ring lock that is given back in
 *   `holder-mutants/signHoldingRingLock`, the tests before sleep in `holder-mutants/noTestBeforeSleep`,
 *   `holder-mutants/releaseTestedOnce` and, for a stop, `findings/transmitStopLost`, the ring that is not freed in
 *   `holder-mutants/freeLeasedRing`.
 *
 * **Locks**, besides the vCPUs, which a writer has first and which are plain variables here: in every variant who has
 * the rwlock takes ring locks and the lease lock, who has a ring lock takes the lease lock, and who has the lease lock asks
 * for the rwlock as a reader, when no writer can be in the way. Up to (c) a worker that signs asks for the rwlock with its
 * ring lock held too, and sleeps with it until leases may be signed; only in (b) a ring lock is taken with the lease lock
 * held, which makes the one circle. A worker of (a) and, on transmit rings, of (b) falls asleep with an expired lease,
 * and so with the rwlock.
 *
 * **Fairness**: in `corrected` it is enough for most that threads that can run do run. Signing, and resetting a ring, need
 * turns of signers besides; all vCPUs need turns of those who want them; and where rings are stopped and started without
 * end the write lock and a reset need turns of threads. In the other variants what hangs, hangs whatever the fairness.
 *
 * What is said of (c) was found by reading the source and by checking these models. It was never reproduced on a machine,
 * and the authors of the code have not confirmed it.
 *
 * One step of this spec is one thing that other threads can come between: a test, falling asleep, taking a lock, a
 * critical section short enough to have nothing inside. Memory is sequentially consistent.
 *
 * @variants variant
 * @mutations mutation, vcpuLocks
 * @glossary
 * - W0: a thread asks for the write lock
 * - W1: takes every vCPU, in ascending order
 * - W2: takes the lease lock, counts itself as blocker
 * - A3: before the fix, marks a lease expired
 * - A4: before the fix, the callback wakes the worker
 * - A5: before the fix, end of the list
 * - C3: from the shipped fix on, marks a lease expired and drops the lease lock
 * - C4: from the naive fix on, the callback takes the ring lock and wakes the worker
 * - C5: from the shipped fix on, takes the lease lock again
 * - C6: from the shipped fix on, the first blocker removes deferred leases and sleeps until none is left
 * - C7: from the shipped fix on, another blocker sleeps until none is left
 * - W6: takes the rwlock or queues for it
 * - U1: lets leases be signed again
 * - U2: gives back the rwlock
 * - U3: gives back the vCPUs
 * - I1: reads whether the ring was kicked or the lease has expired
 * - I2: falls asleep on the condition variable of the ring
 * - I3: woken, takes the ring lock
 * - I5: kicked, renews if the lease has expired
 * - K1: takes the lease lock to break a lease
 * - K2: gives the lease back
 * - K3: or defers that, while leases are blocked
 * - S1: refused if the VM is being destroyed; the corrected worker drops its ring lock
 * - S2: takes the lease lock to sign
 * - S3: sleeps while leases are blocked; otherwise the lease is on the list
 * - S6: with the read hold, drops the lease lock
 * - R1: the receive loop looks whether to stop, and whether its lease has expired
 * - R2: the receive loop falls asleep
 * - R3: woken, it takes the ring lock and looks whether to stop
 * - T1: the transmit loop sends, without its ring lock
 * - T2: it looks whether to stop
 * - T3: it looks whether its lease has expired
 * - T5: it takes its ring lock, and believes what it has seen
 * - F1: the deadlock of the shipped fix: a callback wants the ring lock of a worker that waits to sign
 *   (`one-ring/shippedFix: deadlock`)
 * - F2: the transmit loop of 2021 loses requests that arrive while it does not hold its ring lock: to stop
 *   (`findings/transmitStopLost: stopIsHeard`), and the call about its lease (`findings/transmitCallLost: callIsHeard`)
 * - F3: the receive loop loses a stop that arrives while it renews (`stopped/receiveShippedFix: stopIsHeard`)
 * - F4: a callback is made for a ring that was freed (`findings/callbackAfterFree: noCallbackAfterFree`)
 * - F5: with the later purge, a lease is signed after the purge has removed all
 *   (`findings/leaseAfterPurgeShippedFix: noLeaseAfterPurge`)
 *
 * @notModeled
 * - **A link that is deleted with its notify port hooked** is unhooked first, which takes the write lock, before its
 *   rings are reset. Nothing is held from the one to the other, so whatever can happen then, can happen where an
 *   independent thread writes once beside the deletion: `findings` has those models.
 * - **Pause**, which later versions have, is a request like stop: set under the ring lock, tested where stop is tested,
 *   and waited for on the same condition variable. It is lost where stop is lost (`stopIsHeard`).
 * - **Mapping the ring's pages** when a lease is renewed always succeeds, so a lease is not broken again right after it
 *   was signed. **A callback that gives the lease back by itself**, which the interface allows, is used by no driver.
 * - **The end of the process** is a request to stop that nobody waits for. `vmm_mtx` is left out: purge holds it while
 *   it waits for holds, and no other actor here takes it.
 * - Memory is sequentially consistent. The expiry flag is read without the lock under which it is written; on x86 that
 *   can only make the reader see it later.
 */
export const leases = spec('vmm_drv leases', {
  params: {
    /**
     * How leases are taken back:
     * `beforeTheFix` calls holders without their ring lock, all the while holding the lease lock;
     * `naiveFix` lets the callback take the ring lock, still under the lease lock;
     * `shippedFix` drops the lease lock for the callback, and defers the removal of leases broken meanwhile;
     * `corrected` does the same, signs without the ring lock, tests under the ring lock right before each sleep, and
     * does not free a ring whose lease is still on the list.
     */
    variant: z.enum(['beforeTheFix', 'naiveFix', 'shippedFix', 'corrected']).default('beforeTheFix'),
    /** One thing that is left out or done otherwise, to see what it is good for; `none` in the variants themselves. */
    mutation: z
      .enum([
        'none',
        'noTestBeforeSleep',
        'signTestsOnce',
        'callThenExpire',
        'signUnblocked',
        'wakeOneAtUnblock',
        'wakeOneAlways',
        'exitRwFirst',
        'rxDoesNotRenew',
        'breakAtOnce',
        'blockDoesNotDrain',
        'silentDeferral',
        'silentUnblock',
        'silentDrain',
        'signHoldingRingLock',
        'freeLeasedRing',
        'releaseTestedOnce',
        'expireInCallback',
      ])
      .default('none'),
    /** How many receive rings there are. */
    rxRings: z.int().min(0).max(4).default(1),
    /** How many transmit rings. */
    txRings: z.int().min(0).max(4).default(0),
    /** What is done to each receive ring from outside. */
    rxControl: Control.default('nothing'),
    /** What is done to each transmit ring from outside. */
    txControl: Control.default('nothing'),
    /**
     * The transmit loop of 2021 samples what it tests without the ring lock; the later one does not. The corrected
     * variant has the later one, whatever is said here.
     */
    txLoop: z.enum(['sampling', 'locked']).default('sampling'),
    /** Whether the NIC holds on to guest memory after a transmit ring has sent, instead of copying. */
    zeroCopy: z.boolean().default(false),
    /** How many vCPUs the VM has; a writer locks all of them. */
    vcpus: z.int().min(1).max(4).default(1),
    /** How writers lock the vCPUs: in ascending order; as near misses, in either order, or not at all. */
    vcpuLocks: z.enum(['ascending', 'anyOrder', 'none']).default('ascending'),
    /** How many threads want the write lock. */
    writers: z.int().min(0).max(4).default(1),
    /** How often each of them does. */
    writes: Often.default('endless'),
    /** How many threads want the read lock. */
    readers: z.int().min(0).max(4).default(0),
    /** How often each of them does. */
    reads: Often.default('endless'),
    /** How many vCPUs, from the last one down, have a thread that runs them or does another ioctl of a single vCPU. */
    vcpuThreads: z.int().min(0).max(4).default(0),
    /** How often each of these threads locks its vCPU. */
    vcpuRuns: Often.default('endless'),
    /** Whether such a thread kicks a ring in between, as the guest does through the notify port. */
    vcpuKicks: z.boolean().default(false),
    /** Whether somebody destroys the VM: as at the fix, or as later. */
    purge: z.enum(['never', 'atTheFix', 'later']).default('never'),
    /** Whether a worker asleep on its ring can be woken by a signal, as `cv_wait_sig` allows. */
    signals: z.boolean().default(false),
    /** Whether a signal can end the wait of a reset with EINTR, as it can but when the link is deleted. */
    interruptedReset: z.boolean().default(false),
  },
  state: (p) => ({
    /** Who has each vCPU (`vcpu_lock_one`); null is VCPU_IDLE. */
    vcpu: z.array(z.nullable(z.union([Blocker, z.literal('vcpu')]))).length(p.vcpus),
    /** `vmm_lease_lock`. */
    leaseLock: mutex(z.union([Blocker, Ring])),
    /** `vmm_lease_cv`: signers wait on it for the block to end, the first blocker for the list to drain, others for both. */
    leaseCv: condvar(z.union([Blocker, Ring])),
    /** `vmm_lease_blocker`: how many threads are between block and unblock. */
    blocker: z
      .int()
      .min(0)
      .max(p.writers + 1),
    /** `vmm_lease_list`, oldest first. */
    leaseList: z.array(Ring).max(p.rxRings + p.txRings),
    /** `vml_expired`; false for what is not on the list. */
    expired: z.record(Ring, z.boolean()),
    /** `vml_break_deferred`; false for what is not on the list. */
    deferred: z.record(Ring, z.boolean()),
    /** Where a thread that blocks leases is in the list. */
    cursor: z.record(Blocker, z.nullable(Ring)),
    /** Whether a thread is about to sign a lease for a ring: past the test of the release request, and not on the list. */
    signing: z.record(Ring, z.boolean()),
    /** `vmm_rwlock`: a lease holds it under the id of its ring. */
    rw: rwlock(z.union([Ring, Reader]), Writer),
    ring: z.record(Ring, ring),
    /** `vmh_release_req`: the VM is being destroyed, and the holds on it are to be given back. */
    releaseReq: z.boolean(),
  }),
  /** Every ring has been initialised: it has a lease, and a worker that has not run yet. */
  init: (s) => {
    for (const r of values(Ring)) {
      s.leaseList.push(r);
      s.rw.readers.add(r);
      s.ring[r].lease = true;
      s.ring[r].state = 'SETUP';
    }
  },
});

export type State = StateOf<typeof leases>;
export type Parameters = ParametersOf<typeof leases>;
