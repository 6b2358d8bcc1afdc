import { encodeValue } from '../../dsl/ir/value-json.ts';
import type { AssumptionGroup, Expression, Predicate, System, Value } from '../../dsl/ir/index.ts';
import { systemOfStates } from '../../dsl/ir/serials/as-integers.ts';
import { branchesOf } from './branch.ts';
import type { Branches } from './branch.ts';
import { instancesOf } from './instance.ts';
import { layoutOf } from './layout.ts';
import type { Layout } from './layout.ts';
import type { Refusal } from './refusal.ts';
import type { Instance } from './instance.ts';

/** All that is settled before the first state: instances, layout, predicates. Made by {@link planOf}. */
export interface Plan {
  readonly system: System;
  /** In the order of the declarations, arguments counting in domain order with the last fastest. */
  readonly instances: readonly Instance[];
  /** Of all actions. */
  readonly branches: Branches;
  readonly layout: Layout;
  /** Everything the search and liveness ask of single states or steps, each with its binders put in. */
  readonly predicates: readonly BoundPredicate[];
  readonly roles: PredicateRoles;
}

/** An expression with values for its free locals, still without a place in a plan. */
export interface PredicateRequest {
  readonly expression: Expression;
  readonly bindings: ReadonlyMap<string, Value>;
  /** Of a step (has `next` variables) rather than of a state. */
  readonly ofStep: boolean;
}

/** A predicate of the system, or an atom of a formula, with values for its free locals. */
export interface BoundPredicate extends PredicateRequest {
  /** Its index in `plan.predicates`. */
  readonly id: number;
}

/** Which predicates are what: indices into `plan.predicates`, in the order of `plan.system`'s lists. */
interface PredicateRoles {
  readonly invariants: readonly number[];
  readonly steps: readonly number[];
  readonly sometimes: readonly number[];
  readonly terminal: readonly number[];
  readonly within: readonly number[];
  /** For a fairness group with a `when`: the predicate for each instance of its actions, by instance id. */
  readonly fairness: ReadonlyMap<AssumptionGroup, ReadonlyMap<number, number>>;
  /** What {@link planOf} was asked for besides, in that order. */
  readonly extra: readonly number[];
}

/** The refusals of a system that is too large to be checked, all that were found. */
export interface Refused {
  readonly refusals: readonly Refusal[];
}

/**
 * Settles everything before the first state. Of a system with values of which only the order counts, it is about ranks.
 *
 * @param extra - what else will be asked of states or steps: the atoms of temporal formulas.
 * @returns the plan, or why there is none: too many instances, an argument or variable domain that is too large.
 * @remarks Cost: linear in instances and predicates; a variable's domain is never enumerated.
 */
export function planOf(declared: System, extra: readonly PredicateRequest[] = []): Plan | Refused {
  const system = systemOfStates(declared);
  const instances = instancesOf(system);
  const layout = layoutOf(system.variables);
  const refusals = [...(isRefusal(instances) ? instances : []), ...('words' in layout ? [] : layout)];
  if (isRefusal(instances) || !('words' in layout)) return { refusals };

  const predicates: BoundPredicate[] = [];
  const add = (request: PredicateRequest): number => predicates.push({ ...request, id: predicates.length }) - 1;
  const addAll = (list: readonly Predicate[], ofStep: boolean): number[] =>
    list.map(({ predicate }) => add({ expression: predicate, bindings: new Map(), ofStep }));

  const roles: PredicateRoles = {
    invariants: addAll(system.invariants, false),
    steps: addAll(system.steps, true),
    sometimes: addAll(system.sometimes, false),
    terminal: addAll(system.terminal, false),
    within: addAll(system.within, false),
    fairness: fairnessConditions(system, instances, add),
    extra: extra.map(add),
  };
  return { system, instances, branches: branchesOf(system.actions), layout, predicates, roles };
}

/** Whether {@link planOf} refused. */
export function isRefused(plan: Plan | Refused): plan is Refused {
  return 'refusals' in plan;
}

function isRefusal(list: readonly Instance[] | readonly Refusal[]): list is readonly Refusal[] {
  return list[0] !== undefined && 'message' in list[0];
}

function fairnessConditions(
  system: System,
  instances: readonly Instance[],
  add: (request: PredicateRequest) => number,
): ReadonlyMap<AssumptionGroup, ReadonlyMap<number, number>> {
  const conditions = new Map<AssumptionGroup, ReadonlyMap<number, number>>();
  for (const group of system.fairness.flatMap((set) => set.assumptions).flatMap((assumption) => assumption.groups)) {
    const expression = group.when;
    if (expression === undefined) continue;
    const members = new Set(group.actions);
    const byInstance = instances.filter((instance) => members.has(instance.action.name));
    // The steps of one thread have the same arguments: one predicate for all of them.
    const known = new Map<string, number>();
    const conditionOf = (instance: Instance): number => {
      const bindings = bindingsOf(instance);
      const key = JSON.stringify([...bindings].map(([name, value]) => [name, encodeValue(value)]));
      const predicate = known.get(key) ?? add({ expression, bindings, ofStep: false });
      known.set(key, predicate);
      return predicate;
    };
    conditions.set(group, new Map(byInstance.map((one) => [one.id, conditionOf(one)])));
  }
  return conditions;
}

/** The argument values of an instance by name. */
export function bindingsOf(instance: Instance): ReadonlyMap<string, Value> {
  return new Map(instance.action.arguments.map((argument, index) => [argument.name, instance.values[index]]));
}
