import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import { toldState, unusedLocals, withLocalsLeft } from '../../../checker/counterexample/unused-locals.ts';
import { stepsOf } from '../../../checker/engine/interpreter/steps.ts';
import { initialSteps } from '../../../checker/engine/interpreter/steps.ts';
import { isRefused, planOf } from '../../../checker/plan/plan.ts';
import type { Plan } from '../../../checker/plan/plan.ts';
import { wordIdle } from '../../../checker/report/wording.ts';
import { formatValue, valuesOf, formatPlace } from '../../../dsl/ir/index.ts';
import type { ObjectValue, System } from '../../../dsl/ir/index.ts';
import { systemOf } from '../../dsl/compiler/compiled.ts';
import { specModels } from '../../support/specs.ts';
import { formatStep } from '../../../checker/plan/step-name.ts';

function deadlockOf(source: string) {
  const { outcome } = check(systemOf(source)).verdicts.find(({ kind }) => kind === 'deadlock')!;
  if (outcome.kind !== 'violated') throw new Error('there is no deadlock');
  return outcome.trace;
}

/** What each step is said to do. */
function told(source: string): readonly string[] {
  return deadlockOf(source).steps.map((step) =>
    [
      formatStep(step),
      ...step.changes.map(({ place, from, to }) => `${formatPlace(place)} ${formatValue(from)}→${formatValue(to)}`),
      ...(step.idle ?? []).map(wordIdle),
    ]
      .filter((one) => !one.includes('.pc'))
      .join(', '),
  );
}

describe('a local that its thread does not need any more', () => {
  const desk = `
    const desk = spec('desk', { state: () => ({ next: z.int().min(0).max(3), served: z.int().min(0).max(3) }) });
    const clerk = desk.process(function* (s) {
      while (true) {
        yield 'draw';
        const ticket = s.next;
        s.next = (s.next + 1) % 4;
        yield 'serve';
        s.served = ticket;
        yield 'rest';
        when(s.served < 1);
      }
    });`;

  it('is not shown as changed, nor in a state', () => {
    expect(told(desk)).toEqual([
      'clerk.draw, next 0→1',
      'clerk.serve, served: unchanged',
      'clerk.rest',
      'clerk.draw, next 1→2, clerk.ticket 0→1',
      'clerk.serve, served 0→1',
    ]);
    const trace = deadlockOf(desk);
    expect(trace.states.map((_, index) => 'clerk.ticket' in toldState(trace, index))).toEqual([
      false,
      true,
      false,
      false,
      true,
      false,
    ]);
    expect(trace.states.every((state) => 'clerk.ticket' in state)).toBe(true);
  });

  /** Every state of a system up to so many. */
  function statesOf(plan: Plan, most: number): readonly ObjectValue[] {
    const found = new Map<string, ObjectValue>();
    const queue = [...initialSteps(plan).successors];
    for (const state of queue) {
      const key = formatValue(state);
      if (found.has(key) || most <= found.size) continue;
      found.set(key, state);
      for (const instance of plan.instances) queue.push(...stepsOf(plan, state, instance).successors);
    }
    return [...found.values()];
  }

  /** Where a system goes from a state, without what is not needed there. */
  function goesOn(plan: Plan, state: ObjectValue): readonly string[] {
    const start = initialSteps(plan).successors[0]!;
    return plan.instances.flatMap((instance) => {
      const { successors, failures } = stepsOf(plan, state, instance);
      const needed = successors.map((one) => formatValue(withLocalsLeft(plan.system, start, one)));
      return [`${instance.label} ${failures.length}`, ...needed];
    });
  }

  const systems: readonly (readonly [string, System])[] = [
    ...specModels(/^(classic|vmm-drv\/models\/one-ring)/)
      .filter(({ model }) => !/large|big/i.test(model))
      .map(({ file, model, system }) => [`${file} ${model}`, system()] as const)
      .filter(([, { processes }]) => processes.some(({ kept = [] }) => 0 < kept.flat().length)),
  ];

  it('makes no difference to anything, whatever it is', () => {
    let changed = 0;
    for (const [name, system] of systems) {
      const plan = planOf(system);
      if (isRefused(plan)) throw new Error(name);
      for (const state of statesOf(plan, 40)) {
        for (const local of unusedLocals(system, state)) {
          const { domain } = system.variables.find((one) => one.name === local)!;
          const inner = domain.kind === 'record' ? domain.value : domain;
          if (inner.kind === 'record') continue;
          for (const value of [...valuesOf(inner)].slice(0, 3)) {
            const keys = domain.kind === 'record' ? Object.keys(state[local] as ObjectValue) : [];
            const other = domain.kind === 'record' ? Object.fromEntries(keys.map((key) => [key, value])) : value;
            expect([name, local, goesOn(plan, { ...state, [local]: other })]).toEqual([
              name,
              local,
              goesOn(plan, state),
            ]);
            changed += 1;
          }
        }
      }
    }
    expect(systems.length).toBeGreaterThan(10);
    expect(changed).toBeGreaterThan(500);
  });
});

describe('a write that changes nothing', () => {
  it('is said at its step: a wake-up that met nobody, a flag that is set already', () => {
    expect(
      told(`
        import { broadcast, condvar, enter, mutex, signal, wait } from 'fairlead/sync';
        const sleepy = spec('sleepy', { state: () => ({ lock: mutex(z.enum(['a', 'b'])), cv: condvar(z.enum(['a', 'b'])), called: z.boolean() }) });
        const caller = sleepy.process(function* (s, p) {
          yield 'call';
          s.called = true;
          signal(s.cv);
          yield 'again';
          s.called = true;
          broadcast(s.cv);
        });
        const sleeper = sleepy.process(function* (s) {
          yield 'enter';
          when(caller.at('done'));
          enter(s.lock, 'a');
          yield* wait(s.cv, s.lock, 'a');
        });`),
    ).toEqual([
      'caller.call, called false→true, cv: woke nobody',
      'caller.again, called: unchanged, cv: woke nobody',
      expect.stringContaining('sleeper.enter'),
    ]);
  });

  it('is not said of a wake-up that met somebody, of what a loop changes elsewhere, or of what changes at last', () => {
    const steps = told(`
      import { broadcast, condvar, enter, mutex, wait } from 'fairlead/sync';
      const Who = z.enum(['w0', 'w1']);
      const busy = spec('busy', { state: () => ({ lock: mutex(Who), cv: condvar(Who), seen: z.record(Who, z.boolean()), n: z.int().min(0).max(3) }) });
      const sleeper = busy.process(function* (s) {
        yield 'enter';
        enter(s.lock, 'w0');
        yield* wait(s.cv, s.lock, 'w0');
      });
      const waker = busy.process(function* (s) {
        yield 'wake';
        when(s.cv.sleepers.size > 0);
        broadcast(s.cv);
        for (const who of Who.options) s.seen[who] = true;
        s.n = 0;
        s.n = 2;
        yield 'more';
        for (const who of Who.options) s.seen[who] = who === 'w0' || true;
        s.n = 1;
        s.n = 2;
        yield 'stuck';
        when(s.n > 2);
      });`);
    expect(steps.find((one) => one.startsWith('waker.wake'))).not.toMatch(/woke|unchanged/);
    expect(steps.find((one) => one.startsWith('waker.more'))).toBe(
      'waker.more, seen[w0]: unchanged, seen[w1]: unchanged',
    );
  });
});

it('says of a primitive that it was not to be had only where that can be taken', () => {
  const trace = deadlockOf(`
    import { atomic, compareAndSwap } from 'fairlead/sync';
    const one = spec('one', { state: () => ({ word: atomic(z.boolean()), seen: z.boolean(), done: z.boolean() }) });
    const t = one.process(function* (s) {
      yield 'swap';
      s.done = !compareAndSwap(s.word, !s.seen, true);
      yield 'stop';
      when(s.seen);
    });`);
  expect(trace.steps.map(({ refused }) => refused)).toEqual([undefined]);
});
