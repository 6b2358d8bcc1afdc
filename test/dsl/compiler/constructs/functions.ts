import { pick, spec, when, z, type StateOf } from 'fairlead';
import { addAll, Table, twice } from './library.ts';
import * as library from './library.ts';

const Small = z.int().min(0).max(5);
const START = 1;
const NEXT = { a: 'b', b: 'c', c: 'a' } as const;
const ORDER = ['a', 'b', 'c'] as const;

export const functions = spec('functions', {
  params: { extra: z.int().min(0).max(2).default(1) },
  state: () => ({
    n: Small,
    m: Small,
    letter: z.enum(ORDER),
    locks: z.array(z.object({ owner: Small.nullable(), waiters: z.array(Small).max(2) })).length(2),
  }),
  init(s) {
    s.n = START;
  },
});

type State = StateOf<typeof functions>;
type Lock = State['locks'][number];

function free(lock: Lock): boolean {
  return lock.owner === null;
}

function take(lock: Lock, me: number): void {
  when(free(lock));
  lock.owner = me;
}

const lockOf = (s: State, i: number): Lock => s.locks[i]!;

function largest(row: readonly number[]): number {
  let best = 0;
  for (const v of row) if (v > best) best = v;
  return best;
}

function firstOver(row: readonly number[], limit: number): number {
  for (const v of row) if (v > limit) return v;
  return 0;
}

function clamp(n: number, { low = 0, high = 5 }: { low?: number; high?: number } = {}): number {
  if (n < low) return low;
  if (n > high) return high;
  return n;
}

const sum = (...all: number[]) => all.reduce((total, v) => total + v, 0);
const compose =
  (f: (n: number) => number, g: (n: number) => number) =>
  (n: number): number =>
    f(g(n));
const next = compose(
  (n) => clamp(n),
  (n) => n + 1,
);

export const references = functions.action({ i: z.int().min(0).max(1) }, (s, { i }) => {
  take(lockOf(s, i), s.n);
  const lock = lockOf(s, i);
  lock.waiters.push(s.n);
  when(lock.waiters.length < 2);
  s.m = lock.waiters[0]!;
});
export const release = functions.action({ i: z.int().min(0).max(1) }, (s, args) => {
  const lock = s.locks[args.i]!;
  when(lock.owner !== null);
  lock.owner = null;
  const { waiters } = lock;
  waiters.shift();
});
export const moved = functions.action((s) => {
  const first = s.locks[0]!;
  s.locks[0] = { owner: 2, waiters: [] };
  s.m = first.owner ?? 0;
  s.locks[1] = first;
});
export const computed = functions.action((s, p) => {
  s.n = clamp(largest([s.n, s.m, p.extra]) + 1);
  s.m = clamp(firstOver([s.n, s.m], 1) + sum(1, s.n), { high: 4 });
});
export const higher = functions.action((s) => {
  s.n = next(s.n);
  s.m = twice((v) => clamp(v + 1), s.m);
});
export const evaluatedOnce = functions.action((s) => {
  const bump = () => (s.n = (s.n + 1) % 6);
  s.m = clamp(bump() + s.n + bump());
});
export const tables = functions.action((s) => {
  s.letter = NEXT[s.letter];
  s.n = Table[s.letter];
  s.m = ORDER.indexOf(s.letter) + library.ONE;
});
export const shared = functions.action((s) => {
  addAll(s.locks[0]!.waiters, [1]);
  when(s.locks[0]!.waiters.length <= 2);
});
export const shadowed = functions.action((s) => {
  const n = s.n;
  {
    const n = 2;
    s.m = n;
  }
  for (const n of [1, 2]) s.m = clamp(s.m + n);
  s.n = n;
});
export const hoisted = functions.action((s) => {
  s.n = later(s.n);
  function later(v: number): number {
    return v === 0 ? 3 : v - 1;
  }
});
export const destructuring = functions.action((s) => {
  const {
    n,
    locks: [first, { owner: second = 4 }],
  } = s as State & { locks: [Lock, Lock] };
  const [a, ...rest] = [n, s.m, 1];
  s.m = clamp((second ?? 0) + rest.length + a! + (first.owner ?? 0));
});
export const optional = functions.action((s) => {
  const found = s.locks.find((lock) => lock.owner !== null);
  s.n = found?.owner ?? 0;
  s.m = s.locks.find((lock) => free(lock))?.waiters[0] ?? 5;
});
function offer(s: State, wanted?: () => number, after?: (v: number) => void): void {
  s.n = clamp(wanted?.() ?? 4);
  after?.(s.n);
}
export const offered = functions.action((s) => {
  const one: { of?: () => number } = { of: () => 2 };
  offer(s);
  s.m = s.n;
  offer(s, () => s.m + 1);
  offer(s, one.of, (v) => {
    s.m = clamp(v + s.m);
  });
  s.n = clamp(s.n + (one.of?.() ?? 1) + (s.locks?.at?.(0)?.owner ?? 0));
});
export const divided = functions.action((s) => {
  const d = pick(z.int().min(-2).max(2));
  when(d !== 0);
  s.n = clamp(Math.floor(s.n / d) + 3);
  s.m = clamp(Math.trunc(-s.m / d) + Math.abs(s.m % d) + Math.ceil(s.n / 2) + Math.min(s.n, s.m, 2));
});

export const bounded = functions.within((s) =>
  s.locks.every((lock) => (lock.owner ?? 0) < 2 && lock.waiters.length < 2),
);
