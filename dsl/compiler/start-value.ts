import { hugeDomain, wrongStart } from '../diagnostics/catalog.ts';
import type { Span } from '../diagnostics/span.ts';
import type { Domain, Expression, Field, Place, Value } from '../ir/index.ts';
import { cardinality, contains, defaultValue, equalValues, formatValue, isObject, valuesOf } from '../ir/index.ts';
import { startsAnywhere } from '../language/domain.ts';
import { idsOf } from '../language/definition.ts';
import * as build from './build.ts';
import { constantValue } from './host-value.ts';
import { definitionOfSchema, isDiagnostic, lowerDomain } from './lower-domain.ts';
import { emit, report, type Unit } from './unit.ts';
import { freshStable } from './value.ts';

/** A variable with the schema that says where it starts. */
export interface Starting {
  readonly name: string;
  readonly schema: unknown;
  readonly domain: Domain;
  readonly span: Span;
  /** What the author wrote as the start value of a part, by the names of fields that lead there, where that can be told. */
  readonly defaultSpan: (fields: readonly string[]) => Span | undefined;
}

/**
 * Gives a variable its start value before `init` runs, where that is not the first value of its domain: what
 * `.default(…)` says anywhere in its schema, 0 where an integer can be 0, any value where `anyOf(…)` says so.
 */
export function lowerStart(unit: Unit, { name, schema, domain, span, defaultSpan }: Starting): void {
  const place: Place = { root: { kind: 'variable', name }, path: [], domain, span };
  new Starts(unit, `s.${name}`, span, defaultSpan).start(schema, place);
}

class Starts {
  private readonly unit: Unit;
  private readonly path: string;
  private readonly span: Span;
  private readonly defaultSpan: Starting['defaultSpan'];
  /** The fields that lead to what is looked at. */
  private readonly fields: string[] = [];

  constructor(unit: Unit, path: string, span: Span, defaultSpan: Starting['defaultSpan']) {
    this.unit = unit;
    this.path = path;
    this.span = span;
    this.defaultSpan = defaultSpan;
  }

  /** @param domain - of the schema: a part of that of the place, where it is one of several alternatives. */
  start(schema: unknown, place: Place, domain: Domain = place.domain): void {
    if (startsAnywhere(schema)) return this.choose(place, domain);
    if (!hasChoice(schema)) {
      const value = this.valueOf(schema, domain);
      if (equalValues(value, defaultValue(place.domain))) return;
      emit(this.unit, {
        kind: 'assign',
        target: place,
        value: build.literal(value, this.span, place.domain),
        span: this.span,
      });
      return;
    }
    const definition = definitionOfSchema(schema)!;
    if (definition.type === 'readonly' || definition.type === 'nonoptional') {
      return this.start(definition.innerType, place, domain);
    }
    if (definition.type === 'lazy') return this.start(definition.getter?.(), place, domain);
    if (definition.type === 'union' && place.domain.kind !== 'variant') {
      const [first] = definition.options!;
      return this.start(first, place, this.domainOf(first) ?? domain);
    }
    for (const part of this.partsOf(schema, place.domain)) {
      const { segment } = part;
      const go = (): void => this.start(part.schema, { ...place, path: [...place.path, segment], domain: part.domain });
      if (segment.kind === 'field') this.within(segment.name, go);
      else go();
    }
  }

  private choose(place: Place, domain: Domain): void {
    if (MOST_CHOICES < cardinality(domain)) {
      report(this.unit, hugeDomain(this.span, this.path, cardinality(domain).toLocaleString('en-US')));
      return;
    }
    const name = freshStable(this.unit, `any_${place.root.name}`);
    const from: Expression = { kind: 'domain', domain, type: { kind: 'set', element: domain }, span: this.span };
    emit(this.unit, { kind: 'choose', name, domain, from, span: this.span });
    emit(this.unit, {
      kind: 'assign',
      target: place,
      value: build.local(name, domain, this.span),
      span: this.span,
    });
  }

  /** The parts of what a schema starts with, one of which may be any value. */
  private partsOf(schema: unknown, domain: Domain): readonly Part[] {
    const definition = definitionOfSchema(schema)!;
    const at = (value: Value, type: Domain): Place['path'][number] => ({
      kind: 'index',
      index: build.literal(value, this.span, type),
    });
    switch (definition.type) {
      case 'object': {
        const fields =
          domain.kind === 'variant' ? domain.cases[0]!.fields : domain.kind === 'object' ? domain.fields : [];
        return fields.map((field) => ({
          schema: definition.shape![field.name],
          segment: { kind: 'field', name: field.name },
          domain: field.domain,
        }));
      }
      case 'union':
        return this.partsOf(definition.options![0], domain);
      case 'record':
        if (domain.kind !== 'record') return [];
        return [...valuesOf(domain.key)].map((key) => ({
          schema: definition.valueType,
          segment: at(key, domain.key),
          domain: domain.value,
        }));
      case 'tuple':
        if (domain.kind !== 'tuple') return [];
        return definition.items!.map((item, index) => ({
          schema: item,
          segment: at(index, intFrom(domain.items.length)),
          domain: domain.items[index]!,
        }));
      case 'array':
        if (domain.kind !== 'array') return [];
        return Array.from({ length: domain.minLength }, (_, index) => ({
          schema: definition.element,
          segment: at(index, intFrom(domain.maxLength)),
          domain: domain.element,
        }));
      default:
        return [];
    }
  }

  /** What a schema without any choice starts with. */
  private valueOf(schema: unknown, domain: Domain): Value {
    const definition = definitionOfSchema(schema)!;
    if (idsOf(schema) !== undefined) return defaultValue(domain);
    switch (definition.type) {
      case 'default':
      case 'prefault':
        return this.declared(definition.defaultValue, domain);
      case 'number':
        return contains(domain, 0) ? 0 : defaultValue(domain);
      case 'readonly':
      case 'nonoptional':
        return this.valueOf(definition.innerType, domain);
      case 'lazy':
        return this.valueOf(definition.getter?.(), domain);
      case 'union':
        return this.valueOf(definition.options![0], this.domainOf(definition.options![0]) ?? domain);
      case 'object':
        return this.objectOf(definition.shape!, domain);
      case 'record':
        if (domain.kind !== 'record') return defaultValue(domain);
        return Object.fromEntries(
          [...valuesOf(domain.key)].map((key) => [String(key), this.valueOf(definition.valueType, domain.value)]),
        );
      case 'tuple':
        if (domain.kind !== 'tuple') return defaultValue(domain);
        return definition.items!.map((item, index) => this.valueOf(item, domain.items[index]!));
      case 'array':
        if (domain.kind !== 'array') return defaultValue(domain);
        return Array.from({ length: domain.minLength }, () => this.valueOf(definition.element, domain.element));
      default:
        return defaultValue(domain);
    }
  }

  private objectOf(shape: Readonly<Record<string, unknown>>, domain: Domain): Value {
    const first = defaultValue(domain);
    const fields = domain.kind === 'variant' ? domain.cases[0]!.fields : domain.kind === 'object' ? domain.fields : [];
    if (!isObject(first)) return first;
    return {
      ...first,
      ...Object.fromEntries(
        fields.map(({ name, domain: of }) => [name, this.within(name, () => this.valueOf(shape[name], of))]),
      ),
    };
  }

  private within<Result>(field: string, go: () => Result): Result {
    this.fields.push(field);
    const result = go();
    this.fields.pop();
    return result;
  }

  private domainOf(schema: unknown): Domain | undefined {
    const found = lowerDomain(schema, this.path, this.span);
    return isDiagnostic(found) ? undefined : found;
  }

  /** What `.default(…)` says, with optional fields that it leaves out. */
  private declared(given: unknown, domain: Domain): Value {
    const constant = constantValue(given);
    const value = constant && completed(domain, constant.value);
    if (value !== undefined && contains(domain, value.value)) return value.value;
    const text = constant === undefined ? 'what is no value' : formatValue(constant.value);
    const path = [this.path, ...this.fields].join('.');
    report(this.unit, wrongStart(this.defaultSpan(this.fields) ?? this.span, path, text));
    return defaultValue(domain);
  }
}

interface Part {
  readonly schema: unknown;
  readonly segment: Place['path'][number];
  readonly domain: Domain;
}

/** So many initial states may come of one variable that starts anywhere. */
const MOST_CHOICES = 1_000_000;

function intFrom(length: number): Domain {
  return { kind: 'int', min: 0, max: Math.max(0, length - 1) };
}

/** Whether a start with this schema chooses: an `anyOf` that counts at the start. */
function hasChoice(schema: unknown): boolean {
  if (startsAnywhere(schema)) return true;
  const definition = definitionOfSchema(schema);
  switch (definition?.type) {
    case 'object':
      return Object.values(definition.shape!).some(hasChoice);
    case 'record':
      return hasChoice(definition.valueType);
    case 'tuple':
      return definition.items!.some(hasChoice);
    case 'array':
      return hasChoice(definition.element);
    case 'union':
      return hasChoice(definition.options![0]);
    case 'readonly':
    case 'nonoptional':
      return hasChoice(definition.innerType);
    case 'lazy':
      return hasChoice(definition.getter?.());
    default:
      return false;
  }
}

/** A value as the domain has it: JavaScript leaves out optional fields that are absent. */
function completed(domain: Domain, value: Value): { readonly value: Value } {
  const fieldsFor = (fields: readonly Field[], given: Readonly<Record<string, Value>>): Record<string, Value> => {
    const all = new Set([...fields.map(({ name }) => name), ...Object.keys(given)]);
    return Object.fromEntries(
      [...all].map((name) => {
        const field = fields.find((one) => one.name === name);
        return [name, field === undefined ? given[name] : completed(field.domain, given[name]).value];
      }),
    );
  };
  const isPlain = isObject(value);
  switch (domain.kind) {
    case 'object':
      return { value: isPlain ? fieldsFor(domain.fields, value) : value };
    case 'variant': {
      const found = isPlain ? domain.cases.find(({ tag }) => tag === value[domain.discriminator]) : undefined;
      if (found === undefined || !isPlain) return { value };
      const { [domain.discriminator]: tag, ...others } = value;
      return { value: { [domain.discriminator]: tag, ...fieldsFor(found.fields, others) } };
    }
    case 'record':
      if (!isPlain) return { value };
      return {
        value: Object.fromEntries(Object.entries(value).map(([key, one]) => [key, completed(domain.value, one).value])),
      };
    case 'tuple':
      if (!Array.isArray(value)) return { value };
      return {
        value: value.map((item: Value, index) => {
          const of = domain.items[index];
          return of === undefined ? item : completed(of, item).value;
        }),
      };
    case 'array':
      return {
        value: Array.isArray(value) ? value.map((item: Value) => completed(domain.element, item).value) : value,
      };
    case 'union': {
      const fitting = domain.members
        .map((member) => completed(member, value))
        .find((one) => contains(domain, one.value));
      return fitting ?? { value };
    }
    default:
      return { value };
  }
}
