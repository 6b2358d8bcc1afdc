import { IntList } from '../search/int-list.ts';
import { MetObligations } from './met-obligations.ts';
import type { Obligations } from './obligations.ts';
import { edgeAt } from './runs.ts';
import type { Edge } from './edge.ts';
import type { Runs } from './runs.ts';

/** A fair component, ready to look for loops in. */
export interface FairComponent {
  readonly contains: (vertex: number) => boolean;
  /** What a loop in it has to have, when it visits all of it. */
  readonly wanted: Int32Array;
  /** Assumptions of strong fairness enabled somewhere in it: a loop that stays away from there need not take them. */
  readonly conditional: Int32Array;
  readonly met: MetObligations;
}

/** What a component asks of loops. Cost: linear in its vertices. */
export function fairComponent(
  runs: Runs,
  obligations: Obligations,
  vertices: Int32Array,
  contains: (vertex: number) => boolean,
): FairComponent {
  const conditional = new Int32Array(obligations.words);
  for (const vertex of vertices) obligations.addEnabled(runs.product.stateOf(vertex), conditional);
  const wanted = obligations.needed.map((bits, word) => bits | conditional[word]!);
  return { contains, wanted, conditional, met: new MetObligations(obligations, wanted, conditional) };
}

/**
 * A loop that meets every obligation: to the nearest one still open, again and again, and back by the shortest way. What
 * strong fairness asks for is open from when it was seen to be possible. Not the shortest loop, but found in time linear
 * in the component for each obligation, and mostly by looking at very little of it.
 *
 * @returns undefined when it would cost too much, or the budget is used up before it is found.
 */
export function greedyLoop(
  runs: Runs,
  obligations: Obligations,
  component: FairComponent,
  entry: number,
  limit: LoopLimit,
): readonly Edge[] | undefined {
  const { product } = runs;
  const { cost: bound, budget } = limit;
  const { needed, words } = obligations;
  const have = new Int32Array(words);
  const seen = new Int32Array(words); // strong assumptions that were enabled
  const offer = new Int32Array(words);
  const gain = (into: Int32Array, edge: Edge): void => {
    obligations.addEdge(product.stateOf(edge.from), edge.step, product.marksOf[edge.transition]!, into);
    obligations.addState(product.stateOf(edge.to), into);
  };
  const isWanted = (word: number): number => (needed[word]! | seen[word]!) & ~have[word]!;
  const helps = (edge: Edge): boolean => {
    offer.fill(0);
    gain(offer, edge);
    return offer.some((bits, word) => (bits & isWanted(word)) !== 0);
  };
  const isBack = ({ to }: Edge): boolean => to === entry;

  obligations.addState(product.stateOf(entry), have);
  obligations.addEnabled(product.stateOf(entry), seen);
  const loop: Edge[] = [];
  let cost = 0;
  for (;;) {
    const isDone = have.every((_, word) => isWanted(word) === 0);
    if (isDone && loop.at(-1)?.to === entry) return loop;
    const from = loop.at(-1)?.to ?? entry;
    const rest = { cost: bound - cost, budget };
    const run = runs.shortest(from, component.contains, isDone ? isBack : helps, rest);
    if (run === undefined && bound === Infinity && 0 <= budget.left) {
      throw new Error('internal: a component is not strongly connected');
    }
    if (run === undefined) return undefined;
    for (const edge of run) {
      gain(have, edge);
      obligations.addEnabled(product.stateOf(edge.to), seen);
      loop.push(edge);
      cost += runs.costOf(edge);
    }
  }
}

/** What a loop has to cost less than, and how much may be looked at for it. */
interface LoopLimit {
  readonly cost: number;
  readonly budget: Budget;
}

/** How much may still be looked at: vertices, or pairs of a vertex and a set of obligations. */
export interface Budget {
  left: number;
}

/** More obligations than this are not told apart by bits of one integer: then there is only the greedy loop. */
export const MAX_BITS = 24;

/**
 * A shortest loop through a vertex that meets the obligations of a component, if there is one within the
 * limit: breadth first over vertices together with the set of what has been met on the way.
 *
 * @param runs - says what edges cost; its scratch memory is not used.
 * @param allowed - the vertices of the component that the loop may visit.
 */
export function shortestLoop(
  runs: Runs,
  component: FairComponent,
  entry: number,
  allowed: (vertex: number) => boolean,
  limit: LoopLimit,
): readonly Edge[] | undefined {
  const { product } = runs;
  const { cost: bound, budget } = limit;
  const { met } = component;
  if (MAX_BITS < met.bits) return undefined;

  const nodes = new Nodes(2 ** met.bits);
  let level: number[] = [];
  let next: number[] = [];
  nodes.offer(entry, met.inState(product.stateOf(entry)), 0, undefined, level);

  /** Follows the edges of one cost from a node; the node that completes a loop, if one does. */
  const edge = (node: number, cost: number, into: number[]): number | undefined => {
    const from = nodes.vertex.at(node);
    const bits = nodes.bits.at(node);
    const state = product.stateOf(from);
    product.expand(from);
    for (let index = 0; index < product.count; index += 1) {
      const taken = edgeAt(product, from, index);
      if (!allowed(taken.to) || runs.costOf(taken) !== cost) continue;
      const after =
        bits |
        met.onEdge(state, taken.step, product.marksOf[taken.transition]!) |
        met.inState(product.stateOf(taken.to));
      if (taken.to === entry && met.areEnough(after)) return nodes.add(taken.to, after, taken, node);
      nodes.offer(taken.to, after, nodes.distance.at(node) + cost, { edge: taken, parent: node }, into);
    }
    return undefined;
  };

  for (let distance = 0; distance < bound && 0 < level.length; distance += 1) {
    const isCurrent = (node: number): boolean => nodes.distance.at(node) === distance && nodes.isBest(node);
    for (let head = 0; runs.hasFreeEdges && head < level.length; head += 1) {
      const end = isCurrent(level[head]!) ? edge(level[head]!, 0, level) : undefined;
      if (end !== undefined) return nodes.runTo(end);
    }
    if (bound <= distance + 1) return undefined;
    for (const node of level) {
      budget.left -= 1;
      if (budget.left < 0) return undefined;
      const end = isCurrent(node) ? edge(node, 1, next) : undefined;
      if (end !== undefined) return nodes.runTo(end);
    }
    [level, next] = [next, []];
  }
  return undefined;
}

/** Pairs of a vertex and a set of bits, each with the best way to it. */
class Nodes {
  readonly vertex = new IntList();
  readonly bits = new IntList();
  readonly distance = new IntList();
  private readonly parent = new IntList();
  private readonly edges: (Edge | undefined)[] = [];
  private readonly best = new Map<number, number>();

  constructor(private readonly radix: number) {}

  /** Adds a node, unless it is known at no greater distance. */
  offer(
    vertex: number,
    bits: number,
    distance: number,
    way: { readonly edge: Edge; readonly parent: number } | undefined,
    into: number[],
  ): void {
    const key = vertex * this.radix + bits;
    const known = this.best.get(key);
    if (known !== undefined && this.distance.at(known) <= distance) return;
    const node = this.push(vertex, bits, distance, way?.edge, way?.parent ?? -1);
    this.best.set(key, node);
    into.push(node);
  }

  add(vertex: number, bits: number, edge: Edge, parent: number): number {
    return this.push(vertex, bits, this.distance.at(parent), edge, parent);
  }

  isBest(node: number): boolean {
    return this.best.get(this.vertex.at(node) * this.radix + this.bits.at(node)) === node;
  }

  runTo(node: number): readonly Edge[] {
    const edges: Edge[] = [];
    for (let at = node, edge = this.edges[at]; edge !== undefined; at = this.parent.at(at), edge = this.edges[at])
      edges.push(edge);
    return edges.reverse();
  }

  private push(vertex: number, bits: number, distance: number, edge: Edge | undefined, parent: number): number {
    this.vertex.push(vertex);
    this.bits.push(bits);
    this.distance.push(distance);
    this.parent.push(parent);
    return this.edges.push(edge) - 1;
  }
}
