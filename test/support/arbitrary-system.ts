import * as fc from 'fast-check';
import type {
  Comprehension,
  Domain,
  Expression,
  Field,
  Operator,
  Place,
  Statement,
  System,
  Value,
} from '../../dsl/ir/index.ts';
import { cardinality, setOf, valueAt } from '../../dsl/ir/index.ts';
import { collectionOf, membersOf, presentPart } from '../../dsl/ir/part.ts';
import * as ir from './ir.ts';

/**
 * Random well-typed systems over the whole IR: every kind of domain, statement and expression, failing ones included.
 * Values are mostly, not always, in the domain of the place they are put into, so that some steps fail.
 */
export function arbitrarySystem(): fc.Arbitrary<System> {
  return fc
    .record({ seed: fc.integer({ min: 0, max: 0x7fffffff }), size: fc.integer({ min: 1, max: 4 }) })
    .map(({ seed, size }) => systemFrom(seed, size));
}

/** A random domain of a variable, for layouts. */
export function arbitraryDomain(): fc.Arbitrary<Domain> {
  return fc.integer({ min: 0, max: 0x7fffffff }).map((seed) => new Generator(seed).domain(3));
}

/** A random value of a domain. */
export function arbitraryValue(domain: Domain): fc.Arbitrary<Value> {
  return fc.integer({ min: 0, max: 0x7fffffff }).map((seed) => new Generator(seed).value(domain));
}

/** The system that a seed stands for; `size` bounds variables, actions and statements. */
export function systemFrom(seed: number, size: number): System {
  try {
    return new Generator(seed).system(size);
  } catch (error) {
    // Some pairs of random types have no join: another draw has.
    if (error instanceof Error && error.message === ILL_TYPED) return systemFrom(seed + 0x1000000, size);
    throw error;
  }
}

/** What the builders of expressions say of operands that do not go together. */
const ILL_TYPED = 'an ill-typed test expression';

interface Local {
  readonly name: string;
  readonly type: Domain;
  readonly mutable: boolean;
}

interface Scope {
  readonly locals: readonly Local[];
  readonly labels: readonly string[];
  /** In an expression: only own locals may be assigned to, and nothing may be chosen. */
  readonly pure: boolean;
  /** Whether `next` variables may be read. */
  readonly next: boolean;
}

const ENUM_NAMES = ['none', 'held', 'expired', 'busy', 'b10', 'b9'];

class Generator {
  private state: number;
  private names = 0;
  /** Expressions that may still be made; after them, everything is a constant. */
  private budget = 250;
  private nesting = 0;
  /** Choice points that the action at hand may still get: the ways to run it multiply. */
  private choices = 0;
  private variables: readonly { name: string; domain: Domain }[] = [];

  constructor(seed: number) {
    this.state = (seed ^ 0x9e3779b9) >>> 0;
  }

  system(size: number): System {
    const domains = Object.fromEntries(
      Array.from({ length: 1 + this.below(size) }, (_, index) => [`v${index}`, this.domain(2)]),
    );
    this.variables = Object.entries(domains).map(([name, domain]) => ({ name, domain }));
    const scope: Scope = { locals: [], labels: [], pure: false, next: false };
    const actions = Array.from({ length: 1 + this.below(size) }, (_, index) => {
      const args: Record<string, Domain> = {};
      this.choices = 2;
      const locals: Local[] = [];
      for (let count = this.below(3); 0 < count; count -= 1) {
        const name = this.fresh('a');
        args[name] = this.argumentDomain();
        locals.push({ name, type: args[name], mutable: false });
      }
      return ir.action(`action${index}`, args, ...this.body({ ...scope, locals }, 1 + this.below(size), 2));
    });
    if (this.chance(0.75)) actions.push(this.livelyAction(scope));
    const predicates = (next: boolean) =>
      Array.from({ length: 1 + this.below(2) }, (_, index) =>
        ir.predicate(`p${index}`, this.boolean({ ...scope, pure: true, next }, 3)),
      );
    const enabled = this.enabledAtom(actions, scope);
    return ir.system(domains, {
      init: this.initial(scope),
      actions,
      invariants: [...predicates(false), ir.predicate('enabled', enabled)],
      steps: predicates(true),
    });
  }

  /** Gives a variable or a part of it any of a few values, so that there is more than a handful of states. */
  private livelyAction(scope: Scope): System['actions'][number] {
    const count = 1 + this.below(3);
    const body = Array.from({ length: count }, (): Statement[] => {
      const { name, domain } = this.pick(this.variables);
      const values = Array.from({ length: 2 + this.below(3) }, () => this.constant(domain));
      const chosen = this.fresh('c');
      if (this.chance(0.4)) return [ir.assign(ir.variablePlace(name, domain), this.expression(scope, domain, 2))];
      return [
        ir.choose(chosen, domain, {
          ...ir.array(),
          elements: values,
          type: { kind: 'array', element: domain, minLength: values.length, maxLength: values.length },
        } as Expression),
        ir.assign(ir.variablePlace(name, domain), ir.local(chosen, domain)),
      ];
    });
    return ir.action('move', {}, ir.either(...body));
  }

  private initial(scope: Scope): Statement[] {
    this.choices = 1;
    return this.chance(0.6) ? this.body(scope, 1 + this.below(2), 1) : [];
  }

  private enabledAtom(actions: System['actions'], scope: Scope): Expression {
    const action = this.pick(actions);
    return {
      kind: 'enabled',
      action: action.name,
      arguments: action.arguments.map(({ domain }) =>
        this.chance(0.3) ? undefined : this.expression({ ...scope, pure: true }, domain, 1),
      ),
      type: ir.BOOLEAN,
      span: ir.literal(true).span,
    };
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Domains and values

  domain(depth: number): Domain {
    if (depth <= 0 || this.chance(0.35)) return this.scalarDomain();
    switch (this.below(9)) {
      case 0:
        return { kind: 'object', fields: this.fields(depth) };
      case 1: {
        const tags = this.some(['red', 'green', 'blue'], 2);
        return {
          kind: 'variant',
          discriminator: 'tag',
          cases: tags.map((tag) => ({ tag, fields: this.chance(0.3) ? [] : this.fields(depth) })),
        };
      }
      case 2:
        return { kind: 'tuple', items: Array.from({ length: 1 + this.below(3) }, () => this.domain(depth - 1)) };
      case 3: {
        const length = this.below(4);
        return { kind: 'array', element: this.domain(depth - 1), minLength: length, maxLength: length };
      }
      case 4: {
        const minLength = this.chance(0.7) ? 0 : 1;
        return { kind: 'array', element: this.domain(depth - 1), minLength, maxLength: minLength + 1 + this.below(3) };
      }
      case 5:
        return { kind: 'record', key: this.keyDomain(), value: this.domain(depth - 1) };
      case 6:
      case 7:
        return { kind: 'set', element: this.elementDomain() };
      default: {
        const members: Domain[] = [{ kind: this.chance(0.7) ? 'null' : 'undefined' }];
        const composite = this.domain(depth - 1);
        for (const member of membersOf(composite)) {
          if (!members.some((other) => other.kind === member.kind)) members.push(member);
        }
        if (this.chance(0.3) && !members.some((member) => member.kind === 'int')) members.push(this.intDomain());
        if (this.chance(0.3)) members.reverse();
        return members.length === 1 ? members[0]! : { kind: 'union', members };
      }
    }
  }

  private scalarDomain(): Domain {
    switch (this.below(7)) {
      case 0:
        return ir.BOOLEAN;
      case 1:
      case 2:
        return this.intDomain();
      case 3:
        return ir.enumDomain(...this.some(ENUM_NAMES, 2));
      case 4:
        return this.idsDomain();
      case 5: {
        const members: Domain[] = [{ kind: 'null' }, this.chance(0.5) ? this.idsDomain() : this.intDomain()];
        if (this.chance(0.3)) members.push(ir.enumDomain(...this.some(ENUM_NAMES, 2)));
        if (this.chance(0.2)) members.push(ir.BOOLEAN);
        if (this.chance(0.2)) members.push({ kind: 'undefined' });
        if (this.chance(0.5)) members.reverse();
        return { kind: 'union', members };
      }
      default:
        return this.chance(0.5) ? ir.enumDomain(this.pick(ENUM_NAMES)) : ir.intDomain(0, 1 + this.below(3));
    }
  }

  private intDomain(): Domain {
    switch (this.below(10)) {
      case 0:
        return ir.intDomain(-(2 ** 31), 2 ** 31 - 1);
      case 1:
        return ir.intDomain(2 ** 31 - 3, 2 ** 31 - 1);
      case 2:
        return ir.intDomain(-(2 ** 31), -(2 ** 31) + 2);
      case 3:
        return ir.intDomain(-5, -2);
      case 4:
        return ir.intDomain(-3, 4);
      case 5:
        return ir.intDomain(7, 7);
      default:
        return ir.intDomain(0, 1 + this.below(6));
    }
  }

  /** Two sets of ids; one name never has two sizes. */
  private idsDomain(): Domain {
    return this.chance(0.6) ? ir.idsDomain('Ring', 2) : ir.idsDomain('Node', 3);
  }

  private keyDomain(): Domain {
    switch (this.below(5)) {
      case 0:
        return ir.BOOLEAN;
      case 1:
        return ir.intDomain(-1, this.below(3));
      case 2:
        return ir.enumDomain(...this.some(ENUM_NAMES, 2));
      default:
        return this.idsDomain();
    }
  }

  private elementDomain(): Domain {
    switch (this.below(8)) {
      case 0:
        return { kind: 'tuple', items: [this.keyDomain(), this.keyDomain()] };
      case 1:
        return {
          kind: 'object',
          fields: [
            { name: 'x', domain: this.keyDomain() },
            { name: 'y', domain: ir.BOOLEAN },
          ],
        };
      case 2:
        return ir.intDomain(0, this.pick([30, 31, 32, 39]));
      case 3:
        return { kind: 'array', element: ir.BOOLEAN, minLength: 0, maxLength: 2 };
      case 4:
        return { kind: 'union', members: [{ kind: 'null' }, this.keyDomain()] };
      default:
        return this.keyDomain();
    }
  }

  private argumentDomain(): Domain {
    switch (this.below(8)) {
      case 0:
        return { kind: 'set', element: ir.idsDomain('Ring', 2) };
      case 1:
        return { kind: 'tuple', items: [ir.BOOLEAN, this.idsDomain()] };
      case 2:
        return { kind: 'union', members: [{ kind: 'null' }, ir.intDomain(-1, 1)] };
      default:
        return this.keyDomain();
    }
  }

  private fields(depth: number): Field[] {
    return this.some(['x', 'y', 'z'], 1).map((name) => {
      const domain = this.domain(depth - 1);
      const optional = this.chance(0.15) && membersOf(domain).every((member) => member.kind !== 'undefined');
      return {
        name,
        domain: optional ? { kind: 'union', members: [...membersOf(domain), { kind: 'undefined' }] } : domain,
      };
    });
  }

  value(domain: Domain): Value {
    switch (domain.kind) {
      case 'object':
        return this.fieldValues(domain.fields);
      case 'variant': {
        const one = this.pick(domain.cases);
        return { [domain.discriminator]: one.tag, ...this.fieldValues(one.fields) };
      }
      case 'tuple':
        return domain.items.map((item) => this.value(item));
      case 'array': {
        const length = domain.minLength + this.below(Math.min(8, domain.maxLength - domain.minLength + 1));
        return Array.from({ length }, () => this.value(domain.element));
      }
      case 'record': {
        const keys = Array.from({ length: cardinality(domain.key) }, (_, code) => valueAt(domain.key, code));
        return Object.fromEntries(keys.map((key) => [String(key), this.value(domain.value)]));
      }
      case 'set': {
        const size = cardinality(domain.element);
        return setOf(
          Array.from({ length: size }, (_, code) => code)
            .filter(() => this.chance(0.4))
            .map((code) => valueAt(domain.element, code)),
        );
      }
      case 'union':
        return this.value(this.pick(domain.members));
      case 'int':
        return this.chance(0.5)
          ? this.pick([domain.min, domain.max])
          : domain.min + this.below(Math.min(domain.max - domain.min + 1, 8));
      default: {
        const size = cardinality(domain);
        return size === 0 ? undefined : valueAt(domain, this.below(size));
      }
    }
  }

  private fieldValues(fields: readonly Field[]): { [name: string]: Value } {
    return Object.fromEntries(fields.map((field) => [field.name, this.value(field.domain)]));
  }

  // -------------------------------------------------------------------------------------------------------------------
  // Statements

  private body(scope: Scope, count: number, depth: number): Statement[] {
    const statements: Statement[] = [];
    let inner = scope;
    for (let index = 0; index < count; index += 1) {
      const [made, extended] = this.statement(inner, depth);
      statements.push(...made);
      inner = extended;
    }
    return statements;
  }

  private statement(scope: Scope, depth: number): [Statement[], Scope] {
    const kinds = scope.pure
      ? ['let', 'let', 'assign', 'if', 'for', 'block', 'loop']
      : [
          'assign',
          'assign',
          'assign',
          'assign',
          'assign',
          'let',
          'let',
          'when',
          'verify',
          'choose',
          'either',
          'if',
          'for',
          'block',
          'loop',
        ];
    const possible = 0 < this.choices ? kinds : kinds.filter((one) => one !== 'choose' && one !== 'either');
    const kind = this.pick(
      depth <= 0 ? possible.filter((one) => !['if', 'for', 'block', 'loop', 'either'].includes(one)) : possible,
    );
    if (0 < scope.labels.length && this.chance(0.12)) return [[ir.exit(this.pick(scope.labels))], scope];
    switch (kind) {
      case 'let': {
        const wanted = this.domain(1);
        const value = this.expression(scope, wanted, 2);
        const name = this.fresh('x');
        const mutable = this.chance(0.5);
        // A mutable local needs room for what is assigned later; immutable ones have the type of their value.
        const type = mutable ? this.joined(value.type, wanted) : value.type;
        return [
          [ir.declare(name, value, type, mutable)],
          { ...scope, locals: [...scope.locals, { name, type, mutable }] },
        ];
      }
      case 'when':
        return [
          [ir.when(this.chance(0.6) ? ir.or(this.boolean(scope, 2), this.boolean(scope, 1)) : this.boolean(scope, 2))],
          scope,
        ];
      case 'verify':
        return [[ir.verify(ir.or(this.boolean(scope, 1), ir.literal(this.chance(0.8))))], scope];
      case 'choose': {
        this.choices -= 1;
        const wanted = this.chance(0.5) ? this.keyDomain() : this.elementDomain();
        const from = this.collection(scope, wanted, 2);
        const type = elementOf(from.type);
        const name = this.fresh('c');
        return [[ir.choose(name, type, from)], { ...scope, locals: [...scope.locals, { name, type, mutable: false }] }];
      }
      case 'either':
        this.choices -= 1;
        return [
          [
            ir.either(
              ...Array.from({ length: 1 + this.below(3) }, () => this.body(scope, 1 + this.below(2), depth - 1)),
            ),
          ],
          scope,
        ];
      case 'if':
        return [
          [
            ir.iff(
              this.boolean(scope, 2),
              this.body(scope, 1 + this.below(2), depth - 1),
              this.body(scope, this.below(2), depth - 1),
            ),
          ],
          scope,
        ];
      case 'for': {
        // A choice in a loop is made once a round: only where there are few.
        const choices = this.choices;
        const isSmall = this.chance(0.3);
        this.choices = isSmall ? Math.min(1, choices) : 0;
        const over = isSmall
          ? ir.all(this.keyDomain())
          : this.collection(scope, this.chance(0.6) ? this.keyDomain() : this.elementDomain(), 2);
        const binder = this.fresh('e');
        const indexBinder = this.chance(0.3) ? this.fresh('i') : undefined;
        const locals = [...scope.locals, { name: binder, type: elementOf(over.type), mutable: false }];
        if (indexBinder !== undefined) locals.push({ name: indexBinder, type: ir.intDomain(0, 63), mutable: false });
        const body = this.body({ ...scope, locals }, 1 + this.below(2), depth - 1);
        this.choices = isSmall && this.choices === 0 ? 0 : choices;
        return [[ir.forEach(binder, over, body, indexBinder)], scope];
      }
      case 'block': {
        const label = this.fresh('l');
        const labels = [...scope.labels, label];
        return [[ir.block(label, ...this.body({ ...scope, labels }, 1 + this.below(3), depth - 1))], scope];
      }
      case 'loop': {
        const choices = this.choices;
        this.choices = 0;
        const label = this.fresh('l');
        const counter: Local = { name: this.fresh('n'), type: ir.intDomain(0, 9), mutable: true };
        const inner: Scope = { ...scope, labels: [...scope.labels, label], locals: [...scope.locals, counter] };
        const count = ir.local(counter.name, counter.type);
        const body = [
          ir.iff(ir.operation('lessOrEqual', ir.literal(1 + this.below(3)), count), [ir.exit(label)]),
          ...this.body(
            { ...inner, locals: [...scope.locals, { ...counter, mutable: false }] },
            1 + this.below(2),
            depth - 1,
          ),
          ir.assign(ir.localPlace(counter.name, counter.type), ir.add(count, ir.literal(1))),
        ];
        this.choices = choices;
        return [
          [
            ir.declare(counter.name, ir.literal(0), counter.type, true),
            ir.block(label, ir.loop(this.chance(0.9) ? 8 : 2, ...body)),
          ],
          scope,
        ];
      }
      default: {
        const place = this.place(scope);
        if (place === undefined) return [[], scope];
        // Constants always fit, and so lead somewhere.
        const value = this.chance(0.45) ? this.constant(place.domain) : this.expression(scope, place.domain, 2);
        return [[ir.assign(place, value)], scope];
      }
    }
  }

  private joined(left: Domain, right: Domain): Domain {
    try {
      return ir.conditional(ir.literal(true), ir.local('', left), ir.local('', right)).type;
    } catch {
      return left;
    }
  }

  private place(scope: Scope): Place | undefined {
    const mutable = scope.locals.filter((one) => one.mutable);
    const roots = [
      ...(scope.pure ? [] : this.variables.map(({ name, domain }) => ir.variablePlace(name, domain))),
      ...mutable.map(({ name, type }) => ir.localPlace(name, type)),
    ];
    if (roots.length === 0) return undefined;
    let place = this.pick(roots);
    for (let depth = 0; depth < 3 && this.chance(0.7); depth += 1) {
      const key = this.keyInto(scope, place.domain);
      if (key === undefined) break;
      try {
        place = ir.part(place, key);
      } catch {
        break;
      }
    }
    return place;
  }

  /** A field name or index that leads into a value of the domain, mostly. */
  private keyInto(scope: Scope, domain: Domain): string | Expression | undefined {
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

  // -------------------------------------------------------------------------------------------------------------------
  // Expressions

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

  private constant(domain: Domain): Expression {
    const value = this.value(domain);
    if (this.chance(0.2)) return { kind: 'parameter', name: 'p', value, type: domain, span: ir.literal(0).span };
    const isCompound = typeof value === 'object' && value !== null;
    return isCompound ? { ...ir.literal(value), type: domain } : ir.literal(value);
  }

  private tryExpression(scope: Scope, wanted: Domain, depth: number): Expression | undefined {
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
  private fitting(scope: Scope, wanted: Domain, type: Domain, depth: number): Expression {
    const made = this.expression(scope, wanted, depth);
    return JSON.stringify(this.joined(type, made.type)) === JSON.stringify(type) ? made : this.constant(wanted);
  }

  /** A variable or local, or a part of one, with a type that can hold values of the domain. */
  private reading(scope: Scope, wanted: Domain): Expression | undefined {
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
            found = typeof key === 'string' ? ir.field(found, key) : ir.index(found, key);
          }
        } catch {
          break;
        }
      }
      if (similar(found.type, wanted)) return found;
    }
    return undefined;
  }

  private nested<T>(make: () => T): T {
    this.nesting += 1;
    try {
      return make();
    } finally {
      this.nesting -= 1;
    }
  }

  private integer(scope: Scope, wanted: Domain & { kind: 'int' }, depth: number): Expression {
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

  private boolean(scope: Scope, depth: number): Expression {
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

  private compare(scope: Scope, depth: number): Expression {
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
  private binding(scope: Scope, operator: Comprehension['operator'], depth: number): Expression {
    const over = this.collection(scope, this.chance(0.6) ? this.keyDomain() : this.elementDomain(), depth - 1);
    const [binder, indexBinder] = [this.fresh('e'), this.chance(0.2) ? this.fresh('i') : undefined];
    const body = this.boolean(this.bound(scope, over, binder, indexBinder), depth - 1);
    return ir.comprehension(operator, over, binder, body, indexBinder);
  }

  private bound(scope: Scope, over: Expression, binder: string, indexBinder?: string): Scope {
    const locals = [...scope.locals, { name: binder, type: elementOf(over.type), mutable: false }];
    if (indexBinder !== undefined) locals.push({ name: indexBinder, type: ir.intDomain(0, 63), mutable: false });
    return { ...scope, locals };
  }

  /** `find` or `at`, which yield undefined when there is nothing. */
  private search(scope: Scope, wanted: Domain, depth: number): Expression {
    if (this.chance(0.5)) {
      return ir.operation(
        'at',
        this.arrayOf(scope, depth - 1, wanted),
        this.expression(scope, ir.intDomain(-3, 3), depth - 1),
      );
    }
    return this.binding(scope, 'find', depth);
  }

  private collection(scope: Scope, element: Domain, depth: number): Expression {
    if (this.chance(0.25)) return ir.all(element);
    return this.chance(0.6)
      ? this.expression(scope, { kind: 'set', element }, depth)
      : this.expression(scope, { kind: 'array', element, minLength: 0, maxLength: 3 }, depth);
  }

  private arrayOf(scope: Scope, depth: number, element: Domain = this.domain(1)): Expression {
    const made = this.expression(scope, { kind: 'array', element, minLength: 0, maxLength: 3 }, depth);
    return made.type.kind === 'array' ? made : this.constant({ kind: 'array', element, minLength: 0, maxLength: 3 });
  }

  private set(scope: Scope, wanted: Domain & { kind: 'set' }, depth: number): Expression {
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

  private array(scope: Scope, wanted: Domain & { kind: 'array' }, depth: number): Expression {
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

  // -------------------------------------------------------------------------------------------------------------------
  // Randomness: mulberry32

  private next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  private below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  private chance(probability: number): boolean {
    return this.next() < probability;
  }

  private pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  /** Some of a list, at least `least`, in random order. */
  private some<T>(list: readonly T[], least: number): T[] {
    const rest = [...list];
    const count = least + this.below(list.length - least + 1);
    return Array.from({ length: count }, () => rest.splice(this.below(rest.length), 1)[0]!);
  }

  private fresh(prefix: string): string {
    this.names += 1;
    return `${prefix}${this.names}`;
  }
}

function elementOf(type: Domain): Domain {
  return collectionOf(type)?.element ?? { kind: 'never' };
}

/** Whether values of one type could be of the other. */
function similar(type: Domain, wanted: Domain): boolean {
  const kinds = membersOf(wanted).map(kindOf);
  return membersOf(type).some((member) => kinds.includes(kindOf(member)));
}

function kindOf(domain: Domain): string {
  switch (domain.kind) {
    case 'tuple':
      return `tuple ${domain.items.length}`;
    case 'object':
      return `object ${domain.fields
        .map((field) => field.name)
        .toSorted()
        .join()}`;
    case 'record':
      return `record ${JSON.stringify(domain.key)}`;
    case 'ids':
    case 'enum':
      return domain.kind;
    default:
      return domain.kind;
  }
}
