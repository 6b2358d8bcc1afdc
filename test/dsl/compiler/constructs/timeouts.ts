import { all, ids, implies, mayTimeOut, pick, spec, when, z } from 'fairlead';
import { condvar, enter, exit, mutex, signal, waitTimed } from 'fairlead/sync';

const Thread = ids('Thread', 2);

/** Steps that may be taken because the time for them is over. */
export const timeouts = spec('timeouts', {
  state: () => ({
    n: z.int().min(0).max(3),
    lock: mutex(Thread),
    cv: condvar(Thread),
    late: z.record(Thread, z.boolean()),
  }),
});

/** Asked for again, kept, forgotten, assigned, and given back by a generator. */
export const patient = timeouts.process({ t: Thread }, function* (s, { t }) {
  let tries = 0;
  while (true) {
    yield 'begin';
    const before = s.n;
    const timedOut = yield* mayTimeOut('first');
    if (!timedOut) when(s.n !== before);
    yield 'between';
    s.late[t] = timedOut;
    tries = timedOut ? Math.min(tries + 1, 2) : 0;
    yield* mayTimeOut('again');
    if (tries === 2) break;
    let other = false;
    for (const one of Thread) {
      other = yield* mayTimeOut('each');
      if (other) break;
      when(s.n > 0 || one === t);
    }
    s.n = pick(z.int().min(0).max(1)) + (other ? 1 : 0);
    s.late[t] = yield* twice();
  }
  yield 'end';
  s.n = 0;
});

function* twice(): Generator<'again' | 'later', boolean, unknown> {
  const first = yield* mayTimeOut('again');
  if (first) return true;
  return yield* mayTimeOut('later');
}

export const sleeper = timeouts.process({ t: Thread }, function* (s, { t }) {
  while (true) {
    yield 'lock';
    enter(s.lock, t);
    const woken = yield* waitTimed(s.cv, s.lock, t);
    s.n = woken ? 3 : 2;
    exit(s.lock, t);
  }
});

export const wake = timeouts.action((s) => {
  when(s.n < 3);
  signal(s.cv);
});

export const stands = timeouts.invariant((s) =>
  all(Thread, (t) => implies(patient.at({ t }, 'end'), s.n <= 3) && sleeper.pc({ t }) !== 'done'),
);
