import { IntList } from '../search/int-list.ts';

/** A directed graph whose edges are found as they are asked for. Its vertices are the integers `0 … size - 1`. */
interface Digraph {
  readonly size: number;
  /** Appends the vertices one edge away from `vertex`. */
  successors(vertex: number, into: IntList): void;
}

/**
 * Splits what can be reached from `roots` into strongly connected components.
 *
 * @param visit - called with each component before every other component that can reach it: its vertices are
 * `members.at(from) … members.at(members.length - 1)`. The list is reused afterwards.
 * @param order - scratch, one entry a vertex: 0 for those to visit; visited ones become {@link FINISHED}.
 * @remarks O(vertices + edges) time; explicit stacks, so depth has no limit. Memory: 4 bytes a vertex, and 4 bytes for
 * each edge that leaves the path being searched.
 * @see Tarjan, "Depth-first search and linear graph algorithms", SIAM J. Computing 1(2), 1972.
 */
export function strongComponents(
  graph: Digraph,
  roots: Iterable<number>,
  order: Int32Array,
  visit: (members: IntList, from: number) => void,
): void {
  const members = new IntList(); // Tarjan's stack: visited, component not yet complete
  const path = new IntList(); // the vertices of the depth-first path, and for each:
  const lows = new IntList(); // the least number reachable so far
  const starts = new IntList(); // where its part of `pending` begins
  const pending = new IntList(); // successors still to look at
  let visited = 0;

  const enter = (vertex: number): void => {
    visited += 1;
    order[vertex] = visited;
    members.push(vertex);
    path.push(vertex);
    lows.push(visited);
    starts.push(pending.length);
    graph.successors(vertex, pending);
  };

  for (const root of roots) {
    if (order[root] !== 0) continue;
    enter(root);
    while (0 < path.length) {
      const top = path.length - 1;
      if (starts.data[top]! < pending.length) {
        const target = pending.pop();
        const seen = order[target]!;
        if (seen === 0) enter(target);
        else if (seen !== FINISHED && seen < lows.data[top]!) lows.data[top] = seen;
        continue;
      }
      const vertex = path.pop();
      const low = lows.pop();
      starts.pop();
      if (0 < top && low < lows.data[top - 1]!) lows.data[top - 1] = low;
      if (low < order[vertex]!) continue;
      let from = members.length;
      do {
        from -= 1;
        order[members.at(from)] = FINISHED;
      } while (members.at(from) !== vertex);
      visit(members, from);
      members.length = from;
    }
  }
}

const FINISHED = -1;
