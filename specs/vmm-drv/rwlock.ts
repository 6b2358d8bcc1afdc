import { pick, verify, type Id } from 'fairlead';
import type { State } from './state.ts';

/*
 * The kernel's rwlock, with writer preference: a reader waits not only for a writer inside but also for one that waits.
 * Who leaves last hands the lock over: waiters wake up owning it.
 */

type RwLock = State['rw'];

/** `rw_enter(RW_WRITER)`: takes the lock or queues for it. */
export function enterWrite(rw: RwLock, me: Id<'Writer'>): void {
  if (rw.writer === null && rw.readers === 0) rw.writer = me;
  else rw.waitingWriters.add(me);
}

/**
 * `rw_exit` of a writer: hands over to all waiting readers. The vCPU locks let one writer through at a time, so none can
 * be waiting here.
 */
export function exitWrite(rw: RwLock): void {
  verify(rw.waitingWriters.size === 0, 'the vCPU locks serialise writers');
  rw.writer = null;
  rw.readers += rw.waitingReaders.size;
  rw.waitingReaders = new Set();
}

/** `rw_enter(RW_READER)`: takes the lock or queues for it. */
export function enterRead(rw: RwLock, me: Id<'Ring'> | Id<'Reader'>): void {
  if (rw.writer === null && rw.waitingWriters.size === 0) rw.readers += 1;
  else rw.waitingReaders.add(me);
}

/** `rw_exit` of a reader, by any thread: the last one hands over to a waiting writer. */
export function exitRead(rw: RwLock): void {
  rw.readers -= 1;
  if (rw.readers === 0 && rw.waitingWriters.size > 0) {
    const next = pick(rw.waitingWriters);
    rw.waitingWriters.delete(next);
    rw.writer = next;
  }
}
