import { TRUE } from '../engine/next-state.ts';
import type { StateGraph } from '../search/state-graph.ts';

/**
 * One fairness assumption: about the disjunction of the steps of some action instances, each perhaps only where a guard
 * holds. Only steps that change the state count, both for being enabled and for being taken.
 */
export interface FairnessConstraint {
  readonly strength: 'weak' | 'strong';
  readonly name: string;
  /** The instances, each with the number of its guard or {@link NO_GUARD}. */
  readonly members: ReadonlyMap<number, number>;
}

export const NO_GUARD = -1;

/** Assumptions of which bit `i % 32` of word `i / 32` speaks, worked out for every state of a graph. */
export interface FairnessTable {
  readonly constraints: readonly FairnessConstraint[];
  /** 32-bit words for one bit each constraint. */
  readonly words: number;
  readonly weak: Int32Array;
  readonly strong: Int32Array;
  /** Those enabled in state `s`: words `s * words …`. */
  readonly enabled: Int32Array;
  /** Those taken by steps of each instance, whatever the state: words `instance * words …`; undefined: it depends. */
  readonly takenMasks: Int32Array | undefined;
  /** Those taken by a step of an instance from a state, in one word. */
  taken(state: number, instance: number, word: number): number;
}

/**
 * Works out what is enabled where.
 *
 * @param evaluateGuard - writes the truth of a guard in every state.
 * @remarks One pass over the steps. Memory: 4 bytes a state for every 32 constraints and for every 32 guards.
 */
export function fairnessTable(
  graph: StateGraph,
  instances: number,
  constraints: readonly FairnessConstraint[],
  guards: number,
  evaluateGuard: (guard: number, into: Uint8Array) => void,
): FairnessTable {
  const words = Math.ceil(constraints.length / 32);
  const weak = new Int32Array(words);
  const strong = new Int32Array(words);
  const plain = new Map<number, Int32Array>(); // by instance: the constraints its steps always count for
  const guarded = new Map<number, { word: number; bit: number; guard: number }[]>();
  constraints.forEach(({ strength, members }, index) => {
    const word = index >>> 5;
    const bit = 1 << (index & 31);
    (strength === 'weak' ? weak : strong)[word]! |= bit;
    for (const [instance, guard] of members) {
      if (guard === NO_GUARD) {
        const masks = plain.get(instance) ?? new Int32Array(words);
        masks[word]! |= bit;
        plain.set(instance, masks);
      } else {
        guarded.set(instance, [...(guarded.get(instance) ?? []), { word, bit, guard }]);
      }
    }
  });

  const plainMasks = densely(plain, words, instances);
  const takenMasks = guarded.size === 0 ? plainMasks : undefined;
  const guardWords = Math.ceil(guards / 32);
  const guardBits = new Int32Array(graph.size * guardWords);
  const truths = new Uint8Array(guards === 0 ? 0 : graph.size);
  for (let guard = 0; guard < guards; guard += 1) {
    evaluateGuard(guard, truths);
    for (let state = 0; state < graph.size; state += 1) {
      if (truths[state] === TRUE) guardBits[state * guardWords + (guard >>> 5)]! |= 1 << (guard & 31);
    }
  }

  const taken = (state: number, instance: number, word: number): number => {
    let mask = plainMasks[instance * words + word] ?? 0;
    const conditional = guarded.size === 0 ? undefined : guarded.get(instance);
    if (conditional === undefined) return mask;
    for (const one of conditional) {
      const holds = (guardBits[state * guardWords + (one.guard >>> 5)]! >>> (one.guard & 31)) & 1;
      if (one.word === word && holds === 1) mask |= one.bit;
    }
    return mask;
  };

  const enabled = new Int32Array(graph.size * words);
  const { size, offsets } = graph;
  for (let word = 0; word < words; word += 1) {
    let step = 0;
    for (let state = 0; state < size; state += 1) {
      const end = offsets[state + 1]!;
      let mask = 0;
      if (takenMasks === undefined) for (; step < end; step += 1) mask |= taken(state, graph.instances[step]!, word);
      else for (; step < end; step += 1) mask |= takenMasks[graph.instances[step]! * words + word]!;
      enabled[state * words + word] = mask;
    }
  }
  return { constraints, words, weak, strong, enabled, takenMasks, taken };
}

function densely(masks: ReadonlyMap<number, Int32Array>, words: number, instances: number): Int32Array {
  const result = new Int32Array(instances * words);
  for (const [instance, mask] of masks) result.set(mask, instance * words);
  return result;
}
