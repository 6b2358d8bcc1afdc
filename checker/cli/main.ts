#!/usr/bin/env node
import process from 'node:process';
import { isMainThread } from 'node:worker_threads';

// Nothing is imported that is not needed: `--help` loads no checker, a worker neither commander nor the compiler.
if (isMainThread) {
  const { main } = await import('./main-thread.ts');
  process.exitCode = await main(process.argv.slice(2), new URL(import.meta.url));
} else {
  const { serveCheck } = await import('./check-model.ts');
  serveCheck();
}
