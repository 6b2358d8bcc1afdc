import type { ObjectValue, Statement, Value } from '../../../dsl/ir/index.ts';
import { defaultValue, equalValues } from '../../../dsl/ir/index.ts';
import type { Instance } from '../../plan/instance.ts';
import type { Plan } from '../../plan/plan.ts';
import { bindingsOf } from '../../plan/plan.ts';
import { execute } from './execute.ts';
import type { Failure, Verified } from './failure.ts';
import { EvaluationFailure } from './failure.ts';
import { newRun, Odometer } from './run.ts';
import type { Run, Write } from './run.ts';

/** Everything one instance can do in one state. */
export interface Steps {
  /** One for each way its choices can go, in order, duplicates included. */
  readonly successors: readonly ObjectValue[];
  /** The branches of the plan that each of them went through. */
  readonly branches: readonly ReadonlySet<number>[];
  /** One for each failing way. */
  readonly failures: readonly Failure[];
}

/**
 * Everything an instance can do in a state.
 *
 * @param passes - which false guards are passed over, for what it would do there; absent: none.
 */
export function stepsOf(plan: Plan, state: ObjectValue, instance: Instance, passes?: Run['passes']): Steps {
  return allWays(plan, instance.action.body, state, bindingsOf(instance), passes);
}

/** The initial states, in order, and the failures of `init`. */
export function initialSteps(plan: Plan): Steps {
  const start = Object.fromEntries(plan.system.variables.map(({ name, domain }) => [name, defaultValue(domain)]));
  return allWays(plan, plan.system.init, start, new Map());
}

function allWays(
  plan: Plan,
  body: readonly Statement[],
  state: ObjectValue,
  bindings: ReadonlyMap<string, Value>,
  passes?: Run['passes'],
): Steps {
  const successors: ObjectValue[] = [];
  const branches: ReadonlySet<number>[] = [];
  const failures: Failure[] = [];
  const odometer = new Odometer();
  do {
    const run = newRun(plan, state, new Map(bindings), undefined, odometer);
    if (passes !== undefined) run.passes = passes;
    try {
      if (typeof execute(run, body) === 'object') continue; // it is not possible
      successors.push(run.state);
      branches.push(run.branches);
    } catch (error) {
      if (!(error instanceof EvaluationFailure)) throw error;
      failures.push({ message: error.message, span: error.span });
    }
  } while (odometer.advance());
  return { successors, branches, failures };
}

/** What the first failing way of a step fails with, when that is a `verify`. */
export function verifiedBy(plan: Plan, state: ObjectValue, instance: Instance): Verified | undefined {
  const odometer = new Odometer();
  do {
    try {
      execute(newRun(plan, state, new Map(bindingsOf(instance)), undefined, odometer), instance.action.body);
    } catch (error) {
      if (!(error instanceof EvaluationFailure)) throw error;
      return error.verified;
    }
  } while (odometer.advance());
  return undefined;
}

/** What an instance writes on the first of its ways from one state to another; undefined when none leads there. */
export function writesTo(
  plan: Plan,
  instance: Instance,
  from: ObjectValue,
  to: ObjectValue,
): readonly Write[] | undefined {
  const odometer = new Odometer();
  do {
    const run = newRun(plan, from, new Map(bindingsOf(instance)), undefined, odometer);
    run.writes = [];
    try {
      if (typeof execute(run, instance.action.body) !== 'object' && equalValues(run.state, to)) return run.writes;
    } catch (error) {
      if (!(error instanceof EvaluationFailure)) throw error;
    }
  } while (odometer.advance());
  return undefined;
}
