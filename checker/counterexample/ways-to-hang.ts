import { formatValue } from '../../dsl/ir/index.ts';
import { Batch, FALSE } from '../engine/next-state.ts';
import type { NextState } from '../engine/next-state.ts';
import type { Plan } from '../plan/plan.ts';
import type { Exploration } from '../search/exploration.ts';
import { alikeStates } from './alike-states.ts';
import type { AlikeStates } from './alike-states.ts';
import type { Explained } from './explanation.ts';
import type { Explored } from './explored.ts';

/** So many deadlocked states are told apart. */
const MOST_DEADLOCKS = 1000;

/**
 * The ways in which a system hangs, nearest first: its deadlocked states, grouped by who waits for what up to permuting
 * ids. Undefined when there are more than can be told apart, or more states than are looked at.
 *
 * Cost: one look at each explored state, and for each deadlocked one what everybody waits for.
 */
export function waysToHang(
  plan: Plan,
  engine: NextState,
  { states }: Exploration,
  explored: Explored,
  waitsAt: (state: number) => readonly Explained[],
): readonly AlikeStates[] | undefined {
  if (!explored.isComplete) return undefined;
  const { offsets } = explored.graph;
  const batch = new Batch(engine.words);
  const isDeadlock = (state: number): boolean => {
    if (offsets[state]! < offsets[state + 1]!) return false;
    const words = states.wordsOf(state);
    batch.clear();
    engine.successors(words, 0, batch); // a step that changes nothing is a step
    if (0 < batch.count || 0 < batch.failures.length) return false;
    return plan.roles.terminal.every((predicate) => engine.holds(predicate, words, 0) === FALSE);
  };
  const saidOf = (state: number): readonly string[] | undefined =>
    isDeadlock(state) ? waitsAt(state).map(lineOf) : undefined;
  return alikeStates(plan, explored.size, saidOf, MOST_DEADLOCKS);
}

/** Whose step waits where, and for what: the part of the guard, the places that it reads and, but for numbers, what they hold. */
function lineOf({ label, span, reads }: Explained): string {
  const places = reads
    .map(({ path, value }) => (typeof value === 'number' ? path : `${path}=${formatValue(value)}`))
    .join(' ');
  return `${label} ${span.file}:${span.start} ${places}`;
}
