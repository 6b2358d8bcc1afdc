import { isDeepStrictEqual } from 'node:util';
import { expect, it } from 'vitest';
import { Explainer } from '../../../checker/counterexample/explanation.ts';
import { exploredBy } from '../../../checker/counterexample/explored.ts';
import { interpret } from '../../../checker/engine/interpreter.ts';
import type { NextState } from '../../../checker/engine/next-state.ts';
import { claimsOf, PredicateRequests } from '../../../checker/liveness/formula.ts';
import { planOf } from '../../../checker/plan/plan.ts';
import type { Plan } from '../../../checker/plan/plan.ts';
import { explore } from '../../../checker/search/breadth-first.ts';
import type { Exploration } from '../../../checker/search/exploration.ts';
import { outOfMemory } from '../../../checker/search/memory.ts';
import type { MemoryBudget } from '../../../checker/search/memory.ts';
import type { Searched } from '../../../checker/verdict/answer.ts';
import { temporalAnswers } from '../../../checker/verdict/temporal.ts';
import type { Outcome } from '../../../checker/verdict/verdict.ts';
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

/** A bit that can rise, once; one property of it needs fairness and one is wrong. */
function prepared() {
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
  const engine = interpret(plan);
  const options = { instances: 1, deadlock: false, keepSteps: true, stopAtFirst: false };
  return { plan, engine, properties, exploration: explore(engine, plan.roles, options) };
}

function searched(plan: Plan, engine: NextState, exploration: Exploration): Searched {
  const explainer = new Explainer(plan, () => exploredBy(plan, engine, exploration));
  return { plan, engine, exploration, explained: () => exploration, explainer };
}

it('answers `bounded` for a property that there is no memory for, and goes on with the next', () => {
  const { plan, engine: plain, properties, exploration } = prepared();
  // There is no memory for the first property: its only predicate is the first that was asked for.
  const engine: NextState = {
    ...plain,
    holdsEach: (predicate, ...where) => {
      if (predicate === plan.roles.extra[0]) throw new RangeError('Array buffer allocation failed');
      plain.holdsEach(predicate, ...where);
    },
  };
  const { answers, cut } = temporalAnswers(searched(plan, engine, exploration), properties, {}, () => undefined);
  expect(answers.map(({ name, outcome }) => [name, outcome.kind])).toEqual([
    ['rises', 'bounded'],
    ['stays', 'violated'],
  ]);
  expect(cut).toEqual({ kind: 'memory' });
});

it('says nothing else, wherever memory comes to its end', () => {
  const { plan, engine, properties, exploration } = prepared();
  const cut = { kind: 'memory', limit: 7 } as const;
  /** Memory that is there so many times it is asked for. */
  const judge = (times: number) => {
    let left = times;
    const isThere = (): boolean => 0 <= (left -= 1);
    const memory: MemoryBudget = {
      look: () => {},
      allows: isThere,
      isEnough: true,
      get isExceeded() {
        return !isThere();
      },
      take: () => {
        if (!isThere()) throw outOfMemory('the limit is reached');
      },
      cut: () => cut,
    };
    const limited = { ...exploration, graph: { ...exploration.graph!, memory } };
    return temporalAnswers(searched(plan, engine, limited), properties, { advise: true, memory }, () => undefined);
  };
  const whole = judge(Infinity);
  expect(whole.answers.map(({ outcome }) => outcome.kind)).toEqual(['violated', 'violated']);
  let bounded = 0;
  let times = 0;
  for (; ; times += 1) {
    const { answers, advice, cut: ended } = judge(times);
    if (ended === undefined && isDeepStrictEqual(answers, whole.answers)) break;
    answers.forEach(({ outcome }, index) => {
      if (outcome.kind === 'bounded') bounded += 1;
      const known = whole.answers[index]!.outcome;
      expect([{ kind: 'bounded', cut }, known, withoutCure(known)]).toContainEqual(outcome);
    });
    expect([undefined, whole.advice]).toContainEqual(advice);
  }
  expect(times).toBeGreaterThan(10);
  expect(bounded).toBeGreaterThan(10);
});

/** What is known of a property when there was no memory for what would help. */
function withoutCure(outcome: Outcome): Outcome {
  if (outcome.kind !== 'violated') return outcome;
  const { cure: _, ...trace } = outcome.trace;
  return { ...outcome, trace };
}
