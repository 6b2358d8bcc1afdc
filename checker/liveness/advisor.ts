import type { FairnessConstraint } from './fairness.ts';
import { cheapestHittingSet } from './hitting-set.ts';

/** An assumption that could be made: what an author would write as `weak(a)`, for every value of its arguments. */
export interface Candidate {
  readonly strength: 'weak' | 'strong';
  /** The action, the process, or the step of a process. */
  readonly name: string;
  /** The condition under which its steps count, as the source says it; absent: always. */
  readonly when?: string;
  /** The fairness set that makes it; absent: none does. */
  readonly set?: string;
  /** Whether it is about a single step of a process. */
  readonly isStep?: boolean;
  /** Whether no fairness of the spec is about some of its steps, though it is about others: a fault, or what the world does. */
  readonly isUnpromised?: boolean;
  /** The same as weak fairness, of a strong one that a fairness set makes. */
  readonly weaker?: Candidate;
  /** Whether it is weaker than what the set makes, which is strong fairness. */
  readonly isMadeStrong?: boolean;
  readonly constraints: readonly FairnessConstraint[];
}

/** What fairness a property needs. */
export type Advice =
  /** It holds under these of the assumptions made; without any one of them it does not. Strong ones are weak where that is enough. */
  | { readonly kind: 'needs'; readonly assumptions: readonly Candidate[] }
  /** It does not hold, and would if these were assumed as well: the fewest, and among as few those that ask least. */
  | { readonly kind: 'add'; readonly assumptions: readonly Candidate[] }
  /** It does not hold whatever is assumed: some behavior is fair to everything, or breaks it in finitely many steps. */
  | { readonly kind: 'none' };

/** Behaviors that break a property in the same way: all those that do everything again and again that can be done there. */
export interface Counterexample {
  /** Whether they do not meet a constraint. */
  isUnfairTo(constraint: FairnessConstraint): boolean;
}

/** Counterexamples to a property under some assumptions, some of each kind; none when it holds. */
export type Judge = (assumed: readonly Candidate[]) => readonly Counterexample[];

/**
 * The fairness that a property needs.
 *
 * When it holds, assumptions are left out one by one for as long as it still does, and strong ones that are left are made
 * weak for as long as it does. When it does not, counterexamples
 * say what is missing: each has to be excluded by something that it is unfair to, so a cheapest set that hits all
 * counterexamples so far is tried next, until one is left that nothing excludes or none at all.
 *
 * @param possible - what could be assumed.
 * @param most - how many additions are worth telling; when more would be needed it is said that nothing helps.
 * @remarks As many questions to `judge` as assumptions are made and as strong ones are needed, or as rounds of counterexamples are needed; each costs
 * as much as judging the property.
 * @see Davies, Bacchus, "Solving MAXSAT by solving a sequence of simpler SAT instances", CP 2011, for the implicit
 * hitting sets.
 */
export function adviseOn(
  judge: Judge,
  made: readonly Candidate[],
  possible: readonly Candidate[],
  most = Infinity,
): Advice {
  let counterexamples = judge(made);

  if (counterexamples.length === 0) {
    let needed = made;
    for (const candidate of made) {
      const fewer = needed.filter((other) => other !== candidate);
      if (judge(fewer).length === 0) needed = fewer;
    }
    // With less assumed each of them is needed all the more.
    for (const strong of needed) {
      const { weaker } = strong;
      if (weaker === undefined) continue;
      const weakened = needed.map((other) => (other === strong ? weaker : other));
      if (judge(weakened).length === 0) needed = weakened;
    }
    return { kind: 'needs', assumptions: needed };
  }

  const costs = possible.map(costOf);
  const sets = new Map<string, readonly number[]>();
  for (;;) {
    for (const counterexample of counterexamples) {
      const excluding = possible.flatMap(({ constraints }, index) =>
        constraints.some((one) => counterexample.isUnfairTo(one)) ? [index] : [],
      );
      if (excluding.length === 0) return { kind: 'none' };
      sets.set(excluding.join(), excluding);
    }
    const cheapest = cheapestHittingSet(costs, [...sets.values()], (most + 1) * WEAK_COST);
    if (cheapest === undefined) return { kind: 'none' };
    const chosen = cheapest.map((index) => possible[index]!);
    counterexamples = judge([...made, ...chosen]);
    if (counterexamples.length === 0) return { kind: 'add', assumptions: chosen };
  }
}

/** Fewest first; among as many, those that ask for least: weak ones, then strong ones of a step, then of whole processes. */
function costOf({ strength, isStep = false }: Candidate): number {
  return strength === 'weak' ? WEAK_COST : isStep ? WEAK_COST + 1 : WEAK_COST + 2;
}

const WEAK_COST = 1000;
