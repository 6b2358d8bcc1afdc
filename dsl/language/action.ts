/** Types only: an action is made by `spec.action`. */
declare const signature: unique symbol;

/**
 * One atomic step, declared with `spec.action`.
 *
 * @typeParam State - what its body sees.
 * @typeParam Arguments - values by name; each combination is one action instance.
 */
export interface Action<out State, out Arguments, out Parameters> {
  /** Exists only in types: keeps actions of different signature apart. */
  readonly [signature]: { kind: 'action'; state: State; arguments: Arguments; parameters: Parameters };
}
