import { implies, leadsTo, pick, spec, weak, when, z } from 'fairlead';

const Flag = z.boolean();

/**
 * What it is to detect termination when messages take time: everybody passive and nothing under way.
 *
 * The problem that EWD 998 (E. W. Dijkstra, "Shmuel Safra's version of termination detection", 1987) solves, as in the
 * TLA+ examples. Explored up to three messages under way to each node.
 *
 * @notModeled
 * How termination is detected: this is the problem, not an algorithm. Messages are neither lost nor told apart.
 */
export const termination = spec('asynchronous termination', {
  params: {
    nodes: z.int().min(1).max(4).default(4),
    /** Whether messages under way count. */
    countsMessages: z.boolean().default(true),
  },
  state: (p) => ({
    active: z.array(z.boolean()).length(p.nodes),
    /** How many messages are under way to a node. */
    pending: z.array(z.int().min(0).max(4)).length(p.nodes),
    detected: z.boolean(),
  }),
  init: (s, p) => {
    for (let i = 0; i < p.nodes; i += 1) s.active[i] = pick(Flag);
    s.detected = pick(new Set([false, s.active.every((active) => !active)]));
  },
});

const node = (p: { readonly nodes: number }) => ({
  i: z
    .int()
    .min(0)
    .max(p.nodes - 1),
});

/** A node becomes passive; if it was the last one, that may be noticed at once. */
export const deactivate = termination.action(node, (s, { i }, p) => {
  when(s.active[i]!);
  s.active[i] = false;
  s.detected = pick(new Set([s.detected, terminated(s, p.countsMessages)]));
});

export const send = termination.action(
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
  (s, { from, to }) => {
    when(s.active[from]!);
    s.pending[to]! += 1;
  },
);

export const receive = termination.action(node, (s, { i }) => {
  when(s.pending[i]! > 0);
  s.active[i] = true;
  s.pending[i]! -= 1;
});

export const detect = termination.action((s, p) => {
  when(terminated(s, p.countsMessages));
  s.detected = true;
});

export const detectionIsRight = termination.invariant((s) => implies(s.detected, terminated(s, true)));

/** Once terminated, terminated for good. */
export const quiescence = termination.step((s, next) => implies(terminated(s, true), terminated(next, true)));

export const terminationIsDetected = termination.property((s) => leadsTo(terminated(s, true), s.detected));

export const detectorRuns = termination.fairness(weak(detect));

export const fewMessages = termination.within((s) => s.pending.every((pending) => pending <= 3));

export const four = termination.model({}, { distinct: 4097 });

/** Near miss: a detector that looks at the nodes only. */
export const ignoresMessages = termination.model(
  { nodes: 2, countsMessages: false },
  { violates: [detectionIsRight], distinct: 128 },
);

function terminated(
  s: { readonly active: readonly boolean[]; readonly pending: readonly number[] },
  countsMessages: boolean,
): boolean {
  return s.active.every((active) => !active) && (!countsMessages || s.pending.every((pending) => pending === 0));
}
