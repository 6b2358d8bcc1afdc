import type { Random } from './random.ts';
import type { Type } from './type.ts';

/** Something in scope: its text and type. */
export interface Place {
  readonly text: string;
  readonly type: Type;
  readonly assignable: boolean;
  /** A constant: parts of it can be assigned, but not the whole. */
  readonly reference?: boolean;
}

/** What text is being written, and what may stand in it. */
export interface Writing {
  readonly random: Random;
  /** Whether choices and effects may be written. */
  readonly step?: boolean;
  /** Whether the step should be possible. */
  readonly gentle?: boolean;
  readonly fresh: { next: number };
  /** How many more choices a step may make: their ways multiply. */
  readonly choices: { left: number };
  /** Whether it is a property of states, not a part of a step. */
  readonly predicate?: boolean;
  /** Whether it is a constant: JavaScript knows no fields that are not there, and nobody else completes it. */
  readonly fixed?: boolean;
  /** Whether this is written into a loop. */
  readonly looped?: boolean;
  /** Processes of which a step may put a thread elsewhere. */
  readonly processes?: readonly RandomProcess[];
}

export interface RandomProcess {
  readonly name: string;
  /** Whether it has one thread, which begins by choosing. */
  readonly alone: boolean;
  /** Whether the step is one of its own. */
  readonly own?: boolean;
}

/** Inside a function that is only asked for a value, nothing is chosen. */
export function quiet(write: Writing): Writing {
  return { ...write, step: false };
}

/** Whether a choice may be written here, which uses it up. */
export function mayChoose(write: Writing): boolean {
  if (write.step !== true || write.choices.left <= 0) return false;
  write.choices.left -= 1;
  return true;
}

/** In a loop there is less to choose, and in a loop in a loop nothing: it is chosen in each round. */
export function inLoop<T extends Writing>(write: T): T {
  const left = write.looped !== true && write.random.chance(0.4) ? Math.min(write.choices.left, 1) : 0;
  return { ...write, looped: true, choices: { left } };
}

export function newName(write: Writing): string {
  return `x${write.fresh.next++}`;
}
