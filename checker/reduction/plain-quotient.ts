import type { ObjectValue } from '../../dsl/ir/index.ts';
import { wordsOf } from '../plan/layout.ts';
import type { Plan } from '../plan/plan.ts';
import { neighborExchanges } from './id-classes.ts';
import type { IdClass } from './id-classes.ts';
import { composed, inverse, permuteValue } from './permutation.ts';
import type { Permutation } from './permutation.ts';
import type { Canonical, Quotient } from './quotient.ts';

interface Orbit {
  /** Its states by their words as text, with a permutation that leads there from the state that it was found by. */
  readonly states: ReadonlyMap<string, { readonly words: Int32Array; readonly permutation: Permutation }>;
  /** The least of them. */
  readonly least: string;
}

/**
 * Orbits by listing them: from a state, neighbors in a class are exchanged until nothing new comes of it. It works on
 * values, knows nothing of how states are laid out, and is slow; the kernel is held against it.
 *
 * @remarks Memory: every state of every orbit that was asked about.
 */
export function plainQuotient({ layout }: Plan, classes: readonly IdClass[]): Quotient {
  const exchanges = neighborExchanges(classes);
  const known = new Map<string, Orbit>();
  const orbitOf = (state: Int32Array): Orbit => {
    const key = state.join();
    let orbit = known.get(key);
    if (orbit !== undefined) return orbit;
    const states = new Map([[key, { words: state, permutation: new Map() as Permutation }]]);
    for (const { words, permutation } of states.values()) {
      const value = layout.decode(words, 0);
      for (const exchange of exchanges) {
        const other = wordsOf(layout, permuteValue(value, exchange) as ObjectValue);
        const otherKey = other.join();
        if (!states.has(otherKey)) states.set(otherKey, { words: other, permutation: composed(permutation, exchange) });
      }
    }
    const [least] = [...states].reduce((one, other) => (isBelow(other[1].words, one[1].words) ? other : one));
    orbit = { states, least };
    for (const one of states.keys()) known.set(one, orbit);
    return orbit;
  };
  return {
    classes,
    canonical(state): Canonical {
      const { states, least } = orbitOf(state.slice());
      const { words, permutation } = states.get(least)!;
      return { words, permutation: composed(inverse(states.get(state.join())!.permutation), permutation) };
    },
    orbitSize: (state) => orbitOf(state.slice()).states.size,
  };
}

function isBelow(left: Int32Array, right: Int32Array): boolean {
  for (let word = 0; word < left.length; word += 1) {
    if (left[word] !== right[word]) return left[word]! >>> 0 < right[word]! >>> 0;
  }
  return false;
}
