import type { Random } from './random.ts';

/** Decides who takes the next step of one run. */
interface Scheduler {
  /**
   * Chooses one of several possible steps.
   *
   * @param actors - whose step each one is; at least one.
   * @returns its position.
   */
  choose(actors: readonly number[]): number;
}

/** Who can take a step is as likely to as everybody else; then each of their steps is as likely as the others. */
export function uniform(random: Random): Scheduler {
  return {
    choose(actors) {
      const able = [...new Set(actors)];
      return oneOf(actors, able[random.next(able.length)]!, random);
    },
  };
}

/**
 * Everybody has a priority, and of those who can take a step the highest takes one; at a few places, chosen at random,
 * who is about to take one falls below all others. A bug that needs d decisions of the scheduler to go one way is found
 * by a run with d - 1 such places with a probability of at least 1 / (n · k^(d-1)), for n actors and k steps.
 *
 * Where the paper draws the places from the length of a run, this draws them from a length that is itself drawn, each
 * power of two as likely: models that never end have no length, and most bugs are near the start.
 *
 * @param changes - how many such places there are.
 * @param depth - how long a run can become.
 * @see Burckhardt, Kothari, Musuvathi, Nagarakatte, "A randomized scheduler with probabilistic guarantees of finding
 * bugs", ASPLOS 2010.
 */
export function byPriority(random: Random, actors: number, changes: number, depth: number): Scheduler {
  // Priorities from `changes` up are what actors start with; lower ones are what they fall to, the later the lower.
  const priorities = shuffled(random, actors).map((place) => place + changes);
  const length = Math.min(
    depth,
    2 ** (SHORTEST + random.next(Math.max(1, Math.ceil(Math.log2(depth)) - SHORTEST + 1))),
  );
  const places = new Set(Array.from({ length: changes }, () => 1 + random.next(length)));
  let fallen = changes;
  let step = 0;
  return {
    choose(able) {
      step += 1;
      const highest = (): number => able.reduce((best, one) => (priorities[best]! < priorities[one]! ? one : best));
      if (places.has(step)) priorities[highest()] = --fallen;
      return oneOf(able, highest(), random);
    },
  };
}

/** The shortest length that places are drawn from, as a power of two. */
const SHORTEST = 3;

function oneOf(actors: readonly number[], actor: number, random: Random): number {
  const own = actors.flatMap((one, position) => (one === actor ? [position] : []));
  return own[random.next(own.length)]!;
}

/** The numbers below `count` in random order. */
function shuffled(random: Random, count: number): number[] {
  const numbers = Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; 0 < last; last -= 1) {
    const other = random.next(last + 1);
    [numbers[last], numbers[other]] = [numbers[other]!, numbers[last]!];
  }
  return numbers;
}
