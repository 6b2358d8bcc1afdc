import type { StateGraph } from '../search/state-graph.ts';

/**
 * The part of a graph within some number of steps from where runs begin. States are numbered in the order of discovery,
 * breadth first, so it is the same arrays with fewer states.
 *
 * @param levels - how many states are first reached after 0, 1, 2, … steps. Those after the last level are as far away
 * as can be.
 * @returns the graph itself when all of it is that near.
 */
export function neighborhood(graph: StateGraph, levels: readonly number[], steps: number): StateGraph {
  if (levels.length <= steps) return graph;
  let size = 0;
  for (let level = 0; level <= steps; level += 1) size += levels[level]!;
  return graph.size <= size ? graph : { ...graph, size };
}

/**
 * How far to look for something that is near, again and again: each neighborhood is several times as large as the one
 * before, so that all of them together cost little more than the last one.
 *
 * @param from - the level that the first of them reaches at least, and how many states it has at least.
 * @returns numbers of steps, rising, all of which leave out much of the graph.
 */
export function widening(
  size: number,
  levels: readonly number[],
  from: { readonly level: number; readonly states: number },
): readonly number[] {
  const steps: number[] = [];
  let wanted = from.states;
  let reached = 0;
  levels.forEach((count, level) => {
    reached += count;
    if (level < from.level || reached < wanted || size < 2 * reached) return;
    steps.push(level);
    wanted = reached * FACTOR;
  });
  return steps;
}

const FACTOR = 8;
