import { all, count, ids, pick, record, some, spec, values, when, z } from 'fairlead';

const Node = ids('Node', 3);
const Bit = z.int().min(0).max(1);
const Mode = z.enum(['zulu', 'alpha', 'mike']);

export const collections = spec('collections', {
  state: () => ({
    queue: z.array(Bit).max(3),
    nodes: z.set(Node),
    pairs: z.set(z.tuple([Bit, Bit])),
    n: z.int().min(-1).max(12),
    modes: z.record(Mode, Bit),
    answer: z.boolean(),
  }),
});

export const push = collections.action({ v: Bit }, (s, { v }) => {
  when(s.queue.length < 3);
  s.n = s.queue.push(v);
});
export const unshift = collections.action((s) => {
  when(s.queue.length < 2);
  s.queue.unshift(1, 0);
});
export const pop = collections.action((s) => {
  const last = s.queue.pop();
  s.n = last ?? -1;
});
export const shift = collections.action((s) => {
  s.n = s.queue.shift() ?? -1;
});
export const splice = collections.action({ at: z.int().min(-2).max(3), count: z.int().min(0).max(2) }, (s, args) => {
  const removed = s.queue.splice(args.at, args.count, 1);
  s.n = removed.length;
  when(s.queue.length <= 3);
});
export const spliceRest = collections.action((s) => {
  s.queue.splice(1);
});
export const slice = collections.action((s) => {
  s.queue = s.queue.slice(-2, 3).concat(s.queue.slice(0, 1));
});
export const fill = collections.action((s) => {
  s.queue.fill(1);
});
export const spread = collections.action((s) => {
  when(s.queue.length < 3);
  s.queue = [...s.queue, 1];
});
export const spreadSet = collections.action((s) => {
  s.n = [...s.nodes].length + [...Node, ...Node].length;
});

export const search = collections.action((s) => {
  const { queue } = s;
  s.answer = queue.includes(1) && queue.some((v) => v === 0) && !queue.every((v) => v === 0);
  s.n =
    queue.indexOf(1) +
    queue.findIndex((v, i) => v === 1 && i > 0) +
    (queue.find((v) => v === 1) ?? 0) +
    (queue.at(-1) ?? 0) +
    queue.filter((v) => v === 1).length +
    queue.map((v, i) => v + i).reduce((total, v) => total + v, 0);
});
export const reduce = collections.action((s) => {
  s.n = s.queue.reduce((largest, v, i) => Math.max(largest, v * i), -1);
});
export const each = collections.action((s) => {
  let sum = 0;
  s.queue.forEach((v, i) => {
    sum += v + i;
  });
  for (const [i, v] of s.queue.entries()) sum += i * v;
  s.n = sum;
});
export const changed = collections.action((s) => {
  s.queue = s.queue.with(0, 1);
});

export const add = collections.action({ node: Node }, (s, { node }) => {
  s.nodes.add(node);
  s.n = s.nodes.size;
});
export const remove = collections.action({ node: Node }, (s, { node }) => {
  s.answer = s.nodes.delete(node);
});
export const algebra = collections.action({ other: z.set(Node) }, (s, { other }) => {
  s.answer =
    s.nodes.isSubsetOf(other) ||
    other.isSupersetOf(s.nodes) ||
    s.nodes.isDisjointFrom(other) ||
    s.nodes.has(pick(Node));
  s.nodes = s.nodes.union(other).difference(s.nodes.intersection(other));
});
export const symmetric = collections.action({ node: Node }, (s, { node }) => {
  s.nodes = s.nodes.symmetricDifference(new Set([node]));
});
export const drained = collections.action((s) => {
  for (const node of s.nodes) s.nodes.delete(node);
});
export const cleared = collections.action((s) => {
  s.nodes.clear();
  s.pairs = new Set();
});
export const tuples = collections.action({ pair: z.tuple([Bit, Bit]) }, (s, { pair }) => {
  when(s.pairs.size < 2);
  const [left, right] = pair;
  s.pairs.add([right, left]);
  s.answer = s.pairs.has([left, right]);
  s.n = [...s.pairs].length;
});
export const made = collections.action((s) => {
  s.nodes = new Set([...Node].filter((node) => s.nodes.has(node)));
  s.nodes = new Set(s.nodes);
});

export const records = collections.action((s) => {
  s.modes = record(Mode, (mode) => (s.modes[mode] === 1 || mode === 'mike' ? 1 : 0));
  s.n = Object.values(s.modes).filter((v) => v === 1).length;
  s.answer = Object.keys(s.modes).length === 3;
});
export const entries = collections.action((s) => {
  let sum = 0;
  for (const [mode, v] of Object.entries(s.modes)) if (mode !== 'mike') sum += v;
  let position = 0;
  for (const mode of values(Mode)) {
    position += 1;
    if (mode === 'alpha') sum += position;
  }
  s.n = sum;
});
export const replaced = collections.action((s) => {
  s.modes = { ...s.modes, alpha: 1 };
});
export const asked = collections.action((s) => {
  s.answer = 'zulu' in s.modes && all(Node, (node) => s.nodes.has(node)) && some(s.queue, (v) => v === 1);
  s.n =
    count(s.nodes, () => true) +
    count(Node, (node) => !s.nodes.has(node)) +
    count(values(Mode), (m) => s.modes[m] === 0);
});
export const generated = collections.action((s) => {
  s.queue = Array.from({ length: 2 }, (_, i) => i);
  s.n = Array.from(s.nodes, () => 1).length;
});

export const few = collections.within((s) => s.queue.length < 3 || s.pairs.size === 0);
