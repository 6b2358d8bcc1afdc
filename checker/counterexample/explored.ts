import type { ObjectValue } from '../../dsl/ir/index.ts';
import { codeIn, wordsOf } from '../plan/layout.ts';
import { readLeaves } from '../plan/shape.ts';
import { Batch } from '../engine/next-state.ts';
import type { NextState } from '../engine/next-state.ts';
import type { Plan } from '../plan/plan.ts';
import type { Exploration } from '../search/exploration.ts';
import { CUT, StateGraphBuilder } from '../search/state-graph.ts';
import type { StateGraph } from '../search/state-graph.ts';
import { StateSet } from '../search/state-set.ts';

/** So many states are looked at to explain where a behavior hangs. */
export const MOST_EXPLORED = 200_000;

/** The states that were explored and the steps between them, to be asked what could have come. */
export interface Explored {
  readonly size: number;
  /** Whether these are all that can be reached, with all their steps. */
  readonly isComplete: boolean;
  readonly initial: number;
  /** Targets outside `0 … size - 1` lead out of what is looked at. Steps that change nothing are left out. */
  readonly graph: StateGraph;
  /** The number of a state, or -1. */
  numberOf(state: ObjectValue): number;
  /** What the given variables are in each state. */
  valuesOf(variables: readonly string[]): ValueClasses;
}

/** States with the same values of some variables, taken together. */
export interface ValueClasses {
  readonly count: number;
  /** By state. */
  readonly of: Int32Array;
  /** The values of the variables in the states of a class. */
  values(one: number): ObjectValue;
}

/** The first states of an exploration, as many as are looked at. Cost: the first question walks them all once. */
export function exploredBy(
  plan: Plan,
  engine: NextState,
  exploration: Exploration,
  most: number = MOST_EXPLORED,
): Explored {
  const size = Math.min(exploration.states.count, exploration.graph?.size ?? Infinity, most);
  const isWhole = size === exploration.states.count && exploration.leftWithin.size === 0;
  let table: StateSet | undefined;
  const tableOfStates = (): StateSet => (table ??= copied(exploration, size, engine.words));
  let graph: StateGraph | undefined;
  const classes = new Map<string, ValueClasses>();
  return {
    size,
    isComplete: isWhole && exploration.cut === undefined,
    initial: exploration.initial,
    get graph() {
      return (graph ??= exploration.graph ?? stepsBetween(plan, engine, tableOfStates()));
    },
    numberOf(state) {
      return tableOfStates().find(wordsOf(plan.layout, state), 0);
    },
    valuesOf(variables) {
      const key = [...variables].sort().join();
      let found = classes.get(key);
      if (found === undefined) classes.set(key, (found = classify(plan, exploration, size, variables)));
      return found;
    },
  };
}

function copied({ states }: Exploration, size: number, words: number): StateSet {
  const table = new StateSet(words);
  for (let state = 0; state < size; state += 1) table.add(states.segmentOf(state), states.offsetOf(state));
  return table;
}

function stepsBetween(plan: Plan, engine: NextState, states: StateSet): StateGraph {
  const builder = new StateGraphBuilder(plan.instances.length);
  const batch = new Batch(engine.words, 64, plan.branches.list.length);
  for (let state = 0; state < states.count; state += 1) {
    builder.beginState();
    batch.clear();
    engine.successors(states.segmentOf(state), states.offsetOf(state), batch);
    for (let index = 0; index < batch.count; index += 1) {
      const target = states.find(batch.states, index * batch.words);
      if (target !== state) builder.addStep(target < 0 ? CUT : target, batch.instances[index]!);
    }
  }
  return builder.finish([]);
}

/** Sorts states by the bits of some variables alone. */
function classify(plan: Plan, { states }: Exploration, size: number, variables: readonly string[]): ValueClasses {
  const { layout } = plan;
  const places = variables.map((name) => ({ name, ...layout.variables.get(name)! }));
  const masks = new Map<number, number>();
  for (const { leaf, shape } of places) {
    for (const field of layout.leaves.slice(leaf, leaf + shape.leaves)) {
      if (field.width === 0) continue;
      masks.set(field.word, (masks.get(field.word) ?? 0) | (field.mask << field.shift));
    }
  }
  const words = [...masks.keys()];
  const kept = new StateSet(Math.max(1, words.length));
  const own = new Int32Array(Math.max(1, words.length));
  const samples: number[] = [];
  const of = new Int32Array(size);
  for (let state = 0; state < size; state += 1) {
    const segment = states.segmentOf(state);
    const at = states.offsetOf(state);
    for (let word = 0; word < words.length; word += 1) {
      own[word] = segment[at + words[word]!]! & masks.get(words[word]!)!;
    }
    const count = kept.count;
    const one = kept.add(own, 0);
    if (one === count) samples.push(state);
    of[state] = one;
  }
  return {
    count: kept.count,
    of,
    values: (one) => {
      const state = samples[one]!;
      const [segment, at] = [states.segmentOf(state), states.offsetOf(state)];
      const codes = new Int32Array(layout.leaves.length);
      const values: [string, ObjectValue[string]][] = places.map(({ name, leaf, shape }) => {
        for (let index = leaf; index < leaf + shape.leaves; index += 1) {
          codes[index] = codeIn(layout.leaves[index]!, segment, at);
        }
        return [name, readLeaves(shape, codes, leaf)];
      });
      return Object.fromEntries(values);
    },
  };
}
