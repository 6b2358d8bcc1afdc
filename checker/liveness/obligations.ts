import { FAILED, FALSE, TRUE } from '../engine/next-state.ts';
import type { Truth } from '../engine/next-state.ts';
import type { FairnessTable } from './fairness.ts';
import type { Letters } from './letters.ts';
import type { Ltl } from './ltl.ts';
import { STUTTER } from '../search/path.ts';
import type { StateGraph } from '../search/state-graph.ts';

/** A state graph whose steps are read by something that marks some of them. */
interface MarkedGraph {
  readonly graph: StateGraph;
  readonly letters: Letters;
  /** How many marks there are. */
  readonly marks: number;
}

/**
 * What a loop of the product has to do, again and again, to be a counterexample, as one set of bits: word 0 for the
 * marks of the automaton, then the conjuncts `□◇p` of the formula, then the fairness assumptions.
 *
 * Bits of {@link needed} have to be had from some vertex or edge of the loop. A bit of {@link strong} has to be had
 * only when the assumption is enabled somewhere in the loop.
 */
export class Obligations {
  readonly words: number;
  readonly needed: Int32Array;
  readonly strong: Int32Array;
  /** The first word of fairness. */
  readonly fairnessAt: number;
  readonly hasStrong: boolean;
  private readonly recurringMasks: (Int32Array | undefined)[] = []; // by pair of classes

  constructor(
    private readonly place: MarkedGraph,
    private readonly recurring: readonly Ltl[],
    readonly fairness: FairnessTable,
  ) {
    this.fairnessAt = 1 + Math.ceil(recurring.length / 32);
    this.words = this.fairnessAt + fairness.words;
    this.needed = new Int32Array(this.words);
    this.needed[0] = 2 ** place.marks - 1;
    recurring.forEach((_, index) => (this.needed[1 + (index >>> 5)]! |= 1 << (index & 31)));
    this.needed.set(fairness.weak, this.fairnessAt);
    this.strong = new Int32Array(this.words);
    this.strong.set(fairness.strong, this.fairnessAt);
    this.hasStrong = fairness.strong.some((bits) => bits !== 0);
  }

  /** Adds what being in a state gives: weak assumptions that are not enabled there. */
  addState(state: number, have: Int32Array): void {
    const { fairness, fairnessAt } = this;
    for (let word = 0; word < fairness.words; word += 1) {
      have[fairnessAt + word]! |= fairness.weak[word]! & ~fairness.enabled[state * fairness.words + word]!;
    }
  }

  /** Whether some weak assumption is enabled in a state. */
  hasWeakEnabled(state: number): boolean {
    const { words, weak, enabled } = this.fairness;
    for (let word = 0; word < words; word += 1) if ((weak[word]! & enabled[state * words + word]!) !== 0) return true;
    return false;
  }

  /** Adds what an edge gives: its marks, what recurs now, the assumptions that it takes. */
  addEdge(state: number, step: number, marks: number, have: Int32Array): void {
    have[0]! |= marks;
    if (0 < this.recurring.length) {
      const masks = this.recurringMasksOf(state, step);
      for (let word = 0; word < masks.length; word += 1) have[1 + word]! |= masks[word]!;
    }
    if (step === STUTTER) return;
    const maker = this.place.graph.instances[step]!;
    for (let word = 0; word < this.fairness.words; word += 1) {
      have[this.fairnessAt + word]! |= this.fairness.taken(state, maker, word);
    }
  }

  /** Adds what an edge gives by its marks and its letter alone: these and what recurs now. */
  addLetter(stateClass: number, stepClass: number, marks: number, have: Int32Array): void {
    have[0]! |= marks;
    const masks = this.masksOf(this.place.letters, stateClass, stepClass);
    for (let word = 0; word < masks.length; word += 1) have[1 + word]! |= masks[word]!;
  }

  /** Adds the strong assumptions that are enabled in a state. */
  addEnabled(state: number, enabled: Int32Array): void {
    const { fairness, fairnessAt } = this;
    for (let word = 0; word < fairness.words; word += 1) {
      enabled[fairnessAt + word]! |= fairness.strong[word]! & fairness.enabled[state * fairness.words + word]!;
    }
  }

  private recurringMasksOf(state: number, step: number): Int32Array {
    const { letters, graph } = this.place;
    const stateClass = letters.ofState[state]!;
    const stepClass = step === STUTTER ? letters.stutter : letters.ofMaker[graph.instances[step]!]!;
    return (this.recurringMasks[stateClass * letters.stepClasses + stepClass] ??= this.masksOf(
      letters,
      stateClass,
      stepClass,
    ));
  }

  private masksOf(letters: Letters, stateClass: number, stepClass: number): Int32Array {
    const masks = new Int32Array(this.fairnessAt - 1);
    this.recurring.forEach((formula, index) => {
      if (truthNow(letters, formula, stateClass, stepClass) === TRUE) masks[index >>> 5]! |= 1 << (index & 31);
    });
    return masks;
  }
}

/** Whether every bit of `wanted` is in `have`. */
export function hasAll(have: Int32Array, wanted: Int32Array): boolean {
  return wanted.every((bits, word) => (bits & ~have[word]!) === 0);
}

/** The truth of a propositional formula; an atom that fails makes it fail unless the other side decides. */
export function truthNow(letters: Letters, formula: Ltl, stateClass: number, stepClass: number): Truth {
  switch (formula.kind) {
    case 'true':
      return TRUE;
    case 'false':
      return FALSE;
    case 'literal': {
      const truth = letters.truth(formula.atom, stateClass, stepClass);
      return truth === FAILED ? FAILED : (truth === TRUE) === formula.negated ? FALSE : TRUE;
    }
    case 'and':
    case 'or': {
      const decisive = formula.kind === 'and' ? FALSE : TRUE;
      const left = truthNow(letters, formula.left, stateClass, stepClass);
      const right = truthNow(letters, formula.right, stateClass, stepClass);
      if (left === decisive || right === decisive) return decisive;
      return left === FAILED || right === FAILED ? FAILED : left;
    }
    case 'until':
    case 'release':
      throw new Error('internal: a temporal formula where a propositional one belongs');
  }
}
