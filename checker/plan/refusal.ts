import type { Span } from '../../dsl/diagnostics/span.ts';

/** Why a system cannot be checked. Printed by {@link wordRefusal}. */
export interface Refusal {
  /** What is too large, if it is a part of the system; then the message is said of it. */
  readonly about?: { readonly action: string } | { readonly variable: string };
  /** One line, lower case. */
  readonly message: string;
  readonly span: Span;
}

/** One line, lower case: "variable `x` has too many values". */
export function wordRefusal({ about, message }: Refusal): string {
  if (about === undefined) return message;
  return `${'action' in about ? `action \`${about.action}\`` : `variable \`${about.variable}\``} ${message}`;
}
