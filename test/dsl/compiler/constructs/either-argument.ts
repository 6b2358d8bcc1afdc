import { ids, spec, z } from 'fairlead';
import { enter, enterReader, exit, exitReader, mutex, rwlock } from 'fairlead/sync';

// One of two places is given to a function, which changes it.

const Thread = ids('Thread', 2);

export const either = spec('either', {
  state: () => ({
    swapped: z.boolean(),
    a: mutex(Thread),
    b: mutex(Thread),
    c: rwlock(Thread, Thread),
    d: rwlock(Thread, Thread),
  }),
});

export const swap = either.action((s) => {
  s.swapped = !s.swapped;
});

export const holder = either.process({ t: Thread }, function* (s, { t }) {
  while (true) {
    yield 'take';
    enter(s.swapped ? s.a : s.b, t);
    yield 'leave';
    exit(s.a.owner === t ? s.a : s.b, t);
  }
});

export const reader = either.process({ t: Thread }, function* (s, { t }) {
  yield 'ask';
  yield* enterReader(s.swapped ? s.c : s.d, t);
  yield 'leave';
  exitReader(s.c.readers.has(t) ? s.c : s.d, t);
});
