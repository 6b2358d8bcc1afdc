import type { FunctionIndex, GlobalIndex } from '../../engine/wasm/code-builder.ts';
import type { ModuleBuilder } from '../../engine/wasm/module-builder.ts';
import type { Questions } from '../exploration.ts';
import type { CanonicalFunctions, CanonicalPlan } from './canonical-code.ts';
import type { MemoryMap } from './memory-map.ts';
import type { SleepSets } from './sleep-sets.ts';
import type { TableKind } from './table-kind.ts';
import type { Effect, Value } from './values.ts';

/** The functions that know the model. */
export interface ModelFunctions {
  /** `(state)`: yields all its successors. */
  readonly successors: FunctionIndex;
  /** `()`: yields all initial states. */
  readonly initial: FunctionIndex;
  /** `(state, next) → truth`, by predicate id. */
  readonly predicates: readonly FunctionIndex[];
}

export interface KernelOptions {
  readonly questions: Questions;
  readonly table: TableKind;
  readonly sleepSets: SleepSets | undefined;
  /** Whether the targets of all steps will be asked for. */
  readonly keepSteps: boolean;
  /** How canonical forms are made, where one state of each orbit is explored. */
  readonly canonical: CanonicalPlan | undefined;
}

/** What all functions of the kernel are made with. */
export interface Kernel extends Omit<KernelOptions, 'canonical'> {
  readonly module: ModuleBuilder;
  readonly words: number;
  readonly instances: number;
  readonly map: MemoryMap;
  readonly globals: Globals;
  readonly model: ModelFunctions;
  readonly canonical: CanonicalFunctions | undefined;
  /** Where this worker's area begins. */
  readonly own: Value;
  /** Where the state of number 0 is, or would be: see {@link Globals.states}. */
  readonly states: Value;
  holds(predicate: number): FunctionIndex;
  sameState(left: Value, right: Value): Value;
  copyState(to: Value, from: Value): Effect;
}

export interface Globals {
  /** Imported: addresses of this worker's area and of scratch memory. */
  readonly own: GlobalIndex;
  readonly scratch: GlobalIndex;
  /**
   * Imported: the number of the first state of this memory, not 0 where there are previous generations; and, modulo 2^32, where
   * the state of number 0, its parent and its origin would be, if all were in this one.
   */
  readonly first: GlobalIndex;
  readonly states: GlobalIndex;
  readonly parents: GlobalIndex;
  readonly origins: GlobalIndex;
  /** Where the next record goes, and where there is room for one more only. */
  readonly record: GlobalIndex;
  readonly recordLimit: GlobalIndex;
  /** The state being expanded, in the high half. */
  readonly parent: GlobalIndex;
  readonly event: GlobalIndex;
  readonly eventLimit: GlobalIndex;
  /** The first record of the state being expanded. */
  readonly firstRecord: GlobalIndex;
  /** Whether a step of the state being expanded failed. */
  readonly failed: GlobalIndex;
  /** How many successors there were. */
  readonly yielded: GlobalIndex;
  /** What each of them adds to the count of its instance (64 bits): 1, or nothing where only somebody asks. */
  readonly counted: GlobalIndex;
  /** The row of the state being expanded, which says what is looked up. */
  readonly row: GlobalIndex;
}

/**
 * What the kernel exports, beside `p0`, `p1`, … for the predicates and, where liveness will ask about all states,
 * `each0`, `each1`, ….
 */
export type KernelFunction =
  | 'begin'
  | 'initial'
  | 'expand'
  | 'rehash'
  | 'rehashApart'
  | 'rehashInitial'
  | 'forget'
  | 'insert'
  | 'insertAfter'
  | 'touch'
  | 'touchState'
  | 'find'
  | 'grow'
  | 'commit'
  | 'rows'
  | 'yieldAll'
  | 'uncount'
  | 'work'
  | 'start'
  | 'serve'
  | 'lead';
