import { equalValues } from '../../dsl/ir/index.ts';
import { conditionOf, isMet } from '../counterexample/condition.ts';
import type { Condition } from '../counterexample/condition.ts';
import type { Explored } from '../counterexample/explored.ts';
import { threadsOf } from '../counterexample/threads.ts';
import type { Thread } from '../counterexample/threads.ts';
import { obstaclesTo } from '../engine/interpreter/obstacle.ts';
import type { Obstacle } from '../engine/interpreter/obstacle.ts';
import { Counter } from '../locks/counter.ts';
import { Projection, readsOf } from '../locks/projection.ts';
import type { Instance } from '../plan/instance.ts';
import type { Plan } from '../plan/plan.ts';
import { stepNameOf } from '../plan/step-name.ts';
import type { StepName } from '../plan/step-name.ts';
import type { Exploration } from '../search/exploration.ts';
import { foreverIn } from './forever.ts';
import { WaitRecords } from './records.ts';
import type { WaitRecord } from './records.ts';
import type { WaitUse } from './wait-use.ts';

/**
 * Looks at the explored states for who waits for what, and which steps of others end that; undefined without processes.
 *
 * A thread *waits* in a state in which the step at its label is not possible, for the first part of its guard that is
 * false there. A step of somebody else *ends* that when it leads to a state in which the thread stands where it did and
 * that part is true, with its arguments and what it remembers as they are. So it is with all that is waited for: a lock
 * that is given back, a sleeper that is woken, a flag that is set.
 *
 * @param explored - states with the steps between them.
 * @remarks Cost: one pass over the states, some 50 ns for each thread in each, and one over the steps; the interpreter
 * runs a step once for all states that agree on what it reads. Memory: four bytes for each thread in each state.
 */
export function surveyWaits(plan: Plan, exploration: Exploration, explored: Explored): WaitUse | undefined {
  const threads = threadsOf(plan);
  if (threads.length === 0) return undefined;
  const records = new WaitRecords(plan.system, exploration.levels);
  const waiters = threads.map((thread) => new Waiter(plan, thread, exploration, records));
  for (const waiter of waiters) waiter.classify(explored.size);
  findEnders(plan, explored, waiters);
  if (explored.isComplete) {
    for (const waiter of waiters)
      for (const [record, waits] of waiter.waitsByRecord()) {
        records.noteForever(record, foreverIn(explored, waits));
      }
  }
  const cut = exploration.cut === undefined ? 'size' : 'search';
  const wayTo = (state: number): readonly StepName[] | undefined => stepsTo(plan, exploration, explored, state);
  return records.result(explored.size, explored.isComplete ? undefined : cut, wayTo);
}

/** The steps by which a state was first reached; undefined where one of them was not kept. */
function stepsTo(
  plan: Plan,
  exploration: Exploration,
  { graph: { offsets, targets, instances } }: Explored,
  state: number,
): readonly StepName[] | undefined {
  const steps: StepName[] = [];
  for (let to = state, from = exploration.parentOf(to); 0 <= from; to = from, from = exploration.parentOf(from)) {
    let step = offsets[from]!;
    while (step < offsets[from + 1]! && targets[step] !== to) step += 1;
    if (step === offsets[from + 1]) return undefined;
    steps.push(stepNameOf(plan.instances[instances[step]!]!));
  }
  return steps.reverse();
}

/** Goes through all steps for those of others that end waits. */
function findEnders(plan: Plan, { graph, size }: Explored, waiters: readonly Waiter[]): void {
  const { offsets, targets, instances } = graph;
  const own = new Map(waiters.flatMap((waiter) => waiter.instances.map((id) => [id, waiter] as const)));
  const owners = plan.instances.map(({ id }) => own.get(id));
  for (let state = 0; state < size; state += 1) {
    const waiting = waiters.filter((waiter) => waiter.waitsIn(state));
    if (waiting.length === 0) continue;
    for (let step = offsets[state]!; step < offsets[state + 1]!; step += 1) {
      const target = targets[step]!;
      if (target < 0 || size <= target) continue;
      const instance = instances[step]!;
      for (const waiter of waiting) {
        if (owners[instance] !== waiter) waiter.lookAtStep(state, target, plan.instances[instance]!);
      }
    }
  }
}

/** What a thread waits for at its label; it waits for each of them, since each way of the step needs another one. */
interface Obstructed {
  readonly obstacle: Obstacle;
  /** Undefined where no question about the state says it. */
  readonly condition: Condition | undefined;
  readonly record: WaitRecord;
}

/** All states in which a thread stands at a label and its step there reads the same. */
interface Situation {
  readonly instance: Instance;
  /** A state of it. */
  readonly sample: number;
  /** Empty: the step is possible, or fails. */
  readonly waits: readonly Obstructed[];
}

/** A step at a label, by situation. */
interface Observed {
  readonly instance: Instance;
  readonly projection: Projection;
  /** By class of the projection: the number of the situation. */
  readonly numbers: number[];
}

/** A thread in all states. Mutable on purpose: it is the inner loop. */
class Waiter {
  /** The numbers of its instances, time-outs among them. */
  readonly instances: readonly number[];
  private readonly situations: Situation[] = [];
  /** By state: the number of its situation; -1 where it stands at a label without a step. */
  private of = new Int32Array();
  /** By code of the label. */
  private readonly observed: (Observed | undefined)[] = [];
  private readonly counter: Counter;
  private readonly timeouts: ReadonlySet<string>;
  /** By instance: the pairs of situations that were looked at. */
  private readonly seen: Set<number>[] = [];

  constructor(
    private readonly plan: Plan,
    thread: Thread,
    private readonly exploration: Exploration,
    private readonly records: WaitRecords,
  ) {
    const own = plan.instances.filter(
      ({ action, values }) => action.timeout?.name === thread.process && equalValues(values, thread.values),
    );
    this.instances = [...thread.instances, ...own].map(({ id }) => id);
    this.timeouts = new Set(own.map(({ action }) => action.timeout!.label));
    this.counter = new Counter(plan, thread.counter, thread.values);
    for (const [label, instance] of thread.at) {
      const leaves = new Set([this.counter.leaf, ...readsOf(plan, instance).leaves]);
      this.observed[this.counter.codeOf(label)] = {
        instance,
        projection: new Projection(plan.layout, leaves),
        numbers: [],
      };
    }
  }

  classify(size: number): void {
    const { states } = this.exploration;
    this.of = new Int32Array(size).fill(-1);
    for (let state = 0; state < size; state += 1) {
      const segment = states.segmentOf(state);
      const at = states.offsetOf(state);
      const observed = this.observed[this.counter.codeIn(segment, at)];
      if (observed === undefined) continue;
      const { projection, numbers } = observed;
      const one = projection.classOf(segment, at);
      if (one === numbers.length) numbers.push(this.situations.push(this.situationIn(observed, state)) - 1);
      this.of[state] = numbers[one]!;
    }
  }

  /** Whether the thread waits in a state. */
  waitsIn(state: number): boolean {
    const number = this.of[state]!;
    return 0 <= number && 0 < this.situations[number]!.waits.length;
  }

  /** Notes what a step of somebody else ends. */
  lookAtStep(from: number, to: number, { id, action }: Instance): void {
    const [before, after] = [this.of[from]!, this.of[to]!];
    if (before === after || after < 0) return;
    const seen = (this.seen[id] ??= new Set());
    const pair = before * MOST_SITUATIONS + after;
    if (seen.has(pair)) return;
    seen.add(pair);
    const [was, is] = [this.situations[before]!, this.situations[after]!];
    if (was.instance !== is.instance) return; // somebody has put the thread elsewhere
    for (const { obstacle, condition, record } of was.waits) {
      if (isOver(this.plan, obstacle, condition, is, () => this.valueOf(is.sample))) record.enders.add(action.name);
    }
  }

  /** For each record the states in which the thread waits so. */
  waitsByRecord(): ReadonlyMap<WaitRecord, readonly number[]> {
    const found = new Map<WaitRecord, number[]>();
    const lists = this.situations.map(({ waits }) =>
      [...new Set(waits.map(({ record }) => record))].map((record) => {
        const list = found.get(record) ?? [];
        found.set(record, list);
        return list;
      }),
    );
    for (let state = 0; state < this.of.length; state += 1) {
      for (const list of lists[this.of[state]!] ?? []) list.push(state);
    }
    return found;
  }

  private situationIn({ instance }: Observed, state: number): Situation {
    const { plan } = this;
    const value = this.valueOf(state);
    const timesOut = this.timeouts.has(instance.action.process!.label);
    const obstacles = (obstaclesTo(plan, value, instance)?.list ?? []).map((obstacle) => ({
      obstacle,
      condition: conditionOf(plan, instance, { list: [obstacle], isCut: false }, value),
    }));
    // Ways that arguments and parameters alone rule out are none, where there are others.
    const open = obstacles.filter(({ condition }) => condition === undefined || 0 < condition.variables.length);
    const waits = (open.length === 0 ? obstacles : open).map((met): Obstructed => ({
      ...met,
      record: this.records.of(instance, { ...met, timesOut }, state),
    }));
    return { instance, sample: state, waits };
  }

  private valueOf(state: number): ReturnType<Plan['layout']['decode']> {
    const { states } = this.exploration;
    return this.plan.layout.decode(states.segmentOf(state), states.offsetOf(state));
  }
}

/** A thread is never in so many situations. */
const MOST_SITUATIONS = 2 ** 26;

/** Whether an obstacle is gone in a situation of the same step. */
function isOver(
  plan: Plan,
  { span }: Obstacle,
  condition: Condition | undefined,
  { waits }: Situation,
  value: () => Parameters<typeof isMet>[2],
): boolean {
  // What no question about the state says is over when the step no longer ends there.
  if (condition === undefined) return waits.every(({ obstacle }) => obstacle.span !== span);
  return isMet(plan, condition, value());
}
