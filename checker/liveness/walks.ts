import type { StateGraph } from '../search/state-graph.ts';
import type { Hop } from './hop.ts';

/** Vertices that run in the states of a graph, and the hops between them. */
export interface Walks {
  readonly graph: StateGraph;
  /** Whether some hops cost nothing. */
  readonly hasFreeHops: boolean;
  costOf(hop: Hop): number;
  hopsFrom(vertex: number): readonly Hop[];
}

/** Who moves: the actor of each of the graph's makers, by number. */
export type Actors = Int32Array;
