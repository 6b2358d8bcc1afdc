import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileEngine } from '../../../checker/engine/javascript/engine.ts';
import { interpret } from '../../../checker/engine/interpreter.ts';
import { Batch } from '../../../checker/engine/next-state.ts';
import { stubbornSetsOf } from '../../../checker/reduction/order/stubborn-sets.ts';
import type { StubbornSets } from '../../../checker/reduction/order/stubborn-sets.ts';
import { explore } from '../../../checker/search/breadth-first.ts';
import type { Exploration } from '../../../checker/search/exploration.ts';
import type { System } from '../../../dsl/ir/index.ts';
import { arbitrarySystem, idSystemFrom, systemFrom } from '../../support/arbitrary-system.ts';
import { comparisonOf } from '../../support/kernel.ts';
import type { Comparison } from '../../support/kernel.ts';
import { randomOf } from '../../support/random-number.ts';
import { specModels } from '../../support/specs.ts';
import { systemOf } from '../../dsl/compiler/compiled.ts';

/*
 * What stubborn sets promise is tried out with the interpreter, which knows nothing of them; and what a reduced search
 * finds is held against what a full one does.
 */

const RUNS = Number(process.env['AGREEMENT_RUNS'] ?? 120);

/** The system without what no reduction is used for. */
const reducible = (system: System): System => ({ ...system, steps: [], within: [], properties: [] });

/** Where each possible instance leads from a state, in the order of its choices. */
function stepsOf(comparison: Comparison): (state: string) => ReadonlyMap<number, readonly string[]> {
  const engine = interpret(comparison.plan);
  const known = new Map<string, ReadonlyMap<number, readonly string[]>>();
  return (state) => {
    const found = known.get(state);
    if (found !== undefined) return found;
    const batch = new Batch(engine.words);
    engine.successors(wordsIn(state), 0, batch);
    const steps = new Map<number, string[]>();
    for (let index = 0; index < batch.count; index += 1) {
      const instance = batch.instances[index]!;
      steps.set(instance, [...(steps.get(instance) ?? []), batch.stateAt(index).join()]);
    }
    // What fails is as good as possible, and leads nowhere.
    for (const instance of batch.failures) steps.set(instance, [...(steps.get(instance) ?? []), 'fails']);
    known.set(state, steps);
    return steps;
  };
}

function wordsIn(state: string): Int32Array {
  return Int32Array.from(state.split(','), Number);
}

const MOST_STATES = 150;

/**
 * Tries out in every state what is said of each choice: whatever is done without it, its instances stay possible and come
 * to the same before and after.
 */
function brokenIn(comparison: Comparison, order: StubbornSets, seen: { choices: number; states: number }): string[] {
  const from = stepsOf(comparison);
  const { states } = explore(interpret(comparison.plan), comparison.plan.roles, {
    ...comparison.options,
    maxStates: MOST_STATES,
  });
  const broken: string[] = [];
  for (let index = 0; index < states.count; index += 1) {
    const state = states.wordsOf(index).join();
    const possible = [...from(state).keys()].sort((left, right) => left - right);
    if ([...from(state).values()].flat().includes('fails')) continue;
    const choices = order.choices(wordsIn(state), 0, possible);
    seen.choices += choices.length;
    seen.states += 1;
    for (const choice of choices) {
      expect(choice.length).toBeGreaterThan(0);
      expect(choice.length).toBeLessThan(possible.length);
      broken.push(...brokenBy(new Set(choice), state, from));
    }
  }
  return broken;
}

function brokenBy(
  choice: ReadonlySet<number>,
  start: string,
  from: (state: string) => ReadonlyMap<number, readonly string[]>,
): string[] {
  const broken: string[] = [];
  const reached = new Set([start]);
  for (const state of reached) {
    if (MOST_STATES < reached.size) break;
    for (const [other, targets] of from(state)) {
      if (choice.has(other)) continue;
      for (const target of targets) if (target !== 'fails') reached.add(target);
      for (const chosen of choice) {
        const first = from(state).get(chosen);
        if (first === undefined) broken.push(`${start}: ${chosen} is not possible in ${state}`);
        else if (![...targets, ...first].includes('fails')) {
          const oneWay = first.flatMap((next) => from(next).get(other) ?? ['impossible']);
          const otherWay = targets.flatMap((next) => from(next).get(chosen) ?? ['impossible']);
          if (oneWay.sort().join(' ') !== otherWay.sort().join(' ')) {
            broken.push(`${start}: ${chosen} and ${other} in ${state}`);
          }
        }
      }
    }
  }
  return broken;
}

/** All that a reduced search must find as a full one does. */
function findingsOf(found: Exploration): unknown {
  const isThere = (one: unknown): boolean => one !== undefined;
  return {
    deadlock: isThere(found.deadlock),
    evaluation: isThere(found.evaluation),
    failing: [...found.failing].map(Boolean),
    invariants: found.invariants.map(isThere),
    sometimes: found.sometimes.map(isThere),
    fired: [...found.fired].map((count) => 0 < count),
    branches: [...found.branches].map((count) => 0 < count),
  };
}

/** The states that nothing leads from, also those that are a proper end. */
function endsOf(found: Exploration, comparison: Comparison): readonly string[] {
  const from = stepsOf(comparison);
  const all = Array.from({ length: found.states.count }, (_, state) => found.states.wordsOf(state).join());
  return all.filter((state) => from(state).size === 0).sort();
}

/** The counts of both searches where the full one comes to an end. */
function compared(
  system: System,
  maxStates: number,
): { readonly full: number; readonly reduced: number; readonly found: Exploration } | undefined {
  const comparison = comparisonOf(reducible(system), { maxStates });
  const { plan, model, options } = comparison;
  const order = stubbornSetsOf(plan);
  const compiled = compileEngine(model);
  const engine = 'unsupported' in compiled ? interpret(plan) : compiled;
  const full = explore(engine, plan.roles, options);
  if (full.cut !== undefined || order === undefined) return undefined;
  const reduced = explore(engine, plan.roles, options, { order });
  expect(findingsOf(reduced)).toEqual(findingsOf(full));
  if (full.states.count <= 2000) expect(endsOf(reduced, comparison)).toEqual(endsOf(full, comparison));
  return { full: full.states.count, reduced: reduced.states.count, found: full };
}

describe('a reduced search finds what a full one finds', () => {
  const gained: string[] = [];
  const models = specModels();

  it.each(models.map((one) => [one.file, one.model, one] as const))('%s %s', (file, model, one) => {
    const counts = compared(one.system(), 8000);
    if (counts !== undefined && counts.reduced < counts.full) gained.push(`${file} ${model}`);
  });

  it('and there is something to gain', () => {
    expect(gained.length).toBeGreaterThan(30);
  });

  it('in random systems', { timeout: 600_000 }, () => {
    const seen = { systems: 0, smaller: 0 };
    fc.assert(
      fc.property(arbitrarySystem(), (system) => {
        const counts = compared(system, 2000);
        if (counts === undefined) return;
        seen.systems += 1;
        seen.smaller += counts.reduced < counts.full ? 1 : 0;
      }),
      { numRuns: RUNS * 4, seed: 7 },
    );
    expect(seen.systems).toBeGreaterThan(RUNS);
    expect(seen.smaller).toBeGreaterThan(0);
  });

  it('in random threads that share flags, counters and channels', { timeout: 600_000 }, () => {
    const seen = { systems: 0, smaller: 0, halved: 0, deadlocks: 0, failing: 0, violated: 0 };
    for (let seed = 1; seed <= RUNS; seed += 1) {
      const system = systemOf(randomThreads(seed));
      const counts = compared(system, 20_000);
      if (counts === undefined) continue;
      seen.systems += 1;
      seen.smaller += counts.reduced < counts.full ? 1 : 0;
      seen.halved += counts.reduced * 2 <= counts.full ? 1 : 0;
      seen.deadlocks += counts.found.deadlock === undefined ? 0 : 1;
      seen.failing += counts.found.evaluation === undefined ? 0 : 1;
      seen.violated += counts.found.invariants.some((one) => one !== undefined) ? 1 : 0;
    }
    expect(seen.systems).toBeGreaterThan(RUNS / 2);
    expect(seen.smaller).toBeGreaterThan(seen.systems / 4);
    expect(seen.halved).toBeGreaterThan(seen.systems / 50);
    for (const count of [seen.deadlocks, seen.failing, seen.violated]) expect(count).toBeGreaterThan(seen.systems / 20);
  });
});

describe('a choice of instances', () => {
  it('stays possible, and comes to the same later', { timeout: 600_000 }, () => {
    const seen = { choices: 0, states: 0 };
    for (let seed = 0; seed < RUNS * 2; seed += 1) {
      for (const make of [systemFrom, idSystemFrom]) {
        const comparison = comparisonOf(reducible(make(seed, seed % 4)));
        const order = stubbornSetsOf(comparison.plan);
        if (order !== undefined) expect(brokenIn(comparison, order, seen)).toEqual([]);
      }
    }
    expect(seen.states).toBeGreaterThan(RUNS);
    expect(seen.choices).toBeGreaterThan(RUNS / 2);
  });

  it.each(RUNS <= 120 ? [1, 2] : [1, 2, 3])(
    'does so where there are channels of %i',
    { timeout: 600_000 },
    (capacity) => {
      const seen = { choices: 0, states: 0 };
      for (const [index, text] of channelSpecs(capacity).entries()) {
        const system = systemOf(text);
        const comparison = comparisonOf(reducible(system));
        const order = stubbornSetsOf(comparison.plan);
        if (order === undefined) continue;
        expect(brokenIn(comparison, order, seen), `spec ${index}`).toEqual([]);
        compared(system, 20_000);
      }
      expect(seen.choices).toBeGreaterThan(50);
    },
  );
});

/** Threads over two channels that ask of them what is known to the analysis, and what is not. */
function channelSpecs(capacity: number): string[] {
  const asks = [
    `when(s.a.length > 0); s.got = s.a.shift()!;`,
    `when(s.a.length !== 0); s.got = s.a[0]!; s.a.shift();`,
    `if (s.a.length === 0) s.idle = true; else s.got = s.a.shift()!;`,
    `const x = s.a.shift(); if (x !== undefined) { s.got = x; if (s.a.length > 0) s.idle = !s.idle; }`,
    `when(2 <= s.a.length); s.a.shift(); s.got = s.a.shift()!;`,
    `when(s.a.length > 0 && s.b.length < ${capacity}); s.b.push(s.a.shift()!);`,
    `when(s.a.length > 0); s.a.push(s.a.shift()!);`,
    `when(s.a.length > 0); s.a.shift(); const y = s.a.shift(); if (y !== undefined) s.got = y;`,
    `when(s.a.length > 0); s.a.shift(); s.idle = s.a.length > 0;`,
    `when(s.a.length > 0); s.a.shift(); when(s.a.length > 0);`,
    `while (s.a.length > 0) s.got = s.a.shift()!;`,
    `for (const n of [0, 1]) { when(s.a.length > 0); s.got = s.a.shift()!; }`,
    `when(s.a.includes(1)); s.got = s.a.shift()!;`,
    `when(s.b.length > 0); s.got = s.b.pop()!;`,
    `when(s.a.length > 0 && s.b.length > 0); s.a.shift(); s.b.shift(); if (s.a.length > 0 && s.b.length > 0) s.got = 1;`,
  ];
  const sends = [
    `when(s.a.length < ${capacity}); s.a.push(s.count); s.count = 1 - s.count;`,
    `when(s.a.length < ${capacity} && s.b.length === 0); s.a.push(1);`,
    `if (s.a.length < ${capacity}) s.a.push(0); else s.idle = false;`,
    `when(s.b.length !== ${capacity}); s.b.push(s.count);`,
    `s.a.push(s.count); when(s.idle);`,
    `when(s.a.length < ${capacity}); s.a.push(s.count); s.a.push(1);`,
    `when(s.a.length < ${capacity}); s.a.push(s.count); when(s.a.length < ${capacity}); s.b.push(1);`,
    `when(s.a.length < ${capacity}); s.a.push(1); when(!(s.a.length > 0));`,
  ];
  return asks.flatMap((ask) =>
    sends.map(
      (send) => `
        const Bit = z.int().min(0).max(1);
        export const c = spec('channels', {
          state: () => ({ a: z.array(Bit).max(${capacity}), b: z.array(Bit).max(${capacity}), got: Bit, count: Bit,
            idle: z.boolean(), other: z.int().min(0).max(2) }),
        });
        export const ask = c.action((s) => { ${ask} });
        export const send = c.action((s) => { ${send} });
        export const drain = c.action((s) => { when(s.b.length > 0); s.b.shift(); });
        export const tick = c.action((s) => { when(s.other < 2); s.other += 1; });
        export const reset = c.action((s) => { when(s.other === 2 && s.idle); s.other = 0; });
        export const fits = c.invariant((s) => s.other < 3);
        export const model = c.model({});
      `,
    ),
  );
}

/** Two or three threads with a few steps each; all they do and ask is of a few kinds. */
function randomThreads(seed: number): string {
  const random = randomOf(seed);
  const one = (list: readonly string[]): string => list[random(list.length)]!;
  const threads = random(10) < 3 ? 2 : 3;
  const label = (thread: number, index: number): string => `
        yield 'l${index}';
        ${random(10) < 3 ? one(GUARDS).replaceAll('I', String(thread)) : ''}
        ${one(random(10) < 6 ? OWN_DEEDS : DEEDS).replaceAll('I', String(thread))}
        ${random(10) < 2 ? one(DEEDS).replaceAll('I', String(thread)) : ''}`;
  const thread = (index: number): string => {
    const body = Array.from({ length: 2 + random(3) }, (_, step) => label(index, step)).join('\n');
    const isEndless = random(10) < 4;
    return `export const t${index} = c.process(function* (s) { ${isEndless ? `while (true) { ${body} }` : body} });`;
  };
  return `
    const Small = z.int().min(0).max(2);
    export const c = spec('threads', {
      state: () => ({ a: z.array(Small).max(2), b: z.array(Small).max(2), x: Small, y: Small,
        f: z.boolean(), g: z.boolean(), own: z.array(Small).length(3) }),
    });
    ${Array.from({ length: threads }, (_, index) => thread(index)).join('\n')}
    export const i0 = c.invariant((s) => ${one(CLAIMS)});
    export const i1 = c.invariant((s) => ${one(CLAIMS)});
    export const r0 = c.sometimes((s) => ${one(CLAIMS)});
    export const model = c.model({});
  `;
}

const GUARDS = [
  'when(s.f);',
  'when(!s.g);',
  'when(s.x < 2);',
  'when(s.own[I] === 0);',
  'when(s.a.length > 0);',
  'when(s.a.length < 2);',
  'when(s.b.length !== 0);',
  'when(s.b.length < 2);',
];

const OWN_DEEDS = [
  's.own[I] = (s.own[I]! + 1) % 3;',
  's.own[I] = 2 - s.own[I]!;',
  's.own[I] = pick(Small);',
  'if (s.own[I] === 1) s.own[I] = 0;',
];

const DEEDS = [
  's.f = !s.f;',
  's.g = true;',
  's.x = (s.x + 1) % 3;',
  's.x += 1;',
  's.y = s.own[I]!;',
  's.a.push(s.own[I]!);',
  'if (s.a.length < 2) s.a.push(1);',
  'when(s.b.length < 2); s.b.push(s.own[I]!);',
  'if (s.a.length > 0) s.own[I] = s.a.shift()!;',
  'when(s.b.length > 0); s.own[I] = s.b.shift()!;',
  'when(s.a.length > 0); s.own[I] = s.a[0]!;',
  'either(() => { s.own[I] = 0; }, () => { s.f = true; });',
];

const CLAIMS = [
  '!(s.f && s.g)',
  's.x < 2',
  's.own[0]! + s.own[1]! < 3',
  's.own[0] === 0 || s.own[1] !== 2',
  's.a.length < 2',
  's.b.length === 0 || s.x === 0',
  's.y !== 2',
];
