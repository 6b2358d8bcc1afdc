import type { Explored } from '../counterexample/explored.ts';

/**
 * The first of some states from which no steps lead out of them; undefined when there is none.
 *
 * @param states - in rising order.
 * @remarks Backward from the steps that lead out, by passes over the states in falling order until nothing is added: most
 * steps lead to states with larger numbers, so there are seldom more than a few. Memory: a byte for each explored state.
 */
export function foreverIn({ graph, size }: Explored, states: readonly number[]): number | undefined {
  const { offsets, targets } = graph;
  const stays = new Uint8Array(size); // from where no way out is known
  for (const state of states) stays[state] = 1;
  const canLeave = (state: number): boolean => {
    for (let step = offsets[state]!; step < offsets[state + 1]!; step += 1) {
      const target = targets[step]!;
      if (target < 0 || size <= target || stays[target] === 0) return true;
    }
    return false;
  };
  let left = states.toReversed();
  for (let before = -1; left.length !== before;) {
    before = left.length;
    left = left.filter((state) => {
      if (!canLeave(state)) return true;
      stays[state] = 0;
      return false;
    });
  }
  return left.at(-1);
}
