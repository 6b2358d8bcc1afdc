import { FALSE, TRUE } from '../engine/next-state.ts';
import type { Letters } from './letters.ts';
import { isPropositional } from './ltl.ts';
import type { Binary, Ltl } from './ltl.ts';

/** More temporal parts than this are not told apart: there are 2ⁿ sets of them. */
const MAX_PARTS = 10;
/** Of entries in the tables of all letters together. */
const MAX_ENTRIES = 2 ** 20;

/**
 * Which temporal parts of a formula are true at each position of a word, as bits: the *values* of the position.
 *
 * The values of a position are settled by its letter and the values of the next one. So they are the same wherever the
 * rest of the word is: on a word that is a stem and a loop forever, the run of its values is a stem and a loop of the
 * same lengths, and each loop of it fulfills what it promises in one round. That is what an automaton with fewer states
 * cannot do: it may know later than it could, or be elsewhere each time it comes round.
 *
 * A bit that is set promises that its part is true; one that is not set promises nothing, for an atom that fails is
 * neither true nor false.
 *
 * @see Kupferman, Vardi, "Model checking of safety properties", FMSD 19(3), 2001, and Schuppan, Biere, "Shortest
 * counterexamples for symbolic model checking of LTL with past", TACAS 2005, for tight automata.
 */
export class Tableau {
  /** How many bits the values of a position have. */
  readonly bits: number;
  /** How many marks there are, one for each until: on positions where it is not true, or its right side is. */
  readonly marks: number;
  private readonly tables: (LetterTable | undefined)[] = []; // by pair of classes
  private readonly known = new Map<number, readonly number[]>(); // what `after` has said
  private readonly possible: (Uint8Array | undefined)[] = []; // by class of the state

  private constructor(
    private readonly formula: Ltl,
    private readonly letters: Letters,
    private readonly parts: readonly Ltl[],
    private readonly numbers: ReadonlyMap<string, number>,
  ) {
    this.bits = parts.length;
    this.marks = parts.filter(({ kind }) => kind === 'until').length;
  }

  /** The tableau of a formula; undefined when it would be too large. */
  static of(formula: Ltl, letters: Letters): Tableau | undefined {
    const parts = new Map<string, Ltl>();
    const gather = (part: Ltl): void => {
      if (isPropositional(part) || parts.has(part.key)) return;
      const { left, right } = part as Binary; // what is not propositional has two sides
      gather(left);
      gather(right);
      if (part.kind === 'until' || part.kind === 'release') parts.set(part.key, part);
    };
    gather(formula);
    // What is true at the first position may depend on the step there, which is not known before it is taken.
    if (!parts.has(formula.key) && speaksOfStepNow(formula, letters)) parts.set(formula.key, formula);
    const entries = 2 ** parts.size * letters.stateClasses * letters.stepClasses;
    if (MAX_PARTS < parts.size || MAX_ENTRIES < entries) return undefined;
    const numbers = new Map([...parts.keys()].map((key, number) => [key, number]));
    return new Tableau(formula, letters, [...parts.values()], numbers);
  }

  /** The values that the first position may have in a state of a class, for the formula to be true. */
  initial(stateClass: number): readonly number[] {
    const { formula, letters, numbers } = this;
    const possible = this.possibleIn(stateClass);
    const number = numbers.get(formula.key);
    const isTrue = (values: number): boolean =>
      number === undefined ? this.isTrue(formula, stateClass, letters.stutter, values) : ((values >> number) & 1) === 1;
    return [...possible.keys()].filter((values) => possible[values] === 1 && isTrue(values));
  }

  /** The values that the next position may have, in a state of class `next`, after a letter at some values. */
  after(stateClass: number, stepClass: number, values: number, next: number): readonly number[] {
    const { letters, parts, known } = this;
    const letter = stateClass * letters.stepClasses + stepClass;
    const key = (letter * 2 ** parts.length + values) * letters.stateClasses + next;
    let list = known.get(key);
    if (list === undefined) {
      const possible = this.possibleIn(next);
      list = (this.table(stateClass, stepClass).followers[values] ?? []).filter((one) => possible[one] === 1);
      known.set(key, list);
    }
    return list;
  }

  /** The marks of a position. */
  marksOf(stateClass: number, stepClass: number, values: number): number {
    return this.table(stateClass, stepClass).marks[values]!;
  }

  /** The values of every position when a state of a class stutters forever. */
  still(stateClass: number): number {
    const { letters, parts } = this;
    return parts.reduce((values, part, number) => {
      const now = part.kind === 'until' || part.kind === 'release' ? part.right : part;
      return this.isTrue(now, stateClass, letters.stutter, values) ? values | (1 << number) : values;
    }, 0);
  }

  private table(stateClass: number, stepClass: number): LetterTable {
    return (this.tables[stateClass * this.letters.stepClasses + stepClass] ??= this.tableOf(stateClass, stepClass));
  }

  private tableOf(stateClass: number, stepClass: number): LetterTable {
    const { parts } = this;
    const count = 2 ** parts.length;
    const followers: (number[] | undefined)[] = [];
    for (let next = 0; next < count; next += 1) (followers[this.before(stateClass, stepClass, next)] ??= []).push(next);
    const marks = new Int32Array(count);
    followers.forEach((list, values) => {
      if (list === undefined) return;
      let mark = 1;
      parts.forEach((part, number) => {
        if (part.kind !== 'until') return;
        const isPromised = ((values >> number) & 1) === 1;
        if (!isPromised || this.isTrue(part.right, stateClass, stepClass, values)) marks[values]! |= mark;
        mark <<= 1;
      });
    });
    return { followers, marks };
  }

  /** The values of a position with some letter before one with the values `next`. */
  private before(stateClass: number, stepClass: number, next: number): number {
    return this.parts.reduce((values, part, number) => {
      const now = (one: Ltl): boolean => this.isTrue(one, stateClass, stepClass, values);
      const later = ((next >> number) & 1) === 1;
      const isTrue =
        part.kind === 'until'
          ? now(part.right) || (later && now(part.left))
          : part.kind === 'release'
            ? now(part.right) && (later || now(part.left))
            : now(part);
      return isTrue ? values | (1 << number) : values;
    }, 0);
  }

  /** 1 for the values that some position in a state of a class has. */
  private possibleIn(stateClass: number): Uint8Array {
    const known = this.possible[stateClass];
    if (known !== undefined) return known;
    const possible = new Uint8Array(2 ** this.parts.length);
    for (let stepClass = 0; stepClass < this.letters.stepClasses; stepClass += 1) {
      this.table(stateClass, stepClass).followers.forEach((list, values) => {
        if (list !== undefined) possible[values] = 1;
      });
    }
    return (this.possible[stateClass] = possible);
  }

  /** Inner parts come before outer ones, so their bits are settled when an outer one is asked for. */
  private isTrue(formula: Ltl, stateClass: number, stepClass: number, values: number): boolean {
    switch (formula.kind) {
      case 'true':
        return true;
      case 'false':
        return false;
      case 'literal':
        return this.letters.truth(formula.atom, stateClass, stepClass) === (formula.negated ? FALSE : TRUE);
      case 'and':
      case 'or': {
        const left = this.isTrue(formula.left, stateClass, stepClass, values);
        if (left === (formula.kind === 'or')) return left;
        return this.isTrue(formula.right, stateClass, stepClass, values);
      }
      case 'until':
      case 'release':
        return ((values >> this.numbers.get(formula.key)!) & 1) === 1;
    }
  }
}

/** What a tableau does on one letter. */
interface LetterTable {
  /** By the values of a position with that letter, what the values of the next one may be. */
  readonly followers: readonly (readonly number[] | undefined)[];
  /** By the values of the position. */
  readonly marks: Int32Array;
}

/** Whether an atom outside of all temporal operators is about the step. */
function speaksOfStepNow(formula: Ltl, letters: Letters): boolean {
  switch (formula.kind) {
    case 'literal':
      return letters.isOfSteps(formula.atom);
    case 'and':
    case 'or':
      return speaksOfStepNow(formula.left, letters) || speaksOfStepNow(formula.right, letters);
    default:
      return false;
  }
}
