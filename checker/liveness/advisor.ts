import type { Behavior } from './behavior.ts';
import type { FairnessConstraint } from './fairness.ts';
import { cheapestHittingSet } from './hitting-set.ts';

/** An assumption that could be made: what an author would write as `weak(a)`, for every value of its arguments. */
export interface Candidate {
  readonly strength: 'weak' | 'strong';
  /** The action or process. */
  readonly name: string;
  readonly constraints: readonly FairnessConstraint[];
}

/** What fairness a property needs. */
export type Advice =
  /** It holds under these of the assumptions made; without any one of them it does not. */
  | { readonly kind: 'needs'; readonly assumptions: readonly Candidate[] }
  /** It does not hold, and would if these were assumed as well: the fewest, weak rather than strong. */
  | { readonly kind: 'add'; readonly assumptions: readonly Candidate[] }
  /** It does not hold whatever is assumed: this behavior is fair to everything, or breaks it in finitely many steps. */
  | { readonly kind: 'none'; readonly behavior: Behavior };

/** Asks whether a property holds under some constraints; a behavior that breaks it, or undefined. */
export type Judge = (constraints: readonly FairnessConstraint[]) => Behavior | undefined;

/**
 * The fairness that a property needs.
 *
 * When it holds, assumptions are left out one by one for as long as it still does. When it does not, counterexamples
 * say what is missing: each has to be excluded by something that it is unfair to, so a cheapest set that hits all
 * counterexamples so far is tried next, until one is left that nothing excludes or none at all.
 *
 * @param isUnfair - whether a behavior does not meet a constraint.
 * @remarks As many questions to `judge` as assumptions are made, or as counterexamples are needed; each costs as much
 * as judging the property.
 * @see Davies, Bacchus, "Solving MAXSAT by solving a sequence of simpler SAT instances", CP 2011, for the implicit
 * hitting sets.
 */
export function adviseOn(
  judge: Judge,
  made: readonly Candidate[],
  possible: readonly Candidate[],
  isUnfair: (behavior: Behavior, constraint: FairnessConstraint) => boolean,
): Advice {
  const constraintsOf = (candidates: readonly Candidate[]): readonly FairnessConstraint[] =>
    candidates.flatMap(({ constraints }) => constraints);
  const base = constraintsOf(made);
  let behavior = judge(base);

  if (behavior === undefined) {
    let needed = made;
    for (const candidate of made) {
      const fewer = needed.filter((other) => other !== candidate);
      if (judge(constraintsOf(fewer)) === undefined) needed = fewer;
    }
    return { kind: 'needs', assumptions: needed };
  }

  const costs = possible.map(({ strength }) => (strength === 'weak' ? WEAK_COST : STRONG_COST));
  const sets: number[][] = [];
  for (;;) {
    const broken = behavior;
    const excluding = possible.flatMap(({ constraints }, index) =>
      broken.loop !== undefined && constraints.some((one) => isUnfair(broken, one)) ? [index] : [],
    );
    if (excluding.length === 0) return { kind: 'none', behavior };
    sets.push(excluding);
    const chosen = cheapestHittingSet(costs, sets).map((index) => possible[index]!);
    behavior = judge([...base, ...constraintsOf(chosen)]);
    if (behavior === undefined) return { kind: 'add', assumptions: chosen };
  }
}

/** Fewest first; among as many, the fewest strong ones. */
const WEAK_COST = 1000;
const STRONG_COST = 1001;
