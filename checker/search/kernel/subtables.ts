import type { WorkerPool } from './worker-pool.ts';
import { DESCRIPTOR, HEADER, MARGIN, SUBTABLES } from './memory-map.ts';
import type { MemoryMap } from './memory-map.ts';
import { MAX_LOAD } from './room.ts';
import type { Room } from './room.ts';

/** Slots that a sub-table begins with. */
const FIRST_SLOTS = 512;
const GROWTH = 2;
const LEAST_GROWTH = 1.1;
/** How full a sub-table is, as a part of how full it may be, that will soon have to grow. */
const SOON = 0.9;
/** A line of the caches has so many slots at most, and is never divided between homes of two kinds. */
const LINE_SLOTS = 8;
/**
 * Slots between the beginnings of sub-tables as long as these are that small. Then they are moved apart as far as there
 * are addresses. Farther apart from the beginning they would take more pages, which may be large ones.
 */
const FIRST_STRIDE = 2 ** 12;

/** A sub-table and the slots that it is going to have. */
interface Growth {
  readonly one: number;
  readonly slots: number;
}

/**
 * The sizes and places of the sub-tables. Each doubles when it is fuller than {@link MAX_LOAD}, and they do not
 * start at one size, so they grow one after another instead of all at once: memory rises evenly, and no step takes long.
 */
export class Subtables {
  private readonly ints: Int32Array;
  private readonly descriptors: number;
  private readonly incoming: readonly number[];
  private readonly mostSlots: number;
  private readonly entrySize: number;
  private stride: number;
  /** New states that any sub-table has room for; only counted anew when it is used up. */
  private slack = 0;
  /** Bytes of all slots. */
  bytes = 0;
  /** Whether a sub-table has no addresses to grow into. */
  isFull = false;

  constructor(
    private readonly room: Room,
    map: MemoryMap,
    private readonly pool: WorkerPool,
  ) {
    this.ints = new Int32Array(room.memory.buffer);
    this.entrySize = map.entrySize;
    this.descriptors = map.shared.descriptors / 4;
    this.incoming = Array.from(
      { length: room.workers },
      (_, worker) => (room.areas + worker * room.areaSize + map.own.incoming) / 4,
    );
    const mostStride = wholeLines(Math.floor(room.tableSize / this.entrySize / SUBTABLES));
    this.mostSlots = mostStride - MARGIN;
    this.stride = Math.min(FIRST_STRIDE, mostStride);
    for (let one = 0; one < SUBTABLES; one += 1) {
      const slots = wholeLines(FIRST_SLOTS * GROWTH ** (one / SUBTABLES));
      this.describe(one, slots);
      this.bytes += this.entrySize * slots;
    }
  }

  /**
   * Makes room for what the workers have listed.
   *
   * @param listed - how many records that is.
   * @param mayGrow - asked before so many bytes more are used.
   * @returns whether there is room now; if not, some sub-tables may have grown already.
   */
  makeRoom(listed: number, workers: number, mayGrow: (bytes: number) => boolean): boolean {
    this.slack -= listed;
    if (0 <= this.slack) return true;
    let slack = Infinity;
    const growing: Growth[] = [];
    for (let one = 0; one < SUBTABLES; one += 1) {
      let needed = this.ints[this.descriptors + 4 * one + DESCRIPTOR.used / 4]!;
      for (let worker = 0; worker < workers; worker += 1) needed += this.ints[this.incoming[worker]! + one]!;
      let slots = this.slotsOf(one);
      const isFull = MAX_LOAD * slots < needed;
      // So that the others have something to do meanwhile, one for each of them grows, if it would have to soon.
      const isCompany = growing.length % workers !== 0 && SOON * MAX_LOAD * slots < needed;
      if (isFull || isCompany) {
        const wanted = wholeLines(Math.max(slots * GROWTH, needed / MAX_LOAD + LINE_SLOTS));
        // Where a sub-table grows by little, too many entries would have to be put aside: so it takes the rest at once.
        const larger = this.mostSlots < LEAST_GROWTH * wanted ? this.mostSlots : wanted;
        const bytes = this.entrySize * (larger - slots);
        this.isFull = isFull && MAX_LOAD * larger < needed;
        if (this.isFull || (isFull && !mayGrow(bytes))) {
          this.grow(growing, workers);
          return false;
        }
        if (isFull || (0 < bytes && mayGrow(bytes))) {
          growing.push({ one, slots: larger });
          this.bytes += bytes;
          slots = larger;
        }
      }
      slack = Math.min(slack, Math.floor(MAX_LOAD * slots) - needed);
    }
    this.grow(growing, workers);
    this.slack = slack;
    return true;
  }

  /** Each worker gives one sub-table at a time its new size. */
  private grow(growing: readonly Growth[], workers: number): void {
    const { pool } = this;
    if (growing.some(({ slots }) => this.stride < slots + MARGIN)) this.moveApart();
    for (let first = 0; first < growing.length; first += workers) {
      for (let worker = 0; worker < workers; worker += 1) {
        const growth = growing[first + worker];
        pool.tell(worker, HEADER.growSlots, growth?.slots ?? 0);
        if (growth === undefined) continue;
        const { one, slots } = growth;
        const base = this.ints[this.descriptors + 4 * one + DESCRIPTOR.base / 4]!;
        pool.tell(worker, HEADER.growBase, base);
        pool.tell(worker, HEADER.growEnd, base + this.entrySize * this.slotsOf(one));
        this.describe(one, slots);
      }
      pool.do('grow', first + 1 === growing.length ? 1 : workers);
    }
  }

  /** Moves all sub-tables to places farther apart: the last first, so that none comes upon one that is still there. */
  private moveApart(): void {
    const old = this.stride;
    this.stride = this.mostSlots + MARGIN;
    const { table, memory } = this.room;
    const numbers = new Float64Array(memory.buffer);
    const words = this.entrySize / 8;
    for (let one = SUBTABLES - 1; 0 < one; one -= 1) {
      const from = table / 8 + words * one * old;
      const size = words * (this.slotsOf(one) + MARGIN);
      const to = table / 8 + words * one * this.stride;
      numbers.copyWithin(to, from, from + size);
      numbers.fill(0, from, Math.min(from + size, to));
      this.describe(one, this.slotsOf(one));
    }
  }

  private describe(one: number, slots: number): void {
    const place = this.descriptors + 4 * one;
    const base = this.room.table + this.entrySize * one * this.stride;
    this.ints[place + DESCRIPTOR.base / 4] = base;
    this.ints[place + DESCRIPTOR.slots / 4] = slots;
    this.ints[place + DESCRIPTOR.end / 4] = base + this.entrySize * (slots + MARGIN);
  }

  private slotsOf(one: number): number {
    return this.ints[this.descriptors + 4 * one + DESCRIPTOR.slots / 4]!;
  }
}

/** The number of slots rounded down, so that lines are whole. */
function wholeLines(slots: number): number {
  return Math.floor(slots / LINE_SLOTS) * LINE_SLOTS;
}
