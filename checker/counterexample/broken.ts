import { isWithin } from '../../dsl/ir/index.ts';
import { verifiedBy } from '../engine/interpreter/steps.ts';
import { evaluatePredicate } from '../engine/interpreter.ts';
import type { Plan } from '../plan/plan.ts';
import type { Falsity, FalsePart, Read, Trace } from './behavior.ts';
import { falsityOf } from './falsity.ts';

/** A trace that ends where a predicate is false, with what makes it false and which step did that. */
export function withFalsity(plan: Plan, trace: Trace, predicate: number): Trace {
  const { expression, bindings, ofStep } = plan.predicates[predicate]!;
  const [last, before] = [trace.states.at(-1), trace.states.at(-2)];
  if (last === undefined || (ofStep && before === undefined)) return trace;
  const moment = ofStep ? { state: before!, next: last } : { state: last };
  const parts = falsityOf(plan, expression, bindings, moment);
  const wasTrue = before !== undefined && (ofStep || evaluatePredicate(plan, predicate, before) === true);
  if (!wasTrue) return { ...trace, falsity: { parts, changes: [] } };
  const step = trace.steps.length - 1;
  return { ...trace, falsity: { parts, brokenBy: step, changes: changesRead(trace, step, parts) } };
}

/** A trace after which a step fails, with what makes its `verify` false, if that is what fails. */
export function withFailedVerify(plan: Plan, trace: Trace, failing: number): Trace {
  const [instance, state] = [plan.instances[failing], trace.states.at(-1)];
  if (instance === undefined || state === undefined) return trace;
  const verified = verifiedBy(plan, state, instance);
  if (verified === undefined) return trace;
  const parts = falsityOf(plan, verified.condition, verified.locals, { state: verified.state });
  return { ...trace, falsity: { parts, changes: [] } };
}

/** What a step changed of the places that are read. */
function changesRead(trace: Trace, step: number, parts: readonly FalsePart[]): Falsity['changes'] {
  const reads = parts.flatMap(({ reads, bound }): readonly Read[] => [...reads, ...bound.flatMap((one) => one.reads)]);
  return trace.steps[step]!.changes.filter(({ place }) =>
    reads.some((read) => isWithin(place, read.place) || isWithin(read.place, place)),
  );
}
