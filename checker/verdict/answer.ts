import type { Span } from '../../dsl/diagnostics/span.ts';
import type { Explainer } from '../counterexample/explanation.ts';
import type { Telling } from '../counterexample/replay.ts';
import type { NextState } from '../engine/next-state.ts';
import type { Plan } from '../plan/plan.ts';
import type { IdClass } from '../reduction/id-classes.ts';
import type { Exploration } from '../search/exploration.ts';
import type { Cut } from '../search/cut.ts';
import type { Outcome, VerdictKind } from './verdict.ts';

/** What was found out about one property, before it is held against what the model expects. */
export interface Answer {
  readonly kind: VerdictKind;
  readonly name: string;
  readonly doc: string;
  readonly span: Span;
  readonly outcome: Outcome;
}

/** What was explored, by which engine, and who explains what is found there. */
export interface Searched {
  readonly plan: Plan;
  readonly engine: NextState;
  readonly exploration: Exploration;
  /** What violations are explained by: the same, or where one state of each orbit was explored, the nearest of all. */
  readonly explained: () => Exploration;
  readonly explainer: Explainer;
  /** Ids that neither steps nor initial states tell apart; absent: none are known. */
  readonly interchangeable?: readonly IdClass[];
}

/** How much is reported of a violation or a witness. */
export type TellingOf = (found: Pick<Answer, 'kind' | 'name'>, outcome: 'violated' | 'reached') => Telling;

/** Everything, of whatever is found. */
export const TELL_ALL: TellingOf = () => 'full';

/** What kept the search from exploring everything. A limit of the run weighs more than a `within` of the spec. */
export function cutOf(plan: Plan, exploration: Exploration): Cut | undefined {
  if (exploration.cut !== undefined) return exploration.cut;
  if (exploration.leftWithin.size === 0) return undefined;
  const names = plan.system.within.filter((_, index) => exploration.leftWithin.has(plan.roles.within[index]!));
  return { kind: 'within', names: names.map(({ name }) => name) };
}
