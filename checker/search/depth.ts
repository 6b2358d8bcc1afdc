/**
 * How many steps a state is away from the nearest initial one; for a state beyond the last level, as many as that is.
 *
 * @param levels - how many states were first reached after 0, 1, 2, … steps.
 * @param state - its number: states are numbered in the order of discovery.
 */
export function depthOf(levels: readonly number[], state: number): number {
  let end = 0;
  const depth = levels.findIndex((count) => {
    end += count;
    return state < end;
  });
  return depth < 0 ? Math.max(0, levels.length - 1) : depth;
}
