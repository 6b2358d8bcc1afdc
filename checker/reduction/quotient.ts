import { encodeValue } from '../../dsl/ir/value-json.ts';
import type { Instance } from '../plan/instance.ts';
import { wordsOf } from '../plan/layout.ts';
import type { Plan } from '../plan/plan.ts';
import { neighborExchanges } from './id-classes.ts';
import type { IdClass } from './id-classes.ts';
import { permuteValue } from './permutation.ts';
import type { Permutation } from './permutation.ts';

/**
 * States that only differ in which interchangeable id is which are one orbit, and one of them stands for all: its
 * canonical form.
 */
export interface Quotient {
  readonly classes: readonly IdClass[];
  /** The canonical form of a state in words, and a permutation that leads there. */
  canonical(state: Int32Array): Canonical;
  /** How many states are in the orbit of one. */
  orbitSize(state: Int32Array): number;
}

export interface Canonical {
  readonly words: Int32Array;
  readonly permutation: Permutation;
}

/** What becomes of states and instances when interchangeable ids change places. */
export interface GroupAction {
  readonly classes: readonly IdClass[];
  /** For each instance the first of its orbit. */
  readonly orbits: Int32Array;
  readonly permuteState: (state: Int32Array, permutation: Permutation) => Int32Array;
  readonly permuteInstance: (instance: number, permutation: Permutation) => number;
}

/** Orbits of states of which one state is explored, and what has to be known of them to speak of all. */
export interface Symmetric extends GroupAction {
  readonly quotient: Quotient;
}

export function actionOf(plan: Plan, classes: readonly IdClass[]): GroupAction {
  return {
    classes,
    orbits: instanceOrbits(plan, classes),
    permuteState: permuteState.bind(undefined, plan),
    permuteInstance: permuteInstance.bind(undefined, plan),
  };
}

/** A state in words with its ids replaced. */
function permuteState({ layout }: Plan, state: Int32Array, permutation: Permutation): Int32Array {
  const permuted = permuteValue(layout.decode(state, 0), permutation);
  return wordsOf(layout, permuted as ReturnType<typeof layout.decode>);
}

/** The instance that an action has with the ids among its arguments replaced. */
function permuteInstance({ instances }: Plan, instance: number, permutation: Permutation): number {
  const { action, values } = instances[instance]!;
  const key = keyOf(
    action.name,
    values.map((value) => permuteValue(value, permutation)),
  );
  return instances.find((one) => one.action === action && keyOf(action.name, one.values) === key)!.id;
}

/** For each instance the first of those that it becomes when interchangeable ids change places. */
function instanceOrbits({ instances }: Plan, classes: readonly IdClass[]): Int32Array {
  const idOf = new Map(instances.map(({ id, action, values }) => [keyOf(action.name, values), id]));
  const exchanges = neighborExchanges(classes);
  const orbits = Int32Array.from(instances, () => -1);
  for (const { id } of instances) {
    if (orbits[id] !== -1) continue;
    orbits[id] = id;
    const orbit = [id];
    for (const member of orbit) {
      const { action, values } = instances[member]!;
      for (const exchange of exchanges) {
        const other = idOf.get(
          keyOf(
            action.name,
            values.map((value) => permuteValue(value, exchange)),
          ),
        )!;
        if (orbits[other] !== -1) continue;
        orbits[other] = id;
        orbit.push(other);
      }
    }
  }
  return orbits;
}

/** Sums of orbits of instances, shared out evenly: in all states together, each of an orbit has as many steps. */
export function shareAmongOrbits(counts: Float64Array, orbits: Int32Array): Float64Array {
  const sums = new Float64Array(counts.length);
  const sizes = new Float64Array(counts.length);
  orbits.forEach((orbit, instance) => {
    sums[orbit]! += counts[instance]!;
    sizes[orbit]! += 1;
  });
  return Float64Array.from(orbits, (orbit) => sums[orbit]! / sizes[orbit]!);
}

function keyOf(action: string, values: Instance['values']): string {
  return JSON.stringify([action, values.map(encodeValue)]);
}
