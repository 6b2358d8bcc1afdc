import type { ObjectValue } from '../../dsl/ir/index.ts';
import { initialSteps, stepsOf } from '../engine/interpreter/steps.ts';
import type { Instance } from '../plan/instance.ts';
import type { Plan } from '../plan/plan.ts';
import { STUTTER } from '../search/path.ts';
import type { Trace } from './behavior.ts';
import { changesBetween } from './difference.ts';
import { STUTTER_LABEL, traceOf } from './trace.ts';

/** A behavior from elsewhere: its states, and the label of the step to each but the first where it is known. */
export interface ClaimedTrace {
  readonly states: readonly ObjectValue[];
  readonly labels: readonly (string | undefined)[];
  /** The index of the state that the last one equals; for stuttering forever the index of the last one itself. */
  readonly loop?: number;
}

type Recheck =
  | { readonly kind: 'valid'; readonly trace: Trace }
  /** `state`: the first state that is not reached as claimed. */
  | { readonly kind: 'invalid'; readonly state: number; readonly message: string };

/**
 * Whether a system behaves as a trace says: it starts in an initial state, each step is one of the system, and a loop
 * closes. Every step is made by the interpreter; a step without a label may be any instance's, or stuttering.
 */
export function recheck(plan: Plan, claimed: ClaimedTrace): Recheck {
  const { states, labels, loop } = claimed;
  const words = states.map((state) => wordsOf(plan, state));
  const invalid = (state: number, message: string): Recheck => ({ kind: 'invalid', state, message });
  if (!initialSteps(plan).successors.some((state) => isSame(wordsOf(plan, state), words[0]!))) {
    return invalid(0, 'it is no initial state');
  }
  const instances: number[] = [];
  for (let index = 1; index < states.length; index += 1) {
    const before = states[index - 1]!;
    const label = labels[index - 1];
    const stutters = isSame(words[index - 1]!, words[index]!);
    if (label === STUTTER_LABEL) {
      if (!stutters) return invalid(index, 'stuttering changes nothing, but it differs from the state before');
      instances.push(STUTTER);
      continue;
    }
    const candidates = plan.instances.filter((instance) => label === undefined || instance.label === label);
    if (candidates.length === 0) return invalid(index, `there is no step ${label}`);
    const made = candidates.find((instance) => makes(plan, before, instance, words[index]!));
    if (made !== undefined) instances.push(made.id);
    else if (label === undefined && stutters) instances.push(STUTTER);
    else return invalid(index, whyNotMade(plan, before, candidates, states[index]!, label));
  }
  const last = states.length - 1;
  if (loop !== undefined && !isSame(words[loop]!, words[last]!)) {
    return invalid(last, `the loop does not close: it differs from state ${loop}`);
  }
  return { kind: 'valid', trace: traceOf(plan, { states: words, instances, ...(loop !== undefined && { loop }) }) };
}

function makes(plan: Plan, from: ObjectValue, instance: Instance, to: Int32Array): boolean {
  return stepsOf(plan, from, instance).successors.some((successor) => isSame(wordsOf(plan, successor), to));
}

function whyNotMade(
  plan: Plan,
  before: ObjectValue,
  candidates: readonly Instance[],
  claimed: ObjectValue,
  label: string | undefined,
): string {
  if (label === undefined) return 'no step leads to it from the state before';
  const [successor] = stepsOf(plan, before, candidates[0]!).successors;
  if (successor === undefined) return `${label} is not possible in the state before`;
  const places = changesBetween(plan.system.variables, successor, claimed).map(({ path }) => path);
  return `${label} leads elsewhere: to a state with another ${places.join(', ')}`;
}

function wordsOf(plan: Plan, state: ObjectValue): Int32Array {
  const words = new Int32Array(plan.layout.words);
  plan.layout.encode(state, words, 0);
  return words;
}

function isSame(left: Int32Array, right: Int32Array): boolean {
  return left.every((word, index) => word === right[index]);
}
