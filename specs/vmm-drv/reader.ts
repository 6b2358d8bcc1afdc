import { when } from 'fairlead';
import { enterRead, exitRead } from './rwlock.ts';
import { leases, Reader } from './state.ts';

/* `vmm_read_lock` and `vmm_read_unlock`. */

/** A thread asks for the read lock: the environment's choice. */
export const askForReadLock = leases.action({ d: Reader }, (s, { d }, p) => {
  when(p.reads !== 'never' && s.reader[d] === 'ask');
  s.reader[d] = 'enterRead';
});

export const enterReadLock = leases.action({ d: Reader }, (s, { d }) => {
  when(s.reader[d] === 'enterRead');
  enterRead(s.rw, d);
  s.reader[d] = 'leave';
});

export const leaveReadLock = leases.action({ d: Reader }, (s, { d }, p) => {
  when(s.reader[d] === 'leave' && !s.rw.waitingReaders.has(d));
  exitRead(s.rw);
  s.reader[d] = p.reads === 'endless' ? 'ask' : 'finished';
});
