import { all, count, ids, leadsTo, some, spec, weak, when, z } from 'fairlead';

const Process = ids('Process', 2);

/**
 * The first solution of mutual exclusion for two processes.
 *
 * T. J. Dekker's, told by E. W. Dijkstra in "Cooperating sequential processes", 1965. Both announce themselves; who has
 * not the turn steps back and waits for it. Without stepping back, both wait for each other.
 *
 * @notModeled
 * Memory that is weaker than sequentially consistent; on most processors the algorithm needs fences.
 */
export const dekker = spec('Dekker', {
  params: {
    /** What a process does that finds the other one announced, too. */
    courtesy: z.enum(['stepBack', 'insist']).default('stepBack'),
  },
  state: () => ({ wants: z.record(Process, z.boolean()), turn: Process }),
});

export const process = dekker.process({ me: Process }, function* (s, { me }, p) {
  while (true) {
    yield 'rest';
    yield 'announce';
    s.wants[me] = true;
    while (true) {
      yield 'look';
      if (p.courtesy === 'insist') when(!some(Process, (other) => other !== me && s.wants[other]));
      if (!some(Process, (other) => other !== me && s.wants[other])) break;
      yield 'checkTurn';
      if (s.turn === me) continue;
      yield 'stepBack';
      s.wants[me] = false;
      yield 'awaitTurn';
      when(s.turn === me);
      yield 'insist';
      s.wants[me] = true;
    }
    yield 'critical';
    yield 'passTurn';
    for (const other of Process) if (other !== me) s.turn = other;
    yield 'withdraw';
    s.wants[me] = false;
  }
});

/** Never are both inside. */
export const mutualExclusion = dekker.invariant(
  () => count(Process, (me) => process.at({ me }, 'critical') || process.at({ me }, 'passTurn')) <= 1,
);

/** Who wants in gets in. */
export const wantsLeadsToEntry = dekker.property(() =>
  all(Process, (me) => leadsTo(process.at({ me }, 'announce'), process.at({ me }, 'critical'))),
);

/** Whoever has begun goes on; nobody has to begin. */
export const scheduler = dekker.fairness(weak(process, { when: (_, { me }) => !process.at({ me }, 'rest') }));

export const correct = dekker.model({}, { distinct: 134 });

/** Near miss: flags alone exclude, and block. */
export const insisting = dekker.model(
  { courtesy: 'insist' },
  { violates: [wantsLeadsToEntry], deadlocks: true, distinct: 48 },
);
