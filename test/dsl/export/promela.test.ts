import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import { exportPromela } from '../../../dsl/export/promela.ts';
import { isRefusal } from '../../../dsl/export/refusal.ts';
import type { System } from '../../../dsl/ir/index.ts';
import { hasStepsOfOthers, specModels } from '../../support/specs.ts';
import type { SpecModel } from '../../support/specs.ts';
import { systemOf } from '../compiler/compiled.ts';
import { randomLanguageSystems, randomSystems } from './random.ts';
import { fewOfEach } from './selection.ts';
import { isSpinHere, WITH_SPIN } from './spin.ts';
import { ownJudgment, spinJudgment } from './spin-verdicts.ts';
import { together } from './together.ts';

/*
 * Everything that SPIN says here, it says for real. Making a verifier takes far longer than running it: so there are two
 * models of each spec, one that is right and a near miss, and few limits in distinct states. `SPIN=whole` in the
 * environment looks at all models and leaves no limits.
 */
const everything = process.env['SPIN'] === 'whole';
const SAFETY = everything ? Infinity : 30_000;
const LIVENESS = everything ? Infinity : 1000;

const sizeOf = ({ system }: SpecModel): number => system().model.distinct ?? Infinity;
const allModels = specModels();
const models = fewOfEach(
  allModels.filter((one) => sizeOf(one) <= SAFETY),
  (one) => (everything ? Infinity : hasStepsOfOthers(one) ? 1 : 2),
);

/** Of a second model, temporal properties are only asked about where it is there for one that is violated. */
function asksLiveness(one: SpecModel): boolean {
  if (everything) return true;
  const { model, properties } = one.system();
  const isFirst = models.find(({ file }) => file === one.file) === one;
  const isAboutOne = model.expectations.some(
    (expected) => 'property' in expected && properties.some(({ name }) => name === expected.property),
  );
  return sizeOf(one) <= LIVENESS && !hasStepsOfOthers(one) && (isFirst || isAboutOne);
}

describe.skipIf(!isSpinHere())(`models of every spec in specs/ ${WITH_SPIN}`, () => {
  const seen = { liveness: 0, temporal: 0, deadlocks: 0, violated: 0 };

  it('are there', () => {
    const files = new Set(allModels.map(({ file }) => file));
    // Some have nothing but models that are larger.
    expect([...files].filter((file) => !models.some((one) => one.file === file))).toEqual(
      everything ? [] : ['classic/slush', 'vmm-drv/models/large', 'vmm-drv/models/lives', 'vmm-drv/models/medium'],
    );
    expect(files.size).toBeGreaterThan(45);
  });

  it.each(models.map((one) => [one.file, one.model, one] as const))('%s %s is what it is here', (_, __, one) => {
    const system = one.system();
    const liveness = asksLiveness(one);
    const own = ownJudgment(system);
    const spin = spinJudgment(system, { liveness });
    expect(spin).toEqual(liveness ? own : { ...own, properties: [] });
    if (liveness) seen.liveness += system.properties.length;
    seen.temporal += spin.properties.length;
    seen.deadlocks += Number(spin.deadlocks);
    seen.violated += spin.violated.length;
  });

  it('are worth judging', () => {
    expect(models.length).toBeGreaterThan(70);
    expect(seen.liveness).toBeGreaterThan(60);
    for (const count of [seen.temporal, seen.deadlocks, seen.violated]) expect(count).toBeGreaterThan(10);
  });
});

describe('the Promela export', () => {
  it('takes every model in specs/ as a whole', () => {
    const missing = models.flatMap((one) => {
      const exported = exportPromela(one.system());
      return !isRefusal(exported) && exported.omitted.length === 0 ? [] : [`${one.file} ${one.model}`];
    });
    expect(missing).toEqual([]);
  });
});

describe.skipIf(!isSpinHere())(`random systems ${WITH_SPIN}`, () => {
  const AT_ONCE = 8;
  const MOST_STATES = 400;
  const seen = { systems: 0, asking: 0, refused: 0, large: 0, states: 0, deadlocks: 0, violated: 0 };

  /** Those that can be judged here and there, and have a state. */
  const suitable = (systems: readonly System[]): System[] =>
    systems.filter((system) => {
      if (isRefusal(exportPromela(system))) {
        // Steps that ask what is enabled are refused by name.
        if (JSON.stringify(system.actions).includes('"kind":"enabled"')) seen.asking += 1;
        else seen.refused += 1;
        return false;
      }
      const { statistics } = check(system, { maxStates: MOST_STATES });
      if (statistics.cut !== undefined || statistics.distinct === 0) seen.large += 1;
      return statistics.cut === undefined && 0 < statistics.distinct;
    });

  const judge = (systems: readonly System[]): void => {
    for (let from = 0; from < systems.length; from += AT_ONCE) {
      const some = systems.slice(from, from + AT_ONCE);
      const all = together(some);
      const result = check(all);
      const own = ownJudgment(all, result);
      const spin = spinJudgment(all);
      // What cannot be evaluated, SPIN reports by its message; which came first is not asked.
      const names = new Set([...all.invariants, ...all.steps].map(({ name }) => name));
      const failing = new Set(result.verdicts.flatMap(({ name, outcome }) => ('failure' in outcome ? [name] : [])));
      const comparable = (violated: readonly string[]): string[] =>
        [...new Set(violated)].filter((name) => {
          const bare = name.replace(/^reached /, '');
          return (names.has(name) || bare !== name) && !failing.has(bare);
        });
      expect({ ...spin, violated: comparable(spin.violated) }).toEqual({ ...own, violated: comparable(own.violated) });
      if (failing.size > 0) expect(spin.violated.some((message) => !names.has(message))).toBe(true);
      seen.systems += some.length;
      seen.states += spin.distinct;
      seen.deadlocks += Number(spin.deadlocks);
      seen.violated += spin.violated.length;
    }
  };

  it.each([0, 1, 2, 3])('of the whole IR have as many states and the same verdicts (size %i)', (size) => {
    judge(suitable(randomSystems(1000 * size, everything ? 400 : 40, size + 1)));
  });

  it.each([0, 1, 2])('of the language have as many states and the same verdicts (size %i)', (size) => {
    judge(suitable(randomLanguageSystems(1000 * size, everything ? 400 : size === 0 ? 140 : 40, size)));
  });

  it('are worth comparing', () => {
    expect(seen.systems).toBeGreaterThan(120);
    expect(seen.states / seen.systems).toBeGreaterThan(5);
    expect(seen.asking).toBeGreaterThan(10);
    expect(seen.refused).toBeLessThan(seen.systems / 10);
    expect(seen.deadlocks).toBeGreaterThan(1);
    expect(seen.violated).toBeGreaterThan(60);
  });
});

/** A light that anybody may take once it is on. */
const LIGHT = (properties: string): System =>
  systemOf(`
    const Node = ids('Node', 2);
    export const light = spec('light', {
      state: () => ({ on: z.boolean(), count: z.int().min(0).max(2), who: z.nullable(Node) }),
      init: (s) => { s.count = pick(z.int().min(0).max(1)); },
    });
    export const toggle = light.action((s) => { s.on = !s.on; });
    export const grab = light.action({ n: Node }, (s, { n }) => { when(s.who === null && s.on); s.who = n; });
    export const drop = light.action({ n: Node }, (s, { n }) => {
      when(s.who === n);
      s.who = null;
      s.count = (s.count + 1) % 3;
    });
    export const few = light.fairness(weak(toggle), strong(grab));
    export const more = light.fairness(weak(drop));
    ${properties}
    export const model = light.model({});
  `);

describe.skipIf(!isSpinHere())(`properties that speak of steps ${WITH_SPIN}`, () => {
  it.each([
    ['leadsTo(s.on, taken(grab, { n }))', 'holds'],
    ['always(implies(taken(grab, { n }), eventually(s.who === null)))', 'holds'],
    ['until(s.on, taken(grab))', 'violated'],
    ['until(not(taken(drop, { n })), taken(grab))', 'holds'],
    ['always(implies(taken(toggle), s.count < 2))', 'violated'],
    ['always(implies(enabled(grab, { n }), s.on))', 'holds'],
  ])('%s %s', (formula, answer) => {
    const system = LIGHT(`export const p = light.property((s) => all(Node, (n) => ${formula}));`);
    const own = ownJudgment(system);
    expect(own.properties).toEqual(answer === 'holds' ? [] : ['p']);
    expect(spinJudgment(system)).toEqual(own);
  });

  it('take a step of each action that leads where it does', () => {
    const system = systemOf(`
      export const same = spec('same', { state: () => ({ x: z.boolean(), y: z.boolean() }) });
      export const a = same.action((s) => { s.x = !s.x; });
      export const b = same.action((s) => { when(!s.x); s.x = true; });
      export const up = same.action({ to: z.boolean() }, (s, { to }) => { s.y = to; });
      export const fair = same.fairness(weak(a));
      export const half = same.fairness(weak(b));
      export const rarely = same.fairness(strong(a, { when: (s) => s.x }));
      export const taking = same.property(() => always(eventually(taken(b))), { under: [fair] });
      export const made = same.property((s) => eventually(s.x), { under: [half] });
      export const back = same.property((s) => always(eventually(!s.x)), { under: [rarely] });
      export const first = same.property((s) => until(not(taken(a)), taken(b)), { under: [fair] });
      export const apart = same.property((s) => always(implies(taken(b), not(taken(a)))), { under: [fair] });
      export const model = same.model({});
    `);
    const own = ownJudgment(system);
    expect(own.properties).toEqual(['apart']);
    expect(spinJudgment(system)).toEqual(own);
  });

  it('find an action enabled that changes nothing', () => {
    const system = systemOf(`
      export const still = spec('still', { state: () => ({ x: z.boolean() }) });
      export const go = still.action((s) => { s.x = true; });
      export const able = still.property(() => always(enabled(go)));
      export const fair = still.fairness(weak(go));
      export const going = still.property(() => always(eventually(taken(go))));
      export const model = still.model({});
    `);
    const own = ownJudgment(system);
    expect(own.properties).toEqual(['going']);
    expect(spinJudgment(system)).toEqual(own);
  });

  it('assume what they name', () => {
    const system = LIGHT(`
      export const both = light.property((s) => always(eventually(taken(drop))));
      export const one = light.property((s) => always(eventually(taken(drop))), { under: [few] });
      export const none = light.property((s) => eventually(s.on), { under: [] });
    `);
    const own = ownJudgment(system);
    expect(own.properties).toEqual(['none', 'one']);
    expect(spinJudgment(system)).toEqual(own);
  });
});

describe.skipIf(!isSpinHere())(`initial states that nothing leads from ${WITH_SPIN}`, () => {
  it.each([
    ['the first of several', 'pick(z.int().min(0).max(2))', 's.n > 0', '', 3, true],
    ['the last of several', 'pick(z.int().min(0).max(2))', 's.n < 2', '', 3, true],
    ['all of several', 'pick(z.int().min(0).max(2))', 's.n > 2', '', 3, true],
    ['none of several', 'pick(z.int().min(0).max(2))', 's.n > -1', '', 3, false],
    ['the only one, chosen twice', 'pick(z.int().min(0).max(2)) * 0', 's.n > 2', '', 1, true],
    ['the only one that is explored', 'pick(z.int().min(0).max(2))', 's.n > 2', 's.n === 1', 1, true],
    ['the first that is explored', 'pick(z.int().min(0).max(2))', 's.n > 1', 's.n > 0', 2, true],
    ['the only one, properly', 'pick(z.int().min(0).max(2)) * 0', 's.n > 2', '', 1, false, 's.n === 0'],
  ] as const)('%s', (_, start, guard, within, distinct, deadlocks, terminal: string = 'false') => {
    const system = systemOf(`
      export const still = spec('still', {
        state: () => ({ n: z.int().min(0).max(3) }),
        init: (s) => { s.n = ${start}; },
      });
      export const go = still.action((s) => { when(${guard}); s.n += 0; });
      export const end = still.terminal((s) => ${terminal});
      export const inside = still.invariant((s) => s.n !== 2);
      ${within === '' ? '' : `export const few = still.within((s) => ${within});`}
      export const model = still.model({});
    `);
    const own = ownJudgment(system);
    expect(own).toMatchObject({ distinct, deadlocks });
    expect(spinJudgment(system)).toEqual(own);
  });
});
