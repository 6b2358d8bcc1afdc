import * as z from 'zod';
import { verify, when } from '../language/choice.ts';
import type { Steps } from '../language/process.ts';

/** A barrier that can be used again and again: who has arrived and waits for the others. */
export interface Barrier<Party> {
  arrived: Set<Party>;
}

/** The schema of a barrier for parties of the given domain. Nobody has arrived at first. */
export function barrier<Party extends z.core.$ZodType>(party: Party): z.ZodObject<{ arrived: z.ZodSet<Party> }> {
  return z.object({ arrived: z.set(party) });
}

/** The first half: arrives. The last of `parties` lets everybody go. */
export function arrive<Party>(barrier: Barrier<Party>, parties: number, me: NoInfer<Party>): void {
  verify(!barrier.arrived.has(me), 'a party arrives once');
  barrier.arrived.add(me);
  if (barrier.arrived.size === parties) barrier.arrived = new Set();
}

/** Whether `me` does not wait at the barrier: the second half waits for it. */
export function passed<Party>(barrier: Barrier<Party>, me: NoInfer<Party>): boolean {
  return !barrier.arrived.has(me);
}

/** Arrives and waits for the others, in a process. The last to arrive takes no further step; others wait at `waiting`. */
export function* meet<Party>(barrier: Barrier<Party>, parties: number, me: NoInfer<Party>): Steps<'waiting'> {
  arrive(barrier, parties, me);
  if (!passed(barrier, me)) {
    yield 'waiting';
    when(passed(barrier, me));
  }
}
