import { IntList } from '../search/int-list.ts';
import type { StateGraph } from '../search/state-graph.ts';
import type { Walks } from './walks.ts';
import type { Letters } from './letters.ts';
import type { Budget } from './loop.ts';
import { STUTTER } from '../search/path.ts';
import type { Edge } from './edge.ts';
import type { Tableau } from './tableau.ts';

/**
 * A state graph and a tableau side by side: each vertex is a state and the values of a position in it. Vertices are
 * numbered breadth first, and made with their edges level by level, as far as is asked for.
 *
 * A step of nobody is an edge only where an atom speaks of steps. Where none does, no value changes by it.
 */
export class TableauGraph implements Walks {
  readonly hasFreeEdges = false;
  private readonly states: IntList;
  private readonly values: IntList;
  private readonly offsets: IntList;
  private readonly targets: IntList;
  private readonly steps: IntList;
  private readonly marks: IntList;
  private readonly firsts: number[] = [0]; // of each level
  private readonly numbers = new Map<number, number>();

  constructor(
    readonly graph: StateGraph,
    private readonly letters: Letters,
    private readonly tableau: Tableau,
  ) {
    const list = (): IntList => new IntList(64, graph.memory);
    this.states = list();
    this.values = list();
    this.offsets = list();
    this.targets = list();
    this.steps = list();
    this.marks = list();
    for (const state of graph.initial) {
      if (graph.size <= state) continue;
      for (const values of tableau.initial(letters.ofState[state]!)) this.vertex(state, values);
    }
    this.firsts.push(this.size);
    this.offsets.push(0);
  }

  /** How many vertices there are so far. */
  get size(): number {
    return this.states.length;
  }

  /** How many vertices, the first ones, have their edges. */
  get expanded(): number {
    return this.offsets.length - 1;
  }

  /** How many levels there are so far; the edges of the last one are not there yet. */
  get levels(): number {
    return this.firsts.length - 1;
  }

  /** Whether there is nothing that is not there yet. */
  get isWhole(): boolean {
    return this.expanded === this.size;
  }

  /** The first vertex of a level; of the one after the last: how many vertices there are. */
  firstOf(level: number): number {
    return this.firsts[level]!;
  }

  levelOf(vertex: number): number {
    let [low, high] = [0, this.firsts.length - 1];
    while (low + 1 < high) {
      const middle = (low + high) >>> 1;
      if (this.firsts[middle]! <= vertex) low = middle;
      else high = middle;
    }
    return low;
  }

  /** Makes the edges of the last level, and the next one; false when the budget, of edges, did not last. */
  grow(budget: Budget, onTick: () => void): boolean {
    const end = this.size;
    for (let vertex = this.expanded; vertex < end; vertex += 1) {
      if ((vertex & TICK_MASK) === 0) {
        onTick();
        this.graph.memory?.take((TICK_MASK + 1) * NUMBERED);
      }
      this.expand(vertex);
      budget.left -= 1 + this.targets.length - this.offsets.at(vertex);
      if (budget.left < 0) return false;
    }
    this.firsts.push(this.size);
    return true;
  }

  stateOf(vertex: number): number {
    return this.states.at(vertex);
  }

  valuesOf(vertex: number): number {
    return this.values.at(vertex);
  }

  /** Edges are numbered; those of a vertex that has them are the ones from here up to where those of the next begin. */
  firstEdgeOf(vertex: number): number {
    return this.offsets.at(vertex);
  }

  targetOf(index: number): number {
    return this.targets.at(index);
  }

  stepOf(index: number): number {
    return this.steps.at(index);
  }

  marksOf(index: number): number {
    return this.marks.at(index);
  }

  costOf(): number {
    return 1;
  }

  edgesFrom(vertex: number): readonly Edge[] {
    const edges: Edge[] = [];
    if (this.expanded <= vertex) return edges;
    for (let index = this.firstEdgeOf(vertex); index < this.firstEdgeOf(vertex + 1); index += 1) {
      edges.push(this.edgeAt(vertex, index));
    }
    return edges;
  }

  edgeAt(from: number, index: number): Edge {
    return { from, to: this.targetOf(index), step: this.stepOf(index), transition: this.marksOf(index) };
  }

  /** The edges of a shortest run to a vertex: on each level by way of the first vertex that leads on. */
  runTo(vertex: number): readonly Edge[] {
    const edges: Edge[] = [];
    let to = vertex;
    for (let level = this.levelOf(vertex) - 1; 0 <= level; level -= 1) {
      const edge = this.firstEdgeTo(to, level);
      edges.push(edge);
      to = edge.from;
    }
    return edges.reverse();
  }

  private firstEdgeTo(to: number, level: number): Edge {
    const end = Math.min(this.firstOf(level + 1), this.expanded);
    for (let from = this.firstOf(level); from < end; from += 1) {
      for (let index = this.firstEdgeOf(from); index < this.firstEdgeOf(from + 1); index += 1) {
        if (this.targetOf(index) === to) return this.edgeAt(from, index);
      }
    }
    throw new Error('internal: no vertex of the level before leads to a vertex');
  }

  private expand(vertex: number): void {
    const { graph, letters, tableau } = this;
    const state = this.stateOf(vertex);
    const values = this.valuesOf(vertex);
    const stateClass = letters.ofState[state]!;
    const follow = (target: number, step: number, stepClass: number): void => {
      const list = tableau.after(stateClass, stepClass, values, letters.ofState[target]!);
      const marks = list.length === 0 ? 0 : tableau.marksOf(stateClass, stepClass, values);
      for (const next of list) {
        this.targets.push(this.vertex(target, next));
        this.steps.push(step);
        this.marks.push(marks);
      }
    };
    const end = graph.offsets[state + 1]!;
    for (let step = graph.offsets[state]!; step < end; step += 1) {
      const target = graph.targets[step]!;
      if (target < 0 || graph.size <= target) continue;
      follow(target, step, letters.ofMaker[graph.instances[step]!]!);
    }
    if (letters.speakOfSteps) follow(state, STUTTER, letters.stutter);
    this.offsets.push(this.targets.length);
  }

  private vertex(state: number, values: number): number {
    const key = state * 2 ** this.tableau.bits + values;
    let number = this.numbers.get(key);
    if (number === undefined) {
      number = this.size;
      this.numbers.set(key, number);
      this.states.push(state);
      this.values.push(values);
    }
    return number;
  }
}

const TICK_MASK = 2 ** 12 - 1;

/** Bytes for finding a vertex by what it is. */
const NUMBERED = 64;
