import { equalValues, formatCall, formatValue } from '../../dsl/ir/index.ts';
import type { Value } from '../../dsl/ir/index.ts';
import type { Instance } from './instance.ts';

/** An action with a value for each of its arguments, as what is reported names it. Printed by {@link formatStep}. */
export interface StepName {
  /** Empty: nothing happens. */
  readonly action: string;
  readonly arguments: readonly Value[];
}

/** Whose a step is. Printed by {@link formatActor}. */
export type ActorName =
  | { readonly kind: 'thread'; readonly process: string; readonly arguments: readonly Value[] }
  /** Outside of processes: the first argument. */
  | { readonly kind: 'argument'; readonly value: Value }
  /** An action without arguments. */
  | { readonly kind: 'action'; readonly action: string };

/** What fairness is assumed of. Printed by {@link formatAssumption}. */
export interface AssumptionName {
  /** An action, a process, a step of one, or several of them: `a | b`. */
  readonly name: string;
  /** The values that it is split by. */
  readonly arguments: readonly Value[];
}

/** That nothing happens. Only formulas with `taken` can need such a step before or within a loop. */
export const STUTTERING_STEP: StepName = { action: '', arguments: [] };

export function isStuttering({ action }: StepName): boolean {
  return action === STUTTERING_STEP.action;
}

/** `expire(r0)`; a bare name when there are no arguments. */
export function formatStep(step: StepName): string {
  return isStuttering(step) ? '(stutter)' : formatCall(step.action, step.arguments);
}

export function isSameStep(left: StepName, right: StepName): boolean {
  return formatStep(left) === formatStep(right);
}

/** `worker(r0)`, `r0`, or the name of an action. */
export function formatActor(actor: ActorName): string {
  switch (actor.kind) {
    case 'thread':
      return formatCall(actor.process, actor.arguments);
    case 'argument':
      return formatValue(actor.value);
    case 'action':
      return actor.action;
  }
}

/** `worker(r0)`. */
export function formatAssumption(assumption: AssumptionName): string {
  return formatCall(assumption.name, assumption.arguments);
}

/** Whether two are called the same: then they are one. */
export function isSameActor(left: ActorName, right: ActorName): boolean {
  return formatActor(left) === formatActor(right);
}

/** What an instance is called. */
export function stepNameOf({ action, values }: Pick<Instance, 'action' | 'values'>): StepName {
  return { action: action.name, arguments: values };
}

/** Whether an instance is what a step is called by. */
export function isNamed({ action, values }: Pick<Instance, 'action' | 'values'>, step: StepName): boolean {
  return (
    action.name === step.action &&
    values.length === step.arguments.length &&
    values.every((value, index) => equalValues(value, step.arguments[index]))
  );
}

/** Finds the instances of a plan by what they are called. */
export function instanceFinder(instances: readonly Instance[]): (step: StepName) => Instance | undefined {
  const byAction = new Map<string, Instance[]>();
  for (const instance of instances) {
    const list = byAction.get(instance.action.name);
    if (list === undefined) byAction.set(instance.action.name, [instance]);
    else list.push(instance);
  }
  return (step) => byAction.get(step.action)?.find((instance) => isNamed(instance, step));
}
