import type * as z from 'zod';
import { defaultValue, setOf, valuesOf } from '../../dsl/ir/index.ts';
import type { Domain, ObjectValue, Value } from '../../dsl/ir/index.ts';
import { startsAnywhere } from '../../dsl/language/domain.ts';
import { idsOf, serialOf } from '../../dsl/language/definition.ts';
import type { Run } from '../../dsl/language/run.ts';
import { complete } from './draft.ts';
import { schemaDomain } from './schema-domain.ts';

/**
 * What a variable with a schema holds before `init`, for the execution of bodies as JavaScript. Written apart from the
 * compiler's: it goes by the schema alone, and makes every choice where it comes to it.
 */
export function startOf(schema: z.core.$ZodType, choose: Run['choose']): Value {
  const domain = schemaDomain(schema);
  if (startsAnywhere(schema)) {
    const values = [...valuesOf(domain)];
    return values[choose(values.length)];
  }
  if (idsOf(schema) !== undefined || serialOf(schema) !== undefined) return defaultValue(domain);
  const { def } = (schema as z.core.$ZodTypes)._zod;
  const fieldsFor = (shape: Readonly<Record<string, z.core.$ZodType>>): ObjectValue =>
    Object.fromEntries(Object.entries(shape).map(([name, field]) => [name, startOf(field, choose)]));
  switch (def.type) {
    case 'default':
    case 'prefault':
      return complete(domain, valueOf(def.defaultValue));
    case 'number':
      return defaultOfInt(domain);
    case 'readonly':
    case 'nonoptional':
      return startOf(def.innerType, choose);
    case 'object':
      return fieldsFor(def.shape);
    case 'union':
      return startOf(def.options[0]!, choose);
    case 'tuple':
      return def.items.map((item) => startOf(item, choose));
    case 'array': {
      const { minLength } = domain as Extract<Domain, { kind: 'array' }>;
      return Array.from({ length: minLength }, () => startOf(def.element, choose));
    }
    case 'record': {
      const keys = [...valuesOf(schemaDomain(def.keyType))].map(String);
      return Object.fromEntries(keys.map((key) => [key, startOf(def.valueType, choose)]));
    }
    default:
      return defaultValue(domain);
  }
}

function defaultOfInt(domain: Domain): Value {
  const { min, max } = domain as Extract<Domain, { kind: 'int' }>;
  return min <= 0 && 0 <= max ? 0 : min;
}

function valueOf(given: unknown): Value {
  if (given instanceof Set) return setOf([...given].map(valueOf));
  if (Array.isArray(given)) return given.map(valueOf);
  if (typeof given !== 'object' || given === null) return given as Value;
  return Object.fromEntries(Object.entries(given).map(([name, part]) => [name, valueOf(part)]));
}
