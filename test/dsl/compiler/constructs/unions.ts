import { equal, ids, pick, spec, when, z } from 'fairlead';

const Node = ids('Node', 2);
const Bit = z.int().min(0).max(1);
const Message = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('request'), from: Node, round: Bit }),
  z.object({ kind: z.literal('answer'), to: Node, value: Bit.optional() }),
  z.object({ kind: z.literal('stop') }),
]);

export const unions = spec('unions', {
  state: () => ({
    message: Message.nullable(),
    inbox: z.array(Message).max(2),
    seen: z.set(Message),
    note: z.object({ who: Node.optional(), text: z.enum(['x', 'y']).nullable() }),
    any: z.union([z.boolean(), Bit, z.enum(['a', 'b'])]),
    n: z.int().min(0).max(4),
  }),
});

export const request = unions.action({ node: Node, round: Bit }, (s, { node, round }) => {
  when(s.message === null);
  s.message = { kind: 'request', from: node, round };
});
export const answer = unions.action((s) => {
  const { message } = s;
  when(message !== null && message.kind === 'request');
  s.n = message.round;
  s.message =
    message.round === 0 ? { kind: 'answer', to: message.from } : { kind: 'answer', to: message.from, value: 1 };
});
export const receive = unions.action((s) => {
  when(s.message?.kind === 'answer');
  if (s.message.value === undefined) s.n = 2;
  else s.n = s.message.value;
  s.note = { who: s.message.to, text: 'x' };
  s.message = null;
});
export const narrow = unions.action((s) => {
  const m = s.message;
  if (m === null) s.n = 4;
  else {
    switch (m.kind) {
      case 'request':
        m.round = 1;
        s.n = m.round;
        break;
      case 'answer':
        s.note.who = m.to;
        break;
      case 'stop':
        s.n = 3;
    }
  }
});
export const keep = unions.action((s) => {
  when(s.message !== null && s.inbox.length < 2);
  s.inbox.push(s.message);
  s.message = { kind: 'stop' };
});
export const handle = unions.action((s) => {
  const [first] = s.inbox;
  when(first !== undefined);
  s.inbox.shift();
  if (first.kind === 'request') s.note.who = first.from;
  s.seen = new Set();
  s.seen.add(first);
  s.n = s.seen.has({ kind: 'stop' }) ? 1 : 0;
});
export const compare = unions.action((s) => {
  s.n = equal(s.note, { text: null }) ? 1 : equal(s.inbox, []) ? 2 : 3;
});
export const forget = unions.action((s) => {
  s.note = { text: s.note.text === null ? 'y' : null };
  s.inbox = [];
  s.seen = new Set();
});
export const scalars = unions.action((s) => {
  s.any = pick(z.union([z.boolean(), Bit, z.enum(['a', 'b'])]));
  s.n = s.any === true ? 1 : s.any === 1 ? 2 : s.any === 'a' ? 3 : 0;
});
export const stop = unions.action((s) => {
  s.message = pick([{ kind: 'stop' } as const, null]);
});

export const small = unions.within((s) => s.inbox.length < 2 && s.n < 3);
