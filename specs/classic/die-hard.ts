import { spec, z } from 'fairlead';

/**
 * Measuring four gallons with a three and a five gallon jug and a faucet.
 *
 * From the film Die Hard 3; as a specification from Lamport's TLA+ course. The jugs have no marks, so they are filled,
 * emptied, or poured into one another until one is full or the other empty. The goal is a state to be reached, not to be
 * avoided: its shortest trace is the solution.
 *
 * @notModeled
 * Nothing: the puzzle has no more to it.
 */
export const dieHard = spec('Die Hard', {
  params: {
    small: z.int().min(1).max(8).default(3),
    big: z.int().min(1).max(8).default(5),
    goal: z.int().min(1).max(8).default(4),
  },
  state: (p) => ({
    small: z.int().min(0).max(p.small),
    big: z.int().min(0).max(p.big),
  }),
});

export const fillSmall = dieHard.action((s, p) => {
  s.small = p.small;
});

export const fillBig = dieHard.action((s, p) => {
  s.big = p.big;
});

export const emptySmall = dieHard.action((s) => {
  s.small = 0;
});

export const emptyBig = dieHard.action((s) => {
  s.big = 0;
});

export const pourSmallIntoBig = dieHard.action((s, p) => {
  const poured = Math.min(s.small, p.big - s.big);
  s.small -= poured;
  s.big += poured;
});

export const pourBigIntoSmall = dieHard.action((s, p) => {
  const poured = Math.min(s.big, p.small - s.small);
  s.big -= poured;
  s.small += poured;
});

/** The big jug holds exactly what is wanted. */
export const measured = dieHard.sometimes((s, p) => s.big === p.goal);

export const threeAndFive = dieHard.model({}, { distinct: 16 });

/** Near miss: what can be measured is a multiple of the jugs' greatest common divisor, which is three now. */
export const threeAndSix = dieHard.model({ big: 6 }, { unreachable: [measured], distinct: 6 });
