import type { Span } from '../diagnostics/span.ts';
import type { Domain } from './domain.ts';
import type { Expression } from './expression.ts';

/** Linear temporal logic without next, over state predicates and taken actions. */
export type Formula = { readonly span: Span } &
  /** True now. The expression may contain `enabled`. */
  (
    | { readonly kind: 'now'; readonly predicate: Expression }
    /** The next step is a state-changing step of an instance of the action with these arguments (undefined: any). */
    | { readonly kind: 'taken'; readonly action: string; readonly arguments: readonly (Expression | undefined)[] }
    | { readonly kind: 'not' | 'always' | 'eventually'; readonly operand: Formula }
    /** `until`: right comes true and left holds before. `leadsTo`: `always(left implies eventually right)`. */
    | {
        readonly kind: 'and' | 'or' | 'implies' | 'until' | 'leadsTo';
        readonly left: Formula;
        readonly right: Formula;
      }
    /** For every (some) value of a finite domain. */
    | { readonly kind: 'forAll' | 'exists'; readonly binder: string; readonly domain: Domain; readonly body: Formula }
  );
