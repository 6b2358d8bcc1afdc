import { STUTTER } from '../search/path.ts';

/** An edge of a graph whose vertices run in states: of the product, the tableau, or a monitored graph. */
export interface Edge {
  readonly from: number;
  readonly to: number;
  /** The step of the graph, or `STUTTER`. */
  readonly step: number;
  /** The transition of the automaton; of a tableau, what it marks. */
  readonly transition: number;
}

/** Whether the system takes a step on an edge, and does not stutter. */
export function takesStep(edge: Edge): boolean {
  return edge.step !== STUTTER;
}
