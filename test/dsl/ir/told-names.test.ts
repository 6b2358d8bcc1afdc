import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import { prepare } from '../../../checker/liveness/prepare.ts';
import { packTrace } from '../../../checker/explorer/packed-behavior.ts';
import { isRefused } from '../../../checker/plan/plan.ts';
import { toldResult } from '../../../checker/report/told-result.ts';
import type { CheckResult } from '../../../checker/verdict/verdict.ts';
import type { System } from '../../../dsl/ir/index.ts';
import { systemFromJson, systemToJson } from '../../../dsl/ir/json.ts';
import { toldNames } from '../../../dsl/ir/told-names.ts';
import { toldSystem } from '../../../dsl/ir/told-system.ts';
import { validateSystem } from '../../../dsl/ir/validate.ts';
import { systemOf } from '../compiler/compiled.ts';
import { specModels } from '../../support/specs.ts';

/** A spec of one process; its lines are counted from that of the helper `visit`. */
const twice = (body: string, more = ''): System =>
  systemOf(`
const T = ids('T', 2);
const demo = spec('demo', { state: () => ({ slots: z.array(z.int().min(0).max(3)).length(2), turn: z.boolean() }) });
function* visit(s, k) { const f = s.slots[k]; let n = f + 1; yield 'sign'; if (3 < n) n = 3; s.slots[k] = n; yield 'signed'; }
const worker = demo.process({ t: T }, function* (s, { t }) {
${body}
});
${more}
const model = demo.model({});
`);

/** What is told in place of what, by line relative to the process. */
function toldOf(system: System): readonly string[] {
  const names = toldNames(system);
  const { text } = system.files[0]!;
  const start = text.slice(0, text.indexOf('const worker')).split('\n').length;
  const relative = (told: string): string => told.replaceAll(/(?<=[@/])\d+/g, (line) => String(Number(line) - start));
  return Array.from(names?.names ?? [], ([name, told]) => `${name} → ${relative(told)}`);
}

describe('what readers are told in place of names that the compiler made', () => {
  it('is nothing where every name is the author’s own', () => {
    expect(toldNames(twice(`yield 'a'; yield* visit(s, 0); s.turn = true;`))).toBeUndefined();
  });

  it('has the line of the call that tells labels and locals apart', () => {
    expect(toldOf(twice(`yield 'a';\nyield* visit(s, 0);\nyield 'b';\nyield* visit(s, 1);`))).toEqual([
      'worker.sign → worker.sign@2',
      'worker.signed → worker.signed@2',
      'worker.sign_2 → worker.sign@4',
      'worker.signed_2 → worker.signed@4',
      'worker.n → worker.n@2',
      'worker.n_2 → worker.n@4',
    ]);
  });

  it('has the line of the label where the process itself yields it twice', () => {
    expect(toldOf(twice(`yield 'a';\ns.turn = true;\nyield 'a';\ns.turn = false;`))).toEqual([
      'worker.a → worker.a@1',
      'worker.a_2 → worker.a@3',
    ]);
  });

  it('has columns where lines do not tell calls apart, and all the calls where none alone does', () => {
    expect(toldOf(twice(`yield 'a'; yield* visit(s, 0); yield 'b'; yield* visit(s, 1);`)).slice(0, 1)).toEqual([
      'worker.sign → worker.sign@1:19',
    ]);
    const nested = `const both = function* () {\nyield* visit(s, 0);\nyield* visit(s, 1);\n};\nyield 'a';\nyield* both();\nyield 'b';\nyield* both();`;
    expect(toldOf(twice(nested)).filter((line) => line.startsWith('worker.sign'))).toEqual([
      'worker.sign → worker.sign@6/2',
      'worker.signed → worker.signed@6/2',
      'worker.sign_2 → worker.sign@6/3',
      'worker.signed_2 → worker.signed@6/3',
      'worker.sign_3 → worker.sign@8/2',
      'worker.signed_3 → worker.signed@8/2',
      'worker.sign_4 → worker.sign@8/3',
      'worker.signed_4 → worker.signed@8/3',
    ]);
  });

  it('has the round of a loop whose body is there once for each', () => {
    const rounds = `yield 'a';\nfor (const one of [{ of: (x) => x }, { of: (x) => x }]) {\nyield 'go';\ns.turn = one.of(!s.turn);\n}`;
    expect(toldOf(twice(rounds))).toEqual(['worker.go → worker.go@2#1', 'worker.go_2 → worker.go@2#2']);
  });

  it('calls what a name needs by that name', () => {
    const reference = `yield 'a';\nlet i = pick([0, 1]);\nconst cell = s.pairs[i];\nconst box = { cell: s.pairs[i], no: i };\ni = 0;\nyield 'b';\ncell.x = true;\nbox.cell.x = box.no === 0;\nyield 'c';\ns.turn = 0 < i;`;
    const withPairs = systemOf(
      `const demo = spec('demo', { state: () => ({ pairs: z.array(z.object({ x: z.boolean() })).length(2), turn: z.boolean() }) });
const worker = demo.process(function* (s) {\n${reference}\n});\nconst model = demo.model({});`,
    );
    expect(toldOf(withPairs)).toMatchInlineSnapshot(`
      [
        "worker.cell_index → worker.cell",
        "worker.box_cell_index → worker.box.cell",
        "worker.box_no → worker.box.no",
      ]
    `);
  });

  it('does not depend on them where a thread is asked about', () => {
    const system = twice(
      `yield 'a';\nyield* visit(s, 0);\nyield 'b';\nyield* visit(s, 1);`,
      `const at = demo.invariant((s) => all(T, (t) => !worker.at({ t }, 'sign') || s.slots[0] < 2));
const pc = demo.invariant(() => all(T, (t) => worker.pc({ t }) === 'sign' === worker.at({ t }, 'sign')));
const same = demo.invariant(() => !all(T, (t) => all(T, (u) => worker.pc({ t }) === worker.pc({ t: u }) && worker.at({ t }, 'signed'))));
const moves = demo.stepInvariant((s, next) => true);
const ends = demo.property(() => all(T, (t) => eventually(worker.at({ t }, 'done'))));
const fair = demo.fairness(weak(worker));`.replace(/const moves.*\n/, ''),
    );
    expectSame(system);
  });

  it('changes nothing about the specs of the project', () => {
    const models = specModels(/^(vmm-drv\/models\/one-ring|sync\/|classic\/(producer|sleeping))/);
    const told = models.filter(({ model, file, system }) => {
      const isTried = !file.startsWith('vmm-drv') || model === 'shippedFix';
      return isTried && toldNames(system()) !== undefined;
    });
    expect(told.length).toBeGreaterThan(3);
    for (const { system } of told) expectSame(system());
  });
});

/** That a system in other names is one of the IR, behaves as it did, and is what the told result is of. */
function expectSame(system: System): void {
  const names = toldNames(system)!;
  const told = toldSystem(system, names);
  expect(validateSystem(told)).toEqual([]);
  expect(systemFromJson(systemToJson(system))).toEqual({ kind: 'read', system });
  const before = check(system);
  for (const engine of ['auto', 'interpreted'] as const)
    expect(untimed(check(told, { engine }))).toEqual(untimed(toldResult(system, before)));
  const { plan } = prepare(told);
  if (isRefused(plan)) throw new Error('refused');
  for (const { outcome } of toldResult(system, before).verdicts) if ('trace' in outcome) packTrace(plan, outcome.trace);
}

function untimed({ statistics, ...rest }: CheckResult): unknown {
  const { engine: _, searchTime: __, livenessTime: ___, searchProcessorTime: ____, ...counts } = statistics;
  return { ...rest, statistics: counts };
}
