import { expect, it } from 'vitest';
import { interpret } from '../../../checker/engine/interpreter.ts';
import type { NextState } from '../../../checker/engine/next-state.ts';
import { claimsOf, PredicateRequests } from '../../../checker/liveness/formula.ts';
import { planOf } from '../../../checker/plan/plan.ts';
import type { Plan } from '../../../checker/plan/plan.ts';
import { explore } from '../../../checker/search/breadth-first.ts';
import { temporalAnswers } from '../../../checker/verdict/temporal.ts';
import { NO_SPAN } from '../../../dsl/diagnostics/span.ts';
import type { Formula } from '../../../dsl/ir/index.ts';
import * as ir from '../../support/ir.ts';

const BIT = ir.intDomain(0, 1);
const bit = ir.variable('bit', BIT);
const rises: Formula = {
  kind: 'eventually',
  operand: { kind: 'now', predicate: ir.equal(bit, ir.literal(1)), span: NO_SPAN },
  span: NO_SPAN,
};
const stays: Formula = {
  kind: 'always',
  operand: { kind: 'now', predicate: ir.equal(bit, ir.literal(0)), span: NO_SPAN },
  span: NO_SPAN,
};

it('answers `bounded` for a property that there is no memory for, and goes on with the next', () => {
  const property = (name: string, formula: Formula) => ({ name, doc: '', span: NO_SPAN, formula });
  const system = {
    ...ir.system(
      { bit: BIT },
      { actions: [ir.action('rise', {}, ir.assign(ir.variablePlace('bit', BIT), ir.literal(1)))] },
    ),
    properties: [property('rises', rises), property('stays', stays)],
  };
  const requests = new PredicateRequests();
  const properties = system.properties.map((one) => ({
    property: one,
    claims: claimsOf(system, one.formula, requests),
  }));
  const plan = planOf(system, requests.list) as Plan;
  const plain = interpret(plan);
  const options = { instances: 1, deadlock: false, keepSteps: true, stopAtFirst: false };
  const exploration = explore(plain, plan.roles, options);
  // There is no memory for the first property: its only predicate is the first that was asked for.
  const engine: NextState = {
    ...plain,
    holdsEach: (predicate, ...where) => {
      if (predicate === plan.roles.extra[0]) throw new RangeError('Array buffer allocation failed');
      plain.holdsEach(predicate, ...where);
    },
  };
  const { answers, cut } = temporalAnswers(plan, engine, exploration, properties, {}, () => undefined);
  expect(answers.map(({ name, outcome }) => [name, outcome.kind])).toEqual([
    ['rises', 'bounded'],
    ['stays', 'violated'],
  ]);
  expect(cut).toEqual({ kind: 'memory' });
});
