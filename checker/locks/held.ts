import { fold } from '../../dsl/ir/fold.ts';
import type { ObjectValue, Process, Statement, Value } from '../../dsl/ir/index.ts';
import { isOfOwnThread } from '../../dsl/ir/own-entry.ts';
import { lanesOf, ownEntry } from '../plan/actor.ts';
import type { Actor } from '../plan/actor.ts';
import type { Instance } from '../plan/instance.ts';
import type { Plan } from '../plan/plan.ts';
import { joined, runFlow, slotOf } from './flow.ts';
import type { Holds, Slot } from './flow.ts';
import { contentOf, locksOf } from './lock.ts';
import type { Lock, Role } from './lock.ts';
import { initialUses } from './use.ts';
import type { Use } from './use.ts';

/** A lock that somebody has, and how. */
export interface Held {
  readonly lock: Lock;
  readonly role: Role;
  readonly value: Value;
}

/**
 * The paths of the locks that the thread of a step has in a state, in the order of the state: `ring[rx0].lock`.
 *
 * The state says under which value a lock is held. Whose value that is the steps say: a thread holds what it takes itself
 * under that value somewhere, gives back somewhere, and may still have at the label where it stands. A lock that nobody
 * both takes and gives back is held by whoever takes it. Of a semaphore the state does not say who has its permits: it is
 * held where a thread has taken one on every way to its label, as long as everybody gives back only what they have.
 *
 * @remarks Cost: the first question about a plan runs each of its steps once or twice without a state.
 */
export function heldBy(plan: Plan, state: ObjectValue, instance: Instance): readonly string[] {
  const holder = holdersOf(plan).of.get(instance.id);
  return holder === undefined ? [] : [...new Set(heldIn(plan, state, holder).map(({ lock }) => lock.path))];
}

/** As {@link heldBy}, of a holder. */
export function heldIn(plan: Plan, state: ObjectValue, holder: Holder): readonly Held[] {
  const holds = holder.at.get(labelIn(holder, state));
  if (holds === undefined || holds.may.size + holds.must.size === 0) return [];
  return locksOf(plan.system).flatMap((lock): readonly Held[] => {
    if (!holder.locks.has(lock.id)) return [];
    if (lock.kind === 'semaphore') {
      const isHeld = holds.must.has(slotOf(lock.id, 'permit', null));
      return isHeld ? [{ lock, role: 'permit', value: null }] : [];
    }
    return (contentOf(lock, state)?.held ?? []).flatMap(({ role, value }) =>
      holds.may.has(slotOf(lock.id, role, value)) ? [{ lock, role, value }] : [],
    );
  });
}

/** Whose steps take locks: a thread with its time-outs, or what one actor does outside of processes. */
export interface Holder extends Actor {
  readonly process: Process | undefined;
  /** What may be held at each label; of an actor without labels at `''`. */
  readonly at: ReadonlyMap<string, Holds>;
  /** The locks that it ever takes, by number. */
  readonly locks: ReadonlySet<number>;
  /** Everything it may ever hold, and that it may be queued for. */
  readonly slots: ReadonlySet<Slot>;
}

interface Holders {
  readonly list: readonly Holder[];
  /** By instance. */
  readonly of: ReadonlyMap<number, Holder>;
}

/** The label where a holder stands. */
function labelIn({ process, instances }: Holder, state: ObjectValue): string {
  if (process === undefined) return '';
  return String(ownEntry(instances[0]!.values, process.counter, state));
}

const known = new WeakMap<Plan, Holders>();

/** Everybody, in the order of the plan's lanes. */
export function holdersOf(plan: Plan): Holders {
  const before = known.get(plan);
  if (before !== undefined) return before;
  const holders = findHolders(plan);
  known.set(plan, holders);
  return holders;
}

const NOTHING: Holds = { may: new Set(), must: new Set() };

/** Somebody's uses of locks, whatever else happens. */
interface Profile {
  readonly actor: Actor;
  readonly process: Process | undefined;
  readonly claims: ReadonlySet<Slot>;
  readonly releases: readonly Use[];
}

function findHolders(plan: Plan): Holders {
  const profiles = lanesOf(plan).map((actor) => profileOf(plan, actor));
  const claimed = new Map<Slot, Profile[]>();
  for (const profile of profiles) {
    for (const slot of profile.claims) claimed.set(slot, [...(claimed.get(slot) ?? []), profile]);
  }
  const initially = initialUses(plan);
  const shared = new Set<Slot>();
  const properOf = new Map<Slot, readonly Profile[]>();
  for (const [slot, claimers] of claimed) {
    const [lock, role] = slot.split(' ');
    // Permits have no names: each thread has its own.
    const isNamed = role !== 'permit';
    const proper = claimers.filter(({ releases }) => !isNamed || releases.some((use) => isReleased(slot, use)));
    properOf.set(slot, proper.length === 0 ? claimers : proper);
    if (!isNamed) continue;
    if (initially.has(`${lock} ${role}`) || (0 < proper.length && proper.length < claimers.length)) shared.add(slot);
  }
  const list = profiles.map((profile): Holder => {
    const slots = new Set([...profile.claims].filter((slot) => properOf.get(slot)!.includes(profile)));
    const given = new Set([...slots].filter((slot) => shared.has(slot)));
    return {
      ...profile.actor,
      process: profile.process,
      at: holdsByLabel(plan, profile, slots, given),
      locks: new Set(Array.from(slots, (slot) => Number(slot.split(' ')[0]))),
      slots,
    };
  });
  const owned = withoutForeignPermits(plan, list);
  return { list: owned, of: new Map(owned.flatMap((one) => one.instances.map(({ id }) => [id, one] as const))) };
}

function isReleased(slot: Slot, { lock, role, values }: Use): boolean {
  return values === undefined
    ? slot.startsWith(`${lock.id} ${role} `)
    : values.some((value) => slot === slotOf(lock.id, role, value));
}

function profileOf(plan: Plan, actor: Actor): Profile {
  const [first] = actor.instances;
  const name = first!.action.process?.name ?? first!.action.timeout?.name;
  const process = plan.system.processes.find((one) => one.name === name);
  const claims = new Set<Slot>();
  const releases: Use[] = [];
  for (const instance of actor.instances) {
    runFlow(plan, instance, process?.counter, NOTHING, (use) => {
      if (use.kind === 'release') releases.push(use);
      else for (const value of use.values ?? []) claims.add(slotOf(use.lock.id, use.role, value));
    });
  }
  return { actor, process, claims, releases };
}

/**
 * What may be held at each label, by going round until nothing is added.
 *
 * @param given - what others may have taken for the holder, at any time.
 */
function holdsByLabel(
  plan: Plan,
  { actor, process, claims }: Profile,
  slots: ReadonlySet<Slot>,
  given: ReadonlySet<Slot>,
): ReadonlyMap<string, Holds> {
  if (claims.size === 0) return new Map();
  if (process === undefined) return new Map([['', { may: slots, must: new Set() }]]);
  const at = new Map<string, Holds>();
  const restrict = ({ may, must }: Holds): Holds => ({
    may: new Set([...[...may].filter((slot) => slots.has(slot)), ...given]),
    must: new Set([...must].filter((slot) => slots.has(slot))),
  });
  const starts = startsOf(plan, process);
  const waiting = new Set<string>();
  const reach = (label: string, holds: Holds): void => {
    const old = at.get(label);
    const now = restrict(joined(old, holds));
    if (old?.may.size === now.may.size && old.must.size === now.must.size) return;
    at.set(label, now);
    waiting.add(label);
  };
  for (const label of starts.own) reach(label, NOTHING);
  for (const label of starts.byOthers) reach(label, { may: slots, must: new Set() });
  for (const label of waiting) {
    waiting.delete(label);
    for (const instance of actor.instances) {
      const place = instance.action.process ?? instance.action.timeout;
      if (place?.label !== label) continue;
      const after = runFlow(plan, instance, process.counter, at.get(label)!, () => undefined);
      for (const [next, holds] of after) reach(next === '' ? label : next, holds);
    }
  }
  return at;
}

/** The labels at which a thread begins, and those where steps of others may put it: there it may have what it ever has. */
function startsOf(
  plan: Plan,
  process: Process,
): { readonly own: ReadonlySet<string>; readonly byOthers: ReadonlySet<string> } {
  const { system } = plan;
  const assigned = (
    body: readonly Statement[],
    isAsked: (node: Statement & { kind: 'assign' }) => boolean,
  ): Set<string> => {
    const labels = new Set<string>();
    for (const statement of body) {
      fold<void>(statement, (node) => {
        if (node.kind !== 'assign' || node.target.root.name !== process.counter || !isAsked(node)) return;
        if (node.value.kind === 'literal') labels.add(String(node.value.value));
        else process.labels.forEach((label) => labels.add(label));
      });
    }
    return labels;
  };
  const own = assigned(system.init, () => true);
  const byOthers = new Set(
    system.actions.flatMap((action) => {
      const isOwn = (action.process ?? action.timeout)?.name === process.name;
      return [...assigned(action.body, (node) => !isOwn || !isOfOwnThread(action, node))];
    }),
  );
  return { own: own.size === 0 ? new Set(process.labels.slice(0, 1)) : own, byOthers };
}

/** A semaphore of which somebody gives back what they do not have for sure is nobody's. */
function withoutForeignPermits(plan: Plan, holders: readonly Holder[]): readonly Holder[] {
  const foreign = new Set<number>();
  for (const { instances, process, at } of holders) {
    for (const instance of instances) {
      const label = (instance.action.process ?? instance.action.timeout)?.label ?? '';
      if (process !== undefined && !at.has(label) && 0 < at.size) continue; // nobody ever stands there
      runFlow(plan, instance, process?.counter, at.get(label) ?? NOTHING, (use, { must }) => {
        if (use.kind !== 'release' || use.lock.kind !== 'semaphore') return;
        if (!must.has(slotOf(use.lock.id, 'permit', null))) foreign.add(use.lock.id);
      });
    }
  }
  if (foreign.size === 0) return holders;
  return holders.map((holder) => ({
    ...holder,
    locks: new Set([...holder.locks].filter((lock) => !foreign.has(lock))),
  }));
}
