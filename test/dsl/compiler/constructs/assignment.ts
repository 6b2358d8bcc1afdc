import { ids, pick, spec, when, z } from 'fairlead';

const Node = ids('Node', 2);
const Small = z.int().min(0).max(3);

/** Every way to assign. */
export const assignment = spec('assignment', {
  state: () => ({
    n: Small,
    m: Small,
    flag: z.boolean(),
    owner: Node.nullable(),
    counts: z.record(Node, Small),
    pair: z.object({ left: Small, right: z.object({ deep: Small }) }),
    row: z.array(Small).length(2),
  }),
});

export const plain = assignment.action({ v: Small }, (s, { v }) => {
  s.n = v;
  s.m = s.n;
});

export const compound = assignment.action((s) => {
  when(s.n < 2);
  s.n += 1;
  s.m = 2;
  s.m -= s.n;
  s.m *= 1;
  s.row[0] = 3;
  s.row[0] %= 2;
});

export const steps = assignment.action((s) => {
  when(s.n < 3 && s.m > 0);
  s.row[0] = s.n++;
  s.row[1] = --s.m;
  s.counts[pick(Node)] = s.n;
});

export const logical = assignment.action((s) => {
  s.flag &&= s.n > 1;
  s.flag ||= s.m === 0;
  s.owner ??= pick(Node);
});

export const chained = assignment.action((s) => {
  s.n = s.m = 1;
  s.pair.left = s.pair.right.deep = s.row[0]!;
});

export const swap = assignment.action((s) => {
  [s.n, s.m] = [s.m, s.n];
  [s.row[0], s.row[1]] = [s.row[1]!, s.row[0]!];
});

export const destructured = assignment.action((s) => {
  ({
    left: s.n,
    right: { deep: s.m = 2 },
  } = s.pair);
  [s.row[0], , s.row[1] = 1] = [s.n, s.m];
});

export const order = assignment.action((s) => {
  // The index is that of before the right side has run.
  s.row[s.n % 2] = s.n = 1;
  s.pair = { left: s.m, right: { deep: (s.m = 0) } };
});

export const objects = assignment.action((s) => {
  const before = s.pair.right;
  s.pair.right = { deep: 3 };
  s.n = before.deep;
  before.deep = 2; // No longer a part of the state.
  s.m = s.pair.right.deep;
  s.pair = { ...s.pair, left: before.deep };
});

export const copies = assignment.action((s) => {
  const row = [...s.row];
  row[0] = 1;
  row.push(2);
  s.n = s.row[0]!;
  s.row = row.slice(0, 2);
  s.m = row.length;
});

export const whole = assignment.action((s) => {
  const fresh = { left: 1, right: { deep: 2 } };
  fresh.left = 3;
  s.pair = fresh;
  s.n = s.pair.left;
  s.m = fresh.left;
});

export const reset = assignment.action((s) => {
  s.n = s.m = 0;
  s.flag = false;
  s.owner = null;
  for (const node of Node) s.counts[node] = 0;
  s.pair = { left: 0, right: { deep: 0 } };
  s.row = [0, 0];
});

export const small = assignment.within((s) => s.pair.left < 2 && s.row[0]! < 2 && !s.flag);
export const changes = assignment.step((s, next) => next.n !== s.n || next.m === s.m || s.flag !== next.flag);
