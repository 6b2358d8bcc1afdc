import type { Automaton, AutomatonComponent } from './buchi.ts';
import type { Product } from './product.ts';

/**
 * Where runs of a product enter the components of its automaton, worked out as these are gone through from the first to
 * the last: no transition leads to an earlier one. Memory: a byte a state for each state of the automaton that is
 * entered.
 */
export class Entries {
  private readonly flags: (Uint8Array | undefined)[] = []; // by automaton state
  /** The automaton state that every state of the graph is reached in, or -1: it waits there for anything. */
  readonly everywhere: number;

  constructor(private readonly product: Product) {
    const { graph, automaton } = product;
    for (const state of graph.initial) if (state < graph.size) this.of(automaton.initial)[state] = 1;
    // An automaton that can wait at its start for anything has every state reached there: no need to walk.
    const isEverywhere = isWaiting(automaton) && this.of(automaton.initial).includes(1);
    this.everywhere = isEverywhere ? automaton.initial : -1;
    if (isEverywhere) this.of(automaton.initial).fill(1);
  }

  /** 1 for each state of the graph in which a run comes to a state of the automaton from an earlier component. */
  of(automatonState: number): Uint8Array {
    const known = this.flags[automatonState];
    if (known !== undefined) return known;
    const { size, memory } = this.product.graph;
    memory?.take(size);
    return (this.flags[automatonState] = new Uint8Array(size));
  }

  /** Whether a run comes to a component at all. */
  enter({ first, last }: AutomatonComponent): boolean {
    for (let state = first; state <= last; state += 1) if (this.flags[state] !== undefined) return true;
    return false;
  }

  has(automatonState: number): boolean {
    return this.flags[automatonState] !== undefined;
  }

  /** Notes where runs go from a state of the automaton to later components, from the states where they are in it. */
  leave(automatonState: number, reached: Uint8Array): void {
    const { product } = this;
    const { graph, letters } = product;
    const leaving = product.leavingMoves(automatonState);
    if (leaving.every((moves) => moves === undefined)) return;
    for (let state = 0; state < graph.size; state += 1) {
      const moves = leaving[letters.ofState[state]!];
      if (moves === undefined || reached[state] === 0) continue;
      for (const to of moves.stutter) this.of(to)[state] = 1;
      if (moves.isFollowed) continue;
      const end = graph.offsets[state + 1]!;
      for (let step = graph.offsets[state]!; step < end; step += 1) {
        const target = graph.targets[step]!;
        if (target < 0 || graph.size <= target) continue;
        for (const to of moves.steps[letters.ofMaker[graph.instances[step]!]!]!) this.of(to)[target] = 1;
      }
    }
  }
}

function isWaiting({ transitions, initial }: Automaton): boolean {
  return transitions.some(({ from, to, label }) => from === initial && to === from && label.length === 0);
}
