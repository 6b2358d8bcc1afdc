import { all, either, ids, implies, pick, spec, verify, when, z } from 'fairlead';
import { enter, exit, mutex } from 'fairlead/sync';
import { backOff } from './generators.ts';

const Thread = ids('Thread', 2);
const Side = z.enum(['left', 'right']);

/** Steps that put threads at their beginning or their end. */
export const restarts = spec('restarts', {
  state: () => ({
    n: z.int().min(0).max(2),
    crashes: z.int().min(0).max(2),
    lock: mutex(Thread),
    boxes: z.record(Side, z.object({ x: z.int().min(0).max(2), full: z.boolean() })),
    side: Side,
    seen: z.enum(['none', 'first', 'work', 'done', 'rest', 'once']),
  }),
});

/** What it does before its first label chooses, reads the state, and goes two ways. */
export const worker = restarts.process(
  { t: Thread },
  function* (s, { t }) {
    const start = s.n;
    const box = s.boxes[s.side];
    let tries = pick(z.int().min(0).max(1));
    if (start === 2) {
      yield 'rest';
      tries = 0;
    }
    while (true) {
      yield 'first';
      enter(s.lock, t);
      const before = box.x;
      yield 'work';
      box.x = start;
      s.n = Math.min(2, before + tries);
      exit(s.lock, t);
      if (s.n === 1) yield* backOff();
    }
  },
  { locals: { tries: z.int().min(0).max(1) } },
);

/** One of two arguments, that comes to an end. */
export const pair = restarts.process({ side: Side, late: z.int().min(0).max(1) }, function* (s, { side, late }) {
  yield 'once';
  const was = s.boxes[side].full;
  yield 'twice';
  when(was || late === 1);
  s.boxes[side].full = !was;
});

/** The only one of its kind, which restarts others. */
export const watchdog = restarts.process(function* (s) {
  while (true) {
    yield 'watch';
    const other = pick(Thread);
    const before = worker.pc({ t: other });
    either(
      () => worker.restart({ t: other }),
      () => {
        when(s.crashes < 2);
        s.crashes += 1;
        worker.stop({ t: other });
      },
    );
    s.seen = worker.at({ t: other }, 'done')
      ? 'done'
      : before === 'work'
        ? 'work'
        : worker.at({ t: other }, 'rest')
          ? 'rest'
          : 'first';
    yield 'pause';
    pair.restart({ side: s.side, late: 1 });
    s.side = s.side === 'left' ? 'right' : 'left';
    pair.stop({ side: s.side, late: 0 });
  }
});

/** Threads of one process that restart each other, and fail when one would restart itself. */
export const rival = restarts.process({ t: Thread }, function* (s, { t }) {
  let hit = false;
  yield 'aim';
  hit = s.lock.owner === t;
  yield 'shoot';
  for (const other of Thread) if (other !== t && !hit) rival.restart({ t: other });
  if (s.n === 2) rival.stop({ t: pick(Thread) });
});

export const reset = restarts.action({ t: Thread }, (s, { t }) => {
  when(s.crashes < 2);
  s.crashes += 1;
  s.n = 2;
  for (const one of Thread) worker.restart({ t: one });
  s.n = 0;
  worker.restart({ t });
  verify(worker.at({ t }, 'first') && worker.local({ t }, 'tries') < 2);
  watchdog.restart();
  s.seen = pair.at({ side: 'left', late: 1 }, 'once') ? 'once' : 'none';
});

export const forgets = restarts.invariant(() =>
  all(Thread, (t) => implies(worker.at({ t }, 'rest'), worker.local({ t }, 'tries') <= 1)),
);
export const standsSomewhere = restarts.step((s, next) =>
  all(Thread, (t) => implies(worker.at({ t }, 'work'), s.n === next.n || !worker.next.at({ t }, 'rest'))),
);
