import { fileURLToPath } from 'node:url';
import manifest from '../../package.json' with { type: 'json' };
import { wordThrown } from '../../dsl/diagnostics/thrown.ts';
import { isStackOverflow } from '../../dsl/diagnostics/stack-overflow.ts';
import type { ExitCode } from './exit-code.ts';
import { EXIT } from './exit-code.ts';
import { UsageProblem } from './problem.ts';
import type { Host } from './host.ts';

/** What needs a thread of its own, where the system has no room for one. */
export class NoThread extends Error {}

/** Says why a command has ended before its end, and with which code it does. */
export function tellFailure(failure: unknown, { error }: Pick<Host, 'error'>): ExitCode {
  if (failure instanceof UsageProblem) {
    error(`error: ${failure.message}\n${failure.help === undefined ? '' : `${failure.help}\n`}`);
    return EXIT.rejected;
  }
  if (isStackOverflow(failure)) {
    error('error: what is to be read is nested too deeply\nname its parts by constants and functions of their own\n');
    return EXIT.rejected;
  }
  if (failure instanceof NoThread) {
    error(`error: there is not enough memory for a thread\n${NEEDS_THREAD}\n`);
    return EXIT.stopped;
  }
  if (isLackOfMemory(failure)) {
    error('error: there is not enough memory\n');
    return EXIT.stopped;
  }
  error(wordBug(failure));
  return EXIT.bug;
}

/**
 * Says what was thrown where nobody waits for it, and with which code the command ends for it: by what a spec has
 * started, such as a promise or a timer, or by us.
 */
export function tellStray(failure: unknown, host: Pick<Host, 'error' | 'entry'>): ExitCode {
  const ours = fileURLToPath(new URL('.', host.entry));
  const [, thrower = ''] = (failure instanceof Error ? (failure.stack ?? '') : '').split('\n    at ');
  if (thrower.includes(ours)) return tellFailure(failure, host);
  host.error(`error: something that the spec has started failed: ${wordThrown(failure)}\n`);
  return EXIT.rejected;
}

const NEEDS_THREAD =
  'the spec needs one, because it is nested deeply or takes long to be evaluated: allow the process more addresses (`ulimit -v`)';

/** Whether Node.js could not get the memory that it needed: for data, or for a thread. What V8 needs itself ends it. */
function isLackOfMemory(failure: unknown): boolean {
  if (!(failure instanceof Error)) return false;
  const { code } = failure as { readonly code?: unknown };
  return (
    code === 'ERR_WORKER_OUT_OF_MEMORY' ||
    code === 'ERR_WORKER_INIT_FAILED' ||
    code === 'ERR_MEMORY_ALLOCATION_FAILED' ||
    (failure instanceof RangeError && /allocat|out of memory/i.test(failure.message))
  );
}

function wordBug(failure: unknown): string {
  const detail = failure instanceof Error ? (failure.stack ?? failure.message) : `thrown: ${typeof failure}`;
  return [
    '',
    'This is a bug in Fairlead, not in your spec. Please report it, with the spec and the lines below.',
    `fairlead ${manifest.version}, node ${process.version}, ${process.platform} ${process.arch}`,
    detail,
    '',
  ].join('\n');
}
