import { describe, expect, it } from 'vitest';
import type { Inaction, WaitsFor } from '../../../checker/counterexample/behavior.ts';
import { Explainer } from '../../../checker/counterexample/explanation.ts';
import { exploredBy } from '../../../checker/counterexample/explored.ts';
import { interpret } from '../../../checker/engine/interpreter.ts';
import { initialSteps, stepsOf } from '../../../checker/engine/interpreter/steps.ts';
import { actorNameOf } from '../../../checker/plan/actor.ts';
import { planOf } from '../../../checker/plan/plan.ts';
import type { Plan } from '../../../checker/plan/plan.ts';
import { explore } from '../../../checker/search/breadth-first.ts';
import { formatValue } from '../../../dsl/ir/index.ts';
import type { ObjectValue } from '../../../dsl/ir/index.ts';
import { Random } from '../../support/random-system/random.ts';
import { systemOf } from '../../dsl/compiler/compiled.ts';
import { sizeOf } from '../../support/size.ts';
import { formatActor, formatStep, stepNameOf } from '../../../checker/plan/step-name.ts';
import type { StepName } from '../../../checker/plan/step-name.ts';

/*
 * What is said of those who wait and of those who could help, at deadlocks and along random lassos of random threads with
 * locals, sets and choices, against the whole graph, which is made by trying every step in every state.
 */

/** Threads with a local and a number, a set and an owner between them, and steps of nobody. Each step has one guard. */
class Specs extends Random {
  spec(): string {
    const threads = Array.from({ length: 1 + this.below(2) }, (_, index) => this.process(`p${index}`));
    const actions = Array.from({ length: this.below(3) }, (_, index) => this.action(`a${index}`));
    return `
      const T = ids('T', 2);
      export const random = spec('random', {
        state: () => ({ n: z.int().min(0).max(2), up: z.set(T), m: T.nullable() }),
      });
      ${[...threads, ...actions].join('\n')}
      ${this.chance(0.4) ? 'export const fair = random.fairness(weak(p0));' : ''}
      export const model = random.model({});`;
  }

  private process(name: string): string {
    const steps = Array.from({ length: 1 + this.below(3) }, (_, label) => {
      return `s = yield 'l${label}'; when(${this.guard('me', 'c')}); ${this.effects('me', 'c')}`;
    });
    const body = this.chance(0.5) ? `while (true) { ${steps.join('\n')} }` : steps.join('\n');
    return `export const ${name} = random.process({ me: T }, function* (s, { me }) { let c = 0; ${body} });`;
  }

  private action(name: string): string {
    const body = `when(${this.guard('t', '1')}); ${this.effects('t', undefined)}`;
    return `export const ${name} = random.action({ t: T }, (s, { t }) => { ${body} });`;
  }

  private guard(me: string, local: string): string {
    const k = this.below(3);
    return this.pick([
      ...[`s.n === ${k}`, `s.n !== ${k}`, `s.n > ${local}`, `s.n <= ${local}`, `s.up.has(${me})`, `!s.up.has(${me})`],
      ...[`s.m === null`, `s.m === ${me}`, `s.m !== ${me}`, `s.up.size < 2`, `all(T, (x) => s.up.has(x))`],
      ...[`some(T, (x) => s.up.has(x) && x !== ${me})`, `s.n === 0 || s.up.has(${me})`],
    ]);
  }

  private effects(me: string, local: string | undefined): string {
    const some = [this.effect(me, local), ...(this.chance(0.5) ? [this.effect(me, local)] : [])];
    if (this.chance(0.8)) return some.join(' ');
    return `either(() => { ${some.join(' ')} }, () => { ${this.effect(me, local)} });`;
  }

  private effect(me: string, local: string | undefined): string {
    return this.pick([
      ...[`s.n = (s.n + 1) % 3;`, `s.n = ${this.below(3)};`, `s.up.add(${me});`, `s.up.delete(${me});`, `s.m = ${me};`],
      ...[`s.m = null;`, `s.n = pick(z.int().min(0).max(1));`, `{ const x = pick(T); s.up.add(x); }`],
      ...(local === undefined ? [] : [`${local} = s.n;`, `${local} = ${this.below(2)};`]),
    ]);
  }

  /** A way through a graph until it meets itself. */
  lasso(graph: Graph): { readonly states: readonly number[]; readonly taken: readonly number[] } | undefined {
    const states = [this.below(graph.states.length)];
    const taken: number[] = [];
    for (;;) {
      const steps = graph.steps[states.at(-1)!]!;
      if (steps.length === 0) return undefined;
      const { instance, to } = this.pick(steps);
      taken.push(instance);
      const at = states.indexOf(to);
      states.push(to);
      if (0 <= at) return { states: states.slice(at), taken: taken.slice(at) };
    }
  }
}

interface Graph {
  readonly states: readonly ObjectValue[];
  readonly steps: readonly (readonly { readonly instance: number; readonly to: number }[])[];
}

/** All states and steps, those that change nothing included; undefined where there are too many. */
function graphOf(plan: Plan): Graph | undefined {
  const found = new Map<string, number>();
  const states: ObjectValue[] = [];
  const numberOf = (state: ObjectValue): number => {
    const key = formatValue(state);
    if (!found.has(key)) found.set(key, states.push(state) - 1);
    return found.get(key)!;
  };
  initialSteps(plan).successors.forEach(numberOf);
  const steps: { readonly instance: number; readonly to: number }[][] = [];
  for (let at = 0; at < states.length; at += 1) {
    if (MOST_STATES < states.length) return undefined;
    steps.push(
      plan.instances.flatMap((instance) =>
        stepsOf(plan, states[at]!, instance).successors.map((next) => ({ instance: instance.id, to: numberOf(next) })),
      ),
    );
  }
  return { states, steps };
}

/** Steps on a shortest way from some states to one in which an instance is possible; undefined where there is none. */
function distanceTo({ steps }: Graph, instance: number, from: readonly number[]): number | undefined {
  const isPossible = (state: number): boolean => steps[state]!.some((step) => step.instance === instance);
  let level = new Set(from);
  const seen = new Set(level);
  for (let distance = 0; 0 < level.size; distance += 1) {
    if ([...level].some(isPossible)) return distance;
    level = new Set([...level].flatMap((state) => steps[state]!.map(({ to }) => to)).filter((to) => !seen.has(to)));
    for (const state of level) seen.add(state);
  }
  return undefined;
}

const SPECS = sizeOf('STANDSTILLS', 250);
const FIRST = Number(process.env['STANDSTILLS_FROM'] ?? 0);
const MOST_STATES = 150;

/** What has been put to the test. */
const told = { deadlocks: 0, lassos: 0, hopeless: 0, waysOut: 0, circles: 0, unforced: 0, runs: 0, waits: 0, ended: 0 };

/** What is said of a standstill, held against the graph. */
function judge(plan: Plan, graph: Graph, here: readonly number[], taken: ReadonlySet<number>, said: WaitsFor): void {
  const possible = new Set(here.flatMap((state) => graph.steps[state]!.map(({ instance }) => instance)));
  const byLabel = new Map(plan.instances.map((instance) => [instance.label, instance.id]));
  const ofActor = (name: string): readonly number[] =>
    plan.instances.filter((instance) => actorNameOf(instance) === name).map(({ id }) => id);
  const fits = (because: Inaction, instances: readonly number[]): void => {
    const isTaken = instances.some((id) => taken.has(id));
    const isPossible = instances.some((id) => possible.has(id));
    const right = isTaken ? ['runs'] : isPossible ? ['unforced'] : ['waits', 'ended', 'spent'];
    expect(right).toContain(because);
    if (because !== 'spent') told[because] += 1;
  };
  for (const wait of said.waits) {
    const instance = byLabel.get(formatStep(wait.step))!;
    expect(possible.has(instance)).toBe(false);
    const distance = distanceTo(graph, instance, here);
    expect(wait.wayOut?.length).toBe(distance);
    if (wait.isHopeless) expect(distance).toBe(undefined);
    if (wait.isHopeless) told.hopeless += 1;
    if (distance !== undefined) told.waysOut += 1;
    wait.on.forEach((actor, index) => {
      const steps = wait.steps[index]!;
      if (steps.length === 0) fits(wait.because[index]!, ofActor(formatActor(actor)));
      for (const step of steps) fits(step.because, [byLabel.get(formatStep(step))!]);
    });
  }
  if (said.circle.length > 0) told.circles += 1;
  const circle = said.circle.map(formatActor);
  circle.forEach((who, index) => {
    const next = circle[(index + 1) % circle.length]!;
    const waits = said.waits.filter((wait) => formatActor(wait.who) === who);
    expect(waits.flatMap(({ on }) => on.map(formatActor))).toContain(next);
  });
}

describe('what is said of a standstill', () => {
  it('is so in the whole graph of random threads with locals, sets and choices', { timeout: 900_000 }, () => {
    for (let seed = FIRST; seed < FIRST + SPECS; seed += 1) {
      const random = new Specs(seed);
      const plan = planOf(systemOf(random.spec())) as Plan;
      const graph = graphOf(plan);
      if (graph === undefined) continue;
      const engine = interpret(plan);
      const exploration = explore(engine, plan.roles, {
        ...{ instances: plan.instances.length, deadlock: true, keepSteps: true, stopAtFirst: false },
      });
      expect(exploration.states.count).toBe(graph.states.length);
      const explainer = new Explainer(plan, () => exploredBy(plan, engine, exploration));
      const nameOf = (id: number): StepName => stepNameOf(plan.instances[id]!);
      graph.steps.forEach((steps, at) => {
        if (steps.length > 0) return;
        const course = { states: [graph.states[at]!], steps: [], from: 0, isEnd: true };
        const said = explainer.waitsIn(course, new Set());
        told.deadlocks += 1;
        if (said !== undefined) judge(plan, graph, [at], new Set(), said);
      });
      for (let count = 0; count < 8; count += 1) {
        const lasso = random.lasso(graph);
        if (lasso === undefined) continue;
        const states = lasso.states.map((state) => graph.states[state]!);
        const taken = new Set(lasso.taken);
        const said = explainer.waitsIn({ states, steps: lasso.taken.map(nameOf), from: 0, isEnd: false }, taken);
        told.lassos += 1;
        if (said !== undefined) judge(plan, graph, lasso.states.slice(0, -1), taken, said);
      }
    }
  });

  it('is said of enough of them', () => {
    for (const count of Object.values(told)) expect(count).toBeGreaterThan(SPECS / 10);
  });
});
