import type { Cut } from './cut.ts';
import type { MemoryBudget } from './memory.ts';
import type { Progress } from './progress.ts';
import type { StateGraph } from './state-graph.ts';
import type { Symmetric } from '../reduction/quotient.ts';

/** What to ask of the states and steps on the way: numbers of predicates of the engine. */
export interface Questions {
  readonly invariants: readonly number[];
  readonly steps: readonly number[];
  readonly sometimes: readonly number[];
  /** A state without successors is no deadlock when one of them holds. */
  readonly terminal: readonly number[];
  /** States in which one of them does not hold are judged, but neither stored nor expanded. */
  readonly within: readonly number[];
}

export interface SearchOptions {
  /** How many action instances the engine has. */
  readonly instances: number;
  /** How many branches to count the steps through. Default: none. */
  readonly branches?: number;
  /** Whether to look for states without successors. */
  readonly deadlock: boolean;
  /** Whether liveness will need the steps. */
  readonly keepSteps: boolean;
  /** Stop when more than this many distinct states would have to be stored. */
  readonly maxStates?: number;
  /** Stop at the first thing that is wrong instead of judging everything. */
  readonly stopAtFirst: boolean;
  /** What may be used of memory. */
  readonly memory?: MemoryBudget;
  /** Called now and then; a cut that it returns ends the search. */
  readonly poll?: (progress: Progress) => Cut | undefined;
}

/** Where something was found: in a stored state, or after one more step from it. All findings are the shortest. */
export interface Finding {
  /** A stored state; -1 when there is none: an initial state that is not kept, or `init` itself failed. */
  readonly state: number;
  /** The step from `state` on; absent when the finding is about `state` itself. */
  readonly step?: { readonly instance: number; readonly words: Int32Array };
  /** A step of this instance from `state` could not be evaluated; -1: `init`. */
  readonly failedInstance?: number;
  /** This predicate could not be evaluated in the state found (or of the step found). */
  readonly failedPredicate?: number;
}

/** States, each once, numbered `0 … count - 1` in the order of discovery. */
export interface States {
  readonly count: number;
  /** A copy of the words of a state. */
  wordsOf(state: number): Int32Array;
  /** The array that holds a state; its words start at {@link offsetOf}. */
  segmentOf(state: number): Int32Array;
  offsetOf(state: number): number;
  /** The states from one on that lie one after another in its array. */
  runFrom(state: number): StateRun;
}

/** States that lie one after another: the words of the i-th of them start at `segment[offset + i * stride]`. */
export interface StateRun {
  readonly segment: Int32Array;
  readonly offset: number;
  readonly stride: number;
  readonly count: number;
}

/** All that was explored. The same for every search, but for what it is read from. */
export interface Exploration {
  readonly states: States;
  /** How many states there are: those that are kept, and where one of them stands for an orbit, all of that. */
  readonly distinct: number;
  /** What stands for what, when one state of each orbit was explored. */
  readonly symmetry?: Symmetric;
  /** Set: in some states steps were put off, so that every number is about what was explored, and not about all there is. */
  readonly isOrdered?: true;
  /** The state from which each state was first reached; -1 for initial ones. May cost some dozen expansions. */
  parentOf(state: number): number;
  /** The states up to this number are initial ones. */
  readonly initial: number;
  readonly transitions: number;
  readonly depth: number;
  /** How many states were first reached after 0, 1, 2, … steps. */
  readonly levels: readonly number[];
  /**
   * Successors that each action instance gave, and new states among them: of those, only ones that are kept, so that with
   * symmetry it is one of each orbit.
   */
  readonly fired: Float64Array;
  readonly discovered: Float64Array;
  /** Of each branch of the plan: 0 when no step went through it. */
  readonly branches: Float64Array;
  /** Instances with a step that failed in some state. */
  readonly failing: ReadonlySet<number>;
  readonly deadlock: Finding | undefined;
  /** The first step or predicate that failed. */
  readonly evaluation: Finding | undefined;
  /** The first violation of each; an evaluation that fails is one. */
  readonly invariants: readonly (Finding | undefined)[];
  readonly steps: readonly (Finding | undefined)[];
  /** The first witness of each. */
  readonly sometimes: readonly (Finding | undefined)[];
  readonly cut: Cut | undefined;
  /** The `within` predicates that do not hold in some state that was met. */
  readonly leftWithin: ReadonlySet<number>;
  readonly graph: StateGraph | undefined;
}
