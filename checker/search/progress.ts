/** Counts of a search under way, for whoever watches. */
export interface Progress {
  readonly phase: 'search' | 'liveness';
  readonly distinct: number;
  readonly transitions: number;
  /** Of the states being expanded. */
  readonly depth: number;
  /** States found and not yet expanded. */
  readonly queued: number;
  /** States expanded, with those that they stand for; absent: all that were found and are not queued. */
  readonly expanded?: number;
  /** In the phase `liveness`: the property being judged. */
  readonly property?: string;
}
