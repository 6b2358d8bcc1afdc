import type { Piece } from '../../counterexample/piece.ts';

/** A sentence: what it says of the spec is code. */
export function Words({ pieces }: { readonly pieces: readonly Piece[] }) {
  return <>{pieces.map(({ text, isCode }, index) => (isCode ? <code key={index}>{text}</code> : text))}</>;
}
