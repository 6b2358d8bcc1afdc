import type { Span } from '../../dsl/diagnostics/span.ts';
import type { Branch } from '../plan/branch.ts';
import type { Plan } from '../plan/plan.ts';
import type { Exploration } from '../search/exploration.ts';
import type { Warning } from './verdict.ts';

/**
 * What is true of a model that was explored to its end and that its author would want to know: actions without a step,
 * branches that no step went through, variables with one value, left sides of `leadsTo` that never come true. Cost: one
 * pass over the states.
 */
export function warningsOf(plan: Plan, exploration: Exploration, untriggered: readonly Span[]): readonly Warning[] {
  if (exploration.cut !== undefined) return [];
  const found: readonly Warning[] = [
    ...actionsNeverEnabled(plan, exploration),
    ...branchesNeverTaken(plan, exploration),
    ...variablesThatNeverChange(plan, exploration),
    ...untriggered.map((span): Warning => ({
      kind: 'leadsToNeverTriggered',
      message: 'the left side of this `leadsTo` never holds, so it promises nothing',
      span,
    })),
  ];
  return found.filter(({ span }) => !isLibrary(plan, span));
}

/** Whether a place is in the primitives that come with Fairlead: no spec uses all that they can do. */
function isLibrary({ system }: Plan, span: Span): boolean {
  return system.files[span.file]?.path.startsWith('fairlead/sync/') === true;
}

function actionsNeverEnabled(plan: Plan, exploration: Exploration): readonly Warning[] {
  const { fired, failing } = exploration;
  const hasStep = (id: number): boolean => 0 < fired[id]! || failing.has(id);
  const seen = new Set(plan.instances.filter(({ id }) => hasStep(id)).map(({ action }) => action));
  return plan.system.actions
    .filter((action) => !seen.has(action))
    .map(({ name, span }) => ({ kind: 'actionNeverEnabled', message: `\`${name}\` is never enabled`, span }));
}

/**
 * Branches without a completed step, outermost only. A branch that several actions have, because they call the same
 * function or were made from one line, is taken when it is in one of them.
 */
function branchesNeverTaken(plan: Plan, { branches, fired }: Exploration): readonly Warning[] {
  const { list } = plan.branches;
  const placeOf = ({ span, arm }: Branch): string => `${span.file}:${span.start}:${span.end}:${arm}`;
  const taken = new Set(list.filter(({ id }) => 0 < branches[id]!).map(placeOf));
  const active = new Set(plan.instances.filter(({ id }) => 0 < fired[id]!).map(({ action }) => action));
  const missing = new Map<string, Branch>();
  for (const branch of list) {
    const { action, parent } = branch;
    const isReached = parent === undefined ? active.has(action) : 0 < branches[parent]!;
    const place = placeOf(branch);
    if (isReached && !taken.has(place) && !missing.has(place)) missing.set(place, branch);
  }
  return [...missing.values()].map(({ action, arm, span }) => ({
    kind: 'branchNeverTaken',
    message: `in \`${action.name}\`, ${WHAT_NEVER_HAPPENS[typeof arm === 'number' ? 'alternative' : arm](arm)}`,
    span,
  }));
}

const WHAT_NEVER_HAPPENS = {
  whenTrue: () => 'no step has this condition true, so what depends on it is never done',
  whenFalse: () => 'every step has this condition true, so what is done otherwise never is',
  alternative: (arm: Branch['arm']) => `no step goes by alternative ${Number(arm) + 1} of this \`either\``,
};

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
