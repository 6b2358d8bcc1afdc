import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import type { System } from '../../dsl/ir/index.ts';
import type { CachedKernel } from '../search/kernel/cached-kernel.ts';
import { limitsOfThread } from '../search/address-space.ts';
import type { Progress } from '../search/progress.ts';
import type { CheckResult } from '../verdict/verdict.ts';
import type { PlainOptions } from './check-task.ts';
import type { CheckHost } from './host.ts';
import { pack, unpack } from './pack.ts';
import { NO_MORE } from './check-task.ts';
import type { PackedTask, WorkerStart, Message } from './check-task.ts';

/** A model that a worker is to check. */
interface Task {
  readonly system: System;
  /** What was generated for it already. */
  readonly kernel: CachedKernel | undefined;
  readonly options: PlainOptions;
}

/** What a worker made of a task. */
interface Reply {
  readonly result: CheckResult;
  /** What it generated, if it had to. */
  readonly kernel?: CachedKernel;
}

/**
 * Threads that check models, each one after the other: started when they are needed, at most one for each processor, and
 * kept for the next model, since starting one takes as long as checking a small model.
 */
export class CheckPool {
  /** Models that can be checked at once. */
  readonly size = availableParallelism();
  readonly #entry: URL;
  readonly #interrupt: SharedArrayBuffer;
  readonly #stop: Int32Array;
  readonly #idle: Worker[] = [];
  readonly #waiting: (() => void)[] = [];
  /** All workers, at work or idle. */
  #started = 0;
  #isRefused = false;

  constructor({ entry, interrupt }: CheckHost) {
    this.#entry = entry;
    this.#interrupt = interrupt.shared;
    this.#stop = new Int32Array(interrupt.shared);
  }

  /**
   * Has a model checked, when a worker is free.
   *
   * @returns undefined where the system has no room for a thread; `stopped` where a stop was requested before one was free.
   */
  async run(task: Task, onProgress: (progress: Progress) => void): Promise<Reply | 'stopped' | undefined> {
    const worker = await this.#worker();
    if (worker === undefined) return undefined;
    if (Atomics.load(this.#stop, 0) !== 0) {
      this.#rest(worker);
      this.#waiting.shift()?.();
      return 'stopped';
    }
    try {
      const reply = await runOn(worker, task, onProgress);
      // The memory of a large model is free for the next one when its thread has ended.
      if (reply !== undefined && reply.result.statistics.distinct <= MOST_KEPT) this.#rest(worker);
      else this.#dismiss(worker);
      if (reply === undefined) this.#isRefused = true;
      return reply;
    } catch (error) {
      this.#dismiss(worker);
      throw error;
    } finally {
      this.#waiting.shift()?.();
    }
  }

  /** Ends the threads that are idle; those at work end with what they do. */
  close(): void {
    for (const worker of this.#idle.splice(0)) this.#dismiss(worker);
  }

  async #worker(): Promise<Worker | undefined> {
    for (;;) {
      const idle = this.#idle.pop();
      if (idle !== undefined) {
        idle.ref();
        return idle;
      }
      if (this.#started < this.size && !this.#isRefused) {
        const started = this.#start();
        if (started !== undefined) return started;
        this.#isRefused = true;
      }
      if (this.#started === 0) return undefined;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  #start(): Worker | undefined {
    // Loaded here, because most commands come without it.
    const { Worker, isMainThread, resourceLimits } = process.getBuiltinModule('node:worker_threads');
    // What took a thread with a large stack so far takes another one.
    const limits = limitsOfThread(isMainThread ? undefined : resourceLimits.stackSizeMb);
    if (limits === undefined) return undefined;
    this.#started += 1;
    return new Worker(new URL('./thread.cjs', this.#entry), {
      argv: process.argv.slice(2),
      workerData: { kind: 'check', interrupt: this.#interrupt } satisfies WorkerStart,
      resourceLimits: limits,
    });
  }

  /** Until there is another model the thread keeps nobody from ending. */
  #rest(worker: Worker): void {
    worker.unref();
    this.#idle.push(worker);
  }

  #dismiss(worker: Worker): void {
    this.#started -= 1;
    worker.ref();
    worker.postMessage(NO_MORE);
  }
}

/** A worker that has found more states than this is not kept. */
const MOST_KEPT = 50_000;

/** Undefined where the system has refused the thread. */
function runOn(worker: Worker, task: Task, onProgress: (progress: Progress) => void): Promise<Reply | undefined> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: Message): void => {
      if (message.kind === 'progress') return onProgress(message.progress);
      end();
      const { result, kernel } = message;
      resolve({ result: unpack(result) as CheckResult, ...(kernel !== undefined && { kernel }) });
    };
    const onError = (error: NodeJS.ErrnoException): void => {
      end();
      if (error.code === 'ERR_WORKER_INIT_FAILED') resolve(undefined);
      else reject(error);
    };
    const onExit = (code: number): void => {
      end();
      reject(new Error(`the thread that checks ended with code ${code} and without a result`));
    };
    const end = (): void => void worker.off('message', onMessage).off('error', onError).off('exit', onExit);
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    const { system, kernel, options } = task;
    worker.postMessage({ system: pack(system), kernel, options } satisfies PackedTask);
  });
}
