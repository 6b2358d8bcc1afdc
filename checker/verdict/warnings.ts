import type { Span } from '../../dsl/diagnostics/span.ts';
import type { Plan } from '../plan/plan.ts';
import type { Exploration } from '../search/breadth-first.ts';
import type { Warning } from './verdict.ts';

/**
 * What is true of a model that was explored to its end and that its author would want to know: actions without a step,
 * variables with one value, left sides of `leadsTo` that never come true. Cost: one pass over the states.
 */
export function warningsOf(plan: Plan, exploration: Exploration, untriggered: readonly Span[]): readonly Warning[] {
  if (exploration.cut !== undefined) return [];
  return [
    ...actionsNeverEnabled(plan, exploration),
    ...variablesThatNeverChange(plan, exploration),
    ...untriggered.map((span): Warning => ({
      kind: 'leadsToNeverTriggered',
      message: 'the left side of this `leadsTo` never holds, so it promises nothing',
      span,
    })),
  ];
}

function actionsNeverEnabled(plan: Plan, exploration: Exploration): readonly Warning[] {
  const { fired, failing } = exploration;
  const hasStep = (id: number): boolean => 0 < fired[id]! || failing.has(id);
  const seen = new Set(plan.instances.filter(({ id }) => hasStep(id)).map(({ action }) => action));
  return plan.system.actions
    .filter((action) => !seen.has(action))
    .map(({ name, span }) => ({ kind: 'actionNeverEnabled', message: `\`${name}\` is never enabled`, span }));
}

function variablesThatNeverChange(plan: Plan, { states }: Exploration): readonly Warning[] {
  const { layout, system } = plan;
  const differing = new Int32Array(layout.words); // bits that are not the same in all states
  if (states.count === 0) return [];
  const first = states.wordsOf(0);
  for (let state = 1; state < states.count; state += 1) {
    const segment = states.segmentOf(state);
    const at = states.offsetOf(state);
    for (let word = 0; word < layout.words; word += 1) differing[word]! |= segment[at + word]! ^ first[word]!;
  }
  const changes = (name: string): boolean => {
    const { leaf, shape } = layout.variables.get(name)!;
    return layout.leaves
      .slice(leaf, leaf + shape.leaves)
      .some(({ word, shift, width, mask }) => 0 < width && ((differing[word]! >>> shift) & mask) !== 0);
  };
  return system.variables
    .filter(({ name, process }) => process === undefined && !changes(name))
    .map(({ name, span }) => ({
      kind: 'variableNeverChanges',
      message: `\`${name}\` has the same value in every reachable state`,
      span,
    }));
}
