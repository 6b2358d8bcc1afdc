/** A piece of a sentence: plain text, or something of the spec. */
export interface Piece {
  readonly text: string;
  readonly isCode: boolean;
}

export const plain = (text: string): Piece => ({ text, isCode: false });
export const code = (text: string): Piece => ({ text, isCode: true });
