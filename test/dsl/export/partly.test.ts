import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import { stepText } from '../../../dsl/docgen/pseudocode.ts';
import { withParameters } from '../../../dsl/export/specialize/partly.ts';
import { hasNode } from '../../../dsl/ir/fold.ts';
import { formatValue } from '../../../dsl/ir/index.ts';
import type { System } from '../../../dsl/ir/index.ts';
import { validateSystem } from '../../../dsl/ir/validate.ts';
import { toldNames } from '../../../dsl/ir/told-names.ts';
import { toldSystem } from '../../../dsl/ir/told-system.ts';
import { specModels } from '../../support/specs.ts';
import { systemOf } from '../compiler/compiled.ts';
import { randomLanguageSystems, randomSystems } from './random.ts';

/** What may not change: states, transitions and verdicts, also where exploration is cut. */
function judged(system: System, maxStates = 5000) {
  const { statistics, verdicts } = check(system, { maxStates, reduction: 'none' });
  const { initial, distinct, transitions } = statistics;
  return {
    initial,
    distinct,
    transitions,
    verdicts: verdicts.map(({ kind, name, outcome }) => `${kind} ${name} ${outcome.kind}`),
  };
}

const SHARED = new Set(['variant', 'mutation', 'vcpuLocks']);

describe('a system with some parameters put in', () => {
  const models = specModels(/^vmm-drv\/models\/(one-ring|notify|findings|stopped|holder-mutants|writer-mutants)$/);
  const small = models.filter((one) => (one.system().model.distinct ?? Infinity) <= 1500);

  it.each(small.map((one) => [`${one.file}/${one.model}`, one] as const))('behaves as %s does', (_, one) => {
    const system = one.system();
    const made = withParameters(system, SHARED);
    expect(judged(made.system)).toEqual(judged(system));
    // What is left says nothing of them any more.
    const isShared = (action: System['actions'][number]): boolean =>
      action.body.some((part) => hasNode(part, (node) => node.kind === 'parameter' && SHARED.has(node.name)));
    expect(made.system.actions.filter(isShared)).toEqual([]);
    expect(system.actions.some(isShared)).toBe(true);
  });

  it('are enough models, and of several variants', () => {
    const variants = new Set(small.map((one) => one.system().parameters.find(({ name }) => name === 'variant')!.value));
    expect([small.length > 20, variants.size]).toEqual([true, 4]);
  });

  it('has the steps and the text of all others that share the values, whatever else they have', () => {
    const byValues = new Map<string, Map<string, Set<string>>>();
    for (const one of models) {
      const told = toldSystem(one.system(), toldNames(one.system()));
      const values = told.parameters.filter(({ name }) => SHARED.has(name)).map(({ value }) => formatValue(value));
      const { system } = withParameters(told, SHARED);
      const of = byValues.get(values.join()) ?? new Map<string, Set<string>>();
      byValues.set(values.join(), of);
      const add = (name: string, text: string): void => void of.set(name, (of.get(name) ?? new Set()).add(text));
      add('steps', system.actions.map(({ name }) => name).join());
      for (const action of system.actions) {
        const { guard, effect } = stepText(system, action);
        // The ids of a set are written out, and there are more of them in some models.
        add(action.name, [...guard, ...effect].join('\n').replaceAll(/\["\w+"(?:, "\w+")*\]|\[\]/g, '[ids]'));
      }
    }
    expect([...byValues.values()].flatMap((of) => [...of].filter(([, texts]) => texts.size !== 1))).toEqual([]);
    expect(byValues.size).toBeGreaterThan(8);
  });

  it.each([1, 2, 3])('behaves as random systems do (size %i)', (size) => {
    randomSystems(9000 * size, 80, size).forEach((system) => compared(system));
  });

  it.each([0, 1, 2])('behaves as random specs do (size %i)', (size) => {
    randomLanguageSystems(9000 * size, 40, size).forEach((system) => compared(system));
  });

  const seen = { systems: 0, shorter: 0 };

  function compared(system: System): void {
    // Random systems may be wrong about their types, which is found when they run.
    const fails = judged(system, 400).verdicts.includes('evaluation evaluation violated');
    if (fails && validateSystem(system).length > 0) return;
    const names = [...system.parameters, ...system.constants].map(({ name }) => name);
    for (const shared of [new Set(names), new Set(names.slice(1))]) {
      const made = withParameters(system, shared);
      expect(judged(made.system, 400)).toEqual(judged(system, 400));
      seen.systems += 1;
      seen.shorter += Number(JSON.stringify(made.system.actions).length < JSON.stringify(system.actions).length);
    }
  }

  it('is often a smaller one', () => {
    expect([seen.systems > 300, seen.shorter > 50, seen]).toEqual([true, true, seen]);
  });

  it('leaves out only what no number of ids and no other parameter could make possible', () => {
    const system = systemOf(`
      const Node = ids('Node', (p) => p.nodes);
      export const odd = spec('odd', {
        params: { nodes: z.int().min(0).max(3).default(0), most: z.int().min(0).max(3).default(0),
          mode: z.enum(['plain', 'odd']).default('plain') },
        state: (p) => ({ on: z.record(Node, z.boolean()), n: z.int().min(0).max(p.most) }),
      });
      export const strange = odd.action((s, p) => { when(p.mode === 'odd'); s.n = 0; });
      export const counting = odd.action((s, p) => { when(p.most > 0); s.n = p.most; });
      export const small = odd.action((s) => { when(s.n === 0); s.n = 0; });
      export const none = odd.action((s) => { when(some(Node, () => true)); s.n = 0; });
      export const every = odd.action((s) => { for (const one of Node) if (s.on[one]) s.n = 0; });
      export const run = odd.process(function* (s, p) {
        yield 'first';
        if (p.mode === 'odd') { yield 'second'; s.n = 0; }
        yield 'third';
        when(p.mode === 'plain' || s.n === 0);
      });
      export const model = odd.model({});
    `);
    const made = withParameters(system, new Set(['mode']));
    expect(made.actions).toEqual(['strange', 'run.second']);
    expect(made.processes).toEqual([]);
    const texts = made.system.actions.map((action) => {
      const { guard, effect } = stepText(made.system, action);
      return [action.name, ...guard, ...effect];
    });
    expect(texts).toMatchInlineSnapshot(`
      [
        [
          "counting",
          "p.most > 0",
          "n = p.most",
        ],
        [
          "small",
          "n === 0",
          "n = 0",
        ],
        [
          "none",
          "some(Node, (each) => true)",
          "n = 0",
        ],
        [
          "every",
          "for (one of Node)",
          "  if (on[one]) n = 0",
        ],
        [
          "run.first",
          "goto third",
        ],
        [
          "run.third",
          "goto done",
        ],
      ]
    `);
  });
});
