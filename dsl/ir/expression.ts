import type { Span } from '../diagnostics/span.ts';
import type { Domain } from './domain.ts';
import type { Statement } from './effect.ts';
import type { Value } from './value.ts';

/**
 * A side-effect-free value: guards, right-hand sides, invariants.
 *
 * `type` is a superset of what it can yield (see `Domain`). Names of locals are unique within one action or predicate,
 * so no pass has to think of shadowing. Evaluation is left to right and strict except where a kind says otherwise; it
 * can fail (see `Operator`, `index`, `field`), and a failure is a violation with a trace, never a wrong value.
 */
export type Expression = { readonly span: Span; readonly type: Domain } & (
  | { readonly kind: 'literal'; readonly value: Value }
  /** A parameter or a constant of the spec: one value within a model, kept by name for readers and exporters. */
  | { readonly kind: 'parameter'; readonly name: string; readonly value: Value }
  /** A state variable; `next` only in step properties: its value after the step. */
  | { readonly kind: 'variable'; readonly name: string; readonly next: boolean }
  /** An argument of the action, a `let`, a binder. */
  | { readonly kind: 'local'; readonly name: string }
  /** Fails when a variant's present case has no such field, or the value is null or undefined. */
  | { readonly kind: 'field'; readonly object: Expression; readonly name: string }
  /**
   * An array element (fails outside `0 … length - 1`) or a record entry (fails for what is no key). `missing`: what to
   * say when it fails, where the author has written no index.
   */
  | { readonly kind: 'index'; readonly object: Expression; readonly index: Expression; readonly missing?: string }
  | { readonly kind: 'not'; readonly operand: Expression }
  /** Short-circuit, as in JavaScript; both sides boolean. `implies`: `!left || right`. */
  | { readonly kind: 'and' | 'or' | 'implies'; readonly left: Expression; readonly right: Expression }
  /** Only the chosen branch is evaluated. */
  | {
      readonly kind: 'conditional';
      readonly condition: Expression;
      readonly whenTrue: Expression;
      readonly whenFalse: Expression;
    }
  | { readonly kind: 'operation'; readonly operator: Operator; readonly operands: readonly Expression[] }
  | { readonly kind: 'object'; readonly fields: readonly { readonly name: string; readonly value: Expression }[] }
  | { readonly kind: 'array'; readonly elements: readonly Expression[] }
  | { readonly kind: 'set'; readonly elements: readonly Expression[] }
  /** The set of all values of a domain, in its order: what `Ring` or `z.set(Ring)` is in an expression. */
  | { readonly kind: 'domain'; readonly domain: Domain }
  | Comprehension
  | Fold
  /** Statements without effect on the state (only `let`, assignments to own locals, control flow), then a value. */
  | { readonly kind: 'evaluate'; readonly body: readonly Statement[]; readonly result: Expression }
  /**
   * Whether some instance of the action with these arguments (undefined: any value) has a successor in this state; in an
   * action, in the state that the step starts in, whatever was assigned before. Not in `init`, and no action asks for
   * itself, be it by way of others.
   */
  | {
      readonly kind: 'enabled';
      readonly action: string;
      readonly arguments: readonly (Expression | undefined)[];
    }
);

export type ExpressionKind = Expression['kind'];

/**
 * Strict operators, with the values they take.
 *
 * - `add subtract multiply`: ints; failing outside the 32-bit range. `divide`: rounds toward minus infinity
 *   (`Math.floor(a / b)`), `truncate`: toward zero (`Math.trunc(a / b)`), `remainder`: JavaScript's `%` (sign of the
 *   dividend); all three fail for a zero divisor. `negate absolute minimum maximum`: ints.
 * - `equal notEqual`: any two values, structural. `less lessOrEqual greater greaterOrEqual`: ints.
 * - `size`: elements of a set or array. `includes`: (set or array, value). `indexOf`: (array, value), -1 if absent.
 *   `at`: (array, int), negative from the end, undefined outside. `slice`: (array, from, to) as JavaScript's.
 *   `concat`: (array, array). `insertAll`/`removeAll` are `union`/`difference`.
 * - `union intersection difference`: (set, set). `subset`: (set, set), the first within the second.
 * - `toSet`: array → set. `toArray`: set → array in canonical order.
 * - `with`: (array or record, index, value) → the same with one entry replaced; fails as `index` does.
 */
export type Operator =
  | 'add'
  | 'subtract'
  | 'multiply'
  | 'divide'
  | 'truncate'
  | 'remainder'
  | 'negate'
  | 'absolute'
  | 'minimum'
  | 'maximum'
  | 'equal'
  | 'notEqual'
  | 'less'
  | 'lessOrEqual'
  | 'greater'
  | 'greaterOrEqual'
  | 'size'
  | 'includes'
  | 'indexOf'
  | 'at'
  | 'slice'
  | 'concat'
  | 'union'
  | 'intersection'
  | 'difference'
  | 'subset'
  | 'toSet'
  | 'toArray'
  | 'with';

/**
 * A binder over the elements of a set or array (in order): `all some count` yield boolean, boolean, int; `filter` keeps
 * the kind of the collection; `map` yields an array (of an array) or a set (of a set); `find` the first element or
 * undefined, `findIndex` its index or -1; `record` a record whose keys are the elements. `all`, `some`, `find`,
 * `findIndex` stop at the first answer.
 */
export type Comprehension = {
  readonly kind: 'comprehension';
  readonly operator: 'all' | 'some' | 'count' | 'filter' | 'map' | 'find' | 'findIndex' | 'record';
  readonly binder: string;
  /** The position in an array, when the body asks for it. */
  readonly indexBinder?: string;
  readonly over: Expression;
  readonly body: Expression;
};

/** `over.reduce((accumulator, binder) => body, initial)`, from the first element to the last. */
export type Fold = {
  readonly kind: 'fold';
  readonly accumulator: string;
  readonly binder: string;
  readonly indexBinder?: string;
  readonly over: Expression;
  readonly initial: Expression;
  readonly body: Expression;
};
