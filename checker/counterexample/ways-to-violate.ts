import { FALSE } from '../engine/next-state.ts';
import type { NextState } from '../engine/next-state.ts';
import type { Plan } from '../plan/plan.ts';
import type { Exploration } from '../search/exploration.ts';
import { alikeStates } from './alike-states.ts';
import type { AlikeStates } from './alike-states.ts';
import { MOST_EXPLORED } from './explored.ts';
import type { Explored } from './explored.ts';
import { causesOf } from './falsity.ts';
import type { Cause } from './falsity.ts';
import type { Line } from './identities.ts';

/**
 * Why it is not said in how many ways: not all states were explored, there are more than are looked at, or more of them
 * violate it than are told apart.
 */
export type TooMany = 'notAllExplored' | 'manyStates' | 'manyViolating';

/** So many states that violate an invariant are told apart. */
export const MOST_VIOLATING = 10_000;

/**
 * The ways in which an invariant is violated, nearest first: the explored states in which it is false, grouped by the
 * parts that make it so and the elements they are about, up to permuting ids; or why that is not said.
 *
 * Cost: the predicate in each explored state; in each in which it is false, by the interpreter, what makes it so.
 */
export function waysToViolate(
  plan: Plan,
  engine: NextState,
  { states }: Exploration,
  explored: Pick<Explored, 'isComplete' | 'size'>,
  predicate: number,
): readonly AlikeStates[] | TooMany {
  if (!explored.isComplete) return MOST_EXPLORED < states.count ? 'manyStates' : 'notAllExplored';
  const { expression, bindings } = plan.predicates[predicate]!;
  const saidOf = (state: number): readonly Line[] | undefined => {
    const words = states.wordsOf(state);
    if (engine.holds(predicate, words, 0) !== FALSE) return undefined;
    return causesOf(plan, expression, bindings, { state: plan.layout.decode(words, 0) }).map(lineOf);
  };
  return alikeStates(plan, explored.size, saidOf, MOST_VIOLATING) ?? 'manyViolating';
}

/** Which part, at which elements. */
function lineOf({ part, elements }: Cause): Line {
  const { span, isTrue, bound } = part;
  const at = elements.flatMap((element, index) => [` ${bound[index]!.name}=`, element]);
  return [`${span.file}:${span.start}-${span.end} ${isTrue}`, ...at];
}
