/** How a scheduler decides: see `scheduler.ts`. */
export type SchedulerKind = 'uniform' | 'pct';

/** Which runs to make. */
export interface SimulationOptions {
  readonly runs: number;
  /** Steps of a run at most. */
  readonly depth: number;
  /** The same seed gives the same runs. From 0 to 2³² - 1. */
  readonly seed: number;
  readonly scheduler: SchedulerKind;
}

export const DEFAULT_SIMULATION: SimulationOptions = { runs: 1000, depth: 200, seed: 1, scheduler: 'pct' };
