import { all, count, ids, implies, leadsTo, spec, strong, weak, z } from 'fairlead';
import { enter, exit, held, mutex } from 'fairlead/sync';

/** Threads that work in turns under one mutex. */
const Thread = ids('Thread', (p) => p.threads);

/**
 * What a mutex promises, and what it does not.
 *
 * @notModeled
 * Threads that die, recursive mutexes, priorities.
 */
export const mutexLaws = spec('mutex', {
  params: {
    threads: z.int().min(1).max(4).default(3),
    /** A thread takes the mutex again while it has it. */
    again: z.boolean().default(false),
  },
  state: () => ({ lock: mutex(Thread) }),
});

/** Takes the mutex, works, gives it back, and starts over. */
export const worker = mutexLaws.process({ t: Thread }, function* (s, { t }, p) {
  while (true) {
    yield 'want';
    enter(s.lock, t);
    if (p.again) {
      yield 'again'; // fairlead-ignore actionNeverEnabled: that is what is wrong with it
      enter(s.lock, t);
    }
    yield 'work';
    exit(s.lock, t);
  }
});

/** One thread at a time. */
export const exclusion = mutexLaws.invariant(() => count(Thread, (t) => worker.at({ t }, 'work')) <= 1);

/** Who works has the mutex. */
export const worksWithMutex = mutexLaws.invariant((s) =>
  all(Thread, (t) => implies(worker.at({ t }, 'work'), held(s.lock, t))),
);

export const runs = mutexLaws.fairness(weak(worker));
export const runsAndWins = mutexLaws.fairness(strong(worker));

/** Somebody gets the mutex: it is free again and again. */
export const progress = mutexLaws.property((s) => leadsTo(s.lock.owner !== null, s.lock.owner === null), {
  under: [runs],
});

/** A thread that wants the mutex gets it. There is no order among those who wait, so running is not enough. */
export const noStarvation = mutexLaws.property(
  () => all(Thread, (t) => leadsTo(worker.at({ t }, 'want'), worker.at({ t }, 'work'))),
  { under: [runs] },
);

/** It is, when a thread that finds the mutex free again and again takes it at last. */
export const noStarvationOfWinners = mutexLaws.property(
  () => all(Thread, (t) => leadsTo(worker.at({ t }, 'want'), worker.at({ t }, 'work'))),
  { under: [runsAndWins] },
);

export const threeThreads = mutexLaws.model({}, { violates: [noStarvation], distinct: 4 });
export const oneThread = mutexLaws.model({ threads: 1 }, { distinct: 2 });

/** A mutex is not recursive: the thread waits for itself. */
export const takenTwice = mutexLaws.model(
  { again: true },
  { violates: [progress, noStarvation, noStarvationOfWinners], deadlocks: true, distinct: 4 },
);
