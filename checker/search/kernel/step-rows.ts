import { outOfMemory } from '../memory.ts';
import type { StateGraph } from '../state-graph.ts';
import { instanceSize } from './memory-map.ts';
import type { Area } from './room.ts';

/** Gathers a state graph from the rows that the workers of a kernel write. Memory: 4 bytes a state and 6 or 8 a step. */
export class StepRows {
  private offsets = new Int32Array(1024);
  private targets = new Int32Array(4096);
  private instances: Uint16Array | Int32Array;
  /** States so far, and steps. */
  private size = 0;
  private steps = 0;

  constructor(private readonly instanceCount: number) {
    this.instances = instanceSize(instanceCount) === 2 ? new Uint16Array(4096) : new Int32Array(4096);
  }

  get bytes(): number {
    return this.offsets.byteLength + this.targets.byteLength + this.instances.byteLength;
  }

  append(memory: ArrayBuffer | SharedArrayBuffer, area: Area, states: number, steps: number): void {
    this.reserve(states, steps);
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

  finish(initial: readonly number[]): StateGraph {
    return { size: this.size, initial, offsets: this.offsets, targets: this.targets, instances: this.instances };
  }

  private reserve(states: number, steps: number): void {
    if (MAX_STEPS < this.steps + steps) throw outOfMemory('more steps than 31 bits can number');
    this.offsets = withRoom(this.offsets, this.size + 1, this.size + states + 1);
    this.targets = withRoom(this.targets, this.steps, this.steps + steps);
    if (this.instances.length < this.targets.length) {
      const larger =
        instanceSize(this.instanceCount) === 2
          ? new Uint16Array(this.targets.length)
          : new Int32Array(this.targets.length);
      larger.set(this.instances.subarray(0, this.steps));
      this.instances = larger;
    }
  }
}

const MAX_STEPS = 2 ** 31 - 1;

function withRoom(list: Int32Array<ArrayBuffer>, used: number, needed: number): Int32Array<ArrayBuffer> {
  if (needed <= list.length) return list;
  const larger = new Int32Array(Math.max(needed, list.length * 2));
  larger.set(list.subarray(0, used));
  return larger;
}
