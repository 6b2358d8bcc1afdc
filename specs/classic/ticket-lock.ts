import { all, count, ids, leadsTo, spec, weak, when, z } from 'fairlead';

const Thread = ids('Thread', (p) => p.threads);

/**
 * A spin lock that serves threads in the order of their tickets.
 *
 * J. M. Mellor-Crummey and M. L. Scott, "Algorithms for scalable synchronization on shared-memory multiprocessors", ACM
 * TOCS 9(1), 1991. Drawing a ticket must be one step: fetch and increment. Tickets wrap around.
 *
 * @notModeled
 * Memory that is weaker than sequentially consistent; on most processors the algorithm needs fences. Backing off while
 * waiting.
 */
export const ticketLock = spec('ticket lock', {
  params: {
    threads: z.int().min(1).max(4).default(3),
    /** How many tickets there are before they start over. */
    tickets: z.int().min(1).max(4).default(4),
    atomic: z.boolean().default(true),
  },
  state: (p) => ({
    next: z
      .int()
      .min(0)
      .max(p.tickets - 1),
    serving: z
      .int()
      .min(0)
      .max(p.tickets - 1),
  }),
});

export const thread = ticketLock.process({ t: Thread }, function* (s, _thread, p) {
  while (true) {
    yield 'rest';
    yield 'draw';
    const ticket = s.next;
    if (!p.atomic) yield 'increment';
    s.next = (ticket + 1) % p.tickets;
    yield 'wait';
    when(s.serving === ticket);
    yield 'critical';
    s.serving = (s.serving + 1) % p.tickets;
  }
});

export const mutualExclusion = ticketLock.invariant(() => count(Thread, (t) => thread.at({ t }, 'critical')) <= 1);

/** Who wants in gets in. */
export const wantsLeadsToEntry = ticketLock.property(() =>
  all(Thread, (t) => leadsTo(thread.at({ t }, 'draw'), thread.at({ t }, 'critical'))),
);

/** Whoever has begun goes on; nobody has to begin. */
export const scheduler = ticketLock.fairness(weak(thread, { when: (_, { t }) => !thread.at({ t }, 'rest') }));

export const three = ticketLock.model({}, { distinct: 272 });

/** Near miss: between reading and incrementing, another thread draws the same ticket. */
export const twoSteps = ticketLock.model(
  { atomic: false },
  { violates: [mutualExclusion, wantsLeadsToEntry], deadlocks: true, distinct: 9664 },
);

/** Near miss: with fewer tickets than threads, two wait with the same one. */
export const fewTickets = ticketLock.model(
  { tickets: 2 },
  { violates: [mutualExclusion, wantsLeadsToEntry], distinct: 248 },
);
