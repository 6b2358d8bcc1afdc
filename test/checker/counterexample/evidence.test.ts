import { describe, expect, it } from 'vitest';
import type { FairnessEvidence } from '../../../checker/counterexample/behavior.ts';
import { replayLasso } from '../../../checker/counterexample/lasso.ts';
import { NO_GUARD } from '../../../checker/liveness/fairness.ts';
import type { FairnessConstraint } from '../../../checker/liveness/fairness.ts';
import { claimsOf, PredicateRequests } from '../../../checker/liveness/formula.ts';
import { planOf } from '../../../checker/plan/plan.ts';
import type { Plan } from '../../../checker/plan/plan.ts';
import { STUTTER } from '../../../checker/search/path.ts';
import { NO_SPAN } from '../../../dsl/diagnostics/span.ts';
import * as ir from '../../support/ir.ts';
import { tiny } from '../liveness/tiny-graph.ts';

/**
 * A system whose only variable goes along the edges of a graph. Two actions that lead from one place to one other make
 * one and the same step.
 */
const GRAPH = tiny('0 -a> 1, 1 -b> 0, 1 -twin> 0, 1 -c> 2, 2 -d> 1, 3 -never> 0, 0 -idle> 0');
const PLACE = ir.intDomain(0, 3);
const at = ir.variable('at', PLACE);

const system = ir.system(
  { at: PLACE },
  {
    actions: GRAPH.actions.map((name, index) => {
      const { from, to } = GRAPH.edges.find(({ instance }) => instance === index)!;
      return ir.action(
        name,
        {},
        ir.when(ir.equal(at, ir.literal(from))),
        ir.assign(ir.variablePlace('at', PLACE), ir.literal(to)),
      );
    }),
  },
);
const requests = new PredicateRequests();
const isThree = { kind: 'now', predicate: ir.equal(at, ir.literal(3)), span: NO_SPAN } as const;
const [claim] = claimsOf(system, { kind: 'eventually', operand: isThree, span: NO_SPAN }, requests);
const AT_ZERO = requests.numberOf(ir.equal(at, ir.literal(0)), new Map());
const plan = planOf(system, requests.list) as Plan;

function words(value: number): Int32Array {
  const into = new Int32Array(plan.layout.words);
  plan.layout.encode({ at: value }, into, 0);
  return into;
}

/** How a run, such as `0 a 1 b 0`, meets an assumption, such as `weak c d`; its loop begins at an index. */
function evidence(run: string, loop: number, assumption: string, guard = NO_GUARD): FairnessEvidence['evidence'] {
  const parts = run.split(' ');
  const [strength, ...names] = assumption.split(' ');
  const constraint: FairnessConstraint = {
    strength: strength as 'weak' | 'strong',
    about: { name: 'assumed', arguments: [] },
    members: new Map(names.map((name) => [GRAPH.actions.indexOf(name), guard])),
  };
  const path = {
    states: parts.filter((_, index) => index % 2 === 0).map((place) => words(Number(place))),
    instances: parts
      .filter((_, index) => index % 2 === 1)
      .map((name) => (name === '~' ? STUTTER : GRAPH.actions.indexOf(name))),
    loop,
  };
  const [found] = replayLasso(plan, path, claim!, [constraint], { telling: 'brief' }).fairness!;
  expect(found).toMatchObject({ strength, about: { name: 'assumed' } });
  return found!.evidence;
}

const UNFAIR = 'internal: a counterexample is not fair to assumed';

describe('a loop is fair', () => {
  it('by taking a step, whatever the strength', () => {
    expect(evidence('0 a 1 b 0', 0, 'weak a')).toEqual({ kind: 'taken', step: 0 });
    expect(evidence('0 a 1 b 0', 0, 'strong b')).toEqual({ kind: 'taken', step: 1 });
    expect(evidence('0 a 1 c 2 d 1', 1, 'strong a d')).toEqual({ kind: 'taken', step: 2 });
  });

  it('by a step that another action makes as well, which is named', () => {
    expect(evidence('0 a 1 b 0', 0, 'strong twin')).toEqual({
      kind: 'taken',
      step: 1,
      by: { action: 'b', arguments: [] },
    });
    expect(evidence('0 a 1 b 0', 0, 'strong twin b')).toEqual({ kind: 'taken', step: 1 });
  });

  it('to a weak assumption by a state that does not enable it', () => {
    expect(evidence('0 a 1 b 0', 0, 'weak c')).toEqual({ kind: 'disabled', state: 0 });
    expect(evidence('0 a 1 c 2 d 1', 1, 'weak b')).toEqual({ kind: 'disabled', state: 2 });
  });

  it('not to a strong one by that', () => {
    expect(() => evidence('0 a 1 b 0', 0, 'strong c')).toThrow(UNFAIR);
    expect(() => evidence('0 a 1 c 2 d 1', 1, 'strong b')).toThrow(UNFAIR);
  });

  it('to both by never enabling it', () => {
    for (const strength of ['weak', 'strong']) {
      expect(evidence('0 a 1 b 0', 0, `${strength} never`)).toEqual({ kind: 'neverEnabled' });
      expect(evidence('0 a 1 c 2 d 1', 1, `${strength} a`)).toEqual({ kind: 'neverEnabled' });
    }
  });

  it('not by what was done before it', () => {
    expect(() => evidence('0 a 1', 1, 'weak c')).toThrow(UNFAIR);
    expect(() => evidence('0 a 1 c 2 d 1 b 0', 4, 'weak a')).toThrow(UNFAIR);
  });

  it('not by stuttering where it is enabled', () => {
    expect(() => evidence('0 ~ 0', 0, 'weak a')).toThrow(UNFAIR);
    expect(() => evidence('0', 0, 'weak a')).toThrow(UNFAIR);
    expect(evidence('0', 0, 'weak b')).toEqual({ kind: 'neverEnabled' });
  });

  it('to steps that change nothing: they neither enable nor take', () => {
    expect(evidence('0 idle 0', 0, 'strong idle')).toEqual({ kind: 'neverEnabled' });
  });

  it('by what is done and possible where the guard holds', () => {
    const guard = plan.roles.extra[AT_ZERO]!;
    expect(evidence('0 a 1 b 0', 0, 'strong a b', guard)).toEqual({ kind: 'taken', step: 0 });
    expect(evidence('0 a 1 b 0', 0, 'strong b', guard)).toEqual({ kind: 'neverEnabled' });
    expect(() => evidence('0 ~ 0', 0, 'weak a', guard)).toThrow(UNFAIR);
  });
});
