import type { ObjectValue } from '../../dsl/ir/index.ts';
import type { Plan } from '../plan/plan.ts';
import { isMet, readIn } from './condition.ts';
import type { Condition } from './condition.ts';
import type { Explored, ValueClasses } from './explored.ts';

/**
 * What the explored states say about how a condition that is false now becomes true.
 *
 * States in which what the condition reads has the same values are taken together as one *value* of it. Each value has
 * a distance: how many steps that change the value it takes at least until the condition is true, going by steps that
 * were explored. A step brings the condition *nearer* when it starts at a value that there is now and leads to one with
 * a smaller distance; most conditions are one step away.
 */
export interface PossibleEnds {
  /** The instances that bring it nearer from a value that there is now, in some explored state. */
  readonly nearer: ReadonlySet<number>;
  /** The instances with a step that makes it true from any value. */
  readonly last: ReadonlySet<number>;
  /**
   * The instances with a step that brings about a value that there is now; undefined when it is one of an initial state,
   * so that nobody need have brought it about.
   */
  readonly makers: ReadonlySet<number> | undefined;
  /** Whether a state has a value that there is now. */
  isHere(state: number): boolean;
  /** Whether it is true in a state. */
  isMetIn(state: number): boolean;
  /** Whether a step brings it nearer. */
  isNearer(from: number, to: number): boolean;
  /** Whether values, with the condition still false, are nearer than those that there are now, as far as is known. */
  areNearer(state: ObjectValue): boolean;
}

/** Cost: each value is evaluated once, and each step looked at once. */
export function possibleEnds(
  plan: Plan,
  explored: Explored,
  condition: Condition,
  here: readonly number[],
): PossibleEnds {
  const classes = explored.valuesOf(condition.variables);
  const { valueOf, truths, known } = valuesIn(plan, classes, condition);
  const { graph, size } = explored;
  const { offsets, targets, instances } = graph;
  const before: Set<number>[] = truths.map(() => new Set());
  const last = new Set<number>();
  for (let state = 0; state < size; state += 1) {
    const from = valueOf[classes.of[state]!]!;
    for (let step = offsets[state]!; step < offsets[state + 1]!; step += 1) {
      const target = targets[step]!;
      if (target < 0 || size <= target) continue;
      const to = valueOf[classes.of[target]!]!;
      if (from === to) continue;
      before[to]!.add(from);
      if (truths[to] === true && truths[from] === false) last.add(instances[step]!);
    }
  }
  const distances = distancesTo(truths, before);
  const values = new Set(here.map((state) => valueOf[classes.of[state]!]!));
  const nearest = Math.min(...[...values].map((value) => distances[value]!));
  const isHere = (state: number): boolean => values.has(valueOf[classes.of[state]!]!);
  const isNearer = (from: number, to: number): boolean =>
    isHere(from) && distances[valueOf[classes.of[to]!]!]! < distances[valueOf[classes.of[from]!]!]!;
  const nearer = new Set<number>();
  const makers = new Set<number>();
  for (let state = 0; state < size; state += 1) {
    if (!isHere(state)) {
      for (let step = offsets[state]!; step < offsets[state + 1]!; step += 1) {
        const target = targets[step]!;
        if (0 <= target && target < size && isHere(target)) makers.add(instances[step]!);
      }
      continue;
    }
    for (let step = offsets[state]!; step < offsets[state + 1]!; step += 1) {
      const target = targets[step]!;
      if (0 <= target && target < size && isNearer(state, target)) nearer.add(instances[step]!);
    }
  }
  const initial = Array.from({ length: Math.min(explored.initial, size) }, (_, state) => state);
  return {
    nearer,
    last,
    makers: initial.some(isHere) ? undefined : makers,
    isHere,
    isMetIn: (state) => truths[valueOf[classes.of[state]!]!]!,
    isNearer,
    areNearer(state) {
      const value = known.get(`0${readIn(plan, condition, state)}`);
      return value !== undefined && nearest !== Infinity && distances[value]! < nearest;
    },
  };
}

/** Numbers the values of a condition. */
function valuesIn(
  plan: Plan,
  classes: ValueClasses,
  condition: Condition,
): {
  /** By class. */
  readonly valueOf: Int32Array;
  /** By value. */
  readonly truths: readonly boolean[];
  readonly known: ReadonlyMap<string, number>;
} {
  const known = new Map<string, number>();
  const truths: boolean[] = [];
  const valueOf = new Int32Array(classes.count);
  for (let one = 0; one < classes.count; one += 1) {
    const values = classes.values(one);
    const truth = isMet(plan, condition, values);
    const key = `${truth ? 1 : 0}${readIn(plan, condition, values)}`;
    let value = known.get(key);
    if (value === undefined) {
      value = truths.push(truth) - 1;
      known.set(key, value);
    }
    valueOf[one] = value;
  }
  return { valueOf, truths, known };
}

/** For each value how many changes of value lead to one at which the condition is true; Infinity where none do. */
function distancesTo(truths: readonly boolean[], before: readonly ReadonlySet<number>[]): readonly number[] {
  const distances = truths.map((truth) => (truth ? 0 : Infinity));
  const queue = truths.flatMap((truth, value) => (truth ? [value] : []));
  for (const value of queue) {
    for (const one of before[value]!) {
      if (distances[one] !== Infinity) continue;
      distances[one] = distances[value]! + 1;
      queue.push(one);
    }
  }
  return distances;
}
