import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import type { CheckResult } from '../../../checker/verdict/verdict.ts';
import type { System } from '../../../dsl/ir/index.ts';
import { systemOf } from '../../dsl/compiler/compiled.ts';
import { specModels } from '../../support/specs.ts';

/** Names and outcomes of all that is judged on states, with how many steps there are to what was found. */
function outcomesOf({ verdicts }: CheckResult): unknown {
  return verdicts
    .filter(({ kind }) => kind !== 'property' && kind !== 'sometimes')
    .map(({ kind, name, outcome }) => [
      kind,
      name,
      outcome.kind,
      outcome.kind === 'violated' ? outcome.trace.steps.length : undefined,
    ]);
}

/** The system without what is judged on all states only. */
const ofStates = (system: System): System => ({ ...system, properties: [], steps: [], within: [] });

const COUNTERS = (more: string): System =>
  systemOf(`
    const Few = z.int().min(0).max(3);
    export const c = spec('counters', { state: () => ({ x: Few, y: Few }) });
    export const up = c.action((s) => { when(s.x < 3); s.x += 1; });
    export const over = c.action((s) => { when(s.y < 3); s.y += 1; });
    export const end = c.terminal((s) => s.x === 3 && s.y === 3);
    ${more}
  `);

describe('a check that puts steps off', () => {
  const models = specModels(/^classic\/|^vmm-drv\/models\/one-ring$/).filter(
    (one) => (one.system().model.distinct ?? Infinity) < 5000,
  );

  it.each(models.map((one) => [one.file, one.model, one] as const))(
    'has the verdicts of %s %s',
    (_file, _model, one) => {
      const system = ofStates(one.system());
      const full = check(system, { reduction: 'none' });
      const reduced = check(system, { reduction: 'order' });
      expect(outcomesOf(reduced)).toEqual(outcomesOf(full));
      expect(reduced.statistics.distinct).toBeLessThanOrEqual(full.statistics.distinct);
      for (const warning of reduced.warnings) expect(full.warnings).toContainEqual(warning);
    },
  );

  it('says that its numbers are of what it explored, and holds no number of states against them', () => {
    const system = COUNTERS(`export const model = c.model({}, { distinct: 16 });`);
    const full = check(system);
    expect(full.statistics).toMatchObject({ distinct: 16, transitions: 24 });
    expect(full.reduction).toBeUndefined();
    const reduced = check(system, { reduction: 'order' });
    expect(reduced.reduction).toMatchObject({ kind: 'order' });
    expect(reduced.statistics).toMatchObject({ distinct: 7, transitions: 6, isReduced: true });
    expect(reduced.distinctMismatch).toBeUndefined();
    expect(reduced.asExpected).toBe(true);
  });

  it.each([
    ['steps', `export const grows = c.step((s, next) => next.x >= s.x); export const model = c.model({});`],
    ['within', `export const part = c.within((s) => s.x < 2); export const model = c.model({});`],
    ['temporal', `export const full = c.property((s) => eventually(s.x === 3)); export const model = c.model({});`],
  ])('puts none off where that would not be sound: %s', (because, more) => {
    const system = COUNTERS(more);
    const asked = check(system, { reduction: 'order' });
    expect(asked.reduction).toEqual({ kind: 'none', interchangeable: [], distinctions: [], because });
    expect(outcomesOf(asked)).toEqual(outcomesOf(check(system)));
    expect(asked.statistics.distinct).toBe(check(system).statistics.distinct);
  });

  it('puts none off where no two steps can change places', () => {
    const system = systemOf(`
      export const c = spec('counter', { state: () => ({ x: z.int().min(0).max(3) }) });
      export const up = c.action((s) => { when(s.x < 3); s.x += 1; });
      export const down = c.action((s) => { when(s.x > 0); s.x -= 1; });
      export const model = c.model({});
    `);
    expect(check(system, { reduction: 'order' }).reduction).toMatchObject({ kind: 'none', because: 'disturbing' });
  });

  it('counts elections on a ring by its nodes', () => {
    const election = specModels(/^classic\/leader-election$/)
      .find(({ model }) => model === 'five')!
      .system();
    const { statistics, verdicts } = check(election, { reduction: 'order' });
    expect(verdicts.every(({ asExpected }) => asExpected)).toBe(true);
    // Of 874.
    expect(statistics.distinct).toBe(42);
  });
});
