import { emptyDomain, serialMisused, unboundedDomain, unsupportedSchema, wrongSerial } from '../diagnostics/catalog.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Span } from '../diagnostics/span.ts';
import { aliveOf, valuesOfIds } from '../language/activate.ts';
import { idsOf, serialOf, type SerialDefinition } from '../language/definition.ts';
import { described } from '../language/given.ts';
import type { Domain, Field, SerialDomain } from '../ir/index.ts';
import { cardinality, INT_MAX, INT_MIN } from '../ir/index.ts';
import { joinAll } from '../ir/join.ts';
import { integersIn, intRuns, membersOf, presentPart, runsOf, serialPart, serialWithin } from '../ir/part.ts';
import { isIndexKey } from './key-order.ts';
import { writtenOrder } from './zod-in-order.ts';

/** What of zod's own record of a schema is looked at; see zod's `core`, where each kind has its own type. */
interface SchemaDefinition {
  readonly type: string;
  readonly checks?: readonly { readonly _zod: { readonly def: Check } }[];
  readonly format?: string;
  readonly check?: string;
  readonly entries?: Readonly<Record<string, unknown>>;
  readonly values?: readonly unknown[];
  readonly innerType?: unknown;
  readonly defaultValue?: unknown;
  readonly options?: readonly unknown[];
  readonly discriminator?: string;
  readonly shape?: Readonly<Record<string, unknown>>;
  readonly catchall?: unknown;
  readonly keyType?: unknown;
  readonly partial?: boolean;
  readonly valueType?: unknown;
  readonly items?: readonly unknown[];
  readonly rest?: unknown;
  readonly element?: unknown;
  readonly getter?: () => unknown;
  readonly coerce?: boolean;
}

interface Check {
  readonly check: string;
  readonly value?: number;
  readonly inclusive?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly length?: number;
  readonly format?: string;
}

/** What is wrong with a schema, still without a place. */
type Problem = (span: Span) => Diagnostic;

/**
 * A zod schema as a finite domain. Sets of ids have the size of the spec that is active.
 *
 * @param path - how the author would name what has the schema: `s.queue`.
 * @returns the domain, or a diagnostic that says which bound to add or what to declare instead.
 */
export function lowerDomain(schema: unknown, path: string, span: Span): Domain | Diagnostic {
  const found = domainOf(schema, path, new Set());
  if (typeof found === 'function') return found(span);
  return found;
}

export function isDiagnostic(found: Domain | Diagnostic): found is Diagnostic {
  return 'code' in found;
}

function domainOf(schema: unknown, path: string, around: ReadonlySet<unknown>): Domain | Problem {
  const definition = definitionOfSchema(schema);
  if (definition === undefined) {
    return (span) => unsupportedSchema(span, path, 'what is no zod schema', 'declare it with `z`: `z.boolean()`');
  }
  const set = idsOf(schema);
  if (set !== undefined) return { kind: 'ids', name: set.name, values: valuesOfIds(set) };
  const serial = serialOf(schema);
  if (serial !== undefined) return serialDomain(serial);
  if (around.has(schema)) {
    return (span) =>
      unboundedDomain(span, path, 'values nested in themselves', 'name the parts by index in an array of fixed size');
  }
  const refined = definition.checks?.find((check) => !BOUNDS.has(check._zod.def.check));
  if (refined !== undefined) return refusedCheck(path, refined._zod.def.check);
  return kindOf(definition, path, new Set([...around, schema]));
}

function serialDomain(serial: SerialDefinition): Domain | Problem {
  const { name } = serial;
  const alive = aliveOf(serial);
  if (isLimit(alive)) return { kind: 'serial', name, alive };
  const message = `\`alive\` of serial("${name}", …) is ${described(alive)}`;
  return (span) => wrongSerial(span, message, `give a whole number from 1 to ${MOST_ALIVE}`);
}

/** So many values of a domain can be told apart in a state, beside the first; a step may have more. */
const MOST_ALIVE = 30;

function isLimit(alive: unknown): alive is number {
  return Number.isInteger(alive) && 1 <= (alive as number) && (alive as number) <= MOST_ALIVE;
}

const BOUNDS = new Set([
  'greater_than',
  'less_than',
  'multiple_of',
  'number_format',
  'min_length',
  'max_length',
  'length_equals',
  'min_size',
  'max_size',
  'size_equals',
]);

function refusedCheck(path: string, check: string): Problem {
  const what = check === 'custom' ? '`refine`' : check === 'overwrite' ? 'a transformation' : `the check \`${check}\``;
  const help = 'declare the finite domain itself, and say what else holds in an invariant';
  return (span) => unsupportedSchema(span, path, what, help);
}

function kindOf(definition: SchemaDefinition, path: string, around: ReadonlySet<unknown>): Domain | Problem {
  const inner = () => domainOf(definition.innerType, path, around);
  switch (definition.type) {
    case 'boolean':
      return definition.coerce === true ? unsupported(path, '`z.coerce`', 'use `z.boolean()`') : { kind: 'boolean' };
    case 'number':
      return intDomain(definition, path);
    case 'enum':
      return enumDomain(definition, path);
    case 'literal':
      return literalDomain(definition.values ?? [], path);
    case 'null':
      return { kind: 'null' };
    case 'undefined':
    case 'void':
      return { kind: 'undefined' };
    case 'nullable':
      return together([{ kind: 'null' }, inner()], path);
    case 'optional':
      return together([{ kind: 'undefined' }, inner()], path);
    case 'default':
    case 'prefault':
      return withoutUndefined(inner());
    case 'readonly':
    case 'nonoptional':
      return inner();
    case 'lazy':
      return domainOf(definition.getter?.(), path, around);
    case 'union':
      return unionDomain(definition, path, around);
    case 'object':
      return objectDomain(definition, path, around);
    case 'record':
      return recordDomain(definition, path, around);
    case 'tuple':
      return tupleDomain(definition, path, around);
    case 'array':
      return arrayDomain(definition, path, around);
    case 'set':
      return setDomain(definition, path, around);
    default:
      return refusedKind(definition.type, path);
  }
}

/** Where there is a default, there is a value. */
function withoutUndefined(domain: Domain | Problem): Domain | Problem {
  if (typeof domain === 'function' || domain.kind !== 'union') return domain;
  const members = domain.members.filter(({ kind }) => kind !== 'undefined');
  return members.length === 1 ? members[0]! : { ...domain, members };
}

function refusedKind(type: string, path: string): Problem {
  switch (type) {
    case 'string':
      return (span) =>
        unboundedDomain(span, path, 'text', 'list the texts: `z.enum(["idle", "busy"])`, or use `ids("Client", 3)`');
    case 'bigint':
      return unsupported(path, '`z.bigint()`', 'use a bounded integer: `z.int().min(0).max(7)`');
    case 'date':
      return unsupported(path, '`z.date()`', 'model time as a bounded counter: `z.int().min(0).max(10)`');
    case 'any':
    case 'unknown':
      return (span) => unboundedDomain(span, path, 'anything at all', 'declare which values it can have');
    case 'map':
      return unsupported(
        path,
        '`z.map()`',
        'use a record: `z.record(Keys, value)`; for "absent" make the value nullable',
      );
    case 'pipe':
    case 'transform':
      return unsupported(path, 'a transformation', 'declare what the state holds after it');
    case 'custom':
      return unsupported(path, '`z.custom()`', 'list the values: `z.enum([…])` or `z.literal([…])`');
    case 'template_literal':
      return unsupported(path, '`z.templateLiteral()`', 'list the texts: `z.enum([…])`');
    case 'never':
      return (span) => emptyDomain(span, path);
    default:
      return unsupported(
        path,
        `\`z.${type}()\``,
        'use booleans, enums, bounded integers, ids, objects, records, arrays and sets of them',
      );
  }
}

function unsupported(path: string, what: string, help: string): Problem {
  return (span) => unsupportedSchema(span, path, what, help);
}

function intDomain(definition: SchemaDefinition, path: string): Domain | Problem {
  if (definition.coerce === true) return unsupported(path, '`z.coerce`', 'use `z.int()`');
  const checks = checksOf(definition);
  const formats = [definition.format, ...checks.map((check) => check.format)].filter((format) => format !== undefined);
  if (!formats.some((format) => INTEGER_FORMATS.has(format))) {
    return unsupported(path, '`z.number()`', 'use integers: `z.int().min(0).max(7)`');
  }
  let min: number | undefined;
  let max: number | undefined;
  for (const { check, value, inclusive } of checks) {
    if (value === undefined) continue;
    if (Number.isNaN(value)) return unsupported(path, 'a bound that is no number (NaN)', 'give integers as bounds');
    if (check === 'multiple_of' && value !== 1) {
      return unsupported(
        path,
        '`multipleOf`',
        'list them: `z.literal([0, 2, 4])`; or count in units of it, and multiply where the number is used',
      );
    }
    if (check === 'greater_than')
      min = Math.max(min ?? -Infinity, inclusive === true ? Math.ceil(value) : Math.floor(value) + 1);
    if (check === 'less_than')
      max = Math.min(max ?? Infinity, inclusive === true ? Math.floor(value) : Math.ceil(value) - 1);
  }
  if (min === undefined || max === undefined || min < INT_MIN || INT_MAX < max) {
    const help =
      min === undefined && max === undefined
        ? 'add `.min(…)` and `.max(…)`'
        : min === undefined || min < INT_MIN
          ? 'add `.min(…)`'
          : 'add `.max(…)`';
    return (span) => unboundedDomain(span, path, 'integers', help);
  }
  if (max < min) return (span) => emptyDomain(span, path);
  return { kind: 'int', min: min + 0, max: max + 0 };
}

const INTEGER_FORMATS = new Set(['safeint', 'int32', 'uint32']);

function enumDomain(definition: SchemaDefinition, path: string): Domain | Problem {
  const entries = definition.entries ?? {};
  const written = writtenOrder(entries);
  if (written !== undefined) return literalDomain(written, path);
  if (Object.entries(entries).some(([name, value]) => name === value && isIndexKey(name))) {
    const help = 'write `z.literal(["2", "1"])`, which keeps the order';
    return unsupported(path, 'an enum of texts that look like integers, made of another one', help);
  }
  // A TypeScript enum of numbers also maps its numbers back to their names.
  const values = Object.entries(entries)
    .filter(([name, value]) => typeof entries[String(value)] !== 'number' || name === String(value))
    .map(([, value]) => value);
  return literalDomain(values, path);
}

function literalDomain(values: readonly unknown[], path: string): Domain | Problem {
  const texts = values.filter((value): value is string => typeof value === 'string');
  const numbers = values.filter((value): value is number => typeof value === 'number');
  const members: (Domain | Problem)[] = [];
  const others = new Set<unknown>();
  for (const value of values) {
    const known =
      typeof value === 'string'
        ? 'text'
        : typeof value === 'number'
          ? 'number'
          : typeof value === 'boolean'
            ? 'boolean'
            : value;
    if (others.has(known)) continue;
    others.add(known);
    if (known === 'text') members.push({ kind: 'enum', values: [...new Set(texts)] });
    else if (known === 'number') members.push(numberLiterals(numbers, path));
    else if (known === 'boolean') {
      const isOnly = !values.includes(true) || !values.includes(false);
      members.push(isOnly ? { kind: 'boolean', only: value === true } : { kind: 'boolean' });
    } else if (value === null) members.push({ kind: 'null' });
    else if (value === undefined) members.push({ kind: 'undefined' });
    else
      return unsupported(
        path,
        `the literal ${String(value)}${typeof value === 'bigint' ? 'n' : ''}`,
        'use text, integers, booleans and null',
      );
  }
  if (members.length === 0) return (span) => emptyDomain(span, path);
  return together(members, path);
}

function numberLiterals(numbers: readonly number[], path: string): Domain | Problem {
  if (!numbers.every((value) => Number.isInteger(value) && INT_MIN <= value && value <= INT_MAX)) {
    return unsupported(
      path,
      'a number that is no 32-bit integer',
      'use integers, and count in units that are small enough',
    );
  }
  return integersIn(numbers.map((value) => ({ kind: 'int', min: value + 0, max: value + 0 })));
}

/** Alternatives in the order given, which is their order in the domain; null and undefined come first. */
function together(parts: readonly (Domain | Problem)[], path: string): Domain | Problem {
  const members: Domain[] = [];
  for (const part of parts) {
    if (typeof part === 'function') return part;
    members.push(...membersOf(part));
  }
  // Integers are one alternative, wherever they were written: all of them, in ascending order, where the first ones are.
  const runs = runsOf(members.flatMap(intRuns));
  const [first] = runs;
  const at = members.findIndex(({ kind }) => kind === 'int');
  const mixed = mixedSerial(members);
  if (mixed !== undefined) {
    const message = `\`${path}\` may be a value of ${mixed.name} or something else than nothing`;
    return (span) => serialMisused(span, message, 'make it nullable, or keep the rest in a variable of its own');
  }
  const joined = apart(
    members.flatMap((one, index): readonly Domain[] => (one.kind !== 'int' ? [one] : index === at ? [first!] : [])),
    path,
  );
  if (runs.length < 2 || typeof joined === 'function') return joined;
  return {
    kind: 'union',
    members: membersOf(joined).flatMap((one): readonly Domain[] => (one.kind === 'int' ? runs : [one])),
  };
}

/**
 * A domain of values of which only the order counts that is an alternative to something else than null or undefined, or
 * stands within one of several compound alternatives: these cannot be found in a state.
 */
function mixedSerial(members: readonly Domain[]): SerialDomain | undefined {
  const there = presentPart({ kind: 'union', members });
  return there.kind === 'union' ? there.members.map(serialWithin).find((one) => one !== undefined) : undefined;
}

/** Members of a union, if every value says which of them it belongs to. */
function apart(members: readonly Domain[], path: string): Domain | Problem {
  const joined = joinAll(members);
  const clash =
    joined === undefined || cardinality(joined) !== members.reduce((total, member) => total + cardinality(member), 0);
  if (clash) {
    const distinct = members.filter(
      (member, at) => members.findIndex((other) => JSON.stringify(other) === JSON.stringify(member)) === at,
    );
    if (distinct.length < members.length) return apart(distinct, path);
    const help = 'use `z.discriminatedUnion("kind", [z.object({ kind: z.literal("a"), … }), …])`';
    return unsupported(path, 'alternatives that nothing tells apart', help);
  }
  return joined;
}

function unionDomain(definition: SchemaDefinition, path: string, around: ReadonlySet<unknown>): Domain | Problem {
  const { discriminator } = definition;
  // `z.literal(true)` is no domain, so that it has to be looked at before.
  if (discriminator !== undefined && definition.options?.some((option) => isToldByBoolean(option, discriminator)))
    return refusedDiscriminator(path, discriminator);
  const options = (definition.options ?? []).map((option) => domainOf(option, path, around));
  if (discriminator === undefined) return together(options, path);
  const cases: { tag: string; fields: readonly Field[] }[] = [];
  for (const option of options) {
    if (typeof option === 'function') return option;
    for (const member of membersOf(option)) {
      if (member.kind === 'variant' && member.discriminator === discriminator) cases.push(...member.cases);
      else if (member.kind === 'object') {
        const tag = member.fields.find((field) => field.name === discriminator)?.domain;
        if (tag?.kind !== 'enum') return refusedDiscriminator(path, discriminator);
        const fields = member.fields.filter((field) => field.name !== discriminator);
        cases.push(...tag.values.map((value) => ({ tag: value, fields })));
      } else return unsupported(path, 'a discriminated union of what is no object', 'list objects');
    }
  }
  return { kind: 'variant', discriminator, cases };
}

function isToldByBoolean(option: unknown, discriminator: string): boolean {
  const tag = definitionOfSchema(definitionOfSchema(option)?.shape?.[discriminator]);
  return tag?.type === 'boolean' || tag?.values?.some((value) => typeof value === 'boolean') === true;
}

function refusedDiscriminator(path: string, name: string): Problem {
  return unsupported(path, 'a discriminator that is no text', `tell them apart by text: \`${name}: z.literal("…")\``);
}

function objectDomain(definition: SchemaDefinition, path: string, around: ReadonlySet<unknown>): Domain | Problem {
  const catchall = definitionOfSchema(definition.catchall);
  if (catchall !== undefined && catchall.type !== 'never') {
    return unsupported(path, 'an object with further fields', 'name all fields');
  }
  const fields: Field[] = [];
  for (const [name, schema] of Object.entries(definition.shape ?? {})) {
    const domain = domainOf(schema, `${path}.${name}`, around);
    if (typeof domain === 'function') return domain;
    fields.push({ name, domain });
  }
  return { kind: 'object', fields };
}

function recordDomain(definition: SchemaDefinition, path: string, around: ReadonlySet<unknown>): Domain | Problem {
  if (definition.partial === true) {
    return unsupported(path, '`z.partialRecord()`', 'use `z.record(Keys, value.nullable())`: every key has a value');
  }
  const key = domainOf(definition.keyType, `the keys of ${path}`, around);
  if (typeof key === 'function') return key;
  const serial = serialPart(key);
  if (serial !== undefined) {
    const message = `the keys of \`${path}\` are values of ${serial.name}, of which there is no end`;
    return (span) => serialMisused(span, message, 'keep them in an array or a set: `z.array(z.object({ … })).max(3)`');
  }
  if (!membersOf(key).every((member) => ['ids', 'enum', 'int'].includes(member.kind))) {
    return unsupported(
      `the keys of ${path}`,
      'keys that are no ids, texts or integers',
      'use `ids`, `z.enum` or a bounded `z.int()`',
    );
  }
  const value = domainOf(definition.valueType, `${path}[…]`, around);
  return typeof value === 'function' ? value : { kind: 'record', key, value };
}

function tupleDomain(definition: SchemaDefinition, path: string, around: ReadonlySet<unknown>): Domain | Problem {
  if (definition.rest !== undefined && definition.rest !== null) {
    return (span) => unboundedDomain(span, path, 'tuples of any length', 'use an array: `z.array(element).max(3)`');
  }
  const items: Domain[] = [];
  for (const [at, schema] of (definition.items ?? []).entries()) {
    const item = domainOf(schema, `${path}[${at}]`, around);
    if (typeof item === 'function') return item;
    items.push(item);
  }
  return { kind: 'tuple', items };
}

function arrayDomain(definition: SchemaDefinition, path: string, around: ReadonlySet<unknown>): Domain | Problem {
  const element = domainOf(definition.element, `${path}[…]`, around);
  if (typeof element === 'function') return element;
  let minLength = 0;
  let maxLength = Infinity;
  for (const check of checksOf(definition)) {
    if (check.check === 'min_length') minLength = Math.max(minLength, check.minimum ?? 0);
    if (check.check === 'max_length') maxLength = Math.min(maxLength, check.maximum ?? Infinity);
    if (check.check === 'length_equals') {
      minLength = Math.max(minLength, check.length ?? 0);
      maxLength = Math.min(maxLength, check.length ?? Infinity);
    }
  }
  if (Number.isNaN(minLength) || Number.isNaN(maxLength)) {
    return unsupported(path, 'a length that is no number (NaN)', 'give integers as bounds');
  }
  [minLength, maxLength] = [Math.ceil(minLength), Math.floor(maxLength)];
  if (maxLength === Infinity) {
    return (span) =>
      unboundedDomain(span, path, 'arrays of any length', 'add `.max(…)`, or `.length(…)` for a fixed array');
  }
  if (maxLength < minLength) return (span) => emptyDomain(span, path);
  return { kind: 'array', element, minLength, maxLength };
}

function setDomain(definition: SchemaDefinition, path: string, around: ReadonlySet<unknown>): Domain | Problem {
  if (checksOf(definition).length > 0) {
    return unsupported(path, 'a set with a bound on its size', 'leave the bound out, and say it in an invariant');
  }
  const element = domainOf(definition.valueType, `the elements of ${path}`, around);
  return typeof element === 'function' ? element : { kind: 'set', element };
}

function checksOf(definition: SchemaDefinition): readonly Check[] {
  // A schema that is a check itself, such as `z.int()`, is the first of its checks.
  return (definition.checks ?? []).map((check) => check._zod.def);
}

/** What zod itself keeps of a schema. */
export function definitionOfSchema(schema: unknown): SchemaDefinition | undefined {
  if (typeof schema !== 'object' || schema === null || !('_zod' in schema)) return undefined;
  return (schema as { _zod: { def: SchemaDefinition } })._zod.def;
}
