import { formatPlace } from '../../dsl/ir/index.ts';
import type { ObjectValue } from '../../dsl/ir/index.ts';
import { stepsOf } from '../engine/interpreter/steps.ts';
import { isSameState } from '../engine/state-vector.ts';
import type { Instance } from '../plan/instance.ts';
import { wordsOf } from '../plan/layout.ts';
import type { Plan } from '../plan/plan.ts';
import { formatStep, stepNameOf, STUTTERING_STEP } from '../plan/step-name.ts';
import type { StepName } from '../plan/step-name.ts';
import { STUTTER } from '../search/path.ts';
import type { Path } from '../search/path.ts';
import type { Change, Trace } from './behavior.ts';
import { changesBetween } from './difference.ts';
import { interpretedState } from './interpreted.ts';
import { traceOf } from './trace.ts';

/** A behavior from elsewhere: its states, and the label of the step to each but the first where it is known. */
export interface ClaimedTrace {
  readonly states: readonly ObjectValue[];
  readonly labels: readonly (string | undefined)[];
  /** The index of the state that the last one equals; for stuttering forever the index of the last one itself. */
  readonly loop?: number;
}

/** `state`: the first state that is not reached as claimed. */
interface Fault {
  readonly kind: 'invalid';
  readonly state: number;
  readonly reason: FaultReason;
}

/** Why a state is not reached as claimed. Printed by {@link wordFault}. */
type FaultReason =
  | { readonly kind: 'notInitial' | 'noStep' | 'stutteringChanges' }
  /** The system has no such step. */
  | { readonly kind: 'unknownStep'; readonly name: string }
  | { readonly kind: 'impossible'; readonly step: StepName }
  | { readonly kind: 'leadsElsewhere'; readonly step: StepName; readonly changes: readonly Change[] }
  /** The last state is not the one that the loop goes back to. */
  | { readonly kind: 'openLoop'; readonly loop: number };

/** One line, lower case. */
export function wordFault(reason: FaultReason): string {
  switch (reason.kind) {
    case 'notInitial':
      return 'it is no initial state';
    case 'noStep':
      return 'no step leads to it from the state before';
    case 'stutteringChanges':
      return 'stuttering changes nothing, but it differs from the state before';
    case 'unknownStep':
      return `there is no step ${reason.name}`;
    case 'impossible':
      return `${formatStep(reason.step)} is not possible in the state before`;
    case 'leadsElsewhere': {
      const places = reason.changes.map(({ place }) => formatPlace(place)).join(', ');
      return `${formatStep(reason.step)} leads elsewhere: to a state with another ${places}`;
    }
    case 'openLoop':
      return `the loop does not close: it differs from state ${reason.loop}`;
  }
}

/** What a system is said to do: by a search of ours, or by a file. */
interface ClaimedPath extends Omit<Path, 'instances'> {
  /** By step, the instances one of which makes it, {@link STUTTER} among them; the first that can is taken. */
  readonly candidates: readonly (readonly number[])[];
  /** What a step is called where no instance is; absent where it may be any. */
  readonly labelOf: (step: number) => string | undefined;
}

/** Whether a system behaves as a trace says. A step without a label may be any instance's, or stuttering. */
export function recheck(plan: Plan, { states, labels, loop }: ClaimedTrace): { kind: 'valid'; trace: Trace } | Fault {
  const anyone = [...plan.instances.keys(), STUTTER];
  const found = carriedOut(plan, {
    states: states.map((state) => wordsOf(plan.layout, state)),
    candidates: states.slice(1).map((_, step) => candidatesFor(plan, labels[step]) ?? anyone),
    labelOf: (step) => labels[step],
    ...(loop !== undefined && { loop }),
  });
  return found.kind === 'invalid' ? found : { kind: 'valid', trace: traceOf(plan, found.path) };
}

function candidatesFor({ instances }: Plan, label: string | undefined): readonly number[] | undefined {
  if (label === undefined) return undefined;
  if (label === formatStep(STUTTERING_STEP)) return [STUTTER];
  return instances.filter((instance) => instance.label === label).map(({ id }) => id);
}

/** A path with the very instances that it names, made by the interpreter, or where that is not possible. */
export function retraced(plan: Plan, { instances, ...path }: Path): { kind: 'valid' } | Fault {
  const labelOf = (step: number): string => plan.instances[instances[step]!]?.label ?? formatStep(STUTTERING_STEP);
  return carriedOut(plan, { ...path, candidates: instances.map((one) => [one]), labelOf });
}

/**
 * Lets the interpreter carry out what a system is said to do: it starts in an initial state, each step is made by one of
 * its candidates, and a loop closes.
 */
function carriedOut(plan: Plan, claimed: ClaimedPath): { readonly kind: 'valid'; readonly path: Path } | Fault {
  const { states, candidates, loop } = claimed;
  const invalid = (state: number, reason: FaultReason): Fault => ({ kind: 'invalid', state, reason });
  const [start] = states; // there is none when `init` itself fails
  if (start !== undefined && !interpretedState(plan, start).isInitial) return invalid(0, { kind: 'notInitial' });
  const instances: number[] = [];
  for (let step = 0; step < candidates.length; step += 1) {
    const made = candidates[step]!.find((one) => makes(plan, states[step]!, one, states[step + 1]!));
    if (made === undefined) return invalid(step + 1, whyNotMade(plan, claimed, step));
    instances.push(made);
  }
  const last = states.length - 1;
  if (loop !== undefined && !isSameState(states[loop]!, states[last]!)) {
    return invalid(last, { kind: 'openLoop', loop });
  }
  return { kind: 'valid', path: { states, instances, ...(loop !== undefined && { loop }) } };
}

function makes(plan: Plan, from: Int32Array, one: number, to: Int32Array): boolean {
  return one === STUTTER ? isSameState(from, to) : interpretedState(plan, from).makes(plan.instances[one]!, to);
}

function whyNotMade(plan: Plan, { states, candidates, labelOf }: ClaimedPath, step: number): FaultReason {
  const label = labelOf(step);
  const [first] = candidates[step]!;
  if (label === undefined) return { kind: 'noStep' };
  if (first === undefined) return { kind: 'unknownStep', name: label };
  if (first === STUTTER) return { kind: 'stutteringChanges' };
  const [from, to] = [states[step]!, states[step + 1]!].map((words) => interpretedState(plan, words).value);
  return whyOtherwise(plan, plan.instances[first]!, from!, to!);
}

function whyOtherwise(plan: Plan, instance: Instance, from: ObjectValue, claimed: ObjectValue): FaultReason {
  const step = stepNameOf(instance);
  const [successor] = stepsOf(plan, from, instance).successors;
  if (successor === undefined) return { kind: 'impossible', step };
  return { kind: 'leadsElsewhere', step, changes: changesBetween(plan.system.variables, successor, claimed) };
}
