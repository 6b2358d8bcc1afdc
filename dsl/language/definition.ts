import type * as z from 'zod';

/**
 * What a spec's module leaves behind when it has been evaluated: the compiler reads it together with the source.
 * Bodies are kept as functions: they can be run as JavaScript, and the compiler finds their source by declaration.
 */
export interface SpecDefinition {
  readonly kind: 'spec';
  readonly name: string;
  /** Parameter schemas by name; each has a default. */
  readonly parameters: Readonly<Record<string, z.core.$ZodType>>;
  /** Values that are computed from those of the parameters; bodies read both from their last argument. */
  readonly constants: ((parameters: Readonly<Record<string, unknown>>) => unknown) | undefined;
  /** Variable schemas by name for given values of parameters and constants. */
  readonly state: (parameters: Readonly<Record<string, unknown>>) => Readonly<Record<string, z.core.$ZodType>>;
  readonly init: ((state: never, parameters: never) => void) | undefined;
  /** Whether models that say nothing about deadlocks look for them; only `'ignored'` and undefined are right. */
  readonly deadlocks: unknown;
  /** Everything declared on the spec, in order of evaluation. */
  readonly declarations: Declaration[];
  /** See {@link DeclarationBase}. */
  readonly file: string | undefined;
}

/** Named by the `const` it is assigned to, which only the compiler knows: see `name`. */
export interface DeclarationBase {
  readonly spec: SpecDefinition;
  /** Put in by the loader when the module has been evaluated; undefined for what has no const. */
  name: string | undefined;
  /** The file that declares it, as the engine calls it; undefined where it does not tell. */
  readonly file: string | undefined;
}

// oxlint-disable-next-line typescript/no-explicit-any -- bodies of any signature; they are only run by `execute`.
export type Body = (...given: any[]) => any;

export type Declaration = DeclarationBase &
  (
    | { readonly kind: 'action'; readonly arguments: ArgumentSchemas; readonly body: Body }
    | {
        readonly kind: 'process';
        readonly arguments: ArgumentSchemas;
        readonly body: Body;
        /** Schemas of locals, by name, as far as they are declared. */
        readonly locals: ArgumentSchemas;
        /** The declaration behind `worker.timeouts`; it is not one of the spec's. */
        readonly timeouts: Declaration;
      }
    | { readonly kind: 'timeouts'; readonly process: Declaration }
    | { readonly kind: 'invariant' | 'sometimes' | 'terminal' | 'within' | 'step'; readonly body: Body }
    | { readonly kind: 'property'; readonly body: Body; readonly under: readonly Declaration[] | undefined }
    | { readonly kind: 'fairness'; readonly assumptions: readonly AssumptionDefinition[] }
    | {
        readonly kind: 'model';
        readonly parameters: Readonly<Record<string, unknown>>;
        readonly expectations: ModelExpectations;
      }
  );

/** Schemas by argument name, or a function of the parameters that gives them. */
export type ArgumentSchemas =
  Readonly<Record<string, z.core.$ZodType>> | ((parameters: never) => Readonly<Record<string, z.core.$ZodType>>);

export interface AssumptionDefinition {
  readonly strength: 'weak' | 'strong';
  /** One assumption for all of `members` together instead of one for each. */
  readonly any: boolean;
  /** Actions and processes. */
  readonly members: readonly Declaration[];
  readonly per: readonly string[] | undefined;
  readonly when: Body | undefined;
  /** What is wrong with its shape: said at the place of it, which only the compiler knows. */
  readonly problem: string | undefined;
}

/** What `ids(name, size)` leaves; found by {@link idsOf} on the schema it returned, and on anything zod made of a copy of it. */
export interface IdsDefinition {
  readonly kind: 'ids';
  readonly name: string;
  /** Asked for by the author; else chosen by `activate`. */
  readonly prefix: string | undefined;
  readonly size: number | ((parameters: never) => number);
}

/** What `serial(name, { alive })` leaves; found by {@link serialOf}, as a set of ids is by {@link idsOf}. */
export interface SerialDefinition {
  readonly kind: 'serial';
  readonly name: string;
  /** How many of its values a state may hold at once, beside the first. */
  readonly alive: number | ((parameters: never) => number);
}

/** `{ violates: [p], unreachable: [q], deadlocks: true, fails: true, distinct: 99 }`; what is not named holds, is reached, does not deadlock or fail. */
export interface ModelExpectations {
  readonly violates: readonly Declaration[];
  readonly unreachable: readonly Declaration[];
  /** True: must deadlock; false: must not; absent: what the spec says. Else only `'ignored'` is right. */
  readonly deadlocks: unknown;
  /** Absent: no step and no predicate may fail. */
  readonly fails: boolean;
  readonly distinct: number | undefined;
}

/** Registered symbols, so that two copies of this package understand each other. */
const DEFINITION = Symbol.for('fairlead.definition');
const IDS = Symbol.for('fairlead.ids');
const SERIAL = Symbol.for('fairlead.serial');

/** What stands behind a spec or anything declared on one; undefined for everything else. */
export function definitionOf(declared: unknown): SpecDefinition | Declaration | undefined {
  return isObject(declared) ? (declared as { [DEFINITION]?: SpecDefinition | Declaration })[DEFINITION] : undefined;
}

/** The set of ids that a schema stands for, or undefined when it is another schema. */
export function idsOf(schema: unknown): IdsDefinition | undefined {
  if (!isObject(schema) || !('_zod' in schema)) return undefined;
  return (schema as { _zod: { def: { [IDS]?: IdsDefinition } } })._zod.def[IDS];
}

/** The domain of values of which only the order counts that a schema stands for, or undefined when it is another schema. */
export function serialOf(schema: unknown): SerialDefinition | undefined {
  if (!isObject(schema) || !('_zod' in schema)) return undefined;
  return (schema as { _zod: { def: { [SERIAL]?: SerialDefinition } } })._zod.def[SERIAL];
}

/** Puts a definition behind what the author holds. */
export function attach<T extends object>(declared: T, definition: SpecDefinition | Declaration): T {
  Object.defineProperty(declared, DEFINITION, { value: definition });
  return declared;
}

/** Marks a schema as a set of ids; the mark is in zod's own definition, so it survives `describe` and the like. */
export function attachIds<T extends z.core.$ZodType>(schema: T, definition: IdsDefinition): T {
  Object.assign(schema._zod.def, { [IDS]: definition });
  return schema;
}

/** Marks a schema as a domain of values of which only the order counts, as {@link attachIds} marks a set of ids. */
export function attachSerial<T extends z.core.$ZodType>(schema: T, definition: SerialDefinition): T {
  Object.assign(schema._zod.def, { [SERIAL]: definition });
  return schema;
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
