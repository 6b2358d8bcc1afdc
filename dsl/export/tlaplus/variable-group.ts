import type { Action, System } from '../../ir/index.ts';
import type { Identifiers } from '../identifiers.ts';
import { rootsOf } from './statement.ts';

/** Variables under one name, so that a step says with one word that it leaves all of them alone. */
export interface VariableGroup {
  readonly name: string;
  /** In the order of declaration. */
  readonly variables: readonly string[];
}

/** Lists that are no longer than this are read at a glance. */
const FEW = 5;

/**
 * Groups that make the lists of what steps leave alone short: of what several processes change (`shared_vars`), of what
 * only the steps of one process do (`writer_vars`), and of the rest. What many steps change by itself is in none of them.
 *
 * @param named - what variables are called in the module.
 * @param lists - the variables of each `UNCHANGED`.
 * @returns groups of two variables or more, which have none in common; none where all lists are short.
 */
export function variableGroups(
  system: System,
  named: ReadonlyMap<string, string>,
  names: Identifiers,
  lists: readonly (readonly string[])[],
): readonly VariableGroup[] {
  const partial = lists.filter((list) => list.length < system.variables.length);
  if (partial.every((list) => list.length <= FEW)) return [];
  const kinds = new Map<string, string[]>([['shared_vars', []]]);
  for (const { name } of system.variables) {
    const kind = `${ownerOf(system, name) ?? 'shared'}_vars`;
    kinds.set(kind, [...(kinds.get(kind) ?? []), named.get(name)!]);
  }
  const several = [...kinds].filter(([, variables]) => 1 < variables.length);
  const others = [...kinds].filter(([, variables]) => variables.length === 1).flatMap(([, variables]) => variables);
  return [...several, ['other_vars', others] as const].flatMap(([name, variables]) => {
    const best = shortest(variables, partial);
    return best.length < 2 ? [] : [{ name: names.take(name), variables: best }];
  });
}

/** The process whose steps alone change a variable. */
function ownerOf(system: System, variable: string): string | undefined {
  const changing = system.actions.filter((action) => changes(action, variable));
  const owners = new Set(changing.map(({ process }) => process?.name));
  return owners.size === 1 ? [...owners][0] : undefined;
}

function changes(action: Action, variable: string): boolean {
  return rootsOf(action.body).includes(`variable ${variable}`);
}

/** Those of some variables that make all lists shortest when they have one name: one after another is left out of them. */
function shortest(variables: readonly string[], lists: readonly (readonly string[])[]): readonly string[] {
  const savedBy = (group: readonly string[]): number =>
    (group.length - 1) * lists.filter((list) => group.every((name) => list.includes(name))).length;
  let best = variables;
  for (let group = variables; 2 < group.length;) {
    const smaller = group.map((left) => group.filter((name) => name !== left));
    group = smaller.reduce((found, one) => (savedBy(found) < savedBy(one) ? one : found));
    if (savedBy(best) < savedBy(group)) best = group;
  }
  return savedBy(best) === 0 ? [] : best;
}

/** Variables with those of a group under its name where all of them are there. */
export function inGroups(variables: readonly string[], groups: readonly VariableGroup[]): readonly string[] {
  const whole = groups.filter((group) => group.variables.every((name) => variables.includes(name)));
  const isGrouped = (name: string): boolean => whole.some((group) => group.variables.includes(name));
  return [...whole.map(({ name }) => name), ...variables.filter((name) => !isGrouped(name))];
}
