import type { Trace } from '../counterexample/behavior.ts';
import type { Plan } from '../plan/plan.ts';
import { formatStep, instanceFinder, isStuttering } from '../plan/step-name.ts';
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
  const instanceOf = instanceFinder(plan.instances);
  const instances = steps.map((step) => {
    if (isStuttering(step)) return STUTTER;
    const found = instanceOf(step);
    if (found === undefined) throw new Error(`internal: the plan has no step ${formatStep(step)}`);
    return found.id;
  });
  return { ...rest, states: differences, instances };
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
