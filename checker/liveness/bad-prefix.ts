import { FALSE, TRUE } from '../engine/next-state.ts';
import { IntList } from '../search/int-list.ts';
import type { StateGraph } from '../search/state-graph.ts';
import { projected } from './lasso.ts';
import type { Lasso } from './lasso.ts';
import { automatonOf, FormulaTooLarge } from './buchi.ts';
import type { Automaton, Transition } from './buchi.ts';
import { withFewestSwitches } from './context-switches.ts';
import type { Actors, Walks } from './walks.ts';
import type { Letters } from './letters.ts';
import type { Budget } from './loop.ts';
import type { Ltl } from './ltl.ts';
import { STUTTER } from '../search/path.ts';
import type { Edge } from './edge.ts';

/** What a shortest bad prefix is looked for in. */
interface PrefixQuestion {
  readonly graph: StateGraph;
  readonly letters: Letters;
  /** What should hold. */
  readonly property: Ltl;
  /** Only prefixes with fewer steps are wanted. */
  readonly bound: number;
  /** Of edges looked at. */
  readonly budget: Budget;
  readonly actors?: Actors;
  readonly onTick?: () => void;
}

interface PrefixAnswer {
  /** Absent: none with fewer steps was found. */
  readonly lasso?: Lasso;
  /** Whether all was looked at that could have fewer steps. */
  readonly isComplete: boolean;
}

/**
 * A run with the fewest steps after which a property is violated, whatever follows: no sequence of valuations of its
 * atoms that goes on from there satisfies it, be it one of the system or not.
 *
 * The automaton of the property is run along, in all states at once in which it can be. It has only states from which
 * something is accepted, so as long as one is left there is a continuation, and when none is left there is none.
 *
 * @see Kupferman, Vardi, "Model checking of safety properties", FMSD 19(3), 2001.
 * @remarks Breadth first over the states of the graph with sets of states of the automaton.
 */
export function shortestBadPrefix(question: PrefixQuestion): PrefixAnswer {
  const { graph, letters, property, bound, budget, actors, onTick = () => undefined } = question;
  let automaton: Automaton;
  try {
    automaton = automatonOf(property);
  } catch (error) {
    if (error instanceof FormulaTooLarge) return { isComplete: false };
    throw error;
  }
  const monitor = new Monitor(automaton, letters);
  if (monitor.isNeverStuck()) return { isComplete: true };
  const monitored = new MonitoredGraph(graph, letters, monitor);
  const starts = [...monitored.initial];
  let level = starts;
  for (let distance = 0; distance < bound && 0 < level.length; distance += 1) {
    const bad = level.find((vertex) => monitored.isBad(vertex));
    if (bad !== undefined) return { lasso: runToBad(monitored, starts, bad, actors), isComplete: true };
    if (bound <= distance + 1) break;
    const next: number[] = [];
    for (const vertex of level) {
      if ((vertex & TICK_MASK) === 0) {
        onTick();
        graph.memory?.take((TICK_MASK + 1) * NUMBERED);
      }
      budget.left -= 1;
      for (const edge of monitored.edgesFrom(vertex)) {
        budget.left -= 1;
        if (monitored.reach(edge, distance + 1)) next.push(edge.to);
      }
      if (budget.left < 0) return { isComplete: false };
    }
    level = next;
  }
  return { isComplete: true };
}

const TICK_MASK = 2 ** 12 - 1;

/** Bytes for a vertex, with the edge to it. */
const NUMBERED = 200;

function runToBad(
  monitored: MonitoredGraph,
  starts: readonly number[],
  bad: number,
  actors: Actors | undefined,
): Lasso {
  const found = { stem: monitored.runTo(bad), loop: undefined };
  const rearranged =
    actors === undefined
      ? found
      : withFewestSwitches(monitored, actors, {
          ...found,
          entry: bad,
          starts,
          distanceOf: (vertex) => monitored.distanceOf(vertex),
          region: undefined,
        });
  return projected(monitored, { start: rearranged.stem[0]?.from ?? bad, ...rearranged }, true);
}

/** The automaton of a property in all states at once in which it can be. Sets of its states are numbered. */
class Monitor {
  private readonly sets: (readonly number[])[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly known = new Map<number, number>(); // by set and letter: the set after it
  private readonly outgoing: readonly (readonly Transition[])[];

  constructor(
    private readonly automaton: Automaton,
    private readonly letters: Letters,
  ) {
    const outgoing: Transition[][] = Array.from({ length: automaton.states }, () => []);
    for (const transition of automaton.transitions) outgoing[transition.from]!.push(transition);
    this.outgoing = outgoing;
  }

  /** The set before the first letter. */
  get initial(): number {
    return this.numberOf(this.automaton.initial < 0 ? [] : [this.automaton.initial]);
  }

  /** Whether something can be accepted, whatever the letters are: then no word gets stuck. */
  isNeverStuck(): boolean {
    const { automaton, letters, outgoing } = this;
    if (automaton.initial < 0) return false;
    for (let stateClass = 0; stateClass < letters.stateClasses; stateClass += 1) {
      for (let stepClass = 0; stepClass < letters.stepClasses; stepClass += 1) {
        if (outgoing.some((list) => !list.some((one) => this.reads(one, stateClass, stepClass)))) return false;
      }
    }
    return true;
  }

  /** Whether the automaton can go on from no state of a set in a state of a class, whatever the step. */
  isStuck(set: number, stateClass: number): boolean {
    const { letters } = this;
    const canBe = (one: Transition): boolean =>
      one.label.every(({ atom, negated }) => letters.isOfSteps(atom) || this.canBe(atom, !negated, stateClass, 0));
    return !this.sets[set]!.some((state) => this.outgoing[state]!.some(canBe));
  }

  /** Whether a set accepts every word. */
  acceptsAll(set: number): boolean {
    return this.sets[set]!.includes(this.automaton.universal);
  }

  after(set: number, stateClass: number, stepClass: number): number {
    const { letters } = this;
    const key = (set * letters.stateClasses + stateClass) * letters.stepClasses + stepClass;
    let next = this.known.get(key);
    if (next === undefined) {
      const reached = this.sets[set]!.flatMap((state) =>
        this.outgoing[state]!.filter((one) => this.reads(one, stateClass, stepClass)).map(({ to }) => to),
      );
      next = this.numberOf([...new Set(reached)].sort((left, right) => left - right));
      this.known.set(key, next);
    }
    return next;
  }

  private reads({ label }: Transition, stateClass: number, stepClass: number): boolean {
    return label.every(({ atom, negated }) => this.canBe(atom, !negated, stateClass, stepClass));
  }

  /** An atom that fails may have been either. */
  private canBe(atom: number, value: boolean, stateClass: number, stepClass: number): boolean {
    return this.letters.truth(atom, stateClass, stepClass) !== (value ? FALSE : TRUE);
  }

  private numberOf(states: readonly number[]): number {
    const key = states.join();
    let number = this.numbers.get(key);
    if (number === undefined) {
      number = this.sets.push(states) - 1;
      this.numbers.set(key, number);
    }
    return number;
  }
}

/** A state graph with a monitor running along; vertices are numbered as they are found. */
class MonitoredGraph implements Walks {
  readonly hasFreeEdges = false;
  readonly initial: readonly number[];
  private readonly states = new IntList(64);
  private readonly sets = new IntList(64);
  private readonly distances = new IntList(64); // -1: not reached
  private readonly parents: (Edge | undefined)[] = [];
  private readonly numbers = new Map<number, number>();

  constructor(
    readonly graph: StateGraph,
    private readonly letters: Letters,
    private readonly monitor: Monitor,
  ) {
    const { initial } = monitor;
    this.initial = graph.initial.filter((state) => state < graph.size).map((state) => this.vertex(state, initial));
    for (const vertex of this.initial) this.distances.data[vertex] = 0;
  }

  isBad(vertex: number): boolean {
    return this.monitor.isStuck(this.sets.at(vertex), this.letters.ofState[this.stateOf(vertex)]!);
  }

  stateOf(vertex: number): number {
    return this.states.at(vertex);
  }

  distanceOf(vertex: number): number {
    return this.distances.at(vertex);
  }

  /** Whether a vertex is reached by a edge for the first time. */
  reach(edge: Edge, distance: number): boolean {
    if (0 <= this.distances.at(edge.to)) return false;
    this.distances.data[edge.to] = distance;
    this.parents[edge.to] = edge;
    return true;
  }

  costOf(): number {
    return 1;
  }

  /** None from where everything is accepted. */
  edgesFrom(vertex: number): readonly Edge[] {
    const { graph, letters, monitor } = this;
    const state = this.stateOf(vertex);
    const set = this.sets.at(vertex);
    if (monitor.acceptsAll(set)) return [];
    const stateClass = letters.ofState[state]!;
    const edges: Edge[] = [];
    for (let step = graph.offsets[state]!; step < graph.offsets[state + 1]!; step += 1) {
      const target = graph.targets[step]!;
      if (target < 0 || graph.size <= target) continue;
      const next = monitor.after(set, stateClass, letters.ofMaker[graph.instances[step]!]!);
      edges.push({ from: vertex, to: this.vertex(target, next), step, transition: 0 });
    }
    if (letters.speakOfSteps) {
      const next = monitor.after(set, stateClass, letters.stutter);
      edges.push({ from: vertex, to: this.vertex(state, next), step: STUTTER, transition: 0 });
    }
    return edges;
  }

  runTo(vertex: number): readonly Edge[] {
    const edges: Edge[] = [];
    for (let edge = this.parents[vertex]; edge !== undefined; edge = this.parents[edge.from]) edges.push(edge);
    return edges.reverse();
  }

  private vertex(state: number, set: number): number {
    const key = set * this.graph.size + state;
    let number = this.numbers.get(key);
    if (number === undefined) {
      number = this.states.length;
      this.numbers.set(key, number);
      this.states.push(state);
      this.sets.push(set);
      this.distances.push(-1);
    }
    return number;
  }
}
