/*
 * The part of TypeScript's library that a spec is likely to use. A spec about which it makes TypeScript complain is
 * checked again with the whole library, whose answer counts: see `typecheck.ts`.
 */

interface Object {
  toString(): string;
}
interface ObjectConstructor {
  keys(o: object): string[];
  values<T>(o: { [s: string]: T } | ArrayLike<T>): T[];
  entries<T>(o: { [s: string]: T } | ArrayLike<T>): [string, T][];
  fromEntries<T = unknown>(entries: Iterable<readonly [PropertyKey, T]>): { [k: string]: T };
  freeze<T>(o: T): Readonly<T>;
}
declare var Object: ObjectConstructor;
interface Function {
  readonly name: string;
}
interface CallableFunction extends Function {}
interface NewableFunction extends Function {}
interface Promise<T> {}
interface IArguments {
  length: number;
}
interface Boolean {
  valueOf(): boolean;
}
interface BooleanConstructor {
  <T>(value?: T): boolean;
}
declare var Boolean: BooleanConstructor;
interface Number {
  toString(radix?: number): string;
}
interface NumberConstructor {
  (value?: unknown): number;
  isInteger(value: unknown): boolean;
  readonly MAX_SAFE_INTEGER: number;
}
declare var Number: NumberConstructor;
interface BigInt {}
interface Symbol {}
interface SymbolConstructor {
  readonly iterator: unique symbol;
}
declare var Symbol: SymbolConstructor;
interface RegExp {
  test(text: string): boolean;
}
interface Error {
  name: string;
  message: string;
}
interface ErrorConstructor {
  new (message?: string): Error;
  (message?: string): Error;
}
declare var Error: ErrorConstructor;
interface String {
  readonly length: number;
  readonly [index: number]: string;
  toString(): string;
  startsWith(text: string): boolean;
  endsWith(text: string): boolean;
  includes(text: string): boolean;
  slice(start?: number, end?: number): string;
  toUpperCase(): string;
  toLowerCase(): string;
}
interface StringConstructor {
  (value?: unknown): string;
}
declare var String: StringConstructor;
interface Math {
  floor(x: number): number;
  ceil(x: number): number;
  trunc(x: number): number;
  abs(x: number): number;
  sign(x: number): number;
  min(...values: number[]): number;
  max(...values: number[]): number;
}
declare var Math: Math;

interface IteratorYieldResult<out Y> {
  done?: false;
  value: Y;
}
interface IteratorReturnResult<out R> {
  done: true;
  value: R;
}
type IteratorResult<T, R = any> = IteratorYieldResult<T> | IteratorReturnResult<R>;
interface Iterator<out T, out R = any, in N = any> {
  next(...[value]: [] | [N]): IteratorResult<T, R>;
  return?(value?: R): IteratorResult<T, R>;
  throw?(e?: any): IteratorResult<T, R>;
}
interface Iterable<out T, out R = any, in N = any> {
  [Symbol.iterator](): Iterator<T, R, N>;
}
interface IterableIterator<out T, out R = any, in N = any> extends Iterator<T, R, N> {
  [Symbol.iterator](): IterableIterator<T, R, N>;
}
interface IteratorObject<out T, out R = unknown, in N = unknown> extends Iterator<T, R, N> {
  [Symbol.iterator](): IteratorObject<T, R, N>;
}
type BuiltinIteratorReturn = undefined;
interface ArrayIterator<out T> extends IteratorObject<T, BuiltinIteratorReturn, unknown> {
  [Symbol.iterator](): ArrayIterator<T>;
}
interface SetIterator<out T> extends IteratorObject<T, BuiltinIteratorReturn, unknown> {
  [Symbol.iterator](): SetIterator<T>;
}
interface Generator<out T = unknown, out R = any, in N = any> extends IteratorObject<T, R, N> {
  next(...[value]: [] | [N]): IteratorResult<T, R>;
  return(value: R): IteratorResult<T, R>;
  throw(e: any): IteratorResult<T, R>;
  [Symbol.iterator](): Generator<T, R, N>;
}
interface GeneratorFunction {
  new (...given: any[]): Generator;
  (...given: any[]): Generator;
}
interface TemplateStringsArray extends ReadonlyArray<string> {
  readonly raw: readonly string[];
}

interface ArrayLike<T> {
  readonly length: number;
  readonly [n: number]: T;
}
interface ConcatArray<T> {
  readonly length: number;
  readonly [n: number]: T;
}
interface ReadonlyArray<T> {
  readonly length: number;
  readonly [n: number]: T;
  [Symbol.iterator](): ArrayIterator<T>;
  at(index: number): T | undefined;
  concat(...items: (T | ConcatArray<T>)[]): T[];
  join(separator?: string): string;
  slice(start?: number, end?: number): T[];
  indexOf(value: T, from?: number): number;
  includes(value: T, from?: number): boolean;
  every<S extends T>(predicate: (value: T, index: number, array: readonly T[]) => value is S): this is readonly S[];
  every(predicate: (value: T, index: number, array: readonly T[]) => unknown): boolean;
  some(predicate: (value: T, index: number, array: readonly T[]) => unknown): boolean;
  forEach(use: (value: T, index: number, array: readonly T[]) => void): void;
  map<U>(make: (value: T, index: number, array: readonly T[]) => U): U[];
  filter<S extends T>(predicate: (value: T, index: number, array: readonly T[]) => value is S): S[];
  filter(predicate: (value: T, index: number, array: readonly T[]) => unknown): T[];
  find<S extends T>(predicate: (value: T, index: number, array: readonly T[]) => value is S): S | undefined;
  find(predicate: (value: T, index: number, array: readonly T[]) => unknown): T | undefined;
  findIndex(predicate: (value: T, index: number, array: readonly T[]) => unknown): number;
  reduce(fold: (before: T, value: T, index: number, array: readonly T[]) => T): T;
  reduce(fold: (before: T, value: T, index: number, array: readonly T[]) => T, initial: T): T;
  reduce<U>(fold: (before: U, value: T, index: number, array: readonly T[]) => U, initial: U): U;
  entries(): ArrayIterator<[number, T]>;
  keys(): ArrayIterator<number>;
  values(): ArrayIterator<T>;
  with(index: number, value: T): T[];
  toReversed(): T[];
}
interface Array<T> {
  length: number;
  [n: number]: T;
  [Symbol.iterator](): ArrayIterator<T>;
  at(index: number): T | undefined;
  push(...items: T[]): number;
  pop(): T | undefined;
  shift(): T | undefined;
  unshift(...items: T[]): number;
  concat(...items: (T | ConcatArray<T>)[]): T[];
  join(separator?: string): string;
  slice(start?: number, end?: number): T[];
  indexOf(value: T, from?: number): number;
  includes(value: T, from?: number): boolean;
  every<S extends T>(predicate: (value: T, index: number, array: T[]) => value is S): this is S[];
  every(predicate: (value: T, index: number, array: T[]) => unknown): boolean;
  some(predicate: (value: T, index: number, array: T[]) => unknown): boolean;
  forEach(use: (value: T, index: number, array: T[]) => void): void;
  map<U>(make: (value: T, index: number, array: T[]) => U): U[];
  filter<S extends T>(predicate: (value: T, index: number, array: T[]) => value is S): S[];
  filter(predicate: (value: T, index: number, array: T[]) => unknown): T[];
  find<S extends T>(predicate: (value: T, index: number, array: T[]) => value is S): S | undefined;
  find(predicate: (value: T, index: number, array: T[]) => unknown): T | undefined;
  findIndex(predicate: (value: T, index: number, array: T[]) => unknown): number;
  reduce(fold: (before: T, value: T, index: number, array: T[]) => T): T;
  reduce(fold: (before: T, value: T, index: number, array: T[]) => T, initial: T): T;
  reduce<U>(fold: (before: U, value: T, index: number, array: T[]) => U, initial: U): U;
  entries(): ArrayIterator<[number, T]>;
  keys(): ArrayIterator<number>;
  values(): ArrayIterator<T>;
  fill(value: T, start?: number, end?: number): this;
  with(index: number, value: T): T[];
  toReversed(): T[];
}
interface ArrayConstructor {
  new <T>(...items: T[]): T[];
  from<T>(from: Iterable<T> | ArrayLike<T>): T[];
  from<T, U>(from: Iterable<T> | ArrayLike<T>, make: (value: T, index: number) => U): U[];
  isArray(value: any): value is any[];
}
declare var Array: ArrayConstructor;

interface ReadonlySetLike<T> {
  has(value: T): boolean;
  keys(): Iterator<T>;
  readonly size: number;
}
interface Set<T> {
  add(value: T): this;
  clear(): void;
  delete(value: T): boolean;
  has(value: T): boolean;
  readonly size: number;
  forEach(use: (value: T, again: T, set: Set<T>) => void): void;
  [Symbol.iterator](): SetIterator<T>;
  keys(): SetIterator<T>;
  values(): SetIterator<T>;
  entries(): SetIterator<[T, T]>;
  union<U>(other: ReadonlySetLike<U>): Set<T | U>;
  intersection<U>(other: ReadonlySetLike<U>): Set<T & U>;
  difference<U>(other: ReadonlySetLike<U>): Set<T>;
  isSubsetOf(other: ReadonlySetLike<unknown>): boolean;
}
interface ReadonlySet<T> {
  has(value: T): boolean;
  readonly size: number;
  forEach(use: (value: T, again: T, set: ReadonlySet<T>) => void): void;
  [Symbol.iterator](): SetIterator<T>;
  keys(): SetIterator<T>;
  values(): SetIterator<T>;
  entries(): SetIterator<[T, T]>;
  union<U>(other: ReadonlySetLike<U>): Set<T | U>;
  intersection<U>(other: ReadonlySetLike<U>): Set<T & U>;
  difference<U>(other: ReadonlySetLike<U>): Set<T>;
  isSubsetOf(other: ReadonlySetLike<unknown>): boolean;
}
interface SetConstructor {
  new <T = any>(values?: readonly T[] | null): Set<T>;
  new <T>(values?: Iterable<T> | null): Set<T>;
}
declare var Set: SetConstructor;
interface ReadonlyMap<K, V> {
  get(key: K): V | undefined;
  has(key: K): boolean;
  readonly size: number;
}
interface Map<K, V> extends ReadonlyMap<K, V> {
  set(key: K, value: V): this;
}
interface MapConstructor {
  new <K, V>(entries?: Iterable<readonly [K, V]> | null): Map<K, V>;
}
declare var Map: MapConstructor;

type PropertyKey = string | number | symbol;
type Partial<T> = { [P in keyof T]?: T[P] };
type Required<T> = { [P in keyof T]-?: T[P] };
type Readonly<T> = { readonly [P in keyof T]: T[P] };
type Pick<T, K extends keyof T> = { [P in K]: T[P] };
type Record<K extends keyof any, T> = { [P in K]: T };
type Exclude<T, U> = T extends U ? never : T;
type Extract<T, U> = T extends U ? T : never;
type Omit<T, K extends keyof any> = Pick<T, Exclude<keyof T, K>>;
type NonNullable<T> = T & {};
type Parameters<T extends (...given: any) => any> = T extends (...given: infer P) => any ? P : never;
type ReturnType<T extends (...given: any) => any> = T extends (...given: any) => infer R ? R : any;
type NoInfer<T> = intrinsic;
