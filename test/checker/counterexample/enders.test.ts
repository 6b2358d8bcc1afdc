import { describe, expect, it } from 'vitest';
import { Explainer } from '../../../checker/counterexample/explanation.ts';
import { exploredBy } from '../../../checker/counterexample/explored.ts';
import { interpret } from '../../../checker/engine/interpreter.ts';
import { planOf } from '../../../checker/plan/plan.ts';
import type { Plan } from '../../../checker/plan/plan.ts';
import { explore } from '../../../checker/search/breadth-first.ts';
import { NUMBERS, randomThreads, systemOf, VALUES } from '../../support/random-threads.ts';
import type { Guard, Step, Threads } from '../../support/random-threads.ts';
import { formatActor } from '../../../checker/plan/step-name.ts';

/*
 * Who could end a wait, against the words of docs/internals/waits.md followed by hand: on small random systems of threads
 * that share a few numbers, over all states, without anything of the checker.
 */

/** The shared numbers, then the label of each thread. */
type State = readonly number[];

/** What the threads do, and who could end whose wait, by hand. */
class ByHand {
  readonly states: State[];
  private readonly found: ReadonlyMap<string, number>;
  /** By state: thread and target of each step that changes it. */
  readonly steps: { readonly thread: number; readonly to: number }[][] = [];
  private readonly taken = new Set<string>();

  constructor(readonly threads: Threads) {
    const start: State = [...Array.from({ length: NUMBERS }, () => 0), ...threads.map(() => 0)];
    this.states = [start];
    const found = new Map([[start.join(), 0]]);
    for (let at = 0; at < this.states.length && this.states.length <= MOST_STATES; at += 1) {
      const state = this.states[at]!;
      this.steps.push([]);
      threads.forEach((_, thread) => {
        const step = this.stepOf(thread, state);
        if (step === undefined || step.guards.some((guard) => !isTrue(guard, state))) return;
        const next = this.after(thread, step, state);
        if (next.join() === state.join()) return;
        if (!found.has(next.join())) found.set(next.join(), this.states.push(next) - 1);
        this.steps[at]!.push({ thread, to: found.get(next.join())! });
        this.taken.add(`${thread} ${state[NUMBERS + thread]}`);
      });
    }
    this.found = found;
  }

  stepOf(thread: number, state: State): Step | undefined {
    return this.threads[thread]![state[NUMBERS + thread]!];
  }

  /** The first guard of its step that is false, for a thread that waits. */
  waitOf(thread: number, state: State): Guard | undefined {
    return this.stepOf(thread, state)?.guards.find((guard) => !isTrue(guard, state));
  }

  private after(thread: number, { effects, next }: Step, state: State): State {
    const changed = [...state];
    for (const { at, set } of effects) changed[at] = set === 'next' ? (changed[at]! + 1) % VALUES : set;
    changed[NUMBERS + thread] = next;
    return changed;
  }

  private readonly known = new Map<string, readonly number[]>();

  /** How many changes of a number lead from each of its values to one at which the guard is true. */
  private distances(guard: Guard): readonly number[] {
    const key = [guard.at, guard.is, guard.value].join();
    const known = this.known.get(key) ?? this.distancesTo(guard);
    this.known.set(key, known);
    return known;
  }

  private distancesTo(guard: Guard): readonly number[] {
    const distances = Array.from({ length: VALUES }, (_, value) =>
      (value === guard.value) === guard.is ? 0 : Infinity,
    );
    const seen = new Set(this.states.map((state) => state[guard.at]!));
    for (let value = 0; value < VALUES; value += 1) if (!seen.has(value)) distances[value] = Infinity;
    for (let round = 0; round < VALUES; round += 1) {
      this.steps.forEach((steps, from) => {
        for (const { to } of steps) {
          const [before, after] = [this.states[from]![guard.at]!, this.states[to]![guard.at]!];
          if (before !== after) distances[before] = Math.min(distances[before]!, distances[after]! + 1);
        }
      });
    }
    return distances;
  }

  couldEnd(other: number, waiter: number, state: State): boolean {
    const guard = this.waitOf(waiter, state)!;
    if (this.stepOf(other, state) === undefined) return false;
    if (other !== waiter && this.isSeen(other, guard, state)) return true;
    return this.endsAlone(other, guard, state);
  }

  /** The labels at which a thread may be held to stand. */
  private stances(thread: number, state: State): readonly number[] {
    const labels = [state[NUMBERS + thread]!];
    for (const label of labels) {
      const step = this.threads[thread]![label];
      if (step === undefined || this.taken.has(`${thread} ${label}`)) continue;
      if (!labels.includes(step.next)) labels.push(step.next);
    }
    return labels;
  }

  private isSeen(other: number, guard: Guard, state: State): boolean {
    const distances = this.distances(guard);
    const now = state[guard.at]!;
    const own = this.waitOf(other, state);
    const stances = this.stances(other, state);
    const reached = this.states.flatMap((one, index) =>
      one[guard.at] === now && stances.includes(one[NUMBERS + other]!) && (own === undefined || !isTrue(own, one))
        ? [index]
        : [],
    );
    for (const at of reached) {
      for (const { thread, to } of this.steps[at]!) {
        const value = this.states[to]![guard.at]!;
        if (thread === other && distances[value]! < distances[now]!) return true;
        if (value === now && !reached.includes(to)) reached.push(to);
      }
    }
    return false;
  }

  private endsAlone(thread: number, guard: Guard, state: State): boolean {
    const writes = this.threads[thread]!.some(({ effects }) => effects.some(({ at }) => at === guard.at));
    if (!writes) return false;
    const distances = this.distances(guard);
    const now = state[guard.at]!;
    const queue = [state];
    const seen = new Set<string>();
    for (const at of queue) {
      const next = this.granted(thread, guard, at);
      if (next === undefined) continue;
      const value = next[guard.at]!;
      if (isTrue(guard, next) || (distances[now]! < Infinity && distances[value]! < distances[now]!)) return true;
      if (value !== now || next[NUMBERS + thread] === 0 || seen.has(next.join())) continue;
      seen.add(next.join());
      queue.push(next);
    }
    return false;
  }

  /** Where the step of a thread leads, given what it waits for; nowhere when it would wait for something else. */
  private granted(thread: number, ended: Guard, state: State): State | undefined {
    const step = this.stepOf(thread, state);
    let at = state;
    for (let grants = 0; grants < 8; grants += 1) {
      const waits = step?.guards.find((guard) => !isTrue(guard, at));
      if (step === undefined) return undefined;
      if (waits === undefined) return this.after(thread, step, at);
      if (waits.at === ended.at)
        return this.hasMade(thread, ended.at, state[ended.at]!) ? this.after(thread, step, at) : undefined;
      const example = this.states.find((one) => isTrue(waits, one));
      if (example === undefined) {
        const others = step.guards.filter((guard) => guard.at === ended.at);
        return others.every((guard) => isTrue(guard, at)) ? this.after(thread, step, at) : undefined;
      }
      at = at.map((value, index) => (index === waits.at ? example[index]! : value));
    }
    return undefined; // its guards contradict each other
  }

  /** Whether a number comes to a value by steps of a thread alone. */
  private hasMade(thread: number, at: number, value: number): boolean {
    if (this.states[0]![at] === value) return false;
    const makers = this.steps.flatMap((steps, from) =>
      steps.filter(({ to }) => this.states[from]![at] !== value && this.states[to]![at] === value),
    );
    return 0 < makers.length && makers.every((step) => step.thread === thread);
  }

  /** The length of a shortest way to where the guard is true, and whose step may be the last. */
  wayOut(guard: Guard, from: number): { readonly length: number; readonly last: ReadonlySet<number> } | undefined {
    let level = new Set([from]);
    const seen = new Set(level);
    for (let length = 1; 0 < level.size; length += 1) {
      const last = new Set<number>();
      const next = new Set<number>();
      for (const at of level) {
        for (const { thread, to } of this.steps[at]!) {
          if (isTrue(guard, this.states[to]!)) last.add(thread);
          else if (!seen.has(to)) next.add(to);
        }
      }
      if (0 < last.size) return { length, last };
      for (const one of next) seen.add(one);
      level = next;
    }
    return undefined;
  }

  /** The length of a shortest circle; undefined when there is none. */
  circle(waiting: readonly number[], next: (thread: number) => readonly number[]): number | undefined {
    const lengths = waiting.map((start) => {
      let level = new Set([start]);
      for (let length = 1; length <= waiting.length; length += 1) {
        level = new Set([...level].flatMap((one) => next(one)));
        if (level.has(start)) return length;
      }
      return Infinity;
    });
    const shortest = Math.min(...lengths);
    return shortest === Infinity ? undefined : shortest;
  }

  numberOf(state: State): number {
    return this.found.get(state.join())!;
  }
}

function isTrue({ at, is, value }: Guard, state: State): boolean {
  return (state[at] === value) === is;
}

/** So many systems are tried, and of each, if it is not too large, all states. */
const SYSTEMS = 500;
const MOST_STATES = 60;

describe('who could end a wait', () => {
  it('is who could by the words of its definition, at every state of random systems', { timeout: 300_000 }, () => {
    const told = { waits: 0, hopeless: 0, circles: 0, selves: 0, waysOut: 0 };
    let tried = 0;
    for (let seed = 0; tried < SYSTEMS; seed += 1) {
      const byHand = new ByHand(randomThreads(seed));
      if (MOST_STATES < byHand.states.length) continue;
      tried += 1;
      const plan = planOf(systemOf(byHand.threads)) as Plan;
      const engine = interpret(plan);
      const exploration = explore(engine, plan.roles, {
        ...{ instances: plan.instances.length, deadlock: true, keepSteps: true, stopAtFirst: false },
      });
      expect(exploration.states.count).toBe(byHand.states.length);
      const explainer = new Explainer(plan, () => exploredBy(plan, engine, exploration));
      for (const state of byHand.states) {
        const waiting = byHand.threads.flatMap((_, thread) =>
          byHand.waitOf(thread, state) === undefined ? [] : [thread],
        );
        const course = { states: [valuesOf(byHand, state)], steps: [], from: 0, isEnd: false };
        const waitsFor = explainer.waitsIn(course, new Set());
        expect((waitsFor?.waits ?? []).map(({ who }) => formatActor(who))).toEqual(
          waiting.map((thread) => `t${thread}`),
        );
        const next = new Map<number, readonly number[]>();
        waiting.forEach((waiter, index) => {
          const wait = waitsFor!.waits[index]!;
          const way = byHand.wayOut(byHand.waitOf(waiter, state)!, byHand.numberOf(state));
          expect(wait.wayOut?.length).toBe(way?.length);
          const last = wait.wayOut?.at(-1)?.action.replace(/\..*/, '');
          if (way !== undefined) expect([...way.last].map((thread) => `t${thread}`)).toContain(last);
          const could = byHand.threads.flatMap((_, other) =>
            byHand.couldEnd(other, waiter, state) ? [`t${other}`] : [],
          );
          expect([seed, state.join(), wait.on.map(formatActor).sort()]).toEqual([
            seed,
            state.join(),
            [...new Set([...could, ...(last === undefined ? [] : [last])])].sort(),
          ]);
          expect(wait.isHopeless).toBe(wait.on.length === 0);
          next.set(
            waiter,
            wait.on.map((one) => Number(formatActor(one).slice(1))).filter((one) => waiting.includes(one)),
          );
          told.waits += 1;
          if (wait.isHopeless) told.hopeless += 1;
          if (way !== undefined) told.waysOut += 1;
        });
        const circle = (waitsFor?.circle ?? []).map((one) => Number(formatActor(one).slice(1)));
        expect(circle.length === 0 ? undefined : circle.length).toBe(
          byHand.circle(waiting, (one) => next.get(one) ?? []),
        );
        circle.forEach((one, index) => expect(next.get(one)).toContain(circle[(index + 1) % circle.length]));
        if (1 < circle.length) told.circles += 1;
        if (circle.length === 1) told.selves += 1;
      }
    }
    // Enough of each kind to have been put to the test.
    for (const count of Object.values(told)) expect(count).toBeGreaterThan(25);
  });
});

function valuesOf({ threads }: ByHand, state: State): Record<string, number | string> {
  const numbers = Array.from({ length: NUMBERS }, (_, at) => [`n${at}`, state[at]!] as const);
  const labels = threads.map((steps, thread) => {
    const label = state[NUMBERS + thread]!;
    return [`t${thread}.pc`, label < steps.length ? `l${label}` : 'done'] as const;
  });
  return Object.fromEntries<number | string>([...numbers, ...labels]);
}
