import { IntList } from './int-list.ts';
import type { MemoryBudget } from './memory.ts';

/**
 * The steps between the states that were expanded, for liveness: compressed sparse rows in discovery order.
 *
 * Steps that change nothing are left out: every state can stutter anyway, and fairness does not look at them. A target
 * outside `0 … size - 1` is a state that was found but not expanded, or was not kept: its step counts when asking
 * what is enabled and leads nowhere.
 */
export interface StateGraph {
  /** Expanded states; their numbers are `0 … size - 1`. */
  readonly size: number;
  /** The initial states, whether expanded or not. */
  readonly initial: readonly number[];
  /** The steps of state `s` are those numbered `offsets[s] … offsets[s + 1] - 1`. */
  readonly offsets: Int32Array;
  readonly targets: Int32Array;
  /** The action instance of each step. */
  readonly instances: Int32Array | Uint16Array;
  /** What arrays of its size are taken from. Absent: there is no limit. */
  readonly memory?: MemoryBudget;
}

/** The target of a step that leaves what is explored. */
export const CUT = -1;

/** Gathers a {@link StateGraph} state by state. Memory: 4 bytes a state and 6 a step (8 with over 65,536 instances). */
export class StateGraphBuilder {
  private readonly offsets = new IntList();
  private readonly targets = new IntList();
  private instances: Int32Array | Uint16Array;

  constructor(instances: number) {
    const capacity = this.targets.data.length;
    this.instances = instances <= 2 ** 16 ? new Uint16Array(capacity) : new Int32Array(capacity);
  }

  /** The steps added from now on are those of the next state. */
  beginState(): void {
    this.offsets.push(this.targets.length);
  }

  addStep(target: number, instance: number): void {
    this.targets.push(target);
    const capacity = this.targets.data.length;
    if (this.instances.length < capacity) {
      const larger = this.instances instanceof Uint16Array ? new Uint16Array(capacity) : new Int32Array(capacity);
      larger.set(this.instances);
      this.instances = larger;
    }
    this.instances[this.targets.length - 1] = instance;
  }

  /** Forgets a state and those after it, with their steps; nothing when it has not been begun. */
  abandonFrom(state: number): void {
    if (this.offsets.length <= state) return;
    this.targets.length = this.offsets.at(state);
    this.offsets.length = state;
  }

  finish(initial: readonly number[], memory?: MemoryBudget): StateGraph {
    const size = this.offsets.length;
    this.offsets.push(this.targets.length);
    return {
      ...(memory === undefined ? {} : { memory }),
      size,
      initial,
      offsets: this.offsets.data,
      targets: this.targets.data,
      instances: this.instances,
    };
  }
}
