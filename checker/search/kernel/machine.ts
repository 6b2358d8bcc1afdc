import { availableParallelism, freemem } from 'node:os';

/** Threads that a search uses unless it is told how many. */
export function defaultWorkers(): number {
  return Math.min(availableParallelism(), MOST_WORKERS);
}

/** Bytes that a search uses at most unless it is told: most of what is to be had now, so that nothing gets killed. */
export function defaultMemory(): number {
  // Of what limits the process alone, such as a container, its own part is taken already.
  const constrained = process.constrainedMemory?.() ?? 0;
  const own = process.memoryUsage.rss();
  const allowed = 0 < constrained && constrained < 2 ** 50 ? Math.max(0, constrained - own) : Infinity;
  return SHARE * Math.min(freemem(), allowed) + own;
}

/** More threads than this have not been shown to help, and each takes room from the states. */
const MOST_WORKERS = 16;
const SHARE = 0.8;
