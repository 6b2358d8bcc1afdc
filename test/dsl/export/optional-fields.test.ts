import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import { isRefusal } from '../../../dsl/export/refusal.ts';
import { exportTla } from '../../../dsl/export/tlaplus.ts';
import { systemOf } from '../compiler/compiled.ts';
import { runTlc } from './tlc/explore.ts';

/** Steps that leave optional fields out where they can. */
const STEPS: readonly string[] = [
  's.v[p] = { x: 1 }; s.q = [{ x: 1 }]; s.w.add({ x: 1 }); s.n = { x: 1 };',
  's.v = record(P, () => ({ x: 1 }));',
  's.q = s.q.map((o) => ({ x: o.x }));',
  's.q.push({ x: 2 });',
  's.q = s.q.concat([{ x: 1 }]).slice(0, 2);',
  's.q = [...s.q, { x: 0 }].slice(0, 2);',
  's.n = s.q.length > 0 ? { x: s.q[0]!.x } : null;',
  's.n = pick([{ x: 1 }, { x: 2, y: true }]);',
  'const o = s.flag ? { x: 1 } : { x: 2, y: true }; s.n = o; s.w.add(o);',
  's.d = { z: 1 };',
  's.d = { in: { x: 1 }, z: 0 };',
  's.d.in = { x: 2 };',
  's.t = [{ x: 1 }, { x: 2, y: false }];',
  's.u = { kind: "a" };',
  's.u = { kind: "b", o: { x: 1 } };',
  's.w = new Set([{ x: 1 }, { x: 2, y: true }]);',
  's.w = new Set(s.q.map((o) => ({ x: o.x })));',
  's.w = s.w.union(new Set([{ x: 1 }]));',
  's.v[p] = { ...s.v[p]!, y: undefined };',
  's.n = { ...{ x: 1 } };',
  's.n = s.q.find((o) => equal(o, { x: 1 })) ?? { x: 0 };',
  's.n = s.q.at(-1) ?? { x: 0 };',
  's.deep = { list: [{ x: 1 }], map: record(P, () => ({ x: 2 })) };',
  'const { x, ...rest } = { x: 1, y: true }; s.n = { x, ...rest };',
];

/** What is asked of the states that they lead to; each a comparison with what leaves fields out. */
const QUESTIONS: readonly string[] = [
  'equal(s.v, record(P, () => ({ x: 1 })))',
  's.q.length > 0 && equal(s.q, s.q.map((o) => ({ x: o.x })))',
  's.w.has({ x: 1 })',
  's.q.includes({ x: 1 })',
  's.q.some((o) => equal(o, { x: 1 }))',
  's.n !== null && equal(s.n, { x: 1 })',
  'equal(s.n, { x: 1 })',
  'equal(s.n ?? { x: 2 }, { x: 2 })',
  's.w.size > 0 && s.w.isSubsetOf(new Set([{ x: 1 }]))',
  'equal(s.q, [{ x: 1 }])',
  '(() => { const o = { x: 1 }; return s.n !== null && equal(s.n, o) && s.q.indexOf(o) === 0; })()',
  'equal(s.q.at(-1) ?? { x: 0 }, s.q.length > 0 ? { x: 1 } : { x: 2 })',
  's.w.size > 0 && new Set(s.q.map((o) => ({ x: o.x }))).isSupersetOf(s.w)',
  's.n !== null && s.q.map((o) => ({ x: o.x })).includes(s.n)',
  's.n !== null && s.q.map((o) => ({ x: o.x })).indexOf(s.n) === 0',
  's.n !== null && s.q.concat([{ x: 1 }]).filter((o) => equal(o, s.n!)).length === 2',
  's.w.size === 0 || !equal(record(P, (p) => s.v[p]!), record(P, (p) => ({ x: s.v[p]!.x })))',
  'equal(s.w, new Set([{ x: 1 }, { x: 2, y: true }]))',
  's.w.intersection(new Set([{ x: 1 }])).size === 1',
  's.w.difference(new Set([{ x: 1 }])).size === 0',
  's.w.union(new Set([{ x: 1 }])).size === 1',
  'equal(s.d, { z: 1 })',
  'equal(s.d, { in: { x: 1 }, z: 0 })',
  'equal(s.d.in, { x: 2 })',
  'equal(s.t, [{ x: 1 }, { x: 2, y: false }])',
  'equal(s.u, { kind: "a" })',
  'equal(s.u, { kind: "b", o: { x: 1 } })',
  'equal(s.deep, { list: [{ x: 1 }], map: record(P, () => ({ x: 2 })) })',
  's.q.reduce((so, o) => (equal(o, so) ? so : { x: 2 }), { x: 1 }).x === 1',
  '[...s.w].every((o) => equal(o, { x: o.x }))',
];

describe('optional fields that are left out', () => {
  const seen = { written: 0, refused: 0, violated: 0, missing: 0 };

  it.each(STEPS)('are undefined in every record that they meet: %s', async (step) => {
    const system = systemOf(`
      const P = ids('P', 2); const N = z.int().min(0).max(2); const O = z.object({ x: N, y: z.optional(z.boolean()) });
      export const odd = spec('odd', { state: () => ({
        v: z.record(P, O), q: z.array(O).max(2), w: z.set(O), n: z.nullable(O), flag: z.boolean(),
        d: z.object({ in: z.optional(O), z: N }), t: z.tuple([O, O]),
        u: z.discriminatedUnion('kind', [z.object({ kind: z.literal('a'), m: z.optional(N) }), z.object({ kind: z.literal('b'), o: O })]),
        deep: z.object({ list: z.array(O).max(1), map: z.record(P, O) }),
        steps: N,
      }) });
      export const go = odd.action({ p: P }, (s, { p }) => { when(s.steps < 2); s.steps = s.steps + 1; s.flag = !s.flag; ${step} });
      ${STEPS.slice(0, 3)
        .map(
          (one, index) =>
            `export const first${index} = odd.action({ p: P }, (s, { p }) => { when(s.steps === 0); s.steps = 1; ${one} });`,
        )
        .join('\n')}
      ${QUESTIONS.map((one, index) => `export const c${index} = odd.invariant((s) => !(${one}));`).join('\n')}
    `);
    const result = exportTla(system);
    if (isRefusal(result)) {
      seen.refused += 1;
      expect(result.reasons).toEqual([]);
      return;
    }
    const { statistics, verdicts } = check(system);
    const violated = verdicts.filter(({ kind, outcome }) => kind === 'invariant' && outcome.kind === 'violated');
    const names = violated.map(({ name }) => name).sort();
    const run = await runTlc(result.module, result.config);
    const { module } = result;
    expect({ errors: [...run.errors], distinct: run.distinct, violated: [...run.violated].sort(), module }).toEqual({
      errors: [],
      distinct: statistics.distinct,
      violated: names,
      module,
    });
    seen.written += 1;
    seen.violated += names.length;
    seen.missing += module.split('|-> undefined').length - 1;
  });

  it('are there to be found', () => {
    expect(seen.refused).toBe(0);
    expect(seen.written).toBe(STEPS.length);
    expect(seen.violated).toBeGreaterThan(100);
    expect(seen.missing).toBeGreaterThan(500);
  });
});
