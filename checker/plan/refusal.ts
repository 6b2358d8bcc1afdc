import type { Span } from '../../dsl/diagnostics/span.ts';

/** Why a system cannot be checked. */
export interface Refusal {
  /** One line, lower case. */
  readonly message: string;
  readonly span: Span;
}
