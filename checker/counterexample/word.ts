import type { Ltl } from '../liveness/ltl.ts';

/** An ultimately periodic word: letter `i` says which atoms are true at position `i`; after the last comes `loop`. */
interface Word {
  readonly letters: readonly ((atom: number) => boolean)[];
  readonly loop: number;
}

/**
 * Whether a word satisfies a formula, by computing each subformula at each position from its fixpoint equation.
 * Shares nothing with the translation to automata: it is there to catch its mistakes.
 */
export function satisfies(word: Word, formula: Ltl): boolean {
  return truths(word, formula)[0]!;
}

function truths(word: Word, formula: Ltl): readonly boolean[] {
  switch (formula.kind) {
    case 'true':
    case 'false':
      return word.letters.map(() => formula.kind === 'true');
    case 'literal':
      return word.letters.map((letter) => letter(formula.atom) !== formula.negated);
    case 'and':
    case 'or':
    case 'until':
    case 'release':
      return combine(word, formula.kind, truths(word, formula.left), truths(word, formula.right));
  }
}

function combine(
  { loop }: Word,
  kind: 'and' | 'or' | 'until' | 'release',
  left: readonly boolean[],
  right: readonly boolean[],
): readonly boolean[] {
  if (kind === 'and') return left.map((value, index) => value && right[index]!);
  if (kind === 'or') return left.map((value, index) => value || right[index]!);
  // Until is the least and release the greatest solution; going backwards, twice around the loop reaches either.
  const result = left.map(() => kind === 'release');
  for (let round = 0; round < 2; round += 1) {
    for (let index = result.length - 1; 0 <= index; index -= 1) {
      const next = result[index + 1 < result.length ? index + 1 : loop]!;
      result[index] =
        kind === 'until' ? right[index]! || (left[index]! && next) : right[index]! && (left[index]! || next);
    }
  }
  return result;
}
