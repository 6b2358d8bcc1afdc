import type { System } from '../../dsl/ir/index.ts';
import { check } from '../check.ts';
import { clock } from '../clock.ts';
import type { CheckOptions } from '../options.ts';
import type { CachedKernel } from '../search/kernel/cached-kernel.ts';
import { simulate } from '../simulate.ts';
import type { CheckResult } from '../verdict/verdict.ts';
import { interruptOn } from './interrupt.ts';
import type { Interrupt } from './interrupt.ts';
import { storeWith } from './kernel-cache.ts';
import { optimizeFromNowOn } from './optimizer.ts';
import { pack, unpack } from './pack.ts';
import type { Message, PackedTask, WorkerStart } from './check-task.ts';
import { NO_MORE } from './check-task.ts';
import type { PlainOptions } from './check-task.ts';

/** Explores a model or makes random runs of it, as the options say. */
export function judge(system: System, { simulation, ...options }: CheckOptions & PlainOptions): CheckResult {
  return simulation === undefined ? check(system, options) : simulate(system, simulation, options);
}

/** Milliseconds between two messages about progress: each costs as much as many states do. */
const TELL_EVERY = 50;

/** The whole life of a thread of a `WorkerPool`. */
export function serveChecks(): Promise<void> {
  const { parentPort, workerData } = process.getBuiltinModule('node:worker_threads');
  const port = parentPort!;
  optimizeFromNowOn();
  const interrupt = interruptOn((workerData as WorkerStart).interrupt);
  return new Promise((resolve) => {
    port.on('message', (message: PackedTask | typeof NO_MORE) => {
      if (message !== NO_MORE) return port.postMessage(replyTo(message, interrupt, (told) => port.postMessage(told)));
      port.close();
      resolve();
    });
  });
}

function replyTo(task: PackedTask, interrupt: Interrupt, tell: (message: Message) => void): Message {
  let told = 0;
  let generated: CachedKernel | undefined;
  const result = judge(unpack(task.system) as System, {
    ...task.options,
    kernels: storeWith(
      () => task.kernel,
      (kernel) => (generated = kernel),
    ),
    shouldStop: () => interrupt.requested,
    onProgress: (progress) => {
      const now = clock();
      if (now - told < TELL_EVERY) return;
      told = now;
      tell({ kind: 'progress', progress });
    },
  });
  return { kind: 'reply', result: pack(result), kernel: generated };
}
