import { all, ids, implies, spec, z } from 'fairlead';

const Thread = ids('Thread', (p) => p.threads);

/**
 * The queue lock of Mellor-Crummey and Scott, in steps as small as those of `mcslock1` of the Murphi distribution: each
 * thread has a place in a queue that it waits at, and links itself to the one before.
 * Made for measuring.
 */
export const mcsLock = spec('MCS queue lock', {
  params: { threads: z.int().min(2).max(6).default(4) },
  state: () => ({
    tail: Thread.nullable(),
    next: z.record(Thread, Thread.nullable()),
    predecessor: z.record(Thread, Thread.nullable()),
    locked: z.record(Thread, z.boolean()),
  }),
  init: (s) => {
    s.tail = null;
    for (const t of Thread) {
      s.next[t] = null;
      s.predecessor[t] = null;
    }
  },
});

export const thread = mcsLock.process({ me: Thread }, function* (s, { me }) {
  while (true) {
    yield 'idle';
    s.next[me] = null;
    yield 'enqueue';
    s.predecessor[me] = s.tail;
    s.tail = me;
    yield 'look';
    if (s.predecessor[me] !== null) {
      yield 'lock';
      s.locked[me] = true;
      yield 'link';
      s.next[s.predecessor[me]] = me;
      do s = yield 'spin';
      while (s.locked[me]);
    }
    s = yield 'critical';
    if (s.next[me] === null) {
      yield 'dequeue';
      if (s.tail === me) {
        s.tail = null;
        continue;
      }
      do s = yield 'linger';
      while (s.next[me] === null);
    }
    s = yield 'pass';
    s.locked[s.next[me]!] = false;
  }
});

/** No two threads are in their critical sections. */
export const exclusion = mcsLock.invariant(() =>
  all(Thread, (one) =>
    all(Thread, (other) =>
      implies(thread.at({ me: one }, 'critical') && thread.at({ me: other }, 'critical'), one === other),
    ),
  ),
);

export const two = mcsLock.model({ threads: 2 }, { distinct: 159 });
export const three = mcsLock.model({ threads: 3 }, { distinct: 7597 });
export const four = mcsLock.model({}, { distinct: 554_221 });
export const five = mcsLock.model({ threads: 5 });
