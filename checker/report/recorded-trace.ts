import type { System } from '../../dsl/ir/index.ts';
import type { ClaimedTrace } from '../counterexample/recheck.ts';

/** A trace that a file holds, before there is a system to read its values with. */
export interface RecordedTrace {
  /** Of what it is, as far as the file says: other tools do not. */
  readonly spec?: string | undefined;
  readonly model?: string | undefined;
  readonly property?: string | undefined;
  /** The parameters it was made with, as `formatValue` spells them. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The trace as a behavior that a system may have. */
  readonly read: (system: System) => Reading;
}

/** What reading a trace with the variables of a system gives. */
export type Reading =
  { readonly kind: 'read'; readonly trace: ClaimedTrace } | { readonly kind: 'invalid'; readonly problem: string };

/** The traces of a file, or what is wrong with it. */
export type Recording =
  | { readonly kind: 'read'; readonly traces: readonly RecordedTrace[] }
  | { readonly kind: 'invalid'; readonly problem: string };
