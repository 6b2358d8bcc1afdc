import { all, eventually, ids, spec, weak, when, z } from 'fairlead';
import { broadcast, condvar, enter, exit, mutex, signal, wait } from 'fairlead/sync';

/** Threads that wait until something is ready. */
const Waiter = ids('Waiter', (p) => p.waiters);

/**
 * When a wake-up arrives, and when it is lost.
 *
 * @notModeled
 * Spurious wake-ups, which POSIX allows.
 */
export const condvarLaws = spec('condition variable', {
  params: {
    waiters: z.int().min(1).max(3).default(2),
    wake: z.enum(['broadcast', 'signal']).default('broadcast'),
    /** Whether the one who wakes has the mutex while it makes ready. */
    withMutex: z.boolean().default(true),
  },
  state: () => ({ ready: z.boolean(), lock: mutex(Waiter), cv: condvar(Waiter) }),
});

/** Tests under the mutex, and sleeps until the test succeeds. */
export const waiter = condvarLaws.process({ w: Waiter }, function* (s, { w }) {
  yield 'lock';
  enter(s.lock, w);
  while (true) {
    yield 'test';
    if (s.ready) break;
    yield 'sleep';
    yield* wait(s.cv, s.lock, w);
  }
  yield 'leave';
  exit(s.lock, w);
});

/** Makes ready and wakes. */
export const makeReady = condvarLaws.action((s, p) => {
  when(!s.ready);
  if (p.withMutex) when(s.lock.owner === null);
  s.ready = true;
  if (p.wake === 'broadcast') broadcast(s.cv);
  else signal(s.cv);
});

/** Who sleeps does not have the mutex. */
export const sleepersReleased = condvarLaws.invariant((s) => all(s.cv.sleepers, (w) => s.lock.owner !== w));

/** Somebody does fall asleep. */
export const sleeping = condvarLaws.sometimes((s) => s.cv.sleepers.size > 0);

export const everybodyRuns = condvarLaws.fairness(weak(waiter, makeReady));

/** Nobody sleeps for good. */
export const noLostWakeUp = condvarLaws.property(() => all(Waiter, (w) => eventually(waiter.at({ w }, 'done'))));

export const proper = condvarLaws.model({}, { distinct: 33 });

/** The wake-up falls between a waiter's test and its sleep. */
export const withoutMutex = condvarLaws.model(
  { waiters: 1, withMutex: false },
  { violates: [noLostWakeUp], deadlocks: true, distinct: 11 },
);

/** One wake-up for two who sleep. */
export const signalForAll = condvarLaws.model(
  { wake: 'signal' },
  { violates: [noLostWakeUp], deadlocks: true, distinct: 40 },
);
export const signalForOne = condvarLaws.model({ wake: 'signal', waiters: 1 }, { distinct: 9 });
