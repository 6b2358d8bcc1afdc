import * as z from 'zod';
import { when } from '../language/choice.ts';

/** A counting semaphore: no owner, no hand-over, no order among those who wait. */
export interface Semaphore {
  count: number;
}

/** The schema of a semaphore that counts to `max` at most. It starts at 0: give it its first value in `init`. */
export function semaphore(max: number): z.ZodObject<{ count: z.ZodInt }> {
  return z.object({ count: z.int().min(0).max(max) });
}

/** Takes one (P, `sema_p`); the step is not possible while there is none. */
export function down(semaphore: Semaphore): void {
  when(semaphore.count > 0);
  semaphore.count -= 1;
}

/** Takes one if there is one; says whether it did. */
export function tryDown(semaphore: Semaphore): boolean {
  if (semaphore.count === 0) return false;
  semaphore.count -= 1;
  return true;
}

/** Gives one back (V, `sema_v`); above the maximum it is a violation. */
export function up(semaphore: Semaphore): void {
  semaphore.count += 1;
}
