import type { Instance } from '../plan/instance.ts';
import type { Plan } from '../plan/plan.ts';
import type { Exploration } from '../search/exploration.ts';
import { Counter } from './counter.ts';
import { Gathering } from './gathering.ts';
import { heldIn, holdersOf } from './held.ts';
import type { Holder } from './held.ts';
import { locksOf } from './lock.ts';
import type { LockUse } from './lock-use.ts';
import { leavesOfLock, Projection, readsOf } from './projection.ts';
import { Moment, Standstills } from './standstill.ts';
import type { Situation } from './standstill.ts';
import { deedsOf } from './step.ts';

/** So many situations of steps are looked at: what a step reads, and which locks its thread has. */
const MOST_SITUATIONS = 100_000;

/**
 * Looks at all explored states for who takes which locks while holding which; undefined when the system has no locks.
 *
 * The interpreter runs a step once for each situation, that is, for all states that agree on what the step reads and on
 * the locks that its thread may hold.
 *
 * @param most - situations to look at; with more, the states after that are left out.
 * @remarks Cost: one pass over the states, some 50 ns for each thread in each, and some 50 µs a situation.
 */
export function surveyLocks(plan: Plan, exploration: Exploration, most = MOST_SITUATIONS): LockUse | undefined {
  if (locksOf(plan.system).length === 0) return undefined;
  const { states } = exploration;
  const gathering = new Gathering(plan.system, exploration.levels);
  const standstills = new Standstills(plan, gathering, most);
  const watched = holdersOf(plan).list.map((holder) => new Watched(plan, holder, gathering));
  const stuck: (Situation | undefined)[] = watched.map(() => undefined);
  const moment = new Moment(plan, states);
  let situations = 0;
  let state = 0;
  for (; state < states.count && situations < most && !standstills.isFull; state += 1) {
    moment.move(state);
    let isAnyStuck = false;
    for (let index = 0; index < watched.length; index += 1) {
      const one = watched[index]!;
      one.look(moment);
      situations += one.isNew ? 1 : 0;
      stuck[index] = one.stuck;
      isAnyStuck ||= one.stuck !== undefined;
    }
    if (isAnyStuck) standstills.look(stuck, moment);
  }
  return gathering.result(state, state < states.count ? 'situations' : exploration.cut && 'search');
}

/** A step at a label, by situation. */
interface Observed {
  readonly instance: Instance;
  readonly projection: Projection;
  readonly situations: Situation[];
  /** Whether it has to do with locks, beside that its thread may have some. */
  readonly isAboutLocks: boolean;
  /** Whether its thread stands there until it is possible. */
  readonly canBeStuck: boolean;
}

/** What somebody does with locks, state after state. Mutable on purpose: it is the inner loop. */
class Watched {
  /** Whether the last look met something new. */
  isNew = false;
  /** What the thread was stuck in at the last look. */
  stuck: Situation | undefined;
  /** By code of the label, once somebody has stood there; of somebody without labels all in the first. */
  private readonly observed: (readonly Observed[])[] = [];
  /** By code of the label. */
  private readonly steps: Instance[][] = [];
  private readonly counter: Counter | undefined;
  /** Of the locks that it may hold, and of where it stands. */
  private readonly leaves: readonly number[];

  constructor(
    private readonly plan: Plan,
    private readonly holder: Holder,
    private readonly gathering: Gathering,
  ) {
    const { process, instances } = holder;
    const counter = process && new Counter(plan, process.counter, instances[0]!.values);
    const locks = locksOf(plan.system).filter(({ id }) => holder.locks.has(id));
    this.leaves = [
      ...(counter === undefined ? [] : [counter.leaf]),
      ...locks.flatMap((lock) => leavesOfLock(plan.layout, lock)),
    ];
    this.counter = counter;
    for (const instance of instances) {
      const code = counter?.codeOf(labelOf(instance)) ?? 0;
      (this.steps[code] ??= []).push(instance);
    }
  }

  look(moment: Moment): void {
    this.isNew = false;
    this.stuck = undefined;
    const { segment, at } = moment;
    const code = this.counter?.codeIn(segment, at) ?? 0;
    for (const one of (this.observed[code] ??= this.observe(code))) {
      const number = one.projection.classOf(segment, at);
      if (number === one.situations.length) {
        this.isNew = true;
        one.situations.push(this.situationOf(one, moment));
      }
      const situation = one.situations[number]!;
      if (situation.stuckOn !== undefined) this.stuck = situation;
    }
  }

  /** The steps at a label that have to do with locks, or that are taken with one. */
  private observe(code: number): readonly Observed[] {
    const { plan, holder } = this;
    const steps = this.steps[code] ?? [];
    const isTimed = steps.some(({ action }) => action.timeout !== undefined);
    return steps.flatMap((instance): readonly Observed[] => {
      const { leaves, isAboutLocks } = readsOf(plan, instance);
      const holds = holder.at.get(labelOf(instance));
      const isIdle = holds === undefined || holds.may.size + holds.must.size === 0;
      if (!isAboutLocks && isIdle) return [];
      const projection = new Projection(plan.layout, new Set([...this.leaves, ...(isAboutLocks ? leaves : [])]));
      // Whoever can time out goes on by that, and somebody outside of processes does not stand anywhere.
      const canBeStuck = holder.process !== undefined && !isTimed;
      return [{ instance, projection, situations: [], isAboutLocks, canBeStuck }];
    });
  }

  private situationOf({ instance, isAboutLocks, canBeStuck }: Observed, { state, value }: Moment): Situation {
    const { plan, holder, gathering } = this;
    const holding = heldIn(plan, value, holder);
    gathering.addHolds(holding, instance);
    const situation = { id: gathering.nextId(), holder, instance, holding };
    if (!isAboutLocks) return situation;
    const { deeds, stuckOn } = deedsOf(plan, holder, instance, value);
    for (const deed of deeds) gathering.addDeed(deed, holder, instance, state);
    return canBeStuck && stuckOn !== undefined ? { ...situation, stuckOn } : situation;
  }
}

function labelOf({ action }: Instance): string {
  return (action.process ?? action.timeout)?.label ?? '';
}
