import { eventually, implies, pick, spec, weak, z } from 'fairlead';

const Flag = z.boolean();

/**
 * Electing a leader on a ring: candidates send their number around, and smaller numbers swallow larger ones.
 *
 * E. Chang and R. Roberts, "An improved algorithm for decentralized extrema-finding in circular configurations of
 * processes", CACM 22(5), 1979. Any set of nodes may be candidates; node `i` has number `i`.
 *
 * @notModeled
 * Nodes that fail, and messages that are lost or overtake each other.
 */
export const changRoberts = spec('Chang-Roberts', {
  params: {
    nodes: z.int().min(2).max(5).default(3),
    /** What a candidate does with a number larger than its own. */
    larger: z.enum(['swallow', 'forward']).default('swallow'),
  },
  state: (p) => {
    const Node = z
      .int()
      .min(0)
      .max(p.nodes - 1);
    return {
      /** Numbers under way to a node. */
      messages: z.array(z.set(Node)).length(p.nodes),
      candidate: z.array(z.boolean()).length(p.nodes),
      standing: z.array(z.enum(['candidate', 'lost', 'won'])).length(p.nodes),
    };
  },
  init: (s, p) => {
    for (let i = 0; i < p.nodes; i += 1) {
      s.candidate[i] = pick(Flag);
      s.standing[i] = s.candidate[i] ? 'candidate' : 'lost';
    }
  },
});

const self = (p: { readonly nodes: number }) => ({
  i: z
    .int()
    .min(0)
    .max(p.nodes - 1),
});

/** A candidate sends its number to the next node; then every node handles the numbers that come, in any order. */
export const node = changRoberts.process(self, function* (s, { i }, p) {
  const next = (i + 1) % p.nodes;
  yield 'begin';
  if (s.candidate[i]!) s.messages[next]!.add(i);
  while (true) {
    yield 'handle';
    const number = pick(s.messages[i]!);
    s.messages[i]!.delete(number);
    if (s.standing[i] === 'lost') {
      s.messages[next]!.add(number);
    } else if (number < i) {
      s.standing[i] = 'lost';
      s.messages[next]!.add(number);
    } else if (number === i) {
      s.standing[i] = 'won';
    } else if (p.larger === 'forward') {
      s.messages[next]!.add(number);
    }
  }
});

/** The winner is the candidate with the smallest number, and all others know that they have lost. */
export const smallestWins = changRoberts.invariant((s) =>
  s.standing.every(
    (standing, i) =>
      standing !== 'won' ||
      (s.candidate[i]! && s.standing.every((other, j) => i === j || (other === 'lost' && (!s.candidate[j]! || i < j)))),
  ),
);

/** If there is a candidate, somebody wins. */
export const somebodyWins = changRoberts.property((s) =>
  implies(
    s.standing.some((standing) => standing === 'candidate'),
    eventually(s.standing.some((standing) => standing === 'won')),
  ),
);

export const everybodyMoves = changRoberts.fairness(weak(node));

/** All have begun and all numbers have been handled. */
export const quiet = changRoberts.terminal((s) =>
  s.messages.every((messages, i) => messages.size === 0 && node.at({ i }, 'handle')),
);

export const three = changRoberts.model({}, { distinct: 137 });

/** Near miss: if numbers are only forwarded, more than one comes home. */
export const forwarding = changRoberts.model(
  { larger: 'forward' },
  { violates: [smallestWins, somebodyWins], distinct: 197 },
);
