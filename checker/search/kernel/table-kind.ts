/**
 * The table of states: sub-tables by the low bits of a state's hash, in each the home slot by its high bits.
 *
 * Homes rise with the hash (a product with the number of slots instead of a remainder), so any number of slots will do,
 * and a sub-table that grows is moved in order, in place. Collisions go to the next slot. What an entry holds depends on
 * {@link TableKind}; where its last word is 0, a slot is empty.
 */
export type TableKind =
  /**
   * The state itself, where its last word has a bit to spare. In place of the first word stands the hash, which is a
   * one-to-one function of that word (for each second word); of two words, the second follows, with the bit set.
   */
  | { readonly kind: 'inline'; readonly words: 1 | 2; readonly spareBit: number }
  /** The high bits of the hash, and below them the address of the state, in units of 8 bytes. */
  | { readonly kind: 'reference' }
  /** The hash alone: two states with one hash are taken for one. */
  | { readonly kind: 'fingerprint' };

/** Bits of an entry that are an address. */
export const ADDRESS_BITS = 29;

/** The 64-bit words of an entry: 1 or 2. */
export function entryWords(table: TableKind): 1 | 2 {
  return table.kind === 'inline' ? table.words : 1;
}
