import { describe, expect, it } from 'vitest';
import { randomOf } from '../../../checker/simulation/random.ts';
import { byPriority, uniform } from '../../../checker/simulation/scheduler.ts';

const draw = (seed: number, run: number, count: number, below = 1000): number[] => {
  const random = randomOf(seed, run);
  return Array.from({ length: count }, () => random.next(below));
};

describe('random numbers', () => {
  it('are the same for the same seed and run, and others for others', () => {
    expect(draw(1, 0, 8)).toEqual(draw(1, 0, 8));
    expect(draw(1, 0, 8)).toMatchInlineSnapshot(`
      [
        841,
        513,
        430,
        995,
        900,
        763,
        501,
        798,
      ]
    `);
    const streams = [0, 1, 2, 4294967295].flatMap((seed) => [0, 1, 2].map((run) => draw(seed, run, 6).join()));
    expect(new Set(streams).size).toBe(streams.length);
  });

  it.each([2, 3, 7, 10])('below %i come about equally often', (below) => {
    const counts = new Array<number>(below).fill(0);
    for (const value of draw(5, 9, 20_000, below)) counts[value]! += 1;
    const expected = 20_000 / below;
    expect(counts.filter((count) => Math.abs(count - expected) > 5 * Math.sqrt(expected))).toEqual([]);
  });
});

describe('the uniform scheduler', () => {
  it('gives everybody who can take a step the same chance, however many steps they have', () => {
    const scheduler = uniform(randomOf(3, 0));
    let first = 0;
    for (let time = 0; time < 4000; time += 1) if (scheduler.choose([0, 1, 1, 1]) === 0) first += 1;
    expect(Math.abs(first - 2000)).toBeLessThan(200);
  });
});

describe('the scheduler by priorities', () => {
  /** Who takes each of so many steps, when everybody always can. */
  const order = (run: number, changes: number, steps: number): number[] => {
    const scheduler = byPriority(randomOf(1, run), 4, changes, steps);
    return Array.from({ length: steps }, () => scheduler.choose([0, 1, 2, 3]));
  };

  it('lets the same one go on until its priority changes, and never lets it come back before all others', () => {
    for (let run = 0; run < 50; run += 1) {
      expect(new Set(order(run, 0, 30)).size).toBe(1);
      const changing = order(run, 2, 30);
      const turns = changing.filter((actor, index) => actor !== changing[index - 1]);
      expect(turns.length).toBeLessThanOrEqual(3);
      expect(new Set(turns).size).toBe(turns.length);
    }
  });

  it('begins with each of them about equally often', () => {
    const counts = [0, 0, 0, 0];
    for (let run = 0; run < 2000; run += 1) counts[order(run, 0, 1)[0]!]! += 1;
    expect(counts.filter((count) => Math.abs(count - 500) > 110)).toEqual([]);
  });

  it('changes priorities near the start and far from it', () => {
    const places = Array.from({ length: 300 }, (_, run) => {
      const actors = order(run, 1, 256);
      return actors.findIndex((actor) => actor !== actors[0]);
    }).filter((place) => 0 < place);
    expect(places.filter((place) => place < 16).length).toBeGreaterThan(60);
    expect(places.filter((place) => 100 < place).length).toBeGreaterThan(15);
  });
});
