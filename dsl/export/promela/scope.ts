import type { Span } from '../../diagnostics/span.ts';
import type { Domain, Expression } from '../../ir/index.ts';
import type { Identifiers } from '../identifiers.ts';
import type { Refusals } from '../refusal.ts';
import type { CValue } from './c-value.ts';
import type { Conversions } from './convert.ts';
import type { Shapes } from './shape.ts';

/** What every function that is being written needs to know. */
export interface Writer {
  readonly shapes: Shapes;
  readonly conversions: Conversions;
  readonly refusals: Refusals;
  /** Members of `struct Variables` by the names of the variables. */
  readonly variables: ReadonlyMap<string, { readonly member: string; readonly domain: Domain }>;
  /** A variable of C that nothing changes, for a parameter or constant that is no scalar; undefined for one that is. */
  readonly fixed: (expression: Expression & { kind: 'parameter' }) => CValue | undefined;
  /** C for whether an action with these arguments (undefined: any) has a step that changes the state. */
  readonly enabled: (action: string, given: readonly (CValue | undefined)[]) => string;
  /** `file:line` of a span, for messages. */
  readonly where: (span: Span) => string;
}

/** The C function that is being written. */
export interface FunctionScope {
  readonly writer: Writer;
  readonly names: Identifiers;
  readonly locals: Map<string, { readonly text: string; readonly domain: Domain }>;
  /** The label after each block that can be left. */
  readonly labels: Map<string, string>;
}
