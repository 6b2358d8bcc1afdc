import { sourceNameOf } from '../../../dsl/ir/told-names.ts';
import type { FamilyRole, LockCircle, LockOrder, LockUse, OrderStep } from '../../locks/lock-use.ts';
import type { DocumentedModel } from '../documented-model.ts';
/** A model that was looked at for its locks. */
export type LockedModel = DocumentedModel & { readonly use: LockUse };

/** Models in which the same goes wrong with locks, if anything does, and what they do with locks between them. */
export interface LockGroup {
  /** At least one. */
  readonly models: readonly LockedModel[];
  readonly orders: readonly GroupOrder[];
  readonly circles: readonly Found<LockCircle>[];
  readonly sleeps: readonly GroupSleep[];
  /** Orders that lead round, with no state in which threads wait for each other that way: families. */
  readonly rounds: readonly (readonly string[])[];
}

/** Something with the model in which it is nearest. */
export interface Found<Item> {
  readonly item: Item;
  readonly model: LockedModel;
}

/** What is asked for while something is held, in whatever role. */
export interface GroupOrder {
  readonly held: string;
  readonly asked: string;
  readonly within: readonly NonNullable<LockOrder['within']>[];
  readonly steps: readonly OrderStep[];
  /** In how many of the models it happens. */
  readonly models: number;
  /** Whether it is part of a circle, or of a sleep that is in the way. */
  readonly isWrong: boolean;
}

/** Somebody who is asleep with a lock. */
export interface GroupSleep {
  readonly held: FamilyRole;
  readonly asleepOn: string;
  /** At which it is asleep. */
  readonly steps: readonly string[];
  /** At which somebody waits for the lock meanwhile; absent: nobody does. */
  readonly waiting?: string;
  /** To the nearest such state. */
  readonly depth: number;
  readonly model: LockedModel;
}

/** The models that have locks which can be taken, by what goes wrong with them. */
export function lockGroups(models: readonly DocumentedModel[]): readonly LockGroup[] {
  return grouped(models.flatMap(lockedModel), ({ result }) => hazardsOf(result.locks!)).map(groupOf);
}

/** The same models as one group, whatever goes wrong with them; undefined when none has locks that can be taken. */
export function lockGroupOf(models: readonly DocumentedModel[]): LockGroup | undefined {
  const locked = models.flatMap(lockedModel);
  return locked.length === 0 ? undefined : groupOf(locked);
}

function lockedModel(model: DocumentedModel): readonly LockedModel[] {
  const use = model.result.locks;
  if (use === undefined || !use.locks.some(({ kind }) => kind !== 'condvar' && kind !== 'barrier')) return [];
  return [{ ...model, use: inSourceNames(use) }];
}

/** Something that goes wrong with locks in models of a group. */
export interface LockFinding {
  /** Equal for the same in other groups. */
  readonly key: string;
  /** The families in the order of the circle; or what is slept on. */
  readonly families: readonly string[];
  /** What is held by who sleeps. */
  readonly held?: FamilyRole;
  /** To the nearest such state. */
  readonly depth: number;
  /** In how many models it is. */
  readonly models: number;
}

/** What goes wrong in a group, each with how near it is and in how many models. */
export function findingsIn({ models, circles, sleeps }: LockGroup): readonly LockFinding[] {
  const circleKey = (circle: LockCircle): string => `circle ${familiesOf(circle).sort().join()}`;
  const sleepKey = ({ held, asleepOn }: Pick<Sleep, 'held' | 'asleepOn'>): string =>
    `sleep ${held.family} ${held.role} ${asleepOn}`;
  const counted = (isIn: (use: LockUse) => boolean): number => models.filter(({ use }) => isIn(use)).length;
  return [
    ...circles.map(({ item }): LockFinding => {
      const key = circleKey(item);
      const isIn = ({ circles: own }: LockUse): boolean => own.some((one) => circleKey(one) === key);
      return { key, families: familiesOf(item), depth: item.depth, models: counted(isIn) };
    }),
    ...sleeps.map((sleep): LockFinding => {
      const key = sleepKey(sleep);
      const isIn = (use: LockUse): boolean => sleepsIn(use).some((one) => sleepKey(one) === key);
      const { held, asleepOn, depth } = sleep;
      return { key, families: [asleepOn], held, depth, models: counted(isIn) };
    }),
  ];
}

function inSourceNames(use: LockUse): LockUse {
  const named = <Item extends { readonly step: string }>(item: Item): Item => ({
    ...item,
    step: sourceNameOf(item.step),
  });
  return {
    ...use,
    deeds: use.deeds.map(named),
    orders: use.orders.map((order) => ({ ...order, steps: order.steps.map(named) })),
    holds: use.holds.map((one) => ({ ...one, steps: [...new Set(one.steps.map(sourceNameOf))] })),
    circles: use.circles.map(({ members, depth }) => ({ depth, members: members.map(named) })),
    contended: use.contended.map((one) => ({ ...named(one), waiting: sourceNameOf(one.waiting) })),
  };
}

/** What goes wrong, as a text: circles, and who is asleep with what. */
function hazardsOf(use: LockUse): string {
  const circles = use.circles.map((circle) => familiesOf(circle).sort().join());
  const sleeps = sleepsIn(use).map(
    ({ held, asleepOn, isInTheWay }) => `${held.family} ${held.role} ${asleepOn} ${isInTheWay}`,
  );
  return [...new Set([...circles, '', ...sleeps])].sort().join('; ');
}

function familiesOf({ members }: LockCircle): string[] {
  return members.map(({ asked }) => asked.family);
}

interface Sleep {
  readonly held: FamilyRole;
  readonly asleepOn: string;
  readonly isInTheWay: boolean;
}

/** Sleeps with a lock that others wait for, or that nobody else can have meanwhile. */
function sleepsIn({ orders, contended, locks }: LockUse): readonly Sleep[] {
  return orders.flatMap(({ held, asked }): readonly Sleep[] => {
    if (!isForSleeping(locks, asked.family)) return [];
    const isInTheWay = contended.some((one) => isSame(one.held, held) && one.asleepOn === asked.family);
    return isInTheWay || held.role !== 'read' ? [{ held, asleepOn: asked.family, isInTheWay }] : [];
  });
}

function isForSleeping(locks: LockUse['locks'], family: string): boolean {
  return locks.some(({ name, kind }) => name === family && (kind === 'condvar' || kind === 'barrier'));
}

function isSame(left: FamilyRole, right: FamilyRole): boolean {
  return left.family === right.family && left.role === right.role;
}

function groupOf(models: readonly LockedModel[]): LockGroup {
  const circles = nearest(
    models.flatMap((model) => model.use.circles.map((item) => ({ item, model }))),
    ({ item }) => familiesOf(item).sort().join(),
    ({ item }) => item.depth,
  );
  const sleeps = groupSleeps(models);
  const closed = new Set(circles.map(({ item }) => familiesOf(item).sort().join()));
  const isWrong = (held: string, asked: string): boolean =>
    circles.some(({ item }) => edgesOf(item).some(([from, to]) => from === held && to === asked)) ||
    sleeps.some((sleep) => sleep.held.family === held && sleep.asleepOn === asked);
  const orders = groupOrders(models, isWrong);
  const rounds = roundsIn(orders).filter((round) => !closed.has([...round].sort().join()));
  return { models, orders, circles, sleeps, rounds };
}

/** What is held and asked for in a circle: each member holds what the one before waits for. */
function edgesOf({ members }: LockCircle): readonly (readonly [string, string])[] {
  return members.map(({ asked }, index) => [members.at(index - 1)!.asked.family, asked.family]);
}

function groupOrders(
  models: readonly LockedModel[],
  isWrong: (held: string, asked: string) => boolean,
): readonly GroupOrder[] {
  const all = models.flatMap(({ use, label }) => use.orders.map((order) => ({ ...order, label })));
  const byFamilies = grouped(all, ({ held, asked }) => `${held.family} ${asked.family}`);
  return byFamilies.map((orders): GroupOrder => {
    const { held, asked } = orders[0]!;
    const steps = nearest(
      orders.flatMap((order) => order.steps),
      ({ deed, step }) => `${deed} ${step}`,
      ({ depth }) => depth,
    );
    return {
      held: held.family,
      asked: asked.family,
      within: [...new Set(orders.flatMap(({ within }) => within ?? []))],
      steps,
      models: new Set(orders.map(({ label }) => label)).size,
      isWrong: isWrong(held.family, asked.family),
    };
  });
}

function groupSleeps(models: readonly LockedModel[]): readonly GroupSleep[] {
  const all = models.flatMap((model) =>
    sleepsIn(model.use).map((sleep): GroupSleep => {
      const { held, asleepOn } = sleep;
      const isOfIt = (one: { readonly held: FamilyRole }): boolean => isSame(one.held, held);
      const contended = model.use.contended.find((one) => isOfIt(one) && one.asleepOn === asleepOn);
      const order = model.use.orders.find((one) => isOfIt(one) && one.asked.family === asleepOn)!;
      const asleep = [...new Set(order.steps.map(({ step }) => step))];
      const steps = contended === undefined ? asleep : [contended.step];
      const depth = contended?.depth ?? Math.min(...order.steps.map((step) => step.depth));
      return { held, asleepOn, steps, depth, model, ...(contended !== undefined && { waiting: contended.waiting }) };
    }),
  );
  return nearest(
    all,
    ({ held, asleepOn }) => `${held.family} ${held.role} ${asleepOn}`,
    ({ depth }) => depth,
  );
}

/** Shortest ways round, each once; none through what is slept on, from where no order leads on. */
function roundsIn(orders: readonly GroupOrder[]): readonly (readonly string[])[] {
  const waiting = orders.filter(
    ({ within, steps }) => (within.length === 0 || isBothWays(within)) && steps.some(({ deed }) => deed !== 'tries'),
  );
  const found = new Map<string, readonly string[]>();
  for (const { held, asked } of waiting) {
    const way = held === asked ? [held] : wayFrom(asked, held, waiting);
    if (way !== undefined) found.set([...way].sort().join(), way);
  }
  return [...found.values()];
}

function isBothWays(within: GroupOrder['within']): boolean {
  return within.includes('ascending') && within.includes('descending');
}

/** A shortest way along orders, both ends included. */
function wayFrom(start: string, end: string, orders: readonly GroupOrder[]): readonly string[] | undefined {
  const ways = new Map([[start, [start]]]);
  for (const [at, way] of ways) {
    if (at === end) return way;
    for (const { held, asked } of orders) if (held === at && !ways.has(asked)) ways.set(asked, [...way, asked]);
  }
  return undefined;
}

/** Of those that are alike the one that is nearest, in the order in which they were first met. */
function nearest<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  depthOf: (item: Item) => number,
): readonly Item[] {
  return grouped(items, keyOf).map((alike) => alike.reduce((best, one) => (depthOf(one) < depthOf(best) ? one : best)));
}

function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string): readonly (readonly Item[])[] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return [...groups.values()];
}
