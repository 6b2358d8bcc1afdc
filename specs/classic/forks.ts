import { all, count, leadsTo, spec, strong, when, z } from 'fairlead';

const Seat = z.int().min(0).max(3);

/**
 * Four philosophers who pick up one fork after the other.
 *
 * E. W. Dijkstra, "Hierarchical ordering of sequential processes", Acta Informatica 1, 1971. If everybody takes the fork
 * on the left first, all can end up holding one. Taking the lower numbered first, as one of them then does not, cures it.
 *
 * @notModeled
 * What philosophers do besides: how long they think and eat is left open.
 */
export const table = spec('forks', {
  params: { first: z.enum(['lower', 'left']).default('lower') },
  state: () => ({
    /** Fork `i` lies to the left of philosopher `i`. */
    taken: z.array(z.boolean()).length(4),
  }),
});

export const philosopher = table.process({ i: Seat }, function* (s, { i }, p) {
  const left = i;
  const right = (i + 1) % 4;
  const first = p.first === 'left' ? left : Math.min(left, right);
  const second = p.first === 'left' ? right : Math.max(left, right);
  while (true) {
    yield 'think';
    yield 'takeFirst';
    when(!s.taken[first]!);
    s.taken[first] = true;
    yield 'takeSecond';
    when(!s.taken[second]!);
    s.taken[second] = true;
    yield 'eat';
    s.taken[first] = false;
    yield 'putBack';
    s.taken[second] = false;
  }
});

/** Neighbors do not eat at the same time: of four, two eat at most. */
export const neighborsExclude = table.invariant(
  () =>
    count(Seat, (i) => philosopher.at({ i }, 'eat')) <= 2 &&
    all(Seat, (i) => !philosopher.at({ i }, 'eat') || !philosopher.at({ i: (i + 1) % 4 }, 'eat')),
);

/** Who is hungry eats. */
export const nobodyStarves = table.property(() =>
  all(Seat, (i) => leadsTo(philosopher.at({ i }, 'takeFirst'), philosopher.at({ i }, 'eat'))),
);

/** Who can have a fork again and again gets it; nobody has to be hungry. */
export const scheduler = table.fairness(strong(philosopher, { when: (_, { i }) => !philosopher.at({ i }, 'think') }));

export const ordered = table.model({}, { distinct: 322 });

/** Near miss: everybody holds the fork on the left. */
export const greedy = table.model({ first: 'left' }, { violates: [nobodyStarves], deadlocks: true, distinct: 321 });
