import type { Span } from '../diagnostics/span.ts';
import type { Domain, Expression, Field, ObjectValue, RecordDomain, Value } from '../ir/index.ts';
import { isArray, setOf, SetValue } from '../ir/index.ts';
import { joinAll } from '../ir/join.ts';
import { alternativesOf, intPart, membersOf, NEVER, presentPart } from '../ir/part.ts';
import { typeOfSequence, typeOfValue } from '../ir/typing.ts';
import * as build from './build.ts';
import { integerKeys } from './key-order.ts';
import { sharesOf } from './shares.ts';
import type { Term } from './term.ts';
import type { Unit } from './unit.ts';
import { valueTerm } from './value.ts';

/** Parameters and constants: what is the same in all states of a model. */
export interface Fixed {
  readonly value: Value;
  readonly type: Domain;
}

/** The sets of ids of a model. */
export type IdSets = readonly Extract<Domain, { kind: 'ids' }>[];

/**
 * Objects among what is fixed that bodies index by what is only known in a step, such as `p.cost[s.mode]`: these are
 * records. Whether an object is one shows when bodies have been lowered; then all is done again.
 */
export class Tables {
  readonly #paths = new Set<string>();

  get size(): number {
    return this.#paths.size;
  }

  has(path: string): boolean {
    return this.#paths.has(path);
  }

  add(path: string): void {
    this.#paths.add(path);
  }
}

/**
 * The type of a fixed value: ids are ids, and an object is a record where its keys are all ids of a set, or where it is
 * asked for an entry that is only known in a step.
 *
 * @param path - which part of what this is: see {@link pathOf}.
 */
export function typeOfFixed(sets: IdSets, tables: Tables, path: string, value: Value): Domain {
  if (typeof value === 'string') return sets.find((set) => set.values.includes(value)) ?? typeOfValue(value);
  if (value === null || typeof value !== 'object') return typeOfValue(value);
  const inside = (part: Value, step = ENTRY): Domain => typeOfFixed(sets, tables, `${path}${step}`, part);
  if (value instanceof SetValue) {
    return { kind: 'set', element: joinAll(value.elements.map((one) => inside(one))) ?? NEVER };
  }
  if (isArray(value)) {
    const items = value.map((one) => inside(one));
    const type = typeOfSequence(items);
    // What is of several kinds is told apart by its place.
    const isMixed = type.kind === 'array' && 1 < alternativesOf(presentPart(type.element)).length;
    return isMixed ? { kind: 'tuple', items } : type;
  }
  const names = Object.keys(value);
  const set = sets.find(({ values }) => values.length > 0 && values.join('\n') === names.join('\n'));
  const key =
    set ?? (tables.has(path) ? keysOf(names, false) : tables.has(`${path}#`) ? keysOf(names, true) : undefined);
  const entry = key && joinAll(names.map((name) => inside(value[name])));
  if (key !== undefined && entry !== undefined) return { kind: 'record', key, value: entry };
  return { kind: 'object', fields: names.map((name) => ({ name, domain: inside(value[name], fieldStep(name)) })) };
}

/** A fixed value with the optional fields that its type has and it lacks: equal values have one form. */
export function completed(value: Value, type: Domain): Value {
  if (value === null || typeof value !== 'object') return value;
  const isOf: (domain: Domain) => boolean = isArray(value)
    ? ({ kind }) => kind === 'array' || kind === 'tuple'
    : value instanceof SetValue
      ? ({ kind }) => kind === 'set'
      : ({ kind }) => kind === 'object' || kind === 'variant' || kind === 'record';
  const domain = membersOf(type).find(isOf);
  if (value instanceof SetValue) {
    return domain?.kind === 'set' ? setOf(value.elements.map((one) => completed(one, domain.element))) : value;
  }
  if (isArray(value)) {
    return value.map((one, at) =>
      completed(
        one,
        domain?.kind === 'array' ? domain.element : (domain?.kind === 'tuple' && domain.items[at]) || NEVER,
      ),
    );
  }
  const fields = domain === undefined ? [] : fieldsFor(domain, value);
  const names = [...new Set([...Object.keys(value), ...fields.map(({ name }) => name)])];
  return Object.fromEntries(
    names.map((name) => [name, completed(value[name], fields.find((one) => one.name === name)?.domain ?? NEVER)]),
  );
}

function fieldsFor(domain: Domain, value: ObjectValue): readonly Field[] {
  switch (domain.kind) {
    case 'object':
      return domain.fields;
    case 'variant':
      return domain.cases.find(({ tag }) => tag === value[domain.discriminator])?.fields ?? [];
    case 'record':
      return Object.keys(value).map((name) => ({ name, domain: domain.value }));
    default:
      return [];
  }
}

/** The keys of an object as a domain; as integers, only where they have no gap. */
function keysOf(names: readonly string[], areInts: boolean): Domain | undefined {
  return areInts ? integerKeys(names) : { kind: 'enum', values: names };
}

const ENTRY = '[]';

function fieldStep(name: string): string {
  return `.${JSON.stringify(name)}`;
}

/** Where in which fixed value an expression reads, as one text; undefined for what is not a part of one. */
function pathOf(unit: Unit, expression: Expression): string | undefined {
  switch (expression.kind) {
    case 'parameter':
      return expression.name;
    case 'local':
      return unit.fixedParts.get(expression.name);
    case 'field': {
      const object = pathOf(unit, expression.object);
      return object && `${object}${fieldStep(expression.name)}`;
    }
    case 'index': {
      const object = pathOf(unit, expression.object);
      return object && `${object}${ENTRY}`;
    }
    default:
      return undefined;
  }
}

/** A part of something fixed at a place that is known has the type of what is there, not that of all that could be. */
export function exactly(unit: Unit, term: Term): Term {
  if (term.kind !== 'value') return term;
  const { expression } = term;
  const path = pathOf(unit, expression);
  const known = path === undefined ? undefined : build.constantOf(expression);
  if (path === undefined || known === undefined) return term;
  return { ...term, expression: { ...expression, type: unit.model.typeOfPart(path, known.value) } };
}

/** Remembers that a local is a part of something fixed, if it is. */
export function noteFixedPart(unit: Unit, local: string, value: Expression, step: 'itself' | 'an element'): void {
  const path = pathOf(unit, value);
  if (path !== undefined) unit.fixedParts.set(local, step === 'itself' ? path : `${path}${ENTRY}`);
}

/**
 * A part of something fixed as the record that it is when it is asked for an entry that is only known in a step;
 * undefined for what is no object among what is fixed, or has entries of kinds that do not go together.
 */
export function asTable(
  unit: Unit,
  expression: Expression,
  index: Domain,
): (Expression & { readonly type: RecordDomain }) | undefined {
  const { type } = expression;
  if (expression.kind === 'conditional') {
    const [yes, no] = [expression.whenTrue, expression.whenFalse].map((arm) => asTable(unit, arm, index));
    const made = yes && no && build.conditional(expression.condition, yes, no, expression.span);
    return made?.type.kind === 'record' ? { ...made, type: made.type } : undefined;
  }
  const path = pathOf(unit, expression);
  if (path === undefined || type.kind !== 'object') return undefined;
  const areInts = intPart(index) !== undefined;
  const key = keysOf(
    type.fields.map(({ name }) => name),
    areInts,
  );
  const entry = joinAll(type.fields.map(({ domain }) => domain));
  // What only some of the objects have that this may be is no key of all of them.
  const isTotal = !type.fields.some(({ domain }) => membersOf(domain).some(({ kind }) => kind === 'undefined'));
  if (key === undefined || entry === undefined || entry.kind === 'never' || !isTotal) return undefined;
  unit.model.tables.add(areInts ? `${path}#` : path);
  return { ...expression, type: { kind: 'record', key, value: entry } };
}

/** Two values of which one may be a record and the other an object among what is fixed that has its keys: both as records. */
export function asRecords(unit: Unit, one: Expression, other: Expression): readonly [Expression, Expression] {
  const [left, right] = [one, other].map(({ type }) => membersOf(type).find(({ kind }) => kind === 'record'));
  if (left?.kind === 'record') return [one, asTable(unit, other, left.key) ?? other];
  if (right?.kind === 'record') return [asTable(unit, one, right.key) ?? one, other];
  return [one, other];
}

/** The keys of an object among what is fixed, as such of the kind that is asked for; undefined for anything else. */
export function keysOfFixed(unit: Unit, expression: Expression, asked: Domain): Domain | undefined {
  const { type } = expression;
  if (type.kind !== 'object' || pathOf(unit, expression) === undefined) return undefined;
  const names = type.fields.map(({ name }) => name);
  return (intPart(asked) === undefined ? undefined : keysOf(names, true)) ?? keysOf(names, false);
}

/**
 * Something fixed, by its name. What a step puts somewhere else of it is that very object in JavaScript, so it must not be
 * changed there.
 *
 * @param given - what functions of the author's get for it.
 */
export function fixedTerm(name: string, { value, type }: Fixed, given: unknown, span: Span): Term {
  const shares = sharesOf({ kind: 'host', value: given, description: name });
  return valueTerm({ kind: 'parameter', name, value, type, span }, shares);
}
