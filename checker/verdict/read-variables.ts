import { fold } from '../../dsl/ir/fold.ts';
import type { Node } from '../../dsl/ir/fold.ts';
import type { System } from '../../dsl/ir/index.ts';
import type { Trace } from '../counterexample/behavior.ts';
import type { Answer } from './answer.ts';

/**
 * An answer whose trace knows which variables it is about, when it is so long that not all of it can be told: those that
 * the property reads, and those that whoever waits in the end waits for.
 */
export function withReads(system: System, answer: Answer): Answer {
  const { outcome } = answer;
  if ((outcome.kind !== 'violated' && outcome.kind !== 'reached') || outcome.trace.steps.length < LONG_TRACE)
    return answer;
  const reads = [...new Set([...readBy(system, answer), ...awaited(outcome.trace)])];
  return { ...answer, outcome: { ...outcome, trace: { ...outcome.trace, reads } } };
}

/** Traces with so many steps are reported in part, shorter ones whole. */
export const LONG_TRACE = 100;

function readBy(system: System, { kind, name }: Answer): readonly string[] {
  switch (kind) {
    case 'invariant':
      return variablesIn(system.invariants.find((one) => one.name === name)?.predicate);
    case 'step':
      return variablesIn(system.steps.find((one) => one.name === name)?.predicate);
    case 'sometimes':
      return variablesIn(system.sometimes.find((one) => one.name === name)?.predicate);
    case 'property':
      return variablesIn(system.properties.find((one) => one.name === name)?.formula);
    case 'deadlock':
    case 'evaluation':
      return [];
  }
}

function variablesIn(node: Node | undefined): readonly string[] {
  if (node === undefined) return [];
  return fold<readonly string[]>(node, (one, parts) => [
    ...parts.flat(),
    ...(one.kind === 'variable' ? [one.name] : []),
  ]);
}

/** The variables of the places that are waited for. */
function awaited({ waitsFor }: Trace): readonly string[] {
  return (waitsFor?.waits ?? []).flatMap(({ reads }) => reads.map(({ place }) => place.variable));
}
