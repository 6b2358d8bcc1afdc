import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import type { Trace } from '../../../checker/counterexample/behavior.ts';
import { departureFrom, differences } from '../../../checker/counterexample/departure.ts';
import type { Departure } from '../../../checker/counterexample/departure.ts';
import { recheck } from '../../../checker/counterexample/recheck.ts';
import { traceOf } from '../../../checker/counterexample/trace.ts';
import { compileEngine } from '../../../checker/engine/javascript/engine.ts';
import { lowered } from '../../../checker/engine/lowered.ts';
import { initialSteps, stepsOf } from '../../../checker/engine/interpreter/steps.ts';
import { Batch } from '../../../checker/engine/next-state.ts';
import { isRefused, planOf } from '../../../checker/plan/plan.ts';
import type { Plan } from '../../../checker/plan/plan.ts';
import type { ObjectValue, System } from '../../../dsl/ir/index.ts';
import { systemOf } from '../../dsl/compiler/compiled.ts';
import { systemFrom } from '../../support/arbitrary-system.ts';
import { Domains } from '../../support/random-system/domain.ts';
import * as ir from '../../support/ir.ts';
import { formatStep } from '../../../checker/plan/step-name.ts';
import { place, step } from '../../support/named.ts';

function planned(system: System): Plan {
  const plan = planOf(system);
  if (isRefused(plan)) throw new Error(plan.refusals[0]!.message);
  return plan;
}

/** What a mended spec does with the schedule that violates a property of a broken one. */
function departed(broken: string, mended: string, property: string): Departure {
  const outcome = check(systemOf(broken)).verdicts.find(
    ({ name, kind }) => name === property || kind === property,
  )!.outcome;
  if (outcome.kind !== 'violated') throw new Error(outcome.kind);
  return departureFrom(planned(systemOf(mended)), outcome.trace, [])!;
}

const IMPORTS = `import { awake, broadcast, condvar, enter, exit, mutex, sleepOn } from 'fairlead/sync';
  const T = ids('T', 2);`;

describe('a schedule departs', () => {
  const waiting = (wake: string, test: string): string => `${IMPORTS}
    export const one = spec('one', { state: () => ({ lock: mutex(z.enum(['t', 'w'])), cv: condvar(z.enum(['t'])), ready: z.boolean() }) });
    export const t = one.process({}, function* (s) {
      yield 'lock'; enter(s.lock, 't');
      yield 'test'; ${test}
      yield 'sleep'; sleepOn(s.cv, s.lock, 't');
      yield 'asleep'; when(awake(s.cv, 't') && s.lock.owner === null);
    });
    export const wake = one.action((s) => { when(!s.ready); ${wake} s.ready = true; broadcast(s.cv); });`;
  const broken = waiting('', 'if (s.ready) return;');

  it('where a guard is false, with what it reads', () => {
    const { taken, end } = departed(
      broken,
      waiting('when(s.lock.owner === null);', 'if (s.ready) return;'),
      'deadlock',
    );
    expect(taken).toBe(2);
    expect(end).toMatchObject({
      kind: 'impossible',
      step: step('wake'),
      wait: { step: step('wake'), subject: { kind: 'mutex', object: place('lock'), holder: 't' } },
    });
  });

  it('where its thread goes another way, by the step that did that', () => {
    const { taken, end, trace } = departed(
      broken,
      waiting('', 'if (!s.ready) { exit(s.lock, "t"); return; }'),
      'deadlock',
    );
    expect(taken).toBe(3);
    expect(end).toEqual({ kind: 'elsewhere', step: step('t.sleep'), at: 'done', turn: 1 });
    expect(trace.steps[1]!.decidedBy).toMatchObject([{ reads: [{ place: place('ready'), value: false }] }]);
  });

  it('not where a thread has further steps on its way, which it takes first', () => {
    const further = waiting('', `if (s.ready) return; yield 'extra'; if (s.ready) { exit(s.lock, 't'); return; }`);
    const { taken, end, trace } = departed(broken, further, 'deadlock');
    expect(trace.steps.map(formatStep)).toEqual(['t.lock', 't.test', 'wake']);
    expect({ taken, kind: end.kind }).toEqual({ taken: 3, kind: 'elsewhere' });
    const late = waiting('', `if (s.ready) return; yield 'extra'; s.ready = s.ready;`);
    expect(departed(broken, late, 'deadlock')).toMatchObject({
      taken: 4,
      trace: {
        steps: [
          { action: 't.lock' },
          { action: 't.test' },
          { action: 'wake' },
          { action: 't.extra' },
          { action: 't.sleep' },
        ],
      },
      end: { kind: 'along', further: [] },
    });
  });

  it('nowhere, but more is possible at its end', () => {
    const rescued = `${broken} export const rescue = one.action((s) => { when(s.cv.sleepers.size > 0); broadcast(s.cv); });`;
    expect(departed(broken, rescued, 'deadlock')).toMatchObject({
      taken: 4,
      end: { kind: 'along', further: [step('rescue')] },
    });
  });

  it('nowhere, but a place has been another since a step of it', () => {
    const unlocked = waiting('', 'if (s.ready) return;').replace(
      "yield 'sleep'; sleepOn(s.cv, s.lock, 't');",
      `yield 'sleep'; exit(s.lock, 't'); s.cv.sleepers.add('t');`,
    );
    const system = systemOf(broken.replace("sleepOn(s.cv, s.lock, 't');", "s.cv.sleepers.add('t');"));
    const outcome = check(system).verdicts.find(({ kind }) => kind === 'deadlock')!.outcome;
    if (outcome.kind !== 'violated') throw new Error(outcome.kind);
    const departure = departureFrom(planned(systemOf(unlocked)), outcome.trace, [])!;
    expect(outcome.trace.steps.map(formatStep)).toEqual(['t.lock', 't.test', 't.sleep', 'wake']);
    expect(departure.end.kind).toBe('along');
    expect(differences(system, outcome.trace, departure)).toEqual([
      { place: place('lock.owner'), from: 't', to: null, since: 2 },
    ]);
  });

  it('in another round of a loop', () => {
    const spinning = (until: string): string => `
      export const one = spec('one', { state: () => ({ n: z.int().min(0).max(9), on: z.boolean() }) });
      export const turn = one.action((s) => { when(s.n < ${until}); s.on = !s.on; if (s.on && s.n < 2) s.n++; });
      export const ends = one.property((s) => eventually(s.n === 9));
      export const fair = one.fairness(weak(turn));`;
    const { taken, end } = departed(spinning('9'), spinning('2'), 'ends');
    expect(taken).toBeLessThan(9);
    expect(end).toMatchObject({
      kind: 'impossible',
      step: step('turn'),
      wait: { reads: [{ place: place('n'), value: 2 }] },
    });
  });
});

/** A random run of a model. */
function runOf(plan: Plan, seed: number): Trace | undefined {
  const random = new Domains(seed);
  const words = (state: ObjectValue): Int32Array => {
    const at = new Int32Array(plan.layout.words);
    plan.layout.encode(state, at, 0);
    return at;
  };
  let [state] = initialSteps(plan).successors;
  if (state === undefined) return undefined;
  const states = [words(state)];
  const instances: number[] = [];
  for (let step = 0; step < 6; step += 1) {
    const from: ObjectValue = state;
    const ways = plan.instances.slice(0, 40).flatMap((one) =>
      stepsOf(plan, from, one)
        .successors.slice(0, 2)
        .map((to) => ({ one, to })),
    );
    const way = ways[Number(random.value(ir.intDomain(0, Math.max(0, ways.length - 1))))];
    if (way === undefined) break;
    state = way.to;
    states.push(words(state));
    instances.push(way.one.id);
  }
  return traceOf(plan, { states, instances });
}

it('a random schedule in a random system that allows less is followed as the system behaves, up to what it does not allow', () => {
  const ends = new Map<string, number>();
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0x7fffffff }), fc.integer({ min: 2, max: 4 }), (seed, size) => {
      const system = systemFrom(seed, size);
      const stricter = {
        ...system,
        actions: system.actions.map((action, index) => {
          const { predicate } = system.invariants[index % system.invariants.length]!;
          const asks = JSON.stringify(predicate).includes('"kind":"enabled"');
          return asks ? action : { ...action, body: [ir.when(predicate), ...action.body] };
        }),
      };
      const [plan, other] = [planOf(system), planOf(stricter)];
      if (isRefused(plan) || isRefused(other)) return;
      const schedule = runOf(plan, seed);
      const departure = schedule && departureFrom(other, schedule, []);
      if (departure === undefined) return;
      const { trace, taken, end } = departure;
      ends.set(end.kind, (ends.get(end.kind) ?? 0) + 1);
      expect(recheck(other, { states: trace.states, labels: trace.steps.map(formatStep) }).kind).toBe('valid');
      expect(trace.steps.map(formatStep)).toEqual(schedule!.steps.slice(0, taken).map(formatStep));
      if (end.kind === 'along') expect(taken).toBe(schedule!.steps.length);
      if (end.kind !== 'impossible') return;
      expect(formatStep(end.step)).toBe(formatStep(schedule!.steps[taken]!));
      const engine = compileEngine(lowered(other));
      if ('unsupported' in engine) return;
      const words = new Int32Array(other.layout.words);
      other.layout.encode(trace.states.at(-1)!, words, 0);
      const batch = new Batch(engine.words);
      engine.successors(words, 0, batch);
      const labels = [...batch.instances.subarray(0, batch.count)].map((id) => other.instances[id]!.label);
      expect(labels).not.toContain(formatStep(end.step));
    }),
    { numRuns: 150, examples: [[486435257, 3]] },
  );
  expect(ends.get('impossible') ?? 0).toBeGreaterThan(10);
  expect(ends.get('along') ?? 0).toBeGreaterThan(10);
});
