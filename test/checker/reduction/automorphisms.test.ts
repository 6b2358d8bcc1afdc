import { describe, expect, it } from 'vitest';
import { interpret } from '../../../checker/engine/interpreter.ts';
import { Batch } from '../../../checker/engine/next-state.ts';
import { isRefused, planOf } from '../../../checker/plan/plan.ts';
import type { Plan } from '../../../checker/plan/plan.ts';
import { neighborExchanges } from '../../../checker/reduction/id-classes.ts';
import { actionOf } from '../../../checker/reduction/quotient.ts';
import { symmetryOf } from '../../../checker/reduction/symmetry.ts';
import type { System } from '../../../dsl/ir/index.ts';
import { idSystemFrom } from '../../support/arbitrary-system.ts';
import { specModels } from '../../support/specs.ts';

/*
 * What is said to be symmetric is, by the definition: exchanging ids in a state exchanges them in all that can come of
 * it. The interpreter is asked, which knows nothing of symmetry, about each state near the initial ones.
 */

interface Tried {
  states: number;
  steps: number;
  failures: number;
  difference: string | undefined;
}

function tryExchanges(plan: Plan, limit: number): Tried {
  const { classes } = symmetryOf(plan);
  const { permuteState, permuteInstance } = actionOf(plan, classes);
  const exchanges = neighborExchanges(classes);
  const engine = interpret(plan);
  const tried: Tried = { states: 0, steps: 0, failures: 0, difference: undefined };
  const known = new Set<string>();
  const queue: Int32Array[] = [];
  const visit = (state: Int32Array): void => {
    if (known.has(state.join()) || limit <= known.size) return;
    known.add(state.join());
    queue.push(state);
  };
  const successorsOf = (state: Int32Array): Batch => {
    const batch = new Batch(plan.layout.words, 64, plan.branches.list.length);
    engine.successors(state, 0, batch);
    return batch;
  };
  const statesOf = (batch: Batch): Int32Array[] => Array.from({ length: batch.count }, (_, one) => batch.stateAt(one));
  const differ = (what: string, state: Int32Array): void => {
    tried.difference ??= `${what} at ${JSON.stringify(plan.layout.decode(state, 0))}`;
  };

  const initial = new Batch(plan.layout.words, 64, plan.branches.list.length);
  engine.initial(initial);
  const starts = new Set(statesOf(initial).map((state) => state.join()));
  for (const state of statesOf(initial)) {
    visit(state);
    for (const exchange of exchanges) if (!starts.has(permuteState(state, exchange).join())) differ('initial', state);
  }
  for (const state of queue) {
    const batch = successorsOf(state);
    const successors = statesOf(batch);
    successors.forEach(visit);
    tried.states += 1;
    tried.steps += batch.count;
    tried.failures += batch.failures.length;
    for (const exchange of exchanges) {
      const other = permuteState(state, exchange);
      const otherBatch = successorsOf(other);
      const others = statesOf(otherBatch);
      const expected = successors.map(
        (successor, index) =>
          `${permuteInstance(batch.instances[index]!, exchange)} ${permuteState(successor, exchange).join()}`,
      );
      const found = others.map((successor, index) => `${otherBatch.instances[index]} ${successor.join()}`);
      if (expected.sort().join('\n') !== found.sort().join('\n')) differ('successors', state);
      const failures = new Set(batch.failures.map((instance) => permuteInstance(instance, exchange)));
      const otherFailures = new Set(otherBatch.failures);
      const isSame = failures.size === otherFailures.size && [...failures].every((one) => otherFailures.has(one));
      if (!isSame) differ('failures', state);
      for (const { id, ofStep, bindings } of plan.predicates) {
        // Of an assumption of fairness that is split by ids, which is about one of them.
        if (0 < bindings.size) continue;
        if (!ofStep) {
          if (engine.holds(id, state, 0) !== engine.holds(id, other, 0)) differ(`predicate ${id}`, state);
          continue;
        }
        for (const successor of successors) {
          const truth = engine.holdsOfStep(id, state, 0, successor, 0);
          const next = permuteState(successor, exchange);
          if (truth !== engine.holdsOfStep(id, other, 0, next, 0)) differ(`step predicate ${id}`, state);
        }
      }
    }
  }
  return tried;
}

function plan(system: System): Plan {
  const made = planOf(system);
  if (isRefused(made)) throw new Error(made.refusals[0]!.message);
  return made;
}

describe('exchanging interchangeable ids', () => {
  it('makes steps of steps, in random systems', () => {
    const seen = { systems: 0, symmetric: 0, partly: 0, moved: 0, steps: 0, failing: 0, told: 0 };
    for (let seed = 0; seed < SEEDS; seed += 1) {
      const made = plan(idSystemFrom(seed, 1 + (seed % 4)));
      const { classes, distinctions } = symmetryOf(made);
      seen.systems += 1;
      if (0 < distinctions.length) seen.told += 1;
      if (classes.length === 0) continue;
      seen.symmetric += 1;
      if (0 < distinctions.length) seen.partly += 1;
      const tried = tryExchanges(made, 40);
      expect(tried.difference, `seed ${seed}`).toBeUndefined();
      if (1 < tried.states) seen.moved += 1;
      seen.steps += tried.steps;
      if (0 < tried.failures) seen.failing += 1;
    }
    expect(seen.symmetric).toBeGreaterThan(SEEDS / 5);
    expect(seen.told).toBeGreaterThan(SEEDS / 5);
    expect(seen.partly).toBeGreaterThan(SEEDS / 50);
    expect(seen.moved).toBeGreaterThan(seen.symmetric / 3);
    expect(seen.failing).toBeGreaterThan(seen.symmetric / 20);
    expect(seen.steps).toBeGreaterThan(SEEDS);
  }, 3_600_000);

  const models = specModels(/^(classic|sync)\//).filter(({ system }) => 0 < symmetryOf(plan(system())).classes.length);
  it.each(models.map((one) => [`${one.file} ${one.model}`, one] as const))('makes steps of steps in %s', (_, one) => {
    const tried = tryExchanges(plan(one.system()), 60);
    expect(tried.difference).toBeUndefined();
    expect(tried.steps).toBeGreaterThan(0);
  });
});

const SEEDS = Number(process.env['SEEDS'] ?? 700);
