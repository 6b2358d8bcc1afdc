import { all, equal, ids, pick, spec, when, z } from 'fairlead';
import { drain } from './generators.ts';

const Absent = ids('Absent', 0);
const Thread = ids('Thread', 3);
const Job = z.object({ owner: Thread.nullable(), done: z.boolean() });

/** Loops with steps in them over what changes while they run. */
export const traversals = spec('traversals', {
  state: () => ({
    queue: z.array(Thread).max(3),
    jobs: z.array(Job).max(2),
    waiting: z.set(Thread),
    grid: z.record(z.enum(['x', 'y']), z.array(z.int().min(0).max(2)).length(2)),
    last: Thread.nullable(),
    sum: z.int().min(0).max(6),
  }),
});

export const put = traversals.action({ t: Thread }, (s, { t }) => {
  when(s.queue.length < 3 && !s.queue.includes(t));
  s.queue.push(t);
});

export const take = traversals.action((s) => {
  when(s.queue.length > 0);
  s.last = s.queue.shift()!;
});

export const flip = traversals.action({ t: Thread }, (s, { t }) => {
  if (s.waiting.has(t)) s.waiting.delete(t);
  else s.waiting.add(t);
});

export const replace = traversals.action((s) => {
  when(s.jobs.length < 2);
  s.jobs = [...s.jobs, { owner: pick(Thread), done: false }];
});

/** An array of scalars, by index: what is appended is visited, what is shifted makes others be skipped. */
export const scalars = traversals.process(function* (s) {
  yield 'start';
  for (const t of s.queue) {
    yield 'visit';
    s.last = t;
  }
  s.last = null;
});

/** An array of objects: the name stands for the place. */
export const objects = traversals.process(function* (s) {
  yield 'start';
  for (const [i, job] of s.jobs.entries()) {
    if (job.done) continue;
    job.owner = s.last;
    yield 'finish';
    job.done = true;
    s.sum = i;
    if (s.last === null) break;
  }
});

/** A set: what is taken out is skipped, what is put in is visited. */
export const members = traversals.process(function* (s) {
  while (true) {
    yield 'start';
    for (const t of s.waiting) {
      yield 'wake';
      s.last = t;
      if (s.sum < 6) s.sum += 1;
      else return;
    }
  }
});

/** What is kept nowhere else is as it was in the beginning. */
export const values = traversals.process(function* (s) {
  yield 'start';
  for (const t of s.queue.filter((one) => one !== s.last)) {
    for (const other of [...s.waiting]) {
      yield 'pair';
      when(t !== other || s.sum < 3);
      s.last = other;
    }
    yield 'between';
    s.waiting.delete(t);
  }
});

/** In a generator, over a local, and what is chosen by a key. */
export const nested = traversals.process({ key: z.enum(['x', 'y']) }, function* (s, { key }) {
  let seen: ('x' | 'y')[] = [];
  yield 'start';
  for (const cell of s.grid[key]) {
    yield* drain(s.grid[key]);
    seen = [...seen, key].slice(0, 2);
    if (cell > 1) break;
  }
  for (const one of seen) {
    yield 'again';
    s.grid[one][0] = seen.length;
  }
});

/** Over several objects of the state: once for each. */
export const rounds = traversals.process({ key: z.enum(['x', 'y']) }, function* (s, { key }) {
  yield 'start';
  for (const cells of [s.grid.x, s.grid[key]]) {
    if (s.sum > 2) continue;
    yield 'look';
    cells[0] = cells[1] === 0 ? 1 : 0;
    if (s.last === null) {
      yield 'leave';
      break;
    }
    yield* drain(cells);
  }
  s.sum = 0;
});

export const bounded = traversals.within((s) => s.sum < 4 && all(Thread, (t) => s.queue[0] !== t || s.jobs.length < 2));

/** The entries of a set are pairs of one element. */
export const entries = traversals.action((s) => {
  for (const [t, again] of s.waiting.entries()) s.last = s.queue.includes(t) ? again : null;
  s.waiting.forEach((t, again) => {
    if (t === again) s.sum = Math.min(s.sum + 1, 2);
  });
});

/** Through what is always empty: no thread ever stands in it. */
export const nothing = traversals.process({ key: z.enum(['x', 'y']) }, function* (s, { key }) {
  yield 'start';
  const none: ('x' | 'y')[] = [];
  for (const one of none) {
    const cells = s.grid[one];
    yield 'never';
    cells[0] = 1;
    if (one === key) yield 'neither';
  }
  for (const absent of Absent) {
    yield 'absent';
    if (all(Thread, (t) => equal<unknown>(t, absent))) s.sum = 0;
    yield 'gone';
  }
  yield 'after';
});
