import type { Span } from '../diagnostics/span.ts';
import type { Domain } from './domain.ts';
import type { Expression } from './expression.ts';

/**
 * What a step does, in order, as JavaScript would: later statements see earlier assignments. The draft of the state is a
 * tree: assigning an object copies it. A step either runs to its end (one successor for each way its choices can go), or
 * is not possible (`when`), or fails (`verify`, a value outside its domain, an expression that fails).
 */
export type Statement = { readonly span: Span } &
  /** Fails when the value is not in `target.domain` (for a mutable local: never, its domain is inferred). */
  (
    | { readonly kind: 'assign'; readonly target: Place; readonly value: Expression }
    /** Declares a local; `mutable` ones may be the root of a later `assign`. */
    | {
        readonly kind: 'let';
        readonly name: string;
        readonly domain: Domain;
        readonly mutable: boolean;
        readonly value: Expression;
      }
    | {
        readonly kind: 'if';
        readonly condition: Expression;
        readonly whenTrue: readonly Statement[];
        readonly whenFalse: readonly Statement[];
      }
    /** Over the elements of a set or array as it was before the first iteration, in order. */
    | {
        readonly kind: 'for';
        readonly binder: string;
        readonly indexBinder?: string;
        readonly over: Expression;
        readonly body: readonly Statement[];
      }
    /** Repeats `body` until an `exit` leaves an enclosing block; fails when it would start more than `bound` times. */
    | { readonly kind: 'loop'; readonly body: readonly Statement[]; readonly bound: number }
    /** `exit` continues after the enclosing block of that label: `break`, `continue`, `return` of an inlined function. */
    | { readonly kind: 'block'; readonly label: string; readonly body: readonly Statement[] }
    | { readonly kind: 'exit'; readonly label: string }
    /** The step is not possible unless the condition holds. */
    | { readonly kind: 'when'; readonly condition: Expression }
    /** The step fails unless the condition holds. */
    | { readonly kind: 'verify'; readonly condition: Expression; readonly message: string }
    /** Binds a local to each element of a set or array in turn; none: the step is not possible. */
    | { readonly kind: 'choose'; readonly name: string; readonly domain: Domain; readonly from: Expression }
    /** Runs each branch in turn. */
    | { readonly kind: 'either'; readonly branches: readonly (readonly Statement[])[] }
  );

export type StatementKind = Statement['kind'];

/**
 * Where an assignment goes: a state variable or a mutable local, then fields and indices. Indices are evaluated before
 * the value is; they fail as `index` does. Setting a variant's discriminator is only possible by assigning the whole.
 */
export interface Place {
  readonly span: Span;
  readonly root: { readonly kind: 'variable' | 'local'; readonly name: string };
  readonly path: readonly PathSegment[];
  /** Of what is stored there. */
  readonly domain: Domain;
}

export type PathSegment =
  { readonly kind: 'field'; readonly name: string } | { readonly kind: 'index'; readonly index: Expression };
