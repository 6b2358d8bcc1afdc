import { NO_SPAN } from '../../dsl/diagnostics/span.ts';
import { entryIn } from '../../dsl/ir/index.ts';
import type { ObjectValue, StatePlace } from '../../dsl/ir/index.ts';
import { decidingConditions } from '../engine/interpreter/asked.ts';
import { actorOf } from '../plan/actor.ts';
import type { Instance } from '../plan/instance.ts';
import type { Plan } from '../plan/plan.ts';
import { stepNameOf, STUTTERING_STEP } from '../plan/step-name.ts';
import { STUTTER } from '../search/path.ts';
import type { Path } from '../search/path.ts';
import type { Trace, TraceStep } from './behavior.ts';
import { decisionsIn } from './decisions.ts';
import { changesBetween } from './difference.ts';
import { idleWrites } from './idle-writes.ts';
import { interpretedState } from './interpreted.ts';
import { nextWait, refusalsIn } from './refusals.ts';
import { unusedLocals, withLocalsLeft } from './unused-locals.ts';

/** A path with values for words: its states, and of each step the action, the arguments and what it changed. */
export function traceOf(plan: Plan, path: Path): Trace {
  const interpreted = path.states.map((words) => interpretedState(plan, words));
  const states = interpreted.map(({ value }) => value);
  const steps = path.instances.map((number, index) => {
    if (number === STUTTER) return STUTTER_STEP;
    const instance = plan.instances[number]!;
    return interpreted[index]!.told(instance, path.states[index + 1]!, () =>
      stepOf(plan, instance, states[index]!, states[index + 1]!),
    );
  });
  const unused = interpreted.map((state) => state.unused(() => unusedLocals(plan.system, state.value)));
  return {
    states,
    steps,
    ...(unused.some((names) => 0 < names.length) && { unused }),
    ...(path.loop !== undefined && { loop: path.loop }),
  };
}

/** Only which steps a path has. */
export function briefTraceOf(plan: Plan, path: Path): Trace {
  return {
    states: path.states.map((words) => interpretedState(plan, words).value),
    isBrief: true,
    steps: path.instances.map((number) => {
      if (number === STUTTER) return STUTTER_STEP;
      const instance = plan.instances[number]!;
      return { ...stepNameOf(instance), changes: [], actor: actorOf(instance), span: instance.action.span };
    }),
    ...(path.loop !== undefined && { loop: path.loop }),
  };
}

function stepOf(plan: Plan, instance: Instance, from: ObjectValue, to: ObjectValue): TraceStep {
  const changes = changesBetween(plan.system.variables, from, withLocalsLeft(plan.system, from, to));
  const idle = idleWrites(plan, instance, [from, to], changes);
  const goto = gotoOf(plan, instance);
  return {
    ...stepNameOf(instance),
    changes,
    ...(0 < idle.length && { idle }),
    ...courseOfStep(plan, instance, from, to),
    actor: actorOf(instance),
    ...(goto !== undefined && { goto }),
    span: instance.action.span,
  };
}

/** Why a step went where it did, and what it did not get. */
function courseOfStep(
  plan: Plan,
  instance: Instance,
  from: ObjectValue,
  to: ObjectValue,
): Pick<TraceStep, 'decidedBy' | 'refused' | 'waitsNext'> {
  const deciding = decidingConditions(plan, instance, from, to);
  const decisions = decisionsIn(plan, deciding, from, gotoOf(plan, instance));
  const refused = refusalsIn(plan, deciding, from);
  const waitsNext = nextWait(plan, instance, to);
  return {
    ...(0 < decisions.length && { decidedBy: decisions.map(({ part }) => part) }),
    ...(0 < refused.length && { refused }),
    ...(waitsNext !== undefined && { waitsNext }),
  };
}

const STUTTER_STEP: TraceStep = { ...STUTTERING_STEP, changes: [], span: NO_SPAN };

/** The place that says where the thread of a step stands; undefined outside of processes. */
export function gotoOf({ system }: Plan, { action, values }: Instance): StatePlace | undefined {
  const own = (action.process ?? action.timeout)?.name;
  const process = system.processes.find(({ name }) => name === own);
  return process && values.reduce<StatePlace>(entryIn, { variable: process.counter, segments: [] });
}
