import * as z from 'zod';
import { mayTimeOut, pick, verify, when } from '../language/choice.ts';
import type { Steps } from '../language/process.ts';
import { enter, type Mutex } from './mutex.ts';
import type { Signals } from './signals.ts';

/** A condition variable: who is asleep on it now. It has no memory: waking is lost when nobody is asleep. */
export interface Condvar<Waiter> {
  sleepers: Set<Waiter>;
}

/** The schema of a condition variable whose waiters are of the given domain. Nobody is asleep at first. */
export function condvar<Waiter extends z.core.$ZodType>(waiter: Waiter): z.ZodObject<{ sleepers: z.ZodSet<Waiter> }> {
  return z.object({ sleepers: z.set(waiter) });
}

/** The first half of a wait: falls asleep and releases the mutex, in one step. A violation unless `me` has the mutex. */
export function sleepOn<Owner, Waiter extends Owner>(
  cv: Condvar<Waiter>,
  lock: Mutex<Owner>,
  me: NoInfer<Waiter>,
): void {
  verify(lock.owner === me, 'a thread that waits has the mutex');
  cv.sleepers.add(me);
  lock.owner = null;
}

/** Whether `me` is not asleep: what the second half of a wait waits for, before it takes the mutex again. */
export function awake<Waiter>(cv: Condvar<Waiter>, me: NoInfer<Waiter>): boolean {
  return !cv.sleepers.has(me);
}

/**
 * A whole wait, in a process that has the mutex: `yield* wait(s.cv, s.lock, me)`.
 * The step that it is called in ends asleep and without the mutex; the step `asleep` is possible once `me` has been woken
 * and the mutex is free, and takes it.
 */
export function* wait<Owner, Waiter extends Owner>(
  cv: Condvar<Waiter>,
  lock: Mutex<Owner>,
  me: NoInfer<Waiter>,
): Steps<'asleep'> {
  sleepOn(cv, lock, me);
  yield 'asleep';
  when(awake(cv, me));
  enter(lock, me);
}

/**
 * A wait that also ends when a signal is pending for `me`, be it posted before or after falling asleep. The signal stays
 * pending. Two steps: `asleep` ends with `me` off the condition variable, `retake` takes the mutex.
 */
export function* waitInterruptible<Owner, Waiter extends Owner>(
  cv: Condvar<Waiter>,
  lock: Mutex<Owner>,
  signals: Signals<Waiter>,
  me: NoInfer<Waiter>,
): Steps<'asleep' | 'retake'> {
  sleepOn(cv, lock, me);
  yield 'asleep';
  when(awake(cv, me) || signals.pending.has(me));
  cv.sleepers.delete(me);
  yield 'retake';
  enter(lock, me);
}

/**
 * A wait that also ends when its time is over, which is always possible while `me` is asleep and which nothing promises:
 * `const woken = yield* waitTimed(s.cv, s.lock, me)`. Two steps, as those of {@link waitInterruptible}; who has been woken
 * does not time out any more.
 *
 * @returns whether `me` was woken.
 */
export function* waitTimed<Owner, Waiter extends Owner>(
  cv: Condvar<Waiter>,
  lock: Mutex<Owner>,
  me: NoInfer<Waiter>,
): Generator<'asleep' | 'retake', boolean, unknown> {
  sleepOn(cv, lock, me);
  const timedOut = yield* mayTimeOut('asleep');
  if (timedOut) {
    when(!awake(cv, me));
    cv.sleepers.delete(me);
  } else {
    when(awake(cv, me));
  }
  yield 'retake';
  enter(lock, me);
  return !timedOut;
}

/** Wakes one sleeper, whichever; nobody, if none is asleep. */
export function signal<Waiter>(cv: Condvar<Waiter>): void {
  if (cv.sleepers.size > 0) cv.sleepers.delete(pick(cv.sleepers));
}

/** Wakes everybody who is asleep now. */
export function broadcast<Waiter>(cv: Condvar<Waiter>): void {
  cv.sleepers = new Set();
}
