import type { ObjectValue } from '../../dsl/ir/index.ts';
import type { Instance } from '../plan/instance.ts';
import type { Plan } from '../plan/plan.ts';
import type { States } from '../search/exploration.ts';
import { circleIn } from './circle.ts';
import { slotOf } from './flow.ts';
import type { Gathering } from './gathering.ts';
import type { Asked } from './guard.ts';
import { heldIn, holdersOf } from './held.ts';
import type { Held, Holder } from './held.ts';
import { contentOf, isForSleeping } from './lock.ts';

/** What a step is in, in all states that agree on what it reads and on what its thread holds. */
export interface Situation {
  /** Told apart by it. */
  readonly id: number;
  readonly holder: Holder;
  readonly instance: Instance;
  readonly holding: readonly Held[];
  /** What its thread waits for and cannot go on without, if that is a lock or to be woken. */
  readonly stuckOn?: Asked;
}

/** A state that is looked at. Mutable on purpose: there is one, for all of them. */
export class Moment {
  state = -1;
  /** Its words start at `segment[at]`. */
  segment: Int32Array;
  at = 0;
  private decoded: ObjectValue | undefined;

  constructor(
    private readonly plan: Plan,
    private readonly states: States,
  ) {
    this.segment = new Int32Array();
  }

  move(state: number): void {
    this.state = state;
    this.segment = this.states.segmentOf(state);
    this.at = this.states.offsetOf(state);
    this.decoded = undefined;
  }

  get value(): ObjectValue {
    return (this.decoded ??= this.plan.layout.decode(this.segment, this.at));
  }
}

type Stuck = Situation & { readonly stuckOn: Asked };

/** Who waits for whom in the states in which threads wait: circles, and sleepers whose locks others wait for. */
export class Standstills {
  private readonly seen = new Set<string>();

  constructor(
    private readonly plan: Plan,
    private readonly gathering: Gathering,
    private readonly most: number,
  ) {}

  /** Whether there are more different standstills than are looked at. */
  get isFull(): boolean {
    return this.most <= this.seen.size;
  }

  /**
   * Looks at a state.
   *
   * @param waiting - the situations of those who are stuck there. Whoever has no lock and waits keeps nobody waiting, but
   * for a writer that is queued.
   */
  look(waiting: readonly (Situation | undefined)[], moment: Moment): void {
    let key = '';
    let holds = false;
    for (const one of waiting) {
      if (one === undefined) continue;
      key += `${one.id} `;
      holds ||= 0 < one.holding.length;
    }
    if (!holds || this.seen.has(key)) return;
    this.seen.add(key);
    const stuck = waiting.filter((one): one is Stuck => one?.stuckOn !== undefined);
    this.findCircle(stuck, moment.value, moment.state);
    this.findContended(stuck, moment.state);
  }

  private findCircle(stuck: readonly Stuck[], value: ObjectValue, state: number): void {
    const byName = new Map(stuck.map((one) => [one.holder.name, one]));
    const names = circleIn([...byName.keys()], (name) =>
      this.holdersBefore(byName.get(name)!, value).filter((other) => byName.has(other)),
    );
    if (0 < names.length)
      this.gathering.addCircle(
        names.map((name) => byName.get(name)!),
        state,
      );
  }

  /** Those without whom a thread cannot have the lock that it waits for: all of them have to give it back. */
  private holdersBefore({ stuckOn: { lock, role } }: Stuck, value: ObjectValue): readonly string[] {
    if (isForSleeping(lock)) return [];
    const all = holdersOf(this.plan).list.filter(({ locks }) => locks.has(lock.id));
    const having = all.filter((other) =>
      heldIn(this.plan, value, other).some((one) => one.lock === lock && conflicts(one, role)),
    );
    if (lock.kind === 'semaphore') return having.length === 1 ? having.map(({ name }) => name) : [];
    const queued =
      lock.kind !== 'rwlock' || role !== 'read' || 0 < having.length
        ? []
        : all.filter(({ slots }) =>
            contentOf(lock, value)!.waiting.some(
              (claim) => claim.role === 'write' && slots.has(slotOf(lock.id, claim.role, claim.value)),
            ),
          );
    return [...having, ...queued].map(({ name }) => name);
  }

  private findContended(stuck: readonly Stuck[], state: number): void {
    for (const sleeper of stuck) {
      if (!isForSleeping(sleeper.stuckOn.lock)) continue;
      for (const held of sleeper.holding) {
        for (const other of stuck) {
          const { lock, role } = other.stuckOn;
          if (lock === held.lock && conflicts(held, role)) this.gathering.addContended(sleeper, held, other, state);
        }
      }
    }
  }
}

/** Whether a hold keeps others from having the lock in a role. */
function conflicts(held: Pick<Held, 'role'>, role: Asked['role']): boolean {
  return held.role !== 'read' || role !== 'read';
}
