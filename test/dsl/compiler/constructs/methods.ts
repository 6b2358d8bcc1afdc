import { ids, pick, spec, z } from 'fairlead';

/* Every argument that a method takes, from both ends of an array and beyond them, and what has no method. */

const Node = ids('Node', 2);
const Small = z.int().min(0).max(3);
const From = z.int().min(-5).max(5);
const Mixed = z.union([z.int().min(0).max(2), z.enum(['', 'none']), z.boolean(), z.null(), Node]);

export const methods = spec('methods', {
  state: () => ({
    row: z.array(Small).max(4),
    pairs: z.array(z.object({ x: Small, y: Small })).max(3),
    bag: z.set(Small),
    n: z.int().min(-9).max(40),
    list: z.array(Small).max(4),
    flag: z.boolean(),
    mixed: Mixed,
  }),
  init: (s) => {
    s.row = pick([0, 1]) === 0 ? [2, 1, 2, 3] : [1];
    s.pairs = [
      { x: 1, y: 0 },
      { x: 2, y: 1 },
      { x: 1, y: 2 },
    ];
  },
});

export const searches = methods.action({ from: From, sought: Small }, (s, { from, sought }) => {
  s.n = s.row.indexOf(sought, from) * 5 + s.row.lastIndexOf(sought, from);
  s.flag = s.row.includes(sought, from);
});

export const searchesAll = methods.action({ sought: Small }, (s, { sought }) => {
  s.n = s.row.indexOf(sought) * 5 + s.row.lastIndexOf(sought);
  s.flag = s.row.includes(sought);
});

export const slices = methods.action({ from: From, to: From }, (s, { from, to }) => {
  s.list = s.row.slice(from, to);
  s.n = s.row.slice(from).length;
});

export const finds = methods.action({ least: Small }, (s, { least }) => {
  const last = s.row.findLast((x) => x >= least);
  s.n = (last ?? 9) + 10 * s.row.findLastIndex((x, at, all) => x >= least && at < all.length - 1);
});

export const findsPlace = methods.action({ wanted: Small }, (s, { wanted }) => {
  const last = s.pairs.findLast((pair) => pair.x === wanted);
  if (last) last.y = 3;
});

export const splices = methods.action({ from: From, count: From }, (s, { from, count }) => {
  s.list = s.row.splice(from, count, 0);
});

export const cuts = methods.action({ from: From }, (s, { from }) => {
  s.list = s.row.splice(from);
});

export const spreads = methods.action((s) => {
  const more = s.row.slice(0, 1);
  s.list = [];
  s.n = s.list.push(...more, 3);
  s.list.unshift(...more);
});

export const extremes = methods.action((s) => {
  s.n = Math.max(...s.row) * 10 + Math.min(...s.row, 2);
});

export const ofNothing = methods.action((s) => {
  s.n = Math.max(...s.list);
});

export const reduces = methods.action((s) => {
  s.n = s.row.reduce((sum, x, at, all) => sum + x * at + all.length, 1);
  s.flag = s.row.every((x, at, all) => at === 0 || all[at - 1]! <= x);
});

export const at = methods.action({ from: From }, (s, { from }) => {
  s.n = s.row.at(from) ?? -1;
});

export const changes = methods.action({ to: Mixed }, (s, { to }) => {
  s.mixed = to;
});

export const kinds = methods.action((s) => {
  if (typeof s.mixed === 'number') s.n = s.mixed + 1;
  else if (typeof s.mixed === 'boolean') s.n = s.mixed ? 11 : 12;
  else if (typeof s.mixed === 'string') s.n = s.mixed === 'none' ? 13 : 14;
  else s.n = 15;
});

export const truths = methods.action((s) => {
  s.n = !s.mixed ? 20 : 21;
  if (s.mixed) s.n += 2;
});

export const switches = methods.action((s) => {
  switch (typeof s.mixed) {
    case 'number':
    case 'boolean':
      s.n = 30;
      break;
    case 'object':
      s.n = 31;
      break;
    default:
      s.n = 32;
  }
});
