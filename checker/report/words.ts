import type { Piece } from '../counterexample/piece.ts';

/** The words of a sentence: what it says of the spec is not broken. */
export function wordsIn(pieces: readonly Piece[]): readonly string[] {
  let words: string[] = [''];
  for (const { text, isCode } of pieces) {
    const [first, ...others] = isCode ? [text] : text.split(' ');
    words[words.length - 1] += first!;
    words = [...words, ...others];
  }
  return words.filter((word) => word !== '');
}
