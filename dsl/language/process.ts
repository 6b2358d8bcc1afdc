import type * as z from 'zod';
import { definitionOf, type Declaration } from './definition.ts';
import { running } from './run.ts';

declare const signature: unique symbol;

/** The label of a process that has come to its end. */
export const DONE = 'done';

/**
 * What a process body returns: each label that it yields starts an atomic step.
 *
 * A `yield` evaluates to the state, so `s = yield "retry"` makes TypeScript forget what it concluded about `s` before the
 * step: other threads have run since.
 */
export type Steps<Label extends string, State = unknown> = Generator<Label, void, State>;

/** A process without arguments is asked without them. */
type Given<Arguments> = keyof Arguments extends never ? [] : [given: Readonly<Arguments>];

/**
 * A thread, declared with `spec.process`.
 *
 * @typeParam Arguments - values by name; each combination is one thread.
 * @typeParam Label - the labels it yields.
 *
 * `out` says what TypeScript would find out by comparing processes.
 */
export interface Process<out State, out Arguments, out Parameters, out Label extends string> {
  /** Exists only in types: keeps processes of different signature apart. */
  readonly [signature]: { kind: 'process'; state: State; arguments: Arguments; parameters: Parameters };
  /** Whether a thread stands at a label: its next step is the one that the label starts; `"done"`: it has ended. */
  at(...given: [...Given<Arguments>, label: NoInfer<Label> | typeof DONE]): boolean;
  /** The label at which a thread stands. */
  pc(...given: Given<Arguments>): Label | typeof DONE;
}

/**
 * The initial value of a local of a process, with the domain that it has while it is kept from one step to another:
 * `let round = local(z.int().min(0).max(3), 0)`. Needed only where the compiler cannot tell.
 */
export function local<S extends z.core.$ZodType>(_domain: S, initial: z.output<S>): z.output<S> {
  return initial;
}

/** The functions of a process, for bodies that run as JavaScript. */
export function processQuestions(process: object): {
  at: (...given: unknown[]) => boolean;
  pc: (given?: object) => string;
} {
  const labelOf = (given: unknown) =>
    running().labelOf(definitionOf(process) as Declaration, (given ?? {}) as Record<string, unknown>);
  return {
    at: (...given) => labelOf(given.length === 1 ? {} : given[0]) === given[given.length - 1],
    pc: labelOf,
  };
}
