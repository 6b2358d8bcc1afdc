import type * as z from 'zod';
import type { Action } from './action.ts';
import { definitionOf, type Declaration } from './definition.ts';
import { running, type ThreadChange, type ThreadQuestion } from './run.ts';

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

/** The value of a local; of one that is not declared TypeScript knows nothing. */
type LocalValue<Locals, Name> = Name extends keyof Locals ? Locals[Name] : z.output<z.ZodAny>;

/** What can be asked about the threads of a process. */
export interface Questions<out Arguments, out Label extends string, Locals> {
  /** Whether a thread stands at a label: its next step is the one that the label starts; `"done"`: it has ended. */
  at(...given: [...Given<Arguments>, label: NoInfer<Label> | typeof DONE]): boolean;
  /** The label at which a thread stands. */
  pc(...given: Given<Arguments>): Label | typeof DONE;
  /** What a thread remembers under the name of a local; fails where the thread stands outside of the local's scope. */
  local<Name extends (keyof Locals & string) | (string & Record<never, never>)>(
    ...given: [...Given<Arguments>, name: Name]
  ): LocalValue<Locals, Name>;
}

/** A process without arguments is asked without them. */
type Given<Arguments> = keyof Arguments extends never ? [] : [given: Readonly<Arguments>];

/**
 * A thread, declared with `spec.process`.
 *
 * @typeParam Arguments - values by name; each combination is one thread.
 * @typeParam Label - the labels it yields.
 * @typeParam Locals - the types of its locals, as far as they are declared.
 *
 * `out` says what TypeScript would find out by comparing processes.
 */
export interface Process<
  out State,
  out Arguments,
  out Parameters,
  out Label extends string,
  Locals = Record<never, never>,
> extends Questions<Arguments, Label, Locals> {
  /** Exists only in types: keeps processes of different signature apart. */
  readonly [signature]: { kind: 'process'; state: State; arguments: Arguments; parameters: Parameters };
  /** The same questions about the state after the step; in step properties only. */
  readonly next: Questions<Arguments, Label, Locals>;
  /** The time-outs of the threads, of which the fairness of the process says nothing: `strong(worker.timeouts)`. */
  readonly timeouts: Action<State, Arguments, Parameters>;
  /**
   * In a step: the thread has forgotten everything, and stands at its first label again. What stands before that is run
   * once more, in the state as it is.
   */
  restart(...given: Given<Arguments>): void;
  /** In a step: the thread has ended, wherever it stood. */
  stop(...given: Given<Arguments>): void;
}

/**
 * The initial value of a local of a process, with the domain that it has while it is kept from one step to another:
 * `let round = local(z.int().min(0).max(3), 0)`. Needed only where the compiler cannot tell.
 */
export function local<S extends z.core.$ZodType>(_domain: S, initial: z.output<S>): z.output<S> {
  return initial;
}

/** The functions of a process, for bodies that run as JavaScript. */
export function processFunctions(
  process: object,
): ProcessQuestions & ProcessChanges & { readonly next: ProcessQuestions } {
  const next = questionsOf(process, true);
  Object.defineProperty(next, AFTER, { value: process });
  const change = (how: ThreadChange) => (given?: object) => running().change(threadOf(process, given, false), how);
  return { ...questionsOf(process, false), next, restart: change('restart'), stop: change('stop') };
}

/** The process whose `next` this is; undefined for everything else. */
export function processBehind(value: unknown): Declaration | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return definitionOf((value as { [AFTER]?: unknown })[AFTER]) as Declaration | undefined;
}

interface ProcessChanges {
  readonly restart: (given?: object) => void;
  readonly stop: (given?: object) => void;
}

interface ProcessQuestions {
  readonly at: (...given: unknown[]) => boolean;
  readonly pc: (given?: object) => string;
  readonly local: (...given: unknown[]) => unknown;
}

/** A registered symbol, so that two copies of this package understand each other. */
const AFTER = Symbol.for('fairlead.after');

function threadOf(process: object, given: unknown, next: boolean): ThreadQuestion {
  return {
    process: definitionOf(process) as Declaration,
    given: (given ?? {}) as Record<string, unknown>,
    next,
  };
}

function questionsOf(process: object, next: boolean): ProcessQuestions {
  const split = (given: readonly unknown[]) => [given.length === 1 ? {} : given[0], given[given.length - 1]] as const;
  const pc = (given?: object) => running().labelOf(threadOf(process, given, next));
  return {
    at(...given) {
      const [thread, label] = split(given);
      return pc(thread as object) === label;
    },
    pc,
    local(...given) {
      const [thread, name] = split(given);
      return running().localOf(threadOf(process, thread, next), name as string);
    },
  };
}
