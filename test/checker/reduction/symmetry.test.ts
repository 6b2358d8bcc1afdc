import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import { isRefused, planOf } from '../../../checker/plan/plan.ts';
import { symmetryOf } from '../../../checker/reduction/symmetry.ts';
import { lineOf } from '../../../dsl/diagnostics/span.ts';
import { systemOf } from '../../dsl/compiler/compiled.ts';

/** A spec of three threads and two jobs, whose parts are given. */
function written({ state = '', init = '', body = '', more = '' }: Parts): string {
  return `
    const Thread = ids('Thread', 3);
    const Job = ids('Job', 2);
    export const work = spec('work', {
      state: () => ({ busy: z.record(Thread, z.boolean()), has: z.record(Thread, Job.nullable()), ${state} }),
      init: (s) => { for (const t of Thread) { s.busy[t] = false; s.has[t] = null; } ${init} },
    });
    export const step = work.action({ t: Thread, j: Job }, (s, { t, j }) => { ${body} });
    ${more}
    export const model = work.model({});
  `;
}

interface Parts {
  readonly state?: string;
  readonly init?: string;
  readonly body?: string;
  readonly more?: string;
}

/** `t0,t1,t2 j0,j1`, and what tells others apart, with the line. */
function symmetryIn(parts: Parts): string {
  const system = systemOf(written(parts));
  const plan = planOf(system);
  if (isRefused(plan)) throw new Error(plan.refusals[0]!.message);
  const { classes, distinctions } = symmetryOf(plan);
  const apart = distinctions.map(
    ({ set, ids, message, span }) =>
      `${set}${ids === undefined ? '' : ` ${ids.join()}`}: ${message}: ${lineOf(system.files, span)}`,
  );
  return [classes.map(({ ids }) => ids.join()).join(' '), ...apart].join(' | ');
}

const ALL = 't0,t1,t2 j0,j1';

describe('ids are interchangeable', () => {
  it.each<[string, Parts]>([
    ['where they are compared, stored and used as keys', { body: 'when(s.has[t] !== j); s.has[t] = j;' }],
    ['where each is asked', { body: 'when(all(Thread, (o) => o === t || s.has[o] !== j)); s.has[t] = j;' }],
    ['where they are counted', { body: 'when(count(Thread, (o) => s.busy[o]) < 2); s.busy[t] = true;' }],
    ['where any is picked', { body: 'const other = pick(Thread); s.busy[other] = !s.busy[other];' }],
    [
      'where each loses what is its own',
      { body: 'for (const o of Thread) if (s.has[o] === j) s.has[o] = null; s.has[t] = j;' },
    ],
    [
      'where something is counted in a loop',
      {
        state: 'n: z.int().min(0).max(3)',
        body: 'let n = 0; for (const o of Thread) { if (s.busy[o]) n += 1; } s.n = n; s.busy[t] = true;',
      },
    ],
    [
      'where a loop only ever sets a flag',
      {
        state: 'any: z.boolean()',
        body: 's.any = false; for (const o of Thread) { if (s.busy[o]) s.any = true; } s.busy[t] = true;',
      },
    ],
    [
      'where a set is filled in a loop',
      {
        state: 'idle: z.set(Thread)',
        body: 's.idle = new Set(); for (const o of Thread) { if (!s.busy[o]) s.idle.add(o); } s.busy[t] = true;',
      },
    ],
    [
      'where all of them are listed, and the list is asked in no order',
      {
        body: 'when([...Thread].every((o) => o === t || !s.busy[o]) && [...Thread].length === 3); s.busy[t] = !s.busy[t];',
      },
    ],
    [
      'where they are summed up in a fold',
      { body: 'when([...Thread].reduce((n, o) => n + (s.busy[o] ? 1 : 0), 0) < 2); s.busy[t] = !s.busy[t];' },
    ],
    [
      'where a question cannot fail, as it is asked before whether it can be answered',
      {
        state: 'done: z.record(Job, z.boolean())',
        body: 'when(all(Thread, (o) => s.has[o] === null || !s.done[s.has[o]])); s.has[t] = j; s.done[j] = !s.done[j];',
      },
    ],
    ['in sequences', { state: 'queue: z.array(Thread).max(3)', body: 'when(!s.queue.includes(t)); s.queue.push(t);' }],
    [
      'where a sequence of them is gone through in its order',
      {
        state: 'queue: z.array(Thread).max(3), last: Thread.nullable()',
        init: 's.last = null;',
        body: 'for (const o of s.queue) s.last = o; if (s.queue.length < 3) s.queue.push(t);',
      },
    ],
    [
      'two sets of them in one record',
      {
        state: 'owner: z.record(Job, Thread.nullable())',
        init: 'for (const j of Job) s.owner[j] = null;',
        body: 's.owner[j] = t; s.has[t] = j;',
      },
    ],
    [
      'where a variable that begins with the first is given any at once',
      { state: 'leader: Thread', init: 's.leader = pick(Thread);', body: 'when(s.leader === t); s.has[t] = j;' },
    ],
  ])('%s', (_, parts) => {
    expect(symmetryIn(parts)).toBe(ALL);
    const system = systemOf(written(parts));
    const [full, reduced] = (['none', 'auto'] as const).map((reduction) => check(system, { reduction }));
    expect(reduced!.reduction?.kind).toBe('symmetry');
    const counts = ({ statistics: { distinct, transitions, depth, initial } }: typeof full & object) => ({
      distinct,
      transitions,
      depth,
      initial,
    });
    expect(counts(reduced!)).toEqual(counts(full!));
    expect(reduced!.statistics.kept).toBeLessThan(full!.statistics.distinct);
    expect(reduced!.warnings).toEqual(full!.warnings);
  });
});

describe('ids are told apart', () => {
  it.each<[string, Parts, string]>([
    [
      'by where the system starts',
      { init: 's.busy[[...Thread][0]!] = true;', body: 's.has[t] = j;' },
      't1,t2 j0,j1 | Thread t0: initial states are not the same for all: for (const t of Thread) { s.busy[t] = false; s.has[t] = null; }',
    ],
    [
      'by a variable that begins with the first of them',
      { state: 'leader: Thread', body: 'when(s.leader === t); s.has[t] = j;' },
      't1,t2 j0,j1 | Thread t0: initial states are not the same for all: for (const t of Thread) { s.busy[t] = false; s.has[t] = null; }',
    ],
    [
      'by a sequence that is filled in a loop',
      {
        state: 'queue: z.array(Thread).max(3)',
        body: 's.queue = []; for (const o of Thread) { if (!s.busy[o]) s.queue.push(o); } s.busy[t] = true;',
      },
      'j0,j1 | Thread: the order in which they come can show: for (const o of Thread) { if (!s.busy[o]) s.queue.push(o); }',
    ],
    [
      'by a loop of which the last round wins',
      {
        state: 'last: Thread.nullable()',
        init: 's.last = null;',
        body: 'for (const o of Thread) { if (s.busy[o]) s.last = o; } s.busy[t] = true;',
      },
      'j0,j1 | Thread: the order in which they come can show: for (const o of Thread) { if (s.busy[o]) s.last = o; }',
    ],
    [
      'by a loop that reads what other rounds write',
      { body: 'for (const o of Thread) { if (!some(Thread, (x) => s.busy[x])) s.busy[o] = true; } s.has[t] = j;' },
      'j0,j1 | Thread: the order in which they come can show: for (const o of Thread) { if (!some(Thread, (x) => s.busy[x])) s.busy[o] = true; }',
    ],
    [
      'by a loop that is left before its end',
      { body: 'for (const o of Thread) { if (!s.busy[o]) { s.busy[o] = true; break; } } s.has[t] = j;' },
      'j0,j1 | Thread: the order in which they come can show: for (const o of Thread) { if (!s.busy[o]) { s.busy[o] = true; break; } }',
    ],
    [
      'by a loop in which a guard may come before a failure, or after it',
      {
        body: 'for (const o of Thread) { when(!s.busy[o]); verify(s.has[o] !== j, "busy"); } s.busy[t] = true; s.has[t] = j;',
      },
      'j0,j1 | Thread: the order in which they come can show: for (const o of Thread) { when(!s.busy[o]); verify(s.has[o] !== j, "busy"); }',
    ],
    [
      'by the first of them that is found',
      {
        body: 'const free = [...Thread].find((o) => !s.busy[o]); if (free !== undefined) s.busy[free] = true; s.has[t] = j;',
      },
      'j0,j1 | Thread: the order in which they come can show: [...Thread].find((o) => !s.busy[o])',
    ],
    [
      'by a fold of which the last one wins',
      {
        body: 's.busy[[...Thread].reduce((last, o) => (s.busy[o] ? o : last), t)] = true; s.busy[t] = true; s.has[t] = j;',
      },
      'j0,j1 | Thread: the order in which they come can show: [...Thread].reduce((last, o) => (s.busy[o] ? o : last), t)',
    ],
    [
      'by a question that fails for some, and has its answer before for others',
      {
        state: 'jobs: z.array(Job).max(2)',
        body: 'when(all(Thread, (o) => !s.busy[o] && s.jobs[0] !== j)); s.busy[t] = true; s.jobs.push(j);',
      },
      'j0,j1 | Thread: the order in which this is asked of them can show: !s.busy[o] && s.jobs[0] !== j',
    ],
    [
      'by what comes first in a list that was made of them',
      {
        state: 'first: z.boolean()',
        body: 'const all = [...Thread].map((o) => s.busy[o]); s.first = all[0]!; s.busy[t] = true; s.has[t] = j;',
      },
      'j0,j1 | Thread: the order in which they come can show: all',
    ],
    [
      'by a list of what a set of them has',
      {
        state: 'few: z.set(Thread), first: z.boolean()',
        body: 's.few.add(t); const all = [...s.few].map((o) => s.busy[o]); s.first = all[0]!; s.busy[t] = true; s.has[t] = j;',
      },
      'j0,j1 | Thread: the order in which they come can show: all',
    ],
    [
      'by a map that gives them different things',
      {
        more: 'const RANK = { t0: 1, t1: 2, t2: 2 } as Record<string, number>;',
        body: 'when(RANK[t]! < 2 || s.busy[t]); s.busy[t] = true;',
      },
      't1,t2 j0,j1 | Thread t0: some of them are named here: RANK[t]',
    ],
    [
      'by a claim about one of them',
      {
        body: 's.has[t] = j;',
        more: 'const LAST = [...Thread][2]!; export const spared = work.invariant((s) => s.has[LAST] === null);',
      },
      't0,t1 j0,j1 | Thread t2: some of them are named here: LAST',
    ],
  ])('%s', (_, parts, expected) => {
    expect(symmetryIn(parts)).toBe(expected);
  });
});
