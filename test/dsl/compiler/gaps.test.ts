import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import type { Failure } from '../../../checker/counterexample/behavior.ts';
import { interpret } from '../../../checker/engine/interpreter.ts';
import { isRefused, planOf } from '../../../checker/plan/plan.ts';
import { compile } from '../../../dsl/compiler/compile.ts';
import { exportTla } from '../../../dsl/export/tlaplus.ts';
import { isRefusal } from '../../../dsl/export/refusal.ts';
import { systemFromJson, systemToJson } from '../../../dsl/ir/json.ts';
import type { System } from '../../../dsl/ir/index.ts';
import { valuesOf } from '../../../dsl/ir/index.ts';
import { printDomain } from '../../../dsl/ir/print.ts';
import { generatedEngine, graphOf } from '../../support/agreement.ts';
import { runTlc } from '../export/tlc/explore.ts';
import { isSpinHere, WITH_SPIN } from '../export/spin.ts';
import { ownJudgment, spinJudgment } from '../export/spin-verdicts.ts';
import { systemOf } from './compiled.ts';

/* Integers with gaps between them; that bodies mean what they mean in JavaScript is in constructs/gaps.ts. */

const CONSTRUCTS = fileURLToPath(new URL('./constructs/gaps.ts', import.meta.url));

/** A spec with a variable of a schema, which each step makes one larger by `by`; `start` is where it begins. */
function counting(schema: string, by = 1, start = ''): System {
  return systemOf(`
    export const subject = spec('subject', { state: () => ({ x: ${schema} as any }), init: (s) => { ${start} } });
    export const step = subject.action((s) => { s.x += ${by}; });
    export const model = subject.model({});
  `);
}

describe('the domain of a schema', () => {
  it.each([
    ['z.literal([5, 1, 2])', 'z.literal([1, 2, 5])', [1, 2, 5]],
    ['z.literal([3, 1, 2])', 'z.int().min(1).max(3)', [1, 2, 3]],
    ['z.literal([-1, 100])', 'z.literal([-1, 100])', [-1, 100]],
    ['z.union([z.literal(5), z.literal(1)])', 'z.literal([1, 5])', [1, 5]],
    ['z.union([z.int().min(0).max(3), z.literal(9)])', 'z.union([z.int().min(0).max(3), z.literal(9)])', [0, 1, 2, 3, 9]],
    ['z.union([z.literal(9), z.int().min(0).max(3), z.literal([4, 2])])', 'z.union([z.int().min(0).max(4), z.literal(9)])', [0, 1, 2, 3, 4, 9]],
    ['z.union([z.int().min(0).max(3), z.int().min(2).max(5)])', 'z.int().min(0).max(5)', [0, 1, 2, 3, 4, 5]],
    ["z.literal([2, 'none', 0])", 'z.union([z.literal([0, 2]), z.enum(["none"])])', [0, 2, 'none']],
    ["z.literal(['none', 2, null, 0])", 'z.union([z.enum(["none"]), z.literal([0, 2]), z.null()])', ['none', 0, 2, null]],
    ['z.literal([1, true, null])', 'z.union([z.int().min(1).max(1), z.literal(true), z.null()])', [1, true, null]],
    ['z.union([z.literal(false), z.literal(true)])', 'z.boolean()', [false, true]],
    ['z.literal(true)', 'z.literal(true)', [true]],
    ['z.literal([1, true, 5, false])', 'z.union([z.literal([1, 5]), z.boolean()])', [1, 5, false, true]],
    ['z.literal([1, 5]).nullable().optional()', 'z.literal([1, 5]).nullable().optional()', [undefined, null, 1, 5]],
    ['z.nullable(z.union([z.literal(5), z.null(), z.literal(7)]))', 'z.literal([5, 7]).nullable()', [null, 5, 7]],
  ])('%s', (schema, printed, values) => {
    const { domain } = systemOf(`
      export const subject = spec('subject', { state: () => ({ x: ${schema} }) });
      export const step = subject.action((s) => { s.x = s.x; });
    `).variables[0]!;
    expect(printDomain(domain)).toBe(printed);
    expect([...valuesOf(domain)]).toEqual(values);
  }); // prettier-ignore
});

describe('a step that ends in a gap fails', () => {
  it.each([
    ['z.literal([1, 2, 5])', 1, '', '3 is outside 1 | 2 | 5', 2],
    ['z.union([z.int().min(0).max(3), z.literal(9)])', 1, '', '4 is outside 0 … 3 | 9', 4],
    ['z.union([z.int().min(0).max(3), z.literal(9)])', -5, 's.x = 9;', '4 is outside 0 … 3 | 9', 1],
    ['z.literal([0, 2]).nullable()', 1, 's.x = 0;', '1 is outside null | 0 | 2', 1],
    ["z.literal([0, 2, 'none'])", 1, '', '1 is outside 0 | 2 | none', 1],
    ['z.literal([0, true, null, 4])', 1, '', '1 is outside 0 | 4 | true | null', 1],
    ['z.literal([-2147483648, 2147483647])', 1, '', '-2147483647 is outside -2147483648 | 2147483647', 1],
  ])(
    'of %s, by %i %s',
    async (schema, by, start, message, distinct) => {
      const system = counting(schema, by, start);
      for (const engine of ['interpreted', 'javascript', 'webassembly'] as const) {
        const result = check(system, { engine });
        expect(result.statistics).toMatchObject({ engine, distinct });
        const { outcome } = result.verdicts.find(({ kind }) => kind === 'evaluation')!;
        expect(outcome).toMatchObject({ kind: 'violated', failure: { message } });
        const { span } = (outcome as { failure: Failure }).failure;
        expect(system.files[span.file]!.text.slice(span.start, span.end)).toBe(`s.x += ${by}`);
      }
      if (isSpinHere()) expect(spinJudgment(system)).toMatchObject({ distinct, violated: [expect.any(String)] });
      // TLC compares no integer with a boolean.
      if (schema.includes('true')) return;
      const { module, config } = exportedTla(system);
      const run = await runTlc(module, config);
      expect([run.distinct, run.errors.size]).toEqual([distinct, 1]);
    },
    60_000,
  );
});

describe('a spec with gaps in all its domains', () => {
  const { specs, diagnostics } = compile(CONSTRUCTS);
  const { system } = specs[0]!.instantiate(undefined);

  it('is typed as TypeScript narrows it', () => {
    expect(diagnostics.map(({ message }) => message)).toEqual([]);
  });

  it('has one state graph, whatever engine makes it', () => {
    const plan = planOf(system!);
    if (isRefused(plan)) throw new Error(plan.refusals[0]!.message);
    const reference = graphOf(plan, interpret(plan), 400);
    for (const kind of ['javascript', 'webassembly'] as const) {
      expect({ kind, graph: graphOf(plan, generatedEngine(plan, kind), 400) }).toEqual({ kind, graph: reference });
    }
    expect([reference.lines.length, reference.failures > 100]).toEqual([401, true]);
  });

  it('survives JSON', () => {
    expect(systemFromJson(systemToJson(system!))).toEqual({ kind: 'read', system });
  });
});

describe('a small spec with gaps', () => {
  const system = systemOf(`
    const Level = z.literal([1, 2, 5]);
    const Mixed = z.literal([0, 2, 'none']);
    export const levels = spec('levels', {
      state: () => ({ level: Level, wide: z.union([z.int().min(0).max(3), z.literal(9)]), mixed: Mixed.nullable(), on: z.record(Level, z.boolean()), all: z.set(Level) }),
    });
    export const raise = levels.action({ to: Level }, (s, { to }) => { s.level = to; s.on[to] = true; });
    export const walk = levels.action((s) => { s.wide = s.wide === 3 ? 9 : s.wide === 9 ? 0 : s.wide + 1; });
    export const mix = levels.action((s) => { s.mixed = pick(Mixed); if (typeof s.mixed === 'number') when(s.mixed < s.level); });
    export const add = levels.action((s) => { s.all.add(s.level); });
    export const between = levels.invariant((s) => all(Level, (one) => !s.all.has(one) || one === s.level || s.on[one]) || s.level === 1);
    export const sum = levels.sometimes((s) => s.level + s.wide === 14);
    export const model = levels.model({});
  `);

  it('has as many states as can be counted by hand', () => {
    expect(check(system).statistics.distinct).toBe(distinctByHand());
  });

  it('is one system to TLC', async () => {
    const { module, config } = exportedTla(system);
    const invariant = module.slice(module.indexOf('TypeInvariant ==')).split('\n\n')[0];
    expect(invariant).toMatchInlineSnapshot(`
      "TypeInvariant ==
          /\\ level \\in {1, 2, 5}
          /\\ wide \\in 0..3 \\cup {9}
          /\\ mixed \\in {0, 2} \\cup {null, none}
          /\\ on \\in [{1, 2, 5} -> BOOLEAN]
          /\\ all \\in SUBSET {1, 2, 5}"
    `);
    const run = await runTlc(module, config);
    const { statistics } = check(system);
    expect([run.distinct, run.generated, [...run.errors]]).toEqual([statistics.distinct, statistics.transitions, []]);
  });

  it.runIf(isSpinHere())(
    `is one system to SPIN, ${WITH_SPIN}`,
    () => {
      expect(spinJudgment(system)).toEqual(ownJudgment(system));
    },
    120_000,
  );
});

function exportedTla(system: System): { readonly module: string; readonly config: string } {
  const exported = exportTla(system);
  if (isRefusal(exported)) throw new Error(JSON.stringify(exported.reasons));
  return exported;
}

/** Counted by what the steps say, on sets of numbers: nothing here is of the checker. */
function distinctByHand(): number {
  const found = new Set<string>();
  const reach = (level: number, on: readonly number[], all: readonly number[]): void => {
    const key = JSON.stringify([level, on, all]);
    if (found.has(key)) return;
    found.add(key);
    const withOne = (list: readonly number[], one: number) =>
      [...new Set([...list, one])].sort((left, right) => left - right);
    for (const to of [1, 2, 5]) reach(to, withOne(on, to), all);
    reach(level, on, withOne(all, level));
  };
  reach(1, [], []);
  // What `wide` and `mixed` hold is up to them, but for a 2, which needs a level of 5 once; it may be kept then.
  const mixedWith = (on: readonly number[]) => (on.includes(5) ? 4 : 3);
  return [...found].reduce((sum, key) => {
    const [, on] = JSON.parse(key) as [number, number[], number[]];
    return sum + 5 * mixedWith(on);
  }, 0);
}
