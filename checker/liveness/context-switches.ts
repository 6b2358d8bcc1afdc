import { takesStep } from './edge.ts';
import type { Edge } from './edge.ts';
import type { Walks, Actors } from './walks.ts';

/** What a run has to be that may take the place of another one. */
interface SwitchSearch {
  readonly starts: readonly number[];
  /** Its cost, as {@link Walks.costOf} counts. */
  readonly cost: number;
  readonly actors: Actors;
  /** Whose move comes before it and after it; -1: nobody's that counts. */
  readonly before: number;
  readonly after: number;
  /** Whether a vertex may be visited when the run has come to a cost. */
  readonly allowed: (vertex: number, cost: number) => boolean;
  /** The obligations met after a edge, as bits. */
  readonly bitsAfter: (bits: number, edge: Edge) => number;
  readonly bitsAt: (start: number) => number;
  readonly isGoal: (vertex: number, bits: number) => boolean;
}

/** Vertices with bits and an actor that are looked at for one run: a tenth of a second. */
const MOST_NODES = 20_000;

/**
 * Of all runs of one cost from some starts to a goal, one with the fewest changes of who moves: the one whose edges come
 * first, among equals.
 *
 * @returns undefined when there are too many to look at.
 * @remarks Cost: breadth first over vertices with bits and who has moved last, layer by layer of cost.
 */
function runWithFewestSwitches(walks: Walks, search: SwitchSearch): readonly Edge[] | undefined {
  const { actors, allowed, bitsAfter, isGoal } = search;
  let count = 0;
  let layer = new Map<string, SwitchNode>();
  const offer = (into: Map<string, SwitchNode>, node: SwitchNode): boolean => {
    const key = `${node.vertex} ${node.bits} ${node.actor}`;
    const known = into.get(key);
    if (known !== undefined && known.switches <= node.switches) return false;
    into.set(key, node);
    count += 1;
    return true;
  };
  for (const vertex of search.starts) {
    const bits = search.bitsAt(vertex);
    offer(layer, { vertex, bits, actor: search.before, switches: 0, edge: undefined, parent: undefined });
  }
  const follow = (node: SwitchNode, at: number, cost: number, into: Map<string, SwitchNode>): readonly SwitchNode[] => {
    const made: SwitchNode[] = [];
    for (const edge of walks.edgesFrom(node.vertex)) {
      if (walks.costOf(edge) !== cost || !allowed(edge.to, at + cost)) continue;
      const mover = takesStep(edge) ? actors[walks.graph.instances[edge.step]!]! : node.actor;
      const switches = node.switches + (node.actor < 0 || mover === node.actor ? 0 : 1);
      const next = { vertex: edge.to, bits: bitsAfter(node.bits, edge), actor: mover, switches, edge, parent: node };
      if (offer(into, next)) made.push(next);
    }
    return made;
  };
  for (let at = 0; ; at += 1) {
    // Free edges stay on their layer, which grows by what they lead to.
    if (walks.hasFreeEdges) {
      const todo = [...layer.values()];
      for (const node of todo) {
        if (MOST_NODES < count) return undefined;
        todo.push(...follow(node, at, 0, layer));
      }
    }
    if (at === search.cost) break;
    const next = new Map<string, SwitchNode>();
    for (const node of layer.values()) {
      if (MOST_NODES < count) return undefined;
      follow(node, at, 1, next);
    }
    layer = next;
  }
  let best: SwitchNode | undefined;
  let fewest = Infinity;
  for (const node of layer.values()) {
    // A run without any edge goes nowhere: it is no loop.
    if (!isGoal(node.vertex, node.bits) || (0 < search.cost && node.edge === undefined)) continue;
    const switches = node.switches + (search.after < 0 || node.actor === search.after ? 0 : 1);
    if (switches < fewest) [best, fewest] = [node, switches];
  }
  return best && edgesTo(best);
}

/** A stem and a loop, and what there is to go through for others that are as long. */
interface SwitchLasso {
  readonly stem: readonly Edge[];
  /** Absent: whatever follows. */
  readonly loop: readonly Edge[] | undefined;
  /** Where the loop starts, or the stem ends. */
  readonly entry: number;
  /** Where stems start, and how far vertices are from there. */
  readonly starts: readonly number[];
  readonly distanceOf: (vertex: number) => number;
  /** What loops may visit, and what they have to meet; undefined: that cannot be said in bits. */
  readonly region: SwitchRegion | undefined;
}

export type SwitchRegion = Pick<SwitchSearch, 'bitsAt' | 'bitsAfter'> & {
  readonly contains: (vertex: number) => boolean;
  readonly areEnough: (bits: number) => boolean;
};

/** The same with as few changes of who moves as there can be: first in the stem, then in the loop. */
export function withFewestSwitches(
  walks: Walks,
  actors: Actors,
  { stem, loop, entry, starts, distanceOf, region }: SwitchLasso,
): Pick<SwitchLasso, 'stem' | 'loop'> {
  const costOf = (edges: readonly Edge[]): number => edges.reduce((sum, edge) => sum + walks.costOf(edge), 0);
  const moverOf = (edge: Edge | undefined): number =>
    edge === undefined ? -1 : actors[walks.graph.instances[edge.step]!]!;
  const stemRearranged = runWithFewestSwitches(walks, {
    starts,
    cost: costOf(stem),
    actors,
    before: -1,
    after: moverOf(loop?.find(takesStep)),
    allowed: (vertex, cost) => distanceOf(vertex) === cost,
    bitsAt: () => 0,
    bitsAfter: () => 0,
    isGoal: (vertex) => vertex === entry,
  });
  const told = stemRearranged ?? stem;
  if (loop === undefined || loop.length === 0 || region === undefined) return { stem: told, loop };
  const { contains, areEnough, bitsAt, bitsAfter } = region;
  const loopRearranged = runWithFewestSwitches(walks, {
    starts: [entry],
    cost: costOf(loop),
    actors,
    before: moverOf(told.findLast(takesStep)),
    after: -1,
    allowed: contains,
    bitsAt,
    bitsAfter,
    isGoal: (vertex, bits) => vertex === entry && areEnough(bits),
  });
  return { stem: told, loop: loopRearranged ?? loop };
}

interface SwitchNode {
  readonly vertex: number;
  readonly bits: number;
  /** Who has moved last. */
  readonly actor: number;
  readonly switches: number;
  readonly edge: Edge | undefined;
  readonly parent: SwitchNode | undefined;
}

function edgesTo(end: SwitchNode): readonly Edge[] {
  const edges: Edge[] = [];
  for (let node = end; node.edge !== undefined; node = node.parent!) edges.push(node.edge);
  return edges.reverse();
}
