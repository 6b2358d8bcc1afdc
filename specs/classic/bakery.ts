import { all, count, leadsTo, spec, weak, when, z } from 'fairlead';

/**
 * Mutual exclusion by taking a number, as in a shop.
 *
 * L. Lamport, "A new solution of Dijkstra's concurrent programming problem", CACM 17(8), 1974. Two customers may draw the
 * same number, then the order of their names decides; while somebody is still drawing, nobody can tell whose turn it is.
 * Numbers grow without bound; explored up to a highest one.
 *
 * @notModeled
 * Memory that is weaker than sequentially consistent; on most processors the algorithm needs fences. A number is read
 * and written in one step, which the algorithm does not need: Lamport's tolerates reads that overlap writes.
 */
export const bakery = spec('bakery', {
  params: {
    customers: z.int().min(2).max(3).default(2),
    highest: z.int().min(1).max(6).default(4),
    /** Whether customers wait for those who are drawing their number. */
    patient: z.boolean().default(true),
  },
  state: (p) => ({
    drawing: z.array(z.boolean()).length(p.customers),
    /** 0: none. Room for one more than is explored. */
    number: z
      .array(
        z
          .int()
          .min(0)
          .max(p.highest + 1),
      )
      .length(p.customers),
  }),
});

const Customer = z.int().min(0).max(1);

export const customer = bakery.process({ me: Customer }, function* (s, { me }, p) {
  while (true) {
    yield 'rest';
    yield 'beginDrawing';
    s.drawing[me] = true;
    yield 'look';
    const highest = s.number.reduce((found, number) => Math.max(found, number), 0);
    yield 'draw';
    s.number[me] = highest + 1;
    yield 'endDrawing';
    s.drawing[me] = false;
    for (let other = 0; other < p.customers; other += 1) {
      if (other === me) continue;
      yield 'awaitNumber';
      if (p.patient) when(!s.drawing[other]!);
      yield 'awaitTurn';
      when(s.number[other] === 0 || comesFirst(s.number[me], me, s.number[other]!, other));
    }
    yield 'critical';
    s.number[me] = 0;
  }
});

export const mutualExclusion = bakery.invariant(() => count(Customer, (me) => customer.at({ me }, 'critical')) <= 1);

/** Who begins to draw a number is served. */
export const served = bakery.property(() =>
  all(Customer, (me) => leadsTo(customer.at({ me }, 'look'), customer.at({ me }, 'critical'))),
);

/** Whoever has begun goes on; nobody has to begin. */
export const scheduler = bakery.fairness(weak(customer, { when: (_, { me }) => !customer.at({ me }, 'rest') }));

export const lowNumbers = bakery.within((s, p) => s.number.every((number) => number <= p.highest));

export const two = bakery.model({}, { distinct: 315 });

/** Near miss: somebody who is slow to draw a small number finds somebody inside with a larger one. */
export const impatient = bakery.model({ patient: false }, { violates: [mutualExclusion], distinct: 392 });

function comesFirst(number: number, me: number, otherNumber: number, other: number): boolean {
  return number < otherNumber || (number === otherNumber && me < other);
}
