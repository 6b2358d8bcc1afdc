import { fold } from '../../dsl/ir/fold.ts';
import type { Expression, ObjectValue, Statement, System } from '../../dsl/ir/index.ts';
import type { Run } from '../engine/interpreter/run.ts';
import { watchSteps } from '../engine/interpreter/watched.ts';
import type { Watcher, WayEnd } from '../engine/interpreter/watched.ts';
import type { Instance } from '../plan/instance.ts';
import type { Plan } from '../plan/plan.ts';
import { slotOf } from './flow.ts';
import { conjunctsOf, hindrances, isTrue, locksRead, locksTested, needs } from './guard.ts';
import type { Asked } from './guard.ts';
import { heldIn } from './held.ts';
import type { Held, Holder } from './held.ts';
import { contentOf, isForSleeping, locksOf } from './lock.ts';
import type { Claim, Lock, LockContent } from './lock.ts';

/**
 * What a step does with a lock: `takes` it, if need be after waiting; `passes` when it asks that nobody has it and leaves
 * it so, as a critical section does that is a single step; `tries`, and goes on without it; `waits`, because somebody has
 * it; `sleeps` on a condition variable or at a barrier; `gives` it back.
 */
export type Deed = 'takes' | 'passes' | 'tries' | 'waits' | 'sleeps' | 'gives';

/** What a step does with a lock in some state. */
export interface LockDeed extends Asked {
  readonly deed: Deed;
  /** What its thread holds then; when it waits, that lock may be among it. */
  readonly holding: readonly Held[];
}

/** What an instance does with locks in one state. */
interface StepDeeds {
  readonly deeds: readonly LockDeed[];
  /** What keeps it from being possible in every way it could go; absent when it is possible, or something else does. */
  readonly stuckOn?: Asked;
  /** Whether it is possible at all, or fails. */
  readonly isPossible: boolean;
}

/** Runs a step in a state and says what it does with locks on each of its ways. */
export function deedsOf(plan: Plan, holder: Holder, instance: Instance, state: ObjectValue): StepDeeds {
  const start = heldIn(plan, state, holder);
  const deeds: LockDeed[] = [];
  const ends: WayEnd[] = [];
  const waits: (Asked | undefined)[] = [];
  const isWhole = watchSteps(plan, state, instance, (run) => {
    const way = new Way(holder, run, start);
    return {
      before: (statement) => way.before(statement),
      end(how) {
        ends.push(how);
        deeds.push(...way.finish(how));
        if (how === 'impossible') waits.push(way.waits);
      },
    } satisfies Watcher;
  });
  const isPossible = !isWhole || ends.some((end) => end !== 'impossible');
  const [first] = waits;
  const isOne = waits.every((one) => one?.lock === first?.lock && one?.role === first?.role);
  return { deeds, isPossible, ...(!isPossible && isOne && first !== undefined && { stuckOn: first }) };
}

class Way {
  /** What keeps the way from being possible, if that is a lock. */
  waits: Asked | undefined;
  private readonly found: LockDeed[] = [];
  private held: readonly Held[];
  private last: ObjectValue;
  /** Locks that had to be free, and what was held then: passed, unless they are taken after that. */
  private readonly needed = new Map<Lock, LockDeed>();
  /** Locks whose being free was looked up by a function that does not wait. */
  private readonly tried = new Map<Lock, LockDeed>();
  /** Those who were taken out of the queue of a lock. */
  private readonly unqueued = new Set<string>();

  constructor(
    private readonly holder: Holder,
    private readonly run: Run,
    private readonly start: readonly Held[],
  ) {
    this.held = start;
    this.last = run.state;
  }

  before(statement: Statement): void {
    this.look();
    if (statement.kind === 'when') this.guard(statement);
    if (statement.kind === 'if' && isTry(this.run.plan.system, statement)) {
      for (const lock of locksTested(this.run, statement.condition)) {
        const role = roleTried(lock, statement);
        this.tried.set(lock, { deed: 'tries', lock, role, holding: this.apartFrom({ lock, role }) });
      }
    }
  }

  /** What it did, if it was possible; else what it waits for. */
  finish(how: WayEnd): readonly LockDeed[] {
    if (how === 'done') {
      this.look();
      return [...this.found, ...this.needed.values(), ...this.tried.values()];
    }
    if (how === 'failed' || this.waits === undefined) return [];
    const { lock, role } = this.waits;
    // What it would have given back before it came there, it still has.
    return [{ deed: isForSleeping(lock) ? 'sleeps' : 'waits', lock, role, holding: this.start }];
  }

  private guard({ condition }: Statement & { kind: 'when' }): void {
    for (const conjunct of conjunctsOf(condition)) {
      if (locksRead(this.run, conjunct).length === 0) {
        if (isTrue(this.run, conjunct) === false) return;
        continue;
      }
      if (isTrue(this.run, conjunct) !== true) {
        this.waits = this.queuedFor(conjunct) ?? hindrances(this.run, conjunct, condition)[0];
        return;
      }
      for (const { lock, role } of needs(this.run, conjunct, condition)) {
        const isOwn = this.held.some((one) => one.lock === lock && one.role === role);
        if (!isOwn) this.needed.set(lock, { deed: 'passes', lock, role, holding: this.apartFrom({ lock, role }) });
      }
    }
  }

  /** The reader-writer lock that somebody has asked for before, and is now to be given. */
  private queuedFor(conjunct: Expression): Asked | undefined {
    for (const lock of locksRead(this.run, conjunct)) {
      if (lock.kind !== 'rwlock') continue;
      const own = contentOf(lock, this.run.state)?.waiting.find(({ role, value }) =>
        this.holder.slots.has(slotOf(lock.id, role, value)),
      );
      if (own !== undefined) return { lock, role: own.role };
    }
    return undefined;
  }

  /** What has changed since the last look. */
  private look(): void {
    const { state } = this.run;
    if (state === this.last) return;
    for (const lock of locksOf(this.run.plan.system)) {
      if (state[lock.variable] === this.last[lock.variable]) continue;
      if (lock.kind === 'semaphore') this.count(lock, state);
      else this.compare(lock, contentOf(lock, this.last), contentOf(lock, state));
    }
    this.last = state;
  }

  private compare(lock: Lock, before: LockContent = EMPTY, after: LockContent = EMPTY): void {
    for (const claim of before.waiting) {
      if (!has(after.waiting, claim)) this.unqueued.add(slotOf(lock.id, claim.role, claim.value));
    }
    if (isForSleeping(lock)) return;
    for (const claim of before.held) if (!has(after.held, claim)) this.gives(lock, claim);
    for (const claim of after.waiting) if (!has(before.waiting, claim)) this.takes(lock, claim, false);
    for (const claim of after.held) {
      if (has(before.held, claim)) continue;
      // Somebody who was queued is given the lock: they have asked for it before.
      const isGiven = has(before.waiting, claim) || this.unqueued.has(slotOf(lock.id, claim.role, claim.value));
      if (!isGiven) this.takes(lock, claim, true);
    }
  }

  private count(lock: Lock, state: ObjectValue): void {
    const change = countOf(lock, state) - countOf(lock, this.last);
    if (change < 0) this.takes(lock, PERMIT, true);
    if (change > 0) this.gives(lock, PERMIT);
  }

  private takes(lock: Lock, { role, value }: Claim, hasIt: boolean): void {
    const had = this.needed.get(lock) ?? this.tried.get(lock);
    const deed = !this.needed.has(lock) && this.tried.has(lock) ? 'tries' : 'takes';
    this.needed.delete(lock);
    this.tried.delete(lock);
    const holding = had?.holding ?? this.apartFrom({ lock, role });
    this.found.push({ deed, lock, role, holding });
    if (hasIt && this.holder.slots.has(slotOf(lock.id, role, value))) this.held = [...this.held, { lock, role, value }];
  }

  private gives(lock: Lock, { role, value }: Claim): void {
    this.held = this.held.filter((one) => one.lock !== lock || one.role !== role || one.value !== value);
    this.found.push({ deed: 'gives', lock, role, holding: [] });
  }

  private apartFrom({ lock, role }: Asked): readonly Held[] {
    return this.held.filter((one) => one.lock !== lock || one.role !== role);
  }
}

const EMPTY: LockContent = { held: [], waiting: [] };
const PERMIT: Claim = { role: 'permit', value: null };

function has(claims: readonly Claim[], { role, value }: Claim): boolean {
  return claims.some((one) => one.role === role && one.value === value);
}

function countOf(lock: Lock, state: ObjectValue): number {
  return contentOf(lock, state)?.count ?? 0;
}

const tries = new WeakMap<Statement, boolean>();

/** Whether an `if` is that of a function of `fairlead/sync` that takes a lock or goes on without it. */
function isTry(system: System, statement: Statement & { kind: 'if' }): boolean {
  const known = tries.get(statement);
  if (known !== undefined) return known;
  const { path } = system.files[statement.span.file] ?? { path: '' };
  const isOfSync = /\bsync[/\\](mutex|rwlock|semaphore)\.\w+$/.test(path);
  const answer = isOfSync && asksWhetherFree(statement.condition) && !queues(statement);
  tries.set(statement, answer);
  return answer;
}

/** Whether a condition is not just about whether somebody himself has the lock. */
function asksWhetherFree(condition: Expression): boolean {
  return fold<boolean>(condition, (node, parts) => {
    const isNull = node.kind === 'literal' && node.value === null;
    const isCount =
      (node.kind === 'field' && node.name === 'count') || (node.kind === 'operation' && node.operator === 'size');
    return isNull || isCount || parts.includes(true);
  });
}

/** Whether whoever finds the lock taken is queued, or it is one that gives the lock to the queued. */
function queues(statement: Statement & { kind: 'if' }): boolean {
  return fold<boolean>(statement, (node, parts) => {
    const isQueue =
      node.kind === 'assign' &&
      node.target.path.some((segment) => segment.kind === 'field' && /^waiting(Readers|Writers)$/.test(segment.name));
    return isQueue || parts.includes(true);
  });
}

/** `tryWrite` asks whether there are readers, `tryRead` whether a writer is queued. */
function roleTried({ kind }: Lock, { condition }: Statement & { kind: 'if' }): Asked['role'] {
  if (kind === 'semaphore') return 'permit';
  if (kind === 'mutex') return 'own';
  const asksForReaders = fold<boolean>(
    condition,
    (node, parts) => (node.kind === 'field' && node.name === 'readers') || parts.includes(true),
  );
  return asksForReaders ? 'write' : 'read';
}
