import { isStateAt } from '../../engine/state-vector.ts';
import { WorkerPool } from './worker-pool.ts';
import type { CompiledKernel } from './compiled-kernel.ts';
import { HEADER, memoryMap } from './memory-map.ts';
import type { KernelShape, MemoryMap } from './memory-map.ts';
import { originSize, reserveRoom } from './room.ts';
import type { Room } from './room.ts';
import { Subtables } from './subtables.ts';

/** What a memory has to have room for. */
export interface RoomSize {
  readonly workers: number;
  /** Successors. */
  readonly records: number;
  /** Bytes of address space; 4 GiB if not given. */
  readonly addresses: number | undefined;
}

/**
 * A memory of a search with all that works on it. The first has the first states; when it is full the next begins, and
 * from then on it is only asked what it has.
 */
export class Generation {
  readonly map: MemoryMap;
  readonly room: Room;
  readonly ints: Int32Array;
  readonly bytes: Uint8Array;
  readonly pool: WorkerPool;
  readonly subtables: Subtables;
  private readonly shape: KernelShape;
  /**
   * @param first - the number of its first state.
   * @throws RangeError when the system refuses that much address space.
   */
  constructor(
    { module, shape }: CompiledKernel,
    { workers, records, addresses }: RoomSize,
    readonly first: number,
    previous: Generation | undefined,
  ) {
    this.shape = shape;
    this.map = memoryMap(shape);
    this.room = reserveRoom(shape, workers, records, addresses);
    this.ints = new Int32Array(this.room.memory.buffer);
    this.bytes = new Uint8Array(this.room.memory.buffer);
    this.pool = new WorkerPool(module, shape, this.room, first, previous?.pool);
    this.subtables = new Subtables(this.room, this.map, this.pool);
  }

  /** The address of one of its states. */
  addressOf(state: number): number {
    return this.room.states + (state - this.first) * this.map.stateSize;
  }

  /** The address of the origin of one of its states. */
  originOf(state: number): number {
    return this.room.origins + originSize(this.shape) * (state - this.first);
  }

  /** The words of the state at an address. */
  wordsAt(address: number): Int32Array {
    return this.ints.slice(address / 4, (address + this.map.stateSize) / 4);
  }

  /** Whether the state at an address has these words. */
  isAt(address: number, words: Int32Array): boolean {
    return isStateAt(this.ints, address / 4, words);
  }

  /** How many states the one at an address stands for. */
  weightAt(address: number): number {
    return Number(this.pool.kernel.orbitSize?.(address) ?? 1n);
  }

  /** Puts the canonical form of a state in its place. */
  makeCanonical(address: number): void {
    this.pool.kernel.canonical?.(address);
  }

  /** Yields the successors of the state at an address, over the records of the first worker: where they are. */
  *successorsOf(address: number): Generator<number> {
    const { kernel, areas } = this.pool;
    const { records, recordLimit, events, eventLimit } = areas[0]!;
    kernel.begin(records, recordLimit, events, eventLimit);
    kernel.yieldAll(address);
    const end = this.pool.answer(0, HEADER.recordsEnd);
    for (let record = records; record < end; record += this.map.record.size) yield record;
  }

  /** Copies states of a previous generation, and their origins, to where they can be expanded. */
  stage(previous: Generation, from: number, to: number): void {
    const { staging, stagingOrigins } = this.room;
    this.bytes.set(previous.bytes.subarray(previous.addressOf(from), previous.addressOf(to)), staging);
    this.bytes.set(previous.bytes.subarray(previous.originOf(from), previous.originOf(to)), stagingOrigins);
  }
}
