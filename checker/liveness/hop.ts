import { STUTTER_STEP } from './product.ts';

/** An edge of the product, taken. */
export interface Hop {
  readonly from: number;
  readonly to: number;
  /** The step of the graph, or `STUTTER_STEP`. */
  readonly step: number;
  /** The transition of the automaton. */
  readonly move: number;
}

/** Whether the system moves on a hop. */
export function isMove(hop: Hop): boolean {
  return hop.step !== STUTTER_STEP;
}
