import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import { initialSteps, stepsOf } from '../../../checker/engine/interpreter/steps.ts';
import type { CheckOptions } from '../../../checker/options.ts';
import { isRefused, planOf } from '../../../checker/plan/plan.ts';
import { renderTrace } from '../../../checker/report/trace-text.ts';
import { formatValue } from '../../../dsl/ir/index.ts';
import type { ObjectValue, System } from '../../../dsl/ir/index.ts';
import { systemOf } from '../../dsl/compiler/compiled.ts';
import { randomOf } from '../../support/random-number.ts';

/** All states with their depths, found by the interpreter alone. */
function depthsOf(system: System): ReadonlyMap<ObjectValue, number> {
  const plan = planOf(system);
  if (isRefused(plan)) throw new Error('refused');
  const seen = new Set<string>();
  const depths = new Map<ObjectValue, number>();
  const add = (state: ObjectValue, depth: number): void => {
    if (seen.has(formatValue(state))) return;
    seen.add(formatValue(state));
    depths.set(state, depth);
  };
  initialSteps(plan).successors.forEach((state) => add(state, 0));
  for (const [state, depth] of depths) {
    for (const instance of plan.instances) {
      for (const next of stepsOf(plan, state, instance).successors) add(next, depth + 1);
    }
  }
  return depths;
}

/** Two clients with a number each, and one that they share; what they do, and what must not be, is as good as random. */
function randomSpec(seed: number): { readonly text: string; readonly numbers: readonly [number, number, number] } {
  const random = randomOf(seed);
  const steps = Array.from({ length: 3 }, (_, index) => {
    const left = random(2) === 0 ? 's.x[t]' : 's.n';
    const guard = random(3) === 0 ? '' : `when(${left} !== ${random(3)});`;
    const target = random(2) === 0 ? 's.x[t]' : 's.n';
    return `const act${index} = wrong.action({ t: T }, (s, { t }) => { ${guard} ${target} = (${left} + ${1 + random(2)}) % 3; });`;
  });
  const numbers = [random(3), random(3), random(3)] as const;
  const [x, n, c] = numbers;
  const invariant = `all(T, (t) => !(s.x[t] === ${x} && s.n === ${n})) && s.n !== ${c}`;
  const text = `const T = ids('T', 2);
    const wrong = spec('wrong', { state: () => ({ x: z.record(T, z.int().min(0).max(2)), n: z.int().min(0).max(2) }) });
    ${steps.join('\n')}
    const never = wrong.invariant((s) => ${invariant});
    const model = wrong.model({});`;
  return { text, numbers };
}

function waysOf(system: System, allWays = true) {
  const { outcome } = check(system, { allWays, deadlock: false }).verdicts.find(({ kind }) => kind === 'invariant')!;
  return outcome.kind === 'violated' ? outcome.ways : [];
}

/** A system whose invariant can be false in both of its parts. */
function inTwoWays(): System {
  return systemOf(`const T = ids('T', 2);
    const wrong = spec('wrong', { state: () => ({ x: z.record(T, z.int().min(0).max(2)), n: z.int().min(0).max(2) }) });
    const grow = wrong.action({ t: T }, (s, { t }) => { s.x[t] = (s.x[t] + 1) % 3; });
    const next = wrong.action((s) => { s.n = (s.n + 1) % 3; });
    const never = wrong.invariant((s) => all(T, (t) => s.x[t] !== 2) && s.n !== 1);
    const model = wrong.model({});`);
}

describe('the ways in which an invariant is violated', () => {
  it('are not looked for unless that is asked', () => {
    expect(waysOf(inTwoWays(), false)).toBeUndefined();
  });

  it('are all of them, each with its states and a nearest one', () => {
    let several = 0;
    for (let seed = 0; seed < 40; seed += 1) {
      const { text, numbers } = randomSpec(seed);
      const [x, n, c] = numbers;
      const system = systemOf(text);
      const expected = new Map<string, { states: number; steps: number }>();
      for (const [state, depth] of depthsOf(system)) {
        const isBad = Object.values(state['x'] as ObjectValue).includes(x) && state['n'] === n;
        if (!isBad && state['n'] !== c) continue;
        const key = isBad ? 'somebody' : 'nobody';
        const group = expected.get(key) ?? { states: 0, steps: depth };
        expected.set(key, { states: group.states + 1, steps: Math.min(group.steps, depth) });
      }
      const found = waysOf(system)!.map(({ states, trace }) => ({ states, steps: trace.steps.length }));
      const byCount = (list: readonly { states: number; steps: number }[]) =>
        list.toSorted((left, right) => left.steps - right.steps || left.states - right.states);
      expect({ text, ways: byCount(found) }).toEqual({ text, ways: byCount([...expected.values()]) });
      expect(found.map(({ steps }) => steps)).toEqual(found.map(({ steps }) => steps).toSorted((a, b) => a - b));
      if (1 < found.length) several += 1;
    }
    expect(several).toBeGreaterThan(4);
  });

  it('are told by what makes it false there', () => {
    const ways = waysOf(inTwoWays())!;
    const spans = ways.map(({ trace }) => trace.falsity!.parts.map(({ span }) => span.start).join());
    expect(new Set(spans).size).toBe(2);
  });

  it('are not said where there are too many, and then that is', () => {
    const system = systemOf(`const wrong = spec('wrong', { state: () => ({ n: z.int().min(0).max(10100) }) });
      const next = wrong.action((s) => { when(s.n < 10100); s.n += 1; });
      const never = wrong.invariant((s) => s.n < 50);
      const model = wrong.model({});`);
    const told = (options: CheckOptions) => {
      const { verdicts } = check(system, { allWays: true, deadlock: false, ...options });
      const verdict = verdicts.find(({ kind }) => kind === 'invariant')!;
      const { outcome } = verdict;
      if (outcome.kind !== 'violated') throw new Error('it is violated');
      const lines = renderTrace(verdict, outcome, system.files, { color: false, width: 120 });
      return [outcome.ways, outcome.waysUntold, lines.at(-1)?.trim()];
    };
    expect(told({})).toEqual([
      undefined,
      'manyViolating',
      'In how many ways it is violated is not said: it is in more than 10,000 states.',
    ]);
    expect(told({ maxStates: 100 })).toEqual([
      undefined,
      'notAllExplored',
      'In how many ways it is violated is not said: not all states were explored.',
    ]);
  });
});
