import { limitsOfThread } from '../search/address-space.ts';
import { EXIT } from './exit-code.ts';
import type { ExitCode } from './exit-code.ts';
import { NoThread, tellStray } from './failure.ts';
import { interruptOn } from './interrupt.ts';
import type { Host } from './host.ts';

/** Mebibytes of stack: what is nested some hundred times as deep as the first thread of a process can bear. */
const STACK = 256;

/** Milliseconds between two looks at whether the user has asked to stop. */
const LOOK_EVERY = 20;

/** How often something was printed, and so need not be printed again. */
interface Printed {
  out: number;
  error: number;
}

/** What of the host can be sent to another thread. */
interface Task {
  readonly kind: 'command';
  readonly args: readonly string[];
  readonly entry: string;
  readonly terminal: Host['terminal'];
  readonly cache: Host['cache'];
  readonly interrupt: SharedArrayBuffer;
}

type Message =
  | { readonly kind: 'out' | 'error' | 'progress'; readonly text: string }
  | { readonly kind: 'evaluating'; readonly path: string | undefined }
  | { readonly kind: 'attention'; readonly attentive: boolean }
  | { readonly kind: 'end'; readonly code: ExitCode };

/**
 * Runs a command from its beginning in a thread that has a large stack, while this one hears signals: for specs that are
 * nested deeply, or take long to be evaluated. Few are so, and starting the thread takes as long as checking a small
 * model; so commands begin without it.
 *
 * @param printed - what this command has printed already, in the first thread. It prints the same again, but for times.
 * @throws NoThread when the system has no room for the thread.
 */
export function runInThread(args: readonly string[], host: Host, printed: Printed): Promise<ExitCode> {
  const { Worker } = process.getBuiltinModule('node:worker_threads');
  const { entry, terminal, cache, interrupt } = host;
  const task: Task = { kind: 'command', args, entry: entry.href, terminal, cache, interrupt: interrupt.shared };
  const resourceLimits = limitsOfThread(STACK);
  if (resourceLimits === undefined) return Promise.reject(new NoThread());
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./thread.cjs', entry), {
      argv: [...args],
      workerData: task,
      resourceLimits,
    });
    let evaluating: string | undefined;
    /** Whether the thread looks at the flag by itself, or has done so since it was set. */
    let isAttentive = false;
    const leave = interrupt.attend();
    const looking = setInterval(() => {
      if (!interrupt.requested || isAttentive) return;
      const meanwhile = evaluating === undefined ? '' : ` while ${evaluating} was evaluated`;
      end(EXIT.stopped, `error: interrupted${meanwhile}\n`);
    }, LOOK_EVERY);
    const stopLooking = (): void => {
      clearInterval(looking);
      leave();
    };
    const end = (code: ExitCode, message = ''): void => {
      stopLooking();
      if (message !== '') host.error(message);
      void worker.terminate();
      resolve(code);
    };
    const again = { ...printed };
    worker.on('message', (message: Message) => {
      if (message.kind === 'end') end(message.code);
      else if (message.kind === 'evaluating') evaluating = message.path;
      else if (message.kind === 'attention') isAttentive = message.attentive || (isAttentive && interrupt.requested);
      else if (message.kind === 'progress') host.progress(message.text);
      else if (0 < again[message.kind]) again[message.kind] -= 1;
      else host[message.kind](message.text);
    });
    worker.on('error', (error: NodeJS.ErrnoException) => {
      stopLooking();
      reject(error.code === 'ERR_WORKER_INIT_FAILED' ? new NoThread() : error);
    });
    worker.on('exit', (code) => {
      stopLooking();
      reject(new Error(`the thread of the command ended with code ${code} and without a result`));
    });
  });
}

/** The whole life of a thread that {@link runInThread} has started. */
export async function serveCommand(): Promise<void> {
  const { parentPort, workerData } = process.getBuiltinModule('node:worker_threads');
  const { args, entry, terminal, cache, interrupt } = workerData as Task;
  const tell = (message: Message): void => parentPort!.postMessage(message);
  const { runCommand } = await import('./main-thread.ts');
  const host: Host = {
    entry: new URL(entry),
    terminal,
    cache,
    interrupt: interruptOn(interrupt, (attentive) => tell({ kind: 'attention', attentive })),
    evaluation: { onEvaluating: (path) => tell({ kind: 'evaluating', path }) },
    out: (text) => tell({ kind: 'out', text }),
    error: (text) => tell({ kind: 'error', text }),
    progress: (text) => tell({ kind: 'progress', text }),
  };
  const end = async (code: ExitCode): Promise<void> => {
    await Promise.all([process.stdout, process.stderr].map(written));
    tell({ kind: 'end', code });
  };
  process.on('uncaughtException', (error) => void end(tellStray(error, host)));
  await end(await runCommand(args, host));
}

/** Waits until what a spec has printed in this thread has come to the first one. */
function written(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()));
}
