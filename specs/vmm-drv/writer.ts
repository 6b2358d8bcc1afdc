import { when, type Id } from 'fairlead';
import { awake, broadcast, enter, exit, sleepOn } from 'fairlead/sync';
import { enterWrite, exitRead, exitWrite } from './rwlock.ts';
import { leases, Ring, Writer, type State } from './state.ts';

/*
 * `vmm_write_lock` and `vmm_write_unlock`. The numbers W0 … U3 count the steps as the table of README.md does.
 * A second blocker that would have to wait for the first one's drain does not exist here: all vCPU locks are held.
 */

/** W0: a thread asks for the write lock. The environment's choice, so nothing promises that it happens. */
export const askForWriteLock = leases.action({ w: Writer }, (s, { w }) => {
  when(s.writer[w] === 'ask');
  s.writer[w] = 'lockVcpus';
});

/** W1: takes the next vCPU, in ascending order; used or not, all of them. */
export const lockVcpu = leases.action({ w: Writer }, (s, { w }) => {
  when(s.writer[w] === 'lockVcpus');
  const next = s.vcpu.findIndex((owner) => owner !== w);
  when(s.vcpu[next] === null);
  s.vcpu[next] = w;
  if (next === s.vcpu.length - 1) s.writer[w] = 'block';
});

/** W2: takes the lease lock and blocks new leases. */
export const blockLeases = leases.action({ w: Writer }, (s, { w }) => {
  when(s.writer[w] === 'block');
  enter(s.leaseLock, w);
  s.blocker += 1;
  s.cursor = s.leaseList.at(0) ?? null;
  s.writer[w] = 'iterate';
});

/** The head of the loop over the list. */
export const visitNextLease = leases.action({ w: Writer }, (s, { w }) => {
  when(s.writer[w] === 'iterate');
  s.writer[w] = s.cursor === null ? 'drain' : 'expire';
});

/** A3, C3: marks the lease at the cursor expired; the shipped fix lets go of the lease lock now. */
export const expireLease = leases.action({ w: Writer }, (s, { w }, p) => {
  when(s.writer[w] === 'expire' && s.cursor !== null);
  s.expired[s.cursor] = true;
  if (dropsLeaseLock(p)) exit(s.leaseLock, w);
  s.writer[w] = 'call';
});

/**
 * A4, C4: `viona_ring_lease_expire_cb` wakes the worker. The wake-up is lost unless the worker is asleep now, which is
 * why every fix takes the ring lock for it. Nothing can happen inside of that critical section: it is one step.
 */
export const callHolder = leases.action({ w: Writer }, (s, { w }, p) => {
  when(s.writer[w] === 'call' && s.cursor !== null);
  if (p.variant !== 'beforeTheFix') when(s.ringLock[s.cursor].owner === null);
  broadcast(s.ringCv[s.cursor]);
  if (dropsLeaseLock(p)) {
    s.writer[w] = 'resume';
  } else {
    s.cursor = successor(s.leaseList, s.cursor);
    s.writer[w] = 'iterate';
  }
});

/** C5: takes the lease lock again and goes on from the lease it called: only this thread removes from the list now. */
export const resumeIteration = leases.action({ w: Writer }, (s, { w }) => {
  when(s.writer[w] === 'resume' && s.cursor !== null);
  enter(s.leaseLock, w);
  s.cursor = successor(s.leaseList, s.cursor);
  s.writer[w] = 'iterate';
});

/**
 * A5, C6: past the end of the list. Before the fix the lease lock is dropped, and the writer goes to wait at the rwlock
 * for leases to go. With it, leases whose break was deferred are removed now, and while others are left it sleeps.
 */
export const drainLeases = leases.action({ w: Writer }, (s, { w }, p) => {
  when(s.writer[w] === 'drain');
  if (dropsLeaseLock(p)) {
    for (const r of Ring) if (s.deferred[r]) removeLease(s, r);
    if (s.leaseList.length > 0) {
      sleepOn(s.leaseCv, s.leaseLock, w);
      s.writer[w] = 'retake';
      return;
    }
    broadcast(s.leaseCv);
  }
  exit(s.leaseLock, w);
  s.writer[w] = 'enterRw';
});

/** C6: woken, takes the lease lock again to look at the list once more. */
export const retakeLeaseLock = leases.action({ w: Writer }, (s, { w }) => {
  when(s.writer[w] === 'retake' && awake(s.leaseCv, w));
  enter(s.leaseLock, w);
  s.writer[w] = 'drain';
});

/** W6: takes the rwlock or queues for it. */
export const enterWriteLock = leases.action({ w: Writer }, (s, { w }) => {
  when(s.writer[w] === 'enterRw');
  enterWrite(s.rw, w);
  s.writer[w] = 'hold';
});

/** The operation itself, once the rwlock is there. */
export const write = leases.action({ w: Writer }, (s, { w }) => {
  when(s.writer[w] === 'hold' && s.rw.writer === w);
  s.writer[w] = 'unblock';
});

/** U1: lets leases be signed again, before the rwlock is given back. */
export const unblockLeases = leases.action({ w: Writer }, (s, { w }) => {
  when(s.writer[w] === 'unblock' && s.leaseLock.owner === null);
  s.blocker -= 1;
  if (s.blocker === 0) broadcast(s.leaseCv);
  s.writer[w] = 'exitRw';
});

/** U2. */
export const exitWriteLock = leases.action({ w: Writer }, (s, { w }) => {
  when(s.writer[w] === 'exitRw');
  exitWrite(s.rw);
  s.writer[w] = 'unlockVcpus';
});

/** U3: gives the vCPUs back, in ascending order. */
export const unlockVcpu = leases.action({ w: Writer }, (s, { w }, p) => {
  when(s.writer[w] === 'unlockVcpus');
  const next = s.vcpu.indexOf(w);
  s.vcpu[next] = null;
  if (next === s.vcpu.length - 1) s.writer[w] = p.writes === 'endless' ? 'ask' : 'finished';
});

/** Whether the lease lock is dropped while a holder is called: the heart of the shipped fix. */
export function dropsLeaseLock(p: { readonly variant: string }): boolean {
  return p.variant === 'shippedFix' || p.variant === 'corrected';
}

/** `vmm_lease_break_locked`: takes a lease off the list and gives its read hold back. */
export function removeLease(s: State, r: Id<'Ring'>): void {
  s.leaseList = s.leaseList.filter((other) => other !== r);
  s.expired[r] = false;
  s.deferred[r] = false;
  exitRead(s.rw);
}

function successor(list: readonly Id<'Ring'>[], r: Id<'Ring'>): Id<'Ring'> | null {
  return list.at(list.indexOf(r) + 1) ?? null;
}
