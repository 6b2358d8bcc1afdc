import { IntList } from '../search/int-list.ts';
import type { StateGraph } from '../search/state-graph.ts';
import type { Walks } from './walks.ts';
import { STUTTER_STEP } from './product.ts';
import type { Product } from './product.ts';
import { isMove } from './hop.ts';
import type { Hop } from './hop.ts';

/**
 * Shortest runs in a product, one search after another over the same scratch memory: 12 bytes a vertex.
 *
 * The length of a run is the number of steps that will be told of it. Where no atom speaks of steps stuttering is left
 * out when a behavior is told, so there it costs nothing.
 */
export class Runs implements Walks {
  readonly hasFreeHops: boolean;
  private readonly parents: Int32Array;
  private readonly distances: Int32Array;
  private readonly seen: Int32Array; // the search that last saw a vertex
  private search = 0;
  private readonly level: IntList;
  private readonly next: IntList;

  constructor(readonly product: Product) {
    this.hasFreeHops = !product.letters.speakOfSteps;
    const { memory } = product.graph;
    this.level = new IntList(1024, memory);
    this.next = new IntList(1024, memory);
    this.parents = new Int32Array(product.size);
    this.distances = new Int32Array(product.size);
    this.seen = new Int32Array(product.size);
  }

  costOf(hop: Hop): number {
    return this.hasFreeHops && !isMove(hop) ? 0 : 1;
  }

  get graph(): StateGraph {
    return this.product.graph;
  }

  hopsFrom(vertex: number): readonly Hop[] {
    const { product } = this;
    product.expand(vertex);
    return Array.from({ length: product.count }, (_, edge) => hopAt(product, vertex, edge));
  }

  /**
   * The hops of a shortest run from `start` over vertices that are `allowed` to a hop that is the goal.
   *
   * @param limit - the run has to cost less; and how many vertices may be looked at.
   */
  shortest(
    start: number,
    allowed: (vertex: number) => boolean,
    isGoal: (hop: Hop) => boolean,
    limit: { readonly cost: number; readonly budget: { left: number } },
  ): readonly Hop[] | undefined {
    let goal: Hop | undefined;
    this.walk([start], {
      onVertex: (_, distance) => {
        limit.budget.left -= 1;
        return limit.cost <= distance || limit.budget.left < 0 ? 'stop' : 'follow';
      },
      onHop: (hop) => {
        if (!allowed(hop.to)) return 'skip';
        if (!isGoal(hop)) return 'follow';
        goal = hop;
        return 'stop';
      },
    });
    if (goal === undefined) return undefined;
    const run = [...this.runTo(goal.from), goal];
    return run.reduce((sum, hop) => sum + this.costOf(hop), 0) < limit.cost ? run : undefined;
  }

  /**
   * Goes through everything that can be reached, nearest first; ties in the order of discovery.
   *
   * @param onVertex - called with each vertex when its distance is settled.
   * @param onHop - called with each hop from a settled vertex.
   */
  walk(
    starts: readonly number[],
    visitor: {
      readonly onVertex?: (vertex: number, distance: number) => 'follow' | 'stop';
      readonly onHop?: (hop: Hop) => 'follow' | 'skip' | 'stop';
    },
  ): void {
    this.search += 1;
    let { level, next } = this;
    level.length = 0;
    next.length = 0;
    for (const start of starts) this.offer(start, -1, 0, level);
    for (let distance = 0; 0 < level.length; distance += 1) {
      // Free hops stay on this level, which grows as they are found; the others lead to the next one.
      for (let head = 0; head < level.length; head += 1) {
        const from = level.at(head);
        if (this.distances[from] !== distance) continue; // found again on an earlier level by a free hop
        if (visitor.onVertex?.(from, distance) === 'stop') return;
        if (this.hasFreeHops && this.hop(from, 0, level, visitor.onHop) === 'stop') return;
      }
      for (let head = 0; head < level.length; head += 1) {
        const from = level.at(head);
        if (this.distances[from] === distance && this.hop(from, 1, next, visitor.onHop) === 'stop') return;
      }
      [level, next] = [next, level];
      next.length = 0;
    }
  }

  /** How far the last walk found a vertex to be; -1 when it did not come there. */
  distanceOf(vertex: number): number {
    return this.seen[vertex] === this.search ? this.distances[vertex]! : -1;
  }

  /** The hops of the last walk's run to a vertex. */
  runTo(vertex: number): readonly Hop[] {
    const hops: Hop[] = [];
    for (let to = vertex, from = this.parents[to]!; 0 <= from; to = from, from = this.parents[to]!) {
      hops.push(this.hopBetween(from, to));
    }
    return hops.reverse();
  }

  private offer(vertex: number, parent: number, distance: number, into: IntList): void {
    if (this.seen[vertex] === this.search && this.distances[vertex]! <= distance) return;
    this.seen[vertex] = this.search;
    this.parents[vertex] = parent;
    this.distances[vertex] = distance;
    into.push(vertex);
  }

  private hop(
    from: number,
    cost: number,
    into: IntList,
    onHop: ((hop: Hop) => 'follow' | 'skip' | 'stop') | undefined,
  ): 'stop' | undefined {
    const { product } = this;
    const distance = this.distances[from]! + cost;
    product.expand(from);
    for (let edge = 0; edge < product.count; edge += 1) {
      const isFree = this.hasFreeHops && product.steps.at(edge) === STUTTER_STEP;
      if (isFree !== (cost === 0)) continue;
      const answer = onHop === undefined ? 'follow' : onHop(hopAt(product, from, edge));
      if (answer === 'stop') return 'stop';
      if (answer === 'follow') this.offer(product.targets.at(edge), from, distance, into);
    }
    return undefined;
  }

  private hopBetween(from: number, to: number): Hop {
    const { product } = this;
    const cost = this.distances[to]! - this.distances[from]!;
    product.expand(from);
    for (let edge = 0; edge < product.count; edge += 1) {
      const hop = hopAt(product, from, edge);
      if (hop.to === to && this.costOf(hop) === cost) return hop;
    }
    throw new Error('internal: the parent of a vertex does not lead to it');
  }
}

/** The edge that the product's last `expand`, of `from`, left at a place. */
export function hopAt(product: Product, from: number, edge: number): Hop {
  return { from, to: product.targets.at(edge), step: product.steps.at(edge), move: product.moves.at(edge) };
}
