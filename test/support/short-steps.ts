import type { Domain, Expression, Statement, System } from '../../dsl/ir/index.ts';
import { valueAt } from '../../dsl/ir/index.ts';
import * as ir from './ir.ts';

/**
 * A random system of many actions that test a variable or two and store constants, groups of them with guards in common:
 * such as processes with labels and locks have. Some steps compute what they store, or choose.
 */
export function systemOfShortSteps(seed: number): System {
  let state = seed | 0;
  /** A number from 0 to `count - 1`; mulberry32. */
  const draw = (count: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % count;
  };
  const domains: Record<string, Domain> = {};
  const size = 3 + draw(5);
  for (let index = 0; index < size; index += 1) {
    domains[`v${index}`] = [
      ir.BOOLEAN,
      ir.intDomain(-1, 1 + draw(3)),
      ir.enumDomain('idle', 'asks', 'has'),
      ir.intDomain(0, 900_000),
    ][draw(4)]!;
  }
  const names = Object.keys(domains);
  const anyName = (): string => names[draw(names.length)]!;
  /** Few of the values, so that tests are passed. */
  const anyValue = (domain: Domain): Expression =>
    ir.literal(valueAt(domain, draw(2 + draw(2)) % (domain.kind === 'boolean' ? 2 : 3)));
  const is = (name: string): Expression => ir.equal(ir.variable(name, domains[name]!), anyValue(domains[name]!));
  const put = (name: string): Statement => ir.assign(ir.variablePlace(name, domains[name]!), anyValue(domains[name]!));
  const some = <Item>(count: number, make: () => Item): Item[] => Array.from({ length: count }, make);
  const actions = [];
  for (let group = 0; group < 2 + draw(4); group += 1) {
    const common = some(draw(3), () => (draw(3) === 0 ? ir.or(is(anyName()), is(anyName())) : ir.not(is(anyName()))));
    const tested = anyName();
    for (let count = 2 + draw(24); 0 < count; count -= 1) {
      const guards = [is(draw(4) === 0 ? anyName() : tested), ...some(draw(2), () => is(anyName())), ...common];
      const body = some(draw(4), () => put(anyName()));
      if (draw(20) === 0) body.push(ir.either([put(anyName())], [put(anyName()), put(anyName())]));
      if (draw(12) === 0) {
        const other = anyName();
        body.push(ir.assign(ir.variablePlace(other, domains[other]!), ir.variable(other, domains[other]!)));
      }
      actions.push(ir.action(`a${actions.length}`, {}, ...guards.map(ir.when), ...body));
    }
  }
  const invariants = [
    ir.predicate('apart', ir.or(ir.not(is(anyName())), ir.or(ir.not(is(anyName())), ir.not(is(anyName()))))),
  ];
  return ir.system(domains, { init: names.map(put), actions, invariants });
}
