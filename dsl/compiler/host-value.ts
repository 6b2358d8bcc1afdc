import { notAnInteger, notAValue } from '../diagnostics/catalog.ts';
import type { Span } from '../diagnostics/span.ts';
import type { Expression, Value } from '../ir/index.ts';
import { INT_MAX, INT_MIN, setOf, SetValue } from '../ir/index.ts';
import { definitionOf } from '../language/definition.ts';
import * as build from './build.ts';
import { madeOf } from './field-order.ts';
import type { Unit } from './unit.ts';
import { report } from './unit.ts';

/** What evaluating the module left, as a value; undefined for schemas, functions and other things that are none. */
export function constantValue(value: unknown): { readonly value: Value } | undefined {
  if (value === null || value === undefined) return { value };
  if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string') return { value };
  if (typeof value !== 'object') return undefined;
  if (Array.isArray(value) || value instanceof Set) {
    const elements = [...(value as Iterable<unknown>)].map(constantValue);
    if (!elements.every((element) => element !== undefined)) return undefined;
    const values = elements.map((element) => element.value);
    return { value: Array.isArray(value) ? values : setOf(values) };
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (definitionOf(value) !== undefined || '_zod' in value) return undefined;
  if (prototype !== Object.prototype && prototype !== null) return undefined;
  const fields: [string, Value][] = [];
  for (const [name, field] of Object.entries(value)) {
    const constant = constantValue(field);
    if (constant === undefined) return undefined;
    fields.push([name, constant.value]);
  }
  return { value: Object.fromEntries(fields) };
}

/** What of a value cannot be one of the language, with where in it that is; undefined when there is nothing. */
export function notConstant(
  value: unknown,
  path: string,
  around: readonly unknown[] = [],
): { readonly path: string; readonly found: string } | undefined {
  if (typeof value === 'number')
    return isInt32(value) ? undefined : { path, found: `${value}, which is no 32-bit integer` };
  if (typeof value === 'function') return { path, found: 'a function' };
  if (typeof value === 'bigint' || typeof value === 'symbol') return { path, found: `a ${typeof value}` };
  if (typeof value !== 'object' || value === null) return undefined;
  if (around.includes(value)) return { path, found: 'an object that contains itself' };
  if (isSchema(value)) return { path, found: 'a schema' };
  if (definitionOf(value) !== undefined) return { path, found: 'a declaration' };
  const parts = partsOf(value);
  if (parts === undefined) return { path, found: `an object of the class \`${nameOfClass(value)}\`` };
  for (const [step, part] of parts) {
    const wrong = notConstant(part, path + step, [...around, value]);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

/** The parts of an array, a set or a plain object, with how each is written behind the whole; undefined for others. */
function partsOf(value: object): readonly (readonly [step: string, part: unknown])[] | undefined {
  if (Array.isArray(value)) return Array.from(value as unknown[], (part, at) => [`[${at}]`, part] as const);
  if (value instanceof Set) return [...(value as Set<unknown>)].map((part) => ['', part] as const);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return undefined;
  return Object.entries(value).map(
    ([name, part]) => [/^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`, part] as const,
  );
}

function nameOfClass(value: object): string {
  const { constructor } = value as { readonly constructor?: { readonly name?: unknown } };
  return String(constructor?.name ?? 'unknown');
}

export function hostValue(unit: Unit, value: unknown, description: string, span: Span): Expression {
  if (isSchema(value)) {
    report(
      unit,
      notAValue(
        span,
        `the schema \`${description}\``,
        'write `values(…)` for all its values or `pick(…)` for one of them',
      ),
    );
    return build.poison(span);
  }
  const constant = constantValue(value);
  if (constant === undefined) {
    report(unit, notAValue(span, `\`${description}\``, 'use booleans, integers, text, arrays, objects and sets'));
    return build.poison(span);
  }
  const wrong = fractionIn(constant.value);
  if (wrong !== undefined) {
    report(unit, notAnInteger(span, String(wrong)));
    return build.poison(span);
  }
  const made = build.literal(constant.value, span);
  madeOf(unit, made.type);
  return made;
}

function fractionIn(value: Value): number | undefined {
  if (typeof value === 'number') return isInt32(value) ? undefined : value;
  if (typeof value !== 'object' || value === null) return undefined;
  const parts = value instanceof SetValue ? value.elements : Object.values(value as object as Record<string, Value>);
  for (const part of parts) {
    const found = fractionIn(part);
    if (found !== undefined) return found;
  }
  return undefined;
}

export function isInt32(value: number): boolean {
  return Number.isInteger(value) && INT_MIN <= value && value <= INT_MAX;
}

export function isSchema(value: unknown): boolean {
  return typeof value === 'object' && value !== null && '_zod' in value;
}
