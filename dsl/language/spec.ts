import type * as z from 'zod';
import type { Action } from './action.ts';
import { attach, definitionOf, type Body, type Declaration, type SpecDefinition } from './definition.ts';
import type { Shape, ValuesOf } from './domain.ts';
import type { Assumption } from './fairness.ts';
import type { Term } from './formula.ts';
import { isOptionsObject, wrongArgument } from './given.ts';
import type { Expectations, Model } from './model.ts';
import { processFunctions, type Process, type Steps } from './process.ts';
import type { FairnessSet, Invariant, Property, Sometimes, Step, Terminal, Within } from './property.ts';

declare const signature: unique symbol;

/**
 * Names a protocol and declares its variables.
 *
 * @param name - for people: any text.
 * @param options - `params`: schemas of the parameters, each with a default. `constants`: values that are computed from
 * the parameters, such as a fixed map from clients to sessions; bodies read them as they read parameters. `state`: the
 * schema of each variable, which may depend on parameters and constants. `init`: what the initial states are, as a step
 * that starts from the default of every variable (what its schema says with `.default(…)`, else false, 0 or the
 * minimum, first member, null, empty) and may `pick`.
 * `deadlocks: 'ignored'`: whether there are deadlocks is not judged, unless a model asks.
 */
export function spec<
  P extends Shape = Record<never, never>,
  const C extends object = Record<never, never>,
  S extends Shape = Record<never, never>,
>(
  name: string,
  options: {
    readonly params?: P;
    readonly constants?: (parameters: Readonly<ValuesOf<P>>) => C;
    readonly state: (parameters: Fixed<P, C>) => S;
    readonly init?: (state: ValuesOf<S>, parameters: Fixed<P, C>) => void;
    readonly deadlocks?: 'ignored';
  },
): Spec<ValuesOf<S>, Fixed<P, C>, GivenParameters<P>> {
  checkSpec(name, options);
  const definition: SpecDefinition = {
    kind: 'spec',
    name,
    parameters: options.params ?? {},
    constants: options.constants as SpecDefinition['constants'],
    state: options.state as unknown as SpecDefinition['state'],
    init: options.init,
    deadlocks: options.deadlocks,
    declarations: [],
    file: callerOf(spec),
  };
  return attach(declarators(definition), definition) as never;
}

/**
 * The file of the code that called one of our functions: what is declared can be found again by it, in whatever way its
 * module was loaded.
 */
function callerOf(called: (...given: never[]) => unknown): string | undefined {
  const kept = { limit: Error.stackTraceLimit, prepare: Reflect.get(Error, 'prepareStackTrace') as unknown };
  try {
    Error.stackTraceLimit = FRAMES;
    Error.prepareStackTrace = (_, sites) => sites.map((site) => site.getFileName());
    const holder: { readonly stack?: unknown } = {};
    Error.captureStackTrace(holder, called);
    const [first, ...others] = holder.stack as readonly (string | null | undefined)[];
    const file = called === spec ? first : others.find((one) => one !== first);
    return file ?? undefined;
  } catch {
    return undefined; // another engine than V8
  } finally {
    Reflect.set(Error, 'prepareStackTrace', kept.prepare);
    Error.stackTraceLimit = kept.limit;
  }
}

/** Between a body of a spec and `declare` stand few calls of ours. */
const FRAMES = 6;

/** @throws Error for what TypeScript would refuse. */
function checkSpec(name: unknown, options: Readonly<Record<string, unknown>>): void {
  if (typeof name !== 'string') throw wrongArgument('spec', 'a name first', name);
  const called = `spec(${JSON.stringify(name)}, …)`;
  const wanted = 'what the spec is made of, such as `{ state: () => ({ … }) }`';
  if (!isOptionsObject(options)) throw wrongArgument(called, wanted, options);
  const { params, constants, state, init } = options;
  if (params !== undefined && !isOptionsObject(params))
    throw wrongArgument(called, 'an object of schemas as `params`', params);
  for (const [parameter, schema] of Object.entries(params ?? {})) {
    const isSchema = isOptionsObject(schema) && 'safeParse' in (schema as object);
    if (!isSchema) throw wrongArgument(called, `a schema as the parameter \`${parameter}\``, schema);
  }
  if (typeof state !== 'function') throw wrongArgument(called, 'a function as `state`', state);
  for (const [key, given] of Object.entries({ constants, init })) {
    if (given !== undefined && typeof given !== 'function')
      throw wrongArgument(called, `a function as \`${key}\``, given);
  }
}

/** What is the same in all states of a model: the values of its parameters, and its constants. */
export type Fixed<P extends Shape, C> = ValuesOf<P> & {
  readonly [Name in keyof C]: Constant<C[Name]>;
} extends infer All
  ? { readonly [Name in keyof All]: All[Name] }
  : never;

/** A value that nothing can change: its numbers are any numbers, its texts are those that were written. */
export type Constant<T> = T extends number
  ? number
  : T extends boolean
    ? boolean
    : T extends string | null | undefined
      ? T
      : T extends ReadonlySet<infer Element>
        ? ReadonlySet<Constant<Element>>
        : { readonly [Key in keyof T]: Constant<T[Key]> };

/** Parameter values that a model gives: those left out have their defaults. */
export type GivenParameters<P extends Shape> = P extends infer T extends Shape
  ? { readonly [Name in keyof T]?: z.input<T[Name]> | undefined }
  : never;

/** What the bodies of a spec see as its state: `function free(s: StateOf<typeof lease>) { … }`. */
export type StateOf<T> = T extends { readonly [signature]: { state: infer State } } ? State : never;

/** What the bodies of a spec see as its parameters, constants included. */
export type ParametersOf<T> = T extends { readonly [signature]: { parameters: infer Parameters } } ? Parameters : never;

/**
 * A spec, to declare things on. Every body gets the state first and the parameters last; between them are the arguments,
 * when there are any, or the next state: `(s, p)`, `(s, args, p)`, `(s, next, p)`.
 */
export interface Spec<State, Parameters, Given> {
  /** Exists only in types: to ask a spec for them costs TypeScript far less than to compare it with others. */
  readonly [signature]: { state: State; parameters: Parameters };
  /** One atomic step. */
  action(body: (state: State, parameters: Parameters) => void): Action<State, Record<never, never>, Parameters>;
  /** One atomic step for each combination of values of its arguments, whose schemas may depend on parameters. */
  action<A extends Shape>(
    schemas: A | ((parameters: Parameters) => A),
    body: (state: State, given: Readonly<ValuesOf<A>>, parameters: Parameters) => void,
  ): Action<State, ValuesOf<A>, Parameters>;

  /** One thread: each `yield "label"` starts an atomic step that ends before the next one. */
  process<Label extends string, L extends Shape = Record<never, never>>(
    body: (state: State, parameters: Parameters) => Steps<Label, State>,
    options?: LocalsOf<L, Parameters>,
  ): Process<State, Record<never, never>, Parameters, Label, ValuesOf<L>>;
  /** One thread for each combination of values of its arguments. */
  process<A extends Shape, Label extends string, L extends Shape = Record<never, never>>(
    schemas: A | ((parameters: Parameters) => A),
    body: (state: State, given: Readonly<ValuesOf<A>>, parameters: Parameters) => Steps<Label, State>,
    options?: LocalsOf<L, Parameters>,
  ): Process<State, ValuesOf<A>, Parameters, Label, ValuesOf<L>>;

  /** True in every reachable state. */
  invariant(holds: (state: State, parameters: Parameters) => boolean): Invariant;
  /** Some reachable state satisfies it; a model in which none does fails. */
  sometimes(holds: (state: State, parameters: Parameters) => boolean): Sometimes;
  /** True of every step, from `state` to `next`. A step that changes nothing satisfies it by definition. */
  step(holds: (state: State, next: State, parameters: Parameters) => boolean): Step;
  /** A temporal property of every fair behavior. `under`: assume only these fairness sets, not all that are declared. */
  property(
    holds: (state: State, parameters: Parameters) => Term,
    options?: { readonly under?: readonly FairnessSet[] },
  ): Property;
  /** A named set of fairness assumptions. */
  fairness(...assumptions: readonly Assumption[]): FairnessSet;
  /** States where having no next step is the proper end, not a deadlock. */
  terminal(holds: (state: State, parameters: Parameters) => boolean): Terminal;
  /** Explore only states that satisfy it; every verdict becomes `bounded`. */
  within(holds: (state: State, parameters: Parameters) => boolean): Within;
  /** A named instance: values of parameters, and the verdicts expected. */
  model(parameters?: Given, expectations?: Expectations): Model;
}

/** Schemas of locals of a process: their domains in the state, and their types in `worker.local(…)`. */
export interface LocalsOf<L extends Shape, Parameters> {
  readonly locals?: L | ((parameters: Parameters) => L);
}

function declarators(definition: SpecDefinition): object {
  const declare = (declaration: Kinded): object => {
    const declared = {};
    const full = { ...declaration, spec: definition, name: undefined, file: callerOf(declare) } as Declaration;
    definition.declarations.push(full);
    return attach(declared, full);
  };
  const predicate = (kind: 'invariant' | 'sometimes' | 'terminal' | 'within' | 'step') => (body: Body) =>
    declare({ kind, body });
  return {
    action: (first: unknown, second?: Body) =>
      second === undefined
        ? declare({ kind: 'action', arguments: {}, body: first as Body })
        : declare({ kind: 'action', arguments: first as Shape, body: second }),
    process: (...given: readonly unknown[]) => {
      const [schemas, body, options] = typeof given[1] === 'function' ? given : [{}, ...given];
      const locals = (options as LocalsOf<Shape, never> | undefined)?.locals ?? {};
      const timeouts = {
        kind: 'timeouts' as const,
        spec: definition,
        name: undefined,
        file: undefined,
        process: undefined as Declaration | undefined,
      };
      const process = declare({
        kind: 'process',
        arguments: schemas as Shape,
        body: body as Body,
        locals,
        timeouts: timeouts as Declaration,
      });
      timeouts.process = declarationOf(process);
      const declared = { timeouts: attach({}, timeouts as Declaration) };
      return Object.assign(process, processFunctions(process), declared);
    },
    invariant: predicate('invariant'),
    sometimes: predicate('sometimes'),
    terminal: predicate('terminal'),
    within: predicate('within'),
    step: predicate('step'),
    property: (body: Body, options: { readonly under?: readonly FairnessSet[] } = {}) => {
      if (!isOptionsObject(options))
        throw wrongArgument('property', 'options last, such as `{ under: [fair] }`', options);
      return declare({ kind: 'property', body, under: options.under && listOf('property', 'under', options.under) });
    },
    fairness: (...assumptions: readonly Assumption[]) => declare({ kind: 'fairness', assumptions }),
    model: (parameters: Readonly<Record<string, unknown>> = {}, expected: Expectations = {}) => {
      if (!isOptionsObject(parameters)) throw wrongArgument('model', 'values of parameters first', parameters);
      if (!isOptionsObject(expected))
        throw wrongArgument('model', 'expectations last, such as `{ violates: [safe] }`', expected);
      return declare({
        kind: 'model',
        parameters,
        expectations: {
          violates: listOf('model', 'violates', expected.violates ?? []),
          unreachable: listOf('model', 'unreachable', expected.unreachable ?? []),
          deadlocks: expected.deadlocks,
          fails: expected.fails ?? false,
          distinct: expected.distinct,
        },
      });
    },
  };
}

type Kinded = Declaration extends infer D ? (D extends Declaration ? Omit<D, 'spec' | 'name' | 'file'> : never) : never;

/** @throws Error when it is no list. */
function listOf(called: string, option: string, declared: readonly object[]): Declaration[] {
  if (!Array.isArray(declared)) throw wrongArgument(called, `a list as \`${option}\``, declared);
  return declared.map(declarationOf);
}

function declarationOf(declared: object): Declaration {
  return definitionOf(declared) as Declaration;
}
