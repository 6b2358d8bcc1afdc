import type { EngineKind } from '../engine/next-state.ts';
import type { Plan } from '../plan/plan.ts';
import type { Distinction, IdClass } from '../reduction/id-classes.ts';
import { symmetryOf } from '../reduction/symmetry.ts';

/** Which reductions a check may use. `auto`: whichever is sound and pays off; the others: that one, if it is sound. */
export type ReductionChoice = 'none' | 'symmetry' | 'order' | 'auto';

/**
 * What was done to look at fewer states than there are. With `symmetry` every number in a result is about all of them all
 * the same; with `order`, which puts off steps that can come later, numbers are about the states that were explored.
 */
export interface Reduction {
  readonly kind: 'none' | 'symmetry' | 'order';
  /** Ids that nothing tells apart. With `symmetry`, states that only differ in which of them is which were one. */
  readonly interchangeable: readonly IdClass[];
  /** What tells other ids apart. */
  readonly distinctions: readonly Distinction[];
  /** Why there is none, although there are such ids or it was asked for, and reductions were not ruled out. */
  readonly because?: WhyNone;
}

/**
 * `temporal`: there are temporal properties to judge, which are judged on all states. `everything`: more is asked than one
 * state of each orbit can tell: how often branches were taken, who waits for whom. `engine`: not by the engine that was
 * chosen. `size`: there are too many ids, or too much is to be known of each. `steps`, `within`, `compact`: steps are not
 * put off where every step is judged, where states are left out, or where states are not compared. `disturbing`: no two
 * steps can change places, or there are too many.
 */
type WhyNone = 'temporal' | 'everything' | 'engine' | 'size' | 'steps' | 'within' | 'compact' | 'disturbing';

/** What else is asked of a search that bears on reductions. */
interface Asked {
  readonly choice: ReductionChoice;
  readonly keepsSteps: boolean;
  readonly needsEverything: boolean;
  readonly engine: 'auto' | 'webassembly' | 'javascript' | 'interpreted';
  readonly isCompact: boolean;
}

/**
 * The reduction for a plan; undefined where it was ruled out, or the model has no ids.
 *
 * @remarks Cost: nothing but a look at the domains where there are no ids; see {@link symmetryOf}.
 */
export function reductionFor(plan: Plan, asked: Asked): Reduction | undefined {
  const { choice, keepsSteps, needsEverything, engine } = asked;
  if (choice === 'none') return undefined;
  if (choice === 'order') return orderFor(plan, asked);
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

/** Steps may be put off where nothing is asked that depends on when they come. */
function orderFor(plan: Plan, { keepsSteps, needsEverything, isCompact }: Asked): Reduction {
  const reasons: readonly (readonly [boolean, WhyNone])[] = [
    [keepsSteps, 'temporal'],
    [needsEverything, 'everything'],
    [0 < plan.roles.steps.length, 'steps'],
    [0 < plan.roles.within.length, 'within'],
    [isCompact, 'compact'],
  ];
  const because = reasons.find(([isSo]) => isSo)?.[1];
  const none = { interchangeable: [], distinctions: [] };
  return because === undefined ? { kind: 'order', ...none } : { kind: 'none', ...none, because };
}

/** What became of a reduction in a search by an engine. */
export function asUsed(reduction: Reduction, isReduced: boolean, engine: EngineKind): Reduction {
  if (isReduced || reduction.kind === 'none') return reduction;
  if (reduction.kind === 'order') return { ...reduction, kind: 'none', because: 'disturbing' };
  return { ...reduction, kind: 'none', because: engine === 'webassembly' ? 'size' : 'engine' };
}

/** The ids of which a search is to take states as one. */
export function classesOf(reduction: Reduction | undefined): readonly IdClass[] {
  return reduction?.kind === 'symmetry' ? reduction.interchangeable : [];
}
