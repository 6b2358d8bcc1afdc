import { readFileSync } from 'node:fs';

/*
 * V8 reserves addresses for each thread, and where the system has set a limit on them (`ulimit -v`) that leaves too few,
 * it ends the whole process without asking anybody. So whoever starts a thread asks here before.
 */

const MIB = 2 ** 20;

/** Addresses that a thread takes with what comes soon after it, beside its stack: 0.9 GB were measured, half for code. */
const USUAL = 1280 * MIB;

/** The same where less is reserved for code, of which 0.4 GB were measured. */
const LITTLE = 512 * MIB;

/** Mebibytes for code that are enough, and that V8 reserved before it took more. */
const LITTLE_CODE = 64;

/** What of its `resourceLimits` has to be set for a thread. */
interface ThreadLimits {
  readonly codeRangeSizeMb?: number;
  readonly stackSizeMb?: number;
}

/**
 * With which limits a thread can be started: undefined where there are too few addresses for any.
 *
 * @param stackSizeMb - of its stack, where it needs another one than threads have.
 * @param left - bytes of addresses that the process can still take.
 */
export function limitsOfThread(stackSizeMb?: number, left: number = addressesLeft()): ThreadLimits | undefined {
  const stack = stackSizeMb === undefined ? {} : { stackSizeMb };
  const room = left - (stackSizeMb ?? 0) * MIB;
  if (USUAL <= room) return stack;
  return LITTLE <= room ? { ...stack, codeRangeSizeMb: LITTLE_CODE } : undefined;
}

/** Whether so many threads can be started with nothing said about their limits. */
export function hasRoomForThreads(count: number, left: number = addressesLeft()): boolean {
  return count * USUAL <= left;
}

/** Bytes of addresses that the process can still take; Infinity where there is no limit, or the system does not say. */
export function addressesLeft(): number {
  try {
    const limit = /^Max address space +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'));
    const taken = /^VmSize:\s*(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'));
    return limit === null || taken === null ? Infinity : Number(limit[1]) - Number(taken[1]) * 1024;
  } catch {
    return Infinity;
  }
}
