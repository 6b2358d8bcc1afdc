import {
  all,
  count,
  eventually,
  ids,
  implies,
  pick,
  some,
  spec,
  values,
  weak,
  when,
  z,
  type Id,
  type StateOf,
} from 'fairlead';

const Node = ids('Node', 3);
const Color = z.enum(['red', 'blue']);

/** Messages are never lost or doubled, and may overtake each other. */
const Message = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('query'), from: Node, to: Node, color: Color }),
  z.object({ kind: z.literal('reply'), from: Node, to: Node, color: Color }),
  z.object({ kind: z.literal('over'), from: Node }),
]);

/**
 * Agreeing on a color by asking around: in each round a node asks a sample of the others what color they have, and takes
 * the color that enough of them name.
 *
 * Team Rocket, "Snowflake to Avalanche: a novel metastable consensus protocol family for cryptocurrencies", 2018; the steps
 * are those of A. Helwer's "Slush" in TLA+. Among many nodes the protocol makes agreement likely, no more, and how likely is
 * for a probabilistic checker to say. Of three nodes that ask both others, the majority wins whatever happens.
 *
 * @notModeled
 * Chance: which nodes are asked is left open, so what is likely cannot be said. Nodes that lie.
 */
export const slush = spec('Slush', {
  params: {
    rounds: z.int().min(0).max(2).default(1),
    /** How many others a node asks. */
    sample: z.int().min(1).max(2).default(2),
    /** How many of them have to name a color. */
    threshold: z.int().min(1).max(2).default(2),
  },
  state: () => ({
    /** Nobody has a color at first. */
    color: z.record(Node, z.nullable(Color)),
    messages: z.set(Message),
  }),
});

type State = StateOf<typeof slush>;

/** Colors nodes until all of them have one; it may happen to choose one that is colored already. */
export const client = slush.process(function* (s) {
  while (true) {
    yield 'look';
    if (all(Node, (n) => s.color[n] !== null)) return;
    yield 'assign';
    const n = pick(Node);
    const color = pick(Color);
    s.color[n] ??= color;
  }
});

/** The side of a node that asks. */
export const asker = slush.process({ me: Node }, function* (s, { me }, p) {
  yield 'uncolored';
  when(s.color[me] !== null);
  for (let round = 0; round < p.rounds; round += 1) {
    yield 'begin';
    yield 'ask';
    const asked = pick(z.set(Node));
    when(asked.size === p.sample && !asked.has(me));
    for (const n of asked) s.messages.add({ kind: 'query', from: me, to: n, color: s.color[me] });
    yield 'tally';
    when(all(asked, (n) => isNamed(s, n, me, 'red') || isNamed(s, n, me, 'blue')));
    if (count(asked, (n) => isNamed(s, n, me, 'red')) >= p.threshold) s.color[me] = 'red';
    else if (count(asked, (n) => isNamed(s, n, me, 'blue')) >= p.threshold) s.color[me] = 'blue';
    for (const from of asked) {
      for (const color of values(Color)) s.messages.delete({ kind: 'reply', from, to: me, color });
    }
  }
  yield 'end';
  yield 'quit';
  s.messages.add({ kind: 'over', from: me });
});

/** The side of a node that answers. A node without a color takes that of the first who asks. */
export const answerer = slush.process({ me: Node }, function* (s, { me }) {
  while (true) {
    yield 'listen';
    if (isOver(s)) return;
    yield 'await';
    when(isOver(s) || some(s.messages, (m) => m.kind === 'query' && m.to === me));
    if (isOver(s)) continue;
    yield 'reply';
    const query = pick(s.messages);
    when(query.kind === 'query' && query.to === me);
    const color = s.color[me] ?? query.color;
    s.color[me] = color;
    s.messages.delete(query);
    s.messages.add({ kind: 'reply', from: me, to: query.from, color });
  }
});

/** When all nodes have stopped, they have one color. */
export const agreement = slush.invariant((s) =>
  implies(
    haveStopped(),
    all(Color, (color) => all(Node, (n) => s.color[n] === color) || all(Node, (n) => s.color[n] !== color)),
  ),
);

export const redCanWin = slush.sometimes((s) => haveStopped() && all(Node, (n) => s.color[n] === 'red'));

/** Everybody stops asking and answering. */
export const termination = slush.property(() => eventually(haveStopped()));

export const everybodyMoves = slush.fairness(weak(client, asker, answerer));

export const oneRound = slush.model({}, { distinct: 274_678 });

/**
 * Near miss: whoever asks only one other can be persuaded by the minority while the minority is persuaded by the majority.
 * And a node that the client forgets and nobody asks waits for a color forever.
 */
export const oneOpinion = slush.model(
  { sample: 1, threshold: 1 },
  { violates: [agreement, termination], distinct: 246_796 },
);

function haveStopped(): boolean {
  return all(Node, (me) => asker.at({ me }, 'done') && answerer.at({ me }, 'done'));
}

/** Whether all have announced that they ask no more, and nothing else is under way. */
function isOver(s: State): boolean {
  return s.messages.size === 3 && all(Node, (from) => s.messages.has({ kind: 'over', from }));
}

/** Whether a reply from a node names a color. */
function isNamed(s: State, from: Id<'Node'>, to: Id<'Node'>, color: z.infer<typeof Color>): boolean {
  return s.messages.has({ kind: 'reply', from, to, color });
}
