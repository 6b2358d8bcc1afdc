import type { Domain, Expression, ObjectDomain, ObjectValue, System, Value } from '../../dsl/ir/index.ts';
import { formatValue, isArray, isObject, SetValue, valuesOf, cardinality } from '../../dsl/ir/index.ts';
import { fold } from '../../dsl/ir/fold.ts';

/** What can be taken (the first three), and what a thread can be asleep on. */
export type LockKind = 'mutex' | 'rwlock' | 'semaphore' | 'condvar' | 'barrier';

/**
 * A primitive of `fairlead/sync` at one place of the state, known by the shape of its schema: a copy that an author has
 * changed is one too, as long as its fields are the same. A semaphore has nothing to be known by but who uses it.
 */
export interface Lock {
  /** Its index in {@link locksOf}. */
  readonly id: number;
  readonly kind: LockKind;
  /** `ring[rx0].lock`. */
  readonly path: string;
  /** `ring[·].lock`: the same for all locks that differ by keys alone. */
  readonly family: string;
  readonly variable: string;
  /** From the variable to the lock. */
  readonly segments: readonly LockSegment[];
  readonly domain: ObjectDomain;
}

/** A field, or the text of a key or index, by which values are read. */
interface LockSegment {
  readonly kind: 'field' | 'key';
  readonly text: string;
}

/** How something is held: a mutex is `own`ed, a semaphore gives `permit`s. */
export type Role = 'own' | 'read' | 'write' | 'permit';

/** A hold or a wait of somebody who goes by a value. */
export interface Claim {
  readonly role: Role;
  readonly value: Value;
}

/** Who has a lock and who is queued for it; of a condition variable and a barrier the sleepers are those who wait. */
export interface LockContent {
  readonly held: readonly Claim[];
  readonly waiting: readonly Claim[];
  /** How many permits a semaphore has left. */
  readonly count?: number;
}

/** The fields that locks have. */
export const LOCK_FIELDS: ReadonlySet<string> = new Set([
  'owner',
  'readers',
  'writer',
  'waitingReaders',
  'waitingWriters',
  'sleepers',
  'arrived',
  'count',
]);

/** More locks than this are not looked at. */
const MOST_LOCKS = 512;

const found = new WeakMap<System, readonly Lock[]>();

/** The locks of a system in the order of its variables; none when there are more than {@link MOST_LOCKS}. */
export function locksOf(system: System): readonly Lock[] {
  const known = found.get(system);
  if (known !== undefined) return known;
  const locks: Lock[] = [];
  const semaphores = semaphoresOf(system);
  const visit = (domain: Domain, variable: string, segments: readonly LockSegment[]): void => {
    if (MOST_LOCKS < locks.length) return;
    const into = (part: Domain, kind: LockSegment['kind'], text: string): void =>
      visit(part, variable, [...segments, { kind, text }]);
    switch (domain.kind) {
      case 'object': {
        const kind = kindOf(domain, semaphores);
        if (kind === undefined) return domain.fields.forEach((field) => into(field.domain, 'field', field.name));
        const [path, family] = [pathOf(variable, segments, false), pathOf(variable, segments, true)];
        locks.push({ id: locks.length, kind, path, family, variable, segments, domain });
        return;
      }
      case 'record':
        if (!hasObject(domain.value) || MOST_LOCKS < cardinality(domain.key)) return;
        for (const key of valuesOf(domain.key)) into(domain.value, 'key', String(key));
        return;
      case 'array':
        if (!hasObject(domain.element)) return;
        for (let index = 0; index < Math.min(domain.maxLength, MOST_LOCKS + 1); index += 1) {
          into(domain.element, 'key', String(index));
        }
        return;
      case 'tuple':
        return domain.items.forEach((item, index) => into(item, 'key', String(index)));
      case 'union':
        return domain.members.forEach((member) => visit(member, variable, segments));
      default:
    }
  };
  for (const { name, domain, process } of system.variables) if (process === undefined) visit(domain, name, []);
  const result = MOST_LOCKS < locks.length ? [] : locks;
  found.set(system, result);
  return result;
}

/** What a lock is in a state; undefined where the state has no such place, as past the end of an array. */
export function contentOf(lock: Lock, state: ObjectValue): LockContent | undefined {
  let value: Value = state[lock.variable];
  for (const { text } of lock.segments) {
    if (isArray(value)) value = value[Number(text)];
    else if (isObject(value)) value = value[text];
    else return undefined;
  }
  if (!isObject(value)) return undefined;
  switch (lock.kind) {
    case 'mutex':
      return { held: claimOf('own', value['owner']), waiting: [] };
    case 'rwlock':
      return {
        held: [...claimOf('write', value['writer']), ...claimsOf('read', value['readers'])],
        waiting: [...claimsOf('write', value['waitingWriters']), ...claimsOf('read', value['waitingReaders'])],
      };
    case 'semaphore':
      return { held: [], waiting: [], count: Number(value['count']) };
    case 'condvar':
      return { held: [], waiting: claimsOf('own', value['sleepers']) };
    case 'barrier':
      return { held: [], waiting: claimsOf('own', value['arrived']) };
  }
}

/** Whether something is a place where threads wait, and nothing that one of them could have. */
export function isForSleeping({ kind }: Pick<Lock, 'kind'>): boolean {
  return kind === 'condvar' || kind === 'barrier';
}

function claimOf(role: Role, value: Value): readonly Claim[] {
  return value === null || value === undefined ? [] : [{ role, value }];
}

function claimsOf(role: Role, set: Value): readonly Claim[] {
  return set instanceof SetValue ? set.elements.map((value) => ({ role, value })) : [];
}

function kindOf(domain: ObjectDomain, semaphores: ReadonlySet<string>): LockKind | undefined {
  const fields = new Map(domain.fields.map((field) => [field.name, field.domain]));
  const names = [...fields.keys()].sort().join();
  if (names === 'readers,waitingReaders,waitingWriters,writer') return 'rwlock';
  if (isNullable(fields.get('owner')) && (fields.size === 1 || fields.has('ownerDied'))) return 'mutex';
  if (fields.size !== 1) return undefined;
  if (fields.get('sleepers')?.kind === 'set') return 'condvar';
  if (fields.get('arrived')?.kind === 'set') return 'barrier';
  return fields.get('count')?.kind === 'int' && semaphores.has(JSON.stringify(domain)) ? 'semaphore' : undefined;
}

/** Whether an object has the shape of a lock; of a semaphore nothing can be said by its shape. */
export function hasLockShape(domain: ObjectDomain): boolean {
  return kindOf(domain, NO_SEMAPHORES) !== undefined;
}

const NO_SEMAPHORES: ReadonlySet<string> = new Set();

function isNullable(domain: Domain | undefined): boolean {
  return domain?.kind === 'union' && domain.members.some(({ kind }) => kind === 'null');
}

/** Whether there may be a lock inside. */
function hasObject(domain: Domain): boolean {
  switch (domain.kind) {
    case 'object':
      return true;
    case 'record':
      return hasObject(domain.value);
    case 'array':
      return hasObject(domain.element);
    case 'tuple':
      return domain.items.some(hasObject);
    case 'union':
      return domain.members.some(hasObject);
    default:
      return false;
  }
}

/** The domains, as texts, of what is counted by the functions of `fairlead/sync/semaphore`. */
function semaphoresOf(system: System): ReadonlySet<string> {
  const domains = new Set<string>();
  const isOfSemaphore = new Set(
    system.files.flatMap(({ path }, index) => (/\bsync[/\\]semaphore\.\w+$/.test(path) ? [index] : [])),
  );
  const note = (object: Expression): void => {
    if (object.type.kind === 'object') domains.add(JSON.stringify(object.type));
  };
  for (const statement of system.actions.flatMap(({ body }) => body)) {
    fold<void>(statement, (node) => {
      if (node.kind === 'field' && node.name === 'count' && isOfSemaphore.has(node.span.file)) note(node.object);
    });
  }
  return domains;
}

function pathOf(variable: string, segments: readonly LockSegment[], isFamily: boolean): string {
  const texts = segments.map(({ kind, text }) =>
    kind === 'field' ? `.${text}` : `[${isFamily ? '·' : formatValue(text)}]`,
  );
  return variable + texts.join('');
}
