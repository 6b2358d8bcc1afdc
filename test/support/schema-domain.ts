import type * as z from 'zod';
import { idsOf, serialOf } from '../../dsl/language/definition.ts';
import { aliveOf, valuesOfIds } from '../../dsl/language/activate.ts';
import type { Domain, Field } from '../../dsl/ir/index.ts';

/**
 * The domain of a zod schema in the model that is active, for the execution of bodies as JavaScript. Written apart from
 * the compiler's, so that each can be held against the other; it takes the schema's word and diagnoses nothing.
 *
 * @throws TypeError for a schema that describes no finite domain.
 */
export function schemaDomain(schema: z.core.$ZodType): Domain {
  const set = idsOf(schema);
  if (set !== undefined) return { kind: 'ids', name: set.name, values: valuesOfIds(set) };
  const serial = serialOf(schema);
  if (serial !== undefined) return { kind: 'serial', name: serial.name, alive: Number(aliveOf(serial)) };
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'boolean':
      return { kind: 'boolean' };
    case 'null':
      return { kind: 'null' };
    case 'undefined':
      return { kind: 'undefined' };
    case 'number': {
      const { min, max } = bounds(def, 'greater_than', 'less_than');
      return { kind: 'int', min, max };
    }
    case 'enum':
      return { kind: 'enum', values: Object.values(def.entries) as string[] };
    case 'literal':
      return union(def.values.map(literalDomain));
    case 'nullable':
      return union([{ kind: 'null' }, schemaDomain(def.innerType)]);
    case 'optional':
      return union([{ kind: 'undefined' }, schemaDomain(def.innerType)]);
    case 'default':
    case 'prefault': {
      const inner = schemaDomain(def.innerType);
      if (inner.kind !== 'union') return inner;
      return union(inner.members.filter(({ kind }) => kind !== 'undefined'));
    }
    case 'readonly':
    case 'nonoptional':
      return schemaDomain(def.innerType);
    case 'object':
      return { kind: 'object', fields: fieldsOf(def.shape) };
    case 'union':
      return 'discriminator' in def
        ? variantDomain(def.options, def.discriminator as string)
        : union(def.options.map(schemaDomain));
    case 'tuple':
      return { kind: 'tuple', items: def.items.map(schemaDomain) };
    case 'array': {
      const { min, max } = bounds(def, 'min_length', 'max_length');
      return { kind: 'array', element: schemaDomain(def.element), minLength: Math.max(min, 0), maxLength: max };
    }
    case 'record':
      return { kind: 'record', key: schemaDomain(def.keyType), value: schemaDomain(def.valueType) };
    case 'set':
      return { kind: 'set', element: schemaDomain(def.valueType) };
    default:
      throw new TypeError(`a schema of type ${def.type} describes no finite domain`);
  }
}

interface Check {
  readonly check: string;
  readonly value?: number;
  readonly inclusive?: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly length?: number;
}

function bounds(
  def: { readonly checks?: readonly z.core.$ZodCheck<never>[] | undefined },
  lower: string,
  upper: string,
) {
  let min = -Infinity;
  let max = Infinity;
  for (const one of def.checks ?? []) {
    const check = one._zod.def as Check;
    if (check.check === lower) min = Math.max(min, check.minimum ?? check.value! + (check.inclusive === true ? 0 : 1));
    if (check.check === upper) max = Math.min(max, check.maximum ?? check.value! - (check.inclusive === true ? 0 : 1));
    if (check.check === 'length_equals') min = max = check.length!;
  }
  return { min, max };
}

function literalDomain(value: unknown): Domain {
  if (value === null) return { kind: 'null' };
  if (value === undefined) return { kind: 'undefined' };
  if (typeof value === 'number') return { kind: 'int', min: value, max: value };
  if (typeof value === 'string') return { kind: 'enum', values: [value] };
  if (typeof value === 'boolean') return { kind: 'boolean', only: value };
  throw new TypeError(`no literal of the language: ${String(value)}`);
}

/** Flat; neighbouring enums of literals are one enum, and all integers stand together, by size, where the first stood. */
function union(members: readonly Domain[]): Domain {
  const all = members.flatMap((one) => (one.kind === 'union' ? one.members : [one]));
  const ints = all.filter((one) => one.kind === 'int').sort((left, right) => left.min - right.min);
  const flat: Domain[] = [];
  for (const member of all) {
    const last = flat[flat.length - 1];
    if (member.kind === 'int') {
      if (flat.some(({ kind }) => kind === 'int')) continue;
      let reached: { kind: 'int'; min: number; max: number } | undefined;
      for (const one of ints) {
        if (reached !== undefined && one.min - reached.max <= 1) reached.max = Math.max(reached.max, one.max);
        else flat.push((reached = { ...one }));
      }
    } else if (member.kind === 'boolean' && flat.some(({ kind }) => kind === 'boolean')) {
      flat[flat.findIndex(({ kind }) => kind === 'boolean')] = { kind: 'boolean' };
    } else if (member.kind === 'enum' && last?.kind === 'enum') {
      flat[flat.length - 1] = { kind: 'enum', values: [...last.values, ...member.values] };
    } else flat.push(member);
  }
  return flat.length === 1 ? flat[0]! : { kind: 'union', members: flat };
}

function fieldsOf(shape: Readonly<Record<string, z.core.$ZodType>>): readonly Field[] {
  return Object.entries(shape).map(([name, field]) => ({ name, domain: schemaDomain(field) }));
}

function variantDomain(options: readonly z.core.$ZodType[], discriminator: string): Domain {
  const cases = options.flatMap((option) => {
    const fields = fieldsOf((option as z.core.$ZodObject)._zod.def.shape);
    const tag = fields.find((field) => field.name === discriminator)!.domain;
    const others = fields.filter((field) => field.name !== discriminator);
    return (tag as { readonly values: readonly string[] }).values.map((value) => ({ tag: value, fields: others }));
  });
  return { kind: 'variant', discriminator, cases };
}
