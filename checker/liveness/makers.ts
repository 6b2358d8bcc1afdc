import type { StateGraph } from '../search/state-graph.ts';

/**
 * Who makes the steps of a graph. To TLA+ a step is a pair of states, so one that several instances make is a step of
 * each of them. Numbers below that of the instances stand for one instance alone, those from there on for sets of them.
 */
class Makers {
  private readonly sets: (readonly number[])[] = [];
  private readonly numbers = new Map<string, number>();

  /** @param alone - how many instances there are. */
  constructor(readonly alone: number) {}

  get count(): number {
    return this.alone + this.sets.length;
  }

  /** The instances that a number stands for, the first of them first. */
  instancesOf(maker: number): readonly number[] {
    return maker < this.alone ? [maker] : this.sets[maker - this.alone]!;
  }

  /** The number of those that a number stands for, and one more instance. */
  with(maker: number, instance: number): number {
    const members = this.instancesOf(maker);
    if (members.includes(instance)) return maker;
    const key = `${maker} ${instance}`; // instances of a state come in their order, so a set has one key, or few
    let number = this.numbers.get(key);
    if (number === undefined) {
      number = this.alone + this.sets.push([...members, instance]) - 1;
      this.numbers.set(key, number);
    }
    return number;
  }
}

/** A graph in which no two steps lead from one state to one other. */
export interface PairedGraph {
  /** Its `instances` are numbers of {@link makers}. */
  readonly graph: StateGraph;
  readonly makers: Makers;
}

/**
 * Joins the steps of a graph that lead from one state to one other. Those that lead out of it are left as they are:
 * nobody follows them, and what they enable they enable one by one.
 *
 * @param instances - how many there are.
 * @returns the graph itself where no step is made by several instances or in several ways.
 * @remarks Two passes over the steps. Memory: 4 bytes a state where states have many steps, and where steps are joined,
 * 4 bytes a state and 8 a step.
 */
export function joinSteps(graph: StateGraph, instances: number): PairedGraph {
  const { size, offsets, targets, memory } = graph;
  const makers = new Makers(instances);
  const twins = new Twins(graph);
  const first = firstWithTwins(graph, twins);
  if (first === size) return { graph, makers };

  const steps = offsets[size]!;
  memory?.take(4 * (size + 1) + 8 * steps);
  const joined = {
    offsets: offsets.slice(0, size + 1),
    targets: targets.slice(0, steps),
    instances: Int32Array.from(graph.instances.subarray(0, steps)),
  };
  let length = offsets[first]!;
  for (let state = first; state < size; state += 1) {
    const begin = length;
    joined.offsets[state] = begin;
    const isWide = MOST_COMPARED < offsets[state + 1]! - offsets[state]!;
    for (let step = offsets[state]!; step < offsets[state + 1]!; step += 1) {
      const target = targets[step]!;
      const instance = graph.instances[step]!;
      joined.targets[length] = target;
      const twin = twins.find(joined.targets, begin, length, isWide);
      if (twin === length) {
        joined.instances[length] = instance;
        length += 1;
      } else {
        joined.instances[twin] = makers.with(joined.instances[twin]!, instance);
      }
    }
  }
  joined.offsets[size] = length;
  return { graph: { ...graph, ...joined }, makers };
}

function firstWithTwins({ size, offsets, targets }: StateGraph, twins: Twins): number {
  for (let state = 0; state < size; state += 1) {
    const begin = offsets[state]!;
    const end = offsets[state + 1]!;
    const isWide = MOST_COMPARED < end - begin;
    for (let step = begin; step < end; step += 1) if (twins.find(targets, begin, step, isWide) !== step) return state;
  }
  return size;
}

/** Of a state with more steps than this it is remembered which step leads where; otherwise steps are compared. */
const MOST_COMPARED = 8;

/** Finds steps that lead where an earlier one of the same state leads. */
class Twins {
  private places: Int32Array | undefined; // by target: the step that led there last

  constructor(private readonly graph: StateGraph) {}

  /** The first step from `begin` on that leads where `step` does, within the graph; `step` itself when there is none. */
  find(targets: Int32Array, begin: number, step: number, isWide: boolean): number {
    const target = targets[step]!;
    if (target >>> 0 >= this.graph.size) return step;
    if (!isWide) {
      let twin = begin;
      while (targets[twin] !== target) twin += 1;
      return twin;
    }
    if (this.places === undefined) {
      this.graph.memory?.take(4 * this.graph.size);
      this.places = new Int32Array(this.graph.size);
    }
    // What an earlier state left here is no step of this one.
    const twin = this.places[target]!;
    if (begin <= twin && twin < step && targets[twin] === target) return twin;
    this.places[target] = step;
    return step;
  }
}
