import type * as z from 'zod';
import { idsOf, type IdsDefinition, type SpecDefinition } from './definition.ts';

/** What was wrong with the parameters of a model; `parameter` is undefined when it is no single one's fault. */
export interface ActivationProblem {
  readonly parameter: string | undefined;
  readonly message: string;
}

/** The values of all parameters of a spec, or what is wrong with those given. */
export type Activation =
  | { readonly kind: 'active'; readonly parameters: Readonly<Record<string, unknown>> }
  | { readonly kind: 'invalid'; readonly problems: readonly ActivationProblem[] };

let activeValues: Readonly<Record<string, unknown>> = {};
let prefixes: ReadonlyMap<IdsDefinition, string> = new Map();

/**
 * Makes a spec with these parameter values the active one: from now on sets of ids have its sizes and names.
 *
 * Parameters left out have their defaults. Evaluation is synchronous and one spec is active at a time; activating
 * another one, or the same with other values, does not change values handed out before.
 */
export function activate(definition: SpecDefinition, given: Readonly<Record<string, unknown>>): Activation {
  const problems: ActivationProblem[] = [];
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(definition.parameters, name)) {
      problems.push({ parameter: name, message: `\`${definition.name}\` has no parameter \`${name}\`` });
    }
  }
  const parameters: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(definition.parameters)) {
    const parsed = (schema as z.ZodType).safeParse(given[name]);
    if (parsed.success) parameters[name] = parsed.data;
    else problems.push({ parameter: name, message: parsed.error.issues.map((issue) => issue.message).join('; ') });
  }
  if (problems.length > 0) return { kind: 'invalid', problems };

  activeValues = Object.freeze(parameters);
  prefixes = new Map();
  try {
    const sets = idsOfSpec(definition, activeValues);
    prefixes = prefixesOf(sets);
    for (const set of sets) valuesOfIds(set);
    return { kind: 'active', parameters: activeValues };
  } catch (error) {
    return { kind: 'invalid', problems: [{ parameter: undefined, message: messageOf(error) }] };
  }
}

/**
 * The ids of a set in the model that is active, in order.
 *
 * @throws RangeError when its size is no natural number, as when a size that depends on parameters is asked for while
 * no model is active.
 */
export function valuesOfIds(definition: IdsDefinition): string[] {
  const size = typeof definition.size === 'number' ? definition.size : definition.size(activeValues as never);
  if (!Number.isInteger(size) || size < 0) {
    throw new RangeError(
      `the size of ids("${definition.name}") is ${String(size)}; it must be a number of ids, 0 or more`,
    );
  }
  const prefix = definition.prefix ?? prefixes.get(definition) ?? firstLetter(definition);
  return Array.from({ length: size }, (_, index) => `${prefix}${index}`);
}

/** The schemas of the arguments of an action or process, in the active spec. */
export function argumentsOf(
  declared: {
    readonly arguments: SpecDefinition['parameters'] | ((parameters: never) => SpecDefinition['parameters']);
  },
  parameters: Readonly<Record<string, unknown>>,
): Readonly<Record<string, z.core.$ZodType>> {
  return typeof declared.arguments === 'function' ? declared.arguments(parameters as never) : declared.arguments;
}

/** Every set of ids that variables and arguments are made of, in order of first mention. */
export function idsOfSpec(
  definition: SpecDefinition,
  parameters: Readonly<Record<string, unknown>>,
): readonly IdsDefinition[] {
  const sets = new Set<IdsDefinition>();
  collect(definition.state(parameters), sets, new Set());
  for (const declaration of definition.declarations) {
    if (declaration.kind === 'action' || declaration.kind === 'process') {
      collect(argumentsOf(declaration, parameters), sets, new Set());
    }
  }
  return [...sets];
}

/** Looks through schemas, and whatever zod keeps inside of them, without naming the kinds of schema there are. */
function collect(found: unknown, sets: Set<IdsDefinition>, seen: Set<unknown>): void {
  if (typeof found !== 'object' || found === null || seen.has(found)) return;
  seen.add(found);
  const set = idsOf(found);
  if (set !== undefined) sets.add(set);
  else if ('_zod' in found) collect((found as z.core.$ZodType)._zod.def, sets, seen);
  else for (const part of Object.values(found)) collect(part, sets, seen);
}

function prefixesOf(sets: readonly IdsDefinition[]): ReadonlyMap<IdsDefinition, string> {
  const named = sets.filter((set) => set.prefix === undefined);
  const shared = (set: IdsDefinition) =>
    sets.some((other) => other !== set && (other.prefix ?? firstLetter(other)) === firstLetter(set));
  return new Map(named.map((set) => [set, shared(set) ? lowerCamel(set) : firstLetter(set)]));
}

function firstLetter(set: IdsDefinition): string {
  return set.name.slice(0, 1).toLowerCase();
}

function lowerCamel(set: IdsDefinition): string {
  return firstLetter(set) + set.name.slice(1);
}

function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? error.message : String(error);
  } catch {
    return 'something that cannot be shown was thrown';
  }
}
