import { all, eventually, ids, spec, weak, z } from 'fairlead';
import { barrier, meet } from 'fairlead/sync';

const Party = ids('Party', (p) => p.parties);

/**
 * A barrier that is used again and again keeps everybody within one round of each other.
 *
 * @notModeled
 * Threads that come and go, and time.
 */
export const barrierLaws = spec('barrier', {
  params: {
    parties: z.int().min(1).max(4).default(3),
    /** How many the barrier waits for. */
    expected: z.int().min(1).max(4).default(3),
    rounds: z.int().min(1).max(3).default(2),
  },
  state: (p) => ({ barrier: barrier(Party), round: z.record(Party, z.int().min(0).max(p.rounds)) }),
});

export const party = barrierLaws.process({ me: Party }, function* (s, { me }, p) {
  while (s.round[me] < p.rounds) {
    yield 'work';
    s.round[me] += 1;
    yield 'meet';
    yield* meet(s.barrier, p.expected, me);
  }
});

/** Nobody works on a round while somebody else still works on the one before. */
export const together = barrierLaws.invariant((s) =>
  all(Party, (a) => all(Party, (b) => s.round[a] <= s.round[b] + 1)),
);

export const runs = barrierLaws.fairness(weak(party));

/** Everybody comes to the end. */
export const finishes = barrierLaws.property(() => all(Party, (me) => eventually(party.at({ me }, 'done'))));

export const three = barrierLaws.model({}, { distinct: 95 });

/** A barrier that lets go too early. */
export const miscounted = barrierLaws.model(
  { expected: 2 },
  { violates: [together, finishes], deadlocks: true, distinct: 249 },
);

/** A barrier that waits for one who never comes. */
export const absent = barrierLaws.model({ parties: 2 }, { violates: [finishes], deadlocks: true, distinct: 9 });
