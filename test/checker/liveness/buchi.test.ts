import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { automatonOf, FormulaTooLarge } from '../../../checker/liveness/buchi.ts';
import type { Automaton } from '../../../checker/liveness/buchi.ts';
import { always, and, atom, eventually, negate, or, release, until } from '../../../checker/liveness/ltl.ts';
import type { Ltl } from '../../../checker/liveness/ltl.ts';
import { satisfies } from '../../../checker/counterexample/word.ts';
import { formulas } from './arbitrary.ts';
import { ltlOf } from './ask.ts';
import { holdsOn } from './oracle.ts';

/** Letters are sets of atoms, as bits; after the last comes `loop`. */
interface Word {
  readonly letters: readonly number[];
  readonly loop: number;
}

const ATOMS = 3;

function words(): fc.Arbitrary<Word> {
  return fc
    .array(fc.integer({ min: 0, max: 2 ** ATOMS - 1 }), { minLength: 1, maxLength: 6 })
    .chain((letters) => fc.record({ letters: fc.constant(letters), loop: fc.nat(letters.length - 1) }));
}

/** Whether an automaton accepts a word: some reachable pair of state and position lies on a loop with every mark. */
function accepts(automaton: Automaton, { letters, loop }: Word): boolean {
  if (automaton.initial < 0) return false;
  const pairs = automaton.states * letters.length;
  const edges = Array.from({ length: pairs }, (_, pair) => {
    const [state, position] = [Math.floor(pair / letters.length), pair % letters.length];
    const next = position + 1 < letters.length ? position + 1 : loop;
    return automaton.transitions
      .filter(
        ({ from, label }) => from === state && label.every((one) => bit(letters[position]!, one.atom) !== one.negated),
      )
      .map(({ to, marks }) => ({ to: to * letters.length + next, marks }));
  });
  const closures = edges.map((own) =>
    closure(
      edges,
      own.map(({ to }) => to),
    ),
  );
  const start = automaton.initial * letters.length;
  const all = 2 ** automaton.marks - 1;
  return [start, ...closures[start]!].some((pair) => {
    if (!closures[pair]!.has(pair)) return false;
    const around = [...closures[pair]!].filter((other) => closures[other]!.has(pair));
    const marks = around
      .flatMap((other) => edges[other]!.filter(({ to }) => around.includes(to)))
      .reduce((sum, one) => sum | one.marks, 0);
    return marks === all;
  });
}

function closure(
  edges: readonly (readonly { readonly to: number }[])[],
  starts: readonly number[],
): ReadonlySet<number> {
  const seen = new Set(starts);
  for (const pair of seen) for (const { to } of edges[pair]!) seen.add(to);
  return seen;
}

function bit(letter: number, index: number): boolean {
  return ((letter >> index) & 1) === 1;
}

describe('the automaton of a formula', () => {
  it('accepts exactly the words that satisfy it, and that of the negation exactly the others', () => {
    let satisfied = 0;
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 5 }).chain((size) => formulas(ATOMS, size)),
        words(),
        (formula, word) => {
          const truth = (index: number, state: number): boolean => bit(state, index);
          const expected = holdsOn(
            { letters: word.letters.map((state) => ({ from: state, to: state })), loop: word.loop },
            formula,
            truth,
          );
          if (expected) satisfied += 1;
          const ltl = ltlOf(formula);
          expect(accepts(automatonOf(ltl), word)).toBe(expected);
          expect(accepts(automatonOf(negate(ltl)), word)).toBe(!expected);
          const letters = word.letters.map((letter) => (index: number) => bit(letter, index));
          expect(satisfies({ letters, loop: word.loop }, ltl)).toBe(expected);
        },
      ),
      { numRuns: 3000 },
    );
    expect(satisfied).toBeGreaterThan(300);
    expect(satisfied).toBeLessThan(2700);
  });

  const [p, q, r] = [atom(0), atom(1), atom(2)] as const;
  it.each<[string, Ltl, number]>([
    ['◇(p ∧ □¬q), which is what breaks p ⇝ q', eventually(and(p, always(negate(q)))), 2],
    ['□◇p', always(eventually(p)), 1],
    ['◇□p', eventually(always(p)), 2],
    ['p U q', until(p, q), 2],
    ['p R q', release(p, q), 2],
    ['□(p ⇒ ◇q)', always(or(negate(p), eventually(q))), 2],
    ['□◇p ∧ □◇q ∧ □◇r', [p, q, r].map((one) => always(eventually(one))).reduce(and), 1],
    ['a contradiction', and(always(p), eventually(negate(p))), 0],
    ['two contradictory ◇□', and(eventually(always(p)), eventually(always(negate(p)))), 0],
    ['a tautology', or(p, negate(p)), 1],
  ])('is small for %s', (_, formula, states) => {
    expect(automatonOf(formula).states).toBe(states);
  });

  it('leaves no state from which nothing is accepted', () => {
    const automaton = automatonOf(until(p, and(always(q), eventually(negate(q)))));
    expect(automaton).toMatchObject({ states: 0, initial: -1, transitions: [] });
  });

  it('is refused when it would be too large', () => {
    const many = Array.from({ length: 40 }, (_, index) => until(atom(index), atom(index + 40)));
    expect(() => automatonOf(many.reduce(and))).toThrow(FormulaTooLarge);
  });
});
