import { freemem } from 'node:os';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { clock } from '../clock.ts';
import type { Cut } from './cut.ts';
import { outOfMemory } from './memory.ts';
import type { MemoryBudget } from './memory.ts';

/**
 * The memory of the process as the system counts it: everything that lies in it, whoever put it there.
 *
 * How much that is can change from run to run. So can the place where a limit cuts; but no answer that is given.
 */
export class ProcessMemory implements MemoryBudget {
  /** Bytes. */
  private readonly limit: number;
  /** What the process used beside what was counted, when that was last looked at. */
  private rest = 0;
  /** Until when it is taken not to be exceeded. */
  private foundUntil = -Infinity;

  /**
   * @param asked - bytes. Default: most of what is to be had now, so that nothing gets killed.
   * @param used - how many bytes the process uses.
   */
  constructor(
    private readonly asked?: number,
    private readonly used: () => number = () => process.memoryUsage.rss(),
  ) {
    this.limit = asked ?? mostOfWhatIsFree();
  }

  look(counted: number): void {
    this.rest = Math.max(0, this.used() - counted);
  }

  allows(counted: number, more: number): boolean {
    const isIn = (): boolean => counted + more + this.rest + RESERVE <= this.limit;
    if (isIn()) return true;
    collectGarbage();
    this.look(counted);
    return isIn();
  }

  get isExceeded(): boolean {
    // Asking the system takes longer than judging a small property, and long where the processors are busy.
    const asked = clock();
    if (asked < this.foundUntil) return false;
    if (!this.hasRoomFor(0)) return true;
    const answered = clock();
    this.foundUntil = answered + Math.max(PATIENCE, SELDOM * (answered - asked));
    return false;
  }

  cut(atOnce = false): Cut {
    const limit = this.asked === undefined ? {} : { limit: this.asked };
    const needed = atOnce ? { needed: this.used() + LEAST + RESERVE } : {};
    return { kind: 'memory', ...limit, ...needed };
  }

  get isEnough(): boolean {
    return this.hasRoomFor(LEAST);
  }

  take(bytes: number): void {
    if (NEGLIGIBLE < bytes && !this.hasRoomFor(bytes)) throw outOfMemory('the limit is reached');
  }

  private hasRoomFor(bytes: number): boolean {
    const isIn = (): boolean => this.used() + bytes + RESERVE <= this.limit && !isHeapFull();
    if (isIn()) return true;
    collectGarbage();
    return isIn();
  }
}

/** Whether V8 would soon end the process, which it does when there are too many objects of JavaScript. */
function isHeapFull(): boolean {
  const { used_heap_size: used, heap_size_limit: most } = getHeapStatistics();
  return 0.85 * most < used;
}

/** For what comes after: telling what was found. */
export const RESERVE = 8 * 2 ** 20;
/** Milliseconds, in which a process can take no more than it could give back. */
const PATIENCE = 5;
/** Asking may take one part in so many of the time. */
const SELDOM = 50;
/** What a search takes to begin with. */
const LEAST = 2 * 2 ** 20;
/** Bytes not worth a look. */
const NEGLIGIBLE = 2 ** 16;

let collect: (() => void) | undefined;

/** V8 takes its time to give memory back as long as it believes that there is enough. */
export function collectGarbage(): void {
  if (collect === undefined) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
    setFlagsFromString('--no-expose-gc');
  }
  collect();
}

/** Bytes: of what limits the process alone, such as a container, its own part is taken already. */
function mostOfWhatIsFree(): number {
  const constrained = process.constrainedMemory?.() ?? 0;
  const own = process.memoryUsage.rss();
  const allowed = 0 < constrained && constrained < 2 ** 50 ? Math.max(0, constrained - own) : Infinity;
  return SHARE * Math.min(freemem(), allowed) + own;
}

const SHARE = 0.8;
