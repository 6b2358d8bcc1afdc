import type { Plan } from '../../plan/plan.ts';
import type { Builder } from '../builder.ts';
import type { ConstantPool } from '../term/target.ts';
import type { Term } from '../term/term.ts';
import type { Variable } from '../term/variable.ts';

/** The lowering of one program. */
export interface Lowering {
  readonly plan: Plan;
  readonly builder: Builder;
  readonly constants: ConstantPool;
  /** State variables that some statement of the program assigns to. */
  readonly assigned: ReadonlySet<string>;
  readonly locals: Map<string, Local>;
  /** The flat label of each enclosing block. */
  readonly labels: Map<string, number>;
  /** Scratch regions that hold mutable locals. */
  readonly mutableRegions: Set<number>;
}

/** A local that keeps its value, or one that is assigned to. */
type Local = { readonly term: Term } | { readonly variable: Variable };

export function needsIndex(binders: { readonly indexBinder?: string }): boolean {
  return binders.indexBinder !== undefined;
}

export function bindElement(
  lowering: Lowering,
  binders: { readonly binder: string; readonly indexBinder?: string },
  element: Term,
  index: Term,
): void {
  lowering.locals.set(binders.binder, { term: element });
  if (binders.indexBinder !== undefined) lowering.locals.set(binders.indexBinder, { term: index });
}
