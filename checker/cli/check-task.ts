import type { CheckOptions } from '../options.ts';
import type { SimulationOptions } from '../simulation/options.ts';
import type { CachedKernel } from '../search/kernel/cached-kernel.ts';
import type { Progress } from '../search/progress.ts';

/** What of the options can be sent to another thread. */
export type PlainOptions = Omit<CheckOptions, 'onProgress' | 'shouldStop' | 'kernels'> & {
  /** Make random runs instead of exploring everything. */
  readonly simulation?: SimulationOptions;
};

/** A model that a worker is to check, as it is sent. */
export interface PackedTask {
  /** Packed. */
  readonly system: Uint8Array;
  readonly kernel: CachedKernel | undefined;
  readonly options: PlainOptions;
}

/** What a worker is started with. */
export interface WorkerStart {
  readonly kind: 'check';
  readonly interrupt: SharedArrayBuffer;
}

export type Message =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'reply'; readonly result: Uint8Array; readonly kernel: CachedKernel | undefined };

/** A worker takes this as the end of its work. */
export const NO_MORE = 'no more';
