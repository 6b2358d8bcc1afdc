import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import { exportPromela } from '../../../dsl/export/promela.ts';
import { exportTla } from '../../../dsl/export/tlaplus.ts';
import { printSystem } from '../../../dsl/ir/print.ts';
import { validateSystem } from '../../../dsl/ir/validate.ts';
import { isSpinHere, WITH_SPIN } from '../export/spin.ts';
import { ownJudgment, spinJudgment } from '../export/spin-verdicts.ts';
import { runTlc } from '../export/tlc/explore.ts';
import { systemOf } from './compiled.ts';

const system = systemOf(`
  const Client = ids('Client', 3);
  const Session = ids('Session', 2);
  const Mode = z.enum(['low', 'mid', 'high']);
  export const sessions = spec('sessions', {
    params: { most: z.int().min(1).max(9).default(6) },
    constants: (p) => ({
      /** Which session a client is of. */
      sessionOf: record(Client, (c) => [...Session][[...Client].indexOf(c) % 2]!),
      cost: { high: 3, low: 1, mid: 2 },
      matrix: [[1, 2], [3, p.most]],
      next: record(Mode, (m) => ({ to: m === 'low' ? 'mid' : 'high', jobs: [{ a: 1, b: 2 }, { a: 3, b: 0 }] })),
      pair: [false, { size: 4 }],
      odd: new Set([1, 3, 5]),
      byNumber: { 0: 'low', 1: 'high' },
      partial: { low: 2, mid: 1 },
      total: p.most,
    }),
    state: (p) => ({
      mode: Mode, sum: z.int().min(0).max(p.total), who: Client, at: Session, k: z.enum(['a', 'b']),
      n: z.int().min(0).max(1),
    }),
    init: (s, p) => { s.at = p.sessionOf[s.who]; },
  });
  export const go = sessions.action({ c: Client }, (s, { c }, p) => {
    s.who = c;
    s.at = p.sessionOf[c];
    s.mode = p.next[s.mode].to;
    const row = p.matrix[s.n];
    s.sum = (s.sum + p.cost[s.mode] + row[1 - s.n]) % (p.total + 1);
    if (p.odd.has(s.sum) && !p.pair[0]) s.sum = p.next[s.mode].jobs[s.n][s.k] + p.pair[1].size - 4;
    s.n = p.byNumber[s.n] === 'low' ? 1 : 0;
    s.k = s.k === 'a' ? 'b' : 'a';
  });
  export const reset = sessions.action((s, p) => { when(s.sum > p.matrix[0][1]); s.mode = 'low'; s.sum = p.partial.low; });
  export const ofItsOwn = sessions.invariant((s, p) => s.at === p.sessionOf[s.who]);
  export const cheap = sessions.invariant((s, p) => s.sum <= p.cost.high);
  export const dear = sessions.sometimes((s, p) => s.sum === p.total);
  export const again = sessions.property((s, p) => always(eventually(s.at === p.sessionOf[s.who] && s.sum !== p.cost.mid)));
  export const fair = sessions.fairness(weak(go, { when: (s, { c }, p) => p.sessionOf[c] === s.at }));
`);

describe('constants', () => {
  it('are values of the model, with the types that bodies need', () => {
    expect(validateSystem(system)).toEqual([]);
    expect(printSystem(system).split('\n\n').slice(1, 3).join('\n\n')).toMatchInlineSnapshot(`
      "parameters {
        most = 6
      }

      constants {
        sessionOf = { c0: "s0", c1: "s1", c2: "s0" }
        cost = { high: 3, low: 1, mid: 2 }
        matrix = [[1, 2], [3, 6]]
        next = { low: { to: "mid", jobs: [{ a: 1, b: 2 }, { a: 3, b: 0 }] }, mid: { to: "high", jobs: [{ a: 1, b: 2 }, { a: 3, b: 0 }] }, high: { to: "high", jobs: [{ a: 1, b: 2 }, { a: 3, b: 0 }] } }
        pair = [false, { size: 4 }]
        odd = new Set([1, 3, 5])
        byNumber = { "0": "low", "1": "high" }
        partial = { low: 2, mid: 1 }
        total = 6
      }"
    `);
    expect(system.constants.find(({ name }) => name === 'sessionOf')?.doc).toBe('Which session a client is of.');
    expect(system.parameters.map(({ name }) => name)).toEqual(['most']);
    expect(system.variables.map(({ name }) => name)).toEqual(['mode', 'sum', 'who', 'at', 'k', 'n']);
  });

  it('give no false warnings', () => {
    expect(check(system).warnings).toEqual([]);
  });

  it('are definitions in TLA+, where the states are the same', async () => {
    const made = exportTla(system);
    if (!('module' in made)) throw new Error('refused');
    const defined = made.module
      .split('VARIABLES')[0]!
      .split('\n\n')
      .filter((part) => /^(\\\*.*\n)?[A-Z]\w* ==\s/.test(part));
    expect(defined.join('\n')).toMatchInlineSnapshot(`
      "Client == {c0, c1, c2}
      Session == {s0, s1}
      Mode == {"low", "mid", "high"}
      \\* Which session a client is of.
      SessionOf == (c0 :> s0 @@ c1 :> s1 @@ c2 :> s0)
      Next_ ==
          ("low" :> [to |-> "mid", jobs |-> <<("a" :> 1 @@ "b" :> 2), ("a" :> 3 @@ "b" :> 0)>>] @@
           "mid" :> [to |-> "high", jobs |-> <<("a" :> 1 @@ "b" :> 2), ("a" :> 3 @@ "b" :> 0)>>] @@
           "high" :> [to |-> "high", jobs |-> <<("a" :> 1 @@ "b" :> 2), ("a" :> 3 @@ "b" :> 0)>>])
      Matrix == <<<<1, 2>>, <<3, 6>>>>
      Cost == ("high" :> 3 @@ "low" :> 1 @@ "mid" :> 2)
      Odd == {1, 3, 5}
      ByNumber == (0 :> "low" @@ 1 :> "high")"
    `);
    const { statistics, verdicts } = check(system);
    const violated = verdicts.filter(({ kind, outcome }) => kind !== 'sometimes' && outcome.kind === 'violated');
    const told = await runTlc(made.module, made.config);
    expect(told.distinct).toBe(statistics.distinct);
    expect([...told.violated].sort()).toEqual(violated.map(({ name }) => name).sort());
  });

  it('are variables of C in Promela', () => {
    const made = exportPromela(system);
    if (!('text' in made)) throw new Error('refused');
    expect(made.text.match(/^static .* the_\w+ = .*$/gm)?.join('\n')).toMatchInlineSnapshot(`
      "static struct Value_t the_sessionOf = { .at = { s0, s1, s0 } };
      static struct Value_t_ the_next = {
      static struct Jobs_t the_matrix = { .at = { { .at = { 1, 2 } }, { .at = { 3, 6 } } } };
      static struct Value_t the_cost = { .at = { 3, 1, 2 } };
      static struct Value_t2 the_odd = { .has = { [0] = 1, [2] = 1, [4] = 1 } };
      static struct Value_t3 the_pair = { .item0 = 0, .item1 = { .size = 4 } };
      static struct JobsElement_t the_byNumber = { .at = { V_low, V_high } };
      static struct Value_t4 the_partial = { .low = 2, .mid = 1 };"
    `);
  });

  it.skipIf(!isSpinHere())(`mean the same ${WITH_SPIN}`, () => {
    expect(spinJudgment(system)).toEqual(ownJudgment(system));
  });

  it('fail where a key is not there, and where an index is outside', () => {
    const failing = (body: string): string[] =>
      check(
        systemOf(`
          export const table = spec('table', {
            constants: () => ({ some: { low: 1, mid: 2 }, list: [1, 2] }),
            state: () => ({ mode: z.enum(['low', 'mid', 'high']), n: z.int().min(0).max(2) }),
          });
          export const go = table.action((s, p) => { ${body} });
        `),
      ).verdicts.flatMap(({ kind, outcome }) =>
        kind === 'evaluation' && outcome.kind === 'violated' && outcome.failure !== undefined
          ? [outcome.failure.message]
          : [],
      );
    expect(failing(`s.mode = 'high'; s.n = p.some[s.mode];`)).toMatchInlineSnapshot(`
      [
        "high is no key of the record",
      ]
    `);
    expect(failing(`s.n = Math.max(...p.list.filter((one) => one > 90 + s.n));`)).toEqual([
      '`Math.max` of nothing, which is no integer',
    ]);
    expect(failing(`s.n = 2; s.n = p.list[s.n];`)).toMatchInlineSnapshot(`
      [
        "index 2 is outside an array of 2",
      ]
    `);
    expect(failing(`s.mode = 'mid'; s.n = p.some[s.mode];`)).toEqual([]);
  });

  /** What one step makes of `n`, from the only initial state. */
  const after = (body: string): unknown => {
    const made = systemOf(`
      const Small = z.int().min(0).max(1);
      const Mode = z.enum(['low', 'high']);
      const T = ids('T', 2);
      export const table = spec('table', {
        constants: () => ({
          numbered: { 0: 3, 1: 2 }, cost: { low: 1, high: 2 }, none: {}, empty: [] as any[], jobs: [{ at: 1, in: 'high' }],
          chain: record(T, (t) => [...T].filter((one) => one !== t)),
        }),
        state: () => ({
          flag: z.boolean(), small: Small, mode: Mode, n: z.int().min(0).max(9),
          byNumber: z.record(Small, z.int().min(0).max(9)), byMode: z.record(Mode, z.int().min(0).max(9)),
        }),
      });
      export const go = table.action((s, p) => { when(s.n === 0); ${body} });
      export const done = table.terminal(() => true);
      export const seen = table.invariant((s) => s.n === 0);
    `);
    const seen = check(made, {}).verdicts.find(({ name }) => name === 'seen')!;
    return seen.outcome.kind === 'violated' ? seen.outcome.trace.states.at(-1)!['n'] : seen.outcome.kind;
  };

  it.each([
    ['s.n = (s.flag ? s.byNumber : p.numbered)[s.small]!;', 3],
    ['s.byNumber = s.flag ? record(Small, () => 1) : p.numbered; s.n = s.byNumber[1];', 2],
    ['s.n = (s.flag ? p.numbered : record(Small, (k) => k + 4))[1]!;', 5],
    ['s.n = (3 in p.numbered ? 1 : 2) + (3 in p.cost ? 3 : 4) + (1 in p.numbered ? 1 : 0);', 7],
    ['s.n = Object.keys(p.none).length + Object.values(p.none).length + 5;', 5],
    ['for (const key of Object.keys(p.none)) s.n = 9; s.n += 1;', 1],
    ['s.n = p.empty.some((x) => x.y.z > 2 && x[0] < 3) || s.small in p.none ? 1 : 2;', 2],
    ['for (const x of p.empty) s.byNumber[x] = 3; s.n = p.empty.length + 6;', 6],
    [
      'for (const job of p.jobs) { s.byNumber[job.at] = 4; s.byMode[job.in] = 2; } s.n = s.byNumber[1] + s.byMode.high;',
      6,
    ],
  ])('go together with what else there is: %s', (body, n) => expect(after(body)).toBe(n));

  it('are gone through step by step without being kept', () => {
    const { variables } = systemOf(`
      const T = ids('T', 3);
      export const walk = spec('walk', {
        constants: () => ({ chain: record(T, (t) => [...T].filter((one) => one !== t)) }),
        state: () => ({ last: T.nullable() }),
      });
      export const walker = walk.process({ t: T }, function* (s, { t }, p) {
        for (const other of p.chain[t]) { yield 'visit'; s.last = other; }
      });
    `);
    expect(variables.map(({ name }) => name)).toEqual(['last', 'walker.pc', 'walker.position', 'walker.other']);
  });
});

it('are compared by value where they decide which function is called and what is spread', () => {
  const system = systemOf(`
    export const one = spec('one', {
      constants: () => ({ list: [1, 2], none: [] }),
      state: () => ({ n: z.int().min(0).max(99), at: z.object({ x: z.int().min(0).max(9) }) }),
    });
    export const go = one.action((s, p) => {
      const f = equal(p.list, [1, 2]) ? () => 1 : () => 50;
      const g = equal(p.none, []) ? () => 2 : () => 50;
      s.at = { x: 0, ...(equal(p.list, [1, 2]) ? { x: 5 } : {}) };
      s.n = f() + g() + s.at.x;
    });
    export const right = one.invariant((s) => s.n === 0 || s.n === 8);
  `);
  expect(check(system).verdicts.find(({ name }) => name === 'right')!.outcome.kind).toBe('holds');
  expect(check(system).statistics.distinct).toBe(2);
});
