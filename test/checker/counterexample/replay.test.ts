import { expect, it } from 'vitest';
import { replayLasso } from '../../../checker/counterexample/lasso.ts';
import { replay } from '../../../checker/counterexample/replay.ts';
import { NO_GUARD } from '../../../checker/liveness/fairness.ts';
import { claimsOf, PredicateRequests } from '../../../checker/liveness/formula.ts';
import { planOf } from '../../../checker/plan/plan.ts';
import type { Plan } from '../../../checker/plan/plan.ts';
import { STUTTER } from '../../../checker/search/path.ts';
import type { Path } from '../../../checker/search/path.ts';
import { NO_SPAN } from '../../../dsl/diagnostics/span.ts';
import * as ir from '../../support/ir.ts';
import { place } from '../../support/named.ts';

/** A counter from 0 to 3: `up` at any time but at 3, `reset` at 3. */
const COUNT = ir.intDomain(0, 3);
const n = ir.variable('n', COUNT);
const system = ir.system(
  { n: COUNT },
  {
    actions: [
      ir.action(
        'up',
        {},
        ir.when(ir.operation('less', n, ir.literal(3))),
        ir.assign(ir.variablePlace('n', COUNT), ir.add(n, ir.literal(1))),
      ),
      ir.action(
        'reset',
        {},
        ir.when(ir.equal(n, ir.literal(3))),
        ir.assign(ir.variablePlace('n', COUNT), ir.literal(0)),
      ),
    ],
  },
);
const requests = new PredicateRequests();
const isOne = { kind: 'now', predicate: ir.equal(n, ir.literal(1)), span: NO_SPAN } as const;
const always = { kind: 'always', operand: { kind: 'not', operand: isOne, span: NO_SPAN }, span: NO_SPAN } as const;
const [neverOne] = claimsOf(system, always, requests);
const plan = planOf(system, requests.list) as Plan;
const [UP, RESET] = [0, 1];

function path(states: readonly number[], instances: readonly number[], loop?: number): Path {
  const words = states.map((value) => {
    const into = new Int32Array(plan.layout.words);
    plan.layout.encode({ n: value }, into, 0);
    return into;
  });
  return loop === undefined ? { states: words, instances } : { states: words, instances, loop };
}

it('tells a path in values', () => {
  expect(replay(plan, path([0, 1, 2], [UP, UP]))).toMatchObject({
    states: [{ n: 0 }, { n: 1 }, { n: 2 }],
    steps: [
      { action: 'up', arguments: [], changes: [{ place: place('n'), from: 0, to: 1 }] },
      { action: 'up', changes: [{ place: place('n'), from: 1, to: 2 }] },
    ],
  });
});

it.each([
  ['that starts elsewhere', path([1, 2], [UP]), /state 0: it is no initial state/],
  ['with a step that the instance does not make', path([0, 2], [UP]), /cannot replay .* state 1: up leads elsewhere/],
  ['with the wrong instance', path([0, 1], [RESET]), /cannot replay .* state 1: reset is not possible/],
  ['that stutters elsewhere', path([0, 1], [STUTTER]), /state 1: stuttering changes nothing/],
  ['whose loop does not close', path([0, 1, 2], [UP, UP], 1), /state 2: the loop does not close/],
])('does not let a path through %s', (_, wrong, message) => {
  expect(() => replay(plan, wrong)).toThrow(message);
});

it('does not let a lasso through that satisfies the property', () => {
  expect(() => replayLasso(plan, path([0], [], 0), neverOne!, [])).toThrow(/does not violate/);
  expect(replayLasso(plan, path([0, 1], [UP], 1), neverOne!, [])).toMatchObject({ loop: 1, fairness: [] });
});

it('gives the evidence that a lasso is fair, and does not let an unfair one through', () => {
  const around = path([0, 1, 2, 3, 0], [UP, UP, UP, RESET], 0);
  const members = (...instances: number[]) => new Map(instances.map((instance) => [instance, NO_GUARD]));
  const lasso = (...constraints: Parameters<typeof replayLasso>[3][number][]) =>
    replayLasso(plan, around, neverOne!, constraints).fairness;
  expect(lasso({ strength: 'weak', about: { name: 'up', arguments: [] }, members: members(UP) })).toEqual([
    { strength: 'weak', about: { name: 'up', arguments: [] }, evidence: { kind: 'taken', step: 0 } },
  ]);
  const stuck = path([0, 1], [UP], 1);
  const evidence = (strength: 'weak' | 'strong', instance: number) =>
    replayLasso(plan, stuck, neverOne!, [{ strength, about: { name: 'x', arguments: [] }, members: members(instance) }])
      .fairness![0]!.evidence;
  expect(evidence('weak', RESET)).toMatchObject({
    kind: 'neverEnabled',
    because: {
      step: { action: 'reset', arguments: [] },
      reads: [{ place: { variable: 'n', segments: [] }, value: 1 }],
    },
  });
  expect(evidence('strong', RESET)).toMatchObject({ kind: 'neverEnabled' });
  expect(() => evidence('weak', UP)).toThrow(/is not fair to x/);
  expect(() => evidence('strong', UP)).toThrow(/is not fair to x/);
});
