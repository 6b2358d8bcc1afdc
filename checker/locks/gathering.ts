import type { System } from '../../dsl/ir/index.ts';
import type { Instance } from '../plan/instance.ts';
import { depthOf } from '../search/depth.ts';
import type { Asked } from './guard.ts';
import type { Held, Holder } from './held.ts';
import { locksOf } from './lock.ts';
import type { Lock } from './lock.ts';
import type {
  CircleMember,
  ContendedSleep,
  FamilyDeed,
  FamilyRole,
  LockCircle,
  LockFamily,
  LockOrder,
  LockUse,
  OrderStep,
} from './lock-use.ts';
import type { Situation } from './standstill.ts';
import type { LockDeed } from './step.ts';

/**
 * Puts what is found in single states together, by families of locks and by steps, each with the nearest state. States
 * have to come in the order of their numbers. Mutable on purpose.
 */
export class Gathering {
  private ids = 0;
  private readonly deeds = new Map<string, FamilyDeed>();
  private readonly orders = new Map<string, { readonly order: LockOrder; readonly steps: Map<string, OrderStep> }>();
  private readonly holds = new Map<string, FamilyRole & { readonly steps: Set<string> }>();
  private readonly circles = new Map<string, LockCircle>();
  private readonly contended = new Map<string, ContendedSleep>();

  /** @param levels - how many states were first reached after 0, 1, 2, … steps. */
  constructor(
    private readonly system: System,
    private readonly levels: readonly number[],
  ) {}

  /** A number for a situation. */
  nextId(): number {
    return this.ids++;
  }

  addHolds(holding: readonly Held[], instance: Instance): void {
    for (const { lock, role } of holding) {
      const key = `${lock.family} ${role}`;
      const known = this.holds.get(key) ?? { family: lock.family, role, steps: new Set() };
      known.steps.add(instance.action.name);
      this.holds.set(key, known);
    }
  }

  addDeed({ deed, lock, role, holding }: LockDeed, holder: Holder, { action }: Instance, state: number): void {
    const step = action.name;
    const depth = depthOf(this.levels, state);
    const key = `${deed} ${lock.family} ${role} ${step}`;
    if (!this.deeds.has(key)) this.deeds.set(key, { deed, family: lock.family, role, step, depth });
    if (deed === 'gives') return;
    for (const held of holding) {
      const within = held.lock.family === lock.family ? orderOf(held.lock, lock) : undefined;
      const pair = `${held.lock.family} ${held.role} ${lock.family} ${role} ${within}`;
      let known = this.orders.get(pair);
      if (known === undefined) {
        const order = { held: familyOf(held), asked: familyOf({ lock, role }), ...(within && { within }), steps: [] };
        this.orders.set(pair, (known = { order, steps: new Map() }));
      }
      if (known.steps.has(`${deed} ${step}`)) continue;
      const [heldPath, askedPath] = [held.lock.path, lock.path];
      known.steps.set(`${deed} ${step}`, { deed, step, depth, thread: holder.name, heldPath, askedPath });
    }
  }

  addCircle(stuck: readonly (Situation & { readonly stuckOn: Asked })[], state: number): void {
    const members = stuck.map(({ holder, instance, stuckOn }): CircleMember => ({
      thread: holder.name,
      step: instance.action.name,
      asked: familyOf(stuckOn),
      askedPath: stuckOn.lock.path,
    }));
    const { key, turned } = canonical(members);
    if (!this.circles.has(key)) this.circles.set(key, { members: turned, depth: depthOf(this.levels, state) });
  }

  addContended(sleeper: Situation & { readonly stuckOn: Asked }, held: Held, other: Situation, state: number): void {
    const step = sleeper.instance.action.name;
    const asleepOn = sleeper.stuckOn.lock.family;
    const key = `${held.lock.family} ${held.role} ${asleepOn} ${step}`;
    if (this.contended.has(key)) return;
    const waiting = other.instance.action.name;
    this.contended.set(key, { held: familyOf(held), asleepOn, step, waiting, depth: depthOf(this.levels, state) });
  }

  result(states: number, cut: LockUse['cut']): LockUse {
    const families = new Map<string, LockFamily>();
    for (const { family, kind } of locksOf(this.system)) {
      families.set(family, { name: family, kind, count: (families.get(family)?.count ?? 0) + 1 });
    }
    return {
      locks: [...families.values()],
      deeds: [...this.deeds.values()],
      orders: Array.from(this.orders.values(), ({ order, steps }) => ({ ...order, steps: [...steps.values()] })),
      holds: Array.from(this.holds.values(), (one) => ({ ...one, steps: [...one.steps] })),
      circles: [...this.circles.values()],
      contended: [...this.contended.values()],
      states,
      ...(cut !== undefined && { cut }),
    };
  }
}

function familyOf({ lock, role }: Asked): FamilyRole {
  return { family: lock.family, role };
}

function orderOf(held: Lock, asked: Lock): 'same' | 'ascending' | 'descending' {
  if (held.id === asked.id) return 'same';
  return held.id < asked.id ? 'ascending' : 'descending';
}

/** A circle begins nowhere: the same one is found from each of its members. */
function canonical(members: readonly CircleMember[]): {
  readonly key: string;
  readonly turned: readonly CircleMember[];
} {
  const turns = members.map((_, index) => [...members.slice(index), ...members.slice(0, index)]);
  const keyed = turns.map((turned) => ({
    turned,
    key: turned.map(({ step, asked }) => `${step} ${asked.family} ${asked.role}`).join('; '),
  }));
  return keyed.reduce((best, one) => (one.key < best.key ? one : best));
}
