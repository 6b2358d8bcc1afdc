import { always, eventually, pick, spec, weak, when, z } from 'fairlead';

const Counter = z.int().min(0).max(4);

/**
 * A ring of machines that comes to have exactly one token, whatever state it starts in.
 *
 * E. W. Dijkstra, "Self-stabilizing systems in spite of distributed control", CACM 17(11), 1974, the solution with
 * K-state machines. Machine 0 has the token when it equals its left neighbor, others when they differ from it.
 *
 * @notModeled
 * Machines that move at the same time, and messages: a machine reads its neighbor in its own step.
 */
export const ring = spec('self-stabilizing ring', {
  params: {
    machines: z.int().min(2).max(5).default(4),
    states: z.int().min(2).max(5).default(4),
  },
  state: (p) => ({
    value: z
      .array(
        z
          .int()
          .min(0)
          .max(p.states - 1),
      )
      .length(p.machines),
  }),
  init: (s, p) => {
    for (let i = 0; i < p.machines; i += 1) {
      const value = pick(Counter);
      when(value < p.states);
      s.value[i] = value;
    }
  },
});

/** A machine that has a token hands it on. */
export const move = ring.action(
  (p) => ({
    i: z
      .int()
      .min(0)
      .max(p.machines - 1),
  }),
  (s, { i }, p) => {
    when(hasToken(s.value, i));
    s.value[i] = i === 0 ? (s.value[0]! + 1) % p.states : s.value[i - 1]!;
  },
);

/** There is always a token. */
export const someToken = ring.invariant((s) => s.value.some((_, i) => hasToken(s.value, i)));

/** One token stays one token. */
export const closure = ring.step((s, next) => tokens(s.value) !== 1 || tokens(next.value) === 1);

/** In the end there is one, and for good. */
export const stabilizes = ring.property((s) => eventually(always(tokens(s.value) === 1)));

/** Somebody moves, whoever it is. */
export const demon = ring.fairness(weak.any(move));

export const asManyStates = ring.model({}, { distinct: 256 });

/** One less than machines is still enough. */
export const oneStateLess = ring.model({ states: 3 }, { distinct: 81 });

/** Near miss: with fewer, several tokens can chase each other for ever. */
export const tooFewStates = ring.model({ states: 2 }, { violates: [stabilizes], distinct: 16 });

function hasToken(value: readonly number[], i: number): boolean {
  return i === 0 ? value.at(0) === value.at(-1) : value.at(i) !== value.at(i - 1);
}

function tokens(value: readonly number[]): number {
  return value.reduce((found, _, i) => found + (hasToken(value, i) ? 1 : 0), 0);
}
