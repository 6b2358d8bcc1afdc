import type { SearchOptions } from '../exploration.ts';

export interface KernelSearchOptions extends SearchOptions {
  /** Threads; the answers do not depend on it. Default: one for each processor. */
  readonly workers?: number;
}

/** What only changes how a search goes about it: tests make small searches do what large ones do. */
export interface Tuning {
  /** How many states there have to be before other threads help. Default 100,000. */
  readonly parallelFrom?: number;
  /** Successors that there is room for at first. */
  readonly records?: number;
  /** Bytes of address space of one memory. Default 4 GiB. */
  readonly addresses?: number;
  /** States in one memory from which on the next one begins, even if there is room. */
  readonly statesEach?: number;
  /** Memories that there are at most. Default: as many as the system gives. */
  readonly memories?: number;
}
