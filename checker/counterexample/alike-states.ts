import type { Plan } from '../plan/plan.ts';
import { identities } from './identities.ts';
import type { Line } from './identities.ts';

/** Explored states of which the same is said, but for who is who among ids. */
export interface AlikeStates {
  /** The one that takes the fewest steps to get to. */
  readonly nearest: number;
  readonly count: number;
}

/**
 * Groups states by what is said of them up to permuting ids, nearest first.
 *
 * @param size - how many states are looked at, in the order in which they were found.
 * @param saidOf - a line for each thing that is said of a state; undefined for one that does not belong here.
 * @param most - so many states are told apart.
 * @returns undefined when there are more.
 */
export function alikeStates(
  plan: Plan,
  size: number,
  saidOf: (state: number) => readonly Line[] | undefined,
  most: number,
): readonly AlikeStates[] | undefined {
  const canonical = identities(plan);
  const groups = new Map<string, { nearest: number; count: number }>();
  let found = 0;
  for (let state = 0; state < size; state += 1) {
    const lines = saidOf(state);
    if (lines === undefined) continue;
    found += 1;
    if (most < found) return undefined;
    const key = canonical(lines);
    const group = groups.get(key) ?? { nearest: state, count: 0 };
    group.count += 1;
    groups.set(key, group);
  }
  return [...groups.values()];
}
