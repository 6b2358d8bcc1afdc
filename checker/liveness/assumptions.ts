import { lineOf } from '../../dsl/diagnostics/span.ts';
import { encodeValue } from '../../dsl/ir/value-json.ts';
import type { Assumption, AssumptionGroup, System, Value } from '../../dsl/ir/index.ts';
import type { Instance } from '../plan/instance.ts';
import type { Plan } from '../plan/plan.ts';
import type { Candidate } from './advisor.ts';
import { NO_GUARD } from './fairness.ts';
import type { FairnessConstraint } from './fairness.ts';
import { actionsNamed, groupName } from './formula.ts';

/** The assumptions of some fairness sets over the instances of a plan; their guards are numbers of its predicates. */
export function constraintsOf(plan: Plan, sets: readonly string[]): readonly FairnessConstraint[] {
  return candidatesOf(plan, sets).flatMap(({ constraints }) => constraints);
}

/**
 * The assumptions of some fairness sets, one for each action, process or disjunction that they name. Worked out once for
 * each plan: the same candidates have the same constraints.
 */
export function candidatesOf(plan: Plan, sets: readonly string[]): readonly Candidate[] {
  const known = made.get(plan) ?? new Map<string, readonly Candidate[]>();
  made.set(plan, known);
  const key = JSON.stringify(sets);
  let candidates = known.get(key);
  if (candidates === undefined) known.set(key, (candidates = madeBy(plan, sets)));
  return candidates;
}

const made = new WeakMap<Plan, Map<string, readonly Candidate[]>>();

function madeBy(plan: Plan, sets: readonly string[]): readonly Candidate[] {
  return plan.system.fairness
    .filter(({ name }) => sets.includes(name))
    .flatMap(({ name: set, assumptions }) =>
      assumptions.flatMap((assumption) =>
        assumption.groups.map((group): Candidate => {
          const when = group.when && lineOf(plan.system.files, group.when.span);
          const named = { name: group.name, set, ...(when !== undefined && { when }) };
          const { strength } = assumption;
          const made = { ...named, strength, constraints: constraintsOfGroup(plan, assumption, group) };
          if (strength === 'weak') return made;
          const weak = 'weak' as const;
          const constraints = constraintsOfGroup(plan, { strength: weak }, group);
          return { ...made, weaker: { ...named, strength: weak, isMadeStrong: true, constraints } };
        }),
      ),
    );
}

/**
 * Every assumption about one process or one action outside of processes, for each value of its arguments, and strong
 * ones about single steps of processes.
 */
export function possibleCandidates(plan: Plan): readonly Candidate[] {
  const { actions } = plan.system;
  const isUnpromised = unpromisedTest(plan.system);
  const groups = new Map<string, { readonly per: readonly string[]; readonly instances: Instance[] }>();
  const add = (name: string, { action }: Instance): Instance[] => {
    const group = groups.get(name) ?? { per: action.arguments.map((argument) => argument.name), instances: [] };
    groups.set(name, group);
    return group.instances;
  };
  for (const instance of plan.instances) {
    const { action } = instance;
    for (const name of new Set([groupName(action), action.name])) add(name, instance).push(instance);
  }
  const candidate = (strength: 'weak' | 'strong', name: string): Candidate => {
    const { per, instances } = groups.get(name) ?? { per: [], instances: [] };
    const group = { name, actions: [name], per };
    return { strength, name, constraints: constraintsOfGroup(plan, { strength }, group, instances) };
  };
  const whole = [...new Set(actions.map(groupName))].flatMap((name) =>
    (['weak', 'strong'] as const).map((strength) => ({
      ...candidate(strength, name),
      isUnpromised: isUnpromised(name, 'always'),
    })),
  );
  const steps = actions.filter(({ process }) => process !== undefined);
  return [
    ...whole,
    ...steps.map(({ name }) => ({
      ...candidate('strong', name),
      isStep: true,
      isUnpromised: isUnpromised(name, 'somewhere'),
    })),
  ];
}

/**
 * Whether some step of an action or a process is one that no fairness of the spec is about, `always` or at least
 * `somewhere`, though it is about others. What an author promises only in part, such as all of a thread but that it
 * begins, is left open on purpose.
 */
export function unpromisedTest(system: System): (name: string, where: 'always' | 'somewhere') => boolean {
  const groups = system.fairness.flatMap(({ assumptions }) => assumptions.flatMap((one) => one.groups));
  const namesIn = (some: readonly AssumptionGroup[]): ReadonlySet<string> =>
    new Set(some.flatMap((one) => one.actions));
  const promised = { always: namesIn(groups.filter(({ when }) => when === undefined)), somewhere: namesIn(groups) };
  return (name, where) =>
    0 < groups.length &&
    actionsNamed(system, name).some(
      (action) => !promised[where].has(action.name) && !promised[where].has(groupName(action)),
    );
}

/** One for each combination of the values of the `per` arguments, in the order of the instances. */
function constraintsOfGroup(
  plan: Plan,
  { strength }: Pick<Assumption, 'strength'>,
  group: AssumptionGroup,
  instances: readonly Instance[] = plan.instances,
): readonly FairnessConstraint[] {
  const actions = new Set(group.actions.flatMap((name) => actionsNamed(plan.system, name)));
  const guards = plan.roles.fairness.get(group);
  const constraints = new Map<string, FairnessConstraint & { readonly members: Map<number, number> }>();
  for (const instance of instances) {
    if (!actions.has(instance.action)) continue;
    const values = group.per.map((argument) => valueOf(instance, argument));
    const key = JSON.stringify(values.map(encodeValue));
    const constraint = constraints.get(key) ?? newConstraint(strength, group.name, values);
    constraints.set(key, constraint);
    constraint.members.set(instance.id, group.when === undefined ? NO_GUARD : guardOf(guards, instance));
  }
  return [...constraints.values()];
}

function newConstraint(
  strength: Assumption['strength'],
  name: string,
  values: readonly Value[],
): FairnessConstraint & { readonly members: Map<number, number> } {
  return { strength, about: { name, arguments: values }, members: new Map() };
}

function valueOf(instance: Instance, argument: string): Value {
  const index = instance.action.arguments.findIndex(({ name }) => name === argument);
  if (index < 0) throw new Error(`internal: ${instance.action.name} has no argument ${argument}`);
  return instance.values[index];
}

function guardOf(guards: ReadonlyMap<number, number> | undefined, instance: Instance): number {
  const guard = guards?.get(instance.id);
  if (guard === undefined) throw new Error(`internal: no fairness guard for ${instance.label}`);
  return guard;
}
