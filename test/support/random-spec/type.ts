import type { Random } from './random.ts';

/** The type of something in a random spec; each has a schema. */
export type Type =
  | { readonly kind: 'boolean' }
  /** `values` where there are gaps between them. */
  | { readonly kind: 'int'; readonly min: number; readonly max: number; readonly values?: readonly number[] }
  /** Integers with gaps, or a text or true. */
  | { readonly kind: 'mixed'; readonly other: 'text' | 'true' }
  | { readonly kind: 'enum' }
  | { readonly kind: 'ids'; readonly name: 'Ring' | 'Client' }
  /** Of two sets of ids. */
  | { readonly kind: 'either' }
  | { readonly kind: 'nullable'; readonly of: Type }
  | { readonly kind: 'optional'; readonly of: Type }
  | { readonly kind: 'object'; readonly fields: readonly (readonly [string, Type])[] }
  | { readonly kind: 'variant'; readonly cases: readonly { readonly tag: string; readonly field: Type }[] }
  | { readonly kind: 'record'; readonly key: Type; readonly value: Type }
  | { readonly kind: 'set'; readonly of: Type }
  | { readonly kind: 'array'; readonly of: Type; readonly min: number; readonly max: number }
  | { readonly kind: 'tuple'; readonly items: readonly Type[] };

export const BOOLEAN: Type = { kind: 'boolean' };
export const ENUM: Type = { kind: 'enum' };
export const RING: Type = { kind: 'ids', name: 'Ring' };
export const CLIENT: Type = { kind: 'ids', name: 'Client' };
export const SMALL: Type = { kind: 'int', min: 0, max: 3 };

/** Numbers that stand for several kinds of gaps: of one and of more, next to zero, before and after a run. */
const WITH_GAPS: readonly Type[] = [
  [1, 2, 5],
  [0, 3],
  [-1, 2, 3],
  [-2, 0, 1, 2, 9],
].map((values) => ({
  kind: 'int',
  min: values[0]!,
  max: values.at(-1)!,
  values,
}));
export const MIXED: readonly Type[] = [
  { kind: 'mixed', other: 'text' },
  { kind: 'mixed', other: 'true' },
];

export function randomInt(random: Random): Type {
  const min = random.below(3) - 1;
  return random.chance(0.3) ? random.of(WITH_GAPS) : { kind: 'int', min, max: min + 1 + random.below(3) };
}

export function randomScalar(random: Random): Type {
  return random.of<Type>([
    BOOLEAN,
    randomInt(random),
    random.of<Type>([ENUM, ENUM, ENUM, random.of(MIXED)]),
    RING,
    random.of<Type>([CLIENT, CLIENT, { kind: 'either' }]),
  ]);
}

/** The integers of a type, in ascending order. */
export function integersOf({ min, max, values }: Type & { readonly kind: 'int' }): readonly number[] {
  return values ?? Array.from({ length: max - min + 1 }, (_, at) => min + at);
}

export function randomType(random: Random, depth: number): Type {
  if (depth === 0 || random.chance(0.25)) return randomScalar(random);
  const inner = () => randomType(random, depth - 1);
  switch (random.below(8)) {
    case 0:
      return { kind: 'nullable', of: random.chance(0.5) ? randomScalar(random) : randomObject(random) };
    case 1:
    case 2:
      return randomObject(random, inner());
    case 3:
      return {
        kind: 'variant',
        cases: [
          { tag: 'one', field: randomScalar(random) },
          { tag: 'two', field: randomScalar(random) },
        ],
      };
    case 4:
      return {
        kind: 'record',
        key: random.of<Type>([
          RING,
          ENUM,
          { kind: 'int', min: 0, max: 1 },
          { kind: 'int', min: 0, max: 7, values: [0, 1, 7] },
        ]),
        value: inner(),
      };
    case 5:
      return {
        kind: 'set',
        of: random.of<() => Type>([
          () => randomScalar(random),
          () => randomScalar(random),
          () => ({ kind: 'tuple', items: [RING, randomScalar(random)] }),
          () => randomObject(random, BOOLEAN),
        ])(),
      };
    case 6: {
      const max = 1 + random.below(2);
      return { kind: 'array', of: random.chance(0.4) ? randomObject(random) : inner(), min: random.of([0, max]), max };
    }
    default:
      return { kind: 'tuple', items: [randomScalar(random), inner()] };
  }
}

/** An object. */
function randomObject(random: Random, first: Type = SMALL): Type {
  const second = randomScalar(random);
  return {
    kind: 'object',
    fields: [
      ['x', first.kind === 'nullable' || first.kind === 'optional' ? SMALL : first],
      ['y', random.chance(0.2) ? { kind: 'optional', of: second } : second],
    ],
  };
}

export function schemaText(type: Type): string {
  switch (type.kind) {
    case 'boolean':
      return 'z.boolean()';
    case 'int':
      return type.values === undefined ? `z.int().min(${type.min}).max(${type.max})` : gapsText(type.values);
    case 'mixed':
      return type.other === 'text' ? "z.literal([2, 0, 'none', 7])" : 'z.literal([2, 0, true, 7])';
    case 'enum':
      return 'Mode';
    case 'ids':
      return type.name;
    case 'either':
      return 'z.union([Ring, Client])';
    case 'nullable':
      return `${schemaText(type.of)}.nullable()`;
    case 'optional':
      return `${schemaText(type.of)}.optional()`;
    case 'object':
      return `z.object({ ${type.fields.map(([name, field]) => `${name}: ${schemaText(field)}`).join(', ')} })`;
    case 'variant': {
      const cases = type.cases.map(
        (one) => `z.object({ kind: z.literal('${one.tag}'), ${one.tag}: ${schemaText(one.field)} })`,
      );
      return `z.discriminatedUnion('kind', [${cases.join(', ')}])`;
    }
    case 'record':
      return `z.record(${schemaText(type.key)}, ${schemaText(type.value)})`;
    case 'set':
      return `z.set(${schemaText(type.of)})`;
    case 'array':
      return `z.array(${schemaText(type.of)}).min(${type.min}).max(${type.max})`;
    case 'tuple':
      return `z.tuple([${type.items.map(schemaText).join(', ')}])`;
  }
}

/** The ways to write integers with gaps down, each for some of them. */
function gapsText(values: readonly number[]): string {
  const [first, ...others] = values;
  if (values.length === 2) return `z.union([${values.map((value) => `z.literal(${value})`).join(', ')}])`;
  if (values.length === 3) return `z.literal([${values.join(', ')}])`;
  const last = others.pop()!;
  return `z.union([z.int().min(${others[0]!}).max(${others.at(-1)!}), z.literal([${last}, ${first!}])])`;
}

/** Whether a value of `have` always fits where `want` is wanted. */
export function fits(have: Type, want: Type): boolean {
  if (have.kind === 'int' && want.kind === 'int') {
    if (want.values === undefined) return want.min <= have.min && have.max <= want.max;
    return integersOf(have).every((value) => want.values!.includes(value));
  }
  if (want.kind === 'either' && have.kind === 'ids') return true;
  if ((want.kind === 'nullable' || want.kind === 'optional') && have.kind !== want.kind) return fits(have, want.of);
  return JSON.stringify(have) === JSON.stringify(want);
}

export function isScalar(type: Type): boolean {
  if (type.kind === 'nullable' || type.kind === 'optional') return isScalar(type.of);
  return ['boolean', 'int', 'mixed', 'enum', 'ids', 'either'].includes(type.kind);
}

/** Whether a type has a tuple in it: an array literal that stands alone is no tuple to TypeScript. */
export function hasTuple(type: Type): boolean {
  return JSON.stringify(type).includes('tuple');
}

/** The schema of a variable: somewhere in it another start than the first value may be asked for. */
export function startingText(random: Random, type: Type, mayChoose = true): string {
  // Each choice multiplies the initial states by as many as there are keys.
  const inner = (of: Type): string => startingText(random, of, mayChoose && type.kind !== 'array');
  switch (type.kind) {
    case 'boolean':
      if (mayChoose && random.chance(0.1)) return 'anyOf(z.boolean())';
      return random.chance(0.2) ? 'z.boolean().default(true)' : 'z.boolean()';
    case 'int':
      return random.chance(0.2) ? `${schemaText(type)}.default(${type.max})` : schemaText(type);
    case 'ids':
      return mayChoose && random.chance(0.05) ? `anyOf(${type.name})` : type.name;
    case 'optional':
      return type.of.kind === 'boolean' && random.chance(0.5)
        ? 'z.boolean().optional().default(true)'
        : schemaText(type);
    case 'object':
      return `z.object({ ${type.fields.map(([name, field]) => `${name}: ${inner(field)}`).join(', ')} })`;
    case 'record':
      return `z.record(${schemaText(type.key)}, ${inner(type.value)})`;
    case 'array':
      return `z.array(${inner(type.of)}).min(${type.min}).max(${type.max})`;
    case 'tuple':
      return `z.tuple([${type.items.map(inner).join(', ')}])`;
    case 'mixed':
      if (mayChoose && random.chance(0.1)) return `anyOf(${schemaText(type)})`;
      return random.chance(0.2)
        ? `${schemaText(type)}.default(${type.other === 'text' ? "'none'" : 'true'})`
        : schemaText(type);
    case 'enum':
    case 'either':
    case 'nullable':
    case 'variant':
    case 'set':
      return schemaText(type);
  }
}
