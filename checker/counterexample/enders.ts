import type { ObjectValue } from '../../dsl/ir/index.ts';
import { actorNameOf, actorsOf } from '../plan/actor.ts';
import type { Instance } from '../plan/instance.ts';
import type { Plan } from '../plan/plan.ts';
import type { Condition } from './condition.ts';
import type { Explored } from './explored.ts';
import { granting } from './grants.ts';
import { endsAlone } from './own-way.ts';
import type { Alone, Ended } from './own-way.ts';
import { overlap, writesOf } from './places.ts';
import { possibleEnds } from './possible-ends.ts';
import type { PossibleEnds } from './possible-ends.ts';
import { isStance, labelOf, stancesOf, threadsOf } from './threads.ts';
import type { Thread } from './threads.ts';

/** Where a behavior goes no further: its last state, or the states of its loop. */
interface Standstill {
  readonly states: readonly ObjectValue[];
  /** Their numbers among the explored states. */
  readonly numbers: readonly number[];
  /** What threads wait for there, by their names; only of those that do. */
  readonly waits: ReadonlyMap<string, Condition>;
}

/** A step that waits, and for what. */
interface Waiter {
  readonly instance: Instance;
  readonly condition: Condition;
}

/** Who could end a wait: a thread, or a step outside of processes. */
export type Ender =
  { readonly kind: 'thread'; readonly thread: Thread } | { readonly kind: 'step'; readonly instance: Instance };

/** What is known about the end of a wait. */
export interface Enders {
  readonly list: readonly Ender[];
  /** The instances that end such a wait in some explored state, whoever waits there. */
  readonly ever: ReadonlySet<number>;
  /** Those with a step after which it is over. */
  readonly last: ReadonlySet<number>;
  /** The steps of a shortest way from here to its end; absent when there is none among the explored states. */
  readonly wayOut: readonly number[] | undefined;
}

/**
 * Finds who could end a wait. `docs/internals/waits.md` says what that means, and why.
 *
 * A class, because what it works out about a plan and about the explored states is used for many waits.
 */
export class EnderSearch {
  readonly threads: readonly Thread[];
  private readonly threadOf: ReadonlyMap<number, Thread>; // by instance
  private readonly groups: ReadonlyMap<string, readonly Instance[]>; // of steps outside of processes, by actor
  private readonly taken: Uint8Array; // by instance
  private readonly beginnings = new Map<Thread, ReadonlySet<string>>();
  private readonly grants = new Map<string, (state: ObjectValue) => ObjectValue | undefined>();
  private readonly ends = new Map<string, PossibleEnds>();

  constructor(
    private readonly plan: Plan,
    private readonly explored: Explored,
  ) {
    this.threads = threadsOf(plan);
    this.threadOf = new Map(this.threads.flatMap((thread) => thread.instances.map(({ id }) => [id, thread] as const)));
    const groups = [...actorsOf(plan).values()].filter(({ instances }) => instances[0]!.action.process === undefined);
    this.groups = new Map(groups.map(({ name, instances }) => [name, instances]));
    this.taken = new Uint8Array(plan.instances.length);
    for (const instance of explored.graph.instances.subarray(0, explored.graph.offsets[explored.size])) {
      this.taken[instance] = 1;
    }
  }

  /** Who could end a wait at a standstill. */
  of(waiter: Waiter, standstill: Standstill): Enders {
    const ends = this.endsOf(waiter.condition, standstill);
    const wayOut = 1 < standstill.states.length || this.canGoOn(standstill) ? this.wayOut(ends, standstill) : undefined;
    const list: Ender[] = [];
    for (const thread of this.threads) {
      if (this.couldThread(thread, waiter, ends, standstill)) list.push({ kind: 'thread', thread });
    }
    for (const [name, group] of this.groups) {
      const alone = this.endsAloneAsGroup(name, group, waiter, ends, standstill);
      for (const instance of group) {
        if (instance.id === waiter.instance.id) continue;
        if (ends.nearer.has(instance.id) || alone === instance) list.push({ kind: 'step', instance });
      }
    }
    const ender = wayOut === undefined ? undefined : this.enderOf(wayOut.at(-1)!);
    if (ender !== undefined && !list.some((one) => isSame(one, ender))) list.push(ender);
    const own = this.threadOf.get(waiter.instance.id);
    const ever = new Set([...ends.nearer].filter((id) => own === undefined || this.threadOf.get(id) !== own));
    return { list, ever, last: ends.last, wayOut };
  }

  /** Whether a thread stands where threads of its kind begin. */
  standsAtBeginning(thread: Thread, state: ObjectValue): boolean {
    return this.beginningsOf(thread).has(labelOf(thread, state));
  }

  private enderOf(instance: number): Ender {
    const thread = this.threadOf.get(instance);
    return thread === undefined
      ? { kind: 'step', instance: this.plan.instances[instance]! }
      : { kind: 'thread', thread };
  }

  private endsOf(condition: Condition, { numbers }: Standstill): PossibleEnds {
    const key = `${condition.key}\0${numbers.join()}`;
    let found = this.ends.get(key);
    if (found === undefined) this.ends.set(key, (found = possibleEnds(this.plan, this.explored, condition, numbers)));
    return found;
  }

  /** Whether a thread could, by what was explored or by what it would do alone. */
  private couldThread(thread: Thread, waiter: Waiter, ends: PossibleEnds, standstill: Standstill): boolean {
    const [state] = standstill.states;
    if (thread.at.get(labelOf(thread, state!)) === undefined) return false; // it has ended
    const isSelf = thread.instances.some(({ id }) => id === waiter.instance.id);
    if (!isSelf && this.couldGoOn(thread, ends, standstill)) return true;
    if (!this.mayWrite(thread.instances, waiter.condition)) return false;
    return standstill.states.some((at) => {
      const alone: Alone = {
        next: (here) => [thread.at.get(labelOf(thread, here))].filter((one) => one !== undefined),
        mayGoOn: () => true,
        hasIt: isMadeBy(thread.instances, ends),
        beginsAnew: (here) => this.beginningsOf(thread).has(labelOf(thread, here)),
      };
      return endsAlone(this.plan, alone, this.ended(waiter, ends), at) !== undefined;
    });
  }

  /**
   * Whether there is an explored state in which the thread stands where it does, and still waits if it does, and what is
   * waited for is as it is, from where a way on which that stays as it is leads to a step of the thread that ends the wait.
   */
  private couldGoOn(thread: Thread, ends: PossibleEnds, standstill: Standstill): boolean {
    if (!thread.instances.some(({ id }) => ends.nearer.has(id))) return false;
    const { explored } = this;
    const waits = standstill.waits.get(thread.name);
    const own = waits && this.endsOf(waits, standstill);
    const stances = standstill.states.flatMap((state) => stancesOf(thread, state, (id) => this.taken[id] === 1));
    const classes = explored.valuesOf(thread.variables);
    const stands = Array.from({ length: classes.count }, (_, one) => {
      const values = classes.values(one);
      return stances.some((stance) => isStance(thread, stance, values));
    });
    const { offsets, targets, instances } = explored.graph;
    const reached = new Uint8Array(explored.size);
    const queue: number[] = [];
    for (let state = 0; state < explored.size; state += 1) {
      if (!stands[classes.of[state]!] || !ends.isHere(state) || own?.isMetIn(state) === true) continue;
      reached[state] = 1;
      queue.push(state);
    }
    for (const state of queue) {
      for (let step = offsets[state]!; step < offsets[state + 1]!; step += 1) {
        const target = targets[step]!;
        if (target < 0 || explored.size <= target) continue;
        if (this.threadOf.get(instances[step]!) === thread && ends.isNearer(state, target)) return true;
        if (reached[target] === 1 || !ends.isHere(target)) continue;
        reached[target] = 1;
        queue.push(target);
      }
    }
    return false;
  }

  /** The step never taken by which the steps of one actor outside of processes would end a wait by themselves. */
  private endsAloneAsGroup(
    name: string,
    group: readonly Instance[],
    waiter: Waiter,
    ends: PossibleEnds,
    { states }: Standstill,
  ): Instance | undefined {
    const never = group.filter(({ id }) => this.taken[id] === 0 && id !== waiter.instance.id);
    if (never.length === 0 || !this.mayWrite(never, waiter.condition)) return undefined;
    const alone: Alone = {
      next: () => group,
      mayGoOn: (waits, isFirst) => isFirst && !this.onlyWrites(name, waits),
      hasIt: isMadeBy(group, ends),
      beginsAnew: () => false,
    };
    for (const state of states) {
      const found = endsAlone(this.plan, alone, this.ended(waiter, ends), state);
      if (found !== undefined && never.includes(found)) return found;
    }
    return undefined;
  }

  private ended({ condition }: Waiter, ends: PossibleEnds): Ended {
    return {
      condition,
      isNearer: (state) => ends.areNearer(state),
      grant: (waits, state) => {
        const key = [waits.key, ...waits.readings.map((reading) => reading.key)].join('\0');
        let grant = this.grants.get(key);
        if (grant === undefined) this.grants.set(key, (grant = granting(this.plan, this.explored, waits)));
        return grant(state);
      },
    };
  }

  /** Whether some step may write something that a condition reads. */
  private mayWrite(instances: readonly Instance[], { readings }: Condition): boolean {
    return instances.some((instance) =>
      writesOf(instance).some((place) => readings.some((reading) => overlap(reading.place, place))),
    );
  }

  /** Whether only the steps of one actor may write what a condition reads. */
  private onlyWrites(name: string, condition: Condition): boolean {
    return this.plan.instances.every((one) => actorNameOf(one) === name || !this.mayWrite([one], condition));
  }

  /** The labels where a thread stands in an initial state: from there it begins anew. */
  private beginningsOf(thread: Thread): ReadonlySet<string> {
    const known = this.beginnings.get(thread);
    if (known !== undefined) return known;
    const classes = this.explored.valuesOf(thread.variables);
    const initial = Array.from({ length: Math.min(this.explored.initial, this.explored.size) }, (_, state) => state);
    const labels = new Set(
      [...new Set(initial.map((state) => classes.of[state]!))].map((one) => labelOf(thread, classes.values(one))),
    );
    this.beginnings.set(thread, labels);
    return labels;
  }

  private canGoOn({ numbers }: Standstill): boolean {
    const { offsets } = this.explored.graph;
    return numbers.some((state) => offsets[state]! < offsets[state + 1]!);
  }

  /** The instances of a shortest way to a state in which the condition is true. */
  private wayOut(ends: PossibleEnds, { numbers }: Standstill): readonly number[] | undefined {
    const { size, graph } = this.explored;
    const { offsets, targets, instances } = graph;
    const from = new Map<number, { readonly state: number; readonly instance: number }>();
    const queue = [...new Set(numbers)];
    const seen = new Uint8Array(size);
    for (const state of queue) seen[state] = 1;
    for (const state of queue) {
      for (let step = offsets[state]!; step < offsets[state + 1]!; step += 1) {
        const target = targets[step]!;
        if (target < 0 || size <= target || seen[target] === 1) continue;
        seen[target] = 1;
        from.set(target, { state, instance: instances[step]! });
        queue.push(target);
        if (!ends.isMetIn(target)) continue;
        const way: number[] = [];
        for (let at = from.get(target); at !== undefined; at = from.get(at.state)) way.unshift(at.instance);
        return way;
      }
    }
    return undefined;
  }
}

function isSame(left: Ender, right: Ender): boolean {
  return left.kind === 'thread'
    ? right.kind === 'thread' && left.thread === right.thread
    : right.kind === 'step' && left.instance === right.instance;
}

/** Whether what is waited for is as it is only ever by steps of somebody. */
function isMadeBy(instances: readonly Instance[], { makers }: PossibleEnds): boolean {
  if (makers === undefined || makers.size === 0) return false;
  const own = new Set(instances.map(({ id }) => id));
  return [...makers].every((id) => own.has(id));
}
