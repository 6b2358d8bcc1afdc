import type * as z from 'zod';
import { idsOf, serialOf, type IdsDefinition, type SerialDefinition, type SpecDefinition } from './definition.ts';
import { runIn, type Run } from './run.ts';

/** What was wrong with the parameters of a model; `parameter` is undefined when it is no single one's fault. */
export interface ActivationProblem {
  readonly parameter: string | undefined;
  readonly message: string;
}

/** What is the same in all states of a model, or what is wrong with it. */
export type Activation =
  | {
      readonly kind: 'active';
      /** The values of all parameters. */
      readonly parameters: Values;
      /** What the spec computes from them. */
      readonly constants: Values;
      /** Both: the last argument of every body. */
      readonly fixed: Values;
      /** Every set of ids that there is a word of. */
      readonly sets: readonly IdsDefinition[];
    }
  | { readonly kind: 'invalid'; readonly problems: readonly ActivationProblem[] }
  /** The author's function for the constants has thrown, or has given something else than an object of new names. */
  | { readonly kind: 'no constants'; readonly thrown: unknown };

type Values = Readonly<Record<string, unknown>>;

let activeValues: Values = {};
let prefixes: ReadonlyMap<IdsDefinition, string> = new Map();
/** Sets whose ids have been asked for while constants were computed; undefined when none are. */
let asked: Set<IdsDefinition> | undefined;

/**
 * Makes a spec with these parameter values the active one: from now on sets of ids have its sizes and names.
 *
 * Parameters left out have their defaults. Evaluation is synchronous and one spec is active at a time; activating
 * another one, or the same with other values, does not change values handed out before.
 *
 * @param valuesOf - what the words that need it take for the values of a schema while constants are computed.
 */
export function activate(definition: SpecDefinition, given: Values, valuesOf: Run['valuesOf'] = noValues): Activation {
  const problems: ActivationProblem[] = [];
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(definition.parameters, name)) {
      problems.push({ parameter: name, message: `\`${definition.name}\` has no parameter \`${name}\`` });
    }
  }
  const read: (readonly [name: string, value: unknown])[] = [];
  for (const [name, schema] of Object.entries(definition.parameters)) {
    const parsed = (schema as z.ZodType).safeParse(Object.hasOwn(given, name) ? given[name] : undefined);
    if (parsed.success) read.push([name, parsed.data]);
    else problems.push({ parameter: name, message: parsed.error.issues.map((issue) => issue.message).join('; ') });
  }
  if (problems.length > 0) return { kind: 'invalid', problems };

  const parameters = Object.freeze(Object.fromEntries(read));
  // What ids are called depends on which sets there are, which may depend on constants, which may be made of ids. So
  // constants are computed with whole names first; where these were asked for, once more when the names are settled.
  const first = computed(definition, parameters, { valuesOf, settled: undefined });
  if (first.kind === 'no constants') return first;
  activeValues = { ...parameters, ...first.constants };
  prefixes = new Map();
  try {
    const sets = [...new Set([...idsOfSpec(definition, activeValues), ...first.asked])];
    const settled = prefixesOf(sets);
    const last = first.asked.size === 0 ? first : computed(definition, parameters, { valuesOf, settled });
    if (last.kind === 'no constants') return last;
    const { constants } = last;
    activeValues = Object.freeze({ ...parameters, ...constants });
    prefixes = settled;
    for (const set of sets) valuesOfIds(set);
    return { kind: 'active', parameters, constants, fixed: activeValues, sets };
  } catch (error) {
    return { kind: 'invalid', problems: [{ parameter: undefined, message: messageOf(error) }] };
  }
}

/** @param settled - the prefixes of ids, when they are known. */
function computed(
  { constants }: SpecDefinition,
  parameters: Values,
  { valuesOf, settled }: { readonly valuesOf: Run['valuesOf']; readonly settled: typeof prefixes | undefined },
):
  | { readonly kind: 'computed'; readonly constants: Values; readonly asked: ReadonlySet<IdsDefinition> }
  | Extract<Activation, { kind: 'no constants' }> {
  if (constants === undefined) return { kind: 'computed', constants: {}, asked: new Set() };
  activeValues = parameters;
  prefixes = settled ?? new Map();
  asked = new Set();
  try {
    const made = runIn({ ...NO_STEP, valuesOf }, () => constants(parameters));
    if (!isPlainObject(made)) throw new Error('`constants` has to give an object, with a value for each name');
    const taken = Object.keys(made).find((name) => Object.hasOwn(parameters, name));
    if (taken !== undefined) throw new Error(`\`${taken}\` is a parameter already`);
    return { kind: 'computed', constants: frozen(made), asked };
  } catch (thrown) {
    return { kind: 'no constants', thrown };
  } finally {
    asked = undefined;
  }
}

/** Words that speak of a step or of a state have no meaning in constants. */
const NO_STEP: Omit<Run, 'valuesOf'> = {
  choose: () => refuse('a constant makes no choice'),
  fresh: () => refuse('a constant is the same in all behaviors, and nothing in it is fresh'),
  labelOf: () => refuse('no thread stands anywhere yet when constants are computed'),
  localOf: () => refuse('no thread remembers anything yet when constants are computed'),
  change: () => refuse('no thread stands anywhere yet when constants are computed'),
  enabled: () => refuse('no step is possible yet when constants are computed'),
};

function refuse(message: string): never {
  throw new Error(message);
}

function noValues(): never {
  return refuse('the values of a schema are not known here');
}

function isPlainObject(value: unknown): value is Values {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** The same object with all that can be reached from it frozen, as far as it is made of plain objects and arrays. */
function frozen<T>(value: T): T {
  if (Object.isFrozen(value) || (!Array.isArray(value) && !isPlainObject(value))) return value;
  Object.freeze(value);
  Object.values(value).forEach(frozen);
  return value;
}

/**
 * The ids of a set in the model that is active, in order.
 *
 * @throws RangeError when its size is no natural number, as when a size that depends on parameters is asked for while
 * no model is active.
 */
export function valuesOfIds(definition: IdsDefinition): string[] {
  asked?.add(definition);
  const size = typeof definition.size === 'number' ? definition.size : definition.size(activeValues as never);
  if (!Number.isInteger(size) || size < 0) {
    const why = asked === undefined ? '' : '; when constants are computed, it can depend on parameters alone';
    throw new RangeError(
      `the size of ids("${definition.name}") is ${String(size)}; it must be a number of ids, 0 or more${why}`,
    );
  }
  const unsettled = asked === undefined ? firstLetter(definition) : lowerCamel(definition);
  const prefix = definition.prefix ?? prefixes.get(definition) ?? unsettled;
  return Array.from({ length: size }, (_, index) => `${prefix}${index}`);
}

/** How many values of a domain a state may hold at once beside the first, as its author says it for the active model. */
export function aliveOf({ alive }: SerialDefinition): unknown {
  return typeof alive === 'number' ? alive : alive(activeValues as never);
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
  return mentionedIn(definition, parameters, idsOf);
}

/** Every domain of values of which only the order counts that variables and arguments are made of, likewise. */
export function serialsOfSpec(
  definition: SpecDefinition,
  parameters: Readonly<Record<string, unknown>>,
): readonly SerialDefinition[] {
  return mentionedIn(definition, parameters, serialOf);
}

function mentionedIn<Mentioned>(
  definition: SpecDefinition,
  parameters: Readonly<Record<string, unknown>>,
  sought: (schema: unknown) => Mentioned | undefined,
): readonly Mentioned[] {
  const found = new Set<Mentioned>();
  const seen = new Set<unknown>();
  /** Looks through schemas, and whatever zod keeps inside of them, without naming the kinds of schema there are. */
  const collect = (part: unknown): void => {
    if (typeof part !== 'object' || part === null || seen.has(part)) return;
    seen.add(part);
    const one = sought(part);
    if (one !== undefined) found.add(one);
    else if ('_zod' in part) collect((part as z.core.$ZodType)._zod.def);
    else Object.values(part).forEach(collect);
  };
  collect(definition.state(parameters));
  for (const declaration of definition.declarations) {
    if (declaration.kind === 'action' || declaration.kind === 'process') collect(argumentsOf(declaration, parameters));
  }
  return [...found];
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
