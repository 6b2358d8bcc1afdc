import * as z from 'zod';

/** Who has a signal pending: what interrupts an interruptible wait. Posting twice is posting once. */
export interface Signals<Thread> {
  pending: Set<Thread>;
}

/** The schema of a source of signals for threads of the given domain. None is pending at first. */
export function signals<Thread extends z.core.$ZodType>(thread: Thread): z.ZodObject<{ pending: z.ZodSet<Thread> }> {
  return z.object({ pending: z.set(thread) });
}

/** Makes a signal pending for a thread. */
export function post<Thread>(source: Signals<Thread>, thread: NoInfer<Thread>): void {
  source.pending.add(thread);
}

/** Takes the pending signal of `me` away; says whether there was one. */
export function accept<Thread>(source: Signals<Thread>, me: NoInfer<Thread>): boolean {
  if (!source.pending.has(me)) return false;
  source.pending.delete(me);
  return true;
}
