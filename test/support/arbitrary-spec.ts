/**
 * The text of a module with a random spec for each seed: well-typed by construction, small enough to be explored, with
 * every kind of domain and most of what a body can be made of. Equal seeds give equal texts; a larger size gives more of
 * everything. The spec of a seed is the const `spec` and its number.
 */
export function randomSpecs(seeds: readonly number[], size: number): string {
  return [PRELUDE, ...seeds.map((seed) => randomSpec(seed, size))].join('\n');
}

const PRELUDE = `
import { all, count, either, equal, ids, implies, pick, record, some, spec, verify, values, when, z } from 'fairlead';
const Ring = ids('Ring', 2);
const Client = ids('Client', 2);
const Mode = z.enum(['low', 'mid', 'high']);
function larger(a: number, b: number) { if (a > b) return a; return b; }
function within(low: number, n: number, high: number) { return Math.min(high, larger(low, n)); }
`;

function randomSpec(seed: number, size: number): string {
  const random = generator(seed);
  const variables = Array.from({ length: 2 + random.below(2 + size) }, (_, index) => ({
    text: `s.v${index}`,
    type: randomType(random, 2),
    assignable: true,
  }));
  const name = `spec${seed}`;
  const step: Writing = { random, step: true, fresh: { next: 0 } };
  const state = variables.map((one) => `${one.text.slice(2)}: ${schemaText(one.type)}`).join(', ');
  const lines = [
    `export const ${name} = spec('${name}', {`,
    `  params: { limit: z.int().min(0).max(3).default(${random.below(4)}) },`,
    `  state: (p) => ({ ${state} }),`,
    `  init: (s, p) => {`,
    ...block({ ...step, gentle: true }, [...variables, LIMIT], 1),
    `  },`,
    `});`,
  ];
  for (let index = 0; index < 1 + random.below(1 + size); index += 1) {
    const given = Array.from({ length: random.below(3) }, (_, at) => ({
      text: `a${at}`,
      type: random.chance(0.5) ? RING : randomScalar(random),
      assignable: false,
    }));
    const schemas = given.map((one) => `${one.text}: ${schemaText(one.type)}`).join(', ');
    const names = given.map((one) => one.text).join(', ');
    const header = given.length === 0 ? '(s, p)' : `{ ${schemas} }, (s, { ${names} }, p)`;
    const body = block(step, [...variables, ...given, LIMIT], Math.min(3, 1 + size));
    lines.push(`export const action${seed}_${index} = ${name}.action(${header} => {`, ...body, `});`);
  }
  const asks: string[] = [];
  for (let index = 0; index < (size > 0 ? random.below(2) : 0); index += 1) {
    const thread = `process${seed}_${index}`;
    const header = `{ me: Ring }, function* (s, { me }, p)`;
    const me: Place = { text: 'me', type: RING, assignable: false };
    const helper = `helper${seed}_${index}`;
    const helping: Threading = { ...step, labels: [], helper: undefined };
    const steps: Threading = { ...step, labels: [], helper };
    lines.push(`function* ${helper}(s, me, p) {`, ...threadBlock(helping, [...variables, me, LIMIT], 1), `}`);
    lines.push(`export const ${thread} = ${name}.process(${header} {`);
    lines.push(`yield 'first';`, ...threadBlock(steps, [...variables, me, LIMIT], 2), `});`);
    asks.push(`${thread}.at({ me: r }, '${random.of(['first', 'done', ...steps.labels])}')`);
  }
  const r: Place = { text: 'r', type: RING, assignable: false };
  for (const kind of ['invariant', 'sometimes']) {
    const holds = boolean(quiet(step), [...variables, LIMIT, r], 3);
    const asked = random.chance(0.7) ? [holds, ...asks] : [holds];
    const quantified = `${random.of(['all', 'some'])}(Ring, (r) => ${asked.join(random.of([' && ', ' || ']))})`;
    lines.push(`export const ${kind}${seed} = ${name}.${kind}((s, p) => ${quantified});`);
  }
  return lines.join('\n') + '\n';
}

type Type =
  | { readonly kind: 'boolean' }
  | { readonly kind: 'int'; readonly min: number; readonly max: number }
  | { readonly kind: 'enum' }
  | { readonly kind: 'ids'; readonly name: 'Ring' | 'Client' }
  | { readonly kind: 'nullable'; readonly of: Type }
  | { readonly kind: 'object'; readonly fields: readonly (readonly [string, Type])[] }
  | { readonly kind: 'variant'; readonly cases: readonly { readonly tag: string; readonly field: Type }[] }
  | { readonly kind: 'record'; readonly key: Type; readonly value: Type }
  | { readonly kind: 'set'; readonly of: Type }
  | { readonly kind: 'array'; readonly of: Type; readonly min: number; readonly max: number }
  | { readonly kind: 'tuple'; readonly items: readonly Type[] };

/** Something in scope: its text and type. */
interface Place {
  readonly text: string;
  readonly type: Type;
  readonly assignable: boolean;
  /** A constant: parts of it can be assigned, but not the whole. */
  readonly reference?: boolean;
}

interface Writing {
  readonly random: Random;
  /** Whether choices and effects may be written. */
  readonly step?: boolean;
  /** Whether the step should be possible. */
  readonly gentle?: boolean;
  readonly fresh: { next: number };
}

interface Random {
  /** 0 … n - 1 */
  readonly below: (n: number) => number;
  readonly chance: (share: number) => boolean;
  readonly of: <T>(list: readonly T[]) => T;
}

const RING: Type = { kind: 'ids', name: 'Ring' };
const SMALL: Type = { kind: 'int', min: 0, max: 3 };
const LIMIT: Place = { text: 'p.limit', type: SMALL, assignable: false };

/** Mulberry32: small, and good enough to choose with. */
function generator(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (n: number) => Math.floor(next() * n);
  return { below, chance: (share) => next() < share, of: (list) => list[below(list.length)]! };
}

function randomScalar(random: Random): Type {
  const min = random.below(3) - 1;
  return random.of<Type>([
    { kind: 'boolean' },
    { kind: 'int', min, max: min + 1 + random.below(3) },
    { kind: 'enum' },
    RING,
    { kind: 'ids', name: 'Client' },
  ]);
}

function randomType(random: Random, depth: number): Type {
  if (depth === 0 || random.chance(0.3)) return randomScalar(random);
  const inner = () => randomType(random, depth - 1);
  switch (random.below(7)) {
    case 0:
      return { kind: 'nullable', of: randomScalar(random) };
    case 1:
      return {
        kind: 'object',
        fields: [
          ['x', inner()],
          ['y', randomScalar(random)],
        ],
      };
    case 2:
      return {
        kind: 'variant',
        cases: [
          { tag: 'one', field: randomScalar(random) },
          { tag: 'two', field: randomScalar(random) },
        ],
      };
    case 3:
      return {
        kind: 'record',
        key: random.of<Type>([RING, { kind: 'enum' }, { kind: 'int', min: 0, max: 1 }]),
        value: inner(),
      };
    case 4:
      return {
        kind: 'set',
        of: random.chance(0.7) ? randomScalar(random) : { kind: 'tuple', items: [RING, randomScalar(random)] },
      };
    case 5: {
      const max = 1 + random.below(2);
      return { kind: 'array', of: inner(), min: random.of([0, max]), max };
    }
    default:
      return { kind: 'tuple', items: [randomScalar(random), inner()] };
  }
}

function schemaText(type: Type): string {
  switch (type.kind) {
    case 'boolean':
      return 'z.boolean()';
    case 'int':
      return `z.int().min(${type.min}).max(${type.max})`;
    case 'enum':
      return 'Mode';
    case 'ids':
      return type.name;
    case 'nullable':
      return `${schemaText(type.of)}.nullable()`;
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

/** Whether a value of `have` always fits where `want` is wanted. */
function fits(have: Type, want: Type): boolean {
  if (have.kind === 'int' && want.kind === 'int') return want.min <= have.min && have.max <= want.max;
  return JSON.stringify(have) === JSON.stringify(want);
}

/** A path from something in scope to a place whose type is wanted; undefined when a few tries found none. */
function place(
  write: Writing,
  scope: readonly Place[],
  wanted: (type: Type) => boolean,
  assignable = false,
): Place | undefined {
  const { random } = write;
  const roots = scope.filter((one) => !assignable || one.assignable);
  if (roots.length === 0) return undefined;
  for (let attempt = 0; attempt < 6; attempt += 1) {
    let here: Place | undefined = random.of(roots);
    for (let depth = 0; here !== undefined && depth < 4; depth += 1) {
      if (wanted(here.type) && !(assignable && here.reference === true) && (depth === 3 || random.chance(0.8)))
        return here;
      here = part(write, scope, here);
    }
  }
  return undefined;
}

function part(write: Writing, scope: readonly Place[], whole: Place): Place | undefined {
  const { random } = write;
  const { type, text, assignable } = whole;
  switch (type.kind) {
    case 'object': {
      const [name, field] = random.of(type.fields);
      return { text: `${text}.${name}`, type: field, assignable };
    }
    case 'tuple': {
      const index = random.below(type.items.length);
      return { text: `${text}[${index}]`, type: type.items[index]!, assignable };
    }
    case 'record': {
      const key = leaf(write, scope, type.key);
      return key === undefined ? undefined : { text: `${text}[${key}]`, type: type.value, assignable };
    }
    case 'array': {
      // JavaScript does not mind what is read outside of an array that is not part of the state.
      if (!text.startsWith('s.')) return undefined;
      // Mostly inside; outside is a failure that all executions must agree on.
      return { text: `${text}[${random.chance(0.9) ? random.below(type.max) : type.max}]`, type: type.of, assignable };
    }
    default:
      return undefined;
  }
}

/** A value that needs no evaluation: something in scope that is a name, or a literal. */
function leaf(write: Writing, scope: readonly Place[], type: Type): string | undefined {
  const named = scope.filter((one) => fits(one.type, type) && !one.text.includes('.'));
  if (named.length > 0 && write.random.chance(0.7)) return write.random.of(named).text;
  return literal(write, scope, type, 0);
}

function literal(write: Writing, scope: readonly Place[], type: Type, depth: number): string | undefined {
  const { random } = write;
  const inner = (part: Type) => expression(write, scope, part, depth - 1);
  const together = (parts: readonly (string | undefined)[], open: string, close: string) =>
    parts.includes(undefined) ? undefined : `${open}${parts.join(', ')}${close}`;
  switch (type.kind) {
    case 'boolean':
      return random.of(['true', 'false']);
    case 'int':
      return String(type.min + random.below(type.max - type.min + 1));
    case 'enum':
      return random.of([`'low'`, `'mid'`, `'high'`]);
    case 'ids': {
      const known = scope.filter((one) => fits(one.type, type) && !one.text.includes('['));
      if (known.length > 0) return random.of(known).text;
      return write.step === true ? `pick(${type.name})` : undefined;
    }
    case 'nullable':
      return random.chance(0.4) ? 'null' : inner(type.of);
    case 'object':
      return together(
        type.fields.map(([name, field]) => {
          const value = inner(field);
          return value && `${name}: ${value}`;
        }),
        '{ ',
        ' }',
      );
    case 'variant': {
      const one = random.of(type.cases);
      const value = inner(one.field);
      return value && `{ kind: '${one.tag}', ${one.tag}: ${value} }`;
    }
    case 'record': {
      const binder = newName(write);
      const value = expression(
        quiet(write),
        [...scope, { text: binder, type: type.key, assignable: false }],
        type.value,
        depth - 1,
      );
      return value && `record(${schemaText(type.key)}, (${binder}) => (${value}))`;
    }
    case 'set':
      return together(
        Array.from({ length: random.below(3) }, () => inner(type.of)),
        'new Set([',
        '])',
      );
    case 'array':
      return together(
        Array.from({ length: type.min + random.below(type.max - type.min + 1) }, () => inner(type.of)),
        '[',
        ']',
      );
    case 'tuple':
      return together(type.items.map(inner), '[', ']');
  }
}

/** An expression whose value is mostly of the type; integers may leave its range, which is a failure to agree on. */
function expression(write: Writing, scope: readonly Place[], type: Type, depth: number): string | undefined {
  const { random } = write;
  if (depth <= 0 || random.chance(0.15))
    return place(write, scope, (one) => fits(one, type))?.text ?? literal(write, scope, type, depth);
  const ways: (() => string | undefined)[] = [
    () => place(write, scope, (one) => fits(one, type))?.text,
    () => literal(write, scope, type, depth),
    () => {
      const parts = [
        boolean(write, scope, depth - 1),
        expression(write, scope, type, depth - 1),
        expression(write, scope, type, depth - 1),
      ];
      return parts.includes(undefined) ? undefined : `(${parts[0]} ? ${parts[1]} : ${parts[2]})`;
    },
    () => {
      const maybe = place(write, scope, (one) => one.kind === 'nullable' && fits(one.of, type));
      const otherwise = maybe && literal(write, scope, type, 0);
      return maybe && otherwise && `(${maybe.text} ?? ${otherwise})`;
    },
    () => {
      const variant = place(
        write,
        scope,
        (one) => one.kind === 'variant' && one.cases.some((each) => fits(each.field, type)),
      );
      if (variant?.type.kind !== 'variant') return undefined;
      const one = variant.type.cases.find((each) => fits(each.field, type))!;
      const otherwise = literal(write, scope, type, 0);
      return otherwise && `(${variant.text}.kind === '${one.tag}' ? ${variant.text}.${one.tag} : ${otherwise})`;
    },
  ];
  if (type.kind === 'boolean')
    ways.push(
      () => boolean(write, scope, depth),
      () => boolean(write, scope, depth),
    );
  if (type.kind === 'int')
    ways.push(
      () => integer(write, scope, type, depth),
      () => integer(write, scope, type, depth),
    );
  if (type.kind === 'set')
    ways.push(
      () => setExpression(write, scope, type, depth),
      () => setExpression(write, scope, type, depth),
    );
  if (type.kind === 'array') ways.push(() => arrayExpression(write, scope, type, depth));
  if (write.step === true && (type.kind === 'enum' || type.kind === 'ids' || type.kind === 'int')) {
    ways.push(() => `pick(${schemaText(type)})`);
    ways.push(() => {
      const from = place(write, scope, (one) => (one.kind === 'set' || one.kind === 'array') && fits(one.of, type));
      return from && `pick(${from.text})`;
    });
  }
  for (let attempt = 0; attempt < 4; attempt += 1) {
    const text = random.of(ways)();
    if (text !== undefined) return text;
  }
  return literal(write, scope, type, depth);
}

function integer(
  write: Writing,
  scope: readonly Place[],
  type: Type & { kind: 'int' },
  depth: number,
): string | undefined {
  const { random } = write;
  const one = numeric(write, scope, depth - 1);
  const other = numeric(write, scope, depth - 1);
  if (one === undefined || other === undefined) return undefined;
  const text = random.of([
    `${one} + ${other}`,
    `${one} - ${other}`,
    `${one} * ${other}`,
    `${one} % ${2 + random.below(2)}`,
    `Math.floor(${one} / ${2 + random.below(2)})`,
    `Math.abs(${one} - ${other})`,
    `-${one}`,
    `larger(${one}, ${other})`,
  ]);
  return random.chance(0.85) ? `within(${type.min}, ${text}, ${type.max})` : `(${text})`;
}

/** Any small integer. */
function numeric(write: Writing, scope: readonly Place[], depth: number): string | undefined {
  const { random } = write;
  const ways: (() => string | undefined)[] = [
    ...Array.from({ length: 4 }, () => () => place(write, scope, (one) => one.kind === 'int')?.text),
    () => literal(write, scope, SMALL, 0),
    () => {
      const sized = place(write, scope, (one) => one.kind === 'set' || one.kind === 'array');
      return sized && `${sized.text}.${sized.type.kind === 'set' ? 'size' : 'length'}`;
    },
    () => {
      const binder = newName(write);
      const holds = boolean(quiet(write), [...scope, { text: binder, type: RING, assignable: false }], depth - 1);
      return holds && depth > 0 ? `count(Ring, (${binder}) => ${holds})` : undefined;
    },
    () => {
      const list = place(write, scope, (one) => one.kind === 'array' && one.of.kind === 'int');
      return list && `${list.text}.reduce((sum, each) => sum + each, 0)`;
    },
  ];
  return random.of(ways)() ?? literal(write, scope, SMALL, 0);
}

function boolean(write: Writing, scope: readonly Place[], depth: number): string | undefined {
  const { random } = write;
  if (depth <= 0)
    return (
      place(write, scope, (one) => one.kind === 'boolean')?.text ??
      `(${numeric(write, scope, 0)} ${random.of(['<', '>='])} 1)`
    );
  const inner = () => boolean(write, scope, depth - 1);
  const both = (join: (left: string, right: string) => string) => {
    const left = inner();
    const right = inner();
    return left && right && join(left, right);
  };
  const ways: (() => string | undefined)[] = [
    () => both((left, right) => `(${left} && ${right})`),
    () => both((left, right) => `(${left} || ${right})`),
    () => {
      const operand = inner();
      return operand && `!${operand}`;
    },
    () =>
      `(${numeric(write, scope, depth - 1)} ${random.of(['<', '<=', '>', '>=', '===', '!=='])} ${numeric(write, scope, depth - 1)})`,
    () => {
      const left = place(write, scope, ({ kind }) => kind === 'enum' || kind === 'ids' || kind === 'boolean');
      const right = left && expression(write, scope, left.type, depth - 1);
      return right && `(${left.text} ${random.of(['===', '!=='])} ${right})`;
    },
    () => {
      const left = place(
        write,
        scope,
        ({ kind }) => kind === 'object' || kind === 'tuple' || kind === 'set' || kind === 'array',
      );
      const right = left && expression(write, scope, left.type, depth - 1);
      return right && `equal(${left.text}, ${right})`;
    },
    () => {
      const maybe = place(write, scope, (one) => one.kind === 'nullable');
      return maybe && `(${maybe.text} ${random.of(['===', '!=='])} null)`;
    },
    () => {
      const variant = place(write, scope, (one) => one.kind === 'variant');
      return variant && `(${variant.text}.kind === 'two')`;
    },
    () => {
      const some = place(write, scope, (one) => one.kind === 'set' || one.kind === 'array');
      if (some?.type.kind !== 'set' && some?.type.kind !== 'array') return undefined;
      const element = expression(write, scope, some.type.of, depth - 1);
      return element && `${some.text}.${some.type.kind === 'set' ? 'has' : 'includes'}(${element})`;
    },
    () => {
      const word = random.of(['all', 'some']);
      const domain = random.of<Type>([RING, { kind: 'enum' }, { kind: 'int', min: 0, max: 2 }]);
      const binder = newName(write);
      const holds = boolean(quiet(write), [...scope, { text: binder, type: domain, assignable: false }], depth - 1);
      return holds && `${word}(${schemaText(domain)}, (${binder}) => ${holds})`;
    },
    () => {
      const over = place(write, scope, (one) => one.kind === 'set' || one.kind === 'array');
      if (over?.type.kind !== 'set' && over?.type.kind !== 'array') return undefined;
      const binder = newName(write);
      const holds = boolean(
        quiet(write),
        [...scope, { text: binder, type: over.type.of, assignable: false }],
        depth - 1,
      );
      if (over.type.kind === 'array' && random.chance(0.5))
        return holds && `${over.text}.${random.of(['every', 'some'])}((${binder}) => ${holds})`;
      return holds && `${random.of(['all', 'some'])}(${over.text}, (${binder}) => ${holds})`;
    },
    () => {
      const left = place(write, scope, (one) => one.kind === 'set');
      const right = left && expression(write, scope, left.type, depth - 1);
      return right && `${left.text}.isSubsetOf(${right})`;
    },
  ];
  for (let attempt = 0; attempt < 4; attempt += 1) {
    const text = random.of(ways)();
    if (text !== undefined) return text;
  }
  return random.of(['true', 'false']);
}

function setExpression(
  write: Writing,
  scope: readonly Place[],
  type: Type & { kind: 'set' },
  depth: number,
): string | undefined {
  const left = expression(write, scope, type, depth - 1);
  const right = expression(write, scope, type, depth - 1);
  return left && right && `${left}.${write.random.of(['union', 'intersection', 'difference'])}(${right})`;
}

function arrayExpression(
  write: Writing,
  scope: readonly Place[],
  type: Type & { kind: 'array' },
  depth: number,
): string | undefined {
  const { random } = write;
  const list = place(write, scope, (one) => fits(one, type))?.text;
  if (list === undefined) return undefined;
  const binder = newName(write);
  const inner = [...scope, { text: binder, type: type.of, assignable: false }];
  const holds = boolean(quiet(write), inner, depth - 1);
  const mapped = expression(quiet(write), inner, type.of, depth - 1);
  return random.of([
    () => `${list}.slice(${random.below(2)})`,
    () => holds && `${list}.filter((${binder}) => ${holds})`,
    () => mapped && `${list}.map((${binder}) => (${mapped}))`,
    () => `[...${list}, ...${list}].slice(0, ${type.max})`,
  ])();
}

function block(write: Writing, scope: readonly Place[], depth: number): string[] {
  const { random } = write;
  const lines: string[] = [];
  let known = scope;
  for (let index = 0; index < 1 + random.below(3); index += 1) {
    const { text, added } = statement(write, known, depth);
    lines.push(...text);
    known = [...known, ...added];
  }
  return lines;
}

interface Written {
  readonly text: readonly string[];
  readonly added: readonly Place[];
}

function statement(write: Writing, scope: readonly Place[], depth: number): Written {
  const { random } = write;
  const nothing: Written = { text: [], added: [] };
  const only = (text: string | undefined): Written => (text === undefined ? nothing : { text: [text], added: [] });
  const ways: (() => Written)[] = [
    ...Array.from({ length: 8 }, () => () => only(assignment(write, scope))),
    () => only(random.chance(write.gentle === true ? 0 : 0.3) ? `when(${boolean(write, scope, 2)});` : undefined),
    () =>
      only(
        random.chance(write.gentle === true ? 0 : 0.2)
          ? `verify(${boolean(write, scope, 2)}, 'as it should be');`
          : undefined,
      ),
    () => local(write, scope),
    () => only(mutation(write, scope)),
  ];
  if (depth > 0) {
    ways.push(
      () => {
        const otherwise = random.chance(0.5) ? ['} else {', ...block(write, scope, depth - 1)] : [];
        const leave = random.chance(0.15) ? ['return;'] : [];
        return {
          text: [`if (${boolean(write, scope, 2)}) {`, ...block(write, scope, depth - 1), ...leave, ...otherwise, '}'],
          added: [],
        };
      },
      () => loop(write, scope, depth),
      () => ({
        text: [
          'either(',
          ...Array.from({ length: 2 }, () => [
            '() => {',
            ...block(write, noReturn(scope), depth - 1).filter((line) => line !== 'return;'),
            '},',
          ]).flat(),
          ');',
        ],
        added: [],
      }),
      () => {
        const on = place(write, scope, (one) => one.kind === 'enum');
        if (on === undefined) return nothing;
        const inner = () => block(write, scope, depth - 1);
        return {
          text: [
            `switch (${on.text}) {`,
            `case 'low': {`,
            ...inner(),
            'break; }',
            `case 'high': {`,
            ...inner(),
            'break; }',
            'default: {',
            ...inner(),
            '} }',
          ],
          added: [],
        };
      },
    );
  }
  return random.of(ways)();
}

function noReturn(scope: readonly Place[]): readonly Place[] {
  return scope;
}

/** What the body of a process is written with. */
interface Threading extends Writing {
  /** The labels used so far. */
  readonly labels: string[];
  /** A generator to call. */
  readonly helper: string | undefined;
}

/** Statements of a process: some of them begin a new step. */
function threadBlock(write: Threading, scope: readonly Place[], depth: number): string[] {
  const { random } = write;
  const lines: string[] = [];
  let known = scope;
  for (let index = 0; index < 1 + random.below(3); index += 1) {
    const { text, added } = threadStatement(write, known, depth);
    lines.push(...text);
    known = [...known, ...added];
  }
  return lines;
}

function threadStatement(write: Threading, scope: readonly Place[], depth: number): Written {
  const { random } = write;
  const inner = (more: readonly Place[] = []) => threadBlock(write, [...scope, ...more], depth - 1);
  const plain = () => {
    const { text } = statement(write, scope, 1);
    return text.includes('return;') ? [] : [`{`, ...text, `}`];
  };
  const ways: (() => Written)[] = [
    () => ({ text: [nextStep(write), ...plain()], added: [] }),
    () => ({ text: [nextStep(write), ...plain()], added: [] }),
    () => ({ text: plain(), added: [] }),
    () => {
      const type = random.of<Type>([{ kind: 'boolean' }, { kind: 'enum' }, RING, SMALL]);
      const value = expression(write, scope, type, 2);
      if (value === undefined) return { text: [], added: [] };
      const name = newName(write);
      const bounded = type.kind === 'int' ? `within(0, ${value}, 3)` : value;
      // An integer that is assigned has the bounds of what is assigned to it.
      return {
        text: [`let ${name} = ${bounded};`],
        added: [{ text: name, type, assignable: type.kind !== 'int' }],
      };
    },
  ];
  if (depth > 0) {
    ways.push(
      () => {
        const leave = random.chance(0.2) ? ['return;'] : [];
        const otherwise = random.chance(0.5) ? ['} else {', ...inner()] : [];
        return { text: [`if (${boolean(write, scope, 2)}) {`, ...inner(), ...leave, ...otherwise, '}'], added: [] };
      },
      () => {
        const leave = random.chance(0.4)
          ? [`if (${boolean(write, scope, 1)}) ${random.of(['break', 'continue'])};`]
          : [];
        const condition = random.chance(0.5) ? 'true' : boolean(write, scope, 2);
        return { text: [`while (${condition}) {`, nextStep(write), ...leave, ...inner(), '}'], added: [] };
      },
      () => {
        const binder = newName(write);
        const each: Place = { text: binder, type: random.of<Type>([RING, { kind: 'enum' }]), assignable: false };
        const list = each.type.kind === 'ids' ? 'Ring' : 'values(Mode)';
        return { text: [`for (const ${binder} of ${list}) {`, ...inner([each]), '}'], added: [] };
      },
      () => {
        const binder = newName(write);
        const counter: Place = { text: binder, type: { kind: 'int', min: 0, max: 1 }, assignable: false };
        return {
          text: [`for (let ${binder} = 0; ${binder} < 2; ${binder} += 1) {`, ...inner([counter]), '}'],
          added: [],
        };
      },
      () => {
        const on = place(write, scope, (one) => one.kind === 'enum');
        if (on === undefined) return { text: [], added: [] };
        return {
          text: [`switch (${on.text}) {`, `case 'low': {`, ...inner(), 'break; }', 'default: {', ...inner(), '} }'],
          added: [],
        };
      },
      () => ({ text: write.helper === undefined ? [] : [`yield* ${write.helper}(s, me, p);`], added: [] }),
    );
  }
  return random.of(ways)();
}

function nextStep(write: Threading): string {
  const label = write.random.chance(0.1) ? 'again' : `l${write.fresh.next++}`;
  write.labels.push(label);
  return write.random.chance(0.2) ? `s = yield '${label}';` : `yield '${label}';`;
}

function assignment(write: Writing, scope: readonly Place[]): string | undefined {
  const { random } = write;
  const target = place(write, scope, () => true, true);
  if (target === undefined) return undefined;
  if (target.type.kind === 'int' && random.chance(0.2)) return `${target.text} ${random.of(['+=', '-='])} 1;`;
  const value = expression(write, scope, target.type, 3);
  return value && `${target.text} = ${value};`;
}

function local(write: Writing, scope: readonly Place[]): Written {
  const { random } = write;
  if (random.chance(0.2)) return alias(write, scope);
  const wanted = random.chance(0.7) ? randomScalar(random) : randomType(random, 1);
  // An array literal that stands alone is no tuple to TypeScript.
  const type = JSON.stringify(wanted).includes('tuple') ? randomScalar(random) : wanted;
  const value = expression(write, scope, type, 2);
  if (value === undefined) return { text: [], added: [] };
  const name = newName(write);
  const mutable = random.chance(0.3) && ['boolean', 'enum', 'ids'].includes(type.kind);
  // What the compiler knows of an integer local is what its value can be, which may be more than the type.
  const seen: Type = type.kind === 'int' ? { kind: 'int', min: -99, max: 99 } : type;
  return {
    text: [`${mutable ? 'let' : 'const'} ${name} = ${value};`],
    added: [{ text: name, type: seen, assignable: mutable }],
  };
}

/** A constant for a part of the state: what happens to one is seen through the other. */
function alias(write: Writing, scope: readonly Place[]): Written {
  const compound = ['object', 'record', 'tuple', 'variant', 'set', 'array'];
  const part = place(write, scope, (type) => compound.includes(type.kind), true);
  if (part === undefined) return { text: [], added: [] };
  const name = newName(write);
  return {
    text: [`const ${name} = ${part.text};`],
    added: [{ text: name, type: part.type, assignable: true, reference: true }],
  };
}

function mutation(write: Writing, scope: readonly Place[]): string | undefined {
  const { random } = write;
  const target = place(write, scope, (one) => one.kind === 'set' || one.kind === 'array', true);
  if (target?.type.kind !== 'set' && target?.type.kind !== 'array') return undefined;
  const element = expression(write, scope, target.type.of, 2);
  if (element === undefined) return undefined;
  return target.type.kind === 'set'
    ? `${target.text}.${random.of(['add', 'delete'])}(${element});`
    : random.of([`${target.text}.push(${element});`, `${target.text}.shift();`, `${target.text}.pop();`]);
}

function loop(write: Writing, scope: readonly Place[], depth: number): Written {
  const { random } = write;
  const binder = newName(write);
  const over = random.chance(0.5)
    ? undefined
    : place(write, scope, (one) => one.kind === 'set' || one.kind === 'array');
  if (over?.type.kind === 'set' || over?.type.kind === 'array') {
    // JavaScript visits what is added while it goes on; what is iterated is left alone.
    const root = over.text.split(/[.[]/).slice(0, 2).join('.');
    const inner = scope.map((one) => (one.text === root ? { ...one, assignable: false } : one));
    const body = block(write, [...inner, { text: binder, type: over.type.of, assignable: false }], depth - 1);
    return {
      text: [`for (const ${binder} of ${over.text}) {`, ...body, random.chance(0.2) ? 'break;' : '', '}'],
      added: [],
    };
  }
  if (random.chance(0.3)) {
    const counter: Place = { text: binder, type: { kind: 'int', min: 0, max: 1 }, assignable: false };
    return {
      text: [
        `for (let ${binder} = 0; ${binder} < 2; ${binder} += 1) {`,
        ...block(write, [...scope, counter], depth - 1),
        '}',
      ],
      added: [],
    };
  }
  const domain = random.of<Type>([RING, { kind: 'enum' }]);
  const each = { text: binder, type: domain, assignable: false };
  const list = domain.kind === 'ids' ? schemaText(domain) : `values(${schemaText(domain)})`;
  return { text: [`for (const ${binder} of ${list}) {`, ...block(write, [...scope, each], depth - 1), '}'], added: [] };
}

/** Inside a function that is only asked for a value, nothing is chosen. */
function quiet(write: Writing): Writing {
  return { ...write, step: false };
}

function newName(write: Writing): string {
  return `x${write.fresh.next++}`;
}
