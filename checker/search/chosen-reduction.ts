import type { Plan } from '../plan/plan.ts';
import type { Distinction, IdClass } from '../reduction/id-classes.ts';
import { symmetryOf } from '../reduction/symmetry.ts';

/** Which reductions a check may use. `auto`: whichever is sound and pays off; the others: that one, if it is sound. */
export type ReductionChoice = 'none' | 'symmetry' | 'auto';

/** What was done to look at fewer states than there are. Every number in a result is about all of them all the same. */
export interface Reduction {
  readonly kind: 'none' | 'symmetry';
  /** Ids that nothing tells apart. With `symmetry`, states that only differ in which of them is which were one. */
  readonly interchangeable: readonly IdClass[];
  /** What tells other ids apart. */
  readonly distinctions: readonly Distinction[];
  /** Why there is none, although there are such ids, and reductions were not ruled out. */
  readonly because?: WhyNone;
}

/**
 * `temporal`: there are temporal properties to judge, which are judged on all states. `everything`: more is asked than one
 * state of each orbit can tell: how often branches were taken, who waits for whom. `engine`: not by the engine that was
 * chosen. `size`: there are too many ids, or too much is to be known of each.
 */
type WhyNone = 'temporal' | 'everything' | 'engine' | 'size';

/** What else is asked of a search that bears on reductions. */
interface Asked {
  readonly choice: ReductionChoice;
  readonly keepsSteps: boolean;
  readonly needsEverything: boolean;
  readonly engine: 'auto' | 'webassembly' | 'javascript' | 'interpreted';
}

/**
 * The reduction for a plan; undefined where it was ruled out, or the model has no ids.
 *
 * @remarks Cost: nothing but a look at the domains where there are no ids; see {@link symmetryOf}.
 */
export function reductionFor(
  plan: Plan,
  { choice, keepsSteps, needsEverything, engine }: Asked,
): Reduction | undefined {
  if (choice === 'none') return undefined;
  const { classes, distinctions } = symmetryOf(plan);
  if (classes.length === 0 && distinctions.length === 0) return undefined;
  const known = { interchangeable: classes, distinctions };
  if (classes.length === 0) return { kind: 'none', ...known };
  const isPlain = engine === 'javascript' || engine === 'interpreted';
  const because: WhyNone | undefined = keepsSteps
    ? 'temporal'
    : needsEverything
      ? 'everything'
      : isPlain && choice === 'auto'
        ? 'engine'
        : undefined;
  return because === undefined ? { kind: 'symmetry', ...known } : { kind: 'none', ...known, because };
}

/** What became of a reduction in a search. */
export function asUsed(reduction: Reduction, isReduced: boolean): Reduction {
  return isReduced || reduction.kind === 'none' ? reduction : { ...reduction, kind: 'none', because: 'size' };
}

/** The ids of which a search is to take states as one. */
export function classesOf(reduction: Reduction | undefined): readonly IdClass[] {
  return reduction?.kind === 'symmetry' ? reduction.interchangeable : [];
}
