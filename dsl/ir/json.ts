import * as z from 'zod';
import { isStackOverflow } from '../diagnostics/stack-overflow.ts';
import type { SourceFile, Span } from '../diagnostics/span.ts';
import { visible } from '../diagnostics/visible.ts';
import type { Domain, Field } from './domain.ts';
import type { PathSegment, Place, Statement } from './effect.ts';
import type { Expression, Operator } from './expression.ts';
import type { System } from './system.ts';
import { IR_VERSION } from './system.ts';
import type { Formula } from './temporal.ts';
import { validateSystem } from './validate.ts';
import type { Value } from './value.ts';
import { decodeValue, encodeValue } from './value-json.ts';

export { decodeValue, encodeValue } from './value-json.ts';
export type { Json } from './value-json.ts';

/** What a JSON text says about a system, or what is wrong with it: one line each, with the path of the place. */
type ReadSystem =
  | { readonly kind: 'read'; readonly system: System }
  | { readonly kind: 'invalid'; readonly problems: readonly string[] };

/**
 * A system as JSON text: `{ "format": "fairlead-ir", "version": 1, "domains": […], "system": {…} }`.
 *
 * Every domain and type stands once, in `domains`, and is referred to by its index; a domain refers only to earlier
 * ones. Spans are `[file, start, end]`. Values are written as by {@link encodeValue}. Source texts are included, so a
 * counterexample of a system that was read back can still show the lines of the spec.
 */
export function systemToJson(system: System): string {
  const table = new DomainTable();
  const encoded = z.encode(systemSchema(table), system);
  return visible(JSON.stringify({ format: FORMAT, version: IR_VERSION, domains: table.entries, system: encoded }));
}

/**
 * The system that a JSON text describes. Nothing is taken on trust: what passes has the shape of the IR and satisfies
 * {@link validateSystem}. Cost: linear in the length of the text.
 */
export function systemFromJson(text: string): ReadSystem {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    return { kind: 'invalid', problems: [`this is not JSON: ${(error as Error).message}`] };
  }
  const head = headSchema.safeParse(data);
  if (!head.success)
    return { kind: 'invalid', problems: ['this is not a Fairlead IR file (no "format": "fairlead-ir")'] };
  if (head.data.version !== IR_VERSION) {
    const problem = `this is version ${head.data.version} of the format; this Fairlead reads version ${IR_VERSION}`;
    return { kind: 'invalid', problems: [problem] };
  }
  const { domains } = head.data;
  const table = new DomainTable();
  for (const [index, entry] of domains.entries()) {
    const domain = table.schema.safeParse(entry);
    if (!domain.success) return { kind: 'invalid', problems: problemsOf(domain.error, ['domains', index]) };
    table.add(domain.data);
  }
  const system = systemSchema(table).safeParse(head.data.system);
  if (!system.success) return { kind: 'invalid', problems: problemsOf(system.error, ['system']) };
  const problems = validateSystem(system.data);
  return problems.length > 0 ? { kind: 'invalid', problems } : { kind: 'read', system: system.data };
}

const FORMAT = 'fairlead-ir';

const headSchema = z.object({
  format: z.literal(FORMAT),
  version: z.int(),
  domains: z.array(z.unknown()),
  system: z.unknown(),
});

/** Domains by index, each once. Grows while writing; filled before anything else while reading. */
class DomainTable {
  /** As they are written: children replaced by their indices. */
  readonly entries: unknown[] = [];
  /** Of one entry. */
  readonly schema: Codec<Domain> = domainSchema(this);
  readonly #domains: Domain[] = [];
  readonly #indices = new Map<string, number>();
  readonly #known = new Map<Domain, number>();

  add(domain: Domain): void {
    this.#domains.push(domain);
  }

  at(index: number): Domain | undefined {
    return this.#domains[index];
  }

  indexOf(domain: Domain): number {
    const known = this.#known.get(domain);
    if (known !== undefined) return known;
    const entry: unknown = z.encode(this.schema, domain);
    const key = JSON.stringify(entry);
    let index = this.#indices.get(key);
    if (index === undefined) {
      index = this.entries.length;
      this.entries.push(entry);
      this.#indices.set(key, index);
    }
    this.#known.set(domain, index);
    return index;
  }
}

/** A schema that reads `T` from JSON and writes it back. */
type Codec<T> = z.ZodType<T, unknown>;

const span: Codec<Span> = z.codec(z.tuple([z.int(), z.int(), z.int()]), z.custom<Span>(), {
  decode: ([file, start, end]) => ({ file, start, end }),
  encode: ({ file, start, end }): [number, number, number] => [file, start, end],
});

const value: Codec<Value> = z.codec(z.unknown(), z.custom<Value>(), {
  decode: (json, context) => {
    try {
      return decodeValue(json);
    } catch (error) {
      if (isStackOverflow(error)) throw error;
      context.issues.push({ code: 'custom', message: (error as Error).message, input: json });
      return z.NEVER;
    }
  },
  encode: encodeValue,
});

const file: Codec<SourceFile> = z.strictObject({ path: z.string(), text: z.string() });

/** Optional and never undefined, as the type says: a codec that is `exactOptional` would be asked to write nothing. */
function optional<T>(codec: Codec<T>): z.ZodExactOptional<Codec<T>> {
  return z.optional(codec) as unknown as z.ZodExactOptional<Codec<T>>;
}

const written = z.strictObject({
  name: z.string(),
  way: z.array(z.strictObject({ span, round: z.int().exactOptional() })),
});

const named = { name: z.string(), doc: z.string(), span, declaration: optional(span) };

function reference(table: DomainTable): Codec<Domain> {
  return z.codec(z.int().nonnegative(), z.custom<Domain>(), {
    decode: (index, context) => {
      const domain = table.at(index);
      if (domain !== undefined) return domain;
      context.issues.push({ code: 'custom', message: `there is no domain ${index} before this`, input: index });
      return z.NEVER;
    },
    encode: (domain) => table.indexOf(domain),
  });
}

function domainSchema(table: DomainTable): Codec<Domain> {
  const domain = reference(table);
  const fields: Codec<readonly Field[]> = z.array(z.strictObject({ name: z.string(), domain }));
  const names = z.array(z.string());
  return z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('boolean'), only: z.boolean().exactOptional() }),
    z.strictObject({ kind: z.enum(['null', 'undefined', 'never']) }),
    z.strictObject({ kind: z.literal('int'), min: z.int(), max: z.int() }),
    z.strictObject({ kind: z.literal('enum'), values: names }),
    z.strictObject({ kind: z.literal('serial'), name: z.string(), alive: z.int() }),
    z.strictObject({ kind: z.literal('ids'), name: z.string(), values: names }),
    z.strictObject({ kind: z.literal('union'), members: z.array(domain) }),
    z.strictObject({ kind: z.literal('object'), fields }),
    z.strictObject({
      kind: z.literal('variant'),
      discriminator: z.string(),
      cases: z.array(z.strictObject({ tag: z.string(), fields })),
    }),
    z.strictObject({ kind: z.literal('tuple'), items: z.array(domain) }),
    z.strictObject({
      kind: z.literal('array'),
      element: domain,
      minLength: z.int().nonnegative(),
      maxLength: z.int().nonnegative(),
    }),
    z.strictObject({ kind: z.literal('record'), key: domain, value: domain }),
    z.strictObject({ kind: z.literal('set'), element: domain }),
  ]);
}

const OPERATORS = [
  ...(['add', 'subtract', 'multiply', 'divide', 'truncate', 'remainder', 'negate', 'absolute'] as const),
  ...(['minimum', 'maximum', 'equal', 'notEqual', 'less', 'lessOrEqual', 'greater', 'greaterOrEqual'] as const),
  ...(['size', 'includes', 'indexOf', 'at', 'slice', 'concat', 'union', 'intersection', 'difference'] as const),
  ...(['subset', 'toSet', 'toArray', 'with'] as const),
] as const satisfies readonly Operator[];

const COMPREHENSIONS = ['all', 'some', 'count', 'filter', 'map', 'find', 'findIndex', 'record'] as const;

/** One schema for both directions; the domains that it meets are read from, or put into, the table. */
function systemSchema(table: DomainTable): Codec<System> {
  const domain = reference(table);

  const expression: Codec<Expression> = z.lazy(() => {
    const one = <Kind extends string, Shape extends z.core.$ZodLooseShape>(kinds: readonly Kind[], shape: Shape) =>
      z.strictObject({ kind: z.literal(kinds), span, type: domain, ...shape });
    const arguments_ = z.array(optionalExpression);
    return z.discriminatedUnion('kind', [
      one(['literal'], { value }),
      one(['parameter'], { name: z.string(), value }),
      one(['variable'], { name: z.string(), next: z.boolean() }),
      one(['local'], { name: z.string() }),
      one(['field'], { object: expression, name: z.string() }),
      one(['index'], { object: expression, index: expression, missing: z.string().optional() }),
      one(['not'], { operand: expression }),
      one(['and', 'or', 'implies'], { left: expression, right: expression }),
      one(['conditional'], { condition: expression, whenTrue: expression, whenFalse: expression }),
      one(['operation'], { operator: z.enum(OPERATORS), operands: z.array(expression) }),
      one(['object'], { fields: z.array(z.strictObject({ name: z.string(), value: expression })) }),
      one(['array', 'set'], { elements: z.array(expression) }),
      one(['domain'], { domain }),
      one(['comprehension'], {
        operator: z.enum(COMPREHENSIONS),
        binder: z.string(),
        indexBinder: z.string().exactOptional(),
        over: expression,
        body: expression,
      }),
      one(['fold'], {
        accumulator: z.string(),
        binder: z.string(),
        indexBinder: z.string().exactOptional(),
        over: expression,
        initial: expression,
        body: expression,
      }),
      one(['evaluate'], { body: statements, result: expression }),
      one(['enabled'], { action: z.string(), arguments: arguments_ }),
    ]) as Codec<Expression>;
  });

  /** `null` stands for undefined: any value of that argument. */
  const optionalExpression: Codec<Expression | undefined> = z.codec(
    z.nullable(expression),
    z.custom<Expression | undefined>(),
    { decode: (argument) => argument ?? undefined, encode: (argument) => argument ?? null },
  );

  const statements: Codec<readonly Statement[]> = z.lazy(() => z.array(statement));

  const segment: Codec<PathSegment> = z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('field'), name: z.string() }),
    z.strictObject({ kind: z.literal('index'), index: expression }),
  ]);
  const place: Codec<Place> = z.strictObject({
    span,
    root: z.strictObject({ kind: z.enum(['variable', 'local']), name: z.string() }),
    path: z.array(segment),
    domain,
  });

  const statement: Codec<Statement> = z.lazy(() => {
    const one = <Kind extends string, Shape extends z.core.$ZodLooseShape>(kind: Kind, shape: Shape) =>
      z.strictObject({ kind: z.literal(kind), span, ...shape });
    return z.discriminatedUnion('kind', [
      one('assign', { target: place, value: expression }),
      one('let', { name: z.string(), domain, mutable: z.boolean(), value: expression }),
      one('if', { condition: expression, whenTrue: statements, whenFalse: statements }),
      one('for', {
        binder: z.string(),
        indexBinder: z.string().exactOptional(),
        over: expression,
        body: statements,
      }),
      one('loop', { body: statements, bound: z.int().nonnegative() }),
      one('block', { label: z.string(), body: statements }),
      one('exit', { label: z.string() }),
      one('when', { condition: expression }),
      one('verify', { condition: expression, message: z.string() }),
      one('choose', { name: z.string(), domain, from: expression }),
      one('either', { branches: z.array(statements) }),
    ]) as Codec<Statement>;
  });

  const formula: Codec<Formula> = z.lazy(() => {
    const one = <Kind extends string, Shape extends z.core.$ZodLooseShape>(kinds: readonly Kind[], shape: Shape) =>
      z.strictObject({ kind: z.literal(kinds), span, ...shape });
    return z.discriminatedUnion('kind', [
      one(['now'], { predicate: expression }),
      one(['taken'], { action: z.string(), arguments: z.array(optionalExpression) }),
      one(['not', 'always', 'eventually'], { operand: formula }),
      one(['and', 'or', 'implies', 'until', 'leadsTo'], { left: formula, right: formula }),
      one(['forAll', 'exists'], { binder: z.string(), domain, body: formula }),
    ]) as Codec<Formula>;
  });

  const argument = z.strictObject({ name: z.string(), domain });
  const predicates = z.array(z.strictObject({ ...named, predicate: expression }));
  const schema = z.strictObject({
    version: z.literal(IR_VERSION),
    ...named,
    files: z.array(file),
    model: z.strictObject({
      ...named,
      expectations: z.array(
        z.discriminatedUnion('kind', [
          z.strictObject({ kind: z.enum(['violates', 'unreachable']), property: z.string() }),
          z.strictObject({ kind: z.enum(['deadlocks', 'fails']) }),
        ]),
      ),
      deadlocks: z.literal('ignored').exactOptional(),
      distinct: z.int().nonnegative().exactOptional(),
    }),
    parameters: z.array(z.strictObject({ ...named, value, domain: optional(domain) })),
    constants: z.array(z.strictObject({ ...named, value, domain })).default([]),
    schemas: z.array(z.strictObject({ ...named, domain })).exactOptional(),
    variables: z.array(
      z.strictObject({ ...named, domain, process: z.string().exactOptional(), written: written.exactOptional() }),
    ),
    init: statements,
    actions: z.array(
      z.strictObject({
        ...named,
        arguments: z.array(argument),
        body: statements,
        process: z.strictObject({ name: z.string(), label: z.string() }).exactOptional(),
        timeout: z.strictObject({ name: z.string(), label: z.string() }).exactOptional(),
      }),
    ),
    processes: z.array(
      z.strictObject({
        ...named,
        arguments: z.array(argument),
        labels: z.array(z.string()),
        counter: z.string(),
        kept: z.array(z.array(z.string())).exactOptional(),
        written: z.array(z.nullable(written)).exactOptional(),
      }),
    ),
    invariants: predicates,
    steps: predicates,
    sometimes: predicates,
    properties: z.array(z.strictObject({ ...named, formula, under: z.array(z.string()).exactOptional() })),
    fairness: z.array(
      z.strictObject({
        ...named,
        assumptions: z.array(
          z.strictObject({
            span,
            strength: z.enum(['weak', 'strong']),
            groups: z.array(
              z.strictObject({
                name: z.string(),
                actions: z.array(z.string()),
                per: z.array(z.string()),
                when: expression.exactOptional(),
              }),
            ),
          }),
        ),
      }),
    ),
    terminal: predicates,
    within: predicates,
  });
  return schema;
}

const SHOWN_PROBLEMS = 5;

/** The issues of a zod error, deepest first: in a union the branch that was entered says more than "no branch fits". */
function problemsOf(error: z.core.$ZodError, at: readonly (string | number)[]): string[] {
  const problems = error.issues.map((issue) => {
    const path = [...at, ...issue.path].map((step, index) =>
      typeof step === 'number' ? `[${step}]` : index === 0 ? String(step) : `.${String(step)}`,
    );
    return `at ${path.join('')}: ${issue.message}`;
  });
  const more = problems.length - SHOWN_PROBLEMS;
  return more > 0 ? [...problems.slice(0, SHOWN_PROBLEMS), `and ${more} more`] : problems;
}
