import { IntList } from '../search/int-list.ts';
import type { SwitchRegion } from './context-switches.ts';
import type { Budget } from './loop.ts';
import { MetObligations } from './met-obligations.ts';
import type { Obligations } from './obligations.ts';
import type { Edge } from './edge.ts';
import type { TableauGraph } from './tableau-graph.ts';

/** Farther than anything is. */
const FAR = 2 ** 30;

/** More bits than this are not kept in one integer. */
const MAX_BITS = 30;

/**
 * A strongly connected part of a tableau graph, to look for shortest loops in that do all they have to.
 *
 * The search from a vertex goes on breadth first, over vertices together with what has been met on the way. How far it
 * is back to where it began, and how far by way of each obligation, is worked out beforehand by going backwards. So
 * nothing is looked at that cannot be on a loop that is short enough, and most vertices are no start of one.
 */
export class RoundTrips {
  private readonly met: MetObligations;
  private readonly numbers: ReadonlyMap<number, number>;
  // Edges within the region, by source and by target, as places in the members.
  private readonly outOffsets: Int32Array;
  private readonly outTargets: Int32Array;
  private readonly outEdges: Int32Array; // as the graph numbers them
  private readonly outBits: Int32Array; // what is met by an edge and the state that it leads to
  private readonly inOffsets: Int32Array;
  private readonly inSources: Int32Array;
  private readonly inBits: Int32Array;
  private readonly back: Int32Array; // by place: how far it is back to the start
  private readonly via: readonly Int32Array[]; // by obligation and place: how far it is back when it is met on the way

  private constructor(
    private readonly graph: TableauGraph,
    private readonly members: Int32Array,
    { numbers, offsets, targets, edges }: InnerEdges,
    met: MetObligations,
  ) {
    this.met = met;
    this.numbers = numbers;
    this.outOffsets = offsets;
    this.outTargets = targets;
    this.outEdges = edges;
    graph.graph.memory?.take(4 * (3 * edges.length + (2 + met.places.length) * members.length));
    this.outBits = new Int32Array(edges.length);
    this.inOffsets = new Int32Array(members.length + 1);
    this.inSources = new Int32Array(edges.length);
    this.inBits = new Int32Array(edges.length);
    for (const target of targets) this.inOffsets[target + 1]! += 1;
    for (let place = 0; place < members.length; place += 1) this.inOffsets[place + 1]! += this.inOffsets[place]!;
    const next = this.inOffsets.slice();
    for (let source = 0; source < members.length; source += 1) {
      for (let at = offsets[source]!; at < offsets[source + 1]!; at += 1) {
        const edge = edges[at]!;
        const bits = this.bitsOf(members[source]!, graph.targetOf(edge), graph.stepOf(edge), graph.marksOf(edge));
        this.outBits[at] = bits;
        const into = next[targets[at]!]!++;
        this.inSources[into] = source;
        this.inBits[into] = bits;
      }
    }
    this.back = new Int32Array(members.length).fill(FAR);
    this.via = met.places.map(() => new Int32Array(members.length).fill(FAR));
  }

  /**
   * Prepares a strongly connected part; undefined when no loop in it meets everything.
   *
   * @param members - its vertices, in rising order.
   * @throws TooManyObligations when they are more than there are bits.
   */
  static in(graph: TableauGraph, obligations: Obligations, members: Int32Array): RoundTrips | undefined {
    const inner = innerEdges(graph, members);
    const { words, needed, strong } = obligations;
    const enabled = new Int32Array(words);
    for (const vertex of members) obligations.addEnabled(graph.stateOf(vertex), enabled);
    const some = new Int32Array(words); // what some step gives
    const all = new Int32Array(words).fill(-1); // what every step gives
    const gained = new Int32Array(words);
    for (let source = 0; source < members.length; source += 1) {
      for (let at = inner.offsets[source]!; at < inner.offsets[source + 1]!; at += 1) {
        const edge = inner.edges[at]!;
        gained.fill(0);
        obligations.addEdge(graph.stateOf(members[source]!), graph.stepOf(edge), graph.marksOf(edge), gained);
        obligations.addState(graph.stateOf(graph.targetOf(edge)), gained);
        for (let word = 0; word < words; word += 1) {
          some[word]! |= gained[word]!;
          all[word]! &= gained[word]!;
        }
      }
    }
    if (needed.some((bits, word) => (bits & ~some[word]!) !== 0)) return undefined;
    const open = (bits: Int32Array): Int32Array => bits.map((one, word) => one & ~all[word]!);
    const conditional = open(strong.map((bits, word) => bits & enabled[word]!));
    const wanted = open(needed).map((bits, word) => bits | conditional[word]!);
    const met = new MetObligations(obligations, wanted, conditional);
    if (MAX_BITS < met.bits) throw new TooManyObligations();
    return new RoundTrips(graph, members, inner, met);
  }

  /**
   * A shortest loop from a vertex back to it, of fewer edges than `limit`, over this vertex and those after it.
   *
   * @param budget - of edges; once it is used up there is no answer.
   */
  from(vertex: number, limit: number, budget: Budget): readonly Edge[] | undefined {
    const start = this.numbers.get(vertex)!;
    const near = this.measureBack(start, limit, budget);
    const isNear = this.hasShortCycle(start, limit) && this.measureVia(start, near, limit, budget);
    const loop = isNear && 0 <= budget.left ? this.search(start, limit, budget) : undefined;
    for (let at = 0; at < near.length; at += 1) {
      const place = near.at(at);
      this.back[place] = FAR;
      for (const list of this.via) list[place] = FAR;
    }
    return loop;
  }

  /** What another loop in the region may be that takes the place of one. */
  get rearranged(): SwitchRegion {
    return {
      contains: (vertex) => this.numbers.has(vertex),
      bitsAt: () => 0,
      bitsAfter: (bits, { from, to, step, transition }) => bits | this.bitsOf(from, to, step, transition),
      areEnough: (bits) => this.met.areEnough(bits),
    };
  }

  private bitsOf(from: number, to: number, step: number, marks: number): number {
    const { graph, met } = this;
    return met.onEdge(graph.stateOf(from), step, marks) | met.inState(graph.stateOf(to));
  }

  /** Settles how far it is back from each vertex from which that is near enough; these, nearest first. */
  private measureBack(start: number, limit: number, budget: Budget): IntList {
    const { back, inOffsets, inSources } = this;
    const near = new IntList(64);
    back[start] = 0;
    near.push(start);
    for (let head = 0; head < near.length && 0 <= budget.left; head += 1) {
      const place = near.at(head);
      const distance = back[place]! + 1;
      if (limit <= distance) break;
      budget.left -= 1 + inOffsets[place + 1]! - inOffsets[place]!;
      for (let at = inOffsets[place]!; at < inOffsets[place + 1]!; at += 1) {
        const source = inSources[at]!;
        if (source <= start || back[source] !== FAR) continue;
        back[source] = distance;
        near.push(source);
      }
    }
    return near;
  }

  private hasShortCycle(start: number, limit: number): boolean {
    for (let at = this.outOffsets[start]!; at < this.outOffsets[start + 1]!; at += 1) {
      if (1 + this.back[this.outTargets[at]!]! < limit) return true;
    }
    return false;
  }

  /** Settles the same by way of each obligation; false when one is too far away from the start. */
  private measureVia(start: number, near: IntList, limit: number, budget: Budget): boolean {
    const { back, inOffsets, inSources, inBits } = this;
    return this.met.places.every(({ met, seen }, index) => {
      const via = this.via[index]!;
      const reached = new IntList(64);
      const pull = (place: number, mask: number, distance: number): void => {
        budget.left -= 1 + inOffsets[place + 1]! - inOffsets[place]!;
        for (let at = inOffsets[place]!; at < inOffsets[place + 1]!; at += 1) {
          const source = inSources[at]!;
          if (source < start || via[source] !== FAR || (inBits[at]! & mask) !== mask) continue;
          via[source] = distance;
          reached.push(source);
        }
      };
      let [head, next] = [0, 0];
      for (let distance = 1; distance < limit && 0 <= budget.left; distance += 1) {
        const end = reached.length;
        for (; next < near.length && back[near.at(next)]! < distance; next += 1) pull(near.at(next), met, distance);
        for (; head < end; head += 1) pull(reached.at(head), 0, distance);
      }
      return seen !== 0 || via[start]! < limit;
    });
  }

  private search(start: number, limit: number, budget: Budget): readonly Edge[] | undefined {
    const { outOffsets, outTargets, outBits, met } = this;
    const places = new IntList(64);
    const bits = new IntList(64);
    const parents = new IntList(64);
    const arrivals = new IntList(64); // the edge to each node, as a place in the outgoing ones
    const known = new Set<number>();
    places.push(start);
    bits.push(0);
    parents.push(-1);
    arrivals.push(-1);
    let end = 1;
    for (let [head, length] = [0, 1]; head < end && length < limit; end = places.length, length += 1) {
      for (; head < end; head += 1) {
        const place = places.at(head);
        budget.left -= 1 + outOffsets[place + 1]! - outOffsets[place]!;
        if (budget.left < 0) return undefined;
        for (let at = outOffsets[place]!; at < outOffsets[place + 1]!; at += 1) {
          const target = outTargets[at]!;
          if (target < start || limit <= length + this.back[target]!) continue;
          const after = bits.at(head) | outBits[at]!;
          const isEnd = target === start && met.areEnough(after);
          if (!isEnd && limit <= length + this.atLeast(target, after)) continue;
          const key = target * 2 ** MAX_BITS + after;
          if (!isEnd && known.has(key)) continue;
          known.add(key);
          places.push(target);
          bits.push(after);
          parents.push(head);
          arrivals.push(at);
          if (isEnd) return this.edgesTo(places.length - 1, places, parents, arrivals);
        }
      }
    }
    return undefined;
  }

  /** How far it is back at least, from a vertex with something met so far. */
  private atLeast(place: number, bits: number): number {
    let distance = this.back[place]!;
    this.met.places.forEach(({ met, seen }, index) => {
      if ((bits & met) !== 0 || (seen !== 0 && (bits & seen) === 0)) return;
      distance = Math.max(distance, this.via[index]![place]!);
    });
    return distance;
  }

  private edgesTo(end: number, places: IntList, parents: IntList, arrivals: IntList): readonly Edge[] {
    const edges: Edge[] = [];
    for (let node = end; 0 <= parents.at(node); node = parents.at(node)) {
      const from = places.at(parents.at(node));
      edges.push(this.graph.edgeAt(this.members[from]!, this.outEdges[arrivals.at(node)]!));
    }
    return edges.reverse();
  }
}

/** That what a loop has to do does not fit in one integer. */
export class TooManyObligations extends Error {}

interface InnerEdges {
  /** By vertex, its place in the members. */
  readonly numbers: ReadonlyMap<number, number>;
  readonly offsets: Int32Array;
  readonly targets: Int32Array;
  /** As the graph numbers them. */
  readonly edges: Int32Array;
}

function innerEdges(graph: TableauGraph, members: Int32Array): InnerEdges {
  const numbers = new Map(Array.from(members, (vertex, place) => [vertex, place]));
  const offsets = new Int32Array(members.length + 1);
  const targets = new IntList(members.length, graph.graph.memory);
  const edges = new IntList(members.length, graph.graph.memory);
  members.forEach((vertex, place) => {
    for (let edge = graph.firstEdgeOf(vertex); edge < graph.firstEdgeOf(vertex + 1); edge += 1) {
      const target = numbers.get(graph.targetOf(edge));
      if (target === undefined) continue;
      targets.push(target);
      edges.push(edge);
    }
    offsets[place + 1] = targets.length;
  });
  return { numbers, offsets, targets: targets.toArray(), edges: edges.toArray() };
}
