import { isOutOfMemory, outOfMemory } from '../memory.ts';
import type { MemoryBudget } from '../memory.ts';
import type { StateGraph } from '../state-graph.ts';
import { instanceSize } from './memory-map.ts';
import type { Area } from './room.ts';

/** Gathers a state graph from the rows that the workers of a kernel write. Memory: 4 bytes a state and 6 or 8 a step. */
export class StepRows {
  private offsets: Int32Array = new Int32Array(1024);
  private targets: Int32Array = new Int32Array(4096);
  private instances: Uint16Array | Int32Array;
  /** States so far, and steps. */
  private size = 0;
  private steps = 0;

  constructor(instances: number) {
    this.instances = instanceSize(instances) === 2 ? new Uint16Array(4096) : new Int32Array(4096);
  }

  /** Bytes in use. What is reserved beyond that takes no memory until it is written to. */
  get bytes(): number {
    return 4 * this.size + (4 + this.instances.BYTES_PER_ELEMENT) * this.steps;
  }

  /**
   * @param mayTake - whether there are so many bytes for larger arrays.
   * @throws RangeError when they are not there; then nothing has been appended.
   */
  append(
    memory: ArrayBuffer | SharedArrayBuffer,
    area: Area,
    states: number,
    steps: number,
    mayTake: (bytes: number) => boolean,
  ): void {
    this.reserve(this.size + states, this.steps + steps, mayTake);
    this.targets.set(new Int32Array(memory, area.targets, steps), this.steps);
    const { instances } = this;
    if (instances instanceof Uint16Array) instances.set(new Uint16Array(memory, area.instances, steps), this.steps);
    else instances.set(new Int32Array(memory, area.instances, steps), this.steps);
    const ends = new Int32Array(memory, area.rowEnds, states);
    const { offsets, size } = this;
    for (let state = 0; state < states; state += 1) offsets[size + state + 1] = this.steps + ends[state]!;
    this.size += states;
    this.steps += steps;
  }

  finish(initial: readonly number[], memory: MemoryBudget): StateGraph {
    const { size, offsets, targets, instances } = this;
    return { size, initial, offsets, targets, instances, memory };
  }

  private reserve(states: number, steps: number, mayTake: (bytes: number) => boolean): void {
    if (MAX_STEPS < steps) throw outOfMemory('more steps than 31 bits can number');
    if (states < this.offsets.length && steps <= this.targets.length) return;
    // Old and new arrays are there at once for a while.
    if (!mayTake(this.bytes)) throw outOfMemory('the limit is reached');
    if (this.offsets.length <= states) this.offsets = grown(this.offsets, states + 1);
    if (this.targets.length < steps) {
      this.targets = grown(this.targets, steps);
      this.instances = grown(this.instances, steps);
    }
  }
}

const MAX_STEPS = 2 ** 31 - 1;
/** What is reserved costs nothing, but copying does, and takes all of the memory once more for a while. */
const GROWTH = 4;
/** From so many elements on, all that there can be are reserved, if the system gives as many addresses. */
const LARGE = 2 ** 24;

function grown<Some extends Int32Array | Uint16Array>(from: Some, wanted: number): Some {
  const make = (room: number): Some => {
    const larger = new (from.constructor as new (length: number) => Some)(room);
    larger.set(from);
    return larger;
  };
  const enough = Math.min(GROWTH * wanted, MAX_STEPS);
  if (wanted < LARGE) return make(enough);
  try {
    return make(MAX_STEPS);
  } catch (error) {
    if (!isOutOfMemory(error)) throw error;
    return make(enough);
  }
}
