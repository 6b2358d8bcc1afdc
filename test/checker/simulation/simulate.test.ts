import { describe, expect, it } from 'vitest';
import { check, DEFAULT_SIMULATION, simulate } from '../../../checker/index.ts';
import type { CheckResult, SimulationOptions } from '../../../checker/index.ts';
import { interpret } from '../../../checker/engine/interpreter.ts';
import { isRefused, planOf } from '../../../checker/plan/plan.ts';
import { pathTo } from '../../../checker/search/path.ts';
import { exploreVisited } from '../../../checker/simulation/explored.ts';
import { walk } from '../../../checker/simulation/walk.ts';
import type { System } from '../../../dsl/ir/index.ts';
import { systemOf } from '../../dsl/compiler/compiled.ts';

const run = (system: System, options: Partial<SimulationOptions> = {}): CheckResult =>
  simulate(system, { ...DEFAULT_SIMULATION, ...options });

const outcomes = ({ verdicts }: CheckResult): string[] =>
  verdicts.map(({ name, outcome }) =>
    'trace' in outcome ? `${name} ${outcome.kind} ${outcome.trace.steps.length}` : `${name} ${outcome.kind}`,
  );

const withoutTimes = ({ statistics, ...result }: CheckResult): unknown => ({
  ...result,
  statistics: { ...statistics, searchTime: 0, livenessTime: 0 },
});

/** A walk in a space of a million billion states, in which something is wrong six steps from the start. */
const wanderer = systemOf(`
  const Axis = ids('Axis', 6);
  export const subject = spec('subject', { state: () => ({ at: z.record(Axis, z.int().min(0).max(300)) }) });
  export const forth = subject.action({ a: Axis }, (s, { a }) => { when(s.at[a] < 300); s.at[a] += 1; });
  export const back = subject.action({ a: Axis }, (s, { a }) => { when(s.at[a] > 0); s.at[a] -= 1; });
  export const near = subject.invariant((s) => s.at.a0 < 3 || s.at.a1 < 3);
  export const far = subject.sometimes((s) => s.at.a2 === 300);
`);

/** Two threads that starve a third, and a lock that two of them can take in the wrong order. */
const locks = systemOf(`
  const Thread = ids('Thread', 3);
  export const subject = spec('subject', { state: () => ({ first: Thread.nullable(), second: Thread.nullable() }) });
  export const careful = subject.process({ t: Thread }, function* (s, { t }) {
    while (true) {
      yield 'rest';
      yield 'one';
      when(s.first === null);
      s.first = t;
      yield 'two';
      when(s.second === null);
      s.second = t;
      yield 'leave';
      s.first = null;
      s.second = null;
    }
  });
  export const hasty = subject.process(function* (s) {
    yield 'start';
    when(s.second === null);
    s.second = 't0';
    yield 'more';
    when(s.first === null);
    s.second = null;
  });
  export const apart = subject.invariant((s) => count(Thread, (t) => careful.at({ t }, 'leave')) <= 1);
  export const entered = subject.property((s) => all(Thread, (t) => leadsTo(careful.at({ t }, 'one'), careful.at({ t }, 'leave'))));
  export const scheduler = subject.fairness(weak(careful, hasty));
`);

describe('a simulation', () => {
  it('finds in a space that is too large what is wrong near its start, and tells it on the shortest way', () => {
    const result = run(wanderer, { runs: 300 });
    expect(outcomes(result)).toEqual(['deadlock bounded', 'evaluation bounded', 'near violated 6', 'far bounded']);
    expect(result.statistics.distinct).toBeGreaterThan(1000);
  });

  it('shrinks what a run found by looking around it', () => {
    const plan = planOf(wanderer);
    if (isRefused(plan)) throw new Error('refused');
    const engine = interpret(plan);
    const single = { runs: 1, depth: 200, scheduler: 'uniform' } as const;
    const cut = { kind: 'simulation', ...single, seed: 0 } as const;
    const lengths = Array.from({ length: 12 }, (_, seed) => {
      const { visited } = walk(plan, engine, { ...single, seed }, { maxStates: 1e6, shouldStop: () => false });
      const search = { instances: plan.instances.length, deadlock: true, keepSteps: false, stopAtFirst: false };
      const exploration = exploreVisited(plan, engine, visited, search, cut);
      const finding = exploration.invariants[0];
      const raw = finding === undefined ? 0 : pathTo(engine, exploration, finding).instances.length;
      const told = run(wanderer, { ...single, seed }).verdicts.find(({ name }) => name === 'near')!.outcome;
      return { raw, told: told.kind === 'violated' ? told.trace.steps.length : 0 };
    }).filter(({ raw }) => 0 < raw);
    expect(lengths.length).toBeGreaterThan(5);
    expect(Math.max(...lengths.map(({ raw }) => raw))).toBeGreaterThan(20);
    expect(lengths.map(({ told }) => told)).toEqual(lengths.map(() => 6));
  });

  it('calls nothing that it did not find anything but bounded', () => {
    const { verdicts, statistics } = run(wanderer, { runs: 5, depth: 4, seed: 8, scheduler: 'uniform' });
    const cut = { kind: 'simulation', runs: 5, depth: 4, seed: 8, scheduler: 'uniform' };
    expect(statistics.cut).toEqual(cut);
    expect(verdicts.map(({ outcome }) => outcome)).toEqual(verdicts.map(() => ({ kind: 'bounded', cut })));
  });

  it.each(['pct', 'uniform'] as const)(
    'finds deadlocks and fair loops as a search of everything does, by %s',
    (scheduler) => {
      const found = outcomes(run(locks, { scheduler }));
      const all = outcomes(check(locks));
      expect(found).toEqual(all.map((outcome) => outcome.replace('holds', 'bounded')));
      expect(all[0]).toMatch(/^deadlock violated/);
      expect(all[3]).toMatch(/^entered violated/);
    },
  );

  it('finds a fair loop that is no deadlock', () => {
    const { actions, ...rest } = locks;
    const careful = { ...rest, actions: actions.filter(({ name }) => !name.startsWith('hasty')) };
    const outcome = run({ ...careful, processes: rest.processes.slice(0, 1), fairness: [] }).verdicts.at(-1)!.outcome;
    expect(outcome.kind).toBe('violated');
  });

  it('is the same for the same seed, and another for another', () => {
    const options = { runs: 20, depth: 30 };
    const first = run(wanderer, { ...options, seed: 3 });
    expect(withoutTimes(run(wanderer, { ...options, seed: 3 }))).toEqual(withoutTimes(first));
    const others = [4, 5, 6].map((seed) => run(wanderer, { ...options, seed }).statistics.transitions);
    expect(new Set([first.statistics.transitions, ...others]).size).toBe(4);
  });

  it('stops when it is told to, with what it has found', () => {
    let asked = 0;
    const result = simulate(wanderer, { ...DEFAULT_SIMULATION, runs: 1e9 }, { shouldStop: () => (asked += 1) > 3 });
    expect(result.statistics.cut).toEqual({ kind: 'interrupted' });
  });

  it('begins no run when enough states have been visited', () => {
    const { statistics } = simulate(wanderer, { ...DEFAULT_SIMULATION, runs: 1e9 }, { maxStates: 2000 });
    expect((statistics.cut as { runs: number }).runs).toBeLessThan(200);
  });

  it('keeps to what a spec wants explored', () => {
    const within = systemOf(`
      export const subject = spec('subject', { state: () => ({ n: z.int().min(0).max(1000) }) });
      export const up = subject.action((s) => { s.n = (s.n + 1) % 1001; });
      export const small = subject.within((s) => s.n < 5);
      export const few = subject.invariant((s) => s.n < 6);
      export const five = subject.sometimes((s) => s.n === 5);
    `);
    const result = run(within, { runs: 10 });
    expect(result.statistics.distinct).toBe(5);
    expect(outcomes(result)).toEqual(outcomes(check(within)));
  });
});

describe('scheduling by priorities', () => {
  /** One must take twenty steps before the other takes its first: of random choices one in a million. */
  const race = systemOf(`
    export const subject = spec('subject', { state: () => ({ n: z.int().min(0).max(20), wrong: z.boolean() }) });
    export const slow = subject.process(function* (s) {
      while (s.n < 20) { yield 'count'; s.n += 1; }
    });
    export const quick = subject.process(function* (s) {
      yield 'look';
      if (s.n === 20) s.wrong = true;
      yield 'rest';
    });
    export const right = subject.invariant((s) => !s.wrong);
    export const end = subject.terminal((s) => true);
  `);

  const rightIn = (options: Partial<SimulationOptions>): boolean =>
    run(race, options).verdicts.some(({ name, outcome }) => name === 'right' && outcome.kind === 'violated');

  it('finds with few runs what random choices hardly ever find', () => {
    // One run at a time, each with another seed: what is found is found by that run and a look around it at most.
    const seeds = Array.from({ length: 40 }, (_, seed) => seed);
    const byChance = { runs: 1, depth: 60, scheduler: 'uniform' } as const;
    const visitedAll = seeds.filter((seed) => run(race, { ...byChance, seed }).statistics.distinct > 60).length;
    expect(visitedAll).toBe(0);
    expect(seeds.filter((seed) => rightIn({ ...byChance, seed }))).toEqual([]);
    expect(seeds.filter((seed) => rightIn({ runs: 1, depth: 60, seed })).length).toBeGreaterThan(5);
  });
});
