import { all, count, ids, implies, leadsTo, spec, weak, when, z } from 'fairlead';

const Process = ids('Process', 2);
const Step = z.enum(['rest', 'announce', 'yieldTurn', 'wait', 'critical', 'leave']);

/**
 * Mutual exclusion of two processes with two flags and a turn.
 *
 * G. L. Peterson, "Myths about the mutual exclusion problem", Information Processing Letters 12(3), 1981. Who wants in
 * says so, then gives the other one the turn; the order of these two writes is all there is to it.
 */
export const peterson = spec('Peterson', {
  params: {
    /** Whether a process announces itself before it gives the turn away. */
    order: z.enum(['flagThenTurn', 'turnThenFlag']).default('flagThenTurn'),
  },
  state: () => ({
    at: z.record(Process, Step),
    wants: z.record(Process, z.boolean()),
    turn: Process,
  }),
});

export const start = peterson.action({ me: Process }, (s, { me }, p) => {
  when(s.at[me] === 'rest');
  s.at[me] = p.order === 'flagThenTurn' ? 'announce' : 'yieldTurn';
});

export const announce = peterson.action({ me: Process }, (s, { me }, p) => {
  when(s.at[me] === 'announce');
  s.wants[me] = true;
  s.at[me] = p.order === 'flagThenTurn' ? 'yieldTurn' : 'wait';
});

export const yieldTurn = peterson.action({ me: Process }, (s, { me }, p) => {
  when(s.at[me] === 'yieldTurn');
  for (const other of Process) if (other !== me) s.turn = other;
  s.at[me] = p.order === 'flagThenTurn' ? 'wait' : 'announce';
});

export const enter = peterson.action({ me: Process }, (s, { me }) => {
  when(s.at[me] === 'wait');
  when(s.turn === me || all(Process, (other) => other === me || !s.wants[other]));
  s.at[me] = 'critical';
});

export const leave = peterson.action({ me: Process }, (s, { me }) => {
  when(s.at[me] === 'critical');
  s.at[me] = 'leave';
});

export const withdraw = peterson.action({ me: Process }, (s, { me }) => {
  when(s.at[me] === 'leave');
  s.wants[me] = false;
  s.at[me] = 'rest';
});

/** Never are both inside. */
export const mutualExclusion = peterson.invariant(
  (s) => count(Process, (me) => s.at[me] === 'critical' || s.at[me] === 'leave') <= 1,
);

/** Who is past its announcement has its flag up. */
export const flagSaysSo = peterson.invariant((s, p) =>
  all(Process, (me) => implies(p.order === 'flagThenTurn', s.wants[me] === announced(s.at[me]))),
);

/** Who wants in gets in. */
export const wantsLeadsToEntry = peterson.property((s) =>
  all(Process, (me) => leadsTo(s.at[me] === 'yieldTurn', s.at[me] === 'critical')),
);

/** Whoever has begun goes on; nobody has to begin. */
export const scheduler = peterson.fairness(weak(announce, yieldTurn, enter, leave, withdraw));

export const correct = peterson.model({}, { distinct: 42 });

/** Near miss: with the two writes exchanged, both can find the other's flag down. */
export const turnFirst = peterson.model({ order: 'turnThenFlag' }, { violates: [mutualExclusion], distinct: 72 });

function announced(step: (typeof Step)['options'][number]): boolean {
  return step === 'yieldTurn' || step === 'wait' || step === 'critical' || step === 'leave';
}
