import { all, anyOf, count, equal, local, pick, record, some, spec, values, when, z } from 'fairlead';

/** Integers with gaps between them, wherever a domain may stand. */
const Level = z.literal([5, 1, 2]);
const Wide = z.union([z.int().min(0).max(3), z.literal(9)]);
const Mixed = z.literal([0, 2, 'none']);
const Sign = z.union([z.literal(100), z.literal(-1)]);
const Gap = z.union([z.literal(7), z.literal(4), z.null()]);

const nameOf = { 1: 'low', 2: 'mid', 5: 'high' } as const;

export const gaps = spec('gaps', {
  params: { top: Level.default(5) },
  constants: () => ({ weight: { 1: 10, 2: 20, 5: 50 } }),
  state: (p) => ({
    level: Level,
    wide: Wide.default(9),
    mixed: Mixed,
    sign: Sign.nullable(),
    gap: Gap.optional(),
    list: z.array(Wide).max(2),
    seen: z.set(Mixed),
    on: z.record(Level, z.boolean()),
    start: anyOf(z.literal([3, 7])),
    most: z.int().min(0).max(p.top),
  }),
});

export const raise = gaps.action({ to: Level, by: z.literal([0, 2]) }, (s, { to, by }, p) => {
  when(to <= p.top && to !== s.level);
  s.level = to;
  s.on[to] = !s.on[to];
  s.most = Math.min(to + by, p.top);
});

/** Narrowed by comparison, as TypeScript does. */
export const next = gaps.action((s) => {
  s.level = s.level === 1 ? 2 : s.level === 2 ? 5 : 1;
  switch (s.level) {
    case 1:
      s.mixed = 'none';
      break;
    case 2:
      s.mixed = s.level;
      break;
    case 5:
      s.mixed = 0;
  }
});

/** Arithmetic, which may end in a gap. */
export const add = gaps.action({ n: z.literal([-1, 1, 6]) }, (s, { n }) => {
  s.wide += n;
});

export const choose = gaps.action((s) => {
  s.wide = pick(Wide);
  when(s.wide !== 1);
});

export const mix = gaps.action((s) => {
  const chosen = pick(Mixed);
  s.seen.add(chosen);
  if (typeof chosen === 'number') s.sign = chosen === 2 ? pick(Sign) : null;
  else s.gap = s.gap === undefined ? null : s.gap === null ? pick(z.literal([4, 7])) : undefined;
});

export const keep = gaps.action((s) => {
  if (s.list.length < 2) s.list.push(s.wide);
  else {
    const [first] = s.list;
    s.list = s.list.filter((one) => one !== first);
    s.wide = s.list.length === 0 ? 9 : Math.max(...s.list) > 3 ? 9 : 0;
  }
});

/** Positions and bounds of loops. */
export const walk = gaps.action((s, p) => {
  let sum = 0;
  for (const level of values(Level)) if (s.on[level]) sum += p.weight[level];
  for (let i = 0; i < s.level; i++) sum += i;
  when(sum < 100);
  const at = s.list[s.level === 1 ? 0 : s.level];
  s.most = nameOf[s.level] === 'high' && at !== 9 ? 1 : s.level in s.on ? 0 : 2;
});

export const reset = gaps.action((s) => {
  s.on = record(Level, (level) => level > s.level);
  s.seen = new Set([s.mixed]);
});

/** A name for one of them is kept between steps. */
export const worker = gaps.process({ me: z.literal([1, 4]) }, function* (s, { me }) {
  while (true) {
    yield 'idle';
    when(s.level !== 2);
    const had = s.level;
    let mine = local(z.literal([1, 4, 6]), me);
    yield 'busy';
    when(s.level !== had);
    mine = mine === 6 ? 1 : 6;
    s.wide = mine > had ? 9 : 0;
    yield 'written';
    s.mixed = mine === 1 ? 2 : 'none';
  }
});

export const inOrder = gaps.invariant(() => equal(values(Level), [1, 2, 5]) && equal(values(Mixed), [0, 2, 'none']));
export const never = gaps.invariant((s) => s.level + 0 !== 3 && all(Wide, (w) => w < 4 || w === 9));
export const counted = gaps.invariant(
  (s) => count(Level, (level) => s.on[level]) <= 3 && some(Sign, (sign) => sign < 0 || s.sign === sign),
);
