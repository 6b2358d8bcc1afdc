import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { System, Value } from '../../dsl/ir/index.ts';
import { decodeValue, encodeValue, systemFromJson, systemToJson } from '../../dsl/ir/json.ts';
import { check } from '../check.ts';
import type { CheckOptions } from '../options.ts';
import type { Progress } from '../search/progress.ts';
import type { CheckResult } from '../verdict/verdict.ts';
import type { Interrupt } from './interrupt.ts';
import { interruptOn } from './interrupt.ts';

/** What of the options can be sent to another thread. */
export type PlainOptions = Omit<CheckOptions, 'onProgress' | 'shouldStop'>;

/** Milliseconds that a check may take in the main thread. Most models need less than starting a worker would. */
const PATIENCE = 150;

/**
 * Checks a model so that the process stays attentive: signals are heard and progress is shown while it runs.
 *
 * A check never returns to the event loop, so a long one runs in a worker. A short one runs here: it is stopped when it
 * has taken longer than {@link PATIENCE}, and then begun again in the worker, which costs that much once.
 *
 * @param entry - the module whose {@link serveCheck} a worker runs.
 */
export async function checkModel(
  entry: URL,
  system: System,
  options: PlainOptions,
  interrupt: Interrupt,
  onProgress: (progress: Progress) => void,
): Promise<CheckResult> {
  const deadline = performance.now() + PATIENCE;
  const result = check(system, { ...options, shouldStop: () => performance.now() > deadline });
  return result.statistics.cut?.kind === 'interrupted'
    ? checkInWorker(entry, system, options, interrupt, onProgress)
    : result;
}

interface Task {
  readonly system: string;
  readonly options: PlainOptions;
  readonly interrupt: SharedArrayBuffer;
}

type Message =
  { readonly kind: 'progress'; readonly progress: Progress } | { readonly kind: 'result'; readonly result: unknown };

function checkInWorker(
  entry: URL,
  system: System,
  options: PlainOptions,
  interrupt: Interrupt,
  onProgress: (progress: Progress) => void,
): Promise<CheckResult> {
  const task: Task = { system: systemToJson(system), options, interrupt: interrupt.shared };
  return new Promise((resolve, reject) => {
    const worker = new Worker(entry, { workerData: task });
    worker.on('message', (message: Message) => {
      if (message.kind === 'progress') onProgress(message.progress);
      else resolve(decodeValue(message.result) as unknown as CheckResult);
    });
    worker.on('error', reject);
    worker.on('exit', (code) =>
      reject(new Error(`the thread that checks ended with code ${code} and without a result`)),
    );
  });
}

/** Whether this thread was started by {@link checkModel}. */
export const isCheckWorker = !isMainThread;

/** The whole life of such a thread. */
export function serveCheck(): void {
  const task = workerData as Task;
  const port = parentPort!;
  const read = systemFromJson(task.system);
  if (read.kind === 'invalid') throw new Error(`the system did not survive its way here: ${read.problems.join('; ')}`);
  const interrupt = interruptOn(task.interrupt);
  const result = check(read.system, {
    ...task.options,
    shouldStop: () => interrupt.requested,
    onProgress: (progress) => port.postMessage({ kind: 'progress', progress } satisfies Message),
  });
  // A result is plain data but for the sets among its values, whose class does not survive being copied.
  port.postMessage({ kind: 'result', result: encodeValue(result as unknown as Value) } satisfies Message);
}
