import { either, ids, spec, when, z } from 'fairlead';

const Missionary = ids('Missionary', (p) => p.each);
const Cannibal = ids('Cannibal', (p) => p.each);
const Bank = z.enum(['east', 'west']);

/**
 * Missionaries and cannibals cross a river in a boat for two; on neither bank may cannibals outnumber missionaries.
 *
 * The puzzle is old (Alcuin has it with jealous husbands); a step is one crossing, as in Lamport's specification. People
 * are told apart, so a state is a set of them on each bank.
 *
 * @notModeled
 * Nothing: the puzzle has no more to it.
 */
export const crossing = spec('missionaries and cannibals', {
  params: { each: z.int().min(1).max(4).default(3), seats: z.int().min(1).max(3).default(2) },
  state: () => ({
    boat: Bank,
    missionaries: z.record(Bank, z.set(Missionary)),
    cannibals: z.record(Bank, z.set(Cannibal)),
  }),
  init: (s) => {
    for (const m of Missionary) s.missionaries.east.add(m);
    for (const c of Cannibal) s.cannibals.east.add(c);
  },
});

/** Some people take the boat to the other bank. */
export const cross = crossing.action(
  { missionaries: z.set(Missionary), cannibals: z.set(Cannibal) },
  (s, { missionaries, cannibals }, p) => {
    const from = s.boat;
    const to = from === 'east' ? 'west' : 'east';
    const size = missionaries.size + cannibals.size;
    when(1 <= size && size <= p.seats);
    when(missionaries.isSubsetOf(s.missionaries[from]) && cannibals.isSubsetOf(s.cannibals[from]));
    s.missionaries[from] = s.missionaries[from].difference(missionaries);
    s.missionaries[to] = s.missionaries[to].union(missionaries);
    s.cannibals[from] = s.cannibals[from].difference(cannibals);
    s.cannibals[to] = s.cannibals[to].union(cannibals);
    s.boat = to;
    requireSafe(s.missionaries.east.size, s.cannibals.east.size);
    requireSafe(s.missionaries.west.size, s.cannibals.west.size);
  },
);

/** Nobody is eaten: that is how crossings are chosen, on both banks. */
export const nobodyIsEaten = crossing.invariant(
  (s) => safe(s.missionaries.east.size, s.cannibals.east.size) && safe(s.missionaries.west.size, s.cannibals.west.size),
);

/** Everybody has crossed. */
export const crossed = crossing.sometimes((s) => s.missionaries.east.size === 0 && s.cannibals.east.size === 0);

export const threeEach = crossing.model({}, { distinct: 64 });

/** Near miss: with four of each the same boat is too small. */
export const fourEach = crossing.model({ each: 4 }, { unreachable: [crossed], distinct: 98 });

/** With room for three it is not. */
export const fourEachAndABiggerBoat = crossing.model({ each: 4, seats: 3 }, { distinct: 196 });

function safe(missionaries: number, cannibals: number): boolean {
  return missionaries === 0 || cannibals <= missionaries;
}

/** A bank can be safe for two reasons, which makes two ways of crossing that lead to the same state. */
function requireSafe(missionaries: number, cannibals: number): void {
  either(
    () => when(missionaries === 0),
    () => when(cannibals <= missionaries),
  );
}
