import { describe, expect, it } from 'vitest';
import { negated } from '../../../dsl/docgen/negation.ts';
import { evaluateIn } from '../../../checker/engine/interpreter.ts';
import { isRefused, planOf } from '../../../checker/plan/plan.ts';
import { Notation } from '../../../dsl/docgen/notation.ts';
import type { Expression } from '../../../dsl/ir/index.ts';
import * as ir from '../../support/ir.ts';

const BIT = ir.intDomain(0, 1);
const system = ir.system({ a: BIT, b: BIT }, { actions: [] });
const [a, b] = ['a', 'b'].map((name) => ir.equal(ir.variable(name, BIT), ir.literal(1)));
const written = (condition: Expression): string => new Notation(system, [condition]).expression(condition);
const not = (operand: Expression): Expression => ({ kind: 'not', operand, type: operand.type, span: operand.span });

describe('the opposite of a condition', () => {
  it.each([
    ['b !== 1', b!],
    ['b === 1', not(b!)],
    ['a !== 1 && b !== 1', ir.or(a!, b!)],
    ['a === 1 && b !== 1', ir.or(not(a!), b!)],
    ['a === 1 || b !== 1', ir.and(not(a!), b!)],
  ])('is %s', (expected, condition) => {
    expect(written(negated(condition))).toBe(expected);
  });

  it('is true where the condition is false, whatever it is made of', () => {
    const plan = planOf(system);
    if (isRefused(plan)) throw new Error('refused');
    const conditions = [
      ir.or(not(a!), b!),
      ir.and(ir.or(a!, not(b!)), b!),
      not(ir.and(a!, b!)),
      ir.or(ir.and(a!, b!), not(a!)),
    ];
    const truth = (condition: Expression, state: { a: number; b: number }): unknown => {
      const answer = evaluateIn(plan, condition, new Map(), state);
      return 'value' in answer && answer.value;
    };
    for (const condition of conditions) {
      for (const state of [0, 1].flatMap((x) => [0, 1].map((y) => ({ a: x, b: y })))) {
        expect(truth(negated(condition), state)).toBe(truth(condition, state) === false);
      }
    }
  });
});
