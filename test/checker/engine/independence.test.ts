import fc from 'fast-check';
import { expect, it } from 'vitest';
import { flatten } from '../../../checker/engine/flatten.ts';
import { lowered } from '../../../checker/engine/lowered.ts';
import { independenceOf } from '../../../checker/engine/independence.ts';
import { interpret } from '../../../checker/engine/interpreter.ts';
import { Batch } from '../../../checker/engine/next-state.ts';
import { prepare } from '../../../checker/engine/wasm/prepared.ts';
import type { Plan } from '../../../checker/plan/plan.ts';
import { arbitrarySystem } from '../../support/arbitrary-system.ts';
import * as ir from '../../support/ir.ts';
import { comparisonOf, plainly } from '../../support/kernel.ts';
import { systemOfOddSteps } from '../../support/odd-steps.ts';
import { hasStepsOfOthers, specModels } from '../../support/specs.ts';

/*
 * What independence promises is tried out with the interpreter, which knows nothing of it: in every state, of every two
 * instances that are said to be independent, each can do after the other one what it can do before it, and both orders
 * lead to the same states.
 */

function independenceIn(plan: Plan): (left: number, right: number) => boolean {
  const flat = flatten(plan);
  if ('unsupported' in flat) return () => false;
  const { instances, fields, constants } = prepare(plan, flat);
  return independenceOf(instances, fields.length, constants);
}

/** How many pairs were tried, and those that break the promise. */
function tryAll(plan: Plan, maxStates: number): { pairs: number; broken: string[] } {
  const isIndependent = independenceIn(plan);
  const engine = interpret(plan);
  const { words } = engine;
  const same = comparisonOf(plan.system);
  const comparison = { ...same, plan, model: lowered(plan), options: { ...same.options, maxStates } };
  const { states } = plainly(comparison, 'interpreted');
  const known = new Map<string, Map<number, string[]>>();
  /** Where each instance leads from a state, in the order of its choices. */
  const stepsFrom = (state: string): Map<number, string[]> => {
    let steps = known.get(state);
    if (steps !== undefined) return steps;
    steps = new Map();
    const batch = new Batch(words);
    engine.successors(Int32Array.from(state.split(','), Number), 0, batch);
    for (let index = 0; index < batch.count; index += 1) {
      const instance = batch.instances[index]!;
      const target = batch.states.slice(index * words, (index + 1) * words).join(',');
      steps.set(instance, [...(steps.get(instance) ?? []), target]);
    }
    known.set(state, steps);
    return steps;
  };
  const result = { pairs: 0, broken: [] as string[] };
  for (let index = 0; index < states.count; index += 1) {
    const state = states.wordsOf(index).join(',');
    const steps = stepsFrom(state);
    for (const [first, targets] of steps) {
      for (const { id: second } of plan.instances) {
        if (second === first || !isIndependent(first, second)) continue;
        expect(isIndependent(second, first)).toBe(true);
        const ways = steps.get(second) ?? [];
        result.pairs += ways.length;
        for (const [way, target] of targets.entries()) {
          const after = stepsFrom(target).get(second) ?? [];
          const otherWay = ways.map((other) => stepsFrom(other).get(first)?.[way]);
          if (JSON.stringify(after) !== JSON.stringify(otherWay)) {
            result.broken.push(`${plan.instances[first]!.label} and ${plan.instances[second]!.label} in ${state}`);
          }
        }
      }
    }
  }
  return result;
}

it('keeps its promise in the models of specs/', () => {
  let pairs = 0;
  for (const one of specModels(/^(classic|sync)\//).filter((model) => !hasStepsOfOthers(model))) {
    const { plan } = comparisonOf(one.system());
    const found = tryAll(plan, 100);
    expect({ model: `${one.file} ${one.model}`, broken: found.broken.slice(0, 3) }).toMatchObject({ broken: [] });
    pairs += found.pairs;
  }
  expect(pairs).toBeGreaterThan(20_000);
}, 300_000);

it('keeps its promise in random systems', () => {
  let pairs = 0;
  fc.assert(
    fc.property(arbitrarySystem(), (system) => {
      const { plan } = comparisonOf(system);
      const found = tryAll(plan, 40);
      expect(found.broken.slice(0, 3)).toEqual([]);
      pairs += found.pairs;
    }),
    { numRuns: 250, seed: 1 },
  );
  expect(pairs).toBeGreaterThan(1000);
}, 300_000);

it('keeps its promise however steps reach the state', () => {
  let pairs = 0;
  for (let seed = 0; seed < 100; seed += 1) {
    const { plan } = comparisonOf(systemOfOddSteps(seed), {}, seed % 2 === 0);
    const found = tryAll(plan, 40);
    expect({ seed, broken: found.broken.slice(0, 3) }).toEqual({ seed, broken: [] });
    pairs += found.pairs;
  }
  expect(pairs).toBeGreaterThan(500);
}, 300_000);

it('sees that a step does not look at what another one changes', () => {
  const lock = ir.enumDomain('free', 'asked', 'held');
  const small = ir.intDomain(0, 3);
  const domains = { mine: lock, yours: lock, count: small };
  const is = (name: 'mine' | 'yours', value: string) => ir.equal(ir.variable(name, lock), ir.literal(value));
  const put = (name: 'mine' | 'yours', value: string) => ir.assign(ir.variablePlace(name, lock), ir.literal(value));
  const count = ir.variable('count', small);
  const setCount = (value: typeof count) => ir.assign(ir.variablePlace('count', small), value);
  const isIndependent = independenceIn(
    comparisonOf(
      ir.system(domains, {
        init: [],
        actions: [
          ir.action('ask', {}, ir.when(is('mine', 'free')), put('mine', 'asked')),
          ir.action('take', {}, ir.when(is('mine', 'asked')), put('mine', 'held')),
          ir.action('enter', {}, ir.when(ir.not(is('mine', 'held'))), put('yours', 'held')),
          ir.action('read', {}, ir.when(is('yours', 'free')), setCount(ir.literal(1))),
          ir.action('round', {}, setCount(ir.operation('remainder', ir.add(count, ir.literal(1)), ir.literal(4)))),
          ir.action('change', {}, ir.when(is('yours', 'free')), setCount(ir.literal(2))),
        ],
      }),
      {},
      true,
    ).plan,
  );
  const [ask, take, enter, read, round, change] = [0, 1, 2, 3, 4, 5];
  // `enter` only wants to know whether it is held: to `ask` makes no difference to it, to `take` does.
  expect(isIndependent(ask, enter)).toBe(true);
  expect(isIndependent(take, enter)).toBe(false);
  expect(isIndependent(ask, take)).toBe(false);
  expect(isIndependent(ask, read)).toBe(true);
  expect(isIndependent(enter, read)).toBe(false);
  // Both write.
  expect(isIndependent(read, change)).toBe(false);
  expect(isIndependent(read, round)).toBe(false);
  expect(isIndependent(round, round)).toBe(false);
  expect(isIndependent(round, take)).toBe(true);
});
