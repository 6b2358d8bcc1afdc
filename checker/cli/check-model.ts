import type { System } from '../../dsl/ir/index.ts';
import { clock } from '../clock.ts';
import type { KernelStore } from '../search/kernel/cached-kernel.ts';
import { collectGarbage } from '../search/process-memory.ts';
import type { Progress } from '../search/progress.ts';
import type { CheckResult } from '../verdict/verdict.ts';
import { judge } from './judge.ts';
import type { PlainOptions } from './check-task.ts';
import { NO_KERNELS } from './kernel-cache.ts';
import type { KernelCache } from './kernel-cache.ts';
import { optimizeFromNowOn } from './optimizer.ts';
import type { CheckHost } from './host.ts';
import { CheckPool } from './check-pool.ts';

/**
 * Milliseconds of work that a check may take in the main thread, and the first one: its code has just been loaded. Most
 * models need less than starting a worker would, which has to load that code as well.
 */
const PATIENCE = { first: 400, later: 150 };

/** Milliseconds after which a signal has to be heard, however busy the processors are. */
export const DEAF = 400;

/**
 * Checks models so that the process stays attentive: signals are heard and progress is shown while they run.
 *
 * A check never returns to the event loop, so a long one runs in a worker. A short one runs here: it is stopped when it
 * has taken longer than {@link PATIENCE}, and then begun again in a worker, which costs that much once; models of the
 * same spec that come after one like that go to a worker at once.
 */
export class ModelChecker {
  readonly #around: Pick<CheckHost, 'interrupt'>;
  readonly #kernels: KernelCache;
  readonly #pool: CheckWorkers;
  /** Specs that had a model which took long. */
  readonly #slow = new Set<string>();
  /** What has the machine to itself: nothing else is begun before it has ended. */
  #alone: Promise<unknown> | undefined;
  /** Checks in workers, or waiting for one. */
  readonly #running = new Set<Promise<unknown>>();
  /** How many of them there have been. */
  #begun = 0;
  #isFirst = true;

  /** @param kernels - where code that was generated for models is kept. */
  constructor(host: CheckHost, kernels: KernelCache = NO_KERNELS, pool: CheckWorkers = new CheckPool(host)) {
    this.#around = host;
    this.#kernels = kernels;
    this.#pool = pool;
  }

  /** So many checks may usefully be begun before the first of them has ended. With limits that checks would share, one. */
  atOnce({ memory, maxTime, workers }: Limits): number {
    const isLimited = memory !== undefined || maxTime !== undefined || workers !== undefined;
    return isLimited ? 1 : AHEAD * this.#pool.size;
  }

  /** Checks a model; others may be checked beside it. Undefined when a stop was requested before it was begun. */
  async check(
    system: System,
    options: PlainOptions,
    onProgress: (progress: Progress) => void,
  ): Promise<CheckResult | undefined> {
    const job: Job = { system, options, onProgress, kernels: this.#kernels.storeFor(system, options) };
    if (this.#isFirst) {
      this.#isFirst = false;
      // Nothing is known yet that could be reported: a signal may end the process meanwhile.
      const found = this.#checkShortly(job, patience(PATIENCE.first, Infinity));
      if (found !== undefined) return found;
    }
    const leave = this.#around.interrupt.attend();
    try {
      while (this.#alone !== undefined) await this.#alone;
      const found = this.#checkShortly(job, patience(PATIENCE.later, DEAF)) ?? (await this.#checkInWorker(job));
      if (found === 'stopped') return undefined;
      if (found !== undefined) return found;
    } finally {
      leave();
    }
    // There is no room for a thread. A signal to this one, if it is the first, is not heard now, but ends the process.
    optimizeFromNowOn();
    return judge(system, {
      ...options,
      kernels: job.kernels,
      onProgress,
      shouldStop: () => this.#around.interrupt.requested,
    });
  }

  /** Ends the threads. */
  close(): void {
    this.#pool.close();
  }

  /** Undefined when it took too long. */
  #checkShortly({ system, options, kernels }: Job, shouldStop: () => boolean): CheckResult | undefined {
    if (this.#slow.has(system.name)) return undefined;
    const result = judge(system, { ...options, kernels, shouldStop });
    if (result.statistics.cut?.kind !== 'interrupted') return result;
    this.#slow.add(system.name);
    // What the short attempt has left behind would count.
    if (options.memory !== undefined) collectGarbage();
    return undefined;
  }

  /** Undefined where no thread can be started. */
  async #checkInWorker(job: Job): Promise<CheckResult | 'stopped' | undefined> {
    const others = this.#running.size;
    const begun = (this.#begun += 1);
    const run = this.#runInWorker(job);
    this.#running.add(run);
    const result = await run.finally(() => this.#running.delete(run));
    const wasAlone = others === 0 && begun === this.#begun;
    // There may have been memory enough without the others.
    if (result === undefined || result === 'stopped' || wasAlone) return result;
    return result.statistics.cut?.kind === 'memory' ? this.#checkAlone(job) : result;
  }

  async #checkAlone(job: Job): Promise<CheckResult | 'stopped' | undefined> {
    while (this.#alone !== undefined) await this.#alone;
    const run = Promise.allSettled(this.#running)
      .then(() => this.#runInWorker(job))
      .finally(() => (this.#alone = undefined));
    this.#alone = run.catch(() => {});
    return run;
  }

  async #runInWorker({ system, options, onProgress, kernels }: Job): Promise<CheckResult | 'stopped' | undefined> {
    const reply = await this.#pool.run({ system, kernel: kernels.recall(), options }, onProgress);
    if (reply === undefined || reply === 'stopped') return reply;
    if (reply.kernel !== undefined) kernels.keep(reply.kernel);
    return reply.result;
  }
}

/** Limits on what a check may take. */
type Limits = { readonly [Limit in 'memory' | 'maxTime' | 'workers']?: number | undefined };

/** What is needed of a {@link WorkerPool}. */
export type CheckWorkers = Pick<CheckPool, 'size' | 'run' | 'close'>;

/**
 * Says whether a check has taken too long for the main thread, from now on.
 *
 * @param work - milliseconds of processor time.
 * @param longest - milliseconds after which it has in any case.
 */
function patience(work: number, longest: number): () => boolean {
  const started = clock();
  const before = process.cpuUsage();
  return () => {
    const passed = clock() - started;
    if (passed < work || longest < passed) return longest < passed;
    const { user, system } = process.cpuUsage(before);
    return work < (user + system) / 1000;
  };
}

/** A model that is to be checked. */
interface Job {
  readonly system: System;
  readonly options: PlainOptions;
  readonly onProgress: (progress: Progress) => void;
  /** What was generated for it. */
  readonly kernels: KernelStore;
}

/** Checks begun for each processor: so that there is something to do while the first of them takes its time. */
const AHEAD = 3;
