import * as fc from 'fast-check';
import type { Domain, Expression, Field, Statement, System, Value } from '../../dsl/ir/index.ts';
import { cardinality, setOf, valuesOf } from '../../dsl/ir/index.ts';
import * as ir from './ir.ts';
import { Domains } from './random-system/domain.ts';
import type { Local, Scope } from './random-system/expression.ts';
import { ILL_TYPED } from './random-system/expression.ts';
import { Statements } from './random-system/statement.ts';

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
  return fc.integer({ min: 0, max: 0x7fffffff }).map((seed) => new Domains(seed).domain(3));
}

/** A random value of a domain. */
export function arbitraryValue(domain: Domain): fc.Arbitrary<Value> {
  return fc.integer({ min: 0, max: 0x7fffffff }).map((seed) => new Domains(seed).value(domain));
}

/** The system that a seed stands for; `size` bounds variables, actions and statements. */
export function systemFrom(seed: number, size: number): System {
  try {
    return new Systems(seed).system(size);
  } catch (error) {
    // Some pairs of random types have no join: another draw has.
    if (error instanceof Error && error.message === ILL_TYPED) return systemFrom(seed + 0x1000000, size);
    throw error;
  }
}

/** As {@link systemFrom}, rich in ids, which are mostly, not always, used as what can only be compared and stored. */
export function idSystemFrom(seed: number, size: number): System {
  try {
    return new IdSystems(seed).system(size);
  } catch (error) {
    if (error instanceof Error && error.message === ILL_TYPED) return idSystemFrom(seed + 0x1000000, size);
    throw error;
  }
}

/** Random systems. */
class Systems extends Statements {
  system(size: number): System {
    const domains = Object.fromEntries(
      Array.from({ length: 1 + this.below(size) }, (_, index) => [`v${index}`, this.domain(2)]),
    );
    this.variables = Object.entries(domains).map(([name, domain]) => ({ name, domain }));
    const scope: Scope = { locals: [], labels: [], pure: false, next: false };
    const actions: System['actions'][number][] = [];
    const count = 1 + this.below(size);
    for (let index = 0; index < count; index += 1) {
      const args: Record<string, Domain> = {};
      this.choices = 2;
      const locals: Local[] = [];
      for (let count = this.below(3); 0 < count; count -= 1) {
        const name = this.fresh('a');
        args[name] = this.argumentDomain();
        locals.push({ name, type: args[name], mutable: false });
      }
      const body = this.body({ ...scope, locals }, 1 + this.below(size), 2);
      // No action asks for itself when it asks for earlier ones only.
      const asks = 0 < index && this.chance(0.4);
      const whole = asks ? this.asking(actions, { ...scope, locals }, body) : body;
      actions.push(ir.action(`action${index}`, args, ...whole));
    }
    if (this.chance(0.75)) actions.push(this.livelyAction(actions, scope));
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
      constants: this.constants,
    });
  }

  /** Gives a variable or a part of it any of a few values, so that there is more than a handful of states. */
  protected livelyAction(actions: System['actions'], scope: Scope): System['actions'][number] {
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
    const move = ir.either(...body);
    return ir.action('move', {}, ...(this.chance(0.3) ? this.asking(actions, scope, [move]) : [move]));
  }

  private initial(scope: Scope): Statement[] {
    this.choices = 1;
    return this.chance(0.6) ? this.body(scope, 1 + this.below(2), 1) : [];
  }

  /** The same, with a question whether another action is enabled at its start, at its end, or around it. */
  private asking(actions: System['actions'], scope: Scope, body: readonly Statement[]): Statement[] {
    const asked = this.enabledAtom(actions, scope);
    const condition = this.chance(0.5) ? asked : ir.not(asked);
    switch (this.below(3)) {
      case 0:
        return [ir.when(condition), ...body];
      case 1:
        return [...body, ir.when(condition)];
      default:
        return [ir.iff(condition, [...body])];
    }
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
}

/** Random systems whose constants seldom name ids. */
class IdSystems extends Systems {
  protected override scalarDomain(): Domain {
    if (this.chance(0.4)) return super.scalarDomain();
    return this.chance(0.4) ? this.idsDomain() : { kind: 'union', members: [{ kind: 'null' }, this.idsDomain()] };
  }

  protected override keyDomain(): Domain {
    return this.chance(0.7) ? this.idsDomain() : super.keyDomain();
  }

  protected override argumentDomain(): Domain {
    return this.chance(0.8) ? this.idsDomain() : super.argumentDomain();
  }

  protected override constant(domain: Domain): Expression {
    const value = this.chance(0.97) ? this.unnamed(domain) : undefined;
    if (value === undefined) return super.constant(domain);
    const isCompound = typeof value === 'object' && value !== null;
    return isCompound ? { ...ir.literal(value), type: domain } : ir.literal(value);
  }

  /** Gives variables, or the entries of a record one by one, any of the values that they may have. */
  protected override livelyAction(actions: System['actions'], scope: Scope): System['actions'][number] {
    const body = this.variables.flatMap(({ name, domain }): Statement[][] => {
      const [key, value] = [this.fresh('c'), this.fresh('c')];
      const isRecord = domain.kind === 'record' && this.chance(0.8);
      const stored = isRecord ? domain.value : domain;
      if (64 < cardinality(stored)) return [];
      const place = ir.variablePlace(name, domain);
      const choice = ir.choose(value, stored, ir.all(stored));
      if (!isRecord) return [[choice, ir.assign(place, ir.local(value, domain))]];
      const entry = ir.part(place, ir.local(key, domain.key));
      return [[ir.choose(key, domain.key, ir.all(domain.key)), choice, ir.assign(entry, ir.local(value, stored))]];
    });
    return body.length === 0 ? super.livelyAction(actions, scope) : ir.action('move', {}, ir.either(...body));
  }

  /** A value that is the same whichever ids are which; undefined where there is none, or where that is the value. */
  private unnamed(domain: Domain): Value {
    const unnamedFields = (fields: readonly Field[]): { [name: string]: Value } | undefined => {
      const values = fields.map((field) => [field.name, this.unnamed(field.domain)] as const);
      return values.some(([, value]) => value === undefined) ? undefined : Object.fromEntries(values);
    };
    switch (domain.kind) {
      case 'ids':
      case 'undefined':
      case 'never':
        return undefined;
      case 'union': {
        const values = domain.members.map((member) => this.unnamed(member)).filter((value) => value !== undefined);
        return values.length === 0 ? undefined : this.pick(values);
      }
      case 'object':
        return unnamedFields(domain.fields);
      case 'variant': {
        const one = this.pick(domain.cases);
        const fields = unnamedFields(one.fields);
        return fields && { [domain.discriminator]: one.tag, ...fields };
      }
      case 'tuple': {
        const items = domain.items.map((item) => this.unnamed(item));
        return items.includes(undefined) ? undefined : items;
      }
      case 'array': {
        if (domain.minLength === 0) return [];
        const element = this.unnamed(domain.element);
        return element === undefined ? undefined : Array.from({ length: domain.minLength }, () => element);
      }
      case 'record': {
        if (cardinality(domain.key) === 0) return {};
        const entry = this.unnamed(domain.value);
        if (entry === undefined) return undefined;
        return Object.fromEntries([...valuesOf(domain.key)].map((key) => [String(key), entry]));
      }
      case 'set':
        return setOf([]);
      default:
        return this.value(domain);
    }
  }
}
