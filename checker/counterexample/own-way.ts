import { hasNode } from '../../dsl/ir/fold.ts';
import { formatValue } from '../../dsl/ir/index.ts';
import type { Expression, ObjectValue } from '../../dsl/ir/index.ts';
import { obstaclesTo } from '../engine/interpreter/obstacle.ts';
import { stepsOf } from '../engine/interpreter/steps.ts';
import type { Instance } from '../plan/instance.ts';
import type { Plan } from '../plan/plan.ts';
import { conditionOf, isMet, readIn } from './condition.ts';
import type { Condition } from './condition.ts';

/** Somebody alone: what comes of it when nobody else takes a step. */
export interface Alone {
  /** The steps that may come next in a state. */
  readonly next: (state: ObjectValue) => readonly Instance[];
  /** Whether a step may be held to be possible although it is not; `isFirst`: before any other. */
  readonly mayGoOn: (waits: Condition, isFirst: boolean) => boolean;
  /** Whether it may go past a guard that waits for the very thing. */
  readonly hasIt: boolean;
  /** Where it begins anew: what comes after that is another story. */
  readonly beginsAnew: (state: ObjectValue) => boolean;
}

/** What somebody waits for, whose wait this is about. */
export interface Ended {
  readonly condition: Condition;
  /** Whether what it reads is nearer to the condition in a state. */
  readonly isNearer: (state: ObjectValue) => boolean;
  readonly grant: (condition: Condition, state: ObjectValue) => ObjectValue | undefined;
}

/** So many states of one who is alone are looked at, and so many conditions of one step granted. */
const MOST_STATES = 64;
const MOST_GRANTS = 8;

/**
 * The step by which somebody would end a wait by themselves, were their own steps possible.
 *
 * What a step waits for is made true as it is in some explored state. What the wait that is to be ended reads must not
 * change before it is over, and it has to be over before the one who goes on begins anew. Who waits for the same, first
 * of all who waits itself, goes past that if it is what they have brought about themselves: a lock that is asked for by
 * its owner is given back by what comes after.
 */
export function endsAlone(plan: Plan, alone: Alone, ended: Ended, state: ObjectValue): Instance | undefined {
  const { next, beginsAnew } = alone;
  const { condition, isNearer } = ended;
  const now = readIn(plan, condition, state);
  const seen = new Set<string>();
  const queue: ObjectValue[] = [];
  const follow = (instance: Instance, successors: readonly ObjectValue[]): Instance | undefined => {
    for (const successor of successors) {
      if (isMet(plan, condition, successor) || isNearer(successor)) return instance;
      if (readIn(plan, condition, successor) !== now || beginsAnew(successor)) continue;
      const key = formatValue(successor);
      if (!seen.has(key) && seen.size < MOST_STATES) queue.push(successor);
      seen.add(key);
    }
    return undefined;
  };
  queue.push(state);
  for (const at of queue) {
    for (const instance of next(at)) {
      const mayGoOn = (waits: Condition): boolean => alone.mayGoOn(waits, at === state);
      const found = follow(instance, stepsGranted(plan, instance, { mayGoOn, hasIt: alone.hasIt }, ended, at));
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** What a step leads to, were what it waits for true. */
function stepsGranted(
  plan: Plan,
  instance: Instance,
  { mayGoOn, hasIt }: { readonly mayGoOn: (waits: Condition) => boolean; readonly hasIt: boolean },
  { condition, grant }: Ended,
  state: ObjectValue,
): readonly ObjectValue[] {
  const now = readIn(plan, condition, state);
  let at = state;
  for (let grants = 0; grants < MOST_GRANTS; grants += 1) {
    const obstacles = obstaclesTo(plan, at, instance);
    if (obstacles === undefined) return stepsOf(plan, at, instance).successors;
    const waits = conditionOf(plan, instance, obstacles, at);
    if (waits === undefined) return [];
    // Who waits for the same, or waits itself, is not held to get it, but may have it already.
    if (readsSame(waits, condition)) return hasIt ? stepsOf(plan, at, instance, () => true).successors : [];
    if (!mayGoOn(waits)) return [];
    const changed = grant(waits, at);
    if (changed === undefined) {
      // What it waits for is true in no explored state: it goes past what does not read what the wait reads.
      const read = new Set(condition.readings.map(({ place }) => place.variable));
      return stepsOf(plan, at, instance, (guard) => !reads(guard, read)).successors;
    }
    if (isMet(plan, condition, changed) || readIn(plan, condition, changed) !== now) return [];
    at = changed;
  }
  return []; // what it waits for here and there cannot be true together
}

/** Whether two conditions read the same anywhere. */
function readsSame(left: Condition, right: Condition): boolean {
  const keys = new Set(left.readings.map(({ key }) => key));
  return right.readings.some(({ key }) => keys.has(key));
}

function reads(guard: Expression, variables: ReadonlySet<string>): boolean {
  return hasNode(guard, (node) => node.kind === 'variable' && variables.has(node.name));
}
