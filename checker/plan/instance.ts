import type { Action, System, Value } from '../../dsl/ir/index.ts';
import { cardinality, formatCall, MAX_INSTANCES, valuesOf } from '../../dsl/ir/index.ts';
import type { Refusal } from './refusal.ts';

/** Every action with every combination of argument values, the last argument counting fastest. */
export function instancesOf(system: System): readonly Instance[] | readonly Refusal[] {
  const refusals: Refusal[] = [];
  let total = 0;
  for (const action of system.actions) {
    const size = action.arguments.reduce((product, argument) => product * cardinality(argument.domain), 1);
    total += size;
    if (MAX_INSTANCES < size || Number.isNaN(size)) {
      refusals.push({
        about: { action: action.name },
        message: `has ${Number.isFinite(size) ? size : 'too many'} combinations of argument values; at most ${MAX_INSTANCES} are supported`,
        span: action.span,
      });
    }
  }
  if (refusals.length === 0 && MAX_INSTANCES < total) {
    refusals.push({
      message: `there are ${total} action instances; at most ${MAX_INSTANCES} are supported`,
      span: system.span,
    });
  }
  if (0 < refusals.length) return refusals;

  const instances: Instance[] = [];
  for (const action of system.actions) {
    for (const values of combinations(action)) {
      instances.push({ id: instances.length, action, values, label: formatCall(action.name, values) });
    }
  }
  return instances;
}

function combinations(action: Action): readonly Value[][] {
  let found: Value[][] = [[]];
  for (const argument of action.arguments) {
    const values = [...valuesOf(argument.domain)];
    found = found.flatMap((prefix) => values.map((value) => [...prefix, value]));
  }
  return found;
}

/** An action with a value for each of its arguments. */
export interface Instance {
  /** Its index in `plan.instances`. */
  readonly id: number;
  readonly action: Action;
  /** One for each of `action.arguments`. */
  readonly values: readonly Value[];
  /** `expire(r0)`; a bare name when there are no arguments. */
  readonly label: string;
}
