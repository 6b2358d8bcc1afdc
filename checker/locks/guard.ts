import { fold, partsOf } from '../../dsl/ir/fold.ts';
import type { Expression, ObjectValue, Value } from '../../dsl/ir/index.ts';
import { cardinality, equalValues, isArray, isObject, setOf, valueAt } from '../../dsl/ir/index.ts';
import { evaluate } from '../engine/interpreter/evaluate.ts';
import { EvaluationFailure } from '../engine/interpreter/failure.ts';
import type { Run } from '../engine/interpreter/run.ts';
import { isForSleeping, LOCK_FIELDS, locksOf } from './lock.ts';
import type { Lock, Role } from './lock.ts';

/** What the condition of a guard has to do with a lock. */
export interface Asked {
  readonly lock: Lock;
  readonly role: Role;
}

/** The conjuncts of a condition; of one that the parameters choose, those of the chosen part. */
export function conjunctsOf(condition: Expression): readonly Expression[] {
  return condition.kind === 'and' ? [...conjunctsOf(condition.left), ...conjunctsOf(condition.right)] : [condition];
}

/** Whether a condition is true where a run stands; undefined where it has no value. */
export function isTrue(run: Run, condition: Expression): boolean | undefined {
  try {
    const value = evaluate(run, condition);
    return typeof value === 'boolean' ? value : undefined;
  } catch (error) {
    if (error instanceof EvaluationFailure) return undefined;
    throw error;
  }
}

/**
 * The locks because of which a condition is false where a run stands: it would be true if that lock were free, and
 * nobody asleep there. Where it takes several of them, each is one.
 *
 * @param whole - what the condition is a conjunct of.
 */
export function hindrances(run: Run, condition: Expression, whole: Expression): readonly Asked[] {
  const locks = locksRead(run, condition);
  if (locks.length === 0) return [];
  const alone = locks.filter((lock) => isTrue(withContent(run, [lock], free), condition) === true);
  const found = 0 < alone.length ? alone : togetherFreed(run, condition, locks);
  return found.map((lock) => ({ lock, role: roleAsked(run, condition, whole, lock) }));
}

/** The locks of which a condition that is true asks that nobody has them: it is true of a free one, and only of that. */
export function needs(run: Run, condition: Expression, whole: Expression): readonly Asked[] {
  return locksRead(run, condition)
    .filter((lock) => truthWhenFree(run, condition, lock) === true)
    .map((lock) => ({ lock, role: roleAsked(run, condition, whole, lock) }));
}

/** The locks of which a condition tells a free one from one that somebody has, whoever that is. */
export function locksTested(run: Run, condition: Expression): readonly Lock[] {
  return locksRead(run, condition).filter((lock) => truthWhenFree(run, condition, lock) !== undefined);
}

/** What a condition is when a lock is free, if it is the opposite whoever has the lock. */
function truthWhenFree(run: Run, condition: Expression, lock: Lock): boolean | undefined {
  if (isForSleeping(lock)) return undefined;
  const whenFree = isTrue(withContent(run, [lock], free), condition);
  if (whenFree === undefined) return undefined;
  const owners = takenBy(lock);
  const isOpposite = owners.every((field) => {
    const taken = (_: Lock, now: ObjectValue): ObjectValue => ({ ...free(lock, now), ...field });
    return isTrue(withContent(run, [lock], taken), condition) === !whenFree;
  });
  return isOpposite && 0 < owners.length ? whenFree : undefined;
}

/** The locks whose fields an expression reads where a run stands; with a key that is not known, all that it could be. */
export function locksRead(run: Run, expression: Expression): readonly Lock[] {
  if (!mentionsLock(expression)) return [];
  const found = new Set<Lock>();
  const visit = (node: Expression, bound: ReadonlySet<string>): void => {
    const inner = node.kind === 'comprehension' || node.kind === 'fold' ? new Set([...bound, node.binder]) : bound;
    if (node.kind === 'field' && LOCK_FIELDS.has(node.name)) {
      for (const lock of locksAt(run, node.object, bound)) if (hasField(lock, node.name)) found.add(lock);
    }
    for (const part of partsOf(node)) visit(part as Expression, inner);
  };
  visit(expression, new Set());
  return [...found].sort((left, right) => left.id - right.id);
}

const mentioned = new WeakMap<Expression, boolean>();

function mentionsLock(expression: Expression): boolean {
  const known = mentioned.get(expression);
  if (known !== undefined) return known;
  const answer = fold<boolean>(
    expression,
    (node, parts) => (node.kind === 'field' && LOCK_FIELDS.has(node.name)) || parts.includes(true),
  );
  mentioned.set(expression, answer);
  return answer;
}

function hasField({ domain }: Lock, name: string): boolean {
  return domain.fields.some((field) => field.name === name);
}

/** The locks that a place may be; `bound`: names whose values are not known. */
function locksAt(run: Run, object: Expression, bound: ReadonlySet<string>): readonly Lock[] {
  const texts: (string | undefined)[] = [];
  let place = object;
  while (place.kind === 'field' || place.kind === 'index') {
    texts.unshift(place.kind === 'field' ? place.name : keyText(run, place.index, bound));
    place = place.object;
  }
  if (place.kind !== 'variable') return [];
  const { name } = place;
  return locksOf(run.plan.system).filter(
    ({ variable, segments }) =>
      variable === name &&
      segments.length === texts.length &&
      segments.every(({ text }, index) => texts[index] === undefined || texts[index] === text),
  );
}

function keyText(run: Run, index: Expression, bound: ReadonlySet<string>): string | undefined {
  const isBound = fold<boolean>(
    index,
    (node, parts) => (node.kind === 'local' && bound.has(node.name)) || parts.includes(true),
  );
  if (isBound) return undefined;
  try {
    return String(evaluate(run, index));
  } catch (error) {
    if (error instanceof EvaluationFailure) return undefined;
    throw error;
  }
}

/** Those of several locks that are not free, if it is they who make the condition false. */
function togetherFreed(run: Run, condition: Expression, locks: readonly Lock[]): readonly Lock[] {
  const held = locks.filter((lock) => {
    const now = valueAtLock(lock, run.state);
    return now !== undefined && !equalValues(now, free(lock, now));
  });
  return held.length < 2 || isTrue(withContent(run, held, free), condition) !== true ? [] : held;
}

/** Whoever only asks that there is no writer wants to read: of the whole guard, where the rest of it is true. */
function roleAsked(run: Run, condition: Expression, whole: Expression, lock: Lock): Role {
  if (lock.kind === 'semaphore') return 'permit';
  if (lock.kind !== 'rwlock') return 'own';
  const asked = isTrue(withContent(run, [lock], free), whole) === true ? whole : condition;
  return isTrue(withContent(run, [lock], readOnly), asked) === true ? 'read' : 'write';
}

/** The run with other contents of some locks; what was evaluated before is left as it is. */
function withContent(run: Run, locks: readonly Lock[], change: (lock: Lock, now: ObjectValue) => ObjectValue): Run {
  const state = locks.reduce((changed, lock) => replaced(changed, lock, change), run.state);
  return { ...run, state, locals: new Map(run.locals), watch: undefined };
}

function replaced(state: ObjectValue, lock: Lock, change: (lock: Lock, now: ObjectValue) => ObjectValue): ObjectValue {
  const go = (value: Value, depth: number): Value => {
    if (depth === lock.segments.length) return isObject(value) ? change(lock, value) : value;
    const { text } = lock.segments[depth]!;
    if (isArray(value)) {
      return Number(text) < value.length ? value.with(Number(text), go(value[Number(text)], depth + 1)) : value;
    }
    return isObject(value) ? { ...value, [text]: go(value[text], depth + 1) } : value;
  };
  return { ...state, [lock.variable]: go(state[lock.variable], 0) };
}

function valueAtLock({ variable, segments }: Lock, state: ObjectValue): ObjectValue | undefined {
  let value: Value = state[variable];
  for (const { text } of segments) {
    value = isArray(value) ? value[Number(text)] : isObject(value) ? value[text] : undefined;
  }
  return isObject(value) ? value : undefined;
}

const NOBODY = setOf([]);

function free({ kind, domain }: Lock, now: ObjectValue): ObjectValue {
  switch (kind) {
    case 'mutex':
      return { ...now, owner: null };
    case 'rwlock':
      return { readers: NOBODY, writer: null, waitingReaders: NOBODY, waitingWriters: NOBODY };
    case 'semaphore': {
      const [count] = domain.fields;
      return { count: count?.domain.kind === 'int' ? count.domain.max : now['count'] };
    }
    case 'condvar':
      return { sleepers: NOBODY };
    case 'barrier':
      return { arrived: NOBODY };
  }
}

/** So many owners are tried. */
const MOST_OWNERS = 8;

/** The ways in which somebody has a lock for himself. */
function takenBy({ kind, domain }: Lock): readonly ObjectValue[] {
  if (kind === 'semaphore') return [{ count: 0 }];
  const name = kind === 'mutex' ? 'owner' : 'writer';
  const owners = domain.fields.find((field) => field.name === name)!.domain;
  return Array.from({ length: Math.min(MOST_OWNERS, cardinality(owners)) }, (_, index) => valueAt(owners, index))
    .filter((owner) => owner !== null && owner !== undefined)
    .map((owner) => ({ [name]: owner }));
}

/** A reader-writer lock with nobody but one reader. */
function readOnly({ domain }: Lock): ObjectValue {
  const readers = domain.fields.find(({ name }) => name === 'readers')?.domain;
  const element = readers?.kind === 'set' && 0 < cardinality(readers.element) ? [valueAt(readers.element, 0)] : [];
  return { readers: setOf(element), writer: null, waitingReaders: NOBODY, waitingWriters: NOBODY };
}
