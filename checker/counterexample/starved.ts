import { equalValues } from '../../dsl/ir/index.ts';
import { stepsOf } from '../engine/interpreter/steps.ts';
import { actorNameOf, actorOf } from '../plan/actor.ts';
import type { Instance } from '../plan/instance.ts';
import type { Plan } from '../plan/plan.ts';
import { formatActor, stepNameOf } from '../plan/step-name.ts';
import type { ActorName, StepName } from '../plan/step-name.ts';
import type { Trace } from './behavior.ts';

/** A thread that does nothing in a loop in which others keep taking from it what it needs. */
interface Starved {
  readonly who: ActorName;
  /** Its steps that are possible now and then. */
  readonly able: readonly StepName[];
  /** The states of the loop in which one of them is: indices into the trace. */
  readonly states: readonly number[];
}

/**
 * Who takes no step in the loop of a lasso, although one is possible in some of its states, and not in all: weak fairness
 * does not ask for it. A thread that could go on all the time only does not begin, and one that never could, waits.
 */
export function starvedIn(plan: Plan, { states, steps, loop }: Trace): readonly Starved[] {
  if (loop === undefined || loop === steps.length) return [];
  const moving = new Set(steps.slice(loop).flatMap(({ actor }) => (actor === undefined ? [] : [formatActor(actor)])));
  const found = new Map<string, { readonly able: Map<number, Instance>; readonly states: Set<number> }>();
  for (let state = loop; state < steps.length; state += 1) {
    for (const instance of plan.instances) {
      const name = actorNameOf(instance);
      if (instance.action.process === undefined || moving.has(name)) continue;
      const { successors } = stepsOf(plan, states[state]!, instance);
      if (successors.every((next) => equalValues(next, states[state]))) continue;
      const known = found.get(name) ?? { able: new Map<number, Instance>(), states: new Set<number>() };
      found.set(name, known);
      known.able.set(instance.id, instance);
      known.states.add(state);
    }
  }
  return [...found.values()].flatMap((one): readonly Starved[] => {
    const instances = [...one.able.values()];
    if (one.states.size === steps.length - loop) return [];
    return [{ who: actorOf(instances[0]!), able: instances.map(stepNameOf), states: [...one.states] }];
  });
}
