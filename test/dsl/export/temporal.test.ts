import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import { isRefusal } from '../../../dsl/export/refusal.ts';
import { exportTla } from '../../../dsl/export/tlaplus.ts';
import type { TlaModule } from '../../../dsl/export/tlaplus.ts';
import type { System } from '../../../dsl/ir/index.ts';
import { systemOf } from '../compiler/compiled.ts';
import { normalForm } from '../../../dsl/export/normal-form.ts';
import type { Normal } from '../../../dsl/export/normal-form.ts';
import type { Expression, Formula, Value } from '../../../dsl/ir/index.ts';
import type { Formula as Plain } from '../../checker/liveness/oracle.ts';
import { holdsOn } from '../../checker/liveness/oracle.ts';
import * as ir from '../../support/ir.ts';
import { Random } from '../../support/random-system/random.ts';
import { runTlc } from './tlc/explore.ts';

function exported(system: System): TlaModule {
  const result = exportTla(system);
  if (isRefusal(result)) throw new Error(JSON.stringify(result.reasons));
  return result;
}

/** A counter, a switch, two ids, one of them the first; and properties. */
function counting(properties: readonly string[]): System {
  return systemOf(`
    const Node = ids('Node', 2);
    const None = ids('None', (p) => p.none);
    export const d = spec('d', {
      params: { none: z.int().min(0).max(2).default(0), on: z.boolean().default(true) },
      state: () => ({ x: z.int().min(0).max(3), b: z.boolean(), first: Node, r: z.record(None, z.boolean()) }),
    });
    export const inc = d.action((s) => { when(s.x < 3); s.x = s.x + 1; });
    export const flip = d.action({ n: Node }, (s, { n }) => { s.b = !s.b; s.first = n; });
    export const end = d.terminal(() => true);
    export const fair = d.fairness(weak(inc));
    ${properties.map((one, index) => `export const p${index} = d.property((s, p) => ${one});`).join('\n')}
    export const m = d.model({});
  `);
}

/** What a property became: its formula, or why it is not there. */
async function written(properties: readonly string[]): Promise<string[]> {
  const system = counting(properties);
  const { module, config } = exported(system);
  const verdicts = check(system).verdicts.filter(({ kind }) => kind === 'property');
  const violated = verdicts.flatMap(({ name, outcome }) => (outcome.kind === 'violated' ? [name] : []));
  const { violated: found } = await runTlc(module, config);
  const isWritten = (name: string): boolean => config.includes(`\nPROPERTY ${name}\n`);
  expect([...found].sort()).toEqual(violated.filter(isWritten));
  return properties.map((_, index) => {
    const formula = new RegExp(`^p${index} ==\\s+([^]*?)\\n\\n`, 'm').exec(module)?.[1];
    return (
      formula?.replaceAll(/\s+/g, ' ') ??
      (/The property p\d+ (?:holds whatever happens|is left out\. [^:]*)/.exec(
        module.split('\n').find((line) => line.includes(`property p${index} `)) ?? '',
      )?.[0] as string)
    );
  });
}

describe('a temporal property as TLA+', () => {
  it.each([
    ['always(not(not(always(s.x >= 0))))', '[]([](x >= 0))'],
    ['not(eventually(not(always(s.x >= 0))))', '[]([](x >= 0))'],
    ['eventually(not(not(always(s.x >= 0))))', '<>([](x >= 0))'],
    ['always(implies(s.x >= 0, not(not(always(s.x >= 0)))))', '[](x >= 0 => [](x >= 0))'],
    ['implies(eventually(not(leadsTo(s.x > 1, s.x > 2))), s.x > 2)', '\\/ [](x > 1 ~> x > 2) \\/ x > 2'],
    ['not(eventually(not(leadsTo(s.x >= 0, s.x >= 0))))', '[](x >= 0 ~> x >= 0)'],
    ['always(not(always(s.x >= 0)))', '[](<>(x < 0))'],
    ['leadsTo(not(always(s.b)), eventually(s.b))', '[]([](b) \\/ <>(<>(b)))'],
    ['leadsTo(leadsTo(s.b, s.x > 1), s.b)', '[](<>(b /\\ [](x <= 1)) \\/ <>(b))'],
    ['always(implies(eventually(s.b), eventually(always(s.x === 3))))', '[]([](~b) \\/ <>([](x = 3)))'],
    ['not(all(Node, (n) => eventually(not(always(s.first !== n)))))', '\\E n \\in Node : []([](first # n))'],
    ['not(some(Node, (n) => not(eventually(s.x === 3))))', '\\A n \\in Node : <>(x = 3)'],
    ['not(implies(eventually(s.b), not(always(s.b))))', '/\\ <>(b) /\\ [](b)'],
  ])('has its negations before predicates: %s', async (property, formula) => {
    expect(await written([property])).toEqual([formula.replaceAll('[](b)', '[]b').replaceAll('<>(b)', '<>b')]);
  });

  it.each([
    ['all(None, (n) => leadsTo(s.r[n]!, !s.r[n]))', true],
    ['not(some(None, (n) => eventually(s.r[n]!)))', true],
    ['always(all(None, (n) => eventually(s.r[n]!)))', true],
    ['all(Node, (n) => all(Node, (k) => implies(n !== k && n === k, eventually(s.b))))', true],
    ['eventually(true)', true],
    ['always(p.on)', true],
    ['leadsTo(!p.on, s.b)', true],
    ['leadsTo(s.b, p.on)', true],
    ['not(until(s.b, !p.on))', true],
    ['or(always(s.b), p.on)', true],
    ['some(None, (n) => always(eventually(s.r[n]!)))', false],
    ['eventually(some(None, (n) => always(s.r[n]!)))', false],
    ['always(!p.on)', false],
    ['not(p.on)', false],
  ])('that is settled whatever happens is left out if true, and violated if false: %s', async (property, truth) => {
    expect(await written([property, 'eventually(s.x === 3)'])).toEqual([
      truth ? 'The property p0 holds whatever happens' : 'vars # vars',
      '<>(x = 3)',
    ]);
  });

  it.each([
    ["all(Node, (n) => leadsTo(n === 'node0' && s.b, s.x === 3))", '\\A n \\in Node : n = node0 /\\ b ~> x = 3'],
    ["all(Node, (n) => leadsTo(n === 'node0', s.x === 3))", '[](<>(x = 3))'],
    [
      'all(Node, (n) => all(Node, (k) => always(implies(n !== k, eventually(s.first !== n)))))',
      '/\\ [](<>(first # node0)) /\\ [](<>(first # node1))',
    ],
    [
      'all(Node, (n) => all(Node, (k) => implies(n !== k, leadsTo(s.first === n, s.first === k))))',
      '\\A n \\in Node : \\A k \\in Node : n # k => (first = n ~> first = k)',
    ],
    ['and(leadsTo(p.on, s.x === 3), always(p.on))', '[](<>(x = 3))'],
    ['until(p.on, s.x === 3)', '<>(x = 3)'],
  ])('has no condition below a temporal operator that is the same in every state: %s', async (property, formula) => {
    expect(await written([property])).toEqual([formula]);
  });

  it.each([
    ['always(eventually(taken(inc)))', '[]<><<inc>>_vars'],
    ['not(always(eventually(taken(inc))))', '~([]<><<inc>>_vars)'],
    ['not(eventually(always(not(taken(inc)))))', '[]<><<inc>>_vars'],
    ['not(eventually(not(eventually(taken(inc)))))', '[]<><<inc>>_vars'],
    ['implies(always(eventually(taken(inc))), eventually(s.b))', '\\/ ~([]<><<inc>>_vars) \\/ <>b'],
    ['implies(s.b, always(eventually(taken(inc))))', 'b => []<><<inc>>_vars'],
    ['all(Node, (n) => always(eventually(taken(flip, { n }))))', '\\A n \\in Node : []<><<flip(n)>>_vars'],
    ['leadsTo(s.b, always(eventually(taken(inc))))', 'The property p0 is left out. taken'],
    ['always(implies(s.b, always(eventually(taken(inc)))))', 'The property p0 is left out. taken'],
    ['eventually(always(eventually(taken(inc))))', 'The property p0 is left out. taken'],
    ['always(some(Node, (n) => always(eventually(taken(flip, { n })))))', 'The property p0 is left out. taken'],
    ['always(eventually(and(taken(inc), s.b)))', 'The property p0 is left out. taken'],
    ['eventually(taken(inc))', 'The property p0 is left out. taken'],
    ['always(not(taken(inc)))', 'The property p0 is left out. taken'],
    ['not(until(s.b, s.x > 1))', 'The property p0 is left out. until'],
  ])('says of steps what TLC takes, or is left out by name: %s', async (property, formula) => {
    expect(await written([property, 'eventually(s.x === 3)'])).toEqual([formula, '<>(x = 3)']);
  });
});

/** Random choices for formulas. */
class Choices extends Random {
  override below(bound: number): number {
    return super.below(bound);
  }
  override chance(probability: number): boolean {
    return super.chance(probability);
  }
  override pick<T>(list: readonly T[]): T {
    return super.pick(list);
  }
}

describe('the negation normal form', () => {
  const COLORS = ['red', 'green', 'blue'];
  const color = ir.enumDomain(...COLORS);
  const { span } = ir.literal(true);

  /** Two variables that differ from state to state, constants, and conditions on what is quantified over. */
  const predicate = (random: Choices, bound: readonly string[]): Expression => {
    const value = ir.variable(random.pick(['a', 'b']), { kind: 'boolean' });
    if (random.chance(0.1)) return ir.literal(random.chance(0.5));
    const binder = bound.length > 0 && random.chance(0.5) ? random.pick(bound) : undefined;
    if (binder === undefined) return value;
    const isThat = ir.equal(ir.local(binder, color), ir.literal(random.pick(COLORS)));
    return random.chance(0.5) ? isThat : ir.and(isThat, value);
  };
  const counts = { double: 0, empty: 0, leftTemporal: 0 };
  const formulaOf = (random: Choices, depth: number, bound: readonly string[]): Formula => {
    const go = (): Formula => formulaOf(random, depth - 1, bound);
    if (depth === 0) return { kind: 'now', predicate: predicate(random, bound), span };
    switch (
      random.pick([
        'not',
        'not',
        'not',
        'always',
        'eventually',
        'and',
        'or',
        'implies',
        'leadsTo',
        'until',
        'all',
        'some',
        'now',
      ] as const)
    ) {
      case 'not': {
        const operand = go();
        if (operand.kind === 'not') counts.double += 1;
        return { kind: 'not', operand, span };
      }
      case 'always':
        return { kind: 'always', operand: go(), span };
      case 'eventually':
        return { kind: 'eventually', operand: go(), span };
      case 'and':
        return { kind: 'and', left: go(), right: go(), span };
      case 'or':
        return { kind: 'or', left: go(), right: go(), span };
      case 'implies':
        return { kind: 'implies', left: go(), right: go(), span };
      case 'leadsTo': {
        const left = go();
        if (left.kind !== 'now') counts.leftTemporal += 1;
        return { kind: 'leadsTo', left, right: go(), span };
      }
      case 'until':
        return { kind: 'until', left: go(), right: go(), span };
      case 'now':
        return formulaOf(random, 0, bound);
      case 'all':
      case 'some': {
        const binder = `c${bound.length}`;
        const domain = random.chance(0.2) ? ir.enumDomain() : ir.enumDomain(...COLORS.slice(0, random.below(3) + 1));
        if (domain.kind === 'enum' && domain.values.length === 0) counts.empty += 1;
        const body = formulaOf(random, depth - 1, [...bound, binder]);
        return { kind: random.chance(0.5) ? 'forAll' : 'exists', binder, domain, body, span };
      }
    }
  };

  /** With quantifiers written out; atoms are predicates for values of what is bound. */
  const plainOf = (
    formula: Normal,
    atoms: ((state: number) => boolean)[],
    bound: ReadonlyMap<string, Value>,
  ): Plain => {
    const go = (part: Formula): Plain => plainOf(part, atoms, bound);
    if (formula === true) return { op: 'true' };
    if (formula === false) return { op: 'not', of: { op: 'true' } };
    switch (formula.kind) {
      case 'now':
        atoms.push((state) => truthIn(state, formula.predicate, bound));
        return { op: 'atom', atom: atoms.length - 1 };
      case 'not':
      case 'always':
      case 'eventually':
        return { op: formula.kind, of: go(formula.operand) };
      case 'and':
      case 'or':
      case 'implies':
      case 'until':
      case 'leadsTo':
        return { op: formula.kind, left: go(formula.left), right: go(formula.right) };
      case 'forAll':
      case 'exists': {
        const values = formula.domain.kind === 'enum' ? formula.domain.values : [];
        const each = values.map((value) => plainOf(formula.body, atoms, new Map([...bound, [formula.binder, value]])));
        const [op, none] = formula.kind === 'forAll' ? (['and', true] as const) : (['or', false] as const);
        return each.reduce<Plain>((left, right) => ({ op, left, right }), plainOf(none, atoms, bound));
      }
      case 'taken':
        throw new Error('no steps here');
    }
  };
  const truthIn = (state: number, expression: Expression, bound: ReadonlyMap<string, Value>): boolean => {
    const go = (part: Expression): boolean => truthIn(state, part, bound);
    if (expression.kind === 'literal') return expression.value === true;
    if (expression.kind === 'variable') return ((state >> (expression.name === 'a' ? 0 : 1)) & 1) === 1;
    if (expression.kind === 'not') return !go(expression.operand);
    if (expression.kind === 'and') return go(expression.left) && go(expression.right);
    if (expression.kind !== 'operation') throw new Error(expression.kind);
    const [left, right] = expression.operands.map((one) =>
      one.kind === 'local' ? bound.get(one.name) : one.kind === 'literal' ? one.value : undefined,
    );
    return left === right;
  };

  /** Negations only before predicates and `until`, predicates left of arrows, and no constants. */
  const isNormal = (formula: Formula): boolean => {
    switch (formula.kind) {
      case 'now':
        return formula.predicate.kind !== 'literal';
      case 'taken':
        return true;
      case 'not':
        return formula.operand.kind === 'until' && isNormal(formula.operand);
      case 'always':
      case 'eventually':
        return isNormal(formula.operand);
      case 'implies':
      case 'leadsTo':
        return formula.left.kind === 'now' && isNormal(formula.left) && isNormal(formula.right);
      case 'forAll':
      case 'exists':
        return isNormal(formula.body);
      default:
        return isNormal(formula.left) && isNormal(formula.right);
    }
  };

  it('means the same on every lasso', () => {
    let settled = 0;
    for (let seed = 1; seed <= 4000; seed += 1) {
      const random = new Choices(seed);
      const formula = formulaOf(random, 2 + random.below(3), []);
      const normal = normalForm(formula, () => undefined);
      expect(normal.unsettled).toEqual([]);
      if (typeof normal.formula === 'boolean') settled += 1;
      else expect(isNormal(normal.formula) ? undefined : normal.formula).toBeUndefined();
      const atoms: ((state: number) => boolean)[] = [];
      const [before, after] = [formula, normal.formula].map((one) => plainOf(one, atoms, new Map()));
      for (let run = 0; run < 4; run += 1) {
        const length = 1 + random.below(4);
        const letters = Array.from({ length }, () => stepAt(random.below(4)));
        const word = { letters, loop: random.below(length) };
        const truth = (atom: number, state: number): boolean => atoms[atom]!(state);
        expect({ seed, holds: holdsOn(word, after!, truth) }).toEqual({ seed, holds: holdsOn(word, before!, truth) });
      }
    }
    expect(settled).toBeGreaterThan(400);
    expect(counts.double).toBeGreaterThan(400);
    expect(counts.empty).toBeGreaterThan(200);
    expect(counts.leftTemporal).toBeGreaterThan(300);
  });
});

function stepAt(state: number): { readonly from: number; readonly to: number } {
  return { from: state, to: state };
}
