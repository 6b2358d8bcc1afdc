import { lineOf } from '../../dsl/diagnostics/span.ts';
import type { Action, Property, System } from '../../dsl/ir/index.ts';
import type { CheckResult, PropertyAdvice } from '../verdict/verdict.ts';

/** A fairness assumption, as advice names it. */
export type Assumed = PropertyAdvice['assumptions'][number];

/** The same for an assumption wherever it is made. */
export function assumptionKey({ strength, set, name, when }: Assumed): string {
  return JSON.stringify([strength, set, name, when]);
}

/** One that a fairness set makes, and the actions and processes that it is about. */
interface MadeAssumption extends Assumed {
  readonly set: string;
  readonly actions: readonly string[];
}

/** All assumptions that the fairness sets of a system make. */
export function assumptionsMade({ fairness, files }: System): readonly MadeAssumption[] {
  return fairness.flatMap(({ name: set, assumptions }) =>
    assumptions.flatMap(({ strength, groups }) =>
      groups.map(({ name, actions, when }) => ({
        strength,
        set,
        name,
        actions,
        ...(when !== undefined && { when: lineOf(files, when.span) }),
      })),
    ),
  );
}

/**
 * The assumptions that a property makes and that are about something in a model: about a step that was taken there. What
 * is about nothing there cannot be found to be needed.
 */
export function liveAssumptions(
  system: System,
  { coverage }: CheckResult,
  { under }: Property,
): readonly MadeAssumption[] {
  const taken = new Set(coverage.flatMap(({ action, fired }) => (0 < fired ? [action] : [])));
  const live = new Set(system.actions.flatMap((action) => (taken.has(action.name) ? namesOf(action) : [])));
  return assumptionsMade(system).filter(
    ({ set, actions }) => (under === undefined || under.includes(set)) && actions.some((name) => live.has(name)),
  );
}

/** By which fairness may be about an action. */
function namesOf({ name, process, timeout }: Action): readonly string[] {
  return [name, process?.name ?? (timeout === undefined ? name : `${timeout.name}.timeouts`)];
}
