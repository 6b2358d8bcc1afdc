import process from 'node:process';
import { isMainThread } from 'node:worker_threads';
import type { Surroundings } from './check.ts';

/**
 * Runs the command, or in a worker thread the part of it that was asked for there, to its end.
 *
 * Nothing is imported that is not needed: `--help` loads no checker, a worker neither commander nor the compiler.
 *
 * @param entry - the module that a worker thread has to run to get here again.
 * @param cache - see {@link Surroundings}.
 */
export async function start(entry: URL, args: readonly string[], cache: Surroundings['cache']): Promise<void> {
  if (isMainThread) {
    const { main } = await import('./main-thread.ts');
    process.exitCode = await main(args, entry, cache);
  } else {
    const { serveCheck } = await import('./check-model.ts');
    serveCheck();
  }
}
