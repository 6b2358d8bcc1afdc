import { fold } from '../../dsl/ir/fold.ts';
import { equalValues, isSamePlace } from '../../dsl/ir/index.ts';
import { isOfOwnThread } from '../../dsl/ir/own-entry.ts';
import type { ObjectValue, System } from '../../dsl/ir/index.ts';
import { initialSteps, stepsOf } from '../engine/interpreter/steps.ts';
import type { Instance } from '../plan/instance.ts';
import { wordsOf } from '../plan/layout.ts';
import type { Plan } from '../plan/plan.ts';
import { formatStep, instanceFinder, isStuttering, stepNameOf } from '../plan/step-name.ts';
import type { StepName } from '../plan/step-name.ts';
import type { Path } from '../search/path.ts';
import type { Change, NextWait, Trace, TraceStep } from './behavior.ts';
import { changesBetween } from './difference.ts';
import { hindranceTo, threadTaking } from './refusals.ts';
import { labelOf } from './threads.ts';
import type { Thread } from './threads.ts';
import { traceOf } from './trace.ts';

/** A schedule of one model, followed in another as far as that goes along. */
export interface Departure {
  /** What the other model does meanwhile, with the further steps of its threads. */
  readonly trace: Trace;
  /** How many steps of the schedule it has taken, in their order; the loop may have been followed several times. */
  readonly taken: number;
  /** For the start and after each of those steps, the state that the other model is in: an index into its trace. */
  readonly reached: readonly number[];
  readonly end: DepartureEnd;
}

type DepartureEnd =
  /** The next step of the schedule is `step`; the step that its thread or actor would have to take is not possible. */
  | { readonly kind: 'impossible'; readonly step: StepName; readonly wait: NextWait }
  /** The thread of the next step of the schedule has gone another way; `turn`: by this step of the trace, its last one. */
  | { readonly kind: 'elsewhere'; readonly step: StepName; readonly at: string; readonly turn?: number }
  /** There is no such step. */
  | { readonly kind: 'missing'; readonly step: StepName }
  /** A step of the schedule fails. */
  | { readonly kind: 'fails'; readonly step: StepName }
  /** It takes all of the schedule; `further` are steps that are possible then, and not at the end of the schedule. */
  | { readonly kind: 'along'; readonly further: readonly StepName[] };

/** A thread may take so many steps of its own to come to where the schedule has it. */
const MOST_FURTHER = 3;

/** So many times the loop of a schedule is followed. */
const MOST_ROUNDS = 3;

/**
 * Follows a schedule, the steps of a trace of another model by their names, in a model that may depart from it.
 *
 * It begins in the initial state that equals that of the trace in most variables, takes the same steps in the same order,
 * and of several ways of a step the one that comes nearest to the state of the trace. Where a thread stands before the
 * label that the schedule has it at, it first takes the few steps of its own that lead there and that are none of the
 * schedule's. It departs where that cannot go on.
 *
 * @param enabled - the instances that are possible at the end of the schedule, in its own model.
 */
export function departureFrom(plan: Plan, schedule: Trace, enabled: readonly Instance[]): Departure | undefined {
  const start = nearest(initialSteps(plan).successors, schedule.states[0]);
  return start && new Follower(plan, schedule, start).follow(enabled);
}

class Follower {
  readonly #instanceOf: (step: StepName) => Instance | undefined;
  readonly #scheduled: ReadonlySet<Instance | undefined>;
  readonly #states: ObjectValue[];
  readonly #taken: number[] = [];
  readonly #reached = [0];

  constructor(
    private readonly plan: Plan,
    private readonly schedule: Trace,
    start: ObjectValue,
  ) {
    this.#instanceOf = instanceFinder(plan.instances);
    this.#scheduled = new Set(schedule.steps.map(this.#instanceOf));
    this.#states = [start];
  }

  follow(enabled: readonly Instance[]): Departure {
    const { steps, states, loop = steps.length } = this.schedule;
    const rounds = Array.from({ length: MOST_ROUNDS - 1 }, () => [...steps.keys()].slice(loop)).flat();
    for (const [taken, index] of [...steps.keys(), ...rounds].entries()) {
      const { action, arguments: given } = steps[index]!;
      const step: StepName = { action, arguments: given };
      const end = isStuttering(step) ? undefined : this.#takeScheduled(step, states[index + 1]!);
      if (end !== undefined) return this.#departed(taken, end);
      this.#reached.push(this.#states.length - 1);
    }
    const possible = this.plan.instances.filter((one) => 0 < stepsOf(this.plan, this.#state, one).successors.length);
    const before = new Set(enabled.map((one) => formatStep(stepNameOf(one))));
    const further = possible.map(stepNameOf).filter((step) => !before.has(formatStep(step)));
    return this.#departed(steps.length + rounds.length, { kind: 'along', further });
  }

  get #state(): ObjectValue {
    return this.#states.at(-1)!;
  }

  /** Takes a step of the schedule; says why, if it does not. */
  #takeScheduled(step: StepName, to: ObjectValue): DepartureEnd | undefined {
    const instance = this.#instanceOf(step);
    if (instance === undefined) return { kind: 'missing', step };
    const thread = threadTaking(this.plan, instance);
    const end = thread && this.#goTo(thread, instance);
    return end ?? this.#take(instance, to, step);
  }

  /** Lets a thread take steps of its own until it stands where a step is taken; takes none when that leads elsewhere. */
  #goTo(thread: Thread, instance: Instance): DepartureEnd | undefined {
    const { action } = instance;
    const step = stepNameOf(instance);
    const wanted = (action.process ?? action.timeout)!.label;
    const [states, taken] = [this.#states.length, this.#taken.length];
    const at = labelOf(thread, this.#state);
    for (let further = 0; labelOf(thread, this.#state) !== wanted; further += 1) {
      const own = thread.at.get(labelOf(thread, this.#state));
      const end = this.#mayLead(thread, wanted, MOST_FURTHER - further)
        ? this.#take(own!, this.#state, step)
        : 'elsewhere';
      if (end === undefined) continue;
      if (end !== 'elsewhere') return end;
      this.#states.length = states;
      this.#taken.length = taken;
      const turn = this.#taken.findLastIndex((id) => thread.instances.some((one) => one.id === id));
      return { kind: 'elsewhere', step, at, ...(0 <= turn && { turn }) };
    }
    return undefined;
  }

  /** Whether a thread may come to a label by a few of its steps that are none of the schedule's, as they are written. */
  #mayLead(thread: Thread, wanted: string, most: number): boolean {
    let labels = new Set([labelOf(thread, this.#state)]);
    for (let further = 0; further < most && !labels.has(wanted); further += 1) {
      const steps = [...labels].flatMap((label) => thread.at.get(label) ?? []);
      labels = new Set(steps.filter((own) => !this.#scheduled.has(own)).flatMap(nextLabels));
    }
    return labels.has(wanted);
  }

  #take(instance: Instance, to: ObjectValue, step: StepName): DepartureEnd | undefined {
    const { successors, failures } = stepsOf(this.plan, this.#state, instance);
    const next = nearest(successors, to);
    if (next === undefined) {
      const wait = hindranceTo(this.plan, instance, this.#state);
      return wait === undefined || 0 < failures.length ? { kind: 'fails', step } : { kind: 'impossible', step, wait };
    }
    this.#states.push(next);
    this.#taken.push(instance.id);
    return undefined;
  }

  #departed(taken: number, end: DepartureEnd): Departure {
    const states = this.#states.map((state) => wordsOf(this.plan.layout, state));
    const path: Path = { states, instances: this.#taken };
    return { trace: traceOf(this.plan, path), taken, reached: this.#reached, end };
  }
}

/** The labels that a step of a process may take its thread to, as it is written. */
function nextLabels({ action }: Instance): readonly string[] {
  return action.body.flatMap((statement) =>
    fold<readonly string[]>(statement, (node, parts) => {
      const isNext = node.kind === 'assign' && isOfOwnThread(action, node) && node.value.kind === 'literal';
      return isNext ? [...parts.flat(), String(node.value.value)] : parts.flat();
    }),
  );
}

/** The state that has most variables in common with another. */
function nearest(states: readonly ObjectValue[], wanted: ObjectValue | undefined): ObjectValue | undefined {
  const common = (state: ObjectValue): number =>
    Object.entries(state).filter(([name, value]) => wanted !== undefined && equalValues(value, wanted[name])).length;
  let [best, most] = [states[0], -1];
  for (const state of states) {
    const count = common(state);
    if (most < count) [best, most] = [state, count];
  }
  return best;
}

/** A place that has another value where another model has come by the steps of a schedule. */
interface LastingDifference extends Change {
  /** The step of the schedule since which it is so; absent: from the start. */
  readonly since?: number;
}

/**
 * Where the state that a schedule ends in differs from where another model has come by the same steps: the values of the
 * one, then of the other, and since which step the place has had different values.
 */
export function differences(
  { variables }: System,
  { states, steps }: Trace,
  { trace, reached }: Pick<Departure, 'trace' | 'reached'>,
): readonly LastingDifference[] {
  const between = (index: number, other: number): readonly Change[] => {
    const [from, to] = [states[index]!, trace.states[other]!];
    const common = variables.filter(({ name }) => Object.hasOwn(from, name) && Object.hasOwn(to, name));
    return changesBetween(common, from, to);
  };
  const last = between(steps.length, trace.states.length - 1);
  const before = reached.slice(0, steps.length).map((other, index) => between(index, other));
  return last.map((change): LastingDifference => {
    const same = before.findLastIndex((changes) => !changes.some(({ place }) => isSamePlace(place, change.place)));
    return same < 0 ? change : { ...change, since: same };
  });
}

/** The step by which a thread went another way, if there is one. */
export function turnOf({ trace, end }: Departure): TraceStep | undefined {
  return end.kind === 'elsewhere' && end.turn !== undefined ? trace.steps[end.turn] : undefined;
}
