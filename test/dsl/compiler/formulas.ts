import { all, always, eventually, leadsTo, spec, weak, z } from 'fairlead';

export const ring = spec('ring', {
  state: () => ({ n: z.int().min(0).max(3), items: z.array(z.object({ at: z.int().min(0).max(3) })).length(2) }),
  init: (s) => void (s.items[1]!.at = 1),
});
export const step = ring.action((s) => {
  s.n = (s.n + 1) % 4;
  s.items[0]!.at = s.n;
});
export const goesOn = ring.fairness(weak(step));

const again = (there: boolean) => always(eventually(there));
const largest = (items: readonly { at: number }[]): number => {
  let best = 0;
  for (const { at } of items) best = Math.max(best, at);
  return best;
};
function soon(there: boolean) {
  const later = eventually(there);
  return always(later);
}
const between = ({ from, to }: { from: boolean; to: boolean }) => leadsTo(from, to);
const isAt = (at: number | undefined, n: number) => again(at === n);

export const byFunction = ring.property((s) => again(s.n === 2));
export const byFunctionWithConst = ring.property((s) => soon(s.n === 3));
export const byLet = ring.property((s) => {
  // oxlint-disable-next-line prefer-const -- what the language makes of it.
  let there = s.n === 3;
  return again(there);
});
export const byArgumentObject = ring.property((s) => between({ from: s.n === 1, to: s.n === 0 }));
export const byFoundElement = ring.property((s) => isAt(s.items.find(({ at }) => at !== 1)?.at, 2));
export const ofEveryNumber = ring.property((s) => all([1, 2, 3], (n) => again(largest(s.items) === n)));
export const neverThere = ring.property((s) => again(largest(s.items) === 0));
export const notForever = ring.property((s) => eventually(always(s.n === 0)));
