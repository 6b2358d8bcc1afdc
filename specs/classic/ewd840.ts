import { either, leadsTo, pick, spec, weak, when, z } from 'fairlead';

const Flag = z.boolean();
const Number = z.int().min(0).max(4);

/**
 * Detecting on a ring that everybody is done, with a token that goes around against the numbers.
 *
 * E. W. Dijkstra, W. H. J. Feijen and A. J. M. van Gasteren, "Derivation of a termination detection algorithm for
 * distributed computations", EWD 840, 1983. A message makes its receiver active at once; a node that sends to a higher
 * number turns black, because the token may have passed there.
 *
 * @notModeled
 * Messages under way: one arrives in the step that sends it. Nodes and tokens do not get lost.
 */
export const ewd840 = spec('EWD 840', {
  params: {
    nodes: z.int().min(2).max(5).default(3),
    /** Whether a node blackens itself when it sends upward. */
    blackens: z.boolean().default(true),
  },
  state: (p) => ({
    active: z.array(z.boolean()).length(p.nodes),
    black: z.array(z.boolean()).length(p.nodes),
    /** Who has the token. */
    token: z
      .int()
      .min(0)
      .max(p.nodes - 1),
    tokenBlack: z.boolean(),
  }),
  init: (s, p) => {
    for (let i = 0; i < p.nodes; i += 1) {
      s.active[i] = pick(Flag);
      s.black[i] = pick(Flag);
    }
    const token = pick(Number);
    when(token < p.nodes);
    s.token = token;
    s.tokenBlack = true;
  },
});

const node = (p: { readonly nodes: number }) => ({
  i: z
    .int()
    .min(0)
    .max(p.nodes - 1),
});

/** Node 0 starts another round because the last one was not conclusive, for one reason or the other. */
export const initiateProbe = ewd840.action((s, p) => {
  when(s.token === 0);
  either(
    () => when(s.tokenBlack),
    () => when(s.black[0]!),
  );
  s.token = p.nodes - 1;
  s.tokenBlack = false;
  s.black[0] = false;
});

/** Another node hands the token on because it is passive, or because the round is spoilt anyway. */
export const passToken = ewd840.action(node, (s, { i }) => {
  when(i > 0 && s.token === i);
  either(
    () => when(!s.active[i]!),
    () => when(s.black[i]!),
    () => when(s.tokenBlack),
  );
  s.token = i - 1;
  s.tokenBlack = s.tokenBlack || s.black[i]!;
  s.black[i] = false;
});

export const send = ewd840.action(
  (p) => ({
    from: z
      .int()
      .min(0)
      .max(p.nodes - 1),
    to: z
      .int()
      .min(0)
      .max(p.nodes - 1),
  }),
  (s, { from, to }, p) => {
    when(s.active[from]! && from !== to);
    s.active[to] = true;
    if (to > from && p.blackens) s.black[from] = true;
  },
);

export const deactivate = ewd840.action(node, (s, { i }) => {
  when(s.active[i]!);
  s.active[i] = false;
});

/** When node 0 says that all are done, all are. */
export const detectionIsRight = ewd840.invariant(
  (s) => !(s.token === 0 && !s.tokenBlack && !s.black[0]! && !s.active[0]!) || s.active.every((active) => !active),
);

/** Termination is detected. */
export const terminationIsDetected = ewd840.property((s) =>
  leadsTo(
    s.active.every((active) => !active),
    s.token === 0 && !s.tokenBlack && !s.black[0]! && !s.active[0]!,
  ),
);

/** The token moves on when it can; nodes do as they like. */
export const tokenMoves = ewd840.fairness(weak.any(initiateProbe, passToken));

/** Where the token rests with node 0 and says that all are done, nothing more happens. */
export const detected = ewd840.terminal((s) => s.active.every((active) => !active) && s.token === 0);

export const three = ewd840.model({}, { distinct: 302 });

/** Near miss: messages behind the token's back go unnoticed. */
export const neverBlack = ewd840.model({ blackens: false }, { violates: [detectionIsRight], distinct: 248 });
