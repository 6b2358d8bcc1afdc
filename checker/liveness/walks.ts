import type { StateGraph } from '../search/state-graph.ts';
import type { Edge } from './edge.ts';

/** Vertices that run in the states of a graph, and the edges between them. */
export interface Walks {
  readonly graph: StateGraph;
  /** Whether some edges cost nothing. */
  readonly hasFreeEdges: boolean;
  costOf(edge: Edge): number;
  edgesFrom(vertex: number): readonly Edge[];
}

/** Who moves: the actor of each of the graph's makers, by number. */
export type Actors = Int32Array;
