import type { Domain, Field, Value } from '../../ir/index.ts';
import { cardinality, compareValues, isArray, isObject, SetValue, valuesOf } from '../../ir/index.ts';
import { equalDomains } from '../../ir/domain.ts';
import { alternativesOf, integersOnly, intPart } from '../../ir/part.ts';
import { Identifiers, pascalCase } from '../identifiers.ts';
import type { Atoms } from './atom.ts';

/** What is said of an array by its domain. */
type Items = Pick<Domain & { readonly kind: 'array' }, 'element' | 'minLength' | 'maxLength'>;

/**
 * How values of a domain are held in C: a scalar is an `int`, everything else a struct of its own.
 * What a value does not have (elements past its length, fields of another case) is 0, so that equal values are equal
 * byte for byte and SPIN tells states apart exactly when they differ.
 */
export type Shape = {
  /** `int` or `struct Name`. */
  readonly type: string;
  readonly domain: Domain;
} & (
  | { readonly kind: 'scalar' }
  | { readonly kind: 'object'; readonly fields: readonly Member[] }
  /** The discriminator and all fields of all cases side by side. */
  | {
      readonly kind: 'variant';
      readonly discriminator: Member;
      readonly cases: readonly { readonly tag: string; readonly fields: readonly Member[] }[];
    }
  | { readonly kind: 'tuple'; readonly items: readonly Member[] }
  /** `at`, and `length` unless that is fixed. */
  | { readonly kind: 'array'; readonly element: Domain; readonly min: number; readonly max: number }
  /** `at`, indexed by the position of the key. */
  | { readonly kind: 'record'; readonly key: Domain; readonly keys: readonly Value[]; readonly value: Domain }
  /** `has`, indexed by the position of the element in canonical order. */
  | { readonly kind: 'set'; readonly element: Domain; readonly elements: readonly Value[] }
  /** `is` says which member: 0 for a scalar that is no number, else 1 + its position in `members`. */
  | { readonly kind: 'union'; readonly scalar: Domain | undefined; readonly members: readonly Member[] }
);

/** A part of a struct. */
export interface Member {
  /** In the language. */
  readonly name: string;
  /** In C. */
  readonly member: string;
  readonly domain: Domain;
}

/** Whether values of the domain are held as one int: numbers, or other scalars, but not both in one union. */
export function isScalar(domain: Domain): boolean {
  switch (domain.kind) {
    case 'boolean':
    case 'int':
    case 'enum':
    case 'ids':
    case 'null':
    case 'undefined':
    case 'never':
      return true;
    case 'union':
      return (
        integersOnly(domain) !== undefined ||
        domain.members.every((member) => member.kind !== 'int' && isScalar(member))
      );
    default:
      return false;
  }
}

/** The largest set and array that a shape is made for. */
export const MAX_ELEMENTS = 4096;

/** Why there is no shape for a domain. */
export class Unshapable extends Error {}

/** The structs of one model: makes each once, and prints those that are needed. */
export class Shapes {
  readonly #byDomain = new Map<string, Shape>();
  readonly #byStructure = new Map<string, string>();
  readonly #definitions: { readonly text: string; readonly stored: boolean }[] = [];
  readonly #names: Identifiers;
  /** `byte`, `short` or `int`: what every scalar of a stored struct is held in, so that structs have no padding. */
  readonly leaf: 'byte' | 'short' | 'int';

  constructor(
    readonly atoms: Atoms,
    stored: readonly { readonly name: string; readonly domain: Domain }[],
    readonly reserved: ReadonlySet<string>,
    readonly reservedMembers: ReadonlySet<string>,
  ) {
    this.#names = new Identifiers(reserved);
    this.leaf = this.#leafFor(stored.map(({ domain }) => domain));
    for (const { name, domain } of stored) this.of(domain, name, true);
  }

  /**
   * The shape of a domain.
   *
   * @param hint - what to call its struct if it is a new one.
   * @throws Unshapable for a set or array that is too large.
   */
  of(domain: Domain, hint = 'Value', stored = false): Shape {
    const key = JSON.stringify(domain);
    const known = this.#byDomain.get(key);
    if (known !== undefined) return known;
    const shape = this.#make(domain, hint, stored);
    this.#byDomain.set(key, shape);
    return shape;
  }

  /** Struct definitions in the order of their use: Promela's for what is stored, C's for the rest. */
  definitions(stored: boolean): readonly string[] {
    return this.#definitions.filter((one) => one.stored === stored).map(({ text }) => text);
  }

  /** The C type that a member of this domain has within a struct, and within a Promela typedef. */
  memberType(domain: Domain, stored: boolean): string {
    const shape = this.of(domain);
    if (shape.kind !== 'scalar') return stored ? shape.type.replace('struct ', '') : shape.type;
    if (!this.#fitsLeaf(domain)) return 'int';
    return !stored && this.leaf === 'byte' ? 'unsigned char' : this.leaf;
  }

  /** The code of a scalar value. */
  code(value: Value): number {
    if (typeof value === 'number') return value;
    if (typeof value === 'boolean') return Number(value);
    const code = this.atoms.codes.get(value as string | null | undefined);
    if (code === undefined) throw new Error(`no code for ${String(value)}`);
    return code;
  }

  /** The codes of a scalar domain as ranges, in ascending order. */
  ranges(domain: Domain): readonly (readonly [low: number, high: number])[] {
    const ranges: [number, number][] = [];
    for (const [low, high] of this.#codeRanges(domain).sort((a, b) => a[0] - b[0])) {
      const last = ranges.at(-1);
      if (last !== undefined && low <= last[1] + 1) last[1] = Math.max(last[1], high);
      else ranges.push([low, high]);
    }
    return ranges;
  }

  #codeRanges(domain: Domain): [number, number][] {
    switch (domain.kind) {
      case 'boolean':
        return [domain.only === undefined ? [0, 1] : [Number(domain.only), Number(domain.only)]];
      case 'int':
        return [[domain.min, domain.max]];
      case 'enum':
      case 'ids':
        return domain.values.map((value) => [this.code(value), this.code(value)]);
      case 'null':
        return [[this.code(null), this.code(null)]];
      case 'undefined':
        return [[this.code(undefined), this.code(undefined)]];
      case 'union':
        return domain.members.flatMap((member) => this.#codeRanges(member));
      default:
        return [];
    }
  }

  #leafFor(domains: readonly Domain[]): 'byte' | 'short' | 'int' {
    let low = 0;
    let high = 1;
    const visit = (domain: Domain): void => {
      if (isScalar(domain)) {
        for (const [from, to] of this.#codeRanges(domain)) {
          low = Math.min(low, from);
          high = Math.max(high, to);
        }
      }
      if (domain.kind === 'array') high = Math.max(high, domain.maxLength);
      if (domain.kind === 'variant') domain.cases.forEach(({ tag }) => (high = Math.max(high, this.code(tag))));
      for (const part of storedParts(domain)) visit(part);
    };
    domains.forEach(visit);
    return 0 <= low && high <= 255 ? 'byte' : -32768 <= low && high <= 32767 ? 'short' : 'int';
  }

  #fitsLeaf(domain: Domain): boolean {
    const [low, high] = { byte: [0, 255], short: [-32768, 32767], int: [-Infinity, Infinity] }[this.leaf] as [
      number,
      number,
    ];
    return this.#codeRanges(domain).every(([from, to]) => low <= from && to <= high);
  }

  #make(domain: Domain, hint: string, stored: boolean): Shape {
    if (isScalar(domain)) return { kind: 'scalar', type: 'int', domain };
    const part = (inner: Domain, name: string): Shape => this.of(inner, name, stored);
    switch (domain.kind) {
      case 'object': {
        const fields = this.#members(domain.fields);
        fields.forEach((field) => part(field.domain, field.name));
        return { kind: 'object', domain, fields, type: this.#struct(hint, stored, fields) };
      }
      case 'variant':
        return this.#makeVariant(domain, hint, stored);
      case 'tuple': {
        const { length } = domain.items;
        const [first, ...others] = domain.items;
        if (first !== undefined && others.every((item) => equalDomains(item, first))) {
          return this.#makeArray(domain, { element: first, minLength: length, maxLength: length }, hint, stored);
        }
        const items = domain.items.map((item, index) => ({
          name: String(index),
          member: `item${index}`,
          domain: item,
        }));
        items.forEach((item) => part(item.domain, `${hint}${item.name}`));
        return { kind: 'tuple', domain, items, type: this.#struct(hint, stored, items) };
      }
      case 'array':
        return this.#makeArray(domain, domain, hint, stored);
      case 'record': {
        limit(cardinality(domain.key), 'a record over');
        const keys = [...valuesOf(domain.key)];
        const element = this.memberOf(domain.value, `${hint}Entry`, stored);
        const type = this.#struct(hint, stored, [{ member: `at[${Math.max(1, keys.length)}]`, element }]);
        return { kind: 'record', domain, key: domain.key, keys, value: domain.value, type };
      }
      case 'set': {
        limit(cardinality(domain.element), 'a set over');
        const elements = [...valuesOf(domain.element)].sort(compareValues);
        part(domain.element, `${hint}Element`);
        const flag = { kind: 'boolean' } as const;
        const element = this.memberOf(flag, hint, stored);
        const type = this.#struct(hint, stored, [{ member: `has[${Math.max(1, elements.length)}]`, element }]);
        return { kind: 'set', domain, element: domain.element, elements, type };
      }
      case 'union': {
        const scalars = domain.members.filter((member) => isScalar(member) && member.kind !== 'int');
        const compound = alternativesOf(domain).filter((member) => !scalars.includes(member));
        const scalar = scalars.length === 1 ? scalars[0] : scalars.length === 0 ? undefined : union(scalars);
        const members = compound.map((member) => {
          const name = intPart(member) === undefined ? member.kind : 'int';
          return { name, member: `the_${name}`, domain: member };
        });
        members.forEach((member) => part(member.domain, hint));
        const flag = { kind: 'int', min: 0, max: members.length } as const;
        const type = this.#struct(`${hint}Option`, stored, [
          { member: 'is', domain: flag },
          ...(scalar === undefined ? [] : [{ member: 'scalar', domain: scalar }]),
          ...members,
        ]);
        return { kind: 'union', domain, scalar, members, type };
      }
      default:
        throw new Error(`no shape for ${domain.kind}`);
    }
  }

  /** What an array of this domain is an array of. */
  memberOf(domain: Domain, hint: string, stored: boolean): { stored: string; plain: string } {
    this.of(domain, hint, stored);
    return { stored: this.memberType(domain, true), plain: this.memberType(domain, false) };
  }

  #makeArray(domain: Domain, like: Items, hint: string, stored: boolean): Shape {
    const { element, minLength: min, maxLength: max } = like;
    limit(max, 'an array of');
    const length = { kind: 'int', min: 0, max } as const;
    const type = this.#struct(hint, stored, [
      ...(min === max ? [] : [{ member: 'length', domain: length }]),
      { member: `at[${Math.max(1, max)}]`, element: this.memberOf(element, `${hint}Element`, stored) },
    ]);
    return { kind: 'array', domain, element, min, max, type };
  }

  #makeVariant(domain: Extract<Domain, { kind: 'variant' }>, hint: string, stored: boolean): Shape {
    const names = new Identifiers(this.reservedMembers);
    const tags: Domain = { kind: 'enum', values: domain.cases.map(({ tag }) => tag) };
    const discriminator = { name: domain.discriminator, member: names.take(domain.discriminator), domain: tags };
    // Fields of one name share a member when they are of one type; else each case has its own.
    const shared = new Map<string, Member>();
    const all: Member[] = [discriminator];
    const cases = domain.cases.map(({ tag, fields }) => ({
      tag,
      fields: fields.map((field): Member => {
        this.of(field.domain, field.name, stored);
        const type = this.memberType(field.domain, false);
        const known = shared.get(`${field.name} ${type}`);
        if (known !== undefined) return { ...known, domain: field.domain };
        const made = { name: field.name, member: names.take(field.name), domain: field.domain };
        shared.set(`${field.name} ${type}`, made);
        all.push(made);
        return made;
      }),
    }));
    return { kind: 'variant', domain, discriminator, cases, type: this.#struct(hint, stored, all) };
  }

  #members(fields: readonly Field[]): Member[] {
    const names = new Identifiers(this.reservedMembers);
    return fields.map((field) => ({ name: field.name, member: names.take(field.name), domain: field.domain }));
  }

  /** The struct with these members: an old one with the same members, or a new one. */
  #struct(
    hint: string,
    stored: boolean,
    members: readonly (
      | { readonly member: string; readonly domain: Domain }
      | { readonly member: string; readonly element: { stored: string; plain: string } }
    )[],
  ): string {
    const typed = members.map((one) => ({
      member: one.member,
      type:
        'element' in one
          ? one.element
          : { stored: this.memberType(one.domain, true), plain: this.memberType(one.domain, false) },
    }));
    if (typed.length === 0) typed.push({ member: 'nothing', type: { stored: 'byte', plain: 'unsigned char' } });
    const body = (which: 'stored' | 'plain'): string =>
      typed.map(({ type, member }) => `${type[which]} ${member}`).join('; ');
    const structure = body('plain');
    const known = this.#byStructure.get(structure);
    if (known !== undefined) return known;
    const name = this.#names.take(`${pascalCase(hint)}_t`);
    const text = stored ? `typedef ${name} { ${body('stored')} };` : `struct ${name} { ${body('plain')}; };`;
    this.#definitions.push({ text, stored });
    this.#byStructure.set(structure, `struct ${name}`);
    return `struct ${name}`;
  }
}

function limit(size: number, what: string): void {
  if (MAX_ELEMENTS < size) throw new Unshapable(`${what} ${size} possible elements`);
}

function union(members: readonly Domain[]): Domain {
  return { kind: 'union', members };
}

/** The domains whose values are part of a stored value: not the elements of a set, which are positions. */
function storedParts(domain: Domain): readonly Domain[] {
  switch (domain.kind) {
    case 'object':
      return domain.fields.map((field) => field.domain);
    case 'variant':
      return domain.cases.flatMap((one) => one.fields.map((field) => field.domain));
    case 'tuple':
      return domain.items;
    case 'array':
      return [domain.element];
    case 'record':
      return [domain.value];
    case 'union':
      return domain.members;
    default:
      return [];
  }
}

/** How a value is spelled as a C initializer. */
export function initializer(shapes: Shapes, value: Value, domain: Domain): string {
  const shape = shapes.of(domain);
  const list = (parts: readonly (string | undefined)[]): string => {
    const present = parts.filter((part) => part !== undefined);
    return present.length === 0 ? '{ 0 }' : `{ ${present.join(', ')} }`;
  };
  switch (shape.kind) {
    case 'scalar':
      return scalarText(shapes, value);
    case 'object':
      return list(
        shape.fields.map((field) => {
          return `.${field.member} = ${initializer(shapes, (value as Readonly<Record<string, Value>>)[field.name], field.domain)}`;
        }),
      );
    case 'variant': {
      const object = value as Readonly<Record<string, Value>>;
      const tag = object[shape.discriminator.name] as string;
      const fields = shape.cases.find((one) => one.tag === tag)!.fields;
      return list([
        `.${shape.discriminator.member} = ${scalarText(shapes, tag)}`,
        ...fields.map((field) => `.${field.member} = ${initializer(shapes, object[field.name], field.domain)}`),
      ]);
    }
    case 'tuple':
      return list(
        shape.items.map(
          (item, index) => `.${item.member} = ${initializer(shapes, (value as readonly Value[])[index], item.domain)}`,
        ),
      );
    case 'array': {
      const elements = value as readonly Value[];
      const at = elements.map((element) => initializer(shapes, element, shape.element));
      return list([
        shape.min === shape.max ? undefined : `.length = ${elements.length}`,
        at.length === 0 ? undefined : `.at = { ${at.join(', ')} }`,
      ]);
    }
    case 'record': {
      const object = value as Readonly<Record<string, Value>>;
      return list([
        `.at = { ${shape.keys.map((key) => initializer(shapes, object[String(key)], shape.value)).join(', ')} }`,
      ]);
    }
    case 'set': {
      const { elements } = value as SetValue;
      const positions = elements.map((element) => shape.elements.findIndex((one) => compareValues(one, element) === 0));
      return list([
        positions.length === 0 ? undefined : `.has = { ${positions.map((at) => `[${at}] = 1`).join(', ')} }`,
      ]);
    }
    case 'union': {
      const index = shape.members.findIndex((member) => isOfKind(member.domain, value));
      if (index < 0) return list([`.is = 0`, `.scalar = ${scalarText(shapes, value)}`]);
      const member = shape.members[index]!;
      return list([`.is = ${index + 1}`, `.${member.member} = ${initializer(shapes, value, member.domain)}`]);
    }
  }
}

/** A scalar as C spells it: atoms by their macro. */
export function scalarText(shapes: Shapes, value: Value): string {
  if (typeof value === 'number')
    return value === -(2 ** 31) ? '(-2147483647 - 1)' : value < 0 ? `(${value})` : String(value);
  if (typeof value === 'boolean') return value ? '1' : '0';
  return shapes.atoms.macros.get(value as string | null | undefined) ?? fail(value);
}

function fail(value: Value): never {
  throw new Error(`no macro for ${String(value)}`);
}

/** Whether a member of a union other than its scalars is the one that holds the value. */
function isOfKind(domain: Domain, value: Value): boolean {
  if (intPart(domain) !== undefined) return typeof value === 'number';
  if (domain.kind === 'set') return value instanceof SetValue;
  if (domain.kind === 'array' || domain.kind === 'tuple') return isArray(value);
  return isObject(value);
}
