import type { IntList } from './int-list.ts';

/**
 * How many states were first reached after 0, 1, 2, … steps.
 *
 * States are numbered level by level, so a level ends at the first state whose parent is in it. Cost: one pass over the
 * parents, no memory but for the answer.
 *
 * @param parents - of every state, -1 for initial ones, which come first.
 */
export function levelsOf(parents: IntList): readonly number[] {
  const levels: number[] = [];
  let start = 0;
  for (let state = 0; state <= parents.length; state += 1) {
    if (state < parents.length && parents.at(state) < start) continue;
    if (start < state) levels.push(state - start);
    start = state;
  }
  return levels;
}
