import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import { interpret } from '../../../checker/engine/interpreter.ts';
import { Batch } from '../../../checker/engine/next-state.ts';
import { isRefused, planOf } from '../../../checker/plan/plan.ts';
import type { Plan } from '../../../checker/plan/plan.ts';
import { asSteps } from '../../../checker/serials/judged.ts';
import { settledState } from '../../../checker/serials/ranks.ts';
import type { ObjectValue, System } from '../../../dsl/ir/index.ts';
import { isArray, isObject, SetValue } from '../../../dsl/ir/index.ts';
import { systemOf } from '../../dsl/compiler/compiled.ts';
import { compareEngines } from '../../support/engines.ts';
import { holdsIn, orderOf, randomSerials, start, stepsFrom, textOf } from '../../support/random-serials.ts';
import type { RandomSerials, State } from '../../support/random-serials.ts';

const SYSTEMS = Number(process.env['SERIALS'] ?? 12);
const MOST = 400;

/** What a system does on integers that grow, its states taken together by order afterwards. */
interface Plain {
  readonly states: ReadonlyMap<string, State>;
  /** `from | label | to`; a step that fails leads to `fails`. */
  readonly steps: readonly string[];
  readonly broken: readonly boolean[];
  readonly brokenSteps: readonly boolean[];
  /** By state, the labels of the steps to each integer state, those that change nothing marked. */
  readonly pairs: ReadonlyMap<string, string>;
}

function plainly(system: RandomSerials): Plain | undefined {
  const states = new Map([[orderOf(start()), { state: start(), made: { Term: 0, Ballot: 0 } }]]);
  const steps: string[] = [];
  const pairs = new Map<string, string>();
  const broken = system.invariants.map(() => false);
  const brokenSteps = system.steps.map(() => false);
  for (const [from, { state, made }] of states) {
    if (MOST < states.size) return undefined;
    system.invariants.forEach((one, at) => (broken[at] ||= !holdsIn(one, state)));
    const together = new Map<string, string[]>();
    for (const { label, to, made: count } of stepsFrom(system, state, made)) {
      steps.push(`${from} | ${label} | ${to === undefined ? 'fails' : orderOf(to)}`);
      if (to === undefined) continue;
      const key = textOf(to);
      together.set(key, [...(together.get(key) ?? (key === textOf(state) ? ['nothing'] : [])), label]);
      if (key !== textOf(state)) system.steps.forEach((one, at) => (brokenSteps[at] ||= !holdsIn(one, state, to)));
      if (!states.has(orderOf(to))) states.set(orderOf(to), { state: to, made: count });
    }
    pairs.set(from, partitionOf(together.values()));
  }
  return {
    states: new Map([...states].map(([key, { state }]) => [key, state])),
    steps: steps.sort(),
    broken,
    brokenSteps,
    pairs,
  };
}

function partitionOf(groups: Iterable<readonly string[]>): string {
  return [...groups]
    .map((labels) => [...labels].sort().join('+'))
    .sort()
    .join(' ');
}

function planOfSystem(system: System): Plan {
  const plan = planOf(system);
  if (isRefused(plan)) throw new Error(plan.refusals[0]!.message);
  return plan;
}

/** A state of ours in the form of {@link orderOf}. */
function told(state: ObjectValue): string {
  const plain = (value: unknown): unknown => {
    if (value instanceof SetValue)
      return value.elements.map(plain).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    if (isArray(value as never)) return (value as unknown[]).map(plain);
    if (isObject(value as never))
      return Object.fromEntries(Object.entries(value as object).map(([key, one]) => [key, plain(one)]));
    return value;
  };
  const { x, y, b, q, held, seen, sent, flag } = state;
  return JSON.stringify(plain({ x, y, b, q, held, seen, sent, flag }));
}

/** All states and steps by the interpreter, each state told by `tell`. */
function graphOf(plan: Plan) {
  const engine = interpret(plan);
  const batch = new Batch(engine.words, 64, plan.branches.list.length);
  engine.initial(batch);
  const known = new Map<string, Int32Array>();
  for (let at = 0; at < batch.count; at += 1) known.set(batch.stateAt(at).join(), batch.stateAt(at));
  const steps: { from: Int32Array; label: string; to: Int32Array | undefined }[] = [];
  for (const from of known.values()) {
    batch.clear();
    engine.successors(from, 0, batch);
    for (let at = 0; at < batch.count; at += 1) {
      const to = batch.stateAt(at);
      steps.push({ from, label: plan.instances[batch.instances[at]!]!.label, to });
      if (!known.has(to.join())) known.set(to.join(), to);
    }
    for (const instance of batch.failures) steps.push({ from, label: plan.instances[instance]!.label, to: undefined });
  }
  return { states: [...known.values()], steps };
}

const seeds = Array.from({ length: SYSTEMS }, (_, seed) => seed + 1);
const met = { systems: 0, states: 0, failing: 0, broken: 0, brokenSteps: 0, joined: 0, merged: 0 };

describe('values of which only the order counts', () => {
  it.each(seeds)('are explored as integers that grow are, by their order: system %i', (seed) => {
    const random = randomSerials(seed);
    const plain = plainly(random);
    if (plain === undefined) return;
    const system = systemOf(random.text);

    const plan = planOfSystem(system);
    const decode = (words: Int32Array) => told(plan.layout.decode(words, 0));
    const graph = graphOf(plan);
    expect(graph.states.map(decode).sort()).toEqual([...plain.states.keys()].sort());
    expect(
      graph.steps.map(({ from, label, to }) => `${decode(from)} | ${label} | ${to ? decode(to) : 'fails'}`).sort(),
    ).toEqual(plain.steps);
    expect(compareEngines(plan, MOST).difference).toBeUndefined();

    // Steps differ as pairs of states exactly where those of integers do, whichever state stands for the order.
    const pairs = planOfSystem(asSteps(system));
    const settled = (words: Int32Array) => told(settledState(system.variables, pairs.layout.decode(words, 0)));
    const finer = graphOf(pairs);
    expect(new Set(finer.states.map(settled))).toEqual(new Set(plain.states.keys()));
    for (const state of finer.states) {
      const together = new Map<string, string[]>();
      for (const { from, label, to } of finer.steps) {
        if (from !== state || to === undefined) continue;
        const key = to.join();
        together.set(key, [...(together.get(key) ?? (key === state.join() ? ['nothing'] : [])), label]);
      }
      expect(partitionOf(together.values())).toBe(plain.pairs.get(settled(state)));
    }
    if (seed % 4 === 0) expect(compareEngines(pairs, MOST).difference).toBeUndefined();

    // Generated code agrees with the interpreter already.
    for (const engine of seed % 4 === 1 ? (['auto', 'interpreted'] as const) : (['auto'] as const)) {
      const result = check(system, { engine });
      const isBroken = (name: string) =>
        result.verdicts.find((verdict) => verdict.name === name)!.outcome.kind === 'violated';
      expect(result.statistics.distinct).toBe(plain.states.size);
      expect(result.statistics.transitions).toBe(plain.steps.filter((one) => !one.endsWith('fails')).length);
      expect(isBroken('evaluation')).toBe(plain.steps.some((one) => one.endsWith('fails')));
      expect(random.invariants.map((_, at) => isBroken(`invariant${at}`))).toEqual(plain.broken);
      expect(random.steps.map((_, at) => isBroken(`step${at}`))).toEqual(plain.brokenSteps);
    }
    met.systems += 1;
    met.states += plain.states.size;
    met.failing += plain.steps.some((one) => one.endsWith('fails')) ? 1 : 0;
    met.broken += plain.broken.filter(Boolean).length;
    met.brokenSteps += plain.brokenSteps.filter(Boolean).length;
    met.merged += finer.states.length - graph.states.length;
    met.joined += [...plain.pairs.values()].filter((one) => one.includes('+')).length;
  });

  it('are met in all the ways that matter', () => {
    expect(met.systems).toBeGreaterThan(SYSTEMS / 2);
    expect(met.states).toBeGreaterThan(5 * met.systems);
    for (const count of [met.broken, met.brokenSteps, met.joined, met.merged]) expect(count).toBeGreaterThan(5);
    expect(met.failing).toBeGreaterThan(0);
  });
});
