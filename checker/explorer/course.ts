import { STUTTER } from '../search/path.ts';
import type { PageVerdict } from './page-data.ts';
import { unpackPath } from './packed-behavior.ts';
import type { Subject } from './subject.ts';
import { initialMoves, movesFrom } from './subject.ts';

/**
 * A run as it is looked at: a behavior that was found, or an initial state, and what the reader has added to it.
 * Immutable; going on yields another one.
 */
export interface Course {
  readonly states: readonly Int32Array[];
  /** `instances[i]` leads from state `i` to state `i + 1`. */
  readonly instances: readonly number[];
  /** The state to which the last step leads back; only of a behavior that nothing was added to. */
  readonly loop?: number;
  /** The state from which on the steps are the reader's own. */
  readonly departure: number;
  /** What the reader chose, as {@link Move.index}. */
  readonly choices: readonly number[];
}

/** The behavior that a verdict tells of, as it was found. */
export function foundCourse({ plan, model }: Subject, verdict: PageVerdict): Course | undefined {
  const { outcome } = verdict;
  const packed =
    outcome.kind === 'violated' || outcome.kind === 'reached' ? model.behaviors[outcome.behavior] : undefined;
  if (packed === undefined || packed.states.length === 0) return undefined;
  const path = unpackPath(plan, packed);
  return { ...path, departure: path.states.length - 1, choices: [] };
}

/** One of the initial states by its index among them, to go on from. */
export function initialCourse(subject: Subject, index: number): Course | undefined {
  const { moves } = initialMoves(subject);
  const chosen = moves[index] ?? moves[0];
  return chosen && { states: [chosen.words], instances: [], departure: 0, choices: [] };
}

/** Goes another way from state `at` on: what came after it is dropped. */
export function goOn(subject: Subject, course: Course, at: number, choice: number): Course | undefined {
  const move = movesFrom(subject, course.states[at]!).moves.find(({ index }) => index === choice);
  if (move === undefined) return undefined;
  const departure = Math.min(course.departure, at);
  return {
    states: [...course.states.slice(0, at + 1), move.words],
    instances: [...course.instances.slice(0, at), move.instance],
    departure,
    choices: [...course.choices.slice(0, at - departure), choice],
  };
}

/** The course that an address describes; choices that are not possible (the spec has changed since) end it there. */
export function departed(subject: Subject, course: Course, from: number, choices: readonly number[]): Course {
  let found: Course = course;
  for (const [position, choice] of choices.entries()) {
    const next = goOn(subject, found, Math.min(from, course.states.length - 1) + position, choice);
    if (next === undefined) return found;
    found = next;
  }
  return found;
}

/** Whether the course stays in its last state forever. */
export function stutters({ loop, instances }: Course): boolean {
  return loop !== undefined && loop === instances.length;
}

/** The state to show after state `at`: around the loop, where there is one. */
export function nextPosition(course: Course, at: number): number {
  const last = course.states.length - 1;
  if (at < last) return at + 1;
  return course.loop === undefined || stutters(course) ? last : course.loop + 1;
}

/** The label of the step that leads to a state. */
export function labelOf({ plan }: Subject, instance: number): string {
  return instance === STUTTER ? 'nothing happens' : plan.instances[instance]!.label;
}
