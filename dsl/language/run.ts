import type * as z from 'zod';
import type { Declaration } from './definition.ts';

/**
 * What the words of the language need while a body runs as JavaScript. Whoever runs bodies supplies it with {@link runIn};
 * the compiler never does: it reads the source.
 */
export interface Run {
  /** Takes one of `alternatives` ways (0, 1, …); throws {@link StepNotPossible} when there is none. */
  readonly choose: (alternatives: number) => number;
  /** The values of a finite schema, in order. */
  readonly valuesOf: (schema: z.core.$ZodType) => Iterable<unknown>;
  /** An integer above all that it has given before in this behavior, and above 0. */
  readonly fresh: () => number;
  /** The label at which a thread stands. */
  readonly labelOf: (thread: ThreadQuestion) => string;
  /** What a thread remembers under a name; throws where the name is out of scope. */
  readonly localOf: (thread: ThreadQuestion, name: string) => unknown;
  /** Puts a thread, which is not the one that runs, at its beginning or its end. */
  readonly change: (thread: ThreadQuestion, how: ThreadChange) => void;
  /** Whether some instance of an action or process that agrees with `given` has a successor in the state that the step begins in. */
  readonly enabled: (action: Declaration, given: Readonly<Record<string, unknown>>) => boolean;
}

/** Which thread is asked about, and whether about the state after the step. */
export interface ThreadQuestion {
  readonly process: Declaration;
  readonly given: Readonly<Record<string, unknown>>;
  readonly next: boolean;
}

/** What a step can do with a thread. */
export type ThreadChange = 'restart' | 'stop';

/** Thrown by `when` and by a choice among nothing: this step is not possible, which is no failure. */
export class StepNotPossible extends Error {
  override readonly name = 'StepNotPossible';
}

/** Thrown by `verify`: the step fails, which is a violation. */
export class VerificationFailed extends Error {
  override readonly name = 'VerificationFailed';
}

let current: Run | undefined;

/** Runs a body with the given meaning of the words that need one. Bodies are synchronous; runs may nest. */
export function runIn<T>(run: Run, body: () => T): T {
  const outer = current;
  current = run;
  try {
    return body();
  } finally {
    current = outer;
  }
}

/** @throws Error when no body is being run: the word was called from outside of a spec. */
export function running(): Run {
  if (current === undefined) throw new Error('this word of the language has a meaning only inside a step or property');
  return current;
}
