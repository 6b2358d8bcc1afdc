import type { AssumptionName } from '../plan/step-name.ts';
import { TRUE } from '../engine/next-state.ts';
import type { PairedGraph } from './makers.ts';

/**
 * One fairness assumption: about the disjunction of the steps of some action instances, each perhaps only where a guard
 * holds. Only steps that change the state count, both for being enabled and for being taken. A step is a pair of states:
 * one that a member makes as well as another instance is taken, whichever of them is said to have made it.
 */
export interface FairnessConstraint {
  readonly strength: 'weak' | 'strong';
  readonly about: AssumptionName;
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
  /** Those that steps of each of the graph's makers take where their guards hold: words `maker * words …`. */
  readonly takenMasks: Int32Array;
  /** Those whose guard holds in state `s`, words `s * words …`; undefined: always all. */
  readonly allowed: Int32Array | undefined;
  /** Whether {@link takenMasks} and {@link allowed} say all about what is taken. */
  readonly isPlain: boolean;
  /** Those taken by a step of a maker from a state, in one word. */
  taken(state: number, maker: number, word: number): number;
}

/**
 * Works out what is enabled where.
 *
 * @param guards - how many guards there are.
 * @param evaluateGuard - writes the truth of a guard in every state.
 * @remarks One pass over the steps, and one over the states for each guard. Memory: 4 bytes a state for every 32
 * constraints, as much again when there are guards, and for every 32 guards of constraints that have several.
 */
export function fairnessTable(
  { graph, makers }: PairedGraph,
  constraints: readonly FairnessConstraint[],
  guards: number,
  evaluateGuard: (guard: number, into: Uint8Array) => void,
): FairnessTable {
  const words = Math.ceil(constraints.length / 32);
  const { size, offsets, memory } = graph;
  const weak = new Int32Array(words);
  const strong = new Int32Array(words);
  const takenMasks = new Int32Array(makers.count * words);
  const always = new Int32Array(words); // constraints without a guard, or with several
  const guarded = new Map<number, { word: number; bit: number }[]>(); // by guard: the constraints that have no other
  const mixed = new Map<number, { word: number; bit: number; guard: number }[]>(); // by maker: those with several
  // By instance: the sets of makers that it is in, beside itself.
  const setsWith = new Map<number, number[]>();
  for (let maker = makers.alone; maker < makers.count; maker += 1) {
    for (const instance of makers.instancesOf(maker)) append(setsWith, instance, maker);
  }
  const makersWith = (instance: number): readonly number[] => [instance, ...(setsWith.get(instance) ?? [])];
  constraints.forEach(({ strength, members }, index) => {
    const place = { word: index >>> 5, bit: 1 << (index & 31) };
    (strength === 'weak' ? weak : strong)[place.word]! |= place.bit;
    const [guard = NO_GUARD, ...others] = new Set(members.values());
    if (0 < others.length) {
      for (const [instance, one] of members) {
        for (const maker of makersWith(instance)) append(mixed, maker, { ...place, guard: one });
      }
    } else {
      for (const instance of members.keys()) {
        for (const maker of makersWith(instance)) takenMasks[maker * words + place.word]! |= place.bit;
      }
      if (guard !== NO_GUARD) {
        append(guarded, guard, place);
        return;
      }
    }
    always[place.word]! |= place.bit;
  });

  const guardWords = mixed.size === 0 ? 0 : Math.ceil(guards / 32);
  memory?.take(4 * size * guardWords);
  const guardBits = new Int32Array(size * guardWords);
  if (0 < guarded.size) memory?.take(4 * size * words);
  const allowed = guarded.size === 0 ? undefined : new Int32Array(size * words);
  if (allowed !== undefined && words === 1) allowed.fill(always[0]!);
  else if (allowed !== undefined) for (let at = 0; at < allowed.length; at += 1) allowed[at] = always[at % words]!;
  const truths = new Uint8Array(guards === 0 ? 0 : size);
  for (let guard = 0; guard < guards; guard += 1) {
    evaluateGuard(guard, truths);
    for (const { word, bit } of guarded.get(guard) ?? []) {
      for (let state = 0; state < size; state += 1) {
        if (truths[state] === TRUE) allowed![state * words + word]! |= bit;
      }
    }
    for (let state = 0; 0 < guardWords && state < size; state += 1) {
      if (truths[state] === TRUE) guardBits[state * guardWords + (guard >>> 5)]! |= 1 << (guard & 31);
    }
  }

  const taken = (state: number, maker: number, word: number): number => {
    let mask = takenMasks[maker * words + word]!;
    if (allowed !== undefined) mask &= allowed[state * words + word]!;
    for (const one of mixed.get(maker) ?? []) {
      if (one.word !== word) continue;
      const holds = one.guard === NO_GUARD || isSet(guardBits, state * guardWords, one.guard);
      if (holds) mask |= one.bit;
    }
    return mask;
  };

  const isPlain = mixed.size === 0;
  memory?.take(4 * size * words);
  const enabled = new Int32Array(size * words);
  for (let word = 0; word < words; word += 1) {
    let step = 0;
    for (let state = 0; state < size; state += 1) {
      const end = offsets[state + 1]!;
      let mask = 0;
      if (isPlain) {
        for (; step < end; step += 1) mask |= takenMasks[graph.instances[step]! * words + word]!;
        if (allowed !== undefined) mask &= allowed[state * words + word]!;
      } else for (; step < end; step += 1) mask |= taken(state, graph.instances[step]!, word);
      enabled[state * words + word] = mask;
    }
  }
  return { constraints, words, weak, strong, enabled, takenMasks, allowed, isPlain, taken };
}

function append<Item>(lists: Map<number, Item[]>, key: number, item: Item): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}

function isSet(bits: Int32Array, from: number, bit: number): boolean {
  return ((bits[from + (bit >>> 5)]! >>> (bit & 31)) & 1) === 1;
}
