// What the interpreter makes of states and steps. Several properties are mostly violated on the same way, and each
// counterexample is replayed: what was found out about a state or a step of a plan is kept as long as the plan is.
import type { ObjectValue } from '../../dsl/ir/index.ts';
import { interpret } from '../engine/interpreter.ts';
import { stepsOf } from '../engine/interpreter/steps.ts';
import { Batch } from '../engine/next-state.ts';
import { isSameState } from '../engine/state-vector.ts';
import type { Instance } from '../plan/instance.ts';
import { wordsOf } from '../plan/layout.ts';
import type { Plan } from '../plan/plan.ts';
import type { TraceStep } from './behavior.ts';

/** What the interpreter made of one state. */
interface InterpretedState {
  readonly value: ObjectValue;
  /** Whether it is an initial one. */
  readonly isInitial: boolean;
  /** By instance, the other states that its steps lead to; every instance that has such a step. */
  readonly targets: ReadonlyMap<number, readonly Int32Array[]>;
  /** Whether a step of an instance leads to a state. */
  makes(instance: Instance, to: Int32Array): boolean;
  /** What is reported of a step to another state, worked out by `tell` when it is first asked for. */
  told(instance: Instance, to: Int32Array, tell: () => TraceStep): TraceStep;
  /** The locals that no thread needs there, worked out by `find` when they are first asked for. */
  unused(find: () => readonly string[]): readonly string[];
}

const known = new WeakMap<Plan, Map<string, Interpreted>>();

/**
 * The state with these words as the interpreter knows it; all that is asked of it is worked out once for each plan.
 *
 * @param words - the words of one state; never changed afterwards.
 */
export function interpretedState(plan: Plan, words: Int32Array): InterpretedState {
  const states = known.get(plan) ?? new Map<string, Interpreted>();
  known.set(plan, states);
  const key = words.join();
  let state = states.get(key);
  if (state === undefined) states.set(key, (state = new Interpreted(plan, words)));
  return state;
}

class Interpreted implements InterpretedState {
  readonly #successors = new Map<number, readonly Int32Array[]>(); // by instance
  readonly #steps = new Map<string, TraceStep>();
  #value: ObjectValue | undefined;
  #targets: ReadonlyMap<number, readonly Int32Array[]> | undefined;
  #unused: readonly string[] | undefined;

  constructor(
    private readonly plan: Plan,
    private readonly words: Int32Array,
  ) {}

  get value(): ObjectValue {
    return (this.#value ??= this.plan.layout.decode(this.words, 0));
  }

  get isInitial(): boolean {
    return 0 <= initialStates(this.plan).indexOf(this.words);
  }

  get targets(): ReadonlyMap<number, readonly Int32Array[]> {
    if (this.#targets !== undefined) return this.#targets;
    const targets = new Map<number, readonly Int32Array[]>();
    for (const instance of this.plan.instances) {
      const others = this.successorsOf(instance).filter((target) => !isSameState(this.words, target));
      if (0 < others.length) targets.set(instance.id, others);
    }
    return (this.#targets = targets);
  }

  makes(instance: Instance, to: Int32Array): boolean {
    return this.successorsOf(instance).some((successor) => isSameState(successor, to));
  }

  told(instance: Instance, to: Int32Array, tell: () => TraceStep): TraceStep {
    const key = `${instance.id} ${to.join()}`;
    let step = this.#steps.get(key);
    if (step === undefined) this.#steps.set(key, (step = tell()));
    return step;
  }

  unused(find: () => readonly string[]): readonly string[] {
    return (this.#unused ??= find());
  }

  private successorsOf(instance: Instance): readonly Int32Array[] {
    let successors = this.#successors.get(instance.id);
    if (successors === undefined) {
      const { layout } = this.plan;
      successors = stepsOf(this.plan, this.value, instance).successors.map((one) => wordsOf(layout, one));
      this.#successors.set(instance.id, successors);
    }
    return successors;
  }
}

const starts = new WeakMap<Plan, Batch>();

function initialStates(plan: Plan): Batch {
  let batch = starts.get(plan);
  if (batch === undefined) {
    batch = new Batch(plan.layout.words);
    interpret(plan).initial(batch);
    starts.set(plan, batch);
  }
  return batch;
}
