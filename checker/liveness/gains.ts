import type { Obligations } from './obligations.ts';
import type { Product } from './product.ts';
import { COMPONENT } from './sweep.ts';
import type { Part } from './sweep.ts';

/** What the states and steps of a part of the graph give of what a loop has to do, component by component. */
interface Gains {
  /**
   * Adds what being in the states gives to `have`, and the strong assumptions enabled there to `enabled`: words of
   * component `i` from `i * obligations.words` on.
   */
  addStates(order: Int32Array, have: Int32Array, enabled: Int32Array): void;
  /** Removes from `open` what the steps inside of each component give. */
  takeSteps(order: Int32Array, part: Part, open: Int32Array): void;
  /** Whether to stutter in a state forever meets everything. */
  isFairAlone(state: number): boolean;
}

/**
 * Prepares the passes over one state of an automaton. What depends on the letter only, marks and conjuncts that recur,
 * is worked out once for each pair of classes; the rest is fairness.
 */
export function gainsOf(product: Product, obligations: Obligations, automatonState: number): Gains {
  const { graph, letters } = product;
  const { size, offsets, targets, instances } = graph;
  const { ofState, ofMaker, stepClasses, stateClasses, stutter } = letters;
  const { words, needed, fairness, fairnessAt } = obligations;
  const fairWords = fairness.words;
  const { weak, strong, takenMasks, allowed, isPlain } = fairness;

  const ofLetter = new Int32Array(stateClasses * stepClasses * fairnessAt); // what a step that stays gives
  const canStutter = new Uint8Array(stateClasses);
  const stepsGiveMore = 1 < stepClasses; // with one class, a step gives no more than stuttering in the same state does
  for (let stateClass = 0; stateClass < stateClasses; stateClass += 1) {
    canStutter[stateClass] = product.staying(automatonState, stateClass, stutter).length === 0 ? 0 : 1;
    for (let stepClass = 0; stepClass < stepClasses; stepClass += 1) {
      const transitions = product.staying(automatonState, stateClass, stepClass);
      const at = (stateClass * stepClasses + stepClass) * fairnessAt;
      if (transitions.length === 0) continue;
      const marks = transitions.reduce((all, transition) => all | product.marksOf[transition]!, 0);
      obligations.addLetter(stateClass, stepClass, marks, ofLetter.subarray(at, at + fairnessAt));
    }
  }

  return {
    addStates(order, have, enabled) {
      const hasStrong = enabled.length > 0;
      for (let state = 0; state < size; state += 1) {
        const component = order[state]! - COMPONENT;
        if (component < 0) continue;
        const base = component * words;
        const stateClass = ofState[state]!;
        if (canStutter[stateClass] === 1) {
          const at = (stateClass * stepClasses + stutter) * fairnessAt;
          for (let word = 0; word < fairnessAt; word += 1) have[base + word]! |= ofLetter[at + word]!;
        }
        for (let word = 0; word < fairWords; word += 1) {
          const possible = fairness.enabled[state * fairWords + word]!;
          have[base + fairnessAt + word]! |= weak[word]! & ~possible;
          if (hasStrong) enabled[base + fairnessAt + word]! |= strong[word]! & possible;
        }
      }
    },

    takeSteps(order, { stays, staysAnyway }, open) {
      const wantedHere = new Int32Array(fairWords); // of what is open, what steps from a state can give
      for (let state = 0; state < size; state += 1) {
        const place = order[state]!;
        if (place < COMPONENT) continue;
        const base = (place - COMPONENT) * words;
        let wanted = 0;
        for (let word = stepsGiveMore ? 0 : fairnessAt; word < words; word += 1) wanted |= open[base + word]!;
        if (wanted === 0) continue;
        const stateClass = ofState[state]!;
        if (staysAnyway?.[stateClass] === 0) continue;
        let possible = 0;
        for (let word = 0; word < fairWords; word += 1) {
          const guards = allowed === undefined || !isPlain ? -1 : allowed[state * fairWords + word]!;
          possible |= wantedHere[word] = open[base + fairnessAt + word]! & guards;
        }
        if (possible === 0 && !stepsGiveMore) continue;
        const end = offsets[state + 1]!;
        for (let step = offsets[state]!; step < end; step += 1) {
          const maker = instances[step]!;
          let useful = 0;
          for (let word = 0; word < fairWords; word += 1) {
            const taken = isPlain ? takenMasks[maker * fairWords + word]! : fairness.taken(state, maker, word);
            useful |= taken & wantedHere[word]!;
          }
          if (useful === 0 && !stepsGiveMore) continue;
          const target = targets[step]!;
          if (target >>> 0 >= size || order[target] !== place) continue;
          const letter = stateClass * stepClasses + ofMaker[maker]!;
          if (stays[letter] === 0) continue;
          for (let word = 0; word < fairnessAt; word += 1) open[base + word]! &= ~ofLetter[letter * fairnessAt + word]!;
          for (let word = 0; word < fairWords; word += 1) {
            open[base + fairnessAt + word]! &= ~fairness.taken(state, maker, word);
          }
        }
      }
    },

    isFairAlone(state) {
      for (let word = 0; word < fairWords; word += 1) {
        if ((fairness.enabled[state * fairWords + word]! & (weak[word]! | strong[word]!)) !== 0) return false;
      }
      const stateClass = ofState[state]!;
      if (canStutter[stateClass] === 0) return false;
      const at = (stateClass * stepClasses + stutter) * fairnessAt;
      for (let word = 0; word < fairnessAt; word += 1) {
        if ((needed[word]! & ~ofLetter[at + word]!) !== 0) return false;
      }
      return true;
    },
  };
}
