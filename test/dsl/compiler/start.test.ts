import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import { exportTla } from '../../../dsl/export/tlaplus.ts';
import { exportPromela } from '../../../dsl/export/promela.ts';
import { isRefusal } from '../../../dsl/export/refusal.ts';
import type { System } from '../../../dsl/ir/index.ts';
import { runTlc } from '../export/tlc/explore.ts';
import { isSpinHere, WITH_SPIN } from '../export/spin.ts';
import { ownJudgment, spinJudgment } from '../export/spin-verdicts.ts';
import { systemOf } from './compiled.ts';

/** A spec with one variable and a step that does nothing to it, in which it is claimed to start with something. */
function starting(schema: string, starts: string, init = ''): System {
  return systemOf(`
    import { anyOf } from 'fairlead';
    const Node = ids('Node', 2);
    const Mode = z.enum(['idle', 'busy', 'gone']);
    export const start = spec('start', {
      params: { n: z.int().min(0).max(3).default(2) },
      state: (p) => ({ x: ${schema}, up: z.boolean() }),
      ${init === '' ? '' : `init: (s, p) => { ${init} },`}
    });
    export const go = start.action((s) => { s.up = !s.up; });
    export const starts = start.invariant((s, p) => ${starts});
    export const model = start.model({});
  `);
}

const initialOf = (system: System): number => check(system).statistics.initial;

describe('a variable starts', () => {
  it.each([
    ['with the first value of its domain', 'Mode', "s.x === 'idle'"],
    ['with the least integer above 0', 'z.int().min(2).max(4)', 's.x === 2'],
    ['with the least integer below 0', 'z.int().min(-4).max(-2)', 's.x === -4'],
    ['with 0 where it can be 0', 'z.int().min(-2).max(2)', 's.x === 0'],
    ['with 0 in the parts of an object', 'z.object({ a: z.int().min(-1).max(1), b: Mode })', "s.x.a === 0 && s.x.b === 'idle'"],
    ['with 0 in each entry of a record', 'z.record(Node, z.int().min(-1).max(1))', 'all(Node, (n) => s.x[n] === 0)'],
    ['with 0 in each element of an array', 'z.array(z.int().min(-1).max(1)).length(2)', 's.x.every((one) => one === 0)'],
    ['with the least integer of a list with gaps', 'z.literal([5, -1, 0])', 's.x === -1'],
    ['with 0 in what is written first of integers with gaps', 'z.union([z.int().min(-2).max(1), z.literal(9)])', 's.x === 0'],
    ['with what is written first of integers with gaps', 'z.union([z.literal(9), z.int().min(-2).max(1)])', 's.x === 9'],
    ['with a default among integers with gaps', 'z.literal([1, 2, 5]).default(5)', 's.x === 5'],
    ['with null where it may be absent', 'z.int().min(-1).max(1).nullable()', 's.x === null'],
    ['with the default', "Mode.default('busy')", "s.x === 'busy'"],
    ['with a default that is a parameter', 'z.int().min(0).max(3).default(p.n)', 's.x === 2'],
    ['with a default that a function gives', 'z.int().min(0).max(3).default(() => 3)', 's.x === 3'],
    ['with a default behind other words', "Mode.default('busy').describe('what it does').readonly()", "s.x === 'busy'"],
    ['with the default in an object', "z.object({ a: Mode.default('gone'), b: z.boolean() })", "s.x.a === 'gone' && !s.x.b"],
    ['with the default in an object in a record', "z.record(Mode, z.object({ a: z.tuple([z.boolean().default(true)]) }))", 's.x.idle.a[0] && s.x.gone.a[0]'],
    ['with a whole object as its default', "z.object({ a: Mode, b: Node.optional() }).default({ a: 'busy' })", "s.x.a === 'busy' && s.x.b === undefined"],
    ['with a set as its default', "z.set(Mode).default(new Set(['gone', 'busy']))", "s.x.size === 2 && !s.x.has('idle')"],
    ['with an array as its default', 'z.array(Mode).max(2).default(["gone"])', "s.x.length === 1 && s.x[0] === 'gone'"],
    ['with the default of something optional, which is there then', 'z.boolean().optional().default(true)', 's.x'],
    ['with the default in the first case of a union', "z.discriminatedUnion('kind', [z.object({ kind: z.literal('a'), n: z.int().min(0).max(3).default(2) }), z.object({ kind: z.literal('b') })])", "s.x.kind === 'a' && s.x.n === 2"],
    ['with what the outer default says', "z.object({ a: z.boolean().default(false) }).default({ a: true })", 's.x.a'],
    ['with what `init` says, whatever the default', "Mode.default('busy')", "s.x === 'gone'", "s.x = 'gone'"],
    ['with what `init` makes of the default', 'z.int().min(0).max(3).default(2)', 's.x === 3', 's.x += 1'],
  ])('%s: %s', async (_, schema, starts, init = '') => {
    const system = starting(schema, starts, init);
    const verdict = check(system).verdicts.find(({ name }) => name === 'starts');
    expect(verdict?.outcome).toEqual({ kind: 'holds' });
    const exported = exportTla(system);
    if (isRefusal(exported)) throw new Error(JSON.stringify(exported.reasons));
    const run = await runTlc(exported.module, exported.config);
    expect([...run.violated, run.distinct]).toEqual([2]);
  }); // prettier-ignore

  it.each([
    ['anyOf(Mode)', 'true', 3],
    ['anyOf(z.int().min(1).max(p.n))', 's.x >= 1', 2],
    ['anyOf(z.literal([-1, 1, 5]))', 's.x !== 0 && s.x !== 4', 3],
    ['z.record(z.literal([1, 5]), anyOf(z.literal([2, 4, "none"])))', 's.x[1] !== 3 && s.x[5] !== 3', 9],
    ['z.union([anyOf(z.literal([4, 7])), z.literal([1, 9])])', 's.x >= 4 && s.x < 9', 2],
    ['z.record(Node, anyOf(z.boolean()))', 'true', 4],
    ['anyOf(z.record(Node, z.boolean()))', 'true', 4],
    ["z.object({ a: anyOf(Node), b: Mode.default('gone') })", "s.x.b === 'gone'", 2],
    ['z.tuple([anyOf(Node), z.int().min(-1).max(0), anyOf(Mode)])', 's.x[1] === 0', 6],
    ['z.array(anyOf(z.boolean())).length(2)', 's.x.length === 2', 4],
    ['anyOf(z.array(z.boolean()).max(1))', 'true', 3],
    ['anyOf(Mode).readonly()', 'true', 3],
    ['z.union([anyOf(z.literal([1, 2])), z.literal("none")])', 's.x !== "none"', 2],
    ["z.discriminatedUnion('kind', [z.object({ kind: z.literal('a'), n: anyOf(Node) }), z.object({ kind: z.literal('b') })])", "s.x.kind === 'a'", 2],
    ["anyOf(Mode).nullable()", 's.x === null', 1],
  ])('anywhere: %s', async (schema, starts, count) => {
    const system = starting(schema, starts);
    expect([initialOf(system), check(system).asExpected]).toEqual([count, true]);
    expect(initialOf(starting(schema, 'true', 's.up = true'))).toBe(count);
    const exported = exportTla(system);
    if (isRefusal(exported)) throw new Error(JSON.stringify(exported.reasons));
    const run = await runTlc(exported.module, exported.config);
    expect([run.initial, [...run.violated]]).toEqual([count, []]);
  }); // prettier-ignore
});

describe('a start value', () => {
  it.each([
    ["s.x = 'gone'", 1],
    ["when(s.up === false); s.x = 'gone'; s.x = 'idle'", 3],
    ["s.x = s.x === 'busy' ? 'gone' : 'idle'", 2],
    ["if (s.up) s.x = 'gone'", 2],
    ["s.up = s.x === 'busy'; s.x = 'gone'", 3],
  ])('is given where it counts: %s', (init, statements) => {
    expect(starting("Mode.default('busy')", 'true', init).init).toHaveLength(statements);
  });
});

describe('a start anywhere', () => {
  const system = starting('z.object({ a: anyOf(Mode), b: z.int().min(-1).max(1) })', 'true');

  it('is a choice from the domain in TLA+', () => {
    const exported = exportTla(starting('anyOf(Mode)', 'true'));
    if (isRefusal(exported)) throw new Error(JSON.stringify(exported.reasons));
    expect(exported.module.slice(exported.module.indexOf('Init')).split('\n\n')[0]).toMatchInlineSnapshot(
      `"Init == \\E any_x \\in Mode : x = any_x /\\ up = FALSE"`,
    );
  });

  it('is a choice in Promela', () => expect(isRefusal(exportPromela(system))).toBe(false));

  it.skipIf(!isSpinHere())(`has as many states ${WITH_SPIN}`, () => {
    expect(spinJudgment(system)).toEqual(ownJudgment(system));
  });
});
