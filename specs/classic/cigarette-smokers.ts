import { all, always, count, eventually, pick, some, spec, weak, when, z } from 'fairlead';

const Ingredient = z.enum(['matches', 'paper', 'tobacco']);

/**
 * Three smokers have plenty of one ingredient each; a dealer puts the other two of somebody on the table.
 *
 * Suhas Patil's problem of 1971, meant to show what semaphores cannot do. Taking both ingredients in one step is what
 * solves it. Taken one by one, two smokers can hold one each, and both wait.
 *
 * @notModeled
 * Patil's own restriction, that only certain operations on semaphores may be used.
 */
export const smokers = spec('cigarette smokers', {
  params: { taking: z.enum(['together', 'oneByOne']).default('together') },
  state: () => ({
    /** What lies on the table. */
    table: z.set(Ingredient),
    /** What the smoker who has plenty of this ingredient has taken. */
    taken: z.record(Ingredient, z.set(Ingredient)),
    smoking: z.record(Ingredient, z.boolean()),
  }),
  init: (s) => {
    const missing = pick(Ingredient);
    for (const other of Ingredient.options) if (other !== missing) s.table.add(other);
  },
});

/** Whose two missing ingredients are on the table takes them and smokes. */
export const takeAndSmoke = smokers.action((s, p) => {
  when(p.taking === 'together' && s.table.size === 2);
  for (const smoker of Ingredient.options) s.smoking[smoker] = !s.table.has(smoker);
  s.table = new Set();
});

/** A smoker takes an ingredient that is missing to him. */
export const take = smokers.action({ smoker: Ingredient, what: Ingredient }, (s, { smoker, what }, p) => {
  when(p.taking === 'oneByOne' && smoker !== what && s.table.has(what));
  s.table.delete(what);
  s.taken[smoker].add(what);
});

/** A smoker who has taken both smokes. */
export const smoke = smokers.action({ smoker: Ingredient }, (s, { smoker }, p) => {
  when(p.taking === 'oneByOne' && s.taken[smoker].size === 2);
  s.taken[smoker] = new Set();
  s.smoking[smoker] = true;
});

/** The smoker is done; the dealer puts two ingredients on the table. */
export const deal = smokers.action((s) => {
  when(some(Ingredient, (smoker) => s.smoking[smoker]));
  const missing = pick(Ingredient);
  for (const smoker of Ingredient.options) {
    s.smoking[smoker] = false;
    if (smoker !== missing) s.table.add(smoker);
  }
});

export const atMostOneSmokes = smokers.invariant((s) => count(Ingredient, (smoker) => s.smoking[smoker]) <= 1);

/** Who smokes has what he needs from the table, and has left nothing on it. */
export const tableIsCleared = smokers.invariant((s) =>
  all(Ingredient, (smoker) => !s.smoking[smoker] || s.table.size === 0),
);

/** There is always another cigarette. */
export const somebodySmokesAgain = smokers.property((s) =>
  always(eventually(some(Ingredient, (smoker) => s.smoking[smoker]))),
);

export const everybodyActs = smokers.fairness(weak(takeAndSmoke, take, smoke, deal));

export const together = smokers.model({}, { distinct: 6 });

/** Near miss: two smokers hold one ingredient each. */
export const oneByOne = smokers.model(
  { taking: 'oneByOne' },
  { violates: [somebodySmokesAgain], deadlocks: true, distinct: 30 },
);
