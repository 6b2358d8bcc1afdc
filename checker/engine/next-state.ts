import { isStateAt, stateAt } from './state-vector.ts';
import type { StateVector } from './state-vector.ts';

/**
 * What a search may know of a system: fixed-length vectors of 32-bit words, and which action instance led where.
 *
 * Three implementations: `interpreter.ts` walks the IR (slow, obvious, the reference); `javascript/engine.ts` and `wasm/engine.ts`
 * run code generated for the model, in JavaScript and in WebAssembly. They agree on whole state graphs, order of successors included.
 */
export interface NextState {
  readonly engine: EngineKind;
  /** 32-bit words in a state; at least 1. */
  readonly words: number;
  /** Appends every initial state to `out`, one for each way `init` can go (duplicates included), instance -1. */
  initial(out: Batch): void;
  /**
   * Appends every successor of the state at `states[at … at + words - 1]`, in the order of the instances and, within
   * one, of its choices. A step that fails appends to `out.failures` instead.
   */
  successors(states: Int32Array, at: number, out: Batch): void;
  /** The value of `plan.predicates[predicate]` in a state. */
  holds(predicate: number, states: Int32Array, at: number): Truth;
  /**
   * Writes the values of a predicate in `count` states, one a byte, from `into[0]` on: those whose words start at
   * `states[at]`, `states[at + stride]` and so on.
   */
  holdsEach(predicate: number, states: Int32Array, at: number, stride: number, count: number, into: Uint8Array): void;
  /** The value of a predicate that has `next` variables, for a step from one state to another. */
  holdsOfStep(predicate: number, states: Int32Array, at: number, nextStates: Int32Array, nextAt: number): Truth;
}

/** `javascript` and `webassembly` are generated for the model. */
/** `holdsEach` by asking for each state, for engines that have nothing faster. */
export function holdsEachBy(holds: NextState['holds']): NextState['holdsEach'] {
  return (predicate, states, at, stride, count, into) => {
    for (let index = 0; index < count; index += 1) into[index] = holds(predicate, states, at + index * stride);
  };
}

export type EngineKind = 'interpreted' | 'javascript' | 'webassembly';

/** `FAILED`: evaluating it failed (an index outside an array, …); the interpreter says how. */
export type Truth = typeof FALSE | typeof TRUE | typeof FAILED;
export const FALSE = 0;
export const TRUE = 1;
export const FAILED = 2;

/**
 * A reusable, growing list of states with the instance that made each. Cost of `push`: amortized constant.
 * Mutable on purpose: it is the inner loop's only output.
 */
export class Batch {
  /** State `i` is `states[i * words … (i + 1) * words - 1]`. */
  states: Int32Array;
  /** `instances[i]` made state `i`; -1 for initial states. */
  instances: Int32Array;
  count = 0;
  /** Instances with a step from this state that failed, once for each failing way; -1 for `init`. */
  readonly failures: number[] = [];
  /**
   * Not 0 for each branch of the plan that some step went through, of all states so far: `clear` leaves it alone. Some
   * engines count, to others one is like many.
   */
  readonly branches: Float64Array;

  constructor(
    readonly words: number,
    capacity = 64,
    branches = 0,
  ) {
    this.branches = new Float64Array(branches);
    this.states = new Int32Array(capacity * words);
    this.instances = new Int32Array(capacity);
  }

  clear(): void {
    this.count = 0;
    this.failures.length = 0;
  }

  /** A copy of a state. */
  stateAt(index: number): StateVector {
    return stateAt(this.states, index * this.words, this.words);
  }

  /** Which state is this one; -1: none. */
  indexOf(state: StateVector): number {
    for (let index = 0; index < this.count; index += 1) {
      if (isStateAt(this.states, index * this.words, state)) return index;
    }
    return -1;
  }

  /** Makes room for one more state and returns the offset where its words go; the caller then raises `count`. */
  reserve(): number {
    if (this.count === this.instances.length) {
      const states = new Int32Array(this.states.length * 2);
      states.set(this.states);
      this.states = states;
      const instances = new Int32Array(this.instances.length * 2);
      instances.set(this.instances);
      this.instances = instances;
    }
    return this.count * this.words;
  }
}
