import * as z from 'zod';
import { pick, verify } from '../language/choice.ts';
import type { Mutex } from './mutex.ts';

/** A condition variable: who is asleep on it now. It has no memory: waking nobody is lost. */
export interface Condvar<Waiter> {
  sleepers: Set<Waiter>;
}

/** The schema of a condition variable whose waiters are of the given domain. Nobody is asleep at first. */
export function condvar<Waiter extends z.core.$ZodType>(waiter: Waiter): z.ZodObject<{ sleepers: z.ZodSet<Waiter> }> {
  return z.object({ sleepers: z.set(waiter) });
}

/** The first half of a wait: falls asleep and releases the mutex, in one step. Fails if `me` has it not. */
export function sleepOn<Waiter>(cv: Condvar<Waiter>, lock: Mutex<Waiter>, me: NoInfer<Waiter>): void {
  verify(lock.owner === me, 'a thread that waits has the mutex');
  cv.sleepers.add(me);
  lock.owner = null;
}

/** Whether `me` has been woken, or never slept: the guard of the second half of a wait, before the mutex is taken again. */
export function awake<Waiter>(cv: Condvar<Waiter>, me: NoInfer<Waiter>): boolean {
  return !cv.sleepers.has(me);
}

/** Wakes one sleeper, whichever; nobody, if none is asleep. */
export function signal<Waiter>(cv: Condvar<Waiter>): void {
  if (cv.sleepers.size > 0) cv.sleepers.delete(pick(cv.sleepers));
}

/** Wakes everybody who is asleep now. */
export function broadcast<Waiter>(cv: Condvar<Waiter>): void {
  cv.sleepers = new Set();
}
