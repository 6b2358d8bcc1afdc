import type { Explored } from '../counterexample/explored.ts';

/**
 * The first of some states from which no steps lead out of them; undefined when there is none.
 *
 * @param inside - not 0 for each of those states.
 * @remarks Backward from the steps that lead out, by passes over the states in falling order until nothing is added: most
 * steps lead to states with larger numbers, so there are seldom more than a few.
 */
export function foreverIn({ graph, size }: Explored, inside: Uint8Array): number | undefined {
  const { offsets, targets } = graph;
  const leaves = new Uint8Array(size);
  const canLeave = (state: number): boolean => {
    for (let step = offsets[state]!; step < offsets[state + 1]!; step += 1) {
      const target = targets[step]!;
      if (target < 0 || size <= target || inside[target] === 0 || leaves[target] === 1) return true;
    }
    return false;
  };
  for (let isStable = false; !isStable;) {
    isStable = true;
    for (let state = size - 1; 0 <= state; state -= 1) {
      if (inside[state] === 0 || leaves[state] === 1 || !canLeave(state)) continue;
      leaves[state] = 1;
      isStable = false;
    }
  }
  const found = inside.findIndex((isInside, state) => isInside === 1 && leaves[state] === 0);
  return found < 0 ? undefined : found;
}
