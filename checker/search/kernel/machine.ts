import { availableParallelism } from 'node:os';

/** Threads that a search uses unless it is told how many. */
export function defaultWorkers(): number {
  return Math.min(availableParallelism(), MOST_WORKERS);
}

/** More threads than this have not been shown to help, and each takes room from the states. */
const MOST_WORKERS = 16;
