import type { Span } from '../../dsl/diagnostics/span.ts';
import type { FlatProgram } from './flat.ts';

/** A whole plan as flat programs. */
export interface FlatSystem {
  /** Read by all programs through the space `constant`. */
  readonly constants: Int32Array;
  /** Runs on the state of defaults. */
  readonly init: FlatProgram;
  /** By instance id. */
  readonly instances: readonly FlatProgram[];
  /** By predicate id. */
  readonly predicates: readonly FlatProgram[];
}

/** A system that no flat program is made for, and the part of it that is the reason. */
export interface Unsupported {
  readonly unsupported: string;
  readonly span: Span;
}
