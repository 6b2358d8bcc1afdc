import type { Domain, System, Value } from '../../ir/index.ts';
import { codeOf, valuesOf } from '../../ir/index.ts';
import type { Identifiers } from '../identifiers.ts';
import type { Conversions } from './convert.ts';
import type { FunctionScope, Writer } from './scope.ts';
import type { PromelaInstance } from './instance.ts';
import { scalarText } from './shape.ts';

/** What the parts of an exported model are written from. */
export interface Model {
  readonly system: System;
  readonly writer: Writer;
  /** Names of C functions and Promela declarations. */
  readonly globals: Identifiers;
  /** By action name: what follows `step_` and `can_`. */
  readonly steps: ReadonlyMap<string, string>;
  readonly instances: readonly PromelaInstance[];
}

/** A scope for the body of a function with these parameters, and their declarations in C. */
export function functionScope(
  model: Pick<Model, 'writer' | 'globals'>,
  parameters: readonly { readonly name: string; readonly domain: Domain }[],
): { readonly scope: FunctionScope; readonly declared: readonly string[] } {
  const { writer, globals } = model;
  const scope: FunctionScope = { writer, names: globals.inner(), locals: new Map(), labels: new Map() };
  const declared = parameters.map(({ name, domain }) => {
    const text = scope.names.take(name);
    scope.locals.set(name, { text, domain });
    return `${writer.shapes.of(domain).type} ${text}`;
  });
  return { scope, declared };
}

/** A constant as C that may stand in a `c_expr`, where SPIN allows no braces and `=`: structs come from a table. */
export function constantText(conversions: Conversions, domain: Domain, value: Value): string {
  if (conversions.shapes.of(domain).kind === 'scalar') return scalarText(conversions.shapes, value);
  return `${conversions.table(domain, [...valuesOf(domain)])}[${codeOf(domain, value)}]`;
}
