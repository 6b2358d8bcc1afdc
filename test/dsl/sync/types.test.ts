import { describe, expectTypeOf, it } from 'vitest';
import { ids, pick, spec, z } from 'fairlead';
import {
  atomic,
  compareAndSwap,
  condvar,
  enter,
  enterReader,
  fetchAdd,
  mutex,
  reads,
  rwlock,
  semaphore,
  down,
  sleepOn,
  wait,
  type Condvar,
  type Mutex,
} from 'fairlead/sync';

// What is asserted here is asserted by the type checker; the bodies below never run.

const Ring = ids('Ring', 2);
const Client = ids('Client', 2);

const kernel = spec('kernel', {
  state: () => ({
    ringLock: z.record(Ring, mutex(Ring)),
    ringCv: z.record(Ring, condvar(Ring)),
    anyLock: mutex(z.union([Ring, Client, z.literal('writer')])),
    clientCv: condvar(Client),
    rw: rwlock(Ring, Client),
    level: atomic(z.int().min(0).max(3)),
    mode: atomic(z.enum(['on', 'off'])),
    permits: semaphore(2),
  }),
});

describe('the types of the primitives', () => {
  it('know who may own and wait', () => {
    kernel.action({ r: Ring, c: Client }, (s, { r, c }) => {
      expectTypeOf(s.ringLock[r]).toExtend<Mutex<typeof r>>();
      expectTypeOf(s.ringCv[r]).toExtend<Condvar<typeof r>>();
      enter(s.ringLock[r], r);
      // @ts-expect-error a client never owns a ring's lock
      enter(s.ringLock[r], c);
      enter(s.anyLock, r);
      enter(s.anyLock, c);
      enter(s.anyLock, 'writer');
      // @ts-expect-error nobody of that name
      enter(s.anyLock, 'reader');
      sleepOn(s.clientCv, s.anyLock, c);
      // @ts-expect-error rings do not wait there
      sleepOn(s.clientCv, s.anyLock, r);
      // @ts-expect-error a client cannot have had that lock
      sleepOn(s.clientCv, s.ringLock[r], c);
      expectTypeOf(reads(s.rw, r)).toEqualTypeOf<boolean>();
      // @ts-expect-error clients write
      reads(s.rw, c);
    });
  });

  it('know what is in a word', () => {
    kernel.action((s) => {
      expectTypeOf(fetchAdd(s.level, 1)).toBeNumber();
      // @ts-expect-error no number
      fetchAdd(s.mode, 1);
      expectTypeOf(compareAndSwap(s.mode, 'on', 'off')).toEqualTypeOf<boolean>();
      // @ts-expect-error no such value
      compareAndSwap(s.mode, 'on', 'wat');
      down(s.permits);
      // @ts-expect-error no semaphore
      down(s.level);
    });
  });

  it('hand the labels of generators to the process', () => {
    const worker = kernel.process({ r: Ring }, function* (s, { r }) {
      yield 'lock';
      enter(s.ringLock[r], r);
      yield* wait(s.ringCv[r], s.ringLock[r], r);
      yield 'read';
      yield* enterReader(s.rw, r);
    });
    const label = () => worker.pc({ r: pick(Ring) });
    expectTypeOf(label).returns.toEqualTypeOf<'lock' | 'asleep' | 'read' | 'blocked' | 'done'>();
  });
});
