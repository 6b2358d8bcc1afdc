import type { Domain, Value } from '../../ir/index.ts';
import { cardinality, contains, isArray, setOf, SetValue, valuesOf } from '../../ir/index.ts';
import { membersOf } from '../../ir/part.ts';

/** A value without parts. */
export type Scalar = boolean | number | string | null | undefined;

/**
 * What a place or an expression can hold, as far as is known: a set that is never too small. All entries of a record, an
 * array or a set are one: which of them holds what is not told apart.
 */
export interface Possible {
  /** `any`: every scalar that its type has; `unknown`: any as well, and nothing may be made of what its type has. */
  readonly scalars: ReadonlySet<Scalar> | 'any' | 'unknown';
  /** Whether it can be a collection or an object. */
  readonly isComposite: boolean;
  /** What is in a record, array, tuple or set; absent when nothing ever is. */
  readonly entries?: Possible;
  readonly fields: ReadonlyMap<string, Possible>;
}

/** No value at all: of a place that nothing has been put into yet. */
export const NOTHING: Possible = { scalars: new Set(), isComposite: false, fields: new Map() };

/** More scalars than this are not told apart, unless their domain is as small: names are few, numbers go on and on. */
const MOST = 24;

export function possibleScalars(values: Iterable<Scalar>): Possible {
  const scalars = new Set(values);
  const numbers = [...scalars].filter((value) => typeof value === 'number').length;
  return { scalars: MOST < numbers ? 'any' : scalars, isComposite: false, fields: new Map() };
}

/** Every value of a domain. */
export function possibleOf(domain: Domain): Possible {
  switch (domain.kind) {
    case 'never':
      return NOTHING;
    case 'serial':
      return { ...NOTHING, scalars: 'any' };
    case 'boolean':
    case 'int':
    case 'enum':
    case 'ids':
    case 'null':
    case 'undefined':
      return domain.kind === 'int' && MOST < cardinality(domain)
        ? { ...NOTHING, scalars: 'any' }
        : possibleScalars(valuesOf(domain) as Iterable<Scalar>);
    case 'union':
      return domain.members.map(possibleOf).reduce(joined, NOTHING);
    case 'object':
      return possibleObject(domain.fields.map((field) => [field.name, possibleOf(field.domain)]));
    case 'variant':
      return domain.cases
        .map((one) =>
          possibleObject([
            [domain.discriminator, possibleScalars([one.tag])],
            ...one.fields.map((field) => [field.name, possibleOf(field.domain)] as const),
          ]),
        )
        .reduce(joined, NOTHING);
    case 'tuple':
      return possibleEntries(domain.items.map(possibleOf).reduce(joined, NOTHING));
    case 'array':
      return possibleEntries(domain.maxLength === 0 ? NOTHING : possibleOf(domain.element));
    case 'record':
      return possibleEntries(cardinality(domain.key) === 0 ? NOTHING : possibleOf(domain.value));
    case 'set':
      return possibleEntries(possibleOf(domain.element));
  }
}

export function possibleObject(fields: readonly (readonly [string, Possible])[]): Possible {
  return { scalars: new Set(), isComposite: true, fields: new Map(fields) };
}

/** A collection of such entries; of none when there is nothing that they can be. */
export function possibleEntries(entries: Possible): Possible {
  const empty: Possible = { scalars: new Set(), isComposite: true, fields: new Map() };
  return isNothing(entries) ? empty : { ...empty, entries };
}

/** A value that is known. Its type tells records from objects. */
export function possibleValue(value: Value, type: Domain): Possible {
  if (value instanceof SetValue || isArray(value)) {
    const items = value instanceof SetValue ? value.elements : value;
    const itemType = (index: number): Domain => {
      for (const member of membersOf(type)) {
        if (member.kind === 'array' || member.kind === 'set') return member.element;
        if (member.kind === 'tuple' && index < member.items.length) return member.items[index]!;
      }
      return { kind: 'never' };
    };
    return possibleEntries(items.map((item, index) => possibleValue(item, itemType(index))).reduce(joined, NOTHING));
  }
  if (typeof value !== 'object' || value === null) return possibleScalars([value]);
  const entries = Object.entries(value as Readonly<Record<string, Value>>);
  for (const member of membersOf(type)) {
    if (member.kind === 'record') {
      return possibleEntries(entries.map(([, one]) => possibleValue(one, member.value)).reduce(joined, NOTHING));
    }
  }
  const fieldType = (name: string): Domain => {
    for (const member of membersOf(type)) {
      const fields =
        member.kind === 'object'
          ? member.fields
          : member.kind === 'variant'
            ? member.cases.find(({ tag }) => tag === (value as Readonly<Record<string, Value>>)[member.discriminator])
                ?.fields
            : undefined;
      const field = fields?.find((one) => one.name === name);
      if (field !== undefined) return field.domain;
    }
    return { kind: 'never' };
  };
  return possibleObject(entries.map(([name, one]) => [name, possibleValue(one, fieldType(name))]));
}

/** Every value of a domain, of which nothing is to be concluded: what is asked about it stays a question. */
export function unknownOf(domain: Domain): Possible {
  const hidden = ({ scalars, isComposite, entries, fields }: Possible): Possible => ({
    scalars: typeof scalars === 'string' || 0 < scalars.size ? 'unknown' : scalars,
    isComposite,
    ...(entries && { entries: hidden(entries) }),
    fields: new Map([...fields].map(([name, field]) => [name, hidden(field)])),
  });
  return hidden(possibleOf(domain));
}

/** Anything at all, of which nothing is to be concluded. */
export const UNKNOWN: Possible = {
  scalars: 'unknown',
  isComposite: true,
  entries: { scalars: 'unknown', isComposite: true, fields: new Map() },
  fields: new Map(),
};

export function isNothing({ scalars, isComposite }: Possible): boolean {
  return !isComposite && typeof scalars !== 'string' && scalars.size === 0;
}

/** Whatever is possible by one or the other. */
export function joined(left: Possible, right: Possible): Possible {
  if (left === right || isNothing(right)) return left;
  if (isNothing(left)) return right;
  const scalars =
    typeof left.scalars === 'string' || typeof right.scalars === 'string'
      ? left.scalars === 'unknown' || right.scalars === 'unknown'
        ? 'unknown'
        : 'any'
      : possibleScalars([...left.scalars, ...right.scalars]).scalars;
  const fields = new Map(left.fields);
  for (const [name, field] of right.fields) fields.set(name, joined(fields.get(name) ?? NOTHING, field));
  const entries = joined(left.entries ?? NOTHING, right.entries ?? NOTHING);
  return {
    scalars,
    isComposite: left.isComposite || right.isComposite,
    fields,
    ...(isNothing(entries) ? {} : { entries }),
  };
}

/** Whether both say the same. */
export function isSame(left: Possible, right: Possible): boolean {
  if (left === right) return true;
  if (left.isComposite !== right.isComposite || left.fields.size !== right.fields.size) return false;
  if (typeof left.scalars === 'string' || typeof right.scalars === 'string') {
    if (left.scalars !== right.scalars) return false;
  } else if (left.scalars.size !== right.scalars.size || [...left.scalars].some((one) => !has(right, one)))
    return false;
  if (!isSame(left.entries ?? NOTHING, right.entries ?? NOTHING)) return false;
  return [...left.fields].every(([name, field]) => isSame(field, right.fields.get(name) ?? NOTHING));
}

function has({ scalars }: Possible, value: Scalar): boolean {
  return typeof scalars === 'string' || scalars.has(value);
}

/** What of it a domain has: nothing else can be stored there. */
export function within(possible: Possible, domain: Domain): Possible {
  const scalars =
    possible.scalars === 'any'
      ? possibleOf({ kind: 'union', members: membersOf(domain).filter(({ kind }) => !COMPOSITE.has(kind)) }).scalars
      : possible.scalars === 'unknown'
        ? 'unknown'
        : new Set([...possible.scalars].filter((value) => contains(domain, value)));
  if (!possible.isComposite) return { ...NOTHING, scalars };
  const composite = membersOf(domain).filter(({ kind }) => COMPOSITE.has(kind));
  const inside = composite.flatMap(elementsOf);
  const entries =
    possible.entries === undefined || inside.length === 0
      ? undefined
      : inside.map((one) => within(possible.entries!, one)).reduce(joined, NOTHING);
  const fields = [...possible.fields].flatMap(([name, field]): (readonly [string, Possible])[] => {
    const types = composite.flatMap((one) => fieldDomains(one, name));
    return types.length === 0 ? [] : [[name, types.map((one) => within(field, one)).reduce(joined, NOTHING)]];
  });
  return {
    scalars,
    isComposite: composite.length > 0,
    fields: new Map(fields),
    ...(entries === undefined || isNothing(entries) ? {} : { entries }),
  };
}

function elementsOf(domain: Domain): readonly Domain[] {
  switch (domain.kind) {
    case 'array':
    case 'set':
      return [domain.element];
    case 'record':
      return [domain.value];
    case 'tuple':
      return domain.items;
    default:
      return [];
  }
}

function fieldDomains(domain: Domain, name: string): readonly Domain[] {
  if (domain.kind === 'object') return domain.fields.filter((one) => one.name === name).map((one) => one.domain);
  if (domain.kind !== 'variant') return [];
  if (domain.discriminator === name) return [{ kind: 'enum', values: domain.cases.map(({ tag }) => tag) }];
  return domain.cases.flatMap(({ fields }) => fields.filter((one) => one.name === name).map((one) => one.domain));
}

/** The scalars it can be, when they are known and it can be nothing else. */
export function scalarsOf({ scalars, isComposite }: Possible): readonly Scalar[] | undefined {
  return isComposite || typeof scalars === 'string' ? undefined : [...scalars];
}

/** The only value that it can be, if there is just one. */
export function onlyValue(possible: Possible, domain: Domain): { readonly value: Value } | undefined {
  const scalars = scalarsOf(possible);
  if (scalars !== undefined) return scalars.length === 1 ? { value: scalars[0] } : undefined;
  if (typeof possible.scalars === 'string' || 0 < possible.scalars.size) return undefined;
  const composite = membersOf(domain).filter(({ kind }) => COMPOSITE.has(kind));
  const [member] = composite;
  if (member === undefined || 1 < composite.length) return undefined;
  const entry = (type: Domain): { readonly value: Value } | undefined =>
    possible.entries && onlyValue(possible.entries, type);
  switch (member.kind) {
    case 'set':
      return possible.entries === undefined ? { value: setOf([]) } : undefined;
    case 'array': {
      if (possible.entries === undefined) return member.minLength === 0 ? { value: [] } : undefined;
      if (member.minLength !== member.maxLength) return undefined;
      const one = entry(member.element);
      return one && { value: Array.from({ length: member.maxLength }, () => one.value) };
    }
    case 'record': {
      const keys = [...valuesOf(member.key)];
      const one = keys.length === 0 ? { value: undefined } : entry(member.value);
      return one && { value: Object.fromEntries(keys.map((key) => [String(key), one.value])) };
    }
    case 'object': {
      const fields = member.fields.map(({ name, domain: type }) => {
        const field = possible.fields.get(name);
        return [name, field && onlyValue(field, type)] as const;
      });
      if (fields.some(([, field]) => field === undefined)) return undefined;
      return { value: Object.fromEntries(fields.map(([name, field]) => [name, field!.value])) };
    }
    default:
      return undefined;
  }
}

const COMPOSITE: ReadonlySet<Domain['kind']> = new Set(['object', 'variant', 'tuple', 'array', 'record', 'set']);

/** The scalars of two that are equal, as a question: `undefined` when that depends. */
export function areEqual(left: Possible, right: Possible): boolean | undefined {
  if (left.isComposite || right.isComposite) return undefined;
  if (typeof left.scalars === 'string' || typeof right.scalars === 'string') return undefined;
  const common = [...left.scalars].some((one) => has(right, one));
  if (!common) return false;
  return left.scalars.size === 1 && right.scalars.size === 1 ? true : undefined;
}

/** Whether a collection of these entries can have a value that is possible by `wanted`. */
export function canInclude(entries: Possible, wanted: Possible): boolean {
  return (
    areEqual(entries, wanted) !== false && !(entries.isComposite !== wanted.isComposite && areDisjoint(entries, wanted))
  );
}

function areDisjoint(left: Possible, right: Possible): boolean {
  const noScalars = ({ scalars }: Possible): boolean => typeof scalars !== 'string' && scalars.size === 0;
  return (noScalars(left) && !right.isComposite) || (noScalars(right) && !left.isComposite);
}
