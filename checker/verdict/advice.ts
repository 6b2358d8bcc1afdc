import type { Property } from '../../dsl/ir/index.ts';
import type { Cure, Unfairness } from '../counterexample/behavior.ts';
import { replayLasso, untakenIn } from '../counterexample/lasso.ts';
import { adviseOn } from '../liveness/advisor.ts';
import type { Advice, Candidate, Judge } from '../liveness/advisor.ts';
import { candidatesOf } from '../liveness/assumptions.ts';
import { FormulaTooLarge } from '../liveness/buchi.ts';
import type { FairnessConstraint } from '../liveness/fairness.ts';
import type { Claim } from '../liveness/formula.ts';
import { setsOf } from '../liveness/property.ts';
import type { Liveness } from '../liveness/property.ts';
import { splitCandidates } from '../liveness/splits.ts';
import type { Split } from '../liveness/splits.ts';
import type { Plan } from '../plan/plan.ts';
import type { Otherwise, PropertyAdvice } from './verdict.ts';

/** What is asked about, and where. */
export interface Advised {
  readonly plan: Plan;
  readonly liveness: Liveness;
  readonly property: Property;
  readonly claims: readonly Claim[];
  /** All that could be assumed. */
  readonly possible: () => readonly Candidate[];
  /** The fairness sets that are assumed; undefined: those of the property. */
  readonly fairness: readonly string[] | undefined;
  /** Whether it is told what can happen without each assumption that is needed. */
  readonly explains: boolean;
}

/**
 * What fairness a property needs, or would need: what the spec promises already comes first, then conditions, and what no
 * fairness of the spec is about only when nothing else helps.
 *
 * @param splits - conditions by which the steps of an action may be told apart.
 * @returns undefined for a property that cannot be judged.
 */
export function adviceOn(advised: Advised, splits: readonly Split[]): PropertyAdvice | undefined {
  return unlessUnjudged(() => {
    const { plan, liveness, property } = advised;
    const simple = advised.possible();
    const promised = simple.filter(({ isUnpromised }) => isUnpromised !== true);
    let advice = trialOf(advised, promised).advise();
    if (advice.kind === 'none' && 0 < splits.length) {
      const split = [...promised, ...splitCandidates(plan, splits, liveness.size)];
      advice = trialOf(advised, split).advise(MOST_WITH_SPLITS);
    }
    if (advice.kind === 'none' && promised.length < simple.length) advice = trialOf(advised, simple).advise();
    const assumptions = advice.kind === 'none' ? [] : advice.assumptions;
    const isExplained = advised.explains && advice.kind === 'needs';
    return {
      property: property.name,
      kind: advice.kind,
      assumptions: assumptions.map((one) => {
        const otherwise = isExplained ? otherwiseOf(advised, assumptions, one) : undefined;
        return { ...named(one), ...(otherwise !== undefined && { otherwise }) };
      }),
    };
  });
}

/** A counterexample under all that is needed but one assumption, or with that as a weak one; undefined where the one that is found is no lasso. */
function otherwiseOf(
  { plan, liveness, claims }: Advised,
  needed: readonly Candidate[],
  left: Candidate,
): Otherwise | undefined {
  // Of strong fairness that is needed it is told why weak is not enough.
  const others = needed
    .flatMap((one) => (one === left ? (left.weaker ?? []) : one))
    .flatMap(({ constraints }) => constraints);
  const answer = liveness.judgeUnder(claims, others);
  if (answer.kind !== 'violated' || answer.path.loop === undefined) return undefined;
  const { path, claim, assumed } = answer;
  const trace = replayLasso(plan, path, claim, assumed.constraints, { telling: 'brief' });
  return { trace, untaken: untakenIn(plan, path, left.constraints) };
}

/**
 * What would have to be assumed as well for a violated property to hold.
 *
 * @param unfairTo - assumptions that would exclude the counterexample: all of them that cure by themselves are reported.
 * @param advice - what is known already.
 */
export function cureOf(
  advised: Advised,
  unfairTo: readonly Unfairness[],
  advice = adviceOn(advised, []),
): Cure | undefined {
  if (advice === undefined || advice.kind === 'needs') return undefined;
  const promised = unfairTo.filter(({ isUnpromised }) => isUnpromised !== true);
  if (advice.kind === 'none') return { kind: 'none', partial: promised };
  const chosen = advice.assumptions;
  const isUnpromised = chosen.some((one) => one.isUnpromised === true);
  if (1 < chosen.length) return { kind: 'assume', choices: [chosen], partial: promised };
  const { cures, others } = triedAlone(
    advised,
    unfairTo.filter((one) => (one.isUnpromised === true) === isUnpromised),
  );
  const choices = [chosen, ...cures.filter((one) => !isSame(one, chosen[0]!)).map((one) => [one])];
  return { kind: 'assume', choices, partial: isUnpromised ? promised : others };
}

/** Which of some assumptions make the property hold by themselves, and which do not. */
function triedAlone(
  advised: Advised,
  asked: readonly Unfairness[],
): { readonly cures: readonly Unfairness[]; readonly others: readonly Unfairness[] } {
  const found = unlessUnjudged(() => {
    const candidates = advised
      .possible()
      .filter((one) => asked.some((other) => isSame(one, other)))
      .slice(0, MOST_TRIED);
    const trial = trialOf(advised, candidates);
    const cures = candidates.filter((one) => trial.holdsWith(one));
    return { cures: cures.map(named), others: candidates.filter((one) => !cures.includes(one)).map(named) };
  });
  return found ?? { cures: [], others: [] };
}

/** So many single assumptions are tried for each counterexample. */
const MOST_TRIED = 8;

/** Judges a property under what it assumes and some of what it could assume. */
function trialOf({ plan, liveness, property, claims, fairness }: Advised, possible: readonly Candidate[]): Trial {
  const made = candidatesOf(plan, fairness ?? setsOf(plan, property));
  const constraintsOf = (candidates: readonly Candidate[]): readonly FairnessConstraint[] =>
    candidates.flatMap(({ constraints }) => constraints);
  const weaker = made.flatMap((one) => one.weaker ?? []);
  const { usable, violations } = liveness.trial(claims, constraintsOf([...made, ...weaker, ...possible]));
  if (constraintsOf(made).some((one) => !usable.has(one))) throw new Unjudged();
  const judge: Judge = (assumed) => {
    const found = violations(constraintsOf(assumed));
    if (found === 'failed') throw new Unjudged();
    return found;
  };
  const isUsable = ({ constraints }: Candidate): boolean => constraints.every((one) => usable.has(one));
  return {
    advise: (most) => adviseOn(judge, made, possible.filter(isUsable), most),
    holdsWith: (one) => isUsable(one) && judge([...made, one]).length === 0,
  };
}

interface Trial {
  /** @param most - how many additions are worth telling. */
  advise(most?: number): Advice;
  /** Whether the property holds with it, beside what it assumes. */
  holdsWith(candidate: Candidate): boolean;
}

function named({
  strength,
  name,
  set,
  when,
  isUnpromised,
  isMadeStrong,
}: Candidate): PropertyAdvice['assumptions'][number] {
  return {
    strength,
    name,
    ...(set !== undefined && { set }),
    ...(when !== undefined && { when }),
    ...(isUnpromised === true && { isUnpromised }),
    ...(isMadeStrong === true && { isMadeStrong }),
  };
}

function isSame(left: Unfairness, right: Unfairness): boolean {
  return left.strength === right.strength && left.name === right.name && left.when === right.when;
}

/** Conditions are so many that some choice of them helps nearly always; a long one is no advice. */
const MOST_WITH_SPLITS = 2;

/** A property that has no answer has no advice either. */
class Unjudged extends Error {}

function unlessUnjudged<T>(answer: () => T): T | undefined {
  try {
    return answer();
  } catch (error) {
    if (error instanceof Unjudged || error instanceof FormulaTooLarge) return undefined;
    throw error;
  }
}
