import { enabledQuestions } from '../../ir/enabled.ts';
import type { Predicate, System } from '../../ir/index.ts';
import type { Node } from '../../ir/fold.ts';
import type { Refusals } from '../refusal.ts';

/**
 * Refuses `enabled` where SPIN cannot be asked: the C of a step tries one step at a time, from the state that SPIN is in,
 * so it answers only where neither another step is being tried nor another state is judged.
 */
export function refuseEnabled(system: System, refusals: Refusals): void {
  const refuse = (nodes: readonly Node[], message: string): void => {
    for (const { span } of enabledQuestions(nodes)) refusals.add('enabled', message, span);
  };
  const inPredicates = (list: readonly Predicate[], message: string): void =>
    refuse(
      list.map(({ predicate }) => predicate),
      message,
    );
  for (const { body } of system.actions) refuse(body, 'a step cannot be tried while another one is made');
  inPredicates(system.steps, 'it cannot be tried while another step is judged');
  inPredicates(system.within, 'it can only be tried in states that are explored');
  if (0 < system.within.length) {
    inPredicates(
      [...system.invariants, ...system.sometimes],
      'beside a `within`, it can only be tried in states that are explored',
    );
  }
}
