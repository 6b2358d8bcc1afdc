import { describe, expect, it } from 'vitest';
import { failureOf, replay } from '../../../checker/counterexample/replay.ts';
import { evaluatePredicate } from '../../../checker/engine/interpreter.ts';
import { stepsOf } from '../../../checker/engine/interpreter/steps.ts';
import type { NextState } from '../../../checker/engine/next-state.ts';
import type { Plan } from '../../../checker/plan/plan.ts';
import { Batch } from '../../../checker/engine/next-state.ts';
import { neighborExchanges } from '../../../checker/reduction/id-classes.ts';
import type { IdClass } from '../../../checker/reduction/id-classes.ts';
import { composed } from '../../../checker/reduction/permutation.ts';
import type { Permutation } from '../../../checker/reduction/permutation.ts';
import { plainQuotient } from '../../../checker/reduction/plain-quotient.ts';
import type { Exploration, Finding } from '../../../checker/search/exploration.ts';
import { pathTo } from '../../../checker/search/path.ts';
import type { System } from '../../../dsl/ir/index.ts';
import { systemOf } from '../../dsl/compiler/compiled.ts';
import { idSystemFrom } from '../../support/arbitrary-system.ts';
import { contentOf } from '../../support/explorations.ts';
import { byKernel, codeFor, comparisonOf, plainly } from '../../support/kernel.ts';
import type { Comparison } from '../../support/kernel.ts';
import { specModels } from '../../support/specs.ts';

/*
 * A search of one state of each orbit against one of all states: the same counts, an answer to the same questions, as
 * near, and each answer replayed from a state as it is.
 */

/** What a search says that does not depend on which states stand for which. */
function answersOf(exploration: Exploration): Readonly<Record<string, unknown>> {
  const { invariants, steps, sometimes, deadlock, evaluation } = exploration;
  const depthOf = (finding: Finding | undefined): number | undefined => {
    if (finding === undefined) return undefined;
    let depth = finding.step === undefined ? 0 : 1;
    for (let state = finding.state; 0 <= state; state = exploration.parentOf(state)) depth += 1;
    return depth;
  };
  return {
    distinct: exploration.distinct,
    transitions: exploration.transitions,
    depth: exploration.depth,
    levels: exploration.levels,
    fired: [...exploration.fired],
    branches: [...exploration.branches].map((steps) => 0 < steps),
    failing: [...exploration.failing].sort((left, right) => left - right),
    leftWithin: [...exploration.leftWithin].sort((left, right) => left - right),
    invariants: invariants.map(depthOf),
    steps: steps.map(depthOf),
    sometimes: sometimes.map(depthOf),
    deadlock: depthOf(deadlock),
    evaluation: depthOf(evaluation),
    cut: exploration.cut,
  };
}

/** Replays all that was found, and asks the interpreter whether it is so; how much that was. */
function retell(plan: Plan, engine: NextState, exploration: Exploration): number {
  const { invariants, steps, sometimes, deadlock, evaluation } = exploration;
  let told = 0;
  const tell = (finding: Finding | undefined, isSo: (states: readonly Int32Array[]) => boolean): void => {
    if (finding === undefined) return;
    const path = pathTo(engine, exploration, finding);
    if (0 < path.states.length) replay(plan, path);
    if (finding.failedInstance !== undefined || finding.failedPredicate !== undefined) {
      expect(failureOf(plan, path, finding)).toBeDefined();
    } else expect(isSo(path.states)).toBe(true);
    told += 1;
  };
  const truth = (predicate: number, states: readonly Int32Array[]): unknown => {
    const [from, to] = plan.predicates[predicate]!.ofStep ? states.slice(-2) : states.slice(-1);
    const decode = (words: Int32Array) => plan.layout.decode(words, 0);
    return evaluatePredicate(plan, predicate, decode(from!), to && decode(to));
  };
  const { roles } = plan;
  invariants.forEach((one, index) => tell(one, (states) => truth(roles.invariants[index]!, states) === false));
  steps.forEach((one, index) => tell(one, (states) => truth(roles.steps[index]!, states) === false));
  sometimes.forEach((one, index) => tell(one, (states) => truth(roles.sometimes[index]!, states) === true));
  tell(deadlock, (states) => {
    const state = plan.layout.decode(states.at(-1)!, 0);
    return plan.instances.every((instance) => stepsOf(plan, state, instance).successors.length === 0);
  });
  tell(evaluation, () => false);
  return told;
}

/** The states that are kept, each as the least of its orbit. */
function orbitsOf({ plan, symmetry }: Comparison, { states }: Exploration): readonly string[] {
  const quotient = plainQuotient(plan, symmetry.classes);
  return Array.from({ length: states.count }, (_, state) =>
    quotient.canonical(states.wordsOf(state)).words.join(),
  ).sort();
}

/** @returns undefined when nothing is symmetric, or the model cannot be compiled. */
function compare(
  comparison: Comparison,
  compact = false,
): { readonly told: number; readonly saved: number } | undefined {
  if (comparison.symmetry.classes.length === 0) return undefined;
  const code = codeFor(comparison, { reduced: true });
  if (code === undefined) return undefined;
  expect(code.classes).toEqual(comparison.symmetry.classes);
  const full = plainly(comparison, 'javascript');
  const plain = plainly(comparison, 'javascript', true);
  const kernel = byKernel(comparison, code, { workers: 1 });
  expect(answersOf(plain)).toEqual(answersOf(full));
  expect(answersOf(kernel)).toEqual(answersOf(full));
  expect(orbitsOf(comparison, kernel)).toEqual(orbitsOf(comparison, plain));
  expect(new Set(orbitsOf(comparison, kernel)).size).toBe(kernel.states.count);
  const whole = contentOf(kernel);
  for (const workers of [1, 3]) {
    const tuning = { parallelFrom: 5, records: 64, statesEach: workers === 1 ? 7 : 40 };
    expect(contentOf(byKernel(comparison, code, { workers }, tuning))).toEqual(whole);
  }
  if (compact) {
    const found = byKernel(comparison, codeFor(comparison, { reduced: true, compact })!, { workers: 1 });
    expect({ ...contentOf(found), cut: undefined }).toEqual(whole);
  }
  const told = retell(comparison.plan, kernel.engine, kernel);
  expect(retell(comparison.plan, kernel.engine, plain)).toBe(told);
  return { told, saved: full.states.count - kernel.states.count };
}

/** All permutations that keep some classes. */
function groupOf(classes: readonly IdClass[]): readonly Permutation[] {
  const ids = classes.flatMap((one) => one.ids);
  const keyOf = (permutation: Permutation): string => ids.map((id) => permutation.get(id) ?? id).join();
  const all = new Map<string, Permutation>([[ids.join(), new Map()]]);
  for (const permutation of all.values()) {
    for (const exchange of neighborExchanges(classes)) {
      const next = composed(permutation, exchange);
      if (!all.has(keyOf(next))) all.set(keyOf(next), next);
    }
  }
  return [...all.values()];
}

/** Asks for a path to each step from each state that was kept: it ends with that step, but for which id is which. */
function expectPathsToAllSteps(comparison: Comparison): void {
  const { engine, ...exploration } = byKernel(comparison, codeFor(comparison, { reduced: true })!, { workers: 1 });
  const { permuteState, permuteInstance, classes } = exploration.symmetry!;
  const group = groupOf(classes);
  for (let state = 0; state < exploration.states.count; state += 1) {
    const words = exploration.states.wordsOf(state);
    const batch = new Batch(engine.words);
    engine.successors(words, 0, batch);
    for (let index = 0; index < batch.count; index += 1) {
      const step = { instance: batch.instances[index]!, words: batch.stateAt(index) };
      const { states, instances } = pathTo(engine, exploration, { state, step });
      const [from, to] = states.slice(-2);
      const isThatStep = (permutation: Permutation): boolean =>
        permuteState(words, permutation).join() === from!.join() &&
        permuteState(step.words, permutation).join() === to!.join();
      expect(group.some(isThatStep)).toBe(true);
      const failing = pathTo(engine, exploration, { state, failedInstance: step.instance });
      const isOfThat = (permutation: Permutation): boolean =>
        permuteState(words, permutation).join() === failing.states.at(-1)!.join() &&
        permuteInstance(step.instance, permutation) === failing.failedInstance;
      expect(group.some(isOfThat)).toBe(true);
      expect(instances).toHaveLength(states.length - 1);
    }
  }
}

describe('a search of one state of each orbit', () => {
  it('says of random systems what a search of all states does', () => {
    const seen = { systems: 0, saving: 0, told: 0, outside: 0, steps: 0, cut: 0, failing: 0 };
    for (let seed = 0; seed < SEEDS; seed += 1) {
      const random = idSystemFrom(seed, 1 + (seed % 4));
      const variant: Partial<System> =
        seed % 3 === 0
          ? { within: random.invariants.slice(-1), invariants: random.invariants.slice(0, -1) }
          : seed % 3 === 1
            ? { steps: [], sometimes: random.invariants.slice(0, 1) }
            : {};
      const comparison = comparisonOf({ ...random, ...variant }, {}, seed % 2 === 0);
      const full = codeFor(comparison);
      if (full === undefined) continue;
      if (MOST < byKernel(comparison, full, { workers: 1, maxStates: MOST + 1 }).states.count) continue;
      const found = compare(comparison, seed % 4 === 0);
      if (found === undefined) continue;
      seen.systems += 1;
      if (0 < found.saved) seen.saving += 1;
      seen.told += found.told;
      if (seed % 3 === 0) seen.outside += 1;
      if (0 < comparison.plan.roles.steps.length) seen.steps += 1;
      const code = codeFor(comparison, { reduced: true })!;
      for (const maxStates of [1, 4, 11]) {
        const cut = { ...comparison, options: { ...comparison.options, maxStates, stopAtFirst: seed % 5 === 0 } };
        const one = byKernel(cut, code, { workers: 1 });
        if (one.cut !== undefined) seen.cut += 1;
        expect(contentOf(byKernel(cut, code, { workers: 2 }, { parallelFrom: 3, records: 64 }))).toEqual(
          contentOf(one),
        );
        retell(comparison.plan, one.engine, one);
      }
    }
    expect(seen.systems).toBeGreaterThan(SEEDS / 6);
    expect(seen.saving).toBeGreaterThan(seen.systems / 6);
    expect(seen.told).toBeGreaterThan(seen.systems);
    expect(seen.steps).toBeGreaterThan(seen.systems / 4);
    expect(seen.cut).toBeGreaterThan(seen.systems / 4);
  }, 3_600_000);

  it('judges steps as they are, and finds them again from a state as it is', () => {
    const system = systemOf(`
      const Thread = ids('Thread', 4);
      export const counts = spec('counts', {
        state: () => ({ x: z.record(Thread, z.int().min(0).max(3)), last: Thread.nullable() }),
        init: (s) => { s.last = null; },
      });
      export const up = counts.action({ t: Thread }, (s, { t }) => {
        when(s.x[t] < 3 && s.last !== t);
        verify(s.x[t] < 2 || all(Thread, (o) => o === t || s.x[o] < 2), 'two are far');
        s.x[t] += 1;
        s.last = t;
      });
      export const grows = counts.step((s, next) => all(Thread, (t) => s.x[t] <= next.x[t]));
      export const oneAtATime = counts.step((s, next) => count(Thread, (t) => s.x[t] !== next.x[t]) <= 1);
      export const farAlone = counts.step((s, next) =>
        !some(Thread, (t) => s.x[t] === 1 && next.x[t] === 2 && count(Thread, (o) => s.x[o] === 1) === 3 && s.last !== null && s.x[s.last] === 1));
      export const model = counts.model({});
    `);
    const comparison = comparisonOf(system);
    const found = compare(comparison)!;
    expect(found.told).toBe(2);
    expect(found.saved).toBeGreaterThan(100);
    const { steps, evaluation } = byKernel(comparison, codeFor(comparison, { reduced: true })!, { workers: 1 });
    expect(steps.map((one) => one !== undefined)).toEqual([false, false, true]);
    expect(evaluation).toBeDefined();
    expectPathsToAllSteps(comparison);
  });

  const models = specModels(/^(classic|sync)\//);
  it.each(models.map((one) => [`${one.file} ${one.model}`, one] as const))(
    'says of %s what a search of all does',
    (_, one) => {
      const comparison = comparisonOf({ ...one.system(), properties: [], fairness: [] });
      const size = byKernel(comparison, codeFor(comparison)!, { workers: 1, maxStates: 12_000 }).states.count;
      const found = size < 12_000 ? compare(comparison) : undefined;
      if (found !== undefined) expect(found.saved).toBeGreaterThan(0);
    },
  );
});

const SEEDS = Number(process.env['SEEDS'] ?? 400);
/** Larger systems are left to those that are known. */
const MOST = 1500;
