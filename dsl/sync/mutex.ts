import * as z from 'zod';
import { verify, when } from '../language/choice.ts';

/** A mutex: not recursive, not interruptible, no hand-over, no order among those who wait for it. */
export interface Mutex<Owner> {
  owner: Owner | null;
}

/** The schema of a mutex whose owners are of the given domain. Free at first. */
export function mutex<Owner extends z.core.$ZodType>(owner: Owner): z.ZodObject<{ owner: z.ZodNullable<Owner> }> {
  return z.object({ owner: z.nullable(owner) });
}

/** Takes the mutex; the step is not possible while anybody has it, not even by the one who asks. */
export function enter<Owner>(lock: Mutex<Owner>, me: NoInfer<Owner>): void {
  when(lock.owner === null);
  lock.owner = me;
}

/** Takes the mutex if it is free; says whether it did. */
export function tryEnter<Owner>(lock: Mutex<Owner>, me: NoInfer<Owner>): boolean {
  if (lock.owner !== null) return false;
  lock.owner = me;
  return true;
}

/** Gives the mutex back; a violation unless `me` has it. */
export function exit<Owner>(lock: Mutex<Owner>, me: NoInfer<Owner>): void {
  verify(lock.owner === me, 'a mutex is released by its owner');
  lock.owner = null;
}

/** Whether `me` has the mutex. */
export function held<Owner>(lock: Mutex<Owner>, me: NoInfer<Owner>): boolean {
  return lock.owner === me;
}
