import { IntList } from '../search/int-list.ts';
import type { StateGraph } from '../search/state-graph.ts';
import type { Walks } from './walks.ts';
import { STUTTER } from '../search/path.ts';
import type { Product } from './product.ts';
import { takesStep } from './edge.ts';
import type { Edge } from './edge.ts';

/**
 * Shortest runs in a product, one search after another over the same scratch memory: 12 bytes a vertex.
 *
 * The length of a run is the number of steps that will be reported of it. Where no atom speaks of steps stuttering is left
 * out when a behavior is reported, so there it costs nothing.
 */
export class Runs implements Walks {
  readonly hasFreeEdges: boolean;
  private readonly parents: Int32Array;
  private readonly distances: Int32Array;
  private readonly seen: Int32Array; // the search that last saw a vertex
  private search = 0;
  private readonly level: IntList;
  private readonly next: IntList;

  constructor(readonly product: Product) {
    this.hasFreeEdges = !product.letters.speakOfSteps;
    const { memory } = product.graph;
    this.level = new IntList(1024, memory);
    this.next = new IntList(1024, memory);
    this.parents = new Int32Array(product.size);
    this.distances = new Int32Array(product.size);
    this.seen = new Int32Array(product.size);
  }

  costOf(edge: Edge): number {
    return this.hasFreeEdges && !takesStep(edge) ? 0 : 1;
  }

  get graph(): StateGraph {
    return this.product.graph;
  }

  edgesFrom(vertex: number): readonly Edge[] {
    const { product } = this;
    product.expand(vertex);
    return Array.from({ length: product.count }, (_, index) => edgeAt(product, vertex, index));
  }

  /**
   * The edges of a shortest run from `start` over vertices that are `allowed` to a edge that is the goal.
   *
   * @param limit - the run has to cost less; and how many vertices may be looked at.
   */
  shortest(
    start: number,
    allowed: (vertex: number) => boolean,
    isGoal: (edge: Edge) => boolean,
    limit: { readonly cost: number; readonly budget: { left: number } },
  ): readonly Edge[] | undefined {
    let goal: Edge | undefined;
    this.walk([start], {
      onVertex: (_, distance) => {
        limit.budget.left -= 1;
        return limit.cost <= distance || limit.budget.left < 0 ? 'stop' : 'follow';
      },
      onEdge: (edge) => {
        if (!allowed(edge.to)) return 'skip';
        if (!isGoal(edge)) return 'follow';
        goal = edge;
        return 'stop';
      },
    });
    if (goal === undefined) return undefined;
    const run = [...this.runTo(goal.from), goal];
    return run.reduce((sum, edge) => sum + this.costOf(edge), 0) < limit.cost ? run : undefined;
  }

  /**
   * Goes through everything that can be reached, nearest first; ties in the order of discovery.
   *
   * @param onVertex - called with each vertex when its distance is settled.
   * @param onEdge - called with each edge from a settled vertex.
   */
  walk(
    starts: readonly number[],
    visitor: {
      readonly onVertex?: (vertex: number, distance: number) => 'follow' | 'stop';
      readonly onEdge?: (edge: Edge) => 'follow' | 'skip' | 'stop';
    },
  ): void {
    this.search += 1;
    let { level, next } = this;
    level.length = 0;
    next.length = 0;
    for (const start of starts) this.offer(start, -1, 0, level);
    for (let distance = 0; 0 < level.length; distance += 1) {
      // Free edges stay on this level, which grows as they are found; the others lead to the next one.
      for (let head = 0; head < level.length; head += 1) {
        const from = level.at(head);
        if (this.distances[from] !== distance) continue; // found again on an earlier level by a free edge
        if (visitor.onVertex?.(from, distance) === 'stop') return;
        if (this.hasFreeEdges && this.edge(from, 0, level, visitor.onEdge) === 'stop') return;
      }
      for (let head = 0; head < level.length; head += 1) {
        const from = level.at(head);
        if (this.distances[from] === distance && this.edge(from, 1, next, visitor.onEdge) === 'stop') return;
      }
      [level, next] = [next, level];
      next.length = 0;
    }
  }

  /** How far the last walk found a vertex to be; -1 when it did not come there. */
  distanceOf(vertex: number): number {
    return this.seen[vertex] === this.search ? this.distances[vertex]! : -1;
  }

  /** The edges of the last walk's run to a vertex. */
  runTo(vertex: number): readonly Edge[] {
    const edges: Edge[] = [];
    for (let to = vertex, from = this.parents[to]!; 0 <= from; to = from, from = this.parents[to]!) {
      edges.push(this.edgeBetween(from, to));
    }
    return edges.reverse();
  }

  private offer(vertex: number, parent: number, distance: number, into: IntList): void {
    if (this.seen[vertex] === this.search && this.distances[vertex]! <= distance) return;
    this.seen[vertex] = this.search;
    this.parents[vertex] = parent;
    this.distances[vertex] = distance;
    into.push(vertex);
  }

  private edge(
    from: number,
    cost: number,
    into: IntList,
    onEdge: ((edge: Edge) => 'follow' | 'skip' | 'stop') | undefined,
  ): 'stop' | undefined {
    const { product } = this;
    const distance = this.distances[from]! + cost;
    product.expand(from);
    for (let index = 0; index < product.count; index += 1) {
      const isFree = this.hasFreeEdges && product.steps.at(index) === STUTTER;
      if (isFree !== (cost === 0)) continue;
      const answer = onEdge === undefined ? 'follow' : onEdge(edgeAt(product, from, index));
      if (answer === 'stop') return 'stop';
      if (answer === 'follow') this.offer(product.targets.at(index), from, distance, into);
    }
    return undefined;
  }

  private edgeBetween(from: number, to: number): Edge {
    const { product } = this;
    const cost = this.distances[to]! - this.distances[from]!;
    product.expand(from);
    for (let index = 0; index < product.count; index += 1) {
      const edge = edgeAt(product, from, index);
      if (edge.to === to && this.costOf(edge) === cost) return edge;
    }
    throw new Error('internal: the parent of a vertex does not lead to it');
  }
}

/** The edge that the product's last `expand`, of `from`, left at a place. */
export function edgeAt(product: Product, from: number, index: number): Edge {
  return {
    from,
    to: product.targets.at(index),
    step: product.steps.at(index),
    transition: product.transitions.at(index),
  };
}
