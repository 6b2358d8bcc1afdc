import { FAILED, FALSE } from '../engine/next-state.ts';
import { IntList } from '../search/int-list.ts';
import { STUTTER } from '../search/path.ts';
import type { StateGraph } from '../search/state-graph.ts';
import type { Automaton, Literal } from './buchi.ts';
import { truthOfAll } from './letters.ts';
import type { Letters } from './letters.ts';

/** How many expansions there are between two calls of `onTick`, which may throw to end it all. */
const TICK = 2 ** 16;

/**
 * The state graph and an automaton running side by side. Its vertices are `automaton state * graph.size + state`, so
 * those of neighboring automaton states are one range. Its edges are made as they are asked for: nothing of its size
 * is stored here. Every state can stutter.
 *
 * `expand` leaves its answer in `targets`, `steps` and `transitions`, entries `0 … count - 1`; the next call overwrites it.
 */
export class Product {
  readonly size: number;
  /** How many marks the automaton has. */
  readonly marks: number;
  /** Those of each of its transitions. */
  readonly marksOf: Int32Array;
  count = 0;
  readonly targets = new IntList(256);
  /** The step of the graph, or {@link STUTTER}. */
  readonly steps = new IntList(256);
  /** The transition of the automaton. */
  readonly transitions = new IntList(256);
  /** The first state (by number) in which an atom that matters could not be evaluated, with that atom. */
  failure: { readonly state: number; readonly atom: number } | undefined;
  private expansions = 0;
  private readonly tables: (MoveTable | undefined)[] = [];
  private readonly outgoing: readonly (readonly number[])[];
  private readonly destinations: Int32Array; // by transition

  constructor(
    readonly graph: StateGraph,
    readonly automaton: Automaton,
    readonly letters: Letters,
    private readonly onTick: () => void = () => undefined,
  ) {
    this.size = graph.size * automaton.states;
    this.marks = automaton.marks;
    this.marksOf = Int32Array.from(automaton.transitions, ({ marks }) => marks);
    const outgoing: number[][] = Array.from({ length: automaton.states }, () => []);
    automaton.transitions.forEach(({ from }, index) => outgoing[from]!.push(index));
    this.outgoing = outgoing;
    this.destinations = Int32Array.from(automaton.transitions, ({ to }) => to);
  }

  /** The vertices that a run starts in. */
  initial(): readonly number[] {
    const { graph, automaton } = this;
    return graph.initial.filter((state) => state < graph.size).map((state) => automaton.initial * graph.size + state);
  }

  stateOf(vertex: number): number {
    return vertex % this.graph.size;
  }

  automatonStateOf(vertex: number): number {
    return Math.floor(vertex / this.graph.size);
  }

  expand(vertex: number): void {
    this.countExpansion();
    const { graph, letters, destinations } = this;
    const { size, offsets, targets, instances } = graph;
    const from = Math.floor(vertex / size);
    const state = vertex - from * size;
    const tables = this.tablesOf(from, state).transitions;
    this.targets.length = 0;
    this.steps.length = 0;
    this.transitions.length = 0;
    const end = offsets[state + 1]!;
    for (let step = offsets[state]!; step < end; step += 1) {
      const target = targets[step]!;
      if (target < 0 || size <= target) continue;
      const transitions = tables[letters.ofMaker[instances[step]!]!]!;
      for (let index = 0; index < transitions.length; index += 1) {
        const transition = transitions[index]!;
        this.targets.push(destinations[transition]! * size + target);
        this.steps.push(step);
        this.transitions.push(transition);
      }
    }
    for (const transition of tables[letters.stutter]!) {
      this.targets.push(destinations[transition]! * size + state);
      this.steps.push(STUTTER);
      this.transitions.push(transition);
    }
    this.count = this.targets.length;
  }

  /**
   * Appends the targets of a vertex that are in a region: those from `base` on, less `base`, with `regionOf` at that
   * place equal to `region`. What {@link expand} gives, without the edges and much faster.
   */
  appendTargets(vertex: number, base: number, regionOf: Int32Array | Uint8Array, region: number, into: IntList): void {
    this.countExpansion();
    const { graph, letters, destinations } = this;
    const { size, offsets, targets, instances } = graph;
    const from = Math.floor(vertex / size);
    const state = vertex - from * size;
    const tables = this.tablesOf(from, state).transitions;
    const isUniform = tables.length === 1;
    const end = offsets[state + 1]!;
    const limit = regionOf.length; // no transition leads to a lower component, so places are not negative
    for (let step = offsets[state]!; step < end; step += 1) {
      const target = targets[step]!;
      if (target < 0 || size <= target) continue;
      const transitions = tables[isUniform ? 0 : letters.ofMaker[instances[step]!]!]!;
      for (let index = 0; index < transitions.length; index += 1) {
        const place = destinations[transitions[index]!]! * size + target - base;
        if (place < limit && regionOf[place] === region) into.push(place);
      }
    }
    const transitions = tables[letters.stutter]!;
    for (let index = 0; index < transitions.length; index += 1) {
      const place = destinations[transitions[index]!]! * size + state - base;
      if (place < limit && regionOf[place] === region) into.push(place);
    }
  }

  /** Calls `visit` with the step and the transition of each edge whose target {@link appendTargets} would append. */
  visitEdges(
    vertex: number,
    base: number,
    regionOf: Int32Array,
    region: number,
    visit: (state: number, step: number, transition: number) => void,
  ): void {
    this.countExpansion();
    const { graph, letters, destinations } = this;
    const { size, offsets, targets, instances } = graph;
    const from = Math.floor(vertex / size);
    const state = vertex - from * size;
    const tables = this.tablesOf(from, state).transitions;
    const end = offsets[state + 1]!;
    const limit = regionOf.length;
    for (let step = offsets[state]!; step < end; step += 1) {
      const target = targets[step]!;
      if (target < 0 || size <= target) continue;
      const transitions = tables[letters.ofMaker[instances[step]!]!]!;
      for (let index = 0; index < transitions.length; index += 1) {
        const place = destinations[transitions[index]!]! * size + target - base;
        if (place < limit && regionOf[place] === region) visit(state, step, transitions[index]!);
      }
    }
    const transitions = tables[letters.stutter]!;
    for (let index = 0; index < transitions.length; index += 1) {
      const place = destinations[transitions[index]!]! * size + state - base;
      if (place < limit && regionOf[place] === region) visit(state, STUTTER, transitions[index]!);
    }
  }

  /** Whether all that the automaton can do here, whatever the step, is to stay where it is. */
  onlyStays(vertex: number): boolean {
    return this.tablesOf(this.automatonStateOf(vertex), this.stateOf(vertex)).onlyStays;
  }

  /** The transitions with which the automaton stays in a state on letters of two classes. */
  staying(automatonState: number, stateClass: number, stepClass: number): readonly number[] {
    const transitions = this.table(automatonState, stateClass).transitions[stepClass]!;
    return [...transitions].filter((transition) => this.destinations[transition] === automatonState);
  }

  /** On which letters the automaton can stay in a state: by pair of classes, and by class where steps do not matter. */
  stayingTransitions(automatonState: number): {
    readonly stays: Uint8Array;
    readonly staysAnyway: Uint8Array | undefined;
  } {
    const { stateClasses, stepClasses } = this.letters;
    const stays = Uint8Array.from({ length: stateClasses * stepClasses }, (_, letter) =>
      this.staying(automatonState, Math.floor(letter / stepClasses), letter % stepClasses).length === 0 ? 0 : 1,
    );
    return { stays, staysAnyway: stepClasses === 1 ? stays : undefined };
  }

  /** What leads out of the component of an automaton state, by class of the state; undefined where nothing does. */
  leavingMoves(automatonState: number): readonly (LeavingMoves | undefined)[] {
    const { stateClasses, stepClasses, stutter } = this.letters;
    const component = this.componentOf(automatonState);
    return Array.from({ length: stateClasses }, (_, stateClass) => {
      const steps = this.table(automatonState, stateClass).transitions.map((transitions) =>
        [...transitions]
          .map((transition) => this.destinations[transition]!)
          .filter((to) => this.componentOf(to) !== component),
      );
      if (steps.every((list) => list.length === 0)) return undefined;
      // Whoever has come there by stuttering can read the same letter again and make the step there.
      const isFollowed =
        stepClasses === 1 && steps[stutter]!.every((to) => 0 < this.staying(to, stateClass, stutter).length);
      return { stutter: steps[stutter]!, steps, isFollowed };
    });
  }

  /** Whether a transition leads out of the component of an automaton state. */
  isLeft(automatonState: number): boolean {
    const component = this.componentOf(automatonState);
    return this.outgoing[automatonState]!.some(
      (transition) => this.componentOf(this.destinations[transition]!) !== component,
    );
  }

  /** Notes the first state of some in which an atom fails that matters in an automaton state. */
  noteFailures(automatonState: number, isReached: (state: number) => boolean): void {
    const { graph, letters } = this;
    const failed = Array.from(
      { length: letters.stateClasses },
      (_, stateClass) => this.table(automatonState, stateClass).failedAtom,
    );
    if (failed.every((atom) => atom === undefined)) return;
    const end = this.failure?.state ?? graph.size;
    for (let state = 0; state < end; state += 1) {
      const atom = failed[letters.ofState[state]!];
      if (atom === undefined || !isReached(state)) continue;
      this.failure = { state, atom };
      return;
    }
  }

  private componentOf(automatonState: number): number {
    return this.automaton.components.findIndex(({ first, last }) => first <= automatonState && automatonState <= last);
  }

  private countExpansion(): void {
    this.expansions += 1;
    if (this.expansions % TICK === 0) this.onTick();
  }

  private tablesOf(from: number, state: number): MoveTable {
    const stateClass = this.letters.ofState[state]!;
    const table = this.table(from, stateClass);
    if (table.failedAtom !== undefined && (this.failure === undefined || state < this.failure.state)) {
      this.failure = { state, atom: table.failedAtom };
    }
    return table;
  }

  private table(from: number, stateClass: number): MoveTable {
    return (this.tables[from * this.letters.stateClasses + stateClass] ??= this.tableOf(from, stateClass));
  }

  private tableOf(from: number, stateClass: number): MoveTable {
    let failedAtom: number | undefined;
    const transitions = Array.from({ length: this.letters.stepClasses }, (_, stepClass) =>
      Int32Array.from(
        this.outgoing[from]!.filter((transition) => {
          const { label } = this.automaton.transitions[transition]!;
          const truth = truthOfAll(this.letters, label, stateClass, stepClass);
          if (truth === FAILED) failedAtom ??= this.failedAtomOf(label, stateClass, stepClass);
          return truth !== FALSE && truth !== FAILED;
        }),
      ),
    );
    const onlyStays = transitions.every((list) => list.every((transition) => this.destinations[transition] === from));
    return { transitions, failedAtom, onlyStays };
  }

  private failedAtomOf(label: readonly Literal[], stateClass: number, stepClass: number): number | undefined {
    return label.find(({ atom }) => this.letters.truth(atom, stateClass, stepClass) === FAILED)?.atom;
  }
}

/** Where transitions lead that leave a component, as states of the automaton. */
interface LeavingMoves {
  readonly stutter: readonly number[];
  /** By class of the step. */
  readonly steps: readonly (readonly number[])[];
  /** Stuttering leads to all that steps do: from there the same steps can still be made. */
  readonly isFollowed: boolean;
}

/** What the automaton can do in one of its states on states of one class. */
interface MoveTable {
  /** By class of the step: transitions. */
  readonly transitions: readonly Int32Array[];
  readonly onlyStays: boolean;
  readonly failedAtom: number | undefined;
}
