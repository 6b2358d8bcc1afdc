import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import { identities } from '../../../checker/counterexample/identities.ts';
import type { Typed } from '../../../checker/counterexample/identities.ts';
import { initialSteps, stepsOf } from '../../../checker/engine/interpreter/steps.ts';
import { evaluatePredicate } from '../../../checker/engine/interpreter.ts';
import { isRefused, planOf } from '../../../checker/plan/plan.ts';
import { formatValue, setOf } from '../../../dsl/ir/index.ts';
import type { Domain, ObjectValue, System } from '../../../dsl/ir/index.ts';
import { systemOf } from '../../dsl/compiler/compiled.ts';
import { randomThreads, systemOf as systemOfThreads } from '../../support/random-threads.ts';

function waysOf(system: System) {
  const { outcome } = check(system).verdicts.find(({ kind }) => kind === 'deadlock')!;
  return outcome.kind === 'violated' ? outcome.ways : [];
}

/** The deadlocked states of a system by depth, found by the interpreter alone. */
function deadlocksOf(system: System): readonly number[] {
  const plan = planOf(system);
  if (isRefused(plan)) throw new Error('refused');
  const seen = new Map<string, number>();
  const queue: ObjectValue[] = [];
  const add = (state: ObjectValue, depth: number): void => {
    const key = formatValue(state);
    if (seen.has(key)) return;
    seen.set(key, depth);
    queue.push(state);
  };
  initialSteps(plan).successors.forEach((state) => add(state, 0));
  const found: number[] = [];
  for (const state of queue) {
    const depth = seen.get(formatValue(state))!;
    const steps = plan.instances.map((instance) => stepsOf(plan, state, instance));
    const isStuck = steps.every(({ successors, failures }) => successors.length + failures.length === 0);
    const isProper = plan.roles.terminal.some((one) => evaluatePredicate(plan, one, state) === true);
    if (isStuck && !isProper) found.push(depth);
    for (const { successors } of steps) successors.forEach((next) => add(next, depth + 1));
  }
  return found;
}

describe('the ways to hang', () => {
  it('are told apart by who waits for what', () => {
    const ways = waysOf(
      systemOf(`
      import { enter, exit, mutex } from 'fairlead/sync';
      const Up = ids('Up', 2);
      const Down = ids('Down', 1);
      const abba = spec('abba', { state: () => ({ a: mutex(z.union([Up, Down])), b: mutex(z.union([Up, Down])), closed: z.boolean() }) });
      const up = abba.process({ u: Up }, function* (s, { u }) {
        while (true) {
          yield 'one';
          when(!s.closed);
          enter(s.a, u);
          yield 'two';
          enter(s.b, u);
          yield 'out';
          exit(s.b, u);
          exit(s.a, u);
        }
      });
      const down = abba.process({ d: Down }, function* (s, { d }) {
        yield 'one';
        enter(s.b, d);
        yield 'two';
        enter(s.a, d);
        yield 'close';
        s.closed = true;
        exit(s.a, d);
        exit(s.b, d);
      });`),
    )!;
    // Either up0 or up1 holds the first lock: one way. Or the gate is closed before all of them.
    expect(ways.map(({ states, trace }) => [states, trace.steps.length])).toEqual([
      [2, 2],
      [1, 3],
    ]);
    const circles = ways.map(({ trace }) => trace.waitsFor!.circle.length);
    expect(circles).toEqual([2, 0]);
  });

  it('are all deadlocked states, and the nearest of each is as near as any', () => {
    let several = 0;
    let many = 0;
    for (let seed = 0; seed < 400; seed += 1) {
      const system = systemOfThreads(randomThreads(seed));
      const ways = waysOf(system);
      if (ways === undefined) throw new Error('the ways are not known');
      const deadlocks = deadlocksOf(system);
      const count = ways.reduce((sum, { states }) => sum + states, 0);
      if (ways.length < 8) expect([seed, count]).toEqual([seed, deadlocks.length]);
      if (deadlocks.length > 0) expect(ways[0]!.trace.steps.length).toBe(Math.min(...deadlocks));
      for (const { trace } of ways) expect(deadlocks).toContain(trace.steps.length);
      several += ways.length > 1 ? 1 : 0;
      many += count > ways.length ? 1 : 0;
    }
    expect(several).toBeGreaterThan(3);
    expect(many).toBeGreaterThan(3);
  });

  it('do not differ by who is who among ids', () => {
    const system = systemOf(`
      const A = ids('A', 3);
      const B = ids('B', 2);
      const s = spec('s', { state: () => ({ a: z.union([A, z.null()]), b: z.record(B, z.boolean()) }) });
      const go = s.action((state) => { state.a = null; });`);
    const plan = planOf(system);
    if (isRefused(plan)) throw new Error('refused');
    const canonical = identities(plan);
    const A: Domain = { kind: 'ids', name: 'A', values: ['a0', 'a1', 'a2'] };
    const B: Domain = { kind: 'ids', name: 'B', values: ['b0', 'b1'] };
    const both: Domain = { kind: 'set', element: { kind: 'union', members: [A, B] } };
    const a = (value: string): Typed => ({ domain: A, value });
    const b = (value: string): Typed => ({ domain: B, value });
    const set = (...elements: string[]): Typed => ({ domain: both, value: setOf(elements) });
    const lines = [
      [a('a0'), ' waits for ', set('a1', 'b0')],
      [a('a1'), ' waits for ', b('b1')],
    ];
    const renamed = [
      [a('a2'), ' waits for ', b('b0')],
      [a('a0'), ' waits for ', set('a2', 'b1')],
    ];
    expect(canonical(renamed)).toBe(canonical(lines));
    const another = [
      [a('a2'), ' waits for ', b('b1')],
      [a('a0'), ' waits for ', set('a2', 'b1')],
    ];
    expect(canonical(another)).not.toBe(canonical(lines));
    expect(canonical([[a('a1'), a('a1')]])).not.toBe(canonical([[a('a1'), a('a0')]]));
    // What is merely called as an id is.
    expect(canonical([['.a0 of ', a('a0')]])).toBe(canonical([['.a0 of ', a('a2')]]));
    expect(canonical([['.a0']])).not.toBe(canonical([['.a2']]));
  });

  it('differ by fields and states that are called as ids are', () => {
    const system = systemOf(`
      const A = ids('A', 2);
      const s = spec('s', {
        state: () => ({ at: z.enum(['none', 'a0', 'a1']), a0: z.boolean(), a1: z.boolean(), who: A }),
        init: (state) => { state.who = pick(A); },
      });
      export const turn = s.action((state) => { when(state.at === 'none'); state.at = pick(['a0', 'a1'] as const); });
      export const first = s.action((state) => { when(state.at === 'a0' && state.a0); state.a0 = false; });
      export const second = s.action((state) => { when(state.at === 'a1' && state.a1); state.a1 = false; });`);
    expect(waysOf(system)!.map(({ states }) => states)).toEqual([2, 2]);
  });
});
