import { all, always, count, eventually, spec, weak, when, z } from 'fairlead';

const Node = z.int().min(0).max(2);

/**
 * Three nodes hand a token around a ring; who has it may enter. A monitor makes a new one when it is lost.
 *
 * G. Le Lann, "Distributed systems: towards a formal approach", IFIP Congress 1977. The token gives mutual exclusion and
 * everybody a turn. What is hard is to know that it is lost: a monitor that only guesses, from a timeout, makes two.
 *
 * @notModeled
 * Messages other than the token, and real time: a timeout may come at any moment.
 */
export const tokenRing = spec('token ring', {
  params: {
    /** Whether the token can get lost, once. */
    lossy: z.boolean().default(false),
    monitor: z.enum(['none', 'knowing', 'guessing']).default('none'),
  },
  state: () => ({
    /** Who has a token. */
    token: z.array(z.boolean()).length(3),
    lost: z.boolean(),
    /** Whether the monitor has made another token. */
    renewed: z.boolean(),
  }),
  init: (s) => {
    s.token[0] = true;
  },
});

export const node = tokenRing.process({ i: Node }, function* (s, { i }) {
  while (true) {
    yield 'await';
    when(s.token[i]!);
    yield 'critical';
    yield 'pass';
    s.token[i] = false;
    s.token[(i + 1) % 3] = true;
  }
});

/** The token gets lost between two nodes. */
export const lose = tokenRing.action({ i: Node }, (s, { i }, p) => {
  when(p.lossy && !s.lost && s.token[i]! && node.at({ i }, 'await'));
  s.token[i] = false;
  s.lost = true;
});

/** A new token for node 0: when there is none, or when the monitor has waited long enough for its taste. */
export const renew = tokenRing.action((s, p) => {
  when(p.monitor !== 'none' && !s.renewed);
  when(p.monitor === 'guessing' || s.token.every((token) => !token));
  s.renewed = true;
  s.token[0] = true;
});

export const mutualExclusion = tokenRing.invariant(() => count(Node, (i) => node.at({ i }, 'critical')) <= 1);

/** Everybody has a turn again and again. */
export const everybodyEnters = tokenRing.property(() =>
  all(Node, (i) => always(eventually(node.at({ i }, 'critical')))),
);

/** Nodes and the monitor do what they can; nothing has to get lost. */
export const runs = tokenRing.fairness(weak(node, renew));

export const reliable = tokenRing.model({}, { distinct: 9 });

/** Without a monitor, a lost token is lost for good. */
export const unwatched = tokenRing.model(
  { lossy: true },
  { violates: [everybodyEnters], deadlocks: true, distinct: 10 },
);

export const watched = tokenRing.model({ lossy: true, monitor: 'knowing' }, { distinct: 19 });

/** Near miss: a monitor with little patience makes a second token, and has none left when it is needed. */
export const guessing = tokenRing.model(
  { lossy: true, monitor: 'guessing' },
  { violates: [mutualExclusion, everybodyEnters], deadlocks: true, distinct: 56 },
);
