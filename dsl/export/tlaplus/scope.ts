import type { Span } from '../../diagnostics/span.ts';
import type { System } from '../../ir/index.ts';
import type { Identifiers } from '../identifiers.ts';
import type { Refusals } from '../refusal.ts';
import type { Fixed } from './fixed.ts';
import type { Helpers } from './helper.ts';
import type { Values } from './value.ts';

/** What every part of a module is written from. */
export interface Module {
  readonly system: System;
  readonly values: Values;
  readonly helpers: Helpers;
  readonly refusals: Refusals;
  readonly variables: ReadonlyMap<string, string>;
  readonly actions: ReadonlyMap<string, string>;
  readonly processes: ReadonlyMap<string, string>;
  readonly fixed: Fixed;
  /** `file:line`. */
  readonly where: (span: Span) => string;
}

/** The operator that is being written. */
export interface Scope {
  readonly module: Module;
  /** Names that are bound here. */
  readonly names: Identifiers;
  /** Told of variables and locals that are read whole after a part of them was assigned. */
  readonly onWhole: (root: string) => void;
}

export function withNames(scope: Scope): Scope {
  return { ...scope, names: scope.names.inner() };
}
