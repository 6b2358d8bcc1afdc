import type { System } from '../../dsl/ir/index.ts';
import { check } from '../check.ts';
import { clock } from '../clock.ts';
import type { CheckOptions } from '../options.ts';
import { simulate } from '../simulate.ts';
import type { SimulationOptions } from '../simulation/options.ts';
import type { KeptKernel } from '../search/kernel/kept-kernel.ts';
import { limitsOfThread } from '../search/address-space.ts';
import type { ThreadLimits } from '../search/address-space.ts';
import { collectGarbage } from '../search/process-memory.ts';
import type { Progress } from '../search/progress.ts';
import type { CheckResult } from '../verdict/verdict.ts';
import type { Interrupt } from './interrupt.ts';
import { interruptOn } from './interrupt.ts';
import { NO_KERNELS, storeWith } from './kernel-cache.ts';
import type { KernelCache } from './kernel-cache.ts';
import { optimized } from './optimizer.ts';
import { pack, unpack } from './pack.ts';

/** What of the options can be sent to another thread. */
export type PlainOptions = Omit<CheckOptions, 'onProgress' | 'shouldStop' | 'kernels'> & {
  /** Make random runs instead of exploring everything. */
  readonly simulation?: SimulationOptions;
};

/** Milliseconds that a check may take in the main thread. Most models need less than starting a worker would. */
const PATIENCE = 75;

/**
 * Checks a model so that the process stays attentive: signals are heard and progress is shown while it runs.
 *
 * A check never returns to the event loop, so a long one runs in a worker. A short one runs here: it is stopped when it
 * has taken longer than {@link PATIENCE}, and then begun again in the worker, which costs that much once.
 *
 * @param entry - the file of the command; beside it stands the one that a worker runs, which calls {@link serveCheck}.
 * @param cache - where code that was generated for models is kept.
 */
export async function checkModel(
  entry: URL,
  system: System,
  options: PlainOptions,
  interrupt: Interrupt,
  onProgress: (progress: Progress) => void,
  cache: KernelCache = NO_KERNELS,
): Promise<CheckResult> {
  const leave = interrupt.attend();
  try {
    const result = await checkAttentively(entry, system, options, interrupt, onProgress, cache);
    if (result !== undefined) return result;
  } finally {
    leave();
  }
  // There is no room for a thread. A signal to this one, if it is the first, is not heard now, but ends the process.
  const kernels = cache.storeFor(system, options);
  return optimized(() => judge(system, { ...options, kernels, onProgress, shouldStop: () => interrupt.requested }));
}

/** Undefined where it would take a thread, and none can be started. */
async function checkAttentively(
  ...[entry, system, options, interrupt, onProgress, cache]: Required<Parameters<typeof checkModel>>
): Promise<CheckResult | undefined> {
  const deadline = clock() + PATIENCE;
  const kernels = cache.storeFor(system, options);
  const result = optimized(() => judge(system, { ...options, kernels, shouldStop: () => clock() > deadline }));
  if (result.statistics.cut?.kind !== 'interrupted') return result;
  // What the short attempt has left behind would count.
  if (options.memory !== undefined) collectGarbage();
  const { isMainThread, resourceLimits } = process.getBuiltinModule('node:worker_threads');
  // What took a thread with a large stack so far takes another one.
  const limits = limitsOfThread(isMainThread ? undefined : resourceLimits.stackSizeMb);
  if (limits === undefined) return undefined;
  return checkInWorker(
    entry,
    limits,
    { kind: 'check', system: pack(system), kernel: kernels.recall(), options, interrupt: interrupt.shared },
    onProgress,
  );
}

/** Explores a model or makes random runs of it, as the options say. */
function judge(system: System, { simulation, ...options }: CheckOptions & PlainOptions): CheckResult {
  return simulation === undefined ? check(system, options) : simulate(system, simulation, options);
}

interface Task {
  readonly kind: 'check';
  /** Packed. */
  readonly system: Uint8Array;
  /** What was generated for it already. */
  readonly kernel: KeptKernel | undefined;
  readonly options: PlainOptions;
  readonly interrupt: SharedArrayBuffer;
}

type Message =
  { readonly kind: 'progress'; readonly progress: Progress } | { readonly kind: 'result'; readonly result: Uint8Array };

/** Undefined where the system has refused the thread. */
function checkInWorker(
  entry: URL,
  resourceLimits: ThreadLimits,
  task: Task,
  onProgress: (progress: Progress) => void,
): Promise<CheckResult | undefined> {
  // Loaded here, because most checks come without it.
  const { Worker } = process.getBuiltinModule('node:worker_threads');
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./thread.cjs', entry), {
      argv: process.argv.slice(2),
      workerData: task,
      resourceLimits,
    });
    worker.on('message', (message: Message) => {
      if (message.kind === 'progress') onProgress(message.progress);
      else resolve(unpack(message.result) as CheckResult);
    });
    worker.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ERR_WORKER_INIT_FAILED') resolve(undefined);
      else reject(error);
    });
    worker.on('exit', (code) =>
      reject(new Error(`the thread that checks ended with code ${code} and without a result`)),
    );
  });
}

/** Milliseconds between two messages about progress: each costs as much as many states do. */
const TELL_EVERY = 50;

/** The whole life of a thread that {@link checkModel} has started. */
export function serveCheck(): void {
  const { parentPort, workerData } = process.getBuiltinModule('node:worker_threads');
  const task = workerData as Task;
  const port = parentPort!;
  const interrupt = interruptOn(task.interrupt);
  let told = 0;
  const options: CheckOptions & PlainOptions = {
    ...task.options,
    kernels: storeWith(() => task.kernel),
    shouldStop: () => interrupt.requested,
    onProgress: (progress) => {
      const now = clock();
      if (now - told < TELL_EVERY) return;
      told = now;
      port.postMessage({ kind: 'progress', progress } satisfies Message);
    },
  };
  const result = optimized(() => judge(unpack(task.system) as System, options));
  port.postMessage({ kind: 'result', result: pack(result) } satisfies Message);
}
