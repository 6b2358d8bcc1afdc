/** Why a search ended before the whole space was explored. */
export type Cut =
  | { readonly kind: 'within'; readonly names: readonly string[] }
  | { readonly kind: 'states'; readonly limit: number }
  | { readonly kind: 'time'; readonly limit: number }
  /**
   * `limit`: bytes that it was told to use at most; absent where the machine had no more.
   * `needed`: bytes without which a search cannot begin, where there were less.
   * `isFull`: there was more, but the system has no addresses for it.
   */
  | { readonly kind: 'memory'; readonly limit?: number; readonly needed?: number; readonly isFull?: true }
  | { readonly kind: 'interrupted' }
  /** Nothing, but fingerprints stood for states; `odds`: how likely it is that some state was taken for another. */
  | { readonly kind: 'fingerprints'; readonly odds: number }
  /** Asked to stop at the first violation, and one was found. */
  | { readonly kind: 'violation' }
  /** Only random runs were made: so many, of `depth` steps at most. */
  | {
      readonly kind: 'simulation';
      readonly runs: number;
      readonly depth: number;
      readonly seed: number;
      readonly scheduler: string;
    };
