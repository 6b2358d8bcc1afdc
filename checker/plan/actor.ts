import { isObject } from '../../dsl/ir/index.ts';
import type { ObjectValue, Value } from '../../dsl/ir/index.ts';
import type { Instance } from './instance.ts';
import type { Plan } from './plan.ts';
import { formatActor } from './step-name.ts';
import type { ActorName } from './step-name.ts';

/** Steps that belong together: those of a thread. */
export interface Actor {
  /** As {@link formatActor} prints it: actors of one name are one. */
  readonly name: string;
  readonly instances: readonly Instance[];
}

/** Every actor by its name, in the order of its first instance. */
export function actorsOf(plan: Plan): ReadonlyMap<string, Actor> {
  return new Map(Array.from(grouped(plan, actorNameOf), ([name, instances]) => [name, { name, instances }]));
}

/** Whose step an instance is. */
export function actorOf({ action, values }: Instance): ActorName {
  if (action.process !== undefined) return threadNameOf(action.process.name, values);
  return values.length === 0 ? { kind: 'action', action: action.name } : { kind: 'argument', value: values[0] };
}

/** {@link actorOf}, as the name of an {@link Actor}. */
export function actorNameOf(instance: Instance): string {
  return formatActor(actorOf(instance));
}

function threadNameOf(process: string, values: readonly Value[]): ActorName {
  return { kind: 'thread', process, arguments: values };
}

/** What a variable of its process is for a thread with these arguments. */
export function ownEntry(values: readonly Value[], variable: string, state: ObjectValue): Value {
  return values.reduce<Value>((value, key) => (isObject(value) ? value[String(key)] : undefined), state[variable]);
}

/**
 * What behaviors are drawn in: one lane for each actor, but a single one, {@link COMMON_LANE}, for all the actions that
 * belong to nobody, having neither a process nor an argument. Processes come first.
 */
export function lanesOf(plan: Plan): readonly Actor[] {
  const lanes = Array.from(grouped(plan, laneNameOf), ([name, instances]): Actor => ({ name, instances }));
  const isProcess = ({ instances }: Actor): boolean => instances[0]!.action.process !== undefined;
  return [...lanes.filter(isProcess), ...lanes.filter((lane) => !isProcess(lane))];
}

/** The lane of what belongs to nobody. */
const COMMON_LANE = 'system';

function laneNameOf(instance: Instance): string {
  const { timeout } = instance.action;
  if (timeout !== undefined) return formatActor(threadNameOf(timeout.name, instance.values));
  const isNobodys = instance.action.process === undefined && instance.values.length === 0;
  return isNobodys ? COMMON_LANE : actorNameOf(instance);
}

function grouped(plan: Plan, nameOf: (instance: Instance) => string): ReadonlyMap<string, readonly Instance[]> {
  const groups = new Map<string, Instance[]>();
  for (const instance of plan.instances) {
    const name = nameOf(instance);
    const own = groups.get(name);
    if (own === undefined) groups.set(name, [instance]);
    else own.push(instance);
  }
  return groups;
}
