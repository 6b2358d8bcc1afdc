import process from 'node:process';
import type { Surroundings } from './check.ts';

// Nothing is imported that is not needed: `--help` loads no checker, a worker thread neither commander nor the compiler.

/**
 * Runs the command to its end.
 *
 * @param entry - see {@link Surroundings}.
 * @param cache - see {@link Surroundings}.
 */
export async function start(entry: URL, args: readonly string[], cache: Surroundings['cache']): Promise<void> {
  const { main } = await import('./main-thread.ts');
  process.exitCode = await main(args, entry, cache);
}

/** Does what a worker thread was started for. */
export async function serve(): Promise<void> {
  const { serveCheck } = await import('./check-model.ts');
  serveCheck();
}
