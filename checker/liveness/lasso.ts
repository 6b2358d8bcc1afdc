import { IntList } from '../search/int-list.ts';
import { hasAll } from './obligations.ts';
import type { Obligations } from './obligations.ts';
import { STUTTER_STEP } from './product.ts';
import type { Product } from './product.ts';

/** An edge of the product, taken. */
export interface Hop {
  readonly from: number;
  readonly to: number;
  /** The step of the graph, or `STUTTER_STEP`. */
  readonly step: number;
  /** The transition of the automaton. */
  readonly move: number;
}

/** A run of the product: a stem, then a loop forever. No loop: whatever follows the stem violates the property. */
export interface Lasso {
  readonly start: number;
  readonly stem: readonly Hop[];
  readonly loop: readonly Hop[] | undefined;
}

/**
 * A run into one of the fair components and around in it, meeting every obligation, or into a vertex of `final`.
 *
 * The stem is a shortest one to any of them. The loop goes to the nearest obligation still open, again and again, and
 * back by the shortest way.
 *
 * @param components - as {@link fairComponents} gives them.
 * @returns undefined when there is neither a component nor a final vertex.
 */
export function lassoInto(
  product: Product,
  obligations: Obligations,
  components: readonly Int32Array[],
  isFinal: (vertex: number) => boolean,
): Lasso | undefined {
  const componentOf = new Int32Array(product.size);
  components.forEach((vertices, index) => vertices.forEach((vertex) => (componentOf[vertex] = index + 1)));
  const isEnd = (vertex: number): boolean => componentOf[vertex] !== 0 || isFinal(vertex);

  const runs = new Runs(product);
  const starts = product.initial();
  const start = starts.find(isEnd);
  const stem =
    start === undefined
      ? runs.shortest(
          starts,
          () => true,
          ({ to }) => isEnd(to),
        )
      : [];
  if (stem === undefined) return undefined;
  const entry = stem.at(-1)?.to ?? start!;
  const component = componentOf[entry]!;
  return {
    start: stem[0]?.from ?? start!,
    stem,
    loop:
      component === 0
        ? undefined
        : loopFrom(runs, obligations, entry, (vertex) => componentOf[vertex] === component, components[component - 1]!),
  };
}

function loopFrom(
  runs: Runs,
  obligations: Obligations,
  entry: number,
  isInside: (vertex: number) => boolean,
  vertices: Int32Array,
): readonly Hop[] {
  const { product } = runs;
  const wanted = obligations.needed.slice();
  for (const vertex of vertices) obligations.addEnabled(product.stateOf(vertex), wanted);

  const have = new Int32Array(obligations.words);
  const gain = (into: Int32Array, hop: Hop): void => {
    obligations.addEdge(product.stateOf(hop.from), hop.step, hop.move, into);
    obligations.addState(product.stateOf(hop.to), into);
  };
  const offer = new Int32Array(obligations.words);
  const helps = (hop: Hop): boolean => {
    offer.fill(0);
    gain(offer, hop);
    return offer.some((bits, word) => (bits & wanted[word]! & ~have[word]!) !== 0);
  };

  obligations.addState(product.stateOf(entry), have);
  const loop: Hop[] = [];
  const follow = (isGoal: (hop: Hop) => boolean): void => {
    const run = runs.shortest([loop.at(-1)?.to ?? entry], isInside, isGoal);
    if (run === undefined) throw new Error('internal: a component is not strongly connected');
    for (const hop of run) {
      gain(have, hop);
      loop.push(hop);
    }
  };
  while (!hasAll(have, wanted)) follow(helps);
  if (loop.at(-1)?.to !== entry) follow(({ to }) => to === entry);
  return loop;
}

/** Shortest runs in a product, one search after another over the same scratch memory: 8 bytes a vertex. */
class Runs {
  private readonly parents: Int32Array;
  private readonly seen: Int32Array; // the search that last saw a vertex
  private search = 0;

  constructor(readonly product: Product) {
    this.parents = new Int32Array(product.size);
    this.seen = new Int32Array(product.size);
  }

  /** The hops of a shortest run from one of `starts` over vertices that are `allowed` to a hop that is the goal. */
  shortest(
    starts: readonly number[],
    allowed: (vertex: number) => boolean,
    isGoal: (hop: Hop) => boolean,
  ): readonly Hop[] | undefined {
    const { product, parents, seen } = this;
    this.search += 1;
    const queue = new IntList();
    const enqueue = (vertex: number, parent: number): void => {
      if (seen[vertex] === this.search) return;
      seen[vertex] = this.search;
      parents[vertex] = parent;
      queue.push(vertex);
    };
    for (const start of starts) enqueue(start, -1);
    for (let head = 0; head < queue.length; head += 1) {
      const from = queue.at(head);
      product.expand(from);
      for (let edge = 0; edge < product.count; edge += 1) {
        const hop = hopAt(product, from, edge);
        if (!allowed(hop.to)) continue;
        if (isGoal(hop)) return [...this.hopsTo(from), hop];
        enqueue(hop.to, from);
      }
    }
    return undefined;
  }

  private hopsTo(vertex: number): readonly Hop[] {
    const hops: Hop[] = [];
    for (let to = vertex, from = this.parents[to]!; 0 <= from; to = from, from = this.parents[to]!) {
      hops.push(this.hopBetween(from, to));
    }
    return hops.reverse();
  }

  private hopBetween(from: number, to: number): Hop {
    const { product } = this;
    product.expand(from);
    for (let edge = 0; edge < product.count; edge += 1)
      if (product.targets.at(edge) === to) return hopAt(product, from, edge);
    throw new Error('internal: the parent of a vertex does not lead to it');
  }
}

function hopAt(product: Product, from: number, edge: number): Hop {
  return { from, to: product.targets.at(edge), step: product.steps.at(edge), move: product.moves.at(edge) };
}

/** Whether the system moves on a hop. */
export function isMove(hop: Hop): boolean {
  return hop.step !== STUTTER_STEP;
}
