import * as z from 'zod';
import { valuesOfIds } from './activate.ts';
import { attachIds, type IdsDefinition } from './definition.ts';
import { running } from './run.ts';
import { described, isOptionsObject, wrongArgument } from './given.ts';

/**
 * An opaque process id. It can be compared with `===`, used as a key and stored; nothing else.
 *
 * At run time it is a text such as `"r0"`. Its type pretends that every set has just two ids: a union of two literals is
 * the one type that TypeScript neither narrows away in the false branch of `===` nor calls possibly undefined when it
 * indexes a record under `noUncheckedIndexedAccess`, and two sets have no id in common. What the literals say is for
 * those who read them in a message; a text is never an id, and the compiler refuses even these two.
 */
export type Id<Name extends string> = `an id of ${Name}, not a text` | `another id of ${Name}, not a text`;

/** A set of interchangeable ids: a schema for one of them, and all of them when iterated. */
export interface Ids<Name extends string> extends z.ZodType<Id<Name>> {
  [Symbol.iterator](): Iterator<Id<Name>, undefined>;
}

/** Schemas by name: variables, arguments, parameters. */
export type Shape = Readonly<Record<string, z.core.$ZodType>>;

/** The values that a shape describes. `infer` makes TypeScript show them, `{ n: number }`, and not the shape's name. */
export type ValuesOf<S extends Shape> = S extends infer T extends Shape
  ? { -readonly [Name in keyof T]: z.output<T[Name]> }
  : never;

/** What can be quantified over or picked from: a finite schema (all its values), or a set or array of the state. */
export type Domain = z.core.$ZodType | Iterable<unknown>;

/** One value of a {@link Domain}. */
export type Element<D> = D extends z.core.$ZodType ? z.output<D> : D extends Iterable<infer Value> ? Value : never;

/**
 * Declares a set of interchangeable process ids (TLA+: symmetric model values).
 *
 * @param name - singular and capitalized: `Ring`.
 * @param size - how many there are, or a function of the spec's parameters that says so.
 * @param options - `prefix`: how an id begins in traces; default the first letter (`r0`, `r1`), or the whole name when
 * another set of the same spec begins with the same letter.
 */
export function ids<const Name extends string>(
  name: Name,
  // oxlint-disable-next-line typescript/no-explicit-any -- a set is declared before the spec whose parameters it reads.
  size: number | ((parameters: any) => number),
  options: { readonly prefix?: string } = {},
): Ids<Name> {
  const called = `ids(${JSON.stringify(name)}, …)`;
  if (typeof name !== 'string') throw wrongArgument('ids', 'a name first', name);
  if (typeof size !== 'number' && typeof size !== 'function')
    throw wrongArgument(called, 'how many ids there are, or a function of the parameters that says so', size);
  if (!isOptionsObject(options)) throw wrongArgument(called, 'options last, such as `{ prefix: "r" }`', options);
  if (options.prefix !== undefined && typeof options.prefix !== 'string')
    throw wrongArgument(called, 'a text as `prefix`', options.prefix);
  const definition: IdsDefinition = { kind: 'ids', name, prefix: options.prefix, size };
  const schema = z.custom<Id<Name>>((value) => (valuesOfIds(definition) as unknown[]).includes(value));
  return Object.assign(attachIds(schema, definition), {
    [Symbol.iterator]: () => (valuesOfIds(definition) as Id<Name>[]).values(),
  });
}

/**
 * A schema of a variable that starts with any value of its domain: each makes an initial state (TLA+: `x \\in D` in Init).
 * Also for parts of variables: `z.record(Node, anyOf(z.boolean()))`.
 */
export function anyOf<S extends z.core.$ZodType>(schema: S): S {
  if (!isOptionsObject(schema) || !('_zod' in schema)) throw wrongArgument('anyOf', 'a schema', schema);
  return z.core.clone(schema, { ...schema._zod.def, [ANYWHERE]: true } as never);
}

/** Whether a variable with this schema starts with any of its values. */
export function startsAnywhere(schema: unknown): boolean {
  if (typeof schema !== 'object' || schema === null || !('_zod' in schema)) return false;
  return (schema as { _zod: { def: { [ANYWHERE]?: true } } })._zod.def[ANYWHERE] === true;
}

/** A registered symbol, so that two copies of this package understand each other. */
const ANYWHERE = Symbol.for('fairlead.anywhere');

/** Every value of a domain in order, for `for (const mode of values(Mode))`. */
export function values<D extends Domain>(domain: D): readonly Element<D>[] {
  return elementsOf(domain);
}

/** A total record with the given keys: `record(Ring, (r) => 0)`. */
export function record<D extends Domain, Value>(
  keys: D,
  valueOf: (key: Element<D>) => Value,
): Record<Element<D> & PropertyKey, Value> {
  const entries = elementsOf(keys).map((key) => [key, valueOf(key)] as const);
  return Object.fromEntries(entries) as Record<Element<D> & PropertyKey, Value>;
}

/** The elements of a collection, or the values of a schema, when bodies run as JavaScript. */
export function elementsOf<D extends Domain>(domain: D): Element<D>[] {
  if (typeof domain !== 'object' || (domain as unknown) === null)
    throw new Error(`a domain is a schema or a collection, and not ${described(domain)}`);
  if (Symbol.iterator in domain) return [...(domain as Iterable<Element<D>>)];
  return [...(running().valuesOf(domain) as Iterable<Element<D>>)];
}
