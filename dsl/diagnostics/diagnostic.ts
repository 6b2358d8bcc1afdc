import type { Span } from './span.ts';

/** What is wrong with a spec, as data: the words come from `catalog.ts`, the frame from `render.ts`. */
export interface Diagnostic {
  /** Names a page: `docs/diagnostics/FL014.md`. */
  readonly code: `FL${number}`;
  readonly severity: 'error' | 'warning';
  /** What is wrong: one line, lower case, true without the source beside it. */
  readonly message: string;
  /** The smallest span that shows it. */
  readonly primary: Label;
  /** Other places that took part. */
  readonly related: readonly Label[];
  /** What to do; never repeats the message. */
  readonly help?: string;
}

export interface Label {
  readonly span: Span;
  /** Beside the underline; may be empty. */
  readonly text: string;
}
