// Values of which only the order counts, as expressions and statements over integers: which of them a state holds, and the
// state in which each is replaced by its rank among them.
import type { Span } from '../../diagnostics/span.ts';
import type { Domain, Field, SerialDomain } from '../domain.ts';
import type { Statement } from '../effect.ts';
import type { Expression } from '../expression.ts';
import { arrayPart, BOOLEAN, membersOf, presentPart, serialWithin } from '../part.ts';
import type { Variable } from '../system.ts';
import { typeOfField } from '../typing.ts';

/** A domain with the largest integer that stands for one of its values. */
export interface Counted {
  readonly serial: SerialDomain;
  readonly most: number;
}

/** The variables that hold values of which only the order counts, and their domains. */
export interface Holders {
  readonly variables: readonly Variable[];
  readonly counted: readonly Counted[];
}

/**
 * A `let` for each domain: the set of its values that the state holds, without the first.
 *
 * @param mark - ends the names, where statements have such lets more than once.
 */
export function letUsed({ variables, counted }: Holders, span: Span, mark = ''): readonly Statement[] {
  return counted.map(({ serial, most }): Statement => {
    const element: Domain = { kind: 'int', min: 1, max: most };
    const type: Domain = { kind: 'set', element };
    const binder = `${serial.name}.value${mark}`;
    const sought: Expression = { kind: 'local', name: binder, type: element, span };
    const parts = new Parts(`${serial.name}.at${mark}`, span);
    const holds = variables
      .filter(({ domain }) => isWithin(serial, domain))
      .map(({ name, domain }) =>
        parts.holds({ kind: 'variable', name, next: false, type: domain, span }, serial, sought),
      )
      .reduce((left, right): Expression => ({ kind: 'or', left, right, type: BOOLEAN, span }), falsehood(span));
    const value: Expression = {
      kind: 'comprehension',
      operator: 'filter',
      binder,
      over: { kind: 'domain', domain: element, type, span },
      body: holds,
      type,
      span,
    };
    return { kind: 'let', name: usedName(serial, mark), domain: type, mutable: false, value, span };
  });
}

/** What {@link letUsed} has bound for a domain. */
function used({ serial, most }: Counted, span: Span, mark = ''): Expression {
  const type: Domain = { kind: 'set', element: { kind: 'int', min: 1, max: most } };
  return { kind: 'local', name: usedName(serial, mark), type, span };
}

/** How many values of a domain the state holds, without the first. */
export function sizeOfUsed(counted: Counted, span: Span, mark = ''): Expression {
  const type: Domain = { kind: 'int', min: 0, max: counted.most };
  return { kind: 'operation', operator: 'size', operands: [used(counted, span, mark)], type, span };
}

function usedName({ name }: SerialDomain, mark: string): string {
  return `${name}.used${mark}`;
}

/** A variable with every value of the domains replaced by its rank among those that {@link letUsed} has bound. */
export function ranked({ name, domain }: Variable, holders: Holders, span: Span, mark = ''): Expression {
  const parts = new Parts(`${name}.rank${mark}`, span);
  return parts.ranked({ kind: 'variable', name, next: false, type: domain, span }, (serial) => {
    const one = holders.counted.find((counted) => counted.serial.name === serial.name);
    return one && used(one, span, mark);
  });
}

/** Whether values of a domain are somewhere in those of another. */
export function isWithin(serial: SerialDomain, domain: Domain): boolean {
  if (domain.kind === 'serial') return domain.name === serial.name;
  return partsOf(domain).some((part) => isWithin(serial, part));
}

function partsOf(domain: Domain): readonly Domain[] {
  switch (domain.kind) {
    case 'union':
      return domain.members;
    case 'object':
      return domain.fields.map((field) => field.domain);
    case 'variant':
      return domain.cases.flatMap((one) => one.fields.map((field) => field.domain));
    case 'tuple':
      return domain.items;
    case 'array':
    case 'set':
      return [domain.element];
    case 'record':
      return [domain.value];
    default:
      return [];
  }
}

/** Goes down a value by its domain. Alternatives to such a value are null and undefined alone. */
class Parts {
  readonly #name: string;
  readonly #span: Span;
  #binders = 0;

  constructor(name: string, span: Span) {
    this.#name = name;
    this.#span = span;
  }

  /** Whether a value of one domain is somewhere in a value. */
  holds(value: Expression, serial: SerialDomain, sought: Expression): Expression {
    const span = this.#span;
    const domain = presentPart(value.type);
    if (!isWithin(serial, domain)) return falsehood(span);
    if (domain.kind === 'serial') return this.#equals(value, sought);
    const there = this.#there(value, domain);
    const inside = (part: Expression): Expression => this.holds(part, serial, sought);
    const any = (all: readonly Expression[]): Expression =>
      all.reduce((left, right) => ({ kind: 'or', left, right, type: BOOLEAN, span }), falsehood(span));
    const some = (over: Expression, element: Domain, part: (binder: Expression) => Expression): Expression => {
      const binder = this.#binder(element);
      const body = inside(part(binder));
      return { kind: 'comprehension', operator: 'some', binder: binder.name, over, body, type: BOOLEAN, span };
    };
    const found = ((): Expression => {
      switch (domain.kind) {
        case 'object':
          return any(domain.fields.map((field) => inside(this.#field(there, field.name))));
        case 'variant':
          return any(
            domain.cases
              .filter(({ fields }) => fields.some((field) => isWithin(serial, field.domain)))
              .map(({ tag, fields }) => ({
                kind: 'and',
                left: this.#isCase(there, domain, tag),
                right: any(fields.map((field) => inside(this.#field(there, field.name, field.domain)))),
                type: BOOLEAN,
                span,
              })),
          );
        case 'tuple':
          return any(domain.items.map((item, at) => inside(this.#item(there, at, item))));
        case 'array':
        case 'set':
          return some(there, domain.element, (element) => element);
        case 'record':
          return some(wholeOf(domain.key, span), domain.key, (key) => this.#entry(there, key, domain.value));
        default:
          return falsehood(span);
      }
    })();
    return this.#unlessAbsent(value, domain, falsehood(span), found, BOOLEAN);
  }

  /** A value in which each such value has become its rank. */
  ranked(value: Expression, usedOf: (serial: SerialDomain) => Expression | undefined): Expression {
    const span = this.#span;
    if (serialWithin(value.type) === undefined) return value;
    const domain = presentPart(value.type);
    const there = this.#there(value, domain);
    const inside = (part: Expression): Expression => this.ranked(part, usedOf);
    const objectOf = (fields: readonly Field[], type: Domain, tag: readonly { name: string; value: Expression }[]) => {
      const own = fields.map((field) => ({
        name: field.name,
        value: inside(this.#field(there, field.name, field.domain)),
      }));
      return { kind: 'object', fields: [...tag, ...own], type, span } as const;
    };
    const made = ((): Expression => {
      switch (domain.kind) {
        case 'serial': {
          const over = usedOf(domain);
          if (over === undefined) return value;
          const binder = this.#binder(elementOf(over));
          const operands = [binder, value];
          const body: Expression = { kind: 'operation', operator: 'lessOrEqual', operands, type: BOOLEAN, span };
          return { kind: 'comprehension', operator: 'count', binder: binder.name, over, body, type: domain, span };
        }
        case 'object':
          return objectOf(domain.fields, domain, []);
        case 'variant': {
          const cases = domain.cases.map(({ tag, fields }) => {
            const type: Domain = { kind: 'enum', values: [tag] };
            const literal: Expression = { kind: 'literal', value: tag, type, span };
            const tagField: Field = { name: domain.discriminator, domain: type };
            const own: Domain = { kind: 'object', fields: [tagField, ...fields] };
            return { tag, value: objectOf(fields, own, [{ name: domain.discriminator, value: literal }]) };
          });
          return cases.slice(0, -1).reduceRight<Expression>(
            (otherwise, one) => ({
              kind: 'conditional',
              condition: this.#isCase(there, domain, one.tag),
              whenTrue: one.value,
              whenFalse: otherwise,
              type: domain,
              span,
            }),
            cases[cases.length - 1]!.value,
          );
        }
        case 'tuple':
          return {
            kind: 'array',
            elements: domain.items.map((item, at) => inside(this.#item(there, at, item))),
            type: domain,
            span,
          };
        case 'array':
        case 'set': {
          const binder = this.#binder(domain.element);
          const body = inside(binder);
          return { kind: 'comprehension', operator: 'map', binder: binder.name, over: there, body, type: domain, span };
        }
        case 'record': {
          const binder = this.#binder(domain.key);
          const body = inside(this.#entry(there, binder, domain.value));
          const over = wholeOf(domain.key, span);
          return { kind: 'comprehension', operator: 'record', binder: binder.name, over, body, type: domain, span };
        }
        default:
          return value;
      }
    })();
    return this.#unlessAbsent(value, domain, value, made, value.type);
  }

  #binder(type: Domain): Extract<Expression, { kind: 'local' }> {
    this.#binders += 1;
    return { kind: 'local', name: `${this.#name}${this.#binders}`, type, span: this.#span };
  }

  /** A value that is known to be there: neither null nor undefined. */
  #there(value: Expression, type: Domain): Expression {
    return { ...value, type };
  }

  #unlessAbsent(value: Expression, present: Domain, absent: Expression, found: Expression, type: Domain): Expression {
    const span = this.#span;
    const nothings = membersOf(value.type).filter(({ kind }) => kind === 'null' || kind === 'undefined');
    // To compare with null is no more than to compare with an integer.
    if (found.kind === 'operation' && present.kind === 'serial') return found;
    return nothings.reduce<Expression>((otherwise, nothing) => {
      const literal: Expression = {
        kind: 'literal',
        value: nothing.kind === 'null' ? null : undefined,
        type: nothing,
        span,
      };
      return {
        kind: 'conditional',
        condition: this.#equals(value, literal),
        whenTrue: absent.kind === 'literal' ? absent : literal,
        whenFalse: otherwise,
        type,
        span,
      };
    }, found);
  }

  #equals(left: Expression, right: Expression): Expression {
    return { kind: 'operation', operator: 'equal', operands: [left, right], type: BOOLEAN, span: this.#span };
  }

  #isCase(object: Expression, domain: Extract<Domain, { kind: 'variant' }>, tag: string): Expression {
    const type: Domain = { kind: 'enum', values: [tag] };
    const literal: Expression = { kind: 'literal', value: tag, type, span: this.#span };
    return this.#equals(this.#field(object, domain.discriminator), literal);
  }

  #field(object: Expression, name: string, type: Domain = typeOfField(object.type, name)!): Expression {
    return { kind: 'field', object, name, type, span: this.#span };
  }

  #item(object: Expression, at: number, type: Domain): Expression {
    const position: Domain = { kind: 'int', min: at, max: at };
    const index: Expression = { kind: 'literal', value: at, type: position, span: this.#span };
    return { kind: 'index', object, index, type, span: this.#span };
  }

  #entry(object: Expression, index: Expression, type: Domain): Expression {
    return { kind: 'index', object, index, type, span: this.#span };
  }
}

function wholeOf(domain: Domain, span: Span): Expression {
  return { kind: 'domain', domain, type: { kind: 'set', element: domain }, span };
}

function falsehood(span: Span): Expression {
  return { kind: 'literal', value: false, type: BOOLEAN, span };
}

function elementOf({ type }: Expression): Domain {
  return type.kind === 'set' ? type.element : arrayPart(type)!.element;
}
