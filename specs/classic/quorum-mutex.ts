import { all, always, count, eventually, ids, leadsTo, record, some, spec, strong, when, z } from 'fairlead';

const Node = ids('Node', (p) => p.rows * 2);

/**
 * Mutual exclusion by votes: whoever has the vote of every node of its quorum goes in. Each node has one vote to give.
 *
 * M. Maekawa, "A √N algorithm for mutual exclusion in decentralized systems", ACM TOCS 3(2), 1985: nodes stand in a grid,
 * and a quorum is the row and the column of a node, so that any two have a node in common. Who asks in the order of the
 * nodes cannot wait in a circle; Maekawa, who asks all at once, needs messages that take votes back.
 *
 * @notModeled
 * Messages and their order: a vote is asked for and given in one step. Nodes that fail. Maekawa's messages that take
 * votes back.
 */
export const quorumMutex = spec('quorum mutex', {
  params: {
    /** The grid has two columns. */
    rows: z.int().min(1).max(3).default(2),
    quorums: z.enum(['rowAndColumn', 'row', 'majority']).default('rowAndColumn'),
    /** Whether all ask in one order. */
    inOrder: z.boolean().default(true),
  },
  constants: (p) => {
    const nodes = [...Node];
    const rowOf = (n: number) => Math.floor(n / 2);
    const isIn = (me: number, other: number): boolean => {
      if (p.quorums === 'majority') return (other - me + nodes.length) % nodes.length <= nodes.length / 2;
      return rowOf(me) === rowOf(other) || (p.quorums === 'rowAndColumn' && me % 2 === other % 2);
    };
    return {
      /** Whose votes a node needs, in the order in which it asks. */
      quorumOf: record(Node, (n) => {
        const me = nodes.indexOf(n);
        const members = nodes.filter((_, other) => isIn(me, other));
        return p.inOrder ? members : [...nodes.slice(me), ...nodes.slice(0, me)].filter((one) => members.includes(one));
      }),
    };
  },
  state: () => ({ vote: z.record(Node, Node.nullable()) }),
});

export const node = quorumMutex.process({ n: Node }, function* (s, { n }, p) {
  while (true) {
    yield 'rest';
    for (const member of p.quorumOf[n]) {
      yield 'ask';
      when(s.vote[member] === null);
      s.vote[member] = n;
    }
    yield 'critical';
    for (const other of Node) if (s.vote[other] === n) s.vote[other] = null;
  }
});

export const mutualExclusion = quorumMutex.invariant(() => count(Node, (n) => node.at({ n }, 'critical')) <= 1);

export const scheduler = quorumMutex.fairness(strong(node));

export const getsIn = quorumMutex.property(() =>
  all(Node, (n) => leadsTo(node.at({ n }, 'ask'), node.at({ n }, 'critical'))),
);
export const goesOn = quorumMutex.property(() => always(eventually(some(Node, (n) => node.at({ n }, 'critical')))));

export const grid = quorumMutex.model({}, { distinct: 156 });
export const threeRows = quorumMutex.model({ rows: 3 }, { distinct: 1664 });
export const majority = quorumMutex.model({ rows: 3, quorums: 'majority' }, { distinct: 1960 });
/** Near miss: rows that have no node in common. */
export const apart = quorumMutex.model({ quorums: 'row' }, { violates: [mutualExclusion], distinct: 144 });
/** Near miss: each asks itself first, and they wait in a circle. */
export const selfFirst = quorumMutex.model(
  { inOrder: false },
  { violates: [getsIn, goesOn], deadlocks: true, distinct: 205 },
);
