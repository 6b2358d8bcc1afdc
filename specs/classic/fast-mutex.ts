import { all, count, leadsTo, some, spec, weak, when, z } from 'fairlead';

const Process = z.int().min(1).max(2);

/**
 * Mutual exclusion that costs only seven accesses to memory when nobody competes.
 *
 * L. Lamport, "A fast mutual exclusion algorithm", ACM TOCS 5(1), 1987. Who finds after writing `y` that somebody else has
 * written `x` waits until all who were underway have given up or gone through, and looks once more whether it has won.
 *
 * @notModeled
 * Memory that is weaker than sequentially consistent; on most processors the algorithm needs fences.
 */
export const fastMutex = spec('fast mutex', {
  params: {
    /** Whether a process that has met another waits for it before it looks at `y` again. */
    waits: z.boolean().default(true),
  },
  state: () => ({
    /** Who came last. */
    x: z.int().min(0).max(2),
    /** Who is through the door; 0: nobody. */
    y: z.int().min(0).max(2),
    /** Who is underway: `underway[i - 1]` is process `i`. */
    underway: z.array(z.boolean()).length(2),
  }),
});

export const process = fastMutex.process({ me: Process }, function* (s, { me }, p) {
  while (true) {
    yield 'rest';
    while (true) {
      yield 'set';
      s.underway[me - 1] = true;
      yield 'writeX';
      s.x = me;
      yield 'readY';
      if (s.y !== 0) {
        yield 'giveUp';
        s.underway[me - 1] = false;
        yield 'awaitDoor';
        when(s.y === 0);
        continue;
      }
      yield 'writeY';
      s.y = me;
      yield 'readX';
      if (s.x === me) break;
      yield 'stepBack';
      s.underway[me - 1] = false;
      if (p.waits) {
        yield 'awaitOther';
        when(!s.underway[2 - me]!);
      }
      yield 'readYAgain';
      if (s.y === me) break;
      yield 'awaitDoorAgain';
      when(s.y === 0);
    }
    yield 'critical';
    yield 'openDoor';
    s.y = 0;
    yield 'leave';
    s.underway[me - 1] = false;
  }
});

export const mutualExclusion = fastMutex.invariant(
  () => count(Process, (me) => process.at({ me }, 'critical') || process.at({ me }, 'openDoor')) <= 1,
);

/** If somebody wants in, somebody gets in. */
export const progress = fastMutex.property(() =>
  leadsTo(
    some(Process, (me) => process.at({ me }, 'set')),
    some(Process, (me) => process.at({ me }, 'critical')),
  ),
);

/** Who wants in gets in: not promised, the other one can always be faster. */
export const wantsLeadsToEntry = fastMutex.property(() =>
  all(Process, (me) => leadsTo(process.at({ me }, 'set'), process.at({ me }, 'critical'))),
);

/** Whoever has begun goes on; nobody has to begin. */
export const scheduler = fastMutex.fairness(weak(process, { when: (_, { me }) => !process.at({ me }, 'rest') }));

export const correct = fastMutex.model({}, { violates: [wantsLeadsToEntry], distinct: 395 });

/** Near miss: without waiting, the other one may still be on its way to the critical section. */
export const impatient = fastMutex.model(
  { waits: false },
  { violates: [mutualExclusion, wantsLeadsToEntry], distinct: 487 },
);
