/** A sequence of random choices that a seed stands for (mulberry32), and names that it has not given yet. */
export class Random {
  private state: number;
  private names = 0;

  constructor(seed: number) {
    this.state = (seed ^ 0x9e3779b9) >>> 0;
  }

  private next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  protected below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  protected chance(probability: number): boolean {
    return this.next() < probability;
  }

  protected pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  /** Some of a list, at least `least`, in random order. */
  protected some<T>(list: readonly T[], least: number): T[] {
    const rest = [...list];
    const count = least + this.below(list.length - least + 1);
    return Array.from({ length: count }, () => rest.splice(this.below(rest.length), 1)[0]!);
  }

  protected fresh(prefix: string): string {
    this.names += 1;
    return `${prefix}${this.names}`;
  }
}
