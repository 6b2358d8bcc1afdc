import process from 'node:process';
import { setFlagsFromString } from 'node:v8';

/** Sets V8 up for a process that is over in a moment. Call it first of all; the settings are those of all threads. */
export function prepareForShortRun(): void {
  putOffWork();
  // Most of what a compiler makes survives the first collections, so room for new objects should grow at once. Not by more
  // than that: the pages of 16 MiB take the system longer to hand out than a small spec takes in all.
  setFlagsFromString('--semi-space-growth-factor=4');
}

/**
 * V8 optimizes a function after it has run for a while, and looks for what is garbage before memory is short, both on
 * other threads. Reading and compiling a spec is over before that pays: it takes a third of all the time then. So it is
 * put off until a model turns out to take long.
 */
function putOffWork(): void {
  optimizeAfter(30);
  for (const work of AHEAD) setFlagsFromString(`--no-${work}`);
}

/** What V8's garbage collector does before it must, and with other threads. */
const AHEAD = ['incremental-marking', 'minor-gc-task', 'parallel-scavenge'];

/** Something runs long enough to be optimized, in whatever thread. Code that is loaded from now on is not kept. */
export function optimizeFromNowOn(): void {
  optimizeAfter(1);
  for (const work of AHEAD) setFlagsFromString(`--${work}`);
}

/** Lets functions run so many times as long as V8 itself does before it optimizes them. */
function optimizeAfter(times: number): void {
  for (const [flag, usual] of THRESHOLDS) setFlagsFromString(`--${flag}=${times * usual}`);
}

/** V8's own values: bytes of bytecode that were run in Node.js 20, calls since Node.js 22. It complains of unknown flags. */
const THRESHOLDS: readonly (readonly [flag: string, usual: number])[] =
  parseInt(process.versions.node, 10) < 22
    ? [['interrupt-budget', 66 * 1024]]
    : [
        ['invocation-count-for-maglev', 400],
        ['invocation-count-for-turbofan', 3000],
      ];
