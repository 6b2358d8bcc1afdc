import type { ts as TS } from 'ts-morph';
import type { Span } from '../diagnostics/span.ts';
import type { Expression } from '../ir/index.ts';
import type { Closure, Scope } from './term.ts';
import type { Unit } from './unit.ts';

/**
 * Lowers the statements of a process, which `yield`s cut into steps.
 *
 * A step runs from a `yield` to the next one that it reaches. Statements are lowered as they are nested, and a `yield`
 * becomes: remember where, leave the step. To go on from a `yield` in the middle of loops and calls, what is around it
 * is remembered as a chain of enclosures: the step lowers the rest of the innermost, then of the next, and so on; the
 * rest of a loop's body is followed by the loop itself.
 */
export type Enclosure = { readonly parent: Enclosure | undefined } & (
  | {
      readonly kind: 'list';
      readonly statements: readonly TS.Statement[];
      /** The first statement that has not run. */
      readonly next: number;
      readonly scope: Scope;
    }
  | { readonly kind: 'loop'; readonly node: LoopNode; readonly scope: Scope }
  /** One round of a loop whose body is written once for each. */
  | { readonly kind: 'round'; readonly node: TS.ForOfStatement; readonly scope: Scope; readonly at: number }
  /** A `switch` or labeled statement that `break` leaves. */
  | {
      readonly kind: 'breakable';
      readonly node: TS.Node;
      readonly label: string | undefined;
      readonly isSwitch: boolean;
    }
  /** A generator that `yield*` runs. */
  | {
      readonly kind: 'call';
      readonly closure: Closure;
      readonly span: Span;
      readonly receiver: Receiver;
      readonly scope: Scope;
    }
  /** `mayTimeOut`: who asks whether the time was over. */
  | { readonly kind: 'timed'; readonly span: Span; readonly receiver: Receiver; readonly scope: Scope }
);

export type LoopNode = TS.WhileStatement | TS.DoStatement | TS.ForStatement | TS.ForOfStatement;

/** What becomes of the value that a generator returns. */
export type Receiver =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'declared'; readonly declaration: TS.VariableDeclaration; readonly constant: boolean }
  | { readonly kind: 'assigned'; readonly target: TS.Expression }
  | { readonly kind: 'returned' };

/** What a unit that is a step of a process has besides. */
export interface Thread {
  /** Writes what a step does when it ends at a `yield`. */
  readonly stop: (
    unit: Unit,
    node: TS.YieldExpression,
    label: string,
    chain: Enclosure | undefined,
    span: Span,
  ) => void;
  /** The variable that says where threads of the process stand. */
  readonly counter: string;
  /** What tells the thread from others: locals that hold the values of the arguments of the process. */
  readonly arguments: readonly Expression[];
  /** Names of locals that predicates ask about. */
  readonly asked: ReadonlySet<string>;
  /** Whether what is lowered is the step of a label, or its time-out; called when it makes a difference. */
  readonly isTimeout: () => boolean;
  /** The label of the block that a step is. */
  readonly exit: string;
  /** Called with the keys of locals that were used and had not been kept. */
  readonly miss: (keys: readonly string[]) => void;
}
