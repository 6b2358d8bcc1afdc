import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TraceStep } from '../../../checker/counterexample/behavior.ts';
import { decisionsIn } from '../../../checker/counterexample/decisions.ts';
import { wordDecisions, wordNextWait, wordRefused } from '../../../checker/counterexample/step-words.ts';
import { traceOf } from '../../../checker/counterexample/trace.ts';
import { compileEngine } from '../../../checker/engine/javascript/engine.ts';
import { lowered } from '../../../checker/engine/lowered.ts';
import { interpret } from '../../../checker/engine/interpreter.ts';
import { decidingConditions } from '../../../checker/engine/interpreter/asked.ts';
import { initialSteps, stepsOf } from '../../../checker/engine/interpreter/steps.ts';
import { TRUE } from '../../../checker/engine/next-state.ts';
import { isRefused, planOf } from '../../../checker/plan/plan.ts';
import type { Instance } from '../../../checker/plan/instance.ts';
import type { Plan } from '../../../checker/plan/plan.ts';
import { explore } from '../../../checker/search/breadth-first.ts';
import { equalValues } from '../../../dsl/ir/index.ts';
import { fold } from '../../../dsl/ir/fold.ts';
import type { Expression, ObjectValue, Statement, System } from '../../../dsl/ir/index.ts';
import { systemOf } from '../../dsl/compiler/compiled.ts';
import { systemFrom } from '../../support/arbitrary-system.ts';
import * as ir from '../../support/ir.ts';

const IMPORTS = `
  import { awake, broadcast, condvar, down, enter, exit, mutex, rwlock, semaphore, sleepOn, tryDown, tryEnter, tryRead,
    tryWrite } from 'fairlead/sync';
  const T = ids('T', 2);`;

/** What is told of the last of some steps, from the initial state: why, what it does not get, for what its thread waits. */
function told(source: string, ...labels: readonly string[]): readonly string[] {
  const plan = planned(systemOf(IMPORTS + source));
  const words = (state: ObjectValue): Int32Array => {
    const at = new Int32Array(plan.layout.words);
    plan.layout.encode(state, at, 0);
    return at;
  };
  let [state] = initialSteps(plan).successors;
  const states = [words(state!)];
  const instances: number[] = [];
  for (const label of labels) {
    const instance = plan.instances.find((one) => one.label === label)!;
    [state] = stepsOf(plan, state!, instance).successors;
    states.push(words(state!));
    instances.push(instance.id);
  }
  return linesOf(plan, traceOf(plan, { states, instances }).steps.at(-1)!);
}

function linesOf({ system: { files } }: Plan, step: TraceStep): readonly string[] {
  const text = (pieces: readonly { readonly text: string }[]): string => pieces.map((one) => one.text).join('');
  const { refused = [], waitsNext } = step;
  return [
    ...wordDecisions(step, files).map(text),
    ...refused.map((subject) => text(wordRefused(subject))),
    ...(waitsNext === undefined ? [] : [`then ${text(wordNextWait(waitsNext, files))}`]),
  ];
}

function planned(system: System): Plan {
  const plan = planOf(system);
  if (isRefused(plan)) throw new Error(plan.refusals[0]!.message);
  return plan;
}

describe('why a step goes where it goes', () => {
  const flags = `
    export const one = spec('one', {
      state: () => ({ stop: z.boolean(), expired: z.record(T, z.boolean()), n: z.int().min(0).max(5), log: z.int().min(0).max(1) }),
    });`;
  const worker = (body: string): string => `${flags}
    export const worker = one.process({ t: T }, function* (s, { t }) { ${body} });
    export const hit = one.action((s) => { s.stop = true; });
    export const up = one.action((s) => { when(s.n < 5); s.n++; });`;

  it.each<[string, string, readonly string[], readonly string[]]>([
    [
      'what is false of the branches that it does not take',
      `yield 'test'; if (s.stop) return; if (s.expired[t]) s.n = 1; else { yield 'sleep'; s.n = 2; }`,
      ['worker.test(t0)'],
      ['stop is false', 'expired[t0] is false'],
    ],
    [
      'not what would have led there as well',
      `yield 'test'; if (s.expired[t]) s.log = 0; if (s.stop) return; yield 'sleep'; s.n = 2;`,
      ['worker.test(t0)'],
      ['stop is false'],
    ],
    [
      'what makes its guard true, but not that its thread stands there',
      `yield 'test'; when(s.stop || s.n === 0); yield 'sleep'; s.log = 1;`,
      ['worker.test(t0)'],
      ['n is 0'],
    ],
    [
      'not what it changes, whose value before stands there',
      `yield 'test'; when(s.n === 0 && !s.stop); s.n = 1; yield 'sleep'; s.log = 1;`,
      ['worker.test(t0)'],
      ['stop is false'],
    ],
    [
      'what a local stands for that was read before',
      `yield 'test'; const many = s.n > 0; if (!many) return; yield 'sleep'; s.log = 1;`,
      ['worker.test(t0)'],
      ['n is 0'],
    ],
    [
      'not what it had written itself by then',
      `yield 'test'; s.n = s.n + 1; if (s.n === 2) return; if (s.stop) return; yield 'sleep'; s.log = 1;`,
      ['up', 'hit', 'worker.test(t0)'],
      [],
    ],
    [
      'what a function asks that is called in a condition',
      `yield 'test'; if (isOver(t)) return; yield 'sleep'; s.log = 1;
       function isOver(r: 't0' | 't1') { if (s.stop) return true; return s.expired[r]; }`,
      ['worker.test(t0)'],
      ['stop is false', 'expired[t0] is false'],
    ],
  ])('is %s', (_, body, labels, lines) => {
    expect(told(worker(body), ...labels)).toEqual(lines);
  });
});

describe('what a step does not get', () => {
  const locks = `
    export const one = spec('one', {
      state: () => ({ a: mutex(T), c: semaphore(1), rw: rwlock(T, T), cv: condvar(T), done: z.set(T) }),
    });
    export const t = one.process({ t: T }, function* (s, { t }) {`;

  it.each<[string, string, readonly string[], readonly string[]]>([
    [
      'is a mutex that another has',
      `yield 'try'; if (!tryEnter(s.a, t)) return; yield 'out'; exit(s.a, t); });`,
      ['t.try(t0)', 't.try(t1)'],
      ['does not get a, which t0 has'],
    ],
    [
      'is nothing where it gets it',
      `yield 'try'; if (!tryEnter(s.a, t)) return; yield 'out'; exit(s.a, t); });`,
      ['t.try(t0)'],
      [],
    ],
    [
      'is a semaphore that is used up',
      `yield 'try'; if (!tryDown(s.c)) return; yield 'out'; s.done.add(t); });`,
      ['t.try(t0)', 't.try(t1)'],
      ['does not get c, which is 0'],
    ],
    [
      'is a lock that is read',
      `yield 'read'; if (tryRead(s.rw, t)) return; yield 'never'; s.done.add(t); });
       export const w = one.process({ t: T }, function* (s, { t }) { yield 'write'; if (tryWrite(s.rw, t)) return; yield 'no'; s.done.add(t); });`,
      ['t.read(t0)', 'w.write(t1)'],
      ['does not get into rw as a writer'],
    ],
    [
      'is a lock that its thread has to wait for',
      `yield 'go'; s.done.add(t); yield 'lock'; enter(s.a, t); yield 'out'; exit(s.a, t); });`,
      ['t.go(t0)', 't.lock(t0)', 't.go(t1)'],
      ['then waits for a, held by t0'],
    ],
    [
      'is a wake-up that it sleeps for',
      `yield 'lock'; enter(s.a, t); yield 'sleep'; sleepOn(s.cv, s.a, t); yield 'asleep'; when(awake(s.cv, t)); });`,
      ['t.lock(t0)', 't.sleep(t0)'],
      ['then is asleep on cv'],
    ],
    [
      'is nothing where it is not asleep any more',
      `yield 'lock'; enter(s.a, t); yield 'sleep'; sleepOn(s.cv, s.a, t); yield 'asleep'; when(awake(s.cv, t)); enter(s.a, t); yield 'out'; s.done.add(t); });
       export const wake = one.action((s) => { broadcast(s.cv); });`,
      ['t.lock(t0)', 't.sleep(t0)', 'wake', 't.asleep(t0)'],
      ['t0 is not asleep on cv'],
    ],
  ])('%s', (_, body, labels, lines) => {
    expect(told(locks + body, ...labels)).toEqual(lines);
  });
});

/** The steps of a random system from some of its states. */
function stepsIn(plan: Plan, judge: (instance: Instance, from: ObjectValue, to: ObjectValue) => void): void {
  const { states } = explore(interpret(plan), plan.roles, {
    instances: plan.instances.length,
    branches: plan.branches.list.length,
    deadlock: false,
    keepSteps: false,
    stopAtFirst: false,
    poll: () => undefined,
    maxStates: 12,
  });
  for (let number = 0; number < Math.min(12, states.count); number += 1) {
    const from = plan.layout.decode(states.wordsOf(number), 0);
    for (const instance of plan.instances.slice(0, 30)) {
      for (const to of stepsOf(plan, from, instance).successors.slice(0, 2)) judge(instance, from, to);
    }
  }
}

/** Random systems whose actions ask for two of their predicates before they do anything. */
const systems = fc
  .record({ seed: fc.integer({ min: 0, max: 0x7fffffff }), size: fc.integer({ min: 1, max: 4 }) })
  .map(({ seed, size }): System => {
    const system = systemFrom(seed, size);
    const asksForSteps = (expression: Expression): boolean =>
      fold<boolean>(expression, (node, parts) => node.kind === 'enabled' || parts.includes(true));
    const predicates = system.invariants.map(({ predicate }) => predicate).filter((one) => !asksForSteps(one));
    const [left, right] = [predicates[0], predicates.at(-1)];
    if (left === undefined || right === undefined) return system;
    const actions = system.actions.map(({ body, ...action }) => ({
      ...action,
      body: [ir.when(ir.or(left, right)), ir.iff(left, [...body], [ir.iff(right, [...body])])],
    }));
    return { ...system, actions };
  });

describe('the conditions that decide a random step', () => {
  it('are those whose opposite, written in their place, makes a system that goes elsewhere', () => {
    let [deciding, others] = [0, 0];
    fc.assert(
      fc.property(systems, (system) => {
        const plan = planOf(system);
        if (isRefused(plan)) return;
        stepsIn(plan, (instance, from, to) => {
          const { action } = instance;
          if (has(action.body, 'choose', 'either', 'loop', 'for')) return; // one way, and nothing twice
          const found = new Set(decidingConditions(plan, instance, from, to).map(({ statement }) => statement));
          for (const statement of conditionals(action.body)) {
            const body = action.body.map((one) => turned(one, statement));
            const other = planOf({
              ...system,
              actions: system.actions.map((one) => (one === action ? { ...one, body } : one)),
            });
            if (isRefused(other)) continue;
            const same = other.instances.find(({ label }) => label === instance.label)!;
            const goesThere = stepsOf(other, from, same).successors.some((state) => equalValues(state, to));
            expect(found.has(statement)).toBe(!goesThere);
            if (goesThere) others += 1;
            else deciding += 1;
          }
        });
      }),
      { numRuns: 100 },
    );
    expect(deciding).toBeGreaterThan(20);
    expect(others).toBeGreaterThan(20);
  });

  it('have parts that were in the state before as they are told, to generated JavaScript as well', () => {
    let parts = 0;
    fc.assert(
      fc.property(systems, (system) => {
        const plan = planOf(system);
        if (isRefused(plan)) return;
        stepsIn(plan, (instance, from, to) => {
          const causes = decisionsIn(plan, decidingConditions(plan, instance, from, to), from, undefined);
          if (causes.length === 0) return;
          const asked = planOf(
            system,
            causes.map(({ expression }) => ({ expression, bindings: new Map(), ofStep: false })),
          );
          if (isRefused(asked)) throw new Error('refused');
          const engine = compileEngine(lowered(asked));
          if ('unsupported' in engine) return;
          const words = new Int32Array(asked.layout.words);
          asked.layout.encode(from, words, 0);
          causes.forEach(({ part }, index) => {
            expect(engine.holds(asked.roles.extra[index]!, words, 0) === TRUE).toBe(part.isTrue);
            parts += 1;
          });
        });
      }),
      { numRuns: 40 },
    );
    expect(parts).toBeGreaterThan(20);
  });
});

function has(body: readonly Statement[], ...kinds: readonly string[]): boolean {
  return body.some((statement) =>
    fold<boolean>(statement, ({ kind }, inner) => kinds.includes(kind) || inner.includes(true)),
  );
}

/** The `if`s and `when`s of a body, but for those within expressions. */
function conditionals(body: readonly Statement[]): readonly (Statement & { readonly kind: 'if' | 'when' })[] {
  return body.flatMap((one) => {
    switch (one.kind) {
      case 'if':
        return [one, ...conditionals(one.whenTrue), ...conditionals(one.whenFalse)];
      case 'when':
        return [one];
      case 'block':
        return conditionals(one.body);
      default:
        return [];
    }
  });
}

/** A statement with the opposite of a condition in it. */
function turned(one: Statement, wanted: Statement): Statement {
  const inside = (body: readonly Statement[]): readonly Statement[] => body.map((part) => turned(part, wanted));
  switch (one.kind) {
    case 'if': {
      const condition = one === wanted ? ir.not(one.condition) : one.condition;
      return { ...one, condition, whenTrue: inside(one.whenTrue), whenFalse: inside(one.whenFalse) };
    }
    case 'when':
      return one === wanted ? { ...one, condition: ir.not(one.condition) } : one;
    case 'block':
      return { ...one, body: inside(one.body) };
    default:
      return one;
  }
}
