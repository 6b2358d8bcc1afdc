import { stateAt } from '../engine/state-vector.ts';
import type { StateRun } from './exploration.ts';

import type { States } from './exploration.ts';

/**
 * The states seen so far, each once, numbered in the order they were added.
 *
 * The words of all states lie one after another in segments of a fixed number of states, so that no array has to hold
 * more than 2^31 words and growing copies nothing but the first segment. That sequence is also the queue of the search.
 * Beside it an open-addressing table of state numbers with linear probing, at most {@link MAX_LOAD} full, doubled when
 * it gets there. States are compared in full: there are no collisions to calculate odds of.
 *
 * Mutable on purpose: it is the search's memory. Memory: 4 bytes a word and 8 to 16 bytes of table a state.
 */
export class StateSet implements States {
  /** How many states there are; their numbers are `0 … count - 1`. */
  count = 0;
  private readonly segments: Int32Array[] = [];
  private table = new Int32Array(MIN_TABLE); // state number + 1; 0 is empty
  private tableMask = MIN_TABLE - 1;
  private limit = MIN_TABLE * MAX_LOAD;

  constructor(readonly words: number) {
    this.segments.push(new Int32Array(MIN_SEGMENT * words));
  }

  /** The segment that holds a state; its words start at {@link offsetOf}. */
  segmentOf(state: number): Int32Array {
    return this.segments[state >>> SEGMENT_SHIFT]!;
  }

  offsetOf(state: number): number {
    return (state & SEGMENT_MASK) * this.words;
  }

  /** The states from one to the end of its segment. */
  runFrom(state: number): StateRun {
    const end = Math.min(this.count, ((state >>> SEGMENT_SHIFT) + 1) * SEGMENT_STATES);
    const [segment, offset] = [this.segmentOf(state), this.offsetOf(state)];
    return { segment, offset, stride: this.words, count: end - state };
  }

  /** A copy of the words of a state. */
  wordsOf(state: number): Int32Array {
    return stateAt(this.segmentOf(state), this.offsetOf(state), this.words);
  }

  /** The number of the state at `source[at …]`, which is the old `count` exactly when it was not there before. */
  add(source: Int32Array, at: number): number {
    const { words, table, tableMask } = this;
    let slot = hashOf(source, at, words) & tableMask;
    for (let entry = table[slot]!; entry !== 0; entry = table[slot]!) {
      if (this.equals(entry - 1, source, at)) return entry - 1;
      slot = (slot + 1) & tableMask;
    }
    const state = this.count;
    this.append(source, at);
    table[slot] = state + 1;
    if (this.limit < this.count && this.count < MAX_STATES) this.growTable();
    return state;
  }

  /** The number of the state at `source[at …]`, or -1. */
  find(source: Int32Array, at: number): number {
    let slot = hashOf(source, at, this.words) & this.tableMask;
    for (let entry = this.table[slot]!; entry !== 0; entry = this.table[slot]!) {
      if (this.equals(entry - 1, source, at)) return entry - 1;
      slot = (slot + 1) & this.tableMask;
    }
    return -1;
  }

  private equals(state: number, source: Int32Array, at: number): boolean {
    const segment = this.segments[state >>> SEGMENT_SHIFT]!;
    const own = (state & SEGMENT_MASK) * this.words;
    for (let word = 0; word < this.words; word += 1) {
      if (segment[own + word] !== source[at + word]) return false;
    }
    return true;
  }

  private append(source: Int32Array, at: number): void {
    const state = this.count;
    const own = (state & SEGMENT_MASK) * this.words;
    let segment = this.segments[state >>> SEGMENT_SHIFT];
    if (segment === undefined) {
      segment = new Int32Array(SEGMENT_STATES * this.words);
      this.segments.push(segment);
    } else if (segment.length === own) {
      const larger = new Int32Array(Math.min(segment.length * 2, SEGMENT_STATES * this.words));
      larger.set(segment);
      this.segments[state >>> SEGMENT_SHIFT] = larger;
      segment = larger;
    }
    for (let word = 0; word < this.words; word += 1) segment[own + word] = source[at + word]!;
    this.count = state + 1;
  }

  private growTable(): void {
    const size = this.table.length * 2;
    const table = new Int32Array(size);
    const mask = size - 1;
    for (let state = 0; state < this.count; state += 1) {
      let slot = hashOf(this.segmentOf(state), this.offsetOf(state), this.words) & mask;
      while (table[slot] !== 0) slot = (slot + 1) & mask;
      table[slot] = state + 1;
    }
    this.table = table;
    this.tableMask = mask;
    this.limit = size * MAX_LOAD;
  }
}

/** The table's mask has to stay a positive 32-bit integer; with {@link MAX_LOAD} that is room for a billion states. */
export const MAX_STATES = 2 ** 30;

const MAX_LOAD = 0.5;
const MIN_TABLE = 2 ** 11;
const MIN_SEGMENT = 2 ** 9;
const SEGMENT_SHIFT = 18;
const SEGMENT_STATES = 2 ** SEGMENT_SHIFT;
const SEGMENT_MASK = SEGMENT_STATES - 1;

/**
 * A 32-bit hash of `words` words. Every bit of the input reaches every bit of the result: tables mask its low bits.
 *
 * @see Appleby, MurmurHash3: its block step, and its finalizer.
 */
export function hashOf(source: Int32Array, at: number, words: number): number {
  let hash = 0x9e3779b9 | 0;
  for (let word = at; word < at + words; word += 1) {
    let block = Math.imul(source[word]!, 0xcc9e2d51);
    block = (block << 15) | (block >>> 17);
    hash ^= Math.imul(block, 0x1b873593);
    hash = (hash << 13) | (hash >>> 19);
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  }
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
