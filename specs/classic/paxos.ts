import { all, count, eventually, ids, some, spec, weak, when, z, type Id, type StateOf } from 'fairlead';

const Acceptor = ids('Acceptor', 3);
const Value = z.enum(['blue', 'green']);

/**
 * Consensus of acceptors that may be slow, with messages that may be late or lost.
 *
 * L. Lamport, "The part-time parliament", ACM TOCS 16(2), 1998; the steps are those of his "Voting" and "Paxos" in TLA+.
 * Anybody may lead any ballot. What an acceptor reports with its promise is what it had voted for in earlier ballots: a
 * promise freezes these votes, so the report need not be kept.
 *
 * @notModeled
 * Learners, who only count votes; acceptors that forget; who leads, and how long that takes. A message may be read
 * again at any time, so loss and duplication are in it.
 */
export const paxos = spec('Paxos', {
  params: {
    ballots: z.int().min(1).max(4).default(2),
    /** Whether the leader of a ballot proposes what it finds voted for already. */
    listens: z.boolean().default(true),
  },
  state: (p) => ({
    /** The ballots that an acceptor has promised to take part in. */
    promises: z.record(Acceptor, z.array(z.boolean()).length(p.ballots)),
    /** What is put to the vote in each ballot. */
    proposal: z.array(z.nullable(Value)).length(p.ballots),
    /** The votes of an acceptor. */
    votes: z.record(Acceptor, z.array(z.nullable(Value)).length(p.ballots)),
  }),
});

type State = StateOf<typeof paxos>;

const ballot = (p: { readonly ballots: number }) =>
  z
    .int()
    .min(0)
    .max(p.ballots - 1);

/** Phase 1: an acceptor promises a ballot higher than all it has taken part in. */
export const promise = paxos.action(
  (p) => ({ a: Acceptor, b: ballot(p) }),
  (s, { a, b }, p) => {
    for (let other = b; other < p.ballots; other += 1) when(!tookPart(s, a, other));
    s.promises[a][b] = true;
  },
);

/** Phase 2: with the promises of a majority, the leader proposes the latest value voted for there, or any if none was. */
export const propose = paxos.action(
  (p) => ({ b: ballot(p), quorum: z.set(Acceptor), value: Value }),
  (s, { b, quorum, value }, p) => {
    when(s.proposal[b] === null);
    when(quorum.size === 2 && all(Acceptor, (a) => !quorum.has(a) || s.promises[a][b]!));
    let found = value;
    for (let earlier = 0; earlier < b; earlier += 1) {
      for (const a of Acceptor) found = quorum.has(a) ? (s.votes[a][earlier] ?? found) : found;
    }
    when(!p.listens || value === found);
    s.proposal[b] = value;
  },
);

/** An acceptor votes for the proposal of a ballot, unless it has taken part in a higher one. */
export const vote = paxos.action(
  (p) => ({ a: Acceptor, b: ballot(p) }),
  (s, { a, b }, p) => {
    when(s.votes[a][b] === null && s.proposal[b] !== null);
    for (let other = b + 1; other < p.ballots; other += 1) when(!tookPart(s, a, other));
    s.votes[a][b] = s.proposal[b]!;
  },
);

/** Two different values are never chosen. */
export const agreement = paxos.invariant((s, p) => !(chosen(s, 'blue', p) && chosen(s, 'green', p)));

/** Votes are for what was proposed. */
export const votesForProposals = paxos.invariant((s) =>
  all(Acceptor, (a) => s.votes[a].every((value, b) => value === null || value === s.proposal[b])),
);

/** A value is chosen. The highest ballot there is has no rival, so it succeeds. */
export const somethingIsChosen = paxos.property((s, p) => eventually(some(Value, (value) => chosen(s, value, p))));

/** Acceptors answer, and the leader of a ballot goes on with it. */
export const progress = paxos.fairness(weak(promise, vote), weak(propose, { per: ['b'] }));

/** All have voted in the highest ballot. */
export const decided = paxos.terminal((s, p) => all(Acceptor, (a) => s.votes[a][p.ballots - 1] !== null));

export const twoBallots = paxos.model({}, { distinct: 3776 });

export const threeBallots = paxos.model({ ballots: 3 }, { distinct: 173_824 });

/** Near miss: a leader that does not ask what was voted for before can overturn what was chosen. */
export const deaf = paxos.model({ listens: false }, { violates: [agreement], distinct: 5184 });

function tookPart(s: State, a: Id<'Acceptor'>, b: number): boolean {
  return s.promises[a][b]! || s.votes[a][b] !== null;
}

/** A majority has voted for the value in one ballot. */
function chosen(s: State, value: z.infer<typeof Value>, p: { readonly ballots: number }): boolean {
  for (let b = 0; b < p.ballots; b += 1) {
    if (count(Acceptor, (a) => s.votes[a][b] === value) >= 2) return true;
  }
  return false;
}
