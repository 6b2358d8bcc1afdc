import { when } from 'fairlead';
import { askToRead, exitReader, reads } from 'fairlead/sync';
import { leases, Reader } from './state.ts';

/** `vmm_read_lock`, the operation, `vmm_read_unlock`. */
export const reader = leases.process({ d: Reader }, function* (s, { d }, p) {
  do {
    yield 'ask'; // the environment's choice
    yield 'enterRead';
    askToRead(s.rw, d);
    yield 'leave';
    when(reads(s.rw, d));
    exitReader(s.rw, d);
  } while (p.reads === 'endless');
});
