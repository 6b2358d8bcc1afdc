import { fold } from '../../dsl/ir/fold.ts';
import { equalValues, ownerOf } from '../../dsl/ir/index.ts';
import type { Expression, ObjectValue } from '../../dsl/ir/index.ts';
import { primitiveAt } from '../../dsl/ir/primitive.ts';
import { obstaclesTo } from '../engine/interpreter/obstacle.ts';
import type { Asked } from '../engine/interpreter/asked.ts';
import type { Instance } from '../plan/instance.ts';
import type { Plan } from '../plan/plan.ts';
import { stepNameOf } from '../plan/step-name.ts';
import type { NextWait, WaitSubject } from './behavior.ts';
import { conditionOf } from './condition.ts';
import { closedCondition } from './decisions.ts';
import { readingsOf, readsOf } from './places.ts';
import { labelOf, threadsOf } from './threads.ts';
import type { Thread } from './threads.ts';
import { subjectOf } from './wait-subject.ts';

/**
 * What a step tried to take and did not get: where `tryEnter`, `tryDown`, `tryRead` or `tryWrite` of `fairlead/sync` found
 * that it is not to be had. An `if` of those files that is true asks for nothing else in the form that it has there.
 *
 * @param deciding - the conditions that decided how the step went.
 */
export function refusalsIn(plan: Plan, deciding: readonly Asked[], from: ObjectValue): readonly WaitSubject[] {
  const found = new Map<string, WaitSubject>();
  for (const asked of deciding) {
    const { statement, truth } = asked;
    const primitive = primitiveAt(plan.system.files, statement.span);
    if (primitive === undefined || statement.kind !== 'if' || !truth) continue;
    const subject = refusal(plan, primitive, closedCondition(plan, asked, from), from);
    if (subject !== undefined) found.set(JSON.stringify(subject), subject);
  }
  return [...found.values()];
}

function refusal(plan: Plan, primitive: string, condition: Expression, state: ObjectValue): WaitSubject | undefined {
  const field = FIELDS.get(primitive);
  if (field === undefined) return undefined;
  const reading = readingsOf(plan, condition, state).find(({ place }) => ownerOf(place)?.field === field);
  if (reading === undefined) return undefined;
  const { object } = ownerOf(reading.place)!;
  switch (primitive) {
    case 'mutex':
      return { kind: 'mutex', object, holder: reading.value };
    case 'semaphore':
      return { kind: 'semaphore', object };
    default:
      if (condition.kind !== 'or') return undefined;
      // Readers keep writers out, and those who wait to write keep readers out.
      return { kind: namesField(condition, 'readers') ? 'writing' : 'reading', object };
  }
}

/** What is asked for first of each primitive that can be tried to take. */
const FIELDS: ReadonlyMap<string, string> = new Map([
  ['mutex', 'owner'],
  ['semaphore', 'count'],
  ['rwlock', 'writer'],
]);

function namesField(expression: Expression, name: string): boolean {
  return fold<boolean>(
    expression,
    (node, parts) => parts.includes(true) || (node.kind === 'field' && node.name === name),
  );
}

/** What keeps the thread of a step from its next step in the state that it leads to; undefined when nothing does. */
export function nextWait(plan: Plan, instance: Instance, to: ObjectValue): NextWait | undefined {
  const thread = threadTaking(plan, instance);
  const next = thread?.at.get(labelOf(thread, to));
  return next && hindranceTo(plan, next, to);
}

/** Why a step is not possible in a state; undefined when it is, or where no question about the state says it. */
export function hindranceTo(plan: Plan, instance: Instance, state: ObjectValue): NextWait | undefined {
  const obstacles = obstaclesTo(plan, state, instance);
  const condition = obstacles && conditionOf(plan, instance, obstacles, state);
  if (condition === undefined) return undefined;
  const subject = subjectOf(plan.system, obstacles!, condition);
  return {
    step: stepNameOf(instance),
    span: obstacles!.list[0]!.span,
    reads: readsOf(condition.readings),
    ...(subject !== undefined && { subject }),
  };
}

/** The thread whose step an instance is, be it by a time-out; undefined outside of processes. */
export function threadTaking(plan: Plan, { action, values }: Instance): Thread | undefined {
  const name = (action.process ?? action.timeout)?.name;
  return threadsIn(plan).find(
    (one) => one.process === name && one.values.every((value, index) => equalValues(value, values[index])),
  );
}

const threads = new WeakMap<Plan, readonly Thread[]>();

function threadsIn(plan: Plan): readonly Thread[] {
  const known = threads.get(plan) ?? threadsOf(plan);
  threads.set(plan, known);
  return known;
}
