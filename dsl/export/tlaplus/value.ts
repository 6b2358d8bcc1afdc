import type { ArrayDomain, Domain, Field, Schema, Value } from '../../ir/index.ts';
import {
  compareValues,
  contains,
  equalValues,
  INT_MIN,
  isArray,
  isObject,
  SetValue,
  valuesOf,
} from '../../ir/index.ts';
import { isListed, membersOf } from '../../ir/part.ts';
import { Identifiers, legalIdentifier, pascalCase } from '../identifiers.ts';
import type { Helpers } from './helper.ts';
import type { Field as NodeField, Node } from './node.ts';
import { apply, infix, inline, junction, operand, PRECEDENCE, text } from './node.ts';
import { KEYWORDS } from './reserved.ts';

/**
 * How values and domains are spelled.
 *
 * TLC compares a model value with anything, and strings only with strings: so ids, null and undefined are model values,
 * and so are strings that meet values of another kind in one place (see `mixture.ts`). Other strings stay strings.
 * Objects are records, records over a key are functions, arrays are sequences (from 1 on).
 */
export class Values {
  /** Names of model values and of the sets of ids, by what they stand for; all are declared constants. */
  readonly #models = new Map<string | null | undefined, string>();
  readonly #sets = new Map<string, { readonly name: string; readonly values: readonly string[] }>();

  readonly #given: readonly [sets: IdSets, models: ReadonlySet<string>];
  /** Domains that have a name of the author's, by what they are. */
  readonly #schemas = new Map<string, { readonly operator: string; readonly schema: Schema }>();

  constructor(
    readonly names: Identifiers,
    readonly helpers: Helpers,
    sets: IdSets,
    models: ReadonlySet<string>,
  ) {
    this.#given = [sets, models];
    for (const { name, values } of sets) this.#sets.set(name, { name: names.take(name), values });
    for (const { values } of sets) for (const value of values) this.#models.set(value, modelName(names, value));
    for (const value of models) if (!this.#models.has(value)) this.#models.set(value, modelName(names, value));
    this.#models.set(null, names.take('null'));
    this.#models.set(undefined, names.take('undefined'));
  }

  /** Calls domains as the author did from now on. */
  nameDomains(schemas: readonly Schema[]): void {
    for (const schema of schemas) {
      this.#schemas.set(JSON.stringify(schema.domain), { operator: this.names.take(pascalCase(schema.name)), schema });
    }
  }

  /** The domains with names that a module reads, and those that these read, each after what it reads. */
  definitions(isWritten: (name: string) => boolean): readonly NamedSet[] {
    const found = new Map<string, NamedSet>();
    const add = (operator: string, { domain, doc }: Schema): void => {
      if (found.has(operator)) return;
      const set = this.#written(domain, this.#boundedSeq);
      const words = new Set(inline(set).match(/\w+/g));
      for (const other of this.#schemas.values()) if (words.has(other.operator)) add(other.operator, other.schema);
      found.set(operator, { operator, doc, set });
    };
    for (const { operator, schema } of this.#schemas.values()) if (isWritten(operator)) add(operator, schema);
    return [...found.values()];
  }

  /** Spells values alike, but what is spelled does not count as used: for looking at what an expression would become. */
  apart(helpers: Helpers): Values {
    const other = new Values(new Identifiers([]), helpers, ...this.#given);
    for (const [key, named] of this.#schemas) other.#schemas.set(key, named);
    return other;
  }

  /**
   * What a module that says this has to declare: the sets of ids in it, and model values.
   *
   * @param isWritten - whether a name stands in the text of the module.
   */
  constants(isWritten: (name: string) => boolean): {
    readonly sets: readonly { name: string; values: readonly string[] }[];
    /** Every model value, those of the sets included. */
    readonly models: readonly string[];
    /** Those that are in the text by themselves. */
    readonly mentioned: ReadonlySet<string>;
  } {
    const modelOf = (value: string): string => this.#models.get(value)!;
    const sets = [...this.#sets.values()]
      .filter(({ name }) => isWritten(name))
      .map(({ name, values }) => ({ name, values: values.map(modelOf) }));
    const mentioned = new Set([...this.#models.values()].filter(isWritten));
    const members = new Set(sets.flatMap(({ values }) => values));
    const models = [...this.#models.values()].filter((name) => mentioned.has(name) || members.has(name));
    return { sets, models, mentioned };
  }

  atom(value: string | null | undefined): Node {
    const model = this.#models.get(value);
    if (model === undefined) return text(stringLiteral(value!));
    return text(model);
  }

  /** A constant of a type; `scope` has the names that are bound where it stands. */
  literal(value: Value, type: Domain, scope: Identifiers): Node {
    if (typeof value === 'boolean') return text(value ? 'TRUE' : 'FALSE');
    if (typeof value === 'number') return integer(value);
    if (typeof value === 'string' || value === null || value === undefined) return this.atom(value);
    const domain = membersOf(type).find((member) => contains(member, value)) ?? type;
    if (value instanceof SetValue) {
      const element: Domain = domain.kind === 'set' ? domain.element : { kind: 'never' };
      return text(`{${value.elements.map((one) => inline(this.literal(one, element, scope))).join(', ')}}`);
    }
    if (isArray(value)) {
      const itemAt = (index: number): Domain =>
        domain.kind === 'array'
          ? domain.element
          : ((domain.kind === 'tuple' ? domain.items[index] : undefined) ?? { kind: 'never' });
      return sequence(value.map((one, index) => this.literal(one, itemAt(index), scope)));
    }
    if (domain.kind === 'record') return this.#recordLiteral(value, domain, scope);
    const fields = domain.kind === 'object' ? domain.fields : domain.kind === 'variant' ? fieldsOf(domain, value) : [];
    const fieldType = (name: string): Domain =>
      fields.find((field) => field.name === name)?.domain ?? { kind: 'never' };
    const names = [...new Set([...fields.map((field) => field.name), ...Object.keys(value)])];
    return record(names.map((name) => [name, this.literal(value[name], fieldType(name), scope)]));
  }

  #recordLiteral(
    value: Readonly<Record<string, Value>>,
    domain: Domain & { kind: 'record' },
    scope: Identifiers,
  ): Node {
    const keys = [...valuesOf(domain.key)];
    const [first] = keys;
    if (keys.every((key) => equalValues(value[String(key)], value[String(first)])) && first !== undefined) {
      const inner = scope.inner();
      const binder = inner.take('k');
      const entry = this.literal(value[String(first)], domain.value, inner);
      const content = `[${binder} \\in ${inline(this.members(domain.key))} |-> ${inline(entry)}]`;
      return { kind: 'text', text: content, precedence: PRECEDENCE.atom, every: entry };
    }
    if (keys.length === 0) return text('<<>>');
    const entries = keys.map((key) => this.literal(value[String(key)], domain.value, scope));
    this.helpers.use('TLC');
    const pairs = keys.map(
      (key, index) => `${inline(this.literal(key, domain.key, scope))} :> ${operand(entries[index]!, PRECEDENCE.set)}`,
    );
    return text(`(${pairs.join(' @@ ')})`);
  }

  /** Whether a value is in a domain; of an array that may be of several lengths, as people write it. */
  isIn(value: Node, domain: Domain): Node {
    if (domain.kind !== 'array' || domain.minLength === domain.maxLength) {
      return infix(value, '\\in', this.members(domain), PRECEDENCE.comparison);
    }
    this.helpers.use('Sequences');
    const lengths = text(`${domain.minLength}..${domain.maxLength}`, PRECEDENCE.range);
    return junction('/\\', [
      infix(value, '\\in', apply('Seq', this.members(domain.element)), PRECEDENCE.comparison),
      infix(apply('Len', value), '\\in', lengths, PRECEDENCE.comparison),
    ]);
  }

  /** The set of the values of a domain, for asking whether something is in it: TLC never lists it. */
  members(domain: Domain): Node {
    return this.#setOf(domain, this.#boundedSeq);
  }

  readonly #boundedSeq = (array: ArrayDomain): Node => {
    this.helpers.use('BoundedSeq');
    return apply('BoundedSeq', this.members(array.element), integer(array.minLength), integer(array.maxLength));
  };

  /** The set of the values of a domain, for going through all of them; `scope` has the names that are bound there. */
  listed(domain: Domain, scope: Identifiers): Node {
    return this.#setOf(domain, (array) => {
      const inner = scope.inner();
      const binder = inner.take('n');
      const lengths = `${array.minLength}..${array.maxLength}`;
      const functions = `[1..${binder} -> ${inline(this.listed(array.element, inner))}]`;
      return text(`UNION {${functions} : ${binder} \\in ${lengths}}`, PRECEDENCE.not);
    });
  }

  /** All values of a domain in an order, as a sequence. */
  ordered(domain: Domain, scope: Identifiers, canonical: boolean): Node {
    const values = [...valuesOf(domain)];
    const inOrder = canonical ? values.sort(compareValues) : values;
    return sequence(inOrder.map((value) => this.literal(value, domain, scope)));
  }

  #setOf(domain: Domain, arrays: (domain: ArrayDomain) => Node): Node {
    const operator = this.#operatorOf(domain);
    return operator === undefined ? this.#written(domain, arrays) : text(operator);
  }

  /** What the author calls a domain. */
  #operatorOf(domain: Domain): string | undefined {
    if (domain.kind !== 'object' && domain.kind !== 'variant' && domain.kind !== 'enum') return undefined;
    return this.#schemas.get(JSON.stringify(domain))?.operator;
  }

  #written(domain: Domain, arrays: (domain: ArrayDomain) => Node): Node {
    const go = (part: Domain): Node => this.#setOf(part, arrays);
    const union = (all: readonly Node[]): Node => {
      const sets = all.filter((set) => inline(set) !== '{}');
      if (sets.length < 2) return sets[0] ?? text('{}');
      return text(sets.map((set) => operand(set, PRECEDENCE.set)).join(' \\cup '), PRECEDENCE.set);
    };
    const records = (fields: readonly (readonly [string, Node])[]): Node =>
      fields.length === 0
        ? text('{<<>>}')
        : text(`[${fields.map(([name, set]) => `${fieldName(name)}: ${inline(set)}`).join(', ')}]`);
    switch (domain.kind) {
      case 'never':
        return text('{}');
      case 'boolean':
        if (domain.only !== undefined) return text(domain.only ? '{TRUE}' : '{FALSE}');
        return text('BOOLEAN');
      case 'int':
        return text(`${inline(integer(domain.min))}..${inline(integer(domain.max))}`, PRECEDENCE.range);
      case 'serial':
        return text('Nat');
      case 'enum':
        return text(`{${domain.values.map((value) => inline(this.atom(value))).join(', ')}}`);
      case 'ids': {
        const known = this.#sets.get(domain.name);
        if (known === undefined || known.values.join() !== domain.values.join()) {
          return text(`{${domain.values.map((value) => inline(this.atom(value))).join(', ')}}`);
        }
        return text(known.name);
      }
      case 'null':
        return text(`{${inline(this.atom(null))}}`);
      case 'undefined':
        return text(`{${inline(this.atom(undefined))}}`);
      case 'union': {
        // Single values first, together: `{null, "none"} \cup Ring`.
        const single = domain.members.filter(
          (member) =>
            member.kind === 'null' ||
            member.kind === 'undefined' ||
            (member.kind === 'enum' && this.#operatorOf(member) === undefined),
        );
        const numbers: readonly Domain[] = domain.members.filter((member) => isListed(member, domain));
        const others = domain.members.filter((member) => !single.includes(member) && !numbers.includes(member));
        const values = single.flatMap((member) => [...valuesOf(member)] as (string | null | undefined)[]);
        const sets =
          values.length === 0 ? [] : [text(`{${values.map((value) => inline(this.atom(value))).join(', ')}}`)];
        const ints = numbers.flatMap((run) => [...valuesOf(run)] as number[]).map((value) => inline(integer(value)));
        return union([...others.map(go), ...(ints.length === 0 ? [] : [text(`{${ints.join(', ')}}`)]), ...sets]);
      }
      case 'object':
        return records(domain.fields.map((field) => [field.name, go(field.domain)]));
      case 'variant':
        return union(
          domain.cases.map((one) =>
            records([
              [domain.discriminator, text(`{${inline(this.atom(one.tag))}}`)],
              ...one.fields.map((field) => [field.name, go(field.domain)] as const),
            ]),
          ),
        );
      case 'tuple':
        if (domain.items.length === 0) return text('{<<>>}');
        if (domain.items.length === 1) return text(`[1..1 -> ${inline(go(domain.items[0]!))}]`);
        return text(domain.items.map((item) => operand(go(item), PRECEDENCE.add)).join(' \\X '), PRECEDENCE.add);
      case 'array':
        if (domain.maxLength === 0) return text('{<<>>}');
        return domain.minLength === domain.maxLength
          ? text(`[1..${domain.maxLength} -> ${inline(go(domain.element))}]`)
          : arrays(domain);
      case 'record':
        return text(`[${inline(go(domain.key))} -> ${inline(go(domain.value))}]`);
      case 'set':
        return text(`SUBSET ${operand(go(domain.element), PRECEDENCE.multiply)}`, PRECEDENCE.set);
    }
  }
}

/** A domain that is defined under a name. */
interface NamedSet {
  readonly operator: string;
  readonly doc: string;
  readonly set: Node;
}

/** The sets of ids that a system speaks of. */
type IdSets = readonly { readonly name: string; readonly values: readonly string[] }[];

/** What a configuration has to give values to. */
export type Constants = ReturnType<Values['constants']>;

/** TLC takes `a_b` for a value of a type `a`, and refuses to compare it with others: such a name is made longer. */
function modelName(names: Identifiers, value: string): string {
  const name = legalIdentifier(value);
  const free = names.free(name);
  return names.take(free[1] === '_' ? `the_${name}` : name);
}

/** `<<a, b>>`. */
export function sequence(items: readonly Node[]): Node {
  return { kind: 'text', text: `<<${items.map(inline).join(', ')}>>`, precedence: PRECEDENCE.atom, items };
}

/** `[a |-> 1, b |-> 2]`; TLC has no record without fields, the empty sequence stands for it. */
export function record(fields: readonly NodeField[]): Node {
  if (fields.length === 0) return text('<<>>');
  const content = `[${fields.map(([name, value]) => `${fieldName(name)} |-> ${inline(value)}`).join(', ')}]`;
  return { kind: 'text', text: content, precedence: PRECEDENCE.atom, fields };
}

/** TLC reads numbers up to 2^31 - 1. */
export function integer(value: number): Node {
  if (value === INT_MIN) return text(`(${INT_MIN + 1} - 1)`);
  return text(String(value), value < 0 ? PRECEDENCE.multiply - 1 : PRECEDENCE.atom);
}

/**
 * A string as TLA+ writes it. TLA+ has no escapes for most control characters, and TLC takes no account of more than the
 * lowest byte of a character when it tells states apart: both are written as `\u{…}`, with the code of the character, and
 * so is the backslash of what would look like that.
 */
export function stringLiteral(value: string): string {
  const ascii = value.replaceAll(
    /[^ -~\n\r\t\f]|\\(?=u\{)/gu,
    (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
  return `"${ascii.replaceAll(/[\\"\n\r\t\f]/g, (character) => `\\${ESCAPES.get(character) ?? character}`)}"`;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\n', 'n'],
  ['\r', 'r'],
  ['\t', 't'],
  ['\f', 'f'],
]);

/** Fields of records are identifiers too; what is none is made one, the same everywhere, and no two the same one. */
export function fieldName(name: string): string {
  const isLegal = /^(?!field_|[SW]F_)_*[A-Za-z][A-Za-z0-9_]*$/.test(name) && !KEYWORDS.has(name);
  if (isLegal) return name;
  return `field_${name.replaceAll(/[^A-Za-z0-9]/g, (character) => `_${character.charCodeAt(0).toString(16)}_`)}`;
}

function fieldsOf(domain: Domain & { kind: 'variant' }, value: Value): readonly Field[] {
  const tag = isObject(value) ? value[domain.discriminator] : undefined;
  const fields = domain.cases.find((one) => one.tag === tag)?.fields ?? [];
  return [{ name: domain.discriminator, domain: { kind: 'enum', values: [String(tag)] } }, ...fields];
}
