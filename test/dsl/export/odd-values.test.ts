import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import { isRefusal } from '../../../dsl/export/refusal.ts';
import { exportTla } from '../../../dsl/export/tlaplus.ts';
import type { TlaModule } from '../../../dsl/export/tlaplus.ts';
import { systemOf } from '../compiler/compiled.ts';
import { WITH_SPIN } from './spin.ts';
import { ownJudgment, spinJudgment } from './spin-verdicts.ts';
import { runTlc } from './tlc/explore.ts';
import { configurationOf } from './tlc/configuration.ts';
import { stringLiteral, fieldName } from '../../../dsl/export/tlaplus/value.ts';
import { parseModule } from './tlc/syntax.ts';

/** A spec as TLA+, read by the miniature of TLC, which finds what is found here. */
async function readBack(source: string): Promise<TlaModule> {
  const system = systemOf(source);
  const result = exportTla(system);
  if (isRefusal(result)) throw new Error(JSON.stringify(result.reasons));
  const { statistics, verdicts } = check(system);
  const run = await runTlc(result.module, result.config);
  const found = verdicts.flatMap(({ kind, name, outcome }) =>
    ['invariant', 'step', 'property'].includes(kind) && outcome.kind === 'violated' && !('failure' in outcome)
      ? [name]
      : [],
  );
  const shown = { module: result.module, config: result.config };
  expect({ distinct: run.distinct, generated: run.generated, violated: run.violated.size, ...shown }).toEqual({
    distinct: statistics.distinct,
    generated: statistics.transitions,
    violated: new Set(found).size,
    ...shown,
  });
  expect(run.errors.size > 0).toBe(
    verdicts.some(({ kind, outcome }) => kind === 'evaluation' && outcome.kind === 'violated'),
  );
  return result;
}

const ODD = [
  '',
  'a b',
  '"quoted"',
  'back\\slash',
  '\\',
  '\\"',
  "it's",
  'tab\there',
  'new\nline',
  'ünï→😀',
  '\u0001',
  'ф',
  'D',
  '\\u{444}',
  '\u2028',
  'TRUE',
  'null',
  'x"] \\/ TRUE',
  '(* c *)',
  '\\* line',
  '=====',
  '---- MODULE x ----',
  'o.x',
  'WF_x',
  'x_',
  '__proto__',
];
const listed = JSON.stringify(ODD);

describe('strings as TLA+', () => {
  it('are different for different texts, and plain ASCII', () => {
    const literals = ODD.map(stringLiteral);
    expect(new Set(literals).size).toBe(ODD.length);
    for (const one of literals) expect(one).toMatch(/^"(?:[ !#-[\]-~]|\\[ntrf\\"])*"$/);
    expect(stringLiteral('ф')).toBe('"\\\\u{444}"');
    expect(stringLiteral('\\u{444}')).toBe('"\\\\u{5c}u{444}"');
    expect(stringLiteral('a\\b\t"')).toBe('"a\\\\b\\t\\""');
  });

  it('are states, keys, arguments and what is compared', async () => {
    await readBack(`
      const E = z.enum(${listed});
      export const odd = spec('odd "strings" \\\\* and (* comment *) ==== ünï', {
        state: () => ({ e: E, f: z.record(E, z.boolean()), o: z.object({ x: E }) }),
      });
      /** comment (* nested *) with \\* and ==== and ---- MODULE x ---- and a loose end
       * ==== */
      export const go = odd.action({ e: E }, (s, { e }) => { when(s.e === '' && e !== ''); s.e = e; s.f[e] = true; if (e === 'D') s.o.x = 'o.x'; });
      export const notD = odd.invariant((s) => s.e !== 'D' || !s.f['D']);
      export const notThatD = odd.invariant((s) => s.e !== '\\\\u{444}');
      export const other = odd.invariant((s) => s.o.x !== 'o.x');
    `);
  });

  it.each(ODD)('are parameters: %j', async (mode) => {
    const { config } = await readBack(`
      export const odd = spec('odd', { params: { mode: z.enum(${listed}).default(${JSON.stringify(mode)}) }, state: () => ({ x: z.int().min(0).max(1) }) });
      export const go = odd.action((s, p) => { when(p.mode === ${JSON.stringify(mode)}); s.x = 1; });
      export const zero = odd.invariant((s, p) => s.x === 0 || p.mode !== ${JSON.stringify(mode)});
    `);
    expect(configurationOf(config).sections.get('INVARIANT')).toContain('zero');
  });

  it('end no comment of a configuration or module', async () => {
    const { module, config } = await readBack(`
      export const odd = spec('two\\nlines\\rof \\u2028 name', {
        /** parameter \u2028 INVARIANT nothing */
        params: { p: z.int().min(0).max(1).default(1) },
        state: () => ({ x: z.boolean() }),
      });
      export const go = odd.action((s, p) => { when(p.p === 1); s.x = !s.x; });
      /** a *) loose end (* and \u2028 VARIABLE z */
      export const all_ = odd.invariant((s) => s.x || !s.x);
      /** a model \u2028 INVARIANT nothing */
      export const m = odd.model({});
    `);
    expect(module).toContain('\\* lines\n');
    expect(config).toContain('\\* lines\n');
  });
});

describe('names as TLA+', () => {
  it('are legal, and different where they were', async () => {
    const { module } = await readBack(`
      const SF_ = ids('SF_', 2);
      const Nat = ids('Nat', 2);
      const Single = z.union([z.enum(['x', 'off']), z.null()]);
      export const WF = spec('WF', { params: { SF_p: z.int().min(0).max(3).default(2) }, state: () => ({
        WF_on: z.boolean(), nWF_on: z.boolean(), _: z.boolean(), __: z.boolean(), x: Single, x_: z.boolean(), vars: SF_, pc: Nat, Permutations: z.boolean(), POSTCONDITIONS: z.boolean(), '1a': z.boolean(), 'ünï': z.boolean(), DEF: z.boolean(),
      }) });
      export const WF_go = WF.action({ WF_a: SF_, _: Nat }, (s, { WF_a, _ }, p) => {
        when(s.vars !== WF_a || s.pc !== _); s.vars = WF_a; s.pc = _; s.WF_on = !s.WF_on; s._ = s.__; s.__ = !s._; if (p.SF_p === 2) s['1a'] = true;
      });
      export const change = WF.action((s) => { s.x = s.x === null ? 'x' : s.x === 'x' ? 'off' : null; s.nWF_on = s.WF_on; s.DEF = s['ünï']; });
      export const SF_never = WF.sometimes((s) => s._);
      export const never_never = WF.sometimes((s) => s.__);
      export const never = WF.sometimes((s) => s.WF_on);
      export const SF_inv = WF.invariant((s) => s.x !== 'off');
      export const WF_ = WF.fairness(weak(WF_go, change));
      export const SF_live = WF.property((s) => eventually(s.WF_on));
      export const WF_m = WF.model({});
    `);
    expect(module).toMatch(/^-+ MODULE nWF_WF_m -+|^-+ MODULE nWF_nWF_m -+/);
  });

  it.each([
    '_',
    '__',
    '__x',
    '_x',
    'WF_x',
    'SF_',
    'x_',
    'field_x',
    'field__',
    'DOMAIN',
    'BY',
    'QED',
    '@',
    'x y',
    '1',
    'ünï',
    '😀',
    '',
    'a.b',
    '"',
  ])('of fields are read and written: %j', async (name) => {
    const field = JSON.stringify(name);
    const module = await readBack(`
        export const odd = spec('odd', { state: () => ({ o: z.object({ ${field}: z.boolean(), other: z.int().min(0).max(2), [${JSON.stringify(`${name}_`)}]: z.boolean() }), v: z.discriminatedUnion(${field}, [z.object({ ${field}: z.literal('a') }), z.object({ ${field}: z.literal('b'), n: z.boolean() })]), l: z.array(z.object({ ${field}: z.boolean() })).max(1) }) });
        export const flip = odd.action((s) => { s.o[${field}] = !s.o[${field}]; s.o.other = 1; });
        export const turn = odd.action((s) => { s.v = s.v[${field}] === 'a' ? { ${field}: 'b', n: s.o[${field}] } : { ${field}: 'a' }; });
        export const grow = odd.action((s) => { when(s.l.length === 0); s.l.push({ ${field}: s.o[${field}] }); });
        export const set = odd.action((s) => { when(s.l.length > 0); s.l[0][${field}] = true; });
        export const same = odd.invariant((s) => equal(s.o, { ${field}: s.o[${field}], other: s.o.other, ${JSON.stringify(`${name}_`)}: false }));
      `);
    expect(await parseModule(module.module)).toBeDefined();
  });

  it('of fields are never one name for two', () => {
    const names = [
      '_',
      '__',
      '_5f_',
      'field__5f_',
      'field_',
      'field',
      '@',
      '_40_',
      'field__40_',
      'a b',
      'a_b',
      'a_20_b',
      'DOMAIN',
      'field_DOMAIN',
    ];
    expect(new Set(names.map(fieldName)).size).toBe(names.length);
  });
});

describe('initial states as TLA+', () => {
  it('are generated, though `within` may cut them off', async () => {
    const source = `
      export const odd = spec('odd', {
        state: () => ({ a: z.int().min(0).max(9), b: z.int().min(0).max(9) }),
        init: (s) => { s.a = pick(z.int().min(0).max(4)); if (s.a > 2) s.b = 3; },
      });
      export const up = odd.action((s) => { when(s.a < 9); s.a += 1; });
      export const down = odd.action((s) => { when(s.b < 9 && s.a > 0); s.b += 1; s.a -= 1; });
      export const short = odd.within((s) => s.a + s.b <= 5);
      export const notFour = odd.within((s) => s.a !== 4);
      export const inv = odd.invariant((s) => s.a !== 4);
    `;
    const { module, config } = await readBack(source);
    const { initial } = await runTlc(module, config);
    expect({ initial, own: check(systemOf(source)).statistics.initial }).toEqual({ initial: 5, own: 3 });
  });
});

describe('predicates as TLA+', () => {
  it('may depend on nothing', async () => {
    await readBack(`
      export const odd = spec('odd', { params: { on: z.boolean().default(true) }, state: () => ({ x: z.boolean() }) });
      export const go = odd.action((s) => { s.x = !s.x; });
      export const off = odd.invariant((s, p) => !p.on);
      export const on = odd.invariant((s, p) => p.on);
      export const no = odd.invariant(() => false);
      export const yes = odd.invariant(() => true);
      export const none = odd.within((s, p) => !p.on);
      export const reached = odd.sometimes((s, p) => p.on);
    `);
  });
});

describe('integers as TLA+', () => {
  it('reach from end to end', async () => {
    const { module } = await readBack(`
      export const odd = spec('odd', { state: () => ({ x: z.int().min(-2147483648).max(2147483647), r: z.int().min(-7).max(7) }) });
      export const half = odd.action((s) => { when(s.x < -1); s.x = Math.trunc(s.x / 2); });
      export const up = odd.action((s) => { when(s.x === -1); s.x = 2147483647; });
      export const down = odd.action((s) => { when(s.x > 0); s.x = -2147483648; s.r = -7; });
      export const least = odd.action((s) => { when(s.x === -2147483648); s.r = s.x % 5; });
    `);
    expect(module).toContain('(-2147483647 - 1)..2147483647');
  });

  const ENDS = [-2147483648, -2147483647, -7, -2, -1, 0, 1, 2, 5, 2147483646, 2147483647];
  const WRITTEN = [
    'Math.trunc(a / b)',
    'a % b',
    'Math.floor(a / b)',
    'a + b',
    'a - b',
    'a * b',
    '-a',
    'Math.abs(a)',
    'Math.min(a, b)',
    'Math.max(a, b)',
  ];

  it.each(WRITTEN)('are worked out alike, or fail alike: %s', async (term) => {
    for (const left of ENDS) {
      for (const right of ENDS) {
        const system = systemOf(`
          const I = z.int().min(-2147483648).max(2147483647);
          export const odd = spec('odd', { state: () => ({ a: I, b: I, c: I }), init: (s) => { s.a = ${left}; s.b = ${right}; } });
          export const go = odd.action((s) => { const a = s.a; const b = s.b; s.c = ${term}; });
        `);
        const result = exportTla(system);
        if (isRefusal(result)) throw new Error(JSON.stringify(result.reasons));
        const { statistics, verdicts } = check(system);
        const run = await runTlc(result.module, result.config);
        const fails = verdicts.some(({ kind, outcome }) => kind === 'evaluation' && outcome.kind === 'violated');
        expect({ left, right, fails: run.errors.size > 0, distinct: run.distinct }).toEqual({
          left,
          right,
          fails,
          distinct: statistics.distinct,
        });
      }
    }
  });
});

describe.skipIf(WITH_SPIN.includes('skipped'))(`odd values ${WITH_SPIN}`, () => {
  it.each([
    [
      'strings',
      `const E = z.enum(${listed});
      export const odd = spec('odd "strings" */ and /* comment', {
        params: { mode: z.enum(${listed}).default('"quoted"') },
        state: () => ({ /** a */ e: E, f: z.record(E, z.boolean()) }),
      });
      /** */
      export const go = odd.action({ e: E }, (s, { e }, p) => { when(s.e === '' && e !== '' && p.mode === '"quoted"'); s.e = e; s.f[e] = true; });
      export const notD = odd.invariant((s) => s.e !== 'D' || !s.f['D']);
      export const notThatD = odd.invariant((s) => s.e !== '\\\\u{444}');`,
    ],
    [
      'names',
      `const SF_ = ids('SF_', 2);
      export const int = spec('int', { state: () => ({ WF_on: z.boolean(), _: z.boolean(), __: z.boolean(), int: SF_, active: z.boolean(), 'ünï': z.boolean(), o: z.object({ '@': z.boolean(), _: z.boolean(), void: z.boolean() }) }) });
      export const proctype = int.action({ WF_a: SF_, _: z.boolean() }, (s, { WF_a, _ }) => { when(s.int !== WF_a || s._ !== _); s.int = WF_a; s._ = _; s.o['@'] = s.o._; s.o._ = !s.o.void; s.o.void = s['ünï']; s['ünï'] = s.__; s.__ = s.WF_on; s.WF_on = _; s.active = s.o['@']; });
      export const never = int.invariant((s) => !s.active);
      export const ltl = int.sometimes((s) => s.o._);`,
    ],
    [
      'integers',
      `export const odd = spec('odd', { state: () => ({ x: z.int().min(-2147483648).max(2147483647), r: z.int().min(-7).max(7) }) });
      export const half = odd.action((s) => { when(s.x < -1); s.x = Math.trunc(s.x / 2); });
      export const up = odd.action((s) => { when(s.x === -1); s.x = 2147483647; });
      export const down = odd.action((s) => { when(s.x > 0); s.x = -2147483648; s.r = -7; });
      export const least = odd.action((s) => { when(s.x === -2147483648); s.r = s.x % 5; });
      export const third = odd.invariant((s) => s.r !== -3);`,
    ],
    [
      'optional fields',
      `const O = z.object({ x: z.int().min(0).max(2), y: z.optional(z.boolean()) });
      export const odd = spec('odd', { state: () => ({ q: z.array(O).max(2), n: z.nullable(O), w: z.set(O) }) });
      export const go = odd.action((s) => { s.n = pick([{ x: 1 }, { x: 2, y: true }]); s.w.add({ x: 1 }); s.q = [...s.q, { x: 0 }].slice(0, 2).map((o) => ({ x: o.x })); });
      export const a = odd.invariant((s) => !equal(s.n, { x: 1 }));
      export const b = odd.invariant((s) => !s.q.map((o) => ({ x: o.x })).includes(s.n ?? { x: 0 }));
      export const c = odd.invariant((s) => s.w.isSubsetOf(new Set([{ x: 1 }])));
      export const d = odd.invariant((s) => !equal(s.q, [{ x: 0 }, { x: 0 }]));`,
    ],
    [
      'empty domains',
      `const R = ids('R', (p) => p.n);
      export const odd = spec('odd', { params: { n: z.int().min(0).max(2).default(0) }, state: () => ({ b: z.boolean(), r: z.record(R, z.boolean()) }) });
      export const flip = odd.action((s) => { s.b = !s.b; });
      export const p = odd.property((s) => all(R, (r) => leadsTo(s.r[r]!, !s.r[r])));
      export const q = odd.property((s) => some(R, (r) => always(s.r[r]!)));
      export const n = odd.property((s) => not(eventually(not(always(s.b)))));`,
    ],
  ])('have the states and verdicts that they have here: %s', (_, source) => {
    const system = systemOf(source);
    expect(spinJudgment(system)).toEqual(ownJudgment(system));
  });
});
