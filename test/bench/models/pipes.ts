import { spec, when, z } from 'fairlead';

const Message = z.enum(['ask', 'answer', 'stop']);

/** A ring of bounded channels: each node takes from one and puts into the next. Sequences, for measuring. */
export const pipes = spec('pipes', {
  params: { channels: z.int().min(2).max(4).default(3), capacity: z.int().min(1).max(6).default(4) },
  state: (p) => ({ channel: z.array(z.array(Message).max(p.capacity)).length(p.channels) }),
});

const Channel = (p: { readonly channels: number }) => ({
  c: z
    .int()
    .min(0)
    .max(p.channels - 1),
});

export const send = pipes.action(
  (p) => ({ ...Channel(p), m: Message }),
  (s, { c, m }, p) => {
    when(s.channel[c]!.length < p.capacity);
    s.channel[c]!.push(m);
  },
);

export const pass = pipes.action(Channel, (s, { c }, p) => {
  const next = s.channel[(c + 1) % p.channels]!;
  when(s.channel[c]!.length > 0 && next.length < p.capacity);
  next.push(s.channel[c]!.shift()!);
});

export const drop = pipes.action(Channel, (s, { c }) => {
  when(s.channel[c]!.at(-1) === 'stop');
  s.channel[c]!.pop();
});

export const rotate = pipes.action(Channel, (s, { c }) => {
  const channel = s.channel[c]!;
  when(channel.length > 1);
  channel.push(channel.shift()!);
});

export const bounded = pipes.invariant((s, p) => s.channel.every((one) => one.length <= p.capacity));

export const three = pipes.model({});
