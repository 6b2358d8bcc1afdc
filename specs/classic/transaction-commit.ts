import { all, ids, leadsTo, some, spec, weak, when, z } from 'fairlead';

const Resource = ids('Resource', (p) => p.resources);

/**
 * What two-phase commit is for, without saying how: resource managers decide together.
 *
 * After J. Gray and L. Lamport, "Consensus on transaction commit", ACM TODS 31(1), 2006. A step may look at all managers
 * at once, which no implementation could.
 *
 * @notModeled
 * How it is done: messages, the transaction manager, failures other than the wish to abort.
 */
export const transactionCommit = spec('transaction commit', {
  params: {
    resources: z.int().min(1).max(6).default(3),
    /** Whether a manager that has prepared may still abort when somebody has committed. */
    stubborn: z.boolean().default(true),
  },
  state: () => ({ resource: z.record(Resource, z.enum(['working', 'prepared', 'committed', 'aborted'])) }),
});

export const prepare = transactionCommit.action({ r: Resource }, (s, { r }) => {
  when(s.resource[r] === 'working');
  s.resource[r] = 'prepared';
});

export const commit = transactionCommit.action({ r: Resource }, (s, { r }) => {
  when(s.resource[r] === 'prepared');
  when(all(Resource, (other) => s.resource[other] === 'prepared' || s.resource[other] === 'committed'));
  s.resource[r] = 'committed';
});

export const abort = transactionCommit.action({ r: Resource }, (s, { r }, p) => {
  when(s.resource[r] === 'working' || s.resource[r] === 'prepared');
  when(!p.stubborn || all(Resource, (other) => s.resource[other] !== 'committed'));
  s.resource[r] = 'aborted';
});

export const consistency = transactionCommit.invariant(
  (s) => !(some(Resource, (r) => s.resource[r] === 'committed') && some(Resource, (r) => s.resource[r] === 'aborted')),
);

/** Who has prepared decides. */
export const preparedLeadsToDecision = transactionCommit.property((s) =>
  all(Resource, (r) =>
    leadsTo(s.resource[r] === 'prepared', s.resource[r] === 'committed' || s.resource[r] === 'aborted'),
  ),
);

/** Every manager decides at last, one way or the other, if it can. */
export const decisions = transactionCommit.fairness(weak(commit, abort));

export const over = transactionCommit.terminal((s) =>
  all(Resource, (r) => s.resource[r] === 'committed' || s.resource[r] === 'aborted'),
);

export const correct = transactionCommit.model({}, { distinct: 34 });

/** Near miss: a manager that changes its mind after somebody has committed. */
export const fickle = transactionCommit.model({ stubborn: false }, { violates: [consistency], distinct: 46 });
