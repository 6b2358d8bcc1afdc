import { describe, expect, it } from 'vitest';
import { claimsOf, PredicateRequests } from '../../../checker/liveness/formula.ts';
import { FormulaTooLarge } from '../../../checker/liveness/buchi.ts';
import { NO_SPAN } from '../../../dsl/diagnostics/span.ts';
import type { Expression, Formula } from '../../../dsl/ir/index.ts';
import * as ir from '../../support/ir.ts';

const RING = ir.idsDomain('Ring', 2);
const r = ir.local('r', RING);
const x = ir.variable('x', ir.BOOLEAN);
const y = ir.variable('y', ir.BOOLEAN);
const owner = ir.variable('owner', RING);
const system = ir.system(
  { x: ir.BOOLEAN, y: ir.BOOLEAN, owner: RING },
  { actions: [ir.action('go', { r: RING }), ir.action('stop', {})] },
);

const now = (predicate: Expression): Formula => ({ kind: 'now', predicate, span: NO_SPAN });
const unary = (kind: 'not' | 'always' | 'eventually', operand: Formula): Formula => ({ kind, operand, span: NO_SPAN });
const binary = (kind: 'and' | 'or' | 'implies' | 'until' | 'leadsTo', left: Formula, right: Formula): Formula => ({
  kind,
  left,
  right,
  span: NO_SPAN,
});
const quantified = (kind: 'forAll' | 'exists', body: Formula): Formula => ({
  kind,
  binder: 'r',
  domain: RING,
  body,
  span: NO_SPAN,
});
const enabled = (...args: (Expression | undefined)[]): Expression => ({
  kind: 'enabled',
  action: 'go',
  arguments: args,
  type: ir.BOOLEAN,
  span: NO_SPAN,
});
const taken = (...args: (Expression | undefined)[]): Formula => ({
  kind: 'taken',
  action: 'go',
  arguments: args,
  span: NO_SPAN,
});
const owns = ir.equal(owner, r);

/** Each claim: its bindings, its formula with atoms as what they ask. */
function claims(formula: Formula): readonly string[] {
  const requests = new PredicateRequests();
  return claimsOf(system, formula, requests).map(({ bindings, formula: ltl, atoms }) => {
    const names = atoms.map((atom) => {
      if (atom.kind !== 'predicate') {
        return `${atom.kind} ${atom.action}(${atom.arguments.map((one) => (one === undefined ? '*' : String(one.value))).join()})`;
      }
      const { expression, bindings: locals } = requests.list[atom.request]!;
      const text = expression === x ? 'x' : expression === y ? 'y' : expression === owns ? 'owns' : 'is';
      return locals.size === 0 ? text : `${text}(${[...locals.values()].map(String).join()})`;
    });
    const text = ltl.key.replaceAll(/\d+/g, (number) => `[${names[Number(number)]}]`);
    const bound = Object.values(bindings).map(String);
    return bound.length === 0 ? text : `${bound.join()}: ${text}`;
  });
}

describe('a property', () => {
  it.each<[string, Formula, readonly string[]]>([
    ['with one claim', unary('eventually', now(x)), ['(true until [x])']],
    [
      'for all values is a claim for each',
      quantified('forAll', binary('leadsTo', now(x), now(owns))),
      [
        'r0: (false release (![x] or (true until [owns(r0)])))',
        'r1: (false release (![x] or (true until [owns(r1)])))',
      ],
    ],
    [
      'of two conjuncts is two claims',
      binary('and', unary('eventually', now(x)), unary('always', now(y))),
      ['(true until [x])', '(false release [y])'],
    ],
    [
      'that is always something for all values too',
      unary('always', quantified('forAll', unary('eventually', now(owns)))),
      ['r0: (false release (true until [owns(r0)]))', 'r1: (false release (true until [owns(r1)]))'],
    ],
    [
      'with an inner quantifier has it written out',
      unary('always', quantified('exists', unary('eventually', now(owns)))),
      ['(false release (true until ([owns(r0)] or [owns(r1)])))'],
    ],
    ['pushes negations down', unary('not', binary('until', now(x), now(y))), ['(![x] release ![y])']],
    ['may be trivial', unary('always', now(ir.literal(true))), ['true']],
  ])('%s', (_, formula, expected) => {
    expect(claims(formula)).toEqual(expected);
  });

  it('asks for a predicate once for each value that it depends on', () => {
    const requests = new PredicateRequests();
    claimsOf(system, quantified('forAll', binary('leadsTo', now(x), now(owns))), requests);
    expect(requests.list.map(({ bindings }) => [...bindings.values()])).toEqual([[], ['r0'], ['r1']]);
  });

  it('is refused when its quantifiers are too much to write out', () => {
    const huge: Formula = {
      kind: 'forAll',
      binder: 'r',
      domain: ir.intDomain(0, 2 ** 20),
      body: now(x),
      span: NO_SPAN,
    };
    expect(() => claims(huge)).toThrow(FormulaTooLarge);
  });
});

describe('an atom about actions', () => {
  it('leaves out arguments that do not matter', () => {
    expect(claims(unary('always', taken(undefined)))).toEqual(['(false release [taken go(*)])']);
  });

  it('has the values of literals and quantified arguments', () => {
    expect(claims(unary('eventually', taken(ir.literal('r1'))))).toEqual(['(true until [taken go(r1)])']);
  });

  it('is a choice when an argument depends on the state', () => {
    expect(claims(taken(owner))).toEqual(['(([is] and [taken go(r0)]) or ([is] and [taken go(r1)]))']);
  });

  it('of a state is part of a predicate', () => {
    expect(claims(now(ir.implies(ir.and(x, y), ir.not(enabled(undefined)))))).toEqual(['[is]']);
  });
});
