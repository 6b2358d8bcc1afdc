export { check } from './check.ts';
export { simulate } from './simulate.ts';
export type { SimulateOptions } from './simulate.ts';
export { DEFAULT_SIMULATION } from './simulation/options.ts';
export type { SchedulerKind, SimulationOptions } from './simulation/options.ts';
export type { CheckOptions } from './options.ts';
export type { Progress } from './search/progress.ts';
export type * from './verdict/verdict.ts';
