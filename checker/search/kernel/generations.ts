import { stateAt } from '../../engine/state-vector.ts';
import type { States } from '../exploration.ts';
import { Generation } from './generation.ts';
import type { RoomSize } from './generation.ts';
import type { CompiledKernel } from './compiled-kernel.ts';
import { PARENT_SHIFT } from './memory-map.ts';
import { originSize } from './room.ts';

/** The memories of a search, one after another: what the states are, wherever they lie. */
export class Generations {
  private readonly list: Generation[];

  /** See {@link Generation}. */
  constructor(
    private readonly compiled: CompiledKernel,
    private readonly size: RoomSize,
  ) {
    this.list = [new Generation(compiled, size, 0, undefined)];
  }

  get count(): number {
    return this.list.length;
  }

  /** Where new states go. */
  get current(): Generation {
    return this.list.at(-1)!;
  }

  /** @throws RangeError when the system refuses the address space; then nothing has changed. */
  begin(first: number): Generation {
    const { compiled, size, current } = this;
    current.pool.dismiss();
    const next = new Generation(compiled, size, first, current);
    this.list.push(next);
    return next;
  }

  /** The one that a state lies in. */
  of(state: number): Generation {
    let index = this.list.length - 1;
    while (state < this.list[index]!.first) index -= 1;
    return this.list[index]!;
  }

  /** The one whose memory this is, if there is one. */
  owning(buffer: ArrayBufferLike): Generation | undefined {
    return this.list.find(({ ints }) => ints.buffer === buffer);
  }

  /** The number of the first state after a generation: `count` for the last. */
  endOf(generation: Generation, count: number): number {
    return this.list[this.list.indexOf(generation) + 1]?.first ?? count;
  }

  /** Bytes of states and tables, when there are so many states. */
  bytes(count: number): number {
    const { shape } = this.compiled;
    const states = count * (this.current.map.stateSize + 4 / 2 ** PARENT_SHIFT + originSize(shape));
    return this.list.reduce((sum, { subtables }) => sum + subtables.bytes, states);
  }

  /** Sums of counters of 64 bits, which each worker has at an offset in its area. */
  counters(offset: number, length: number): Float64Array {
    const sums = new Float64Array(length);
    for (const { room, pool } of this.list) {
      const counts = new BigInt64Array(room.memory.buffer);
      for (const { base } of pool.areas) {
        const at = (base + offset) / 8;
        // What is taken out of the counts again is so by one worker, whoever counted it: some are negative.
        for (let one = 0; one < length; one += 1) sums[one]! += Number(counts[at + one]);
      }
    }
    return sums;
  }

  /** For each branch, whether a step went through it. */
  branches(length: number): Float64Array {
    const { branches } = this.current.map.shared;
    return Float64Array.from({ length }, (_, branch) =>
      this.list.some(({ bytes }) => bytes[branches + branch] !== 0) ? 1 : 0,
    );
  }

  view(count: number): States {
    return {
      count,
      wordsOf: (state) => {
        const generation = this.of(state);
        return stateAt(generation.ints, generation.addressOf(state) / 4, this.compiled.words);
      },
      segmentOf: (state) => this.of(state).ints,
      offsetOf: (state) => this.of(state).addressOf(state) / 4,
      runFrom: (state) => {
        const generation = this.of(state);
        return {
          segment: generation.ints,
          offset: generation.addressOf(state) / 4,
          stride: generation.map.stateSize / 4,
          count: this.endOf(generation, count) - state,
        };
      },
    };
  }

  /** Only every few states the parent of one was noted: the first state with this successor is not far behind it. */
  parentOf(state: number): number {
    const owner = this.of(state);
    const words = owner.wordsAt(owner.addressOf(state));
    const sampled = (state >>> PARENT_SHIFT) << PARENT_SHIFT;
    for (let parent = Math.max(0, this.sampleOf(sampled)); parent < state; parent += 1) {
      const generation = this.of(parent);
      for (const record of generation.successorsOf(generation.addressOf(parent))) {
        generation.makeCanonical(record);
        if (generation.isAt(record, words)) return parent;
      }
    }
    throw new Error('internal: a state is no successor of any before it');
  }

  /** The parent that was noted. */
  private sampleOf(state: number): number {
    const { first, ints, room } = this.of(state);
    return ints[room.parents / 4 + (state >>> PARENT_SHIFT) - (first >>> PARENT_SHIFT)]!;
  }
}
