import { all, ids, pick, spec, when, z } from 'fairlead';

const Node = ids('Node', (p) => p.nodes);

/** Everybody knows a rumor; two who meet share all they know, and now and then somebody forgets one. Sets, for measuring. */
export const gossip = spec('gossip', {
  params: { nodes: z.int().min(2).max(6).default(5) },
  state: () => ({ knows: z.record(Node, z.set(Node)) }),
  init: (s) => {
    for (const n of Node) s.knows[n].add(n);
  },
});

export const meet = gossip.action({ a: Node, b: Node }, (s, { a, b }) => {
  when(a !== b && !s.knows[b].isSubsetOf(s.knows[a]));
  s.knows[a] = s.knows[a].union(s.knows[b]);
});

export const forget = gossip.action({ a: Node }, (s, { a }) => {
  const rumor = pick(s.knows[a].difference(new Set([a])));
  s.knows[a].delete(rumor);
});

export const everybodyKnowsItself = gossip.invariant((s) => all(Node, (n) => s.knows[n].has(n)));

export const five = gossip.model({});
