import { fold } from '../../dsl/ir/fold.ts';
import type { Expression, PathSegment, Place, Statement, Value } from '../../dsl/ir/index.ts';
import { valuesOf } from '../../dsl/ir/index.ts';
import { evaluateIn } from '../engine/interpreter.ts';
import type { Plan } from '../plan/plan.ts';
import { LOCK_FIELDS, locksOf } from './lock.ts';
import type { Lock, Role } from './lock.ts';

/** What an assignment does to locks, as far as that can be said without the state. */
export interface Use {
  readonly kind: 'claim' | 'release';
  readonly lock: Lock;
  readonly role: Role;
  /** Whoever the lock is taken for or given back by; absent: whoever has it. */
  readonly values: readonly Value[] | undefined;
  /** Whether it is this lock and no other, whatever the state is. */
  readonly isExact: boolean;
}

/** Values of the locals that do not depend on the state. */
export type Known = ReadonlyMap<string, Value>;

/**
 * What an assignment does to locks. That a lock is handed to one of those who are queued is no use of it: they have asked
 * for it before.
 *
 * @param known - the arguments of the step among them.
 */
export function usesIn(plan: Plan, { target, value }: Statement & { kind: 'assign' }, known: Known): readonly Use[] {
  const field = target.path.at(-1);
  if (target.root.kind !== 'variable' || field?.kind !== 'field' || !LOCK_FIELDS.has(field.name)) return [];
  const segments = target.path.map((segment) => textOf(plan, segment, known));
  const locks = locksOf(plan.system).filter((lock) => isAt(lock, target, segments.slice(0, -1)));
  const isExact = locks.length === 1 && !segments.includes(undefined);
  return locks.flatMap((lock): readonly Use[] => {
    const use = useOf(plan, lock.kind, field.name, value, known);
    return use === undefined ? [] : [{ ...use, lock, isExact }];
  });
}

/** The value of an expression that does not look at the state; undefined when it does. */
export function knownValue(plan: Plan, expression: Expression, known: Known): { readonly value: Value } | undefined {
  const bound = new Set<string>();
  const free = new Set<string>();
  const looks = fold<boolean>(expression, (node, parts) => {
    if (node.kind === 'local') free.add(node.name);
    if (node.kind === 'comprehension' || node.kind === 'fold') {
      bound.add(node.binder);
      if (node.indexBinder !== undefined) bound.add(node.indexBinder);
      if (node.kind === 'fold') bound.add(node.accumulator);
    }
    return node.kind === 'variable' || node.kind === 'enabled' || node.kind === 'evaluate' || parts.includes(true);
  });
  if (looks || [...free].some((name) => !bound.has(name) && !known.has(name))) return undefined;
  const answer = evaluateIn(plan, expression, known, {});
  return 'value' in answer ? answer : undefined;
}

function textOf(plan: Plan, segment: PathSegment, known: Known): string | undefined {
  if (segment.kind === 'field') return segment.name;
  const key = knownValue(plan, segment.index, known);
  return key === undefined ? undefined : String(key.value);
}

function isAt({ variable, segments }: Lock, { root }: Place, texts: readonly (string | undefined)[]): boolean {
  if (variable !== root.name || segments.length !== texts.length) return false;
  return segments.every(({ text }, index) => texts[index] === undefined || texts[index] === text);
}

type Effect = Pick<Use, 'kind' | 'role' | 'values'>;

function useOf(plan: Plan, kind: Lock['kind'], field: string, value: Expression, known: Known): Effect | undefined {
  switch (`${kind}.${field}`) {
    case 'mutex.owner':
      return ownerUse(plan, 'own', value, known);
    case 'rwlock.writer':
      return ownerUse(plan, 'write', value, known);
    case 'rwlock.readers':
      return setUse(plan, 'read', value, known);
    case 'rwlock.waitingReaders':
      return queueUse(plan, 'read', value, known);
    case 'rwlock.waitingWriters':
      return queueUse(plan, 'write', value, known);
    case 'semaphore.count':
      if (value.kind !== 'operation') return undefined;
      if (value.operator === 'subtract') return { kind: 'claim', role: 'permit', values: [null] };
      return value.operator === 'add' ? { kind: 'release', role: 'permit', values: [null] } : undefined;
    default:
      return undefined;
  }
}

function ownerUse(plan: Plan, role: Role, value: Expression, known: Known): Effect | undefined {
  const given = knownValue(plan, value, known);
  if (given?.value === null) return { kind: 'release', role, values: undefined };
  if (given !== undefined) return { kind: 'claim', role, values: [given.value] };
  // Whoever of those that are queued comes next is read from the state.
  if (role === 'write') return undefined;
  return { kind: 'claim', role, values: likely(value, known) };
}

function setUse(plan: Plan, role: Role, value: Expression, known: Known): Effect | undefined {
  if (value.kind !== 'operation') {
    const given = knownValue(plan, value, known);
    return given === undefined ? undefined : { kind: 'release', role, values: undefined };
  }
  const [, elements] = value.operands;
  if (elements?.kind !== 'set') return undefined;
  const values = elements.elements.flatMap((element) => {
    const one = knownValue(plan, element, known);
    return one === undefined ? likely(element, known) : [one.value];
  });
  switch (value.operator) {
    case 'union':
      return { kind: 'claim', role, values };
    case 'difference': {
      const isKnown = elements.elements.every((element) => knownValue(plan, element, known) !== undefined);
      return isKnown ? { kind: 'release', role, values } : undefined;
    }
    default:
      return undefined;
  }
}

function queueUse(plan: Plan, role: Role, value: Expression, known: Known): Effect | undefined {
  const use = setUse(plan, role, value, known);
  return use?.kind === 'claim' ? use : undefined;
}

/** Of an expression that looks at the state: the arguments of the step that it could be. */
function likely({ type }: Expression, known: Known): readonly Value[] {
  const possible = new Set(type.kind === 'int' ? [] : valuesOf(type));
  return [...known.values()].filter((value) => possible.has(value));
}

/** What `init` does to locks: the roles in which somebody has them from the start. */
export function initialUses(plan: Plan): ReadonlySet<string> {
  const keys = new Set<string>();
  const { system } = plan;
  for (const statement of system.init) {
    fold<void>(statement, (node) => {
      if (node.kind !== 'assign') return;
      for (const { kind, lock, role } of usesIn(plan, node, NOTHING))
        if (kind === 'claim') keys.add(`${lock.id} ${role}`);
    });
  }
  return keys;
}

const NOTHING: Known = new Map();
