import type { MemoryBudget } from './memory.ts';

/** A growing list of 32-bit integers. `push` is amortized constant; hot loops may read `data` up to `length`. */
export class IntList {
  data: Int32Array;
  length = 0;

  /** @param memory - what it grows in. Absent: there is no limit. */
  constructor(
    capacity = 1024,
    private readonly memory?: MemoryBudget,
  ) {
    this.data = new Int32Array(Math.max(1, capacity));
  }

  push(value: number): void {
    if (this.length === this.data.length) this.grow();
    this.data[this.length] = value;
    this.length += 1;
  }

  pop(): number {
    this.length -= 1;
    return this.data[this.length]!;
  }

  at(index: number): number {
    return this.data[index]!;
  }

  /** The elements, without the spare room. */
  toArray(): Int32Array {
    return this.data.slice(0, this.length);
  }

  private grow(): void {
    // Doubling, but by half from a gigabyte on: there the copy and its spare room are what a large run dies of.
    const size = this.data.length < 2 ** 28 ? this.data.length * 2 : Math.ceil(this.data.length * 1.5);
    this.memory?.take(4 * size);
    const larger = new Int32Array(size);
    larger.set(this.data);
    this.data = larger;
  }
}
