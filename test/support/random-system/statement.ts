import type { Place, Statement } from '../../../dsl/ir/index.ts';
import * as ir from '../ir.ts';
import type { Local, Scope } from './expression.ts';
import { Expressions } from './expression.ts';
import { elementOf } from './similar.ts';

/** Random statements; values are mostly, not always, in the domain of the place they are put into. */
export class Statements extends Expressions {
  /** Choice points that the action at hand may still get: the ways to run it multiply. */
  protected choices = 0;
  /** Whether what is made stands in a loop over few elements, in which choices may stand. */
  private isRepeated = false;

  protected body(scope: Scope, count: number, depth: number): Statement[] {
    const statements: Statement[] = [];
    let inner = scope;
    for (let index = 0; index < count; index += 1) {
      const [made, extended] = this.statement(inner, depth);
      statements.push(...made);
      inner = extended;
    }
    return statements;
  }

  protected statement(scope: Scope, depth: number): [Statement[], Scope] {
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
        // A choice in a loop is made once a round: only where there are few, and in no loop within another.
        const { choices, isRepeated } = this;
        const isSmall = this.chance(0.3);
        this.choices = isSmall && !isRepeated ? Math.min(1, choices) : 0;
        this.isRepeated = true;
        const over = isSmall
          ? ir.all(this.keyDomain())
          : this.collection(scope, this.chance(0.6) ? this.keyDomain() : this.elementDomain(), 2);
        const binder = this.fresh('e');
        const indexBinder = this.chance(0.3) ? this.fresh('i') : undefined;
        const locals = [...scope.locals, { name: binder, type: elementOf(over.type), mutable: false }];
        if (indexBinder !== undefined) locals.push({ name: indexBinder, type: ir.intDomain(0, 63), mutable: false });
        const body = this.body({ ...scope, locals }, 1 + this.below(2), depth - 1);
        this.choices = isSmall && !isRepeated && this.choices === 0 ? 0 : choices;
        this.isRepeated = isRepeated;
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

  protected place(scope: Scope): Place | undefined {
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
}
