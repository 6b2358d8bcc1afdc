import process from 'node:process';
import { EXIT } from './exit-code.ts';
import type { Host } from './host.ts';
import type * as Session from './session.ts';

// Nothing is imported that is not needed: `--help` loads no checker, a worker thread neither commander nor the compiler.

/**
 * Runs the command to its end.
 *
 * @param entry - see {@link Host}.
 * @param cache - see {@link Host}.
 */
export async function start(entry: URL, args: readonly string[], cache: Host['cache']): Promise<void> {
  const { main } = await import('./main-thread.ts');
  // What ends before its end has not said anything about properties.
  process.exitCode = EXIT.bug;
  process.exitCode = await main(args, entry, cache);
}

/** See `session.ts`. */
export async function openSession(...given: Parameters<typeof Session.openSession>): Promise<Session.Session> {
  return (await import('./session.ts')).openSession(...given);
}

/** Does what a worker thread was started for. */
export async function serve(): Promise<void> {
  const { kind } = process.getBuiltinModule('node:worker_threads').workerData as { readonly kind: 'check' | 'command' };
  if (kind === 'check') await (await import('./judge.ts')).serveChecks();
  else await (await import('./command-thread.ts')).serveCommand();
}
