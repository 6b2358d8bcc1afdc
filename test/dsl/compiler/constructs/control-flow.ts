import { either, pick, spec, verify, when, z } from 'fairlead';

const Small = z.int().min(0).max(4);
const Mode = z.enum(['idle', 'busy', 'done']);

export const controlFlow = spec('control flow', {
  params: { limit: z.int().min(0).max(5).default(3) },
  state: (p) => ({
    n: Small,
    m: z
      .int()
      .min(0)
      .max(p.limit + 7),
    mode: Mode,
    row: z.array(Small).length(3),
  }),
  init: (s) => {
    s.mode = pick(Mode);
    s.row = [0, 1, 2];
  },
});

export const branches = controlFlow.action((s) => {
  if (s.n === 0) s.m = 1;
  else if (s.n === 1) {
    s.m = 2;
  } else {
    s.m = 0;
  }
});

export const ternary = controlFlow.action((s, p) => {
  s.n = s.mode === 'idle' ? 1 : s.m < p.limit ? 2 : 0;
});

export const switched = controlFlow.action((s) => {
  switch (s.mode) {
    case 'idle':
      s.mode = 'busy';
      break;
    // @ts-expect-error -- it falls through, which the project's own configuration forbids.
    case 'busy':
      s.m = 1;
    case 'done':
      s.mode = 'idle';
  }
});

export const switchedNumber = controlFlow.action((s) => {
  switch (s.n) {
    case 0:
    case 1:
      s.m = 1;
      break;
    default: {
      if (s.m === 1) break;
      s.m = 0;
      break;
    }
    case 2:
      s.m = 2;
  }
});

export const counted = controlFlow.action((s, p) => {
  let sum = 0;
  for (let i = 0; i < 3; i++) sum += s.row[i]!;
  for (let i = p.limit; i > 0; i--) {
    if (i === 2) continue;
    sum += 1;
  }
  for (let i = s.n; i <= s.row.length; i += 1) {
    sum += 1;
    if (sum > 6) break;
  }
  s.m = sum;
});

export const nested = controlFlow.action((s) => {
  let found = 0;
  outer: for (const a of s.row) {
    for (const b of s.row) {
      if (a === b) continue outer;
      if (a + b === 3) break outer;
      found += 1;
    }
  }
  s.m = found;
});

export const whiles = controlFlow.action((s) => {
  let i = s.n;
  while (i < 3) {
    i += 1;
    if (i === 2) continue;
    s.row[i - 1] = i;
  }
  do {
    i -= 1;
  } while (i > s.n);
  s.m = i;
});

export const general = controlFlow.action((s) => {
  let total = 0;
  for (let i = 0, j = 3; i < j; i++, j--) total += i + j;
  s.m = total;
});

export const returned = controlFlow.action((s) => {
  if (s.mode === 'done') return;
  for (const v of s.row) {
    if (v === s.n) {
      s.m = v;
      return;
    }
  }
  s.m = 5;
});

export const chosen = controlFlow.action((s) => {
  either(
    () => {
      s.n = 1;
    },
    () => {
      s.n = pick(s.row);
    },
    () => {
      when(s.n > 0);
      s.n -= 1;
    },
  );
  const again = pick(z.int().min(0).max(1));
  s.m = again + s.n;
});

export const checked = controlFlow.action((s) => {
  when(s.mode === 'busy');
  verify(s.n < 3, `n is ${s.n}`);
  s.n = 4;
});

export const labeled = controlFlow.action((s) => {
  part: {
    if (s.n > 1) break part;
    s.n = 2;
  }
  s.m = 1;
});

export const shortCircuit = controlFlow.action((s) => {
  const bump = () => {
    s.n = (s.n + 1) % 5;
    return s.n > 2;
  };
  if (s.mode === 'idle' && bump()) s.m = 1;
  if (s.mode === 'busy' || bump()) s.m = 2;
  s.m = bump() ? (bump() ? 3 : 4) : 5;
});

export const rowSorted = controlFlow.invariant((s) => s.row.every((v, i) => v <= 4 && i < 3));
