import { formatPlace, isWithin, ownerOf } from '../../dsl/ir/index.ts';
import type { ObjectValue, StatePlace, Variable } from '../../dsl/ir/index.ts';
import { primitiveAt } from '../../dsl/ir/primitive.ts';
import type { Write } from '../engine/interpreter/run.ts';
import { writesTo } from '../engine/interpreter/steps.ts';
import type { Instance } from '../plan/instance.ts';
import type { Plan } from '../plan/plan.ts';
import type { Change, IdleWrite } from './behavior.ts';

/**
 * What a step wrote and did not change: a wake-up that met nobody, a flag that was set already. Of a statement that is
 * run several times, in a loop, only when no time changed anything.
 *
 * @param changes - what the step changed in all; nothing is said of those places.
 */
export function idleWrites(
  plan: Plan,
  instance: Instance,
  [from, to]: readonly [ObjectValue, ObjectValue],
  changes: readonly Change[],
): readonly IdleWrite[] {
  const writes = writesTo(plan, instance, from, to) ?? [];
  const effective = new Set(writes.filter(({ isChange }) => isChange).map(({ statement }) => statement));
  const variables = new Map(plan.system.variables.map((variable) => [variable.name, variable]));
  const found = new Map<string, IdleWrite>();
  for (const write of writes) {
    if (effective.has(write.statement) || write.place === undefined) continue;
    const [place, key] = [write.place, formatPlace(write.place)];
    if (found.has(key)) continue;
    const idle = idleWrite(plan, variables, write, place);
    if (idle === undefined || changes.some((change) => isWithin(change.place, place))) continue;
    found.set(key, idle);
  }
  return [...found.values()];
}

function idleWrite(
  { system }: Plan,
  variables: ReadonlyMap<string, Variable>,
  { kind, statement }: Write,
  place: StatePlace,
): IdleWrite | undefined {
  const primitive = primitiveAt(system.files, statement.span);
  if (primitive === 'condvar') {
    // `broadcast` empties the set whoever is in it, `signal` asks first whether there is somebody.
    const isWakeUp =
      kind === 'skipped' ||
      (statement.kind === 'assign' && statement.value.kind === 'set' && statement.value.elements.length === 0);
    if (!isWakeUp) return undefined;
    const owner = ownerOf(place);
    return { place: owner?.field === 'sleepers' ? owner.object : place, kind: 'wokeNobody' };
  }
  if (kind === 'skipped' || primitive !== undefined) return undefined;
  if (statement.kind !== 'assign') return undefined;
  // Where a thread stands, and what it remembers, is its own affair.
  const isOwn = variables.get(statement.target.root.name)?.process !== undefined;
  return isOwn ? undefined : { place, kind: 'unchanged' };
}
