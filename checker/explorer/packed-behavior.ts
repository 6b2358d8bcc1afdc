import { equalValues } from '../../dsl/ir/index.ts';
import type { Trace, TraceStep } from '../counterexample/behavior.ts';
import { STUTTER_LABEL } from '../counterexample/trace.ts';
import type { Instance } from '../plan/instance.ts';
import type { Plan } from '../plan/plan.ts';
import { STUTTER } from '../search/path.ts';
import type { Path } from '../search/path.ts';

/** A trace in the words of its plan: a tenth of the size, and what the generated code works on. */
export interface PackedBehavior extends Omit<Trace, 'states' | 'steps' | 'unused' | 'reads'> {
  /** The words of the first state, then of each other state what differs from the one before (exclusive or). */
  readonly states: readonly number[];
  /** The action instance of each step, or {@link STUTTER}. */
  readonly instances: readonly number[];
}

/** @throws Error when a step is none of the plan's: the trace is of another system. */
export function packTrace(plan: Plan, trace: Trace): PackedBehavior {
  const { states, steps, unused: _, reads: __, ...rest } = trace; // the page works these out, or shows all
  const { layout } = plan;
  const words = new Int32Array(states.length * layout.words);
  states.forEach((state, index) => layout.encode(state, words, index * layout.words));
  const differences = Array.from(words, (word, at) => (at < layout.words ? word : word ^ words[at - layout.words]!));
  const byLabel = new Map<string, Instance[]>();
  for (const instance of plan.instances)
    byLabel.set(instance.label, [...(byLabel.get(instance.label) ?? []), instance]);
  return { ...rest, states: differences, instances: steps.map((step) => instanceOf(byLabel, step)) };
}

/** The run that was packed. */
export function unpackPath({ layout }: Plan, { states, instances, loop }: PackedBehavior): Path {
  const words = Int32Array.from(states);
  for (let at = layout.words; at < words.length; at += 1) words[at]! ^= words[at - layout.words]!;
  const count = words.length / layout.words;
  return {
    states: Array.from({ length: count }, (_, index) =>
      words.subarray(index * layout.words, (index + 1) * layout.words),
    ),
    instances,
    ...(loop !== undefined && { loop }),
  };
}

/** Labels are for people: two steps may have the same one. */
function instanceOf(byLabel: ReadonlyMap<string, readonly Instance[]>, step: TraceStep): number {
  if (step.label === STUTTER_LABEL && step.action === '') return STUTTER;
  const found = byLabel
    .get(step.label)
    ?.find(
      ({ action, values }) =>
        action.name === step.action && values.every((value, index) => equalValues(value, step.arguments[index])),
    );
  if (found === undefined) throw new Error(`internal: the plan has no step ${step.label}`);
  return found.id;
}
