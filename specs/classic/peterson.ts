import { all, count, ids, leadsTo, spec, weak, when, z, type Id, type StateOf } from 'fairlead';

const Process = ids('Process', 2);

/**
 * Mutual exclusion of two processes with two flags and a turn.
 *
 * G. L. Peterson, "Myths about the mutual exclusion problem", Information Processing Letters 12(3), 1981. Who wants in
 * says so, then gives the other one the turn; the order of these two writes is all there is to it.
 *
 * @notModeled
 * Memory that is weaker than sequentially consistent; on most processors the algorithm needs fences.
 */
export const peterson = spec('Peterson', {
  params: {
    /** Whether a process announces itself before it gives the turn away. */
    order: z.enum(['flagThenTurn', 'turnThenFlag']).default('flagThenTurn'),
  },
  state: () => ({ wants: z.record(Process, z.boolean()), turn: Process }),
});

type State = StateOf<typeof peterson>;

export const process = peterson.process({ me: Process }, function* (s, { me }, p) {
  while (true) {
    yield 'rest';
    yield 'first';
    if (p.order === 'flagThenTurn') s.wants[me] = true;
    else giveTurn(s, me);
    yield 'second';
    if (p.order === 'flagThenTurn') giveTurn(s, me);
    else s.wants[me] = true;
    yield 'wait';
    when(s.turn === me || all(Process, (other) => other === me || !s.wants[other]));
    yield 'critical';
    yield 'leave';
    s.wants[me] = false;
  }
});

/** Never are both inside. */
export const mutualExclusion = peterson.invariant(
  () => count(Process, (me) => process.at({ me }, 'critical') || process.at({ me }, 'leave')) <= 1,
);

/** Who wants in gets in. */
export const wantsLeadsToEntry = peterson.property(() =>
  all(Process, (me) => leadsTo(process.at({ me }, 'first'), process.at({ me }, 'critical'))),
);

/** Whoever has begun goes on; nobody has to begin. */
export const scheduler = peterson.fairness(weak(process, { when: (_, { me }) => !process.at({ me }, 'rest') }));

export const correct = peterson.model({}, { distinct: 42 });

/** Near miss: with the two writes exchanged, both can find the other's flag down. */
export const turnFirst = peterson.model({ order: 'turnThenFlag' }, { violates: [mutualExclusion], distinct: 72 });

function giveTurn(s: State, me: Id<'Process'>): void {
  for (const other of Process) if (other !== me) s.turn = other;
}
