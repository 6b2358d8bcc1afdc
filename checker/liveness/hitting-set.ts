/**
 * A cheapest choice of items that has something from each of some sets, by branch and bound.
 *
 * @param costs - of each item, positive.
 * @param sets - none empty.
 * @param below - the choice has to be cheaper.
 * @returns the items in ascending order; of equally cheap choices the one found first; undefined when none is so cheap.
 * @remarks Exponential in the worst case; made for a dozen sets of a dozen items.
 */
export function cheapestHittingSet(
  costs: readonly number[],
  sets: readonly (readonly number[])[],
  below = Infinity,
): readonly number[] | undefined {
  let best: readonly number[] | undefined;
  let bestCost = below;
  const branch = (chosen: readonly number[], cost: number): void => {
    if (bestCost <= cost) return;
    // The smallest set that is not hit yet leaves the fewest ways to go.
    const open = sets.filter((set) => !set.some((item) => chosen.includes(item)));
    if (open.length === 0) {
      best = chosen;
      bestCost = cost;
      return;
    }
    const smallest = open.reduce((least, set) => (set.length < least.length ? set : least));
    const byCost = [...smallest].sort((left, right) => costs[left]! - costs[right]! || left - right);
    for (const item of byCost) branch([...chosen, item], cost + costs[item]!);
  };
  branch([], 0);
  return best?.toSorted((left, right) => left - right);
}
