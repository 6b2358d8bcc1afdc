import type { Expression, ObjectValue, Value } from '../../dsl/ir/index.ts';
import { whyNot } from '../engine/interpreter/obstacle.ts';
import { stepsOf } from '../engine/interpreter/steps.ts';
import type { Instance, Plan } from '../plan/plan.ts';
import { actorNameOf, actorsOf } from '../plan/actor.ts';
import type { Actor } from '../plan/actor.ts';
import type { Hindrance, Inaction, Wait, WaitsFor } from './behavior.ts';
import { overlap, readingsOf, writesOf } from './places.ts';
import type { Reading, StatePlace } from './places.ts';

/** Explains states of one plan: why steps are not possible, and who waits for whom. */
export class Explainer {
  private readonly actors: ReadonlyMap<string, Actor>;
  private readonly writers: ReadonlyMap<string, readonly Writer[]>; // by variable

  constructor(private readonly plan: Plan) {
    this.actors = MAX_INSTANCES < plan.instances.length ? new Map() : actorsOf(plan);
    this.writers = writersOf(this.actors.values());
  }

  /** Why none of some instances is possible; the most telling of their reasons, or undefined when one is possible. */
  hindranceOf(instances: Iterable<number>, state: ObjectValue): Hindrance | undefined {
    if (this.actors.size === 0) return undefined;
    const obstacles: Found[] = [];
    for (const id of instances) {
      const obstacle = this.obstacle(this.plan.instances[id]!, state);
      if (obstacle === undefined) return undefined;
      obstacles.push(obstacle);
    }
    const told = obstacles.find(({ isControl }) => !isControl) ?? obstacles[0];
    return told && hindrance(told);
  }

  /**
   * Who waits in a state: everyone without a step there whose next step is kept from happening by something that
   * others write.
   *
   * Someone who merely stands elsewhere in their own code does not wait: a guard that reads only what its own thread
   * writes says which step is next, not what it waits for.
   *
   * @param states - where they wait, and where the behavior goes on from there: the states of a loop.
   * @param index - of the first of them in the behavior.
   * @param taken - the steps that happen in these states; whose they are does not wait.
   */
  waitsIn(states: readonly ObjectValue[], index: number, taken: ReadonlySet<number>): WaitsFor | undefined {
    const [state] = states;
    if (state === undefined) return undefined;
    const busy = new Set(Array.from(taken, (id) => actorNameOf(this.plan.instances[id]!)));
    const idle = [...this.actors.values()].filter(({ name }) => !busy.has(name));
    const found = idle.flatMap((actor) => this.waitsOf(actor, state));
    const waiting = new Set(found.map(({ who }) => who));
    const isPossible = remembered((id: number) =>
      states.some((one) => this.obstacle(this.plan.instances[id]!, one) === undefined),
    );
    const becauseOf = (actor: string, steps: readonly number[]): Inaction => {
      if (waiting.has(actor)) return 'waits';
      if (steps.some((id) => taken.has(id))) return 'runs';
      return steps.some(isPossible) ? 'unforced' : 'ended';
    };
    const waits = found.map(({ helpers, ...wait }): Wait => {
      const steps = helpers.map(({ actor, instances }) =>
        this.isThread(actor)
          ? []
          : instances.map((id) => ({ label: this.plan.instances[id]!.label, because: becauseOf(actor, [id]) })),
      );
      // A thread can go on to do what is waited for; other steps just happen, or do not.
      const because = helpers.map(({ actor, instances }) =>
        becauseOf(actor, this.isThread(actor) ? this.actors.get(actor)!.instances.map(({ id }) => id) : instances),
      );
      return { ...wait, on: helpers.map(({ actor }) => actor), steps, because };
    });
    return waits.length === 0 ? undefined : { state: index, waits, circle: circleIn(waits) };
  }

  private isThread(actor: string): boolean {
    return this.actors.get(actor)!.instances[0]!.action.process !== undefined;
  }

  /** Why one instance is not possible in a state, or undefined when it is. */
  obstacleTo(instance: Instance, state: ObjectValue): Obstacle | undefined {
    const found = this.obstacle(instance, state);
    if (found === undefined) return undefined;
    const { isControl, condition, bindings } = found;
    return { ...hindrance(found), isControl, ...(condition !== undefined && { condition, bindings }) };
  }

  private waitsOf(actor: Actor, state: ObjectValue): readonly Waiting[] {
    const obstacles: Found[] = [];
    for (const instance of actor.instances) {
      const obstacle = this.obstacle(instance, state);
      if (obstacle === undefined) return [];
      obstacles.push(obstacle);
    }
    return obstacles
      .filter(({ isControl }) => !isControl)
      .map((obstacle) => ({
        ...hindrance(obstacle),
        who: actor.name,
        name: this.isThread(actor.name) ? actor.name : obstacle.instance.label,
        helpers: this.othersWriting(obstacle.readings, actor.name),
      }))
      .filter(({ helpers }) => 0 < helpers.length);
  }

  private obstacle(instance: Instance, state: ObjectValue): Found | undefined {
    const obstacle = whyNot(this.plan, state, instance);
    if (obstacle === undefined) {
      // The first way through it is possible or fails, or it only leaves the state as it is.
      const { successors, failures } = stepsOf(this.plan, state, instance);
      if (0 < successors.length || 0 < failures.length) return undefined;
      return {
        instance,
        span: instance.action.span,
        readings: [],
        isControl: true,
        condition: undefined,
        bindings: new Map(),
      };
    }
    const { condition, bindings, span } = obstacle;
    const readings = condition === undefined ? [] : readingsOf(this.plan, condition, bindings, state);
    const isControl = this.othersWriting(readings, actorNameOf(instance)).length === 0;
    return { instance, span, readings, isControl, condition, bindings };
  }

  /** The others whose steps write a place that was read. */
  private othersWriting(readings: readonly Reading[], reader: string): readonly Helper[] {
    const found = readings.flatMap(({ place }) =>
      (this.writers.get(place.variable) ?? []).filter((writer) => overlap(writer.place, place)),
    );
    const others = new Map<string, Set<number>>();
    for (const { actor, instance } of found) {
      if (actor !== reader) others.set(actor, (others.get(actor) ?? new Set()).add(instance));
    }
    return Array.from(others, ([actor, instances]) => ({ actor, instances: [...instances].sort((a, b) => a - b) }));
  }
}

/** Models with more instances than this are not explained: telling who writes what takes their square. */
const MAX_INSTANCES = 2000;

interface Writer {
  readonly actor: string;
  readonly instance: number;
  readonly place: StatePlace;
}

/** Somebody who could end a wait, and by which steps. */
interface Helper {
  readonly actor: string;
  readonly instances: readonly number[];
}

type Waiting = Omit<Wait, 'on' | 'steps' | 'because'> & { readonly helpers: readonly Helper[] };

/** Why an instance is not possible, and what kind of reason that is. */
export interface Obstacle extends Hindrance {
  /** Nobody else writes what is read: the thread is just not there. */
  readonly isControl: boolean;
  /** The part of the guard that is false; absent for a choice among nothing. */
  readonly condition?: Expression;
  /** The values of the locals in it. */
  readonly bindings?: ReadonlyMap<string, Value>;
}

interface Found {
  readonly instance: Instance;
  readonly span: Hindrance['span'];
  readonly readings: readonly Reading[];
  readonly isControl: boolean;
  readonly condition: Expression | undefined;
  readonly bindings: ReadonlyMap<string, Value>;
}

/** Who writes which places of each variable. */
function writersOf(actors: Iterable<Actor>): ReadonlyMap<string, readonly Writer[]> {
  const writers = new Map<string, Writer[]>();
  for (const { name, instances } of actors) {
    for (const instance of instances) {
      for (const place of writesOf(instance)) {
        const writer = { actor: name, instance: instance.id, place };
        const known = writers.get(place.variable);
        if (known === undefined) writers.set(place.variable, [writer]);
        else known.push(writer);
      }
    }
  }
  return writers;
}

function remembered<Key, Result>(work: (key: Key) => Result): (key: Key) => Result {
  const known = new Map<Key, Result>();
  return (key) => {
    if (!known.has(key)) known.set(key, work(key));
    return known.get(key)!;
  };
}

function hindrance({ instance, span, readings }: Found): Hindrance {
  return { step: instance.label, span, reads: readings.map(({ path, value }) => ({ path, value })) };
}

/** A shortest circle of those who wait for each other, by breadth-first search from each for one that is shorter. */
function circleIn(waits: readonly Wait[]): readonly string[] {
  const next = new Map<string, Set<string>>();
  for (const { who, on } of waits) {
    const others = next.get(who);
    if (others === undefined) next.set(who, new Set(on));
    else for (const other of on) others.add(other);
  }
  let shortest: readonly string[] = [];
  for (const start of next.keys()) {
    const found = circleFrom(start, next, shortest.length === 0 ? Infinity : shortest.length - 1);
    if (found !== undefined) shortest = found;
    if (shortest.length === 2) break; // nobody waits for themselves
  }
  return shortest;
}

/** A shortest circle through somebody, if it has so many members at most. */
function circleFrom(
  start: string,
  next: ReadonlyMap<string, ReadonlySet<string>>,
  longest: number,
): readonly string[] | undefined {
  const reached = new Map([[start, { from: start, length: 1 }]]);
  for (const [who, { length }] of reached) {
    if (longest < length) return undefined;
    const others = next.get(who);
    if (others?.has(start) === true) {
      const path = [who];
      for (let at = who; at !== start; path.unshift(at)) at = reached.get(at)!.from;
      return path;
    }
    for (const other of others ?? []) {
      if (!reached.has(other)) reached.set(other, { from: who, length: length + 1 });
    }
  }
  return undefined;
}
