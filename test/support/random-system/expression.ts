import type { Comprehension, Constant, Domain, Expression, Operator, Statement } from '../../../dsl/ir/index.ts';
import { cardinality } from '../../../dsl/ir/index.ts';
import { membersOf, presentPart } from '../../../dsl/ir/part.ts';
import * as ir from '../ir.ts';
import { Domains } from './domain.ts';
import { elementOf, isPadded, similar } from './similar.ts';

/** What the builders of expressions say of operands that do not go together. */
export const ILL_TYPED = 'an ill-typed test expression';

export interface Local {
  readonly name: string;
  readonly type: Domain;
  readonly mutable: boolean;
}

export interface Scope {
  readonly locals: readonly Local[];
  readonly labels: readonly string[];
  /** In an expression: only own locals may be assigned to, and nothing may be chosen. */
  readonly pure: boolean;
  /** Whether `next` variables may be read. */
  readonly next: boolean;
}

/** Random well-typed expressions. */
export abstract class Expressions extends Domains {
  /** Expressions that may still be made; after them, everything is a constant. */
  private budget = 250;
  private nesting = 0;
  /** What has been read by name and is the same in all states. */
  protected readonly constants: Constant[] = [];
  protected variables: readonly { name: string; domain: Domain }[] = [];

  /** Statements for `evaluate`. */
  protected abstract body(scope: Scope, count: number, depth: number): Statement[];

  /** An expression whose values are mostly in the domain. */
  expression(scope: Scope, wanted: Domain, depth: number): Expression {
    this.budget -= 1;
    for (let attempt = 0; attempt < 4 && 0 < this.budget; attempt += 1) {
      try {
        const made = this.tryExpression(scope, wanted, depth);
        if (made !== undefined) return made;
      } catch (error) {
        if (!(error instanceof Error) || error.message !== ILL_TYPED) throw error;
      }
    }
    return this.constant(wanted);
  }

  protected constant(domain: Domain): Expression {
    const value = this.value(domain);
    if (this.chance(0.2)) {
      const { span } = ir.literal(0);
      const name = `k${this.constants.length}`;
      this.constants.push({ name, doc: '', span, value, domain });
      return { kind: 'parameter', name, value, type: domain, span };
    }
    const isCompound = typeof value === 'object' && value !== null;
    // An id is no text: a type with both would have two places for it.
    const ids = membersOf(domain).find((one) => one.kind === 'ids' && one.values.some((id) => id === value));
    const type = isCompound ? domain : ids;
    return type === undefined ? ir.literal(value) : { ...ir.literal(value), type };
  }

  protected tryExpression(scope: Scope, wanted: Domain, depth: number): Expression | undefined {
    if (this.chance(0.35)) {
      const found = this.reading(scope, wanted);
      if (found !== undefined) return found;
    }
    if (depth <= 0 || this.chance(0.15)) return this.chance(0.6) ? this.reading(scope, wanted) : this.constant(wanted);
    if (this.chance(0.1)) {
      return ir.conditional(
        this.boolean(scope, depth - 1),
        this.expression(scope, wanted, depth - 1),
        this.expression(scope, wanted, depth - 1),
      );
    }
    if (this.chance(0.06)) {
      const inner: Scope = {
        ...scope,
        pure: true,
        labels: [],
        locals: scope.locals.map((one) => ({ ...one, mutable: false })),
      };
      const name = this.fresh('o');
      const first = this.expression(inner, wanted, depth - 1);
      const type = this.joined(first.type, wanted);
      const own: Scope = { ...inner, locals: [...inner.locals, { name, type, mutable: true }] };
      const body = [ir.declare(name, first, type, true), ...this.body(own, this.below(3), 1)];
      return { kind: 'evaluate', body, result: ir.local(name, type), type, span: first.span };
    }
    if (this.chance(0.08)) {
      const over = this.collection(scope, this.keyDomain(), depth - 1);
      const [accumulator, binder] = [this.fresh('f'), this.fresh('e')];
      const initial = this.expression(scope, wanted, depth - 1);
      const type = this.joined(initial.type, wanted);
      const locals = [
        ...scope.locals,
        { name: accumulator, type, mutable: false },
        { name: binder, type: elementOf(over.type), mutable: false },
      ];
      const body = this.fitting({ ...scope, locals }, wanted, type, depth - 1);
      return { kind: 'fold', over, accumulator, binder, initial, body, type, span: initial.span };
    }
    switch (wanted.kind) {
      case 'boolean':
        return this.boolean(scope, depth);
      case 'int':
        return this.integer(scope, wanted, depth);
      case 'set':
        return this.set(scope, wanted, depth);
      case 'array':
        return this.array(scope, wanted, depth);
      case 'tuple':
        return {
          kind: 'array',
          elements: wanted.items.map((item) => this.fitting(scope, item, item, depth - 1)),
          type: wanted,
          span: ir.literal(0).span,
        };
      case 'object':
        return ir.object(
          Object.fromEntries(wanted.fields.map((one) => [one.name, this.expression(scope, one.domain, depth - 1)])),
        );
      case 'variant': {
        const one = this.pick(wanted.cases);
        return ir.object({
          [wanted.discriminator]: ir.literal(one.tag),
          ...Object.fromEntries(one.fields.map((part) => [part.name, this.expression(scope, part.domain, depth - 1)])),
        });
      }
      case 'record': {
        if (this.chance(0.4)) {
          const source = this.reading(scope, wanted);
          if (source?.type.kind !== 'record') return undefined;
          return ir.operation(
            'with',
            source,
            this.expression(scope, wanted.key, 1),
            this.expression(scope, wanted.value, depth - 1),
          );
        }
        const binder = this.fresh('k');
        const locals = [...scope.locals, { name: binder, type: wanted.key, mutable: false }];
        const over = this.chance(0.8)
          ? ir.all(wanted.key)
          : this.constant({ kind: 'array', element: wanted.key, minLength: 3, maxLength: 4 });
        const body = this.expression({ ...scope, locals }, wanted.value, depth - 1);
        return ir.comprehension('record', over, binder, body);
      }
      case 'union':
        return this.chance(0.25)
          ? this.search(scope, wanted, depth)
          : this.expression(scope, this.pick(wanted.members), depth - 1);
      default:
        return this.reading(scope, wanted);
    }
  }

  /** An expression whose type is within `type`: where the checker relies on types to hold. */
  protected fitting(scope: Scope, wanted: Domain, type: Domain, depth: number): Expression {
    const made = this.expression(scope, wanted, depth);
    return JSON.stringify(this.joined(type, made.type)) === JSON.stringify(type) ? made : this.constant(wanted);
  }

  /** A variable or local, or a part of one, with a type that can hold values of the domain. */
  protected reading(scope: Scope, wanted: Domain): Expression | undefined {
    const roots = [
      ...this.variables.map(({ name, domain }) => ir.variable(name, domain, scope.next && this.chance(0.5))),
      ...scope.locals.map(({ name, type }) => ir.local(name, type)),
      ...scope.locals.map(({ name, type }) => ir.local(name, type)),
    ];
    for (let attempt = 0; attempt < 6 && 0 < roots.length; attempt += 1) {
      let found = this.pick(roots);
      for (let depth = 0; depth < 3 && this.nesting < 2; depth += 1) {
        if (similar(found.type, wanted) && this.chance(0.8)) return found;
        const member = this.pick(membersOf(found.type));
        try {
          if (member.kind === 'variant' && this.chance(0.3)) found = ir.field(found, member.discriminator);
          else {
            const key = this.nested(() => this.keyInto(scope, found.type));
            if (key === undefined) break;
            const part = typeof key === 'string' ? ir.field(found, key) : ir.index(found, key);
            if (typeof key === 'string' && isPadded(found.type, key, part.type)) break;
            found = part;
          }
        } catch {
          break;
        }
      }
      if (similar(found.type, wanted)) return found;
    }
    return undefined;
  }

  protected nested<T>(make: () => T): T {
    this.nesting += 1;
    try {
      return make();
    } finally {
      this.nesting -= 1;
    }
  }

  protected integer(scope: Scope, wanted: Domain & { kind: 'int' }, depth: number): Expression {
    const one = (): Expression => this.expression(scope, wanted, depth - 1);
    switch (this.below(8)) {
      case 0:
        return ir.operation(this.pick<Operator>(['add', 'subtract', 'multiply']), one(), one());
      case 1:
        return ir.operation(
          this.pick<Operator>(['divide', 'truncate', 'remainder']),
          one(),
          this.expression(scope, ir.intDomain(-2, 3), depth - 1),
        );
      case 2:
        return ir.operation(this.pick<Operator>(['minimum', 'maximum']), one(), one());
      case 3:
        return ir.operation(this.pick<Operator>(['negate', 'absolute']), one());
      case 4:
        return ir.operation('size', this.collection(scope, this.elementDomain(), depth - 1));
      case 5: {
        const array = this.arrayOf(scope, depth - 1);
        return ir.operation('indexOf', array, this.expression(scope, elementOf(array.type), depth - 1));
      }
      case 6:
        return this.binding(scope, this.pick<Comprehension['operator']>(['count', 'findIndex']), depth);
      default:
        // Keeps a value in range, so that some systems have more than a few states.
        return wanted.min === 0 && wanted.max < 100
          ? ir.operation('remainder', ir.add(one(), ir.literal(1)), ir.literal(wanted.max + 1))
          : ir.operation('minimum', ir.operation('maximum', one(), ir.literal(wanted.min)), ir.literal(wanted.max));
    }
  }

  protected boolean(scope: Scope, depth: number): Expression {
    this.budget -= 1;
    if (this.budget < 0) return ir.literal(this.chance(0.5));
    if (depth <= 0) return this.reading(scope, ir.BOOLEAN) ?? this.compare(scope, 0);
    const one = (): Expression => this.expression(scope, ir.BOOLEAN, depth - 1);
    switch (this.below(9)) {
      case 0:
        return ir.not(one());
      case 1:
        return this.pick([ir.and, ir.or, ir.implies])(one(), one());
      case 2: {
        const element = this.chance(0.5) ? this.keyDomain() : this.elementDomain();
        return ir.operation(
          'includes',
          this.collection(scope, element, depth - 1),
          this.expression(scope, element, depth - 1),
        );
      }
      case 3: {
        const element = this.elementDomain();
        const wanted: Domain & { kind: 'set' } = { kind: 'set', element };
        const other: Domain & { kind: 'set' } = this.chance(0.6) ? wanted : { kind: 'set', element: this.keyDomain() };
        return ir.operation('subset', this.set(scope, wanted, depth - 1), this.set(scope, other, depth - 1));
      }
      case 4:
      case 5:
        return this.binding(scope, this.pick<Comprehension['operator']>(['all', 'some']), depth);
      default:
        return this.compare(scope, depth - 1);
    }
  }

  protected compare(scope: Scope, depth: number): Expression {
    if (this.chance(0.4)) {
      const operator = this.pick<Operator>(['less', 'lessOrEqual', 'greater', 'greaterOrEqual']);
      return ir.operation(
        operator,
        this.expression(scope, this.intDomain(), depth),
        this.expression(scope, this.intDomain(), depth),
      );
    }
    const wanted = this.chance(0.6) && 0 < this.variables.length ? this.pick(this.variables).domain : this.domain(1);
    const other = this.chance(0.85) ? wanted : this.domain(1);
    return ir.operation(
      this.pick<Operator>(['equal', 'notEqual']),
      this.expression(scope, wanted, depth),
      this.expression(scope, other, depth),
    );
  }

  /** A binder that yields a boolean or an integer. */
  protected binding(scope: Scope, operator: Comprehension['operator'], depth: number): Expression {
    const over = this.collection(scope, this.chance(0.6) ? this.keyDomain() : this.elementDomain(), depth - 1);
    const [binder, indexBinder] = [this.fresh('e'), this.chance(0.2) ? this.fresh('i') : undefined];
    const body = this.boolean(this.bound(scope, over, binder, indexBinder), depth - 1);
    return ir.comprehension(operator, over, binder, body, indexBinder);
  }

  protected bound(scope: Scope, over: Expression, binder: string, indexBinder?: string): Scope {
    const locals = [...scope.locals, { name: binder, type: elementOf(over.type), mutable: false }];
    if (indexBinder !== undefined) locals.push({ name: indexBinder, type: ir.intDomain(0, 63), mutable: false });
    return { ...scope, locals };
  }

  /** `find` or `at`, which yield undefined when there is nothing. */
  protected search(scope: Scope, wanted: Domain, depth: number): Expression {
    if (this.chance(0.5)) {
      return ir.operation(
        'at',
        this.arrayOf(scope, depth - 1, wanted),
        this.expression(scope, ir.intDomain(-3, 3), depth - 1),
      );
    }
    return this.binding(scope, 'find', depth);
  }

  protected collection(scope: Scope, element: Domain, depth: number): Expression {
    if (this.chance(0.25)) return ir.all(element);
    return this.chance(0.6)
      ? this.expression(scope, { kind: 'set', element }, depth)
      : this.expression(scope, { kind: 'array', element, minLength: 0, maxLength: 3 }, depth);
  }

  protected arrayOf(scope: Scope, depth: number, element: Domain = this.domain(1)): Expression {
    const made = this.expression(scope, { kind: 'array', element, minLength: 0, maxLength: 3 }, depth);
    return made.type.kind === 'array' ? made : this.constant({ kind: 'array', element, minLength: 0, maxLength: 3 });
  }

  protected set(scope: Scope, wanted: Domain & { kind: 'set' }, depth: number): Expression {
    const { element } = wanted;
    const one = (): Expression => this.expression(scope, wanted, depth - 1);
    switch (this.below(8)) {
      case 0:
        return ir.set(...Array.from({ length: this.below(4) }, () => this.expression(scope, element, depth - 1)));
      case 1:
      case 2:
        return ir.operation(this.pick<Operator>(['union', 'intersection', 'difference']), one(), one());
      case 3: {
        const over = one();
        const binder = this.fresh('e');
        return ir.comprehension('filter', over, binder, this.boolean(this.bound(scope, over, binder), depth - 1));
      }
      case 4: {
        const over = this.set(scope, { kind: 'set', element: this.keyDomain() }, depth - 1);
        const binder = this.fresh('e');
        const body = this.fitting(this.bound(scope, over, binder), element, element, depth - 1);
        return ir.comprehension('map', over, binder, body);
      }
      case 5:
        return ir.operation(
          'toSet',
          this.expression(scope, { kind: 'array', element, minLength: 0, maxLength: 3 }, depth - 1),
        );
      case 6:
        return ir.all(element);
      default:
        return this.reading(scope, wanted) ?? this.constant(wanted);
    }
  }

  protected array(scope: Scope, wanted: Domain & { kind: 'array' }, depth: number): Expression {
    const { element } = wanted;
    const one = (): Expression => this.expression(scope, { ...wanted, minLength: 0 }, depth - 1);
    switch (this.below(8)) {
      case 0:
        return ir.array(
          ...Array.from({ length: this.below(wanted.maxLength + 1) }, () => this.expression(scope, element, depth - 1)),
        );
      case 1:
        return ir.operation('concat', one(), one());
      case 2:
        return ir.operation(
          'slice',
          one(),
          this.expression(scope, ir.intDomain(-2, 2), depth - 1),
          this.expression(scope, ir.intDomain(-2, 3), depth - 1),
        );
      case 3: {
        const over = one();
        const [binder, indexBinder] = [this.fresh('e'), this.chance(0.3) ? this.fresh('i') : undefined];
        return ir.comprehension(
          'filter',
          over,
          binder,
          this.boolean(this.bound(scope, over, binder, indexBinder), depth - 1),
          indexBinder,
        );
      }
      case 4: {
        const over = this.arrayOf(scope, depth - 1, this.keyDomain());
        const [binder, indexBinder] = [this.fresh('e'), this.chance(0.3) ? this.fresh('i') : undefined];
        const body = this.expression(this.bound(scope, over, binder, indexBinder), element, depth - 1);
        return ir.comprehension('map', over, binder, body, indexBinder);
      }
      case 5: {
        const key = cardinality(element) <= 64 ? element : this.keyDomain();
        return ir.operation(
          'toArray',
          this.chance(0.3) ? ir.all(key) : this.set(scope, { kind: 'set', element: key }, depth - 1),
        );
      }
      case 6:
        return ir.operation(
          'with',
          one(),
          this.expression(scope, ir.intDomain(-1, 2), depth - 1),
          this.expression(scope, element, depth - 1),
        );
      default:
        return this.reading(scope, wanted) ?? this.constant(wanted);
    }
  }

  protected joined(left: Domain, right: Domain): Domain {
    try {
      return ir.conditional(ir.literal(true), ir.local('', left), ir.local('', right)).type;
    } catch {
      return left;
    }
  }

  /** A field name or index that leads into a value of the domain, mostly. */
  protected keyInto(scope: Scope, domain: Domain): string | Expression | undefined {
    const member = this.pick(membersOf(presentPart(domain)));
    if (member === undefined) return undefined;
    switch (member.kind) {
      case 'object':
        return this.pick(member.fields)?.name;
      case 'variant': {
        const fields = member.cases.flatMap((one) => one.fields);
        return fields.length === 0 ? undefined : this.pick(fields).name;
      }
      case 'tuple':
        return ir.literal(this.below(member.items.length));
      case 'array':
        if (this.chance(0.5)) return ir.literal(this.below(Math.max(1, member.minLength)));
        return this.chance(0.85)
          ? this.expression(scope, ir.intDomain(0, Math.max(0, member.maxLength - 1)), 1)
          : this.expression(scope, ir.intDomain(-1, member.maxLength), 1);
      case 'record':
        return this.chance(0.5) ? this.constant(member.key) : this.expression(scope, member.key, 1);
      default:
        return undefined;
    }
  }
}
