import { formatValue } from '../../dsl/ir/index.ts';
import { FALSE } from '../engine/next-state.ts';
import type { NextState } from '../engine/next-state.ts';
import type { Plan } from '../plan/plan.ts';
import type { Exploration } from '../search/exploration.ts';
import type { FalsePart } from './behavior.ts';
import { MOST_EXPLORED } from './explored.ts';
import type { Explored } from './explored.ts';
import { falsityOf } from './falsity.ts';
import { identities } from './identities.ts';

/** States in which the same makes an invariant false, but for who is who among ids. */
export interface FalseGroup {
  /** The one that takes the fewest steps to get to. */
  readonly nearest: number;
  readonly count: number;
}

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
): readonly FalseGroup[] | TooMany {
  if (!explored.isComplete) return MOST_EXPLORED < states.count ? 'manyStates' : 'notAllExplored';
  const { expression, bindings } = plan.predicates[predicate]!;
  const canonical = identities(plan);
  const groups = new Map<string, { nearest: number; count: number }>();
  let found = 0;
  for (let state = 0; state < explored.size; state += 1) {
    const words = states.wordsOf(state);
    if (engine.holds(predicate, words, 0) !== FALSE) continue;
    found += 1;
    if (MOST_VIOLATING < found) return 'manyViolating';
    const parts = falsityOf(plan, expression, bindings, { state: plan.layout.decode(words, 0) });
    const key = canonical(parts.map(lineOf));
    const group = groups.get(key) ?? { nearest: state, count: 0 };
    group.count += 1;
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** Which part, at which elements. */
function lineOf({ span, isTrue, bound }: FalsePart): string {
  const elements = bound.map(({ name, value }) => `${name}=${formatValue(value)}`).join(' ');
  return `${span.file}:${span.start}-${span.end} ${isTrue} ${elements}`;
}
