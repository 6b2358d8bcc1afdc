import { all, always, eventually, spec, weak, z } from 'fairlead';

/**
 * Philosophers at a round table share a fork with each neighbor, and hand forks to each other.
 *
 * K. M. Chandy and J. Misra, "The drinking philosophers problem", ACM TOPLAS 6(4), 1984. A fork is dirty once it has been
 * eaten with; whoever holds a dirty fork cleans it and hands it over, clean forks are kept until they have been used. One
 * step of a philosopher may hand over one fork and see whether he can eat.
 *
 * @notModeled
 * Messages: a fork is asked for and handed over in one step. The drinking philosophers, who share bottles of changing
 * sets.
 */
export const philosophers = spec('dining philosophers', {
  params: {
    seats: z.int().min(2).max(8).default(5),
    /** Who holds the forks at first: somebody both of his, or everybody one. */
    start: z.enum(['acyclic', 'cyclic']).default('acyclic'),
  },
  state: (p) => ({
    /** Fork `i` lies between philosopher `i` and his left neighbor, `i - 1`. */
    fork: z
      .array(
        z.object({
          holder: z
            .int()
            .min(0)
            .max(p.seats - 1),
          clean: z.boolean(),
        }),
      )
      .length(p.seats),
    hungry: z.array(z.boolean()).length(p.seats),
  }),
  init: (s, p) => {
    for (let i = 0; i < p.seats; i += 1) {
      s.fork[i]!.holder = i;
      s.hungry[i] = true;
    }
    if (p.start === 'acyclic') s.fork[1]!.holder = 0;
  },
});

const seat = (p: { readonly seats: number }) => ({
  i: z
    .int()
    .min(0)
    .max(p.seats - 1),
});

/** Hands over a dirty fork, if he holds one; then goes on to eat or to think. */
export const philosopher = philosophers.process(seat, function* (s, { i }, p) {
  while (true) {
    yield 'look';
    const left = s.fork[i]!;
    const right = s.fork[(i + 1) % p.seats]!;
    if (left.holder === i && !left.clean) {
      left.holder = (i + p.seats - 1) % p.seats;
      left.clean = true;
    } else if (right.holder === i && !right.clean) {
      right.holder = (i + 1) % p.seats;
      right.clean = true;
    }
    if (!s.hungry[i]!) {
      yield 'think';
      s.hungry[i] = true;
    } else if (left.holder === i && right.holder === i && left.clean && right.clean) {
      yield 'eat';
      s.hungry[i] = false;
      s.fork[i]!.clean = false;
      s.fork[(i + 1) % p.seats]!.clean = false;
    }
  }
});

/** Neighbors do not eat at the same time. */
export const neighborsExclude = philosophers.invariant((s, p) =>
  s.hungry.every((_, i) => !philosopher.at({ i }, 'eat') || !philosopher.at({ i: (i + 1) % p.seats }, 'eat')),
);

/** Nobody starves. */
export const everybodyEatsAgain = philosophers.property((s) =>
  all(z.int().min(0).max(7), (i) => always(eventually(s.hungry.at(i) !== true))),
);

/** Every philosopher does something, again and again. */
export const everybodyMoves = philosophers.fairness(weak(philosopher));

export const five = philosophers.model({}, { distinct: 67 });

/** Near miss: if everybody holds one fork at first, forks can go round and round. */
export const cyclic = philosophers.model({ start: 'cyclic' }, { violates: [everybodyEatsAgain], distinct: 32 });
