import { all, ids, leadsTo, some, spec, weak, when, z } from 'fairlead';

const Resource = ids('Resource', (p) => p.resources);

/**
 * Resource managers agree to commit or to abort a transaction, with the help of a transaction manager.
 *
 * After J. Gray and L. Lamport, "Consensus on transaction commit", ACM TODS 31(1), 2006. Messages stay on the network and
 * may be received more than once or never; requests to prepare, and the notice of a manager that aborts, are left out.
 *
 * @notModeled
 * Resource managers that fail; requests to prepare; the notice of a manager that aborts.
 */
export const twoPhaseCommit = spec('two-phase commit', {
  params: {
    resources: z.int().min(1).max(5).default(3),
    fault: z.enum(['none', 'hasty', 'crash']).default('none'),
  },
  state: () => ({
    resource: z.record(Resource, z.enum(['working', 'prepared', 'committed', 'aborted'])),
    manager: z.enum(['deciding', 'committed', 'aborted', 'crashed']),
    /** From whom the manager has heard that they are prepared. */
    heard: z.set(Resource),
    messages: z.object({ prepared: z.set(Resource), commit: z.boolean(), abort: z.boolean() }),
  }),
});

/** The manager commits once everybody is prepared; a hasty one, once anybody is. */
export const commit = twoPhaseCommit.action((s, p) => {
  when(s.manager === 'deciding');
  when(p.fault === 'hasty' ? s.heard.size > 0 : all(Resource, (r) => s.heard.has(r)));
  s.manager = 'committed';
  s.messages.commit = true;
});

/** The manager may abort at any time before it has decided. */
export const abort = twoPhaseCommit.action((s) => {
  when(s.manager === 'deciding');
  s.manager = 'aborted';
  s.messages.abort = true;
});

export const crash = twoPhaseCommit.action((s, p) => {
  when(p.fault === 'crash' && s.manager === 'deciding');
  s.manager = 'crashed';
});

export const hearPrepared = twoPhaseCommit.action({ r: Resource }, (s, { r }) => {
  when(s.manager === 'deciding' && s.messages.prepared.has(r));
  s.heard.add(r);
});

export const prepare = twoPhaseCommit.action({ r: Resource }, (s, { r }) => {
  when(s.resource[r] === 'working');
  s.resource[r] = 'prepared';
  s.messages.prepared.add(r);
});

/** A resource manager that has not prepared may abort on its own. */
export const abortAlone = twoPhaseCommit.action({ r: Resource }, (s, { r }) => {
  when(s.resource[r] === 'working');
  s.resource[r] = 'aborted';
});

export const hearCommit = twoPhaseCommit.action({ r: Resource }, (s, { r }) => {
  when(s.messages.commit);
  s.resource[r] = 'committed';
});

export const hearAbort = twoPhaseCommit.action({ r: Resource }, (s, { r }) => {
  when(s.messages.abort);
  s.resource[r] = 'aborted';
});

/** Nobody commits what somebody else has aborted. */
export const consistency = twoPhaseCommit.invariant(
  (s) => !(some(Resource, (r) => s.resource[r] === 'committed') && some(Resource, (r) => s.resource[r] === 'aborted')),
);

/** Who has prepared hears how it ended. */
export const preparedLeadsToDecision = twoPhaseCommit.property((s) =>
  all(Resource, (r) =>
    leadsTo(s.resource[r] === 'prepared', s.resource[r] === 'committed' || s.resource[r] === 'aborted'),
  ),
);

/** The manager decides at last, if it can, and what it has decided is heard. */
export const delivery = twoPhaseCommit.fairness(weak.any(commit, abort), weak(hearCommit, hearAbort));

/** Everybody has an answer, or the manager that has it is gone. */
export const over = twoPhaseCommit.terminal((s) =>
  all(Resource, (r) => s.resource[r] === 'committed' || s.resource[r] === 'aborted' || s.manager === 'crashed'),
);

export const correct = twoPhaseCommit.model({}, { distinct: 288 });

/** Near miss: a manager that commits before everybody is prepared. */
export const hasty = twoPhaseCommit.model({ fault: 'hasty' }, { violates: [consistency], distinct: 498 });

/** What the protocol is known for: when the manager crashes, whoever has prepared waits for ever. */
export const crashing = twoPhaseCommit.model(
  { fault: 'crash' },
  { violates: [preparedLeadsToDecision], distinct: 352 },
);
