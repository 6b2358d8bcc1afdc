import { spec, when, z } from 'fairlead';

/**
 * Electing a leader on a ring where messages go in one direction only.
 *
 * D. Dolev, M. Klawe and M. Rodeh, "An O(n log n) unidirectional distributed algorithm for extrema finding in a circle",
 * Journal of Algorithms 3(3), 1982. Nodes that are active pass on the number of the one before them; who finds that
 * number to be larger than those of both its neighbors stays active, in its name. Channels are buffered, and keep the order.
 *
 * Nearly all steps of different nodes can come in any order: with `--reduction order` the number of states grows with that
 * of the nodes, and not exponentially.
 *
 * @notModeled
 * Nodes that fail, and messages that are lost or overtake each other.
 */
export const leaderElection = spec('leader election', {
  params: {
    nodes: z.int().min(2).max(12).default(3),
  },
  state: ({ nodes }) => {
    const Num = z
      .int()
      .min(0)
      .max(nodes - 1);
    const Message = z.object({ kind: z.enum(['one', 'two', 'winner']), number: Num });
    return {
      /** Messages under way to a node. */
      channel: z.array(z.array(Message).max(2 * nodes)).length(nodes),
      active: z.array(z.boolean()).length(nodes),
      /** The largest number that a node has seen. */
      maximum: z.array(Num).length(nodes),
      /** The number of the nearest active node before it. */
      neighbor: z.array(Num).length(nodes),
      /** Whether a node has told the others who is the leader. */
      announced: z.array(z.boolean()).length(nodes),
      leaders: z.int().min(0).max(nodes),
    };
  },
  init: (s, { nodes }) => {
    for (let i = 0; i < nodes; i += 1) {
      s.active[i] = true;
      s.maximum[i] = numberOf(i, nodes);
    }
  },
});

/** Numbers that rise and fall around the ring. */
function numberOf(i: number, nodes: number): number {
  return 2 * i < nodes ? 2 * i : 2 * (nodes - i) - 1;
}

const self = ({ nodes }: { readonly nodes: number }) => ({
  i: z
    .int()
    .min(0)
    .max(nodes - 1),
});

/** Sends its number; then answers each message that comes, or passes it on, until it hears of the winner. */
export const node = leaderElection.process(self, function* (s, { i }, { nodes }) {
  yield 'begin';
  when(s.channel[(i + 1) % nodes]!.length < 2 * nodes);
  s.channel[(i + 1) % nodes]!.push({ kind: 'one', number: numberOf(i, nodes) });
  while (true) {
    yield 'receive';
    when(s.channel[i]!.length > 0);
    const { kind, number } = s.channel[i]!.shift()!;
    if (kind === 'one' && s.active[i] && number === s.maximum[i]) {
      s.announced[i] = true;
      yield 'announce';
      when(s.channel[(i + 1) % nodes]!.length < 2 * nodes);
      s.channel[(i + 1) % nodes]!.push({ kind: 'winner', number });
    } else if (kind === 'one' && s.active[i]) {
      s.neighbor[i] = number;
      yield 'tell';
      when(s.channel[(i + 1) % nodes]!.length < 2 * nodes);
      s.channel[(i + 1) % nodes]!.push({ kind: 'two', number });
    } else if (kind === 'two' && s.active[i]) {
      if (s.neighbor[i]! > s.maximum[i]! && s.neighbor[i]! > number) {
        s.maximum[i] = s.neighbor[i]!;
        yield 'goOn';
        when(s.channel[(i + 1) % nodes]!.length < 2 * nodes);
        s.channel[(i + 1) % nodes]!.push({ kind: 'one', number: s.neighbor[i]! });
      } else {
        s.active[i] = false;
      }
    } else if (kind === 'winner') {
      if (number === numberOf(i, nodes)) {
        yield 'elect';
        s.leaders += 1;
      }
      if (!s.announced[i]) {
        yield 'pass on the winner';
        when(s.channel[(i + 1) % nodes]!.length < 2 * nodes);
        s.channel[(i + 1) % nodes]!.push({ kind: 'winner', number });
      }
      return;
    } else {
      yield 'pass on';
      when(s.channel[(i + 1) % nodes]!.length < 2 * nodes);
      s.channel[(i + 1) % nodes]!.push({ kind, number });
    }
  }
});

/** There are never two leaders. */
export const atMostOne = leaderElection.invariant((s) => s.leaders <= 1);

/** A node is elected. */
export const elected = leaderElection.sometimes((s) => s.leaders === 1);

export const three = leaderElection.model({ nodes: 3 }, { distinct: 73 });
export const five = leaderElection.model({ nodes: 5 }, { distinct: 874 });
