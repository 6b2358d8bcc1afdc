/*
 * The part of zod that a spec is likely to use, as types that say the same as zod's own and cost a fraction to check.
 * A spec about which they complain is checked again with zod's own, whose answer counts: see `typecheck.ts`.
 */

export declare namespace core {
  interface $ZodType<out Output = unknown, out Input = unknown> {
    readonly _zod: { readonly output: Output; readonly input: Input; readonly def: object };
  }
}

type Schema = core.$ZodType;
type Shape = Readonly<Record<string, Schema>>;

export type output<T> = T extends { readonly _zod: { readonly output: infer O } } ? O : never;
export type input<T> = T extends { readonly _zod: { readonly input: infer I } } ? I : never;
export type { output as infer };

export interface ZodType<out Output = unknown, out Input = unknown> extends core.$ZodType<Output, Input> {
  optional(): ZodOptional<this>;
  nullable(): ZodNullable<this>;
  nullish(): ZodOptional<ZodNullable<this>>;
  array(): ZodArray<this>;
  or<T extends Schema>(option: T): ZodUnion<[this, T]>;
  default(value: Output): ZodDefault<this>;
  readonly(): ZodReadonly<this>;
  describe(description: string): this;
  meta(data: Record<string, unknown>): this;
  parse(data: unknown): Output;
}

export interface ZodBoolean extends ZodType<boolean, boolean> {}
export interface ZodNull extends ZodType<null, null> {}
export interface ZodUndefined extends ZodType<undefined, undefined> {}
export interface ZodNumber extends ZodType<number, number> {
  int(): this;
  min(value: number): this;
  max(value: number): this;
  gte(value: number): this;
  lte(value: number): this;
  gt(value: number): this;
  lt(value: number): this;
  positive(): this;
  nonnegative(): this;
  negative(): this;
  nonpositive(): this;
  multipleOf(value: number): this;
}
export interface ZodInt extends ZodNumber {}
export interface ZodString extends ZodType<string, string> {
  min(length: number): this;
  max(length: number): this;
  regex(pattern: RegExp): this;
}
export interface ZodLiteral<T> extends ZodType<T, T> {}
export interface ZodEnum<T extends string> extends ZodType<T, T> {
  readonly options: readonly T[];
  readonly enum: { readonly [Member in T]: Member };
  extract<const U extends readonly T[]>(members: U): ZodEnum<U[number]>;
  exclude<const U extends readonly T[]>(members: U): ZodEnum<Exclude<T, U[number]>>;
}
export interface ZodOptional<out T extends Schema> extends ZodType<output<T> | undefined, input<T> | undefined> {
  unwrap(): T;
}
export interface ZodNullable<out T extends Schema> extends ZodType<output<T> | null, input<T> | null> {
  unwrap(): T;
}
export interface ZodDefault<out T extends Schema> extends ZodType<output<T>, input<T> | undefined> {}
export interface ZodReadonly<out T extends Schema> extends ZodType<Readonly<output<T>>, Readonly<input<T>>> {}
export interface ZodUnion<out T extends readonly Schema[]> extends ZodType<output<T[number]>, input<T[number]>> {}
export interface ZodTuple<T extends readonly Schema[]> extends ZodType<
  { -readonly [I in keyof T]: output<T[I]> },
  { -readonly [I in keyof T]: input<T[I]> }
> {}
export interface ZodArray<out T extends Schema> extends ZodType<output<T>[], input<T>[]> {
  min(length: number): this;
  max(length: number): this;
  length(length: number): this;
  nonempty(): this;
  readonly element: T;
}
export interface ZodSet<out T extends Schema> extends ZodType<Set<output<T>>, Set<input<T>>> {
  min(size: number): this;
  max(size: number): this;
}
export interface ZodRecord<out K extends Schema, out V extends Schema> extends ZodType<
  Record<Extract<output<K>, PropertyKey>, output<V>>,
  Record<Extract<output<K>, PropertyKey>, input<V>>
> {}

type OptionalKeys<S extends Shape, Side extends 'output' | 'input'> = {
  [K in keyof S]: undefined extends S[K]['_zod'][Side] ? (S[K] extends ZodOptional<Schema> ? K : never) : never;
}[keyof S];
type Flat<T> = { [K in keyof T]: T[K] };
type ObjectOf<S extends Shape, Side extends 'output' | 'input'> = Flat<
  { -readonly [K in Exclude<keyof S, OptionalKeys<S, Side>>]: S[K]['_zod'][Side] } & {
    -readonly [K in OptionalKeys<S, Side>]?: S[K]['_zod'][Side];
  }
>;
export interface ZodObject<S extends Shape = Shape> extends ZodType<ObjectOf<S, 'output'>, ObjectOf<S, 'input'>> {
  readonly shape: S;
  extend<T extends Shape>(shape: T): ZodObject<Flat<Omit<S, keyof T> & T>>;
  pick<M extends { readonly [K in keyof S]?: true }>(mask: M): ZodObject<Flat<Pick<S, Extract<keyof S, keyof M>>>>;
  omit<M extends { readonly [K in keyof S]?: true }>(mask: M): ZodObject<Flat<Omit<S, keyof M>>>;
}

export declare function boolean(): ZodBoolean;
export declare function int(): ZodInt;
export declare function number(): ZodNumber;
export declare function string(): ZodString;
declare function zodNull(): ZodNull;
declare function zodUndefined(): ZodUndefined;
export { zodNull as null, zodUndefined as undefined };
export declare function literal<const T extends string | number | boolean | null | undefined>(value: T): ZodLiteral<T>;
export declare function literal<const T extends readonly (string | number | boolean | null | undefined)[]>(
  values: T,
): ZodLiteral<T[number]>;
declare function zodEnum<const T extends readonly string[]>(members: T): ZodEnum<T[number]>;
declare function zodEnum<const T extends Readonly<Record<string, string>>>(members: T): ZodEnum<T[keyof T]>;
export { zodEnum as enum };
export declare function optional<T extends Schema>(schema: T): ZodOptional<T>;
export declare function nullable<T extends Schema>(schema: T): ZodNullable<T>;
export declare function nullish<T extends Schema>(schema: T): ZodOptional<ZodNullable<T>>;
export declare function union<const T extends readonly Schema[]>(options: T): ZodUnion<T>;
export declare function discriminatedUnion<const T extends readonly [Schema, ...Schema[]]>(
  discriminator: string,
  options: T,
): ZodUnion<T>;
export declare function tuple<const T extends readonly [Schema, ...Schema[]]>(items: T): ZodTuple<T>;
export declare function array<T extends Schema>(element: T): ZodArray<T>;
export declare function set<T extends Schema>(element: T): ZodSet<T>;
export declare function record<K extends core.$ZodType<PropertyKey, unknown>, V extends Schema>(
  key: K,
  value: V,
): ZodRecord<K, V>;
export declare function object<T extends Shape>(shape: T): ZodObject<T>;
export declare function strictObject<T extends Shape>(shape: T): ZodObject<T>;
export declare function readonly<T extends Schema>(schema: T): ZodReadonly<T>;
export declare function custom<T>(check?: (value: unknown) => unknown): ZodType<T, T>;
