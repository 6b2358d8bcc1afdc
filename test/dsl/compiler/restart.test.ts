import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import type { System } from '../../../dsl/ir/index.ts';
import { printSystem } from '../../../dsl/ir/print.ts';
import { part, systemOf } from './compiled.ts';

const counts = (system: System) => {
  const { distinct, transitions, depth } = check(system, {}).statistics;
  return { distinct, transitions, depth };
};

const outcomes = (system: System) =>
  Object.fromEntries(check(system, {}).verdicts.map(({ name, outcome }) => [name, outcome.kind]));

/** A thread that can be killed anywhere, and starts over. */
const KILLED = `
  const T = ids('T', 2);
  export const kill = spec('kill', { state: () => ({ n: z.int().min(0).max(3) }) });
  export const thread = kill.process({ t: T }, function* (s) {
    while (true) { yield 'a'; s.n = 1; yield 'b'; s.n = 2; yield 'c'; s.n = 3; }
  });
  export const killed = kill.action({ x: T }, (_, { x }) => thread.restart({ t: x }));
`;
const KILLED_BY_HAND = `
  const T = ids('T', 2);
  export const kill = spec('kill', {
    state: () => ({ n: z.int().min(0).max(3), at: z.record(T, z.enum(['a', 'b', 'c'])) }),
  });
  export const a = kill.action({ t: T }, (s, { t }) => { when(s.at[t] === 'a'); s.n = 1; s.at[t] = 'b'; });
  export const b = kill.action({ t: T }, (s, { t }) => { when(s.at[t] === 'b'); s.n = 2; s.at[t] = 'c'; });
  export const c = kill.action({ t: T }, (s, { t }) => { when(s.at[t] === 'c'); s.n = 3; s.at[t] = 'a'; });
  export const killed = kill.action({ x: T }, (s, { x }) => { s.at[x] = 'a'; });
`;

/** A node that starts over with what it has written down votes at most once in a term, if it writes before it sends. */
const voting = (persists: boolean) => `
  const Node = ids('Node', 2);
  export const vote = spec('vote', {
    state: () => ({
      disk: z.record(Node, z.nullable(Node)), crashes: z.int().min(0).max(2), votes: z.record(Node, z.set(Node)),
    }),
  });
  export const node = vote.process({ n: Node }, function* (s, { n }) {
    yield 'boot';
    let memory = s.disk[n];
    while (memory === null) {
      yield 'decide';
      memory = pick(Node);
      if (${persists}) {
        yield 'write';
        s.disk[n] = memory;
      }
      yield 'send';
      s.votes[memory].add(n);
    }
    yield 'idle';
    when(false);
  });
  export const crash = vote.action({ n: Node }, (s, { n }) => { when(s.crashes < 2); s.crashes++; node.restart({ n }); });
  export const end = vote.terminal(() => true);
  export const once = vote.invariant((s) => all(Node, (n) => count(Node, (m) => s.votes[m].has(n)) <= 1));
`;
const votingByHand = (persists: boolean) => `
  const Node = ids('Node', 2);
  export const vote = spec('vote', {
    state: () => ({
      disk: z.record(Node, z.nullable(Node)), crashes: z.int().min(0).max(2), votes: z.record(Node, z.set(Node)),
      at: z.record(Node, z.enum(['boot', 'decide', 'write', 'send', 'idle'])), memory: z.record(Node, z.nullable(Node)),
    }),
  });
  export const boot = vote.action({ n: Node }, (s, { n }) => {
    when(s.at[n] === 'boot'); s.at[n] = s.disk[n] === null ? 'decide' : 'idle';
  });
  export const decide = vote.action({ n: Node }, (s, { n }) => {
    when(s.at[n] === 'decide'); s.memory[n] = pick(Node); s.at[n] = ${persists} ? 'write' : 'send';
  });
  export const write = vote.action({ n: Node }, (s, { n }) => {
    when(s.at[n] === 'write'); s.disk[n] = s.memory[n]; s.at[n] = 'send';
  });
  export const send = vote.action({ n: Node }, (s, { n }) => {
    when(s.at[n] === 'send'); s.votes[s.memory[n]!].add(n); s.memory[n] = null; s.at[n] = 'idle';
  });
  export const crash = vote.action({ n: Node }, (s, { n }) => {
    when(s.crashes < 2); s.crashes++; s.memory[n] = null; s.at[n] = 'boot';
  });
  export const end = vote.terminal(() => true);
  export const once = vote.invariant((s) => all(Node, (n) => count(Node, (m) => s.votes[m].has(n)) <= 1));
`;

/** The model of specs/classic/robust-mutex.ts, with where threads stand in a variable of the spec. */
const mutexByHand = (p: { threads: number; robust: boolean; repairs: boolean; supervised: boolean }) => `
  const p = ${JSON.stringify(p)};
  const Thread = ids('Thread', ${p.threads});
  export const mutex = spec('mutex', {
    state: () => ({
      owner: Thread.nullable(), ownerDied: z.boolean(), torn: z.boolean(), crashes: z.int().min(0).max(1),
      at: z.record(Thread, z.enum(['rest', 'lock', 'repair', 'write', 'unlock', 'done'])),
    }),
  });
  const from = (s: any, t: any, label: any) => when(s.at[t] === label);
  export const rest = mutex.action({ t: Thread }, (s, { t }) => { from(s, t, 'rest'); s.at[t] = 'lock'; });
  export const lock = mutex.action({ t: Thread }, (s, { t }) => {
    from(s, t, 'lock');
    when(s.owner === null || s.ownerDied);
    s.at[t] = s.ownerDied && p.repairs ? 'repair' : 'write';
    s.owner = t;
    s.ownerDied = false;
  });
  export const repair = mutex.action({ t: Thread }, (s, { t }) => {
    from(s, t, 'repair'); s.torn = false; s.at[t] = 'write';
  });
  export const write = mutex.action({ t: Thread }, (s, { t }) => {
    from(s, t, 'write'); verify(!s.torn); s.torn = true; s.at[t] = 'unlock';
  });
  export const unlock = mutex.action({ t: Thread }, (s, { t }) => {
    from(s, t, 'unlock'); s.torn = false; s.owner = null; s.at[t] = 'rest';
  });
  export const crash = mutex.action({ t: Thread }, (s, { t }) => {
    when(s.crashes < 1 && s.at[t] !== 'done');
    s.crashes += 1;
    if (p.robust && s.owner === t) s.ownerDied = true;
    s.at[t] = p.supervised ? 'rest' : 'done';
  });
`;

describe('threads that steps restart and stop', () => {
  it('have the states of a model by hand, when one is killed', () => {
    expect(counts(systemOf(KILLED))).toEqual(counts(systemOf(KILLED_BY_HAND)));
    expect(counts(systemOf(KILLED)).distinct).toBe(22);
  });

  it.each([
    [true, 'holds'],
    [false, 'violated'],
  ])('have the states of a model by hand, when they go on with what they have written down: %s', (persists, once) => {
    const [own, byHand] = [systemOf(voting(persists)), systemOf(votingByHand(persists))];
    expect(counts(own)).toEqual(counts(byHand));
    expect(outcomes(own)).toEqual({ ...outcomes(byHand), once });
  });

  it.each([
    [{ threads: 2, robust: true, repairs: true, supervised: true }, 48],
    [{ threads: 3, robust: true, repairs: true, supervised: false }, 116],
    [{ threads: 2, robust: false, repairs: true, supervised: true }, 40],
    [{ threads: 2, robust: true, repairs: false, supervised: true }, 44],
  ])('have the states of a model by hand, when they hold a lock: %o', (parameters, distinct) => {
    expect(counts(systemOf(mutexByHand(parameters))).distinct).toBe(distinct);
  });

  const subject = (body: string, change: string, more = '') =>
    systemOf(`
      const T = ids('T', 2);
      export const subject = spec('subject', { state: () => ({ n: z.int().min(0).max(2) }) });
      export const thread = subject.process({ t: T }, function* (s, { t }) { ${body} });
      export const change = subject.action({ x: T }, (s, { x }) => { ${change} });
      ${more}
    `);
  const bodyOf = (system: System) => part(printSystem(system), 'action change(x: T) {');

  it('run what stands before their first label, in the state as it is, and remember nothing else', () => {
    const body = `const start = pick(z.int().min(0).max(1)) + s.n; if (start > 1) yield 'late';
      while (true) { yield 'early'; const seen = s.n; yield 'next'; s.n = seen; when(start > 0); }`;
    expect(bodyOf(subject(body, 's.n = 1; thread.restart({ t: x });'))).toMatchInlineSnapshot(`
      "s.n = 1;
      s.thread.start[x] = 0;
      s.thread.seen[x] = 0;
      const picked = pick(z.int().min(0).max(1));
      const start = picked + s.n;
      if (start > 1) {
        s.thread.start[x] = start;
        s.thread.pc[x] = "late";
      } else {
        s.thread.start[x] = start;
        s.thread.pc[x] = "early";
      }"
    `);
    expect(bodyOf(subject(body, 'thread.stop({ t: x }); s.n = 1;'))).toMatchInlineSnapshot(`
      "s.thread.pc[x] = "done";
      s.thread.start[x] = 0;
      s.thread.seen[x] = 0;
      s.n = 1;"
    `);
  });

  it('have their arguments by other names in a step that has theirs', () => {
    const system = systemOf(`
      const T = ids('T', 2);
      export const subject = spec('subject', { state: () => ({ last: T.nullable() }) });
      export const thread = subject.process({ t: T, n: z.int().min(0).max(1) }, function* (s, { t, n }) {
        let x = t;
        for (const other of T) if (other !== t && n === 1) x = other;
        yield 'a';
        s.last = x;
      });
      export const change = subject.action({ x: T, n: T }, (_, { x: t, n: other }) => {
        const x = t === other ? 0 : 1;
        thread.restart({ n: x, t: other });
      });
    `);
    expect(part(printSystem(system), 'action change(x: T, n: T) {')).toMatchInlineSnapshot(`
      "const x_2 = x === n ? 0 : 1;
      let x_3 = n;
      for (const other of T) {
        if (other !== n && x_2 === 1) {
          x_3 = other;
        }
      }
      s.thread.x[n][x_2] = x_3;
      s.thread.pc[n][x_2] = "a";"
    `);
  });

  it('are at their end when all have been stopped, also those that never end by themselves', () => {
    const deadlock = (change: string) =>
      check(subject(`while (true) { yield 'a'; when(s.n === 1); }`, change), {}).verdicts.find(
        ({ kind }) => kind === 'deadlock',
      )?.outcome.kind;
    expect(deadlock(`when(!thread.at({ t: x }, 'done')); thread.stop({ t: x });`)).toBe('holds');
    expect(deadlock('when(s.n === 1); thread.stop({ t: x });')).toBe('violated');
  });
});
