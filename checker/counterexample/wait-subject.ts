import { lineOf } from '../../dsl/diagnostics/span.ts';
import { fold } from '../../dsl/ir/fold.ts';
import { ownerOf } from '../../dsl/ir/index.ts';
import type { Expression, System } from '../../dsl/ir/index.ts';
import { primitiveAt } from '../../dsl/ir/primitive.ts';
import type { Obstacle } from '../engine/interpreter/obstacle.ts';
import type { Comparison, WaitSubject } from './behavior.ts';
import type { Condition } from './condition.ts';
import type { Reading } from './places.ts';

/** What a step waits for, if it waits in one way for one thing that there are words for. */
export function subjectOf(
  system: System,
  { list }: { readonly list: readonly Obstacle[] },
  condition: Condition,
): WaitSubject | undefined {
  const [expression] = condition.alternatives;
  const [obstacle] = list;
  if (expression === undefined || obstacle === undefined || list.length !== 1) return undefined;
  return (
    ofPrimitive(primitiveAt(system.files, obstacle.span), condition.readings) ??
    ofComparison(expression, condition.readings)
  );
}

/** By the file of `fairlead/sync` that the guard stands in, and the field that it reads. */
function ofPrimitive(primitive: string | undefined, readings: readonly Reading[]): WaitSubject | undefined {
  const reading = readings.at(-1);
  if (primitive === undefined || reading === undefined) return undefined;
  const { place, value } = reading;
  const owner = ownerOf(place);
  if (owner === undefined) return undefined;
  const { object, field } = owner;
  switch (`${primitive}.${field}`) {
    case 'mutex.owner':
      return { kind: 'mutex', object, holder: value };
    case 'condvar.sleepers':
      return { kind: 'condvar', object };
    case 'semaphore.count':
      return { kind: 'semaphore', object };
    case 'barrier.arrived':
      return { kind: 'barrier', object };
    case 'rwlock.readers':
      return { kind: 'reading', object };
    case 'rwlock.writer':
      return { kind: 'writing', object };
    default:
      return undefined;
  }
}

/** A guard that is one comparison with a value, a flag, or whether a set has an element. */
function ofComparison(expression: Expression, readings: readonly Reading[]): WaitSubject | undefined {
  const reading = readings.at(-1);
  if (reading === undefined) return undefined;
  const { place, value, member, probe } = reading;
  // Others say where it is.
  if (readings.slice(0, -1).some((other) => !isInside(other.probe, probe))) return undefined;
  const isWanted = expression.kind !== 'not';
  const inner = expression.kind === 'not' ? expression.operand : expression;
  if (member !== undefined && inner === probe) return { kind: 'member', place, element: member.element, isWanted };
  if (inner === probe && typeof value === 'boolean') {
    return { kind: 'comparison', place, operator: 'equal', value: isWanted, now: value };
  }
  if (expression.kind !== 'operation' || probe.kind === 'operation') return undefined;
  const [left, right] = expression.operands;
  const operator = COMPARISONS.get(expression.operator);
  if (operator === undefined || left === undefined || right === undefined) return undefined;
  if (left === probe && isConstant(right)) {
    if (isOwner(probe) && operator === 'equal' && right.value === null) {
      return { kind: 'mutex', object: ownerOf(place)!.object, holder: value };
    }
    return { kind: 'comparison', place, operator, value: right.value, now: value };
  }
  if (right === probe && isConstant(left)) {
    return { kind: 'comparison', place, operator: TURNED[operator], value: left.value, now: value };
  }
  return undefined;
}

/** Whether something is the owner of a mutex of `fairlead/sync`. */
function isOwner(probe: Expression): boolean {
  if (probe.kind !== 'field' || probe.name !== 'owner') return false;
  const { type } = probe.object;
  return type.kind === 'object' && type.fields.length === 1;
}

function isInside(part: Expression, whole: Expression): boolean {
  return fold<boolean>(whole, (node, parts) => node === part || parts.includes(true));
}

function isConstant(expression: Expression): expression is Expression & { readonly kind: 'literal' | 'parameter' } {
  return expression.kind === 'literal' || expression.kind === 'parameter';
}

const COMPARISONS: ReadonlyMap<string, Comparison> = new Map(
  (['equal', 'notEqual', 'less', 'lessOrEqual', 'greater', 'greaterOrEqual'] as const).map((one) => [one, one]),
);

/** With its sides exchanged. */
const TURNED: Readonly<Record<Comparison, Comparison>> = {
  equal: 'equal',
  notEqual: 'notEqual',
  less: 'greater',
  lessOrEqual: 'greaterOrEqual',
  greater: 'less',
  greaterOrEqual: 'lessOrEqual',
};

/** As the author wrote it, on one line. */
export function sourceOf(system: System, span: Obstacle['span']): string {
  return lineOf(system.files, span).trim();
}
