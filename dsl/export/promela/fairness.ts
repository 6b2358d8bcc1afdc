import type { Assumption, AssumptionGroup, Property, Value } from '../../ir/index.ts';
import { equalValues, formatCall, valuesOf } from '../../ir/index.ts';
import type { PromelaInstance } from './instance.ts';
import { combinations } from './instance.ts';
import type { Model } from './model.ts';

/** One assumption, for one combination of its `per` values. */
export interface AssumedSteps {
  readonly set: string;
  readonly strength: Assumption['strength'];
  readonly group: AssumptionGroup;
  readonly members: readonly PromelaInstance[];
  readonly label: string;
}

export function assumptionsOf({ system, instances }: Model): AssumedSteps[] {
  return system.fairness.flatMap((set) =>
    set.assumptions.flatMap(({ strength, groups }) =>
      groups.flatMap((group) => {
        const all = instances.filter((instance) => group.actions.includes(instance.action.name));
        const [first] = all;
        if (first === undefined) return [];
        const domains = group.per.map((name) => first.action.arguments.find((one) => one.name === name)!.domain);
        return combinations(domains.map((domain) => [...valuesOf(domain)])).map((values): AssumedSteps => {
          const members = all.filter((instance) =>
            group.per.every((name, index) => equalValues(argumentOf(instance, name), values[index])),
          );
          const label = `${strength} ${formatCall(group.name, values)}`;
          return { set: set.name, strength, group, members, label };
        });
      }),
    ),
  );
}

function argumentOf(instance: PromelaInstance, name: string): Value {
  return instance.values[instance.action.arguments.findIndex((argument) => argument.name === name)];
}

export function isAssumed(property: Property, set: string): boolean {
  return property.under === undefined || property.under.includes(set);
}
