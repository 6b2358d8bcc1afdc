import type { Span } from '../diagnostics/span.ts';

/** The answer of an exporter that cannot say in its language what the system means: never a text that means less. */
export interface Refusal {
  readonly kind: 'refusal';
  readonly target: 'TLA+' | 'Promela';
  /** At least one; each construct once for each place. */
  readonly reasons: readonly RefusalReason[];
}

/** One construct that the target language has no way to express. */
export interface RefusalReason {
  /** What the author wrote, in the words of the language: `taken`, `until`, a set over 5000 possible elements. */
  readonly construct: string;
  /** Why not; one line, lower case. */
  readonly message: string;
  readonly span: Span;
}

/** A temporal property that the target language cannot express, in an export that has everything else. */
export interface OmittedProperty {
  readonly property: string;
  /** At least one. */
  readonly reasons: readonly RefusalReason[];
}

/** Whether an exporter refused. */
export function isRefusal(result: object): result is Refusal {
  return 'kind' in result && result.kind === 'refusal';
}

/** Collects what an exporter comes across, so that all of it is reported at once. */
export class Refusals {
  readonly reasons: RefusalReason[] = [];

  add(construct: string, message: string, span: Span): void {
    const known = this.reasons.some(
      (one) => one.construct === construct && one.span.file === span.file && one.span.start === span.start,
    );
    if (!known) this.reasons.push({ construct, message, span });
  }
}
