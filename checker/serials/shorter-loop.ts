// A system whose states are not settled tells states apart that are alike, so a loop may be found late, or be gone through
// twice before it is back. It is told once, and from where it begins.
import type { ObjectValue, System } from '../../dsl/ir/index.ts';
import { equalValues, formatValue } from '../../dsl/ir/index.ts';
import type { FairnessEvidence, Trace, WaitsFor } from '../counterexample/behavior.ts';
import { formatStep } from '../plan/step-name.ts';
import { settledState } from './ranks.ts';

/** A lasso of the unsettled system with the shortest loop that goes through the same steps, as early as it begins. */
export function withShorterLoop(system: System, trace: Trace): Trace {
  const { steps, states, loop } = trace;
  if (loop === undefined || loop === steps.length) return trace;
  const signatures = steps.map((_, at) => signatureOf(system, trace, at));
  const length = steps.length - loop;
  const isPeriod = (period: number): boolean =>
    length % period === 0 && signatures.every((one, at) => at < loop + period || one === signatures[at - period]);
  const period = Array.from({ length }, (_, index) => index + 1).find(isPeriod)!;
  let start = loop;
  while (0 < start && signatures[start - 1] === signatures[start - 1 + period]) start -= 1;
  const end = start + period;
  if (end === steps.length) return trace;
  const moved = (index: number): number => (index < end ? index : start + ((index - start) % period));
  const { fairness, waitsFor } = trace;
  return {
    ...trace,
    states: states.slice(0, end + 1),
    steps: steps.slice(0, end),
    loop: start,
    ...(fairness !== undefined && { fairness: fairness.map((one) => fairnessMoved(one, moved)) }),
    ...(waitsFor !== undefined && { waitsFor: waitsMoved(waitsFor, moved) }),
  };
}

/** What a step is, but for which integers there were: by what state, and what it makes of that. */
function signatureOf({ variables }: System, { states, steps }: Trace, at: number): string {
  const [from, to] = [states[at]!, states[at + 1]!];
  const settled = settledState(variables, from);
  const declared: ObjectValue = Object.fromEntries(variables.map(({ name }) => [name, to[name]]));
  const made = equalValues(from, to) ? 'nothing' : formatValue(declared);
  return [formatStep(steps[at]!), formatValue(settled), made].join('\n');
}

function fairnessMoved(one: FairnessEvidence, moved: (index: number) => number): FairnessEvidence {
  const { evidence } = one;
  switch (evidence.kind) {
    case 'taken':
      return { ...one, evidence: { ...evidence, step: moved(evidence.step) } };
    case 'disabled':
      return { ...one, evidence: { ...evidence, state: moved(evidence.state) } };
    case 'neverEnabled':
      return one;
  }
}

function waitsMoved(waitsFor: WaitsFor, moved: (index: number) => number): WaitsFor {
  const waits = waitsFor.waits.map((wait) => ({
    ...wait,
    ...(wait.since !== undefined && { since: moved(wait.since) }),
    missed: wait.missed.map((one) => ({ ...one, step: moved(one.step) })),
    steps: wait.steps.map((list) =>
      list.map((one) => (one.step === undefined ? one : { ...one, step: moved(one.step) })),
    ),
  }));
  return { ...waitsFor, state: moved(waitsFor.state), waits };
}
