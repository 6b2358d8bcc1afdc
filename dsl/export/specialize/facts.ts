import type { Domain, Expression } from '../../ir/index.ts';
import type { Possible } from './possible.ts';

/** What is known when an expression or a statement is looked at. */
export interface Facts {
  /** What variables can hold in any reachable state, and in the middle of a step. */
  readonly variables: Map<string, Possible>;
  /** Told of every assignment that may be done. */
  readonly onAssign: (name: string, path: readonly (string | undefined)[], value: Possible) => void;
  /** Actions that are left out, as no step of them is ever possible. */
  readonly dropped: ReadonlySet<string>;
  readonly domains: ReadonlyMap<string, Domain>;
  /**
   * The parameters and constants whose values are put in, where the system stands for others that differ from it in the
   * rest: nothing is made of other values, of what types have, or of how many ids there are. Absent: it stands for itself.
   */
  readonly shared?: ReadonlySet<string>;
}

/** What locals can hold at a point of a step. */
export type Locals = ReadonlyMap<string, Local>;

export interface Local {
  readonly possible: Possible;
  /** Every value that it is ever assigned is one of these. */
  readonly domain: Domain;
  /** The literal that is put in its place, when it stands for a value that is known. */
  readonly literal?: Expression;
}
