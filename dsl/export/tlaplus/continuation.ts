import type { Environment } from './environment.ts';
import type { Node } from './node.ts';
import { text } from './node.ts';
import type { Scope } from './scope.ts';

/** What is written after some statements, given what variables and locals hold then. */
export interface Rest {
  (scope: Scope, environment: Environment): Node;
  /** Nothing follows but the end of the step: writing it twice costs little. */
  readonly isEnd?: boolean;
}

/** How to go on after a block that is left, by its label. */
export type Exits = ReadonlyMap<string, Rest>;

/** For trying how long something gets. */
export const NOTHING_AFTER: Rest = Object.assign(() => text('END'), { isEnd: true });

/**
 * Statements are written from the last to the first: each is given what comes after it. In a step, guards and checks are
 * conjuncts in the order of the statements and choices are quantifiers, so that TLC finds one successor for each way they
 * can go; in a value they are conditions around it.
 */
export type Mode = 'step' | 'value';

/** What is the same for all statements of a block. */
export interface Context {
  readonly mode: Mode;
  readonly exits: Exits;
}
