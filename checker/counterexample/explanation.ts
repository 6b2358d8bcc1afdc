import type { Span } from '../../dsl/diagnostics/span.ts';
import { equalValues, formatValue } from '../../dsl/ir/index.ts';
import type { Expression, ObjectValue, Value } from '../../dsl/ir/index.ts';
import { obstaclesTo } from '../engine/interpreter/obstacle.ts';
import type { Obstacles } from '../engine/interpreter/obstacle.ts';
import { actorNameOf, actorOf, actorsOf } from '../plan/actor.ts';
import type { Actor } from '../plan/actor.ts';
import type { Instance } from '../plan/instance.ts';
import type { Plan } from '../plan/plan.ts';
import { formatActor, instanceFinder, isNamed, stepNameOf } from '../plan/step-name.ts';
import type { ActorName, StepName } from '../plan/step-name.ts';
import type { HelpfulStep, Hindrance, Inaction, MissedStep, Trace, Wait, WaitsFor } from './behavior.ts';
import { circleIn } from '../locks/circle.ts';
import { conditionOf, isMet, readIn } from './condition.ts';
import type { Condition } from './condition.ts';
import { EnderSearch } from './enders.ts';
import type { Ender, Enders } from './enders.ts';
import type { Explored } from './explored.ts';
import { finishOf } from './finish.ts';
import { isWrittenBy, readingsOf, readsOf } from './places.ts';
import type { Reading } from './places.ts';
import { labelOf, threadsOf } from './threads.ts';
import type { Thread } from './threads.ts';
import { subjectOf } from './wait-subject.ts';

/** The part of a behavior that is explained, and how it came there. */
interface Course {
  /** All its states; for a lasso the last is the one where the loop starts. */
  readonly states: readonly ObjectValue[];
  /** The steps between them. */
  readonly steps: readonly StepName[];
  /** The first state from which on somebody waits: the last of all, or the first of the loop. */
  readonly from: number;
  /** Whether nothing can happen there. */
  readonly isEnd: boolean;
}

/** A behavior that goes no further than its loop, or than its last state, where nothing can happen. */
export function courseOf({ states, steps, loop }: Pick<Trace, 'states' | 'steps' | 'loop'>): Course {
  return { states, steps, from: loop ?? states.length - 1, isEnd: loop === undefined };
}

/** Explains states of one plan: why steps are not possible, and who waits for whom. */
export class Explainer {
  private readonly actors: ReadonlyMap<string, Actor>;
  private readonly threads: ReadonlyMap<string, Thread>; // by name
  private instanceOf: ((step: StepName) => Instance | undefined) | undefined;
  private readonly judged = new Map<string, readonly Judged[]>(); // by where, and what happens there
  private readonly obstacles = new WeakMap<ObjectValue, Map<Instance, Obstacles | undefined>>();
  private search: EnderSearch | undefined;
  private found: Explored | undefined;

  /**
   * @param explore - what was explored, asked for when somebody waits. Absent: it is not said who could end a wait.
   */
  constructor(
    private readonly plan: Plan,
    private readonly explore?: () => Explored,
  ) {
    const isLarge = MAX_INSTANCES < plan.instances.length;
    this.actors = isLarge ? new Map() : actorsOf(plan);
    this.threads = new Map(isLarge ? [] : threadsOf(plan).map((thread) => [thread.name, thread]));
  }

  /** Why none of some instances is possible; the most telling of their reasons, or undefined when one is possible. */
  hindranceOf(instances: Iterable<number>, state: ObjectValue): Hindrance | undefined {
    if (this.actors.size === 0) return undefined;
    const hindered: { readonly instance: Instance; readonly obstacles: Obstacles }[] = [];
    for (const id of instances) {
      const instance = this.plan.instances[id]!;
      const obstacles = this.obstaclesTo(instance, state);
      if (obstacles === undefined) return undefined;
      hindered.push({ instance, obstacles });
    }
    let told: Obstacle | undefined; // working out what each reads costs more than all the rest
    for (const { instance, obstacles } of hindered) {
      const obstacle = this.wordObstacle(instance, obstacles, state);
      if (!obstacle.isControl) return hindranceIn(obstacle);
      told ??= obstacle;
    }
    return told && hindranceIn(told);
  }

  /** Why one instance is not possible in a state, or undefined when it is. */
  obstacleTo(instance: Instance, state: ObjectValue): Obstacle | undefined {
    const obstacles = this.obstaclesTo(instance, state);
    return obstacles && this.wordObstacle(instance, obstacles, state);
  }

  private obstaclesTo(instance: Instance, state: ObjectValue): Obstacles | undefined {
    const known = this.obstacles.get(state) ?? new Map<Instance, Obstacles | undefined>();
    this.obstacles.set(state, known);
    if (!known.has(instance)) known.set(instance, obstaclesTo(this.plan, state, instance));
    return known.get(instance);
  }

  private wordObstacle(instance: Instance, obstacles: Obstacles, state: ObjectValue): Obstacle {
    const [first] = obstacles.list;
    const { span, condition, bindings } = first!;
    const readings = this.readingsOf(instance, obstacles, state);
    return {
      step: stepNameOf(instance),
      span,
      reads: readsOf(readings),
      isControl: this.isElsewhere(instance, readings, state),
      ...(condition !== undefined && { condition, bindings }),
    };
  }

  /**
   * Who waits where a behavior goes no further: every thread that takes no step there and has none that is possible, and
   * outside of processes every step that waits for others. What `docs/internals/waits.md` calls who could end a wait is
   * asked of the explored states.
   *
   * @param taken - the steps that happen there; whose they are does not wait.
   */
  waitsIn(course: Course, taken: ReadonlySet<number>): WaitsFor | undefined {
    const { states, from } = course;
    if (states[from] === undefined || this.actors.size === 0) return undefined;
    const here = from === states.length - 1 ? [states[from]] : states.slice(from, -1);
    const judged = this.judgedAt(here, taken);
    return judged.length === 0 ? undefined : this.explain(judged, { here, course, taken });
  }

  /** What everybody waits for in a state in which nothing can happen; what is no thread only where there are none. */
  waitsAt(state: ObjectValue): readonly Explained[] {
    const waiting = this.waitingIn([state], new Set());
    const threads = waiting.filter(({ thread }) => thread !== undefined);
    return (threads.length === 0 ? waiting : threads).map(({ instance, obstacles }) => ({
      instance,
      span: obstacles.list[0]!.span,
      readings: this.readingsOf(instance, obstacles, state),
    }));
  }

  /** Who waits at a standstill, and who could end that: several properties may be violated by hanging in one place. */
  private judgedAt(here: readonly ObjectValue[], taken: ReadonlySet<number>): readonly Judged[] {
    const key = [...here.map(formatValue), ...taken].join('\0');
    let judged = this.judged.get(key);
    if (judged === undefined) this.judged.set(key, (judged = this.judge(this.waitingIn(here, taken), here)));
    return judged;
  }

  private waitingIn(here: readonly ObjectValue[], taken: ReadonlySet<number>): readonly Waiting[] {
    const [state] = here;
    const waiting: Waiting[] = [];
    for (const actor of this.actors.values()) {
      const thread = this.threads.get(actor.name);
      if (thread !== undefined) {
        const instance = thread.at.get(labelOf(thread, state!));
        if (instance === undefined || actor.instances.some(({ id }) => taken.has(id))) continue;
        const found = this.waitOf(instance, here);
        if (found !== undefined) waiting.push({ ...found, actor, thread });
        continue;
      }
      for (const instance of actor.instances) {
        // A time-out is not what anybody waits for: it comes to whom it finds.
        const isIdle = taken.has(instance.id) || instance.action.timeout !== undefined;
        const found = isIdle ? undefined : this.waitOf(instance, here);
        if (found !== undefined) waiting.push({ ...found, actor });
      }
    }
    return waiting;
  }

  /** For what an instance waits in all of some states; undefined when it is possible in one. */
  private waitOf(
    instance: Instance,
    here: readonly ObjectValue[],
  ): Pick<Waiting, 'instance' | 'obstacles' | 'condition' | 'state'> | undefined {
    let told: Pick<Waiting, 'instance' | 'obstacles' | 'condition' | 'state'> | undefined;
    for (const state of here) {
      const obstacles = this.obstaclesTo(instance, state);
      if (obstacles === undefined) return undefined;
      told ??= { instance, obstacles, condition: undefined, state };
      if (told.condition !== undefined) continue;
      const condition = conditionOf(this.plan, instance, obstacles, state);
      if (condition === undefined) continue;
      // Of all that keeps it, what is never true: the rest comes and goes.
      if (here.every((other) => !isMet(this.plan, condition, other))) told = { instance, obstacles, condition, state };
    }
    return told;
  }

  private judge(waiting: readonly Waiting[], here: readonly ObjectValue[]): readonly Judged[] {
    if (waiting.length === 0) return [];
    const explored = this.explored();
    const numbers = explored === undefined ? [] : here.map((state) => explored.numberOf(state));
    const isKnown = explored !== undefined && numbers.every((number) => 0 <= number);
    const search = isKnown ? (this.search ??= new EnderSearch(this.plan, explored)) : undefined;
    const waits = new Map(
      waiting.flatMap(({ thread, condition }) =>
        thread === undefined || condition === undefined ? [] : [[thread.name, condition] as const],
      ),
    );
    const standstill = { states: here, numbers, waits };
    return waiting.map((one): Judged => {
      const { instance, condition } = one;
      return { ...one, enders: condition && search?.of({ instance, condition }, standstill) };
    });
  }

  private explain(
    judged: readonly Judged[],
    { here, course, taken }: Pick<Context, 'here' | 'course' | 'taken'>,
  ): WaitsFor | undefined {
    const isComplete = this.explored()?.isComplete === true;
    const byId = new Map(judged.map((one) => [idOf(one), one]));
    const context: Context = { here, course, taken, judged, byId, isComplete };
    const shortest = circleIn(judged.map(idOf), (id) => this.nextOf(id, context));
    const told = this.toldOf(shortest, context);
    const circle = this.circleOfTold(shortest, told, context);
    if (told.length === 0 && judged.every(({ thread }) => thread !== undefined)) return undefined;
    const wording = told.map((one) => this.tell(one, context));
    const members = circle.map((id) => byId.get(id)!);
    const isNextOther = ({ actor }: Judged, index: number): boolean =>
      members[(index + 1) % members.length]!.actor.name !== actor.name;
    const finished =
      course.isEnd && isComplete
        ? finishOf(this.plan, told, wording, (thread) => this.search?.standsAtBeginning(thread, here[0]!) === true)
        : undefined;
    if (wording.length === 0 && finished === undefined) return undefined;
    return {
      state: course.from,
      waits: withoutIdleSteps(wording),
      circle: members
        .filter((one, index) => members.length === 1 || isNextOther(one, index))
        .map(({ instance }) => actorOf(instance)),
      isComplete,
      ...(finished !== undefined && { finished }),
    };
  }

  /** What was explored, if anything may be asked of it; models with too many instances are not explained. */
  explored(): Explored | undefined {
    return this.actors.size === 0 ? undefined : (this.found ??= this.explore?.());
  }

  /** A circle of those who are reported: another may be shorter, but it is of no use to who does not see its members. */
  private circleOfTold(shortest: readonly string[], told: readonly Judged[], context: Context): readonly string[] {
    const ids = new Set(told.map(idOf));
    // Where there are no threads, an actor is told by one of its steps.
    if (this.threads.size === 0 || shortest.every((id) => ids.has(id))) return shortest;
    return circleIn([...ids], (id) => this.nextOf(id, context).filter((other) => ids.has(other)));
  }

  /** Those who could end a wait and wait themselves, by their ids. */
  private nextOf(id: string, context: Context): readonly string[] {
    const one = context.byId.get(id);
    if (one?.enders === undefined || !this.isForced(one.instance)) return [];
    return one.enders.list.map(idOfEnder).filter((other) => {
      const waits = context.byId.get(other);
      return waits !== undefined && this.isForced(waits.instance) && this.spentAt(waits, context) === undefined;
    });
  }

  /**
   * Threads are told. Outside of processes a step is not that waits for other steps of its own actor alone, or that
   * nothing ever forces; but where they all wait for each other, those who do. Beside threads, only steps for which
   * somebody waits or that fairness is about, and that are not spent.
   */
  private toldOf(circle: readonly string[], context: Context): readonly Judged[] {
    const { judged } = context;
    const inCircle = new Set(circle);
    const members = judged.filter((one) => inCircle.has(idOf(one)));
    const isAlone = members.every(({ actor }) => actor === members[0]?.actor);
    const isTold = (one: Judged): boolean => {
      if (one.thread !== undefined || (inCircle.has(idOf(one)) && isAlone)) return true;
      if (one.condition?.readings.length === 0) return false; // it is switched off
      return this.isForced(one.instance) && !this.waitsForItsOwn(one);
    };
    if (this.threads.size === 0) return judged.filter(isTold);
    const awaited = new Set(judged.filter(({ thread }) => thread !== undefined).map(idOf));
    for (const id of awaited) {
      const one = context.byId.get(id);
      for (const ender of one?.enders?.list ?? []) awaited.add(idOfEnder(ender));
    }
    const isSpent = (one: Judged): boolean => this.spentAt(one, context) !== undefined;
    const isAssumed = (one: Judged): boolean => 0 < this.plan.system.fairness.length && this.isForced(one.instance);
    return judged.filter((one) => (awaited.has(idOf(one)) || isAssumed(one)) && isTold(one) && !isSpent(one));
  }

  private waitsForItsOwn({ enders, actor, obstacles, instance, state }: Judged): boolean {
    if (enders === undefined) return this.isElsewhere(instance, this.readingsOf(instance, obstacles, state), state);
    const isOwn = (one: Instance): boolean => actorNameOf(one) === actor.name;
    if (0 < enders.last.size) return [...enders.last].every((id) => isOwn(this.plan.instances[id]!));
    return 0 < enders.list.length && enders.list.every((one) => one.kind === 'step' && isOwn(one.instance));
  }

  private tell(one: Judged, context: Context): Wait {
    const { instance, obstacles, condition, enders, state } = one;
    const { course, isComplete } = context;
    const readings = this.readingsOf(instance, obstacles, state);
    const subject = condition && subjectOf(this.plan.system, obstacles, condition);
    const since =
      condition && this.sinceOf(subject === undefined ? condition.readings : condition.readings.slice(-1), course);
    const list = enders === undefined ? [] : this.withTimeout(enders.list, one, context);
    const on = new Map(list.map((ender) => [actorNameOfEnder(ender), actorOfEnder(ender)]));
    const steps = Array.from(on.keys(), (other) =>
      list.flatMap((ender): HelpfulStep[] =>
        ender.kind === 'step' && actorNameOfEnder(ender) === other ? [this.helpOf(ender.instance, context)] : [],
      ),
    );
    const because = Array.from(on.keys(), (other, index): Inaction => {
      const thread = list.find((ender) => ender.kind === 'thread' && ender.thread.name === other);
      return thread?.kind === 'thread' ? this.inactionOf(thread.thread, context) : leading(steps[index]!);
    });
    const isHopeless = enders !== undefined && isComplete && because.every((reason) => reason === 'spent');
    return {
      who: actorOf(instance),
      step: stepNameOf(instance),
      span: obstacles.list[0]!.span,
      reads: readsOf(readings),
      ...(subject !== undefined && { subject }),
      ...(since !== undefined && { since }),
      on: [...on.values()],
      steps,
      because,
      isHopeless,
      missed: isHopeless && enders !== undefined ? this.missedOf(enders, course) : [],
      ...(enders !== undefined && isComplete && { isEverEnded: 0 < enders.ever.size }),
      ...(enders?.wayOut !== undefined && { wayOut: enders.wayOut.map((id) => stepNameOf(this.plan.instances[id]!)) }),
    };
  }

  /**
   * Whoever waits with a time-out can go on by it, whether or not it brings about what is waited for; by one at another
   * label they cannot.
   */
  private withTimeout(list: readonly Ender[], { thread, instance }: Judged, { here }: Context): readonly Ender[] {
    const ofThread = ({ action: { timeout }, values }: Instance): boolean =>
      timeout !== undefined && timeout.name === thread?.process && equalValues(values, instance.values);
    const label = instance.action.process?.label;
    const own = this.plan.instances.find((one) => ofThread(one) && one.action.timeout?.label === label);
    const others = list.filter((ender) => ender.kind === 'thread' || !ofThread(ender.instance));
    const isPossible = own !== undefined && here.some((state) => this.obstacleTo(own, state) === undefined);
    return isPossible ? [...others, { kind: 'step', instance: own }] : others;
  }

  private inactionOf(thread: Thread, { taken, judged, here }: Context): Inaction {
    if (thread.instances.some(({ id }) => taken.has(id))) return 'runs';
    if (judged.some((one) => one.thread?.name === thread.name)) return 'waits';
    return here.some((state) => thread.at.has(labelOf(thread, state))) ? 'unforced' : 'ended';
  }

  private helpOf(instance: Instance, context: Context): HelpfulStep {
    const named = stepNameOf(instance);
    if (context.taken.has(instance.id)) return { ...named, because: 'runs' };
    const isTimeout = instance.action.timeout !== undefined;
    if (isTimeout && context.here.every((state) => this.obstacleTo(instance, state) !== undefined))
      return { ...named, because: 'ended' };
    const waits = context.byId.get(idOf({ instance }));
    if (waits === undefined) return { ...named, because: 'unforced' };
    const step = this.spentAt(waits, context);
    if (step !== undefined) return { ...named, because: 'spent', step };
    return { ...named, because: this.isForced(instance) ? 'waits' : 'ended' };
  }

  /**
   * The step of the trace by which a step outside of processes made itself impossible, as it is since. Not one that only
   * its own actor could make possible again: then it is that actor's turn.
   */
  private spentAt(one: Judged, { course }: Context): number | undefined {
    const { condition, thread, instance } = one;
    if (condition === undefined || thread !== undefined || this.waitsForItsOwn(one)) return undefined;
    for (let at = course.from - 1; 0 <= at; at -= 1) {
      if (isMet(this.plan, condition, course.states[at]!)) return isNamed(instance, course.steps[at]!) ? at : undefined;
    }
    return undefined;
  }

  /** The step since which what is read is as it is where the course has come to. */
  private sinceOf(readings: readonly Reading[], { states, from }: Course): number | undefined {
    const now = readIn(this.plan, { readings }, states[from]!);
    for (let at = from - 1; 0 <= at; at -= 1) if (readIn(this.plan, { readings }, states[at]!) !== now) return at;
    return undefined;
  }

  /** The steps of the trace that end such a wait, each where it was taken last. */
  private missedOf({ ever }: Enders, { steps, from }: Course): readonly MissedStep[] {
    const last = new Map<Instance, number>();
    const instanceOf = (this.instanceOf ??= instanceFinder(this.plan.instances));
    steps.slice(0, from).forEach((one, step) => {
      const instance = instanceOf(one);
      if (instance !== undefined && ever.has(instance.id)) last.set(instance, step);
    });
    return Array.from(last, ([instance, step]) => ({ ...stepNameOf(instance), step }));
  }

  /** Whether some fairness of the spec is about a step outside of processes; threads are held to go on. */
  private isForced({ action }: Instance): boolean {
    const { fairness } = this.plan.system;
    if (action.process !== undefined || fairness.length === 0) return true;
    return fairness.some(({ assumptions }) =>
      assumptions.some(({ groups }) => groups.some(({ actions }) => actions.includes(action.name))),
    );
  }

  private readingsOf(instance: Instance, obstacles: Obstacles, state: ObjectValue): readonly Reading[] {
    const condition = conditionOf(this.plan, instance, { ...obstacles, isCut: false }, state);
    if (condition !== undefined) return condition.readings;
    const [first] = obstacles.list;
    return first?.condition === undefined ? [] : readingsOf(this.plan, first.condition, state);
  }

  /** Whether a step is merely not next: its thread stands elsewhere, or only its own actor writes what it waits for. */
  private isElsewhere(instance: Instance, readings: readonly Reading[], state: ObjectValue): boolean {
    const name = actorNameOf(instance);
    const thread = this.threads.get(name);
    if (thread !== undefined) return thread.at.get(labelOf(thread, state)) !== instance;
    return readings.every(({ place }) => isWrittenBy(this.plan, place, name));
  }
}

function hindranceIn({ step, span, reads }: Obstacle): Hindrance {
  return { step, span, reads };
}

/** Models with more instances than this are not explained. */
const MAX_INSTANCES = 2000;

/** What somebody waits for. */
export interface Explained {
  /** The step that is not possible. */
  readonly instance: Instance;
  readonly span: Span;
  readonly readings: readonly Reading[];
}

/** Why an instance is not possible, and what kind of reason that is. */
export interface Obstacle extends Hindrance {
  /** The step is merely not next. */
  readonly isControl: boolean;
  /** The part of the guard that is false; absent for a choice among nothing. */
  readonly condition?: Expression;
  /** The values of the locals in it. */
  readonly bindings?: ReadonlyMap<string, Value>;
}

/**
 * Those who wait, without the steps outside of processes that have nothing to do: where threads wait, a step that nobody
 * waits for, and that nobody could make possible, is not what hangs.
 */
function withoutIdleSteps(waits: readonly Wait[]): readonly Wait[] {
  const isThread = ({ who }: Wait): boolean => who.kind === 'thread';
  if (!waits.some(isThread)) return waits;
  const awaited = new Set(waits.flatMap(({ on }) => on.map(formatActor)));
  return waits.filter((wait) => isThread(wait) || 0 < wait.on.length || awaited.has(formatActor(wait.who)));
}

/** A step that waits. */
export interface Waiting {
  readonly actor: Actor;
  /** Absent for a step outside of processes. */
  readonly thread?: Thread;
  readonly instance: Instance;
  readonly obstacles: Obstacles;
  /** What is false in all the states; undefined where there is no such thing, or it cannot be said. */
  readonly condition: Condition | undefined;
  /** Where `obstacles` are met. */
  readonly state: ObjectValue;
}

type Judged = Waiting & { readonly enders: Enders | undefined };

interface Context {
  readonly here: readonly ObjectValue[];
  readonly course: Course;
  readonly taken: ReadonlySet<number>;
  readonly judged: readonly Judged[];
  readonly byId: ReadonlyMap<string, Judged>;
  readonly isComplete: boolean;
}

function idOf({ thread, instance }: Pick<Waiting, 'thread' | 'instance'>): string {
  return thread === undefined ? `step ${instance.label}` : `thread ${thread.name}`;
}

function idOfEnder(ender: Ender): string {
  return ender.kind === 'step' ? idOf({ instance: ender.instance }) : `thread ${ender.thread.name}`;
}

function actorOfEnder(ender: Ender): ActorName {
  return actorOf(ender.kind === 'step' ? ender.instance : ender.thread.instances[0]!);
}

function actorNameOfEnder(ender: Ender): string {
  return formatActor(actorOfEnder(ender));
}

/** Of the reasons of several steps the one that says most about their actor. */
function leading(steps: readonly HelpfulStep[]): Inaction {
  const order: readonly Inaction[] = ['runs', 'unforced', 'waits', 'ended', 'spent'];
  return order.find((reason) => steps.some(({ because }) => because === reason)) ?? 'ended';
}
