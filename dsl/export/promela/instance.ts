import type { Action, System, Value } from '../../ir/index.ts';
import { cardinality, formatCall, valuesOf } from '../../ir/index.ts';
import type { Conversions } from './convert.ts';
import { constantText } from './model.ts';

/** An action with a value for each of its arguments. */
export interface PromelaInstance {
  /** In the order of the declarations, arguments counting in domain order with the last fastest. */
  readonly number: number;
  readonly action: Action;
  readonly values: readonly Value[];
  /** `expire(r0)`. */
  readonly label: string;
  /** The arguments as C that may stand in a `c_expr`. */
  readonly given: readonly string[];
}

/** How many instances a system has, without making them. */
export function instanceCount(system: System): number {
  const ofAction = (action: Action): number =>
    action.arguments.reduce((product, { domain }) => product * cardinality(domain), 1);
  return system.actions.reduce((sum, action) => sum + ofAction(action), 0);
}

export function instancesOf(system: System, conversions: Conversions): PromelaInstance[] {
  const instances: PromelaInstance[] = [];
  for (const action of system.actions) {
    for (const values of combinations(action.arguments.map(({ domain }) => [...valuesOf(domain)]))) {
      const label = formatCall(action.name, values);
      const given = action.arguments.map(({ domain }, index) => constantText(conversions, domain, values[index]));
      instances.push({ number: instances.length, action, values, label, given });
    }
  }
  return instances;
}

/** Every way to take one of each, the last counting fastest. */
export function combinations<T>(lists: readonly (readonly T[])[]): T[][] {
  return lists.reduce<T[][]>((so, list) => so.flatMap((prefix) => list.map((item) => [...prefix, item])), [[]]);
}
