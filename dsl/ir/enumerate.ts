import type { ArrayDomain, Domain, Field, VariantDomain } from './domain.ts';
import { INT_MAX, MOST_SERIALS } from './domain.ts';
import type { ObjectValue, Value } from './value.ts';
import { equalValues, isArray, isObject, setOf, SetValue } from './value.ts';

/** How many values a domain has; `Infinity` when that is past 2^53. Cost: linear in the size of the domain's description. */
export function cardinality(domain: Domain): number {
  const size = exactCardinality(domain);
  return size <= Number.MAX_SAFE_INTEGER ? size : Infinity;
}

function exactCardinality(domain: Domain): number {
  switch (domain.kind) {
    case 'never':
      return 0;
    case 'null':
    case 'undefined':
      return 1;
    case 'boolean':
      return domain.only === undefined ? 2 : 1;
    case 'int':
      return domain.max - domain.min + 1;
    case 'serial':
      return MOST_SERIALS;
    case 'enum':
    case 'ids':
      return domain.values.length;
    case 'union':
      return sum(domain.members.map(cardinality));
    case 'object':
      return fieldsCardinality(domain.fields);
    case 'variant':
      return sum(domain.cases.map((one) => fieldsCardinality(one.fields)));
    case 'tuple':
      return product(domain.items.map(cardinality));
    case 'array':
      return arraysCardinality(domain);
    case 'record':
      return power(cardinality(domain.value), cardinality(domain.key));
    case 'set':
      return power(2, cardinality(domain.element));
  }
}

function arraysCardinality({ element, minLength, maxLength }: ArrayDomain): number {
  const elements = cardinality(element);
  // The sum would go on for as long as arrays may be.
  if (elements === 0) return minLength === 0 ? 1 : 0;
  if (elements === 1) return maxLength - minLength + 1;
  let total = 0;
  for (let length = minLength; length <= maxLength && total <= Number.MAX_SAFE_INTEGER; length += 1) {
    total += power(elements, length);
  }
  return total;
}

/** The first value of a domain, which is what a variable holds before `init`. */
export function defaultValue(domain: Domain): Value {
  switch (domain.kind) {
    case 'object':
      return defaultObject(domain.fields);
    case 'variant': {
      const first = domain.cases[0]!;
      return { [domain.discriminator]: first.tag, ...defaultObject(first.fields) };
    }
    case 'tuple':
      return domain.items.map(defaultValue);
    case 'array':
      return Array.from({ length: domain.minLength }, () => defaultValue(domain.element));
    case 'record':
      return Object.fromEntries([...valuesOf(domain.key)].map((key) => [String(key), defaultValue(domain.value)]));
    case 'set':
      return new SetValue([]);
    case 'union':
      return defaultValue(domain.members[0]!);
    case 'boolean':
      return domain.only ?? false;
    case 'int':
      return domain.min;
    case 'serial':
      return 0;
    case 'enum':
    case 'ids':
      return domain.values[0];
    case 'null':
      return null;
    case 'undefined':
    case 'never':
      return undefined;
  }
}

/** Every value of a domain, in its order; the position of a value is its code (see {@link codeOf}). */
export function* valuesOf(domain: Domain): Generator<Value> {
  const size = cardinality(domain);
  for (let code = 0; code < size; code += 1) yield valueAt(domain, code);
}

/**
 * The value at a position of its domain: the inverse of {@link codeOf}.
 * Compound domains count in mixed radix with the first component most significant; a set is the number whose bit `i`
 * says whether the element with code `i` is in it; arrays come shortest first.
 *
 * @throws RangeError when `code` is no position of the domain.
 */
export function valueAt(domain: Domain, code: number): Value {
  if (!(0 <= code && code < cardinality(domain)))
    throw new RangeError(`no value ${code} in a domain of ${domain.kind}`);
  switch (domain.kind) {
    case 'boolean':
      return domain.only ?? code === 1;
    case 'int':
      return domain.min + code;
    case 'serial':
      return code;
    case 'enum':
    case 'ids':
      return domain.values[code];
    case 'union': {
      let rest = code;
      for (const member of domain.members) {
        if (rest < cardinality(member)) return valueAt(member, rest);
        rest -= cardinality(member);
      }
      throw new RangeError('unreachable');
    }
    case 'object':
      return fieldsAt(domain.fields, code);
    case 'variant': {
      let rest = code;
      for (const one of domain.cases) {
        const size = fieldsCardinality(one.fields);
        if (rest < size) return { [domain.discriminator]: one.tag, ...fieldsAt(one.fields, rest) };
        rest -= size;
      }
      throw new RangeError('unreachable');
    }
    case 'tuple':
      return digits(code, domain.items.map(cardinality)).map((digit, index) => valueAt(domain.items[index]!, digit));
    case 'array': {
      let rest = code;
      for (let length = domain.minLength; ; length += 1) {
        const size = power(cardinality(domain.element), length);
        if (rest < size) {
          const radices = Array.from({ length }, () => cardinality(domain.element));
          return digits(rest, radices).map((digit) => valueAt(domain.element, digit));
        }
        rest -= size;
      }
    }
    case 'record': {
      const keys = [...valuesOf(domain.key)];
      const values = digits(
        code,
        keys.map(() => cardinality(domain.value)),
      );
      return Object.fromEntries(keys.map((key, index) => [String(key), valueAt(domain.value, values[index]!)]));
    }
    case 'set': {
      const elements: Value[] = [];
      for (let index = 0, rest = code; rest > 0; index += 1, rest = Math.floor(rest / 2)) {
        if (rest % 2 === 1) elements.push(valueAt(domain.element, index));
      }
      return setOf(elements);
    }
    case 'null':
      return null;
    case 'undefined':
    case 'never':
      return undefined;
  }
}

/** The position of a value in its domain, or -1 when it is not in it: this is also the test of membership. */
export function codeOf(domain: Domain, value: Value): number {
  switch (domain.kind) {
    case 'never':
      return -1;
    case 'null':
      return value === null ? 0 : -1;
    case 'undefined':
      return value === undefined ? 0 : -1;
    case 'boolean':
      if (typeof value !== 'boolean') return -1;
      return domain.only === undefined ? Number(value) : value === domain.only ? 0 : -1;
    case 'serial':
      return typeof value === 'number' && Number.isInteger(value) && 0 <= value ? value : -1;
    case 'int':
      return typeof value === 'number' && Number.isInteger(value) && domain.min <= value && value <= domain.max
        ? value - domain.min
        : -1;
    case 'enum':
    case 'ids':
      return typeof value === 'string' ? domain.values.indexOf(value) : -1;
    case 'union': {
      let offset = 0;
      for (const member of domain.members) {
        const code = codeOf(member, value);
        if (code >= 0) return offset + code;
        offset += cardinality(member);
      }
      return -1;
    }
    case 'object':
      return isObject(value) && hasExactly(value, domain.fields, undefined) ? fieldsCode(domain.fields, value) : -1;
    case 'variant':
      return variantCode(domain, value);
    case 'tuple':
      return isArray(value) && value.length === domain.items.length
        ? mixedRadix(
            value.map((item, index) => [codeOf(domain.items[index]!, item), cardinality(domain.items[index]!)]),
          )
        : -1;
    case 'array': {
      if (!isArray(value) || value.length < domain.minLength || domain.maxLength < value.length) return -1;
      const radix = cardinality(domain.element);
      const code = mixedRadix(value.map((item) => [codeOf(domain.element, item), radix]));
      let offset = 0;
      for (let length = domain.minLength; length < value.length; length += 1) offset += power(radix, length);
      return code < 0 ? -1 : offset + code;
    }
    case 'record': {
      if (!isObject(value)) return -1;
      const keys = [...valuesOf(domain.key)].map(String);
      if (!hasKeys(value, keys)) return -1;
      const radix = cardinality(domain.value);
      return mixedRadix(keys.map((key) => [codeOf(domain.value, value[key]), radix]));
    }
    case 'set': {
      if (!(value instanceof SetValue)) return -1;
      let code = 0;
      for (const element of value.elements) {
        const bit = codeOf(domain.element, element);
        if (bit < 0) return -1;
        code += 2 ** bit;
      }
      return code;
    }
  }
}

/** Whether a value is in a domain. Unlike `codeOf`, right for domains with more than 2^53 values. */
export function contains(domain: Domain, value: Value): boolean {
  switch (domain.kind) {
    case 'union':
      return domain.members.some((member) => contains(member, value));
    case 'object':
      return isObject(value) && hasExactly(value, domain.fields, undefined);
    case 'variant': {
      const present = isObject(value) ? domain.cases.find((one) => one.tag === value[domain.discriminator]) : undefined;
      return present !== undefined && hasExactly(value as ObjectValue, present.fields, domain.discriminator);
    }
    case 'tuple':
      return (
        isArray(value) &&
        value.length === domain.items.length &&
        value.every((item, index) => contains(domain.items[index]!, item))
      );
    case 'array':
      return (
        isArray(value) &&
        domain.minLength <= value.length &&
        value.length <= domain.maxLength &&
        value.every((item) => contains(domain.element, item))
      );
    case 'record': {
      const keys = [...valuesOf(domain.key)].map(String);
      return isObject(value) && hasKeys(value, keys) && keys.every((key) => contains(domain.value, value[key]));
    }
    case 'set':
      return value instanceof SetValue && value.elements.every((element) => contains(domain.element, element));
    default:
      return codeOf(domain, value) >= 0;
  }
}

function variantCode(domain: VariantDomain, value: Value): number {
  if (!isObject(value)) return -1;
  let offset = 0;
  for (const one of domain.cases) {
    if (equalValues(value[domain.discriminator], one.tag)) {
      if (!hasExactly(value, one.fields, domain.discriminator)) return -1;
      return offset + fieldsCode(one.fields, value);
    }
    offset += fieldsCardinality(one.fields);
  }
  return -1;
}

function hasExactly(value: ObjectValue, fields: readonly Field[], extra: string | undefined): boolean {
  const allowed = new Set(fields.map((field) => field.name));
  if (extra !== undefined) allowed.add(extra);
  return hasOnly(value, allowed) && fields.every((field) => contains(field.domain, value[field.name]));
}

/** Whether a value has every key of a record, and no other. */
function hasKeys(value: ObjectValue, keys: readonly string[]): boolean {
  return keys.every((key) => Object.hasOwn(value, key)) && hasOnly(value, new Set(keys));
}

/**
 * Whether a value has no other fields than these. One that is undefined is absent: where alternatives meet, an object may
 * have been given the field of another so.
 */
function hasOnly(value: ObjectValue, allowed: ReadonlySet<string>): boolean {
  return Object.keys(value).every((key) => allowed.has(key) || value[key] === undefined);
}

function defaultObject(fields: readonly Field[]): ObjectValue {
  return Object.fromEntries(fields.map((field) => [field.name, defaultValue(field.domain)]));
}

function fieldsCardinality(fields: readonly Field[]): number {
  return product(fields.map((field) => cardinality(field.domain)));
}

function fieldsCode(fields: readonly Field[], value: ObjectValue): number {
  return mixedRadix(fields.map((field) => [codeOf(field.domain, value[field.name]), cardinality(field.domain)]));
}

function fieldsAt(fields: readonly Field[], code: number): ObjectValue {
  const codes = digits(
    code,
    fields.map((field) => cardinality(field.domain)),
  );
  return Object.fromEntries(fields.map((field, index) => [field.name, valueAt(field.domain, codes[index]!)]));
}

function mixedRadix(parts: readonly (readonly [code: number, radix: number])[]): number {
  let code = 0;
  for (const [digit, radix] of parts) {
    if (digit < 0) return -1;
    code = code * radix + digit;
  }
  return code;
}

function digits(code: number, radices: readonly number[]): number[] {
  const result: number[] = [];
  let rest = code;
  for (let index = radices.length - 1; index >= 0; index -= 1) {
    const radix = radices[index]!;
    result[index] = rest % radix;
    rest = Math.floor(rest / radix);
  }
  return result;
}

function sum(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total + size, 0);
}

function product(sizes: readonly number[]): number {
  return sizes.includes(0) ? 0 : sizes.reduce((total, size) => total * size, 1);
}

function power(base: number, exponent: number): number {
  return exponent === 0 ? 1 : base === 1 ? 1 : exponent > INT_MAX ? Infinity : base ** exponent;
}
