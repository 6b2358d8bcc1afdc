import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import { specialized } from '../../../dsl/export/specialize/specialize.ts';
import type { System } from '../../../dsl/ir/index.ts';
import { validateSystem } from '../../../dsl/ir/validate.ts';
import { specModels } from '../../support/specs.ts';
import { systemOf } from '../compiler/compiled.ts';
import { randomLanguageSystems, randomSystems } from './random.ts';
import { fewOfEach } from './selection.ts';

/** What may not change: states, transitions, and the verdict of all that is still there. */
function judged(system: System, about: System, maxStates = 5000) {
  const { statistics, verdicts } = check(system, { maxStates, reduction: 'none' });
  const { invariants, steps, sometimes, properties } = about;
  const asked: Readonly<Record<string, readonly { readonly name: string }[]>> = {
    invariant: invariants,
    step: steps,
    sometimes,
    property: properties,
    deadlock: [{ name: 'deadlock' }],
    evaluation: [{ name: 'evaluation' }],
  };
  const { initial, distinct, transitions } = statistics;
  return {
    initial,
    distinct,
    transitions,
    cut: statistics.cut !== undefined,
    verdicts: verdicts
      .filter(({ kind, name }) => asked[kind]?.some((one) => one.name === name))
      .map(({ kind, name, outcome }) => `${kind} ${name} ${outcome.kind}`),
  };
}

describe('a system without what its parameters switch off', () => {
  const models = fewOfEach(specModels(), () => 3).filter((one) => (one.system().model.distinct ?? Infinity) <= 3000);

  it.each(models.map((one) => [one.file, one.model, one] as const))('is that of %s %s', (_, __, one) => {
    const system = one.system();
    const { system: made } = specialized(system);
    expect(validateSystem(made)).toEqual([]);
    expect(judged(made, made)).toEqual(judged(system, made));
  });

  const seen = { systems: 0, variables: 0, actions: 0, always: 0, shorter: 0 };

  const compare = (systems: readonly System[]): void => {
    for (const system of systems) {
      // Random systems may be wrong about their types, which is found when they run.
      const fails = check(system, { maxStates: 400 }).verdicts.some(
        ({ kind, outcome }) => kind === 'evaluation' && outcome.kind === 'violated',
      );
      if (fails && validateSystem(system).length > 0) continue;
      const { system: made, leftOut } = specialized(system);
      if (validateSystem(system).length === 0) expect(validateSystem(made)).toEqual([]);
      expect(judged(made, made, 400)).toEqual(judged(system, made, 400));
      seen.systems += 1;
      seen.variables += leftOut.variables.length;
      seen.actions += leftOut.actions.length;
      seen.always += leftOut.always.length;
      seen.shorter += Number(JSON.stringify(made.actions).length < JSON.stringify(system.actions).length);
    }
  };

  it.each([1, 2, 3])('is that of random systems (size %i)', (size) => {
    compare(randomSystems(7000 * size, 120, size));
  });

  it.each([0, 1, 2])('is that of random specs (size %i)', (size) => {
    compare(randomLanguageSystems(7000 * size, 60, size));
  });

  it('is often a smaller one', () => {
    expect(seen.systems).toBeGreaterThan(300);
    expect(seen.variables).toBeGreaterThan(20);
    expect(seen.actions).toBeGreaterThan(20);
    expect(seen.shorter).toBeGreaterThan(100);
  });

  it('keeps what starts as it is not forever', () => {
    const system = systemOf(`
      const Node = ids('Node', (p) => p.nodes);
      export const odd = spec('odd', {
        params: { nodes: z.int().min(0).max(3).default(2), mode: z.enum(['plain', 'odd']).default('plain') },
        state: () => ({ on: z.record(Node, z.boolean()), ever: z.record(Node, z.boolean()), n: z.int().min(0).max(5) }),
        init: (s) => { for (const n of Node) s.ever[n] = true; },
      });
      export const flip = odd.action({ n: Node }, (s, { n }) => { when(s.ever[n]); s.on[n] = !s.on[n]; });
      export const strange = odd.action((s, p) => { when(p.mode === 'odd'); s.n = s.n + 1; });
      export const never = odd.action({ n: Node }, (s, { n }) => { when(!s.ever[n] && s.on[n]); s.n = 3; });
      export const low = odd.invariant((s) => s.n < 4);
      export const model = odd.model({});
    `);
    const { leftOut } = specialized(system);
    expect(leftOut.actions).toEqual(['strange', 'never']);
    expect(leftOut.variables).toEqual([
      { name: 'ever', value: { n0: true, n1: true } },
      { name: 'n', value: 0 },
    ]);
    expect(leftOut.always).toEqual(['low']); // once `n` is no variable
  });
});
