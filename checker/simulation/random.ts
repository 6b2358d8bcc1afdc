/** A stream of random numbers that is the same for the same seed. */
export interface Random {
  /** A whole number from 0 to `below - 1`; `below` is from 1 to 2³². */
  next(below: number): number;
}

/**
 * A generator for one run: streams of different runs have nothing to do with each other, so a run is the same whatever
 * other runs there are.
 *
 * @see Blackman, Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 47(4), 2021: xoshiro128**.
 */
export function randomOf(seed: number, run: number): Random {
  // The generator must not start at all zeros, and nearby seeds must not give nearby states: SplitMix's finalizer.
  let counter = Math.imul(seed, 0x9e3779b1) ^ Math.imul(run, 0x85ebca77);
  const mixed = (): number => {
    counter = (counter + 0x9e3779b9) | 0;
    let word = counter ^ (counter >>> 16);
    word = Math.imul(word, 0x21f0aaad);
    word ^= word >>> 15;
    word = Math.imul(word, 0x735a2d97);
    return word ^ (word >>> 15);
  };
  let [a, b, c, d] = [mixed(), mixed(), mixed(), mixed() | 1];
  const word = (): number => {
    const result = Math.imul(rotated(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotated(d, 11);
    return result;
  };
  return {
    next(below) {
      // What is left of the last multiple of `below` would make small numbers likelier.
      const limit = 2 ** 32 - (2 ** 32 % below);
      let drawn = word();
      while (limit <= drawn) drawn = word();
      return drawn % below;
    },
  };
}

function rotated(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}
