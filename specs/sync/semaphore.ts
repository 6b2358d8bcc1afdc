import { all, count, ids, leadsTo, spec, strong, weak, z } from 'fairlead';
import { down, semaphore, up } from 'fairlead/sync';

const Thread = ids('Thread', (p) => p.threads);

/**
 * What a counting semaphore promises, and what it does not.
 *
 * @notModeled
 * Threads that die; a semaphore has no owner.
 */
export const semaphoreLaws = spec('semaphore', {
  params: {
    threads: z.int().min(1).max(4).default(3),
    permits: z.int().min(1).max(3).default(2),
  },
  state: (p) => ({ permits: semaphore(p.permits) }),
  init: (s, p) => {
    s.permits.count = p.permits;
  },
});

export const worker = semaphoreLaws.process({ t: Thread }, function* (s) {
  while (true) {
    yield 'want';
    down(s.permits);
    yield 'work';
    up(s.permits);
  }
});

/** As many work as permits are out. */
export const counted = semaphoreLaws.invariant(
  (s, p) => count(Thread, (t) => worker.at({ t }, 'work')) === p.permits - s.permits.count,
);

/** All permits are out at some time. */
export const allOut = semaphoreLaws.sometimes((s) => s.permits.count === 0);

export const runs = semaphoreLaws.fairness(weak(worker));
export const runsAndWins = semaphoreLaws.fairness(strong(worker));

/** There is no order among those who wait, so running is not enough. */
export const noStarvation = semaphoreLaws.property(
  () => all(Thread, (t) => leadsTo(worker.at({ t }, 'want'), worker.at({ t }, 'work'))),
  { under: [runs] },
);

/** It is, when a thread that finds a permit again and again takes one at last. */
export const noStarvationOfWinners = semaphoreLaws.property(
  () => all(Thread, (t) => leadsTo(worker.at({ t }, 'want'), worker.at({ t }, 'work'))),
  { under: [runsAndWins] },
);

export const contended = semaphoreLaws.model({}, { violates: [noStarvation], distinct: 7 });
export const enough = semaphoreLaws.model({ threads: 2 }, { distinct: 4 });
