import { all, eventually, ids, local, pick, spec, weak, when, z, type Id } from 'fairlead';
import { condvar, enter, exit, mutex, wait } from 'fairlead/sync';
import { backOff, lockBoth } from './generators.ts';

const Thread = ids('Thread', 2);

/** Every way to write a process. */
export const processes = spec('processes', {
  params: { rounds: z.int().min(1).max(3).default(2) },
  state: () => ({
    n: z.int().min(0).max(6),
    a: mutex(Thread),
    b: mutex(Thread),
    cv: condvar(Thread),
    last: Thread.nullable(),
  }),
});

/** Locals across steps, a bounded loop, and an end. */
export const counter = processes.process({ t: Thread }, function* (s, { t }, p) {
  const start = s.n;
  for (let i = 0; i < p.rounds; i++) {
    yield 'read';
    const seen = s.n;
    yield 'write';
    when(seen < 3);
    s.n = seen + 1;
    if (i === 1) {
      yield 'extra';
      s.last = t;
      continue;
    }
    yield 'again';
    if (s.last === t) break;
  }
  yield 'finish';
  s.n = start;
});

/** A generator in a generator, with a result. */
export const locker = processes.process(function* (s) {
  const me = pick(Thread);
  while (true) {
    yield 'start';
    const got = yield* lockBoth(s.a, s.b, me);
    if (!got) {
      yield* backOff();
      continue;
    }
    yield 'release';
    exit(s.a, me);
    exit(s.b, me);
  }
});

/** Steps in a switch, in a `do`, in a loop over ids, and a local whose domain is declared. */
export const walker = processes.process({ kind: z.enum(['up', 'down']) }, function* (s, { kind }) {
  let position = local(z.int().min(0).max(2), 0);
  do {
    switch (kind) {
      case 'up':
        yield 'climb';
        position += 1;
        break;
      case 'down':
        yield 'fall';
        position = position === 2 ? 0 : position + 1;
    }
    for (const t of Thread) {
      yield 'visit';
      if (s.last === t) break;
      s.last = t;
    }
  } while (position < 2);
});

/** A wait. */
export const sleeper = processes.process({ t: Thread }, function* (s, { t }) {
  yield 'lock';
  enter(s.a, t);
  outer: while (s.n === 0) {
    while (s.last === null) {
      yield 'sleep';
      yield* wait(s.cv, s.a, t);
      if (s.n > 1) break outer;
    }
    yield 'look';
  }
  yield 'unlock';
  exit(s.a, t);
});

export const wake = processes.action((s) => {
  when(s.cv.sleepers.size > 0);
  s.cv.sleepers = new Set();
});

export const running = processes.fairness(weak(counter, locker, sleeper, wake));
export const ends = processes.property(() => all(Thread, (t) => eventually(counter.at({ t }, 'done'))));
export const known = processes.invariant(() =>
  all(Thread, (t) => counter.pc({ t }) !== 'extra' || !counter.at({ t }, 'read')),
);
export const narrow = processes.within((s) => s.n < 4);

/** What is chosen for a local that nobody reads is chosen where there is none only. */
export const chooser = processes.process(function* (s) {
  yield 'begin';
  let _one: Id<'Thread'> | null = s.last;
  const before = s.n;
  yield 'choose';
  _one ??= pick(Thread);
  s.n = before;
});
