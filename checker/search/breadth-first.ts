import { Batch, FAILED, FALSE, TRUE } from '../engine/next-state.ts';
import type { NextState, Truth } from '../engine/next-state.ts';
import type { Cut } from './cut.ts';
import { IntList } from './int-list.ts';
import { isOutOfMemory } from './memory.ts';
import type { Progress } from './progress.ts';
import { CUT, StateGraphBuilder } from './state-graph.ts';
import type { StateGraph } from './state-graph.ts';
import { MAX_STATES, StateSet } from './state-set.ts';

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
  /** Called now and then, see {@link POLL_INTERVALS}; a cut that it returns ends the search. */
  readonly poll?: (progress: Progress) => Cut | undefined;
}

/** How many states are expanded between two calls of `poll`: a fraction of a second of either engine. */
export const POLL_INTERVALS = { compiled: 1024, interpreted: 64 } as const;

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

/** All that was explored. */
export interface Exploration {
  readonly states: StateSet;
  /** The state from which each state was first reached; -1 for initial ones. */
  readonly parents: IntList;
  /** Distinct initial states. */
  readonly initial: number;
  readonly transitions: number;
  readonly depth: number;
  /** Successors that each action instance gave, and new states among them. */
  readonly fired: Float64Array;
  readonly discovered: Float64Array;
  /** Steps that went through each branch of the plan. */
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

/**
 * Explores the reachable states level by level and judges everything that single states and steps can show.
 *
 * A violation does not end the search, so each property gets its own answer. The first finding of each is the one whose
 * path is shortest and, among those, found first: in the order of the states, and within one of its successors.
 *
 * @remarks O(transitions) calls of the engine's predicates and table look-ups. Memory: see {@link StateSet}, 4 bytes a
 * state for its parent, and for `keepSteps` see {@link StateGraphBuilder}.
 */
export function explore(engine: NextState, questions: Questions, options: SearchOptions): Exploration {
  return new Search(engine, questions, options).run();
}

/** The loop's mutable state. One instance explores once. */
class Search {
  private readonly states: StateSet;
  private readonly batch: Batch;
  private readonly parents = new IntList();
  private readonly builder: StateGraphBuilder | undefined;
  private readonly fired: Float64Array;
  private readonly discovered: Float64Array;
  private readonly maxStates: number;
  private readonly invariants: OpenQuestions;
  private readonly steps: OpenQuestions;
  private readonly sometimes: OpenQuestions;
  private initial = 0;
  private transitions = 0;
  private depth = 0;
  private deadlock: Finding | undefined;
  private evaluation: Finding | undefined;
  private cut: Cut | undefined;
  private readonly leftWithin = new Set<number>();
  private readonly failing = new Set<number>();

  constructor(
    private readonly engine: NextState,
    private readonly questions: Questions,
    private readonly options: SearchOptions,
  ) {
    this.states = new StateSet(engine.words);
    this.batch = new Batch(engine.words, 64, options.branches);
    this.builder = options.keepSteps ? new StateGraphBuilder(options.instances) : undefined;
    this.fired = new Float64Array(options.instances);
    this.discovered = new Float64Array(options.instances);
    this.maxStates = Math.min(options.maxStates ?? MAX_STATES, MAX_STATES);
    this.invariants = openQuestions(questions.invariants);
    this.steps = openQuestions(questions.steps);
    this.sometimes = openQuestions(questions.sometimes);
  }

  run(): Exploration {
    this.addInitialStates();
    this.expandAll();
    const initial = Array.from({ length: this.initial }, (_, state) => state);
    return {
      states: this.states,
      parents: this.parents,
      initial: this.initial,
      transitions: this.transitions,
      depth: this.depth,
      fired: this.fired,
      discovered: this.discovered,
      branches: this.batch.branches,
      failing: this.failing,
      deadlock: this.deadlock,
      evaluation: this.evaluation,
      invariants: this.invariants.findings,
      steps: this.steps.findings,
      sometimes: this.sometimes.findings,
      cut: this.cut,
      leftWithin: this.leftWithin,
      graph: this.builder?.finish(initial),
    };
  }

  private addInitialStates(): void {
    const { batch, states } = this;
    this.engine.initial(batch);
    if (0 < batch.failures.length) this.fail({ state: -1, failedInstance: -1 });
    for (let index = 0; index < batch.count && this.cut === undefined; index += 1) {
      const at = index * batch.words;
      if (states.find(batch.states, at) >= 0) continue;
      if (!this.isWithin(batch.states, at, -1, -1)) {
        this.judgeState(batch.states, at, -1, -1);
      } else if (this.maxStates <= states.count) {
        this.cut = this.fullCut();
      } else {
        const state = states.add(batch.states, at);
        this.parents.push(-1);
        this.judgeState(batch.states, at, state, -1);
      }
    }
    this.initial = states.count;
  }

  private expandAll(): void {
    const { states, options } = this;
    const interval = POLL_INTERVALS[this.engine.engine];
    let levelEnd = states.count;
    for (let state = 0; state < states.count && this.cut === undefined; state += 1) {
      if (state === levelEnd) {
        this.depth += 1;
        levelEnd = states.count;
      }
      if (options.poll !== undefined && state % interval === interval - 1) {
        this.cut = options.poll(this.progressAt(state));
        if (this.cut !== undefined) break;
      }
      try {
        this.expand(state);
      } catch (error) {
        if (!isOutOfMemory(error)) throw error;
        this.builder?.abandonFrom(state);
        this.cut = { kind: 'memory' };
      }
    }
    // What is left of the last level was found by the level before it.
    if (levelEnd < states.count) this.depth += 1;
  }

  private expand(state: number): void {
    const { engine, batch, states, builder, fired, discovered } = this;
    const { words } = batch;
    batch.clear();
    engine.successors(states.segmentOf(state), states.offsetOf(state), batch);
    builder?.beginState();
    for (const instance of batch.failures) {
      this.failing.add(instance);
      this.fail({ state, failedInstance: instance });
    }
    if (batch.count === 0) {
      if (batch.failures.length === 0 && this.options.deadlock) this.judgeDeadlock(state);
      return;
    }
    const judgesSteps = 0 < this.questions.steps.length;
    const unguarded = this.questions.within.length === 0 && states.count + batch.count <= this.maxStates;
    for (let index = 0; index < batch.count; index += 1) {
      const at = index * words;
      const instance = batch.instances[index]!;
      const known = states.count;
      const target = unguarded ? states.add(batch.states, at) : this.addGuarded(state, index);
      if (target === FULL) {
        this.cut = this.fullCut();
        builder?.abandonFrom(state);
        return;
      }
      this.transitions += 1;
      fired[instance]! += 1;
      if (target === known) {
        this.parents.push(state);
        discovered[instance]! += 1;
        this.judgeState(batch.states, at, target, instance);
      }
      if (target !== state) {
        builder?.addStep(target, instance);
        if (judgesSteps) this.judgeStep(state, at, instance);
      }
      if (this.cut !== undefined) {
        builder?.abandonFrom(state);
        return;
      }
    }
  }

  /** As `StateSet.add`, but {@link CUT} for what is outside some `within` and {@link FULL} when there is no room. */
  private addGuarded(from: number, index: number): number {
    const { batch, states } = this;
    const at = index * batch.words;
    const known = states.find(batch.states, at);
    if (known >= 0) return known;
    const instance = batch.instances[index]!;
    if (!this.isWithin(batch.states, at, from, instance)) {
      this.judgeState(batch.states, at, from, instance, true);
      return CUT;
    }
    return this.maxStates <= states.count ? FULL : states.add(batch.states, at);
  }

  private isWithin(source: Int32Array, at: number, from: number, instance: number): boolean {
    for (const predicate of this.questions.within) {
      const truth = this.engine.holds(predicate, source, at);
      if (truth === TRUE) continue;
      this.leftWithin.add(predicate);
      if (truth === FAILED) this.fail({ ...this.afterStep(source, at, from, instance), failedPredicate: predicate });
      return false;
    }
    return true;
  }

  /** Asks what is asked of states; `outside`: it is not stored, and `state` is the one the step started from. */
  private judgeState(source: Int32Array, at: number, state: number, instance: number, outside = false): void {
    const { engine, invariants, sometimes } = this;
    for (let index = 0; index < invariants.open.length; index += 1) {
      const truth = engine.holds(invariants.open[index]!.predicate, source, at);
      if (truth === TRUE) continue;
      this.answer(invariants, index, truth, this.foundAt(source, at, state, instance, outside));
      index -= 1;
    }
    for (let index = 0; index < sometimes.open.length; index += 1) {
      const { predicate } = sometimes.open[index]!;
      const truth = engine.holds(predicate, source, at);
      if (truth === FALSE) continue;
      const finding = this.foundAt(source, at, state, instance, outside);
      if (truth === FAILED) {
        // No witness: the question stays open, and the failure is a violation of its own.
        this.fail({ ...finding, failedPredicate: predicate });
      } else {
        this.answer(sometimes, index, truth, finding);
        index -= 1;
      }
    }
  }

  private judgeStep(state: number, at: number, instance: number): void {
    const { engine, states, batch, steps } = this;
    const segment = states.segmentOf(state);
    const offset = states.offsetOf(state);
    for (let index = 0; index < steps.open.length; index += 1) {
      const truth = engine.holdsOfStep(steps.open[index]!.predicate, segment, offset, batch.states, at);
      if (truth === TRUE) continue;
      this.answer(steps, index, truth, this.afterStep(batch.states, at, state, instance));
      index -= 1;
    }
  }

  /** Closes a question with its first answer. */
  private answer(questions: OpenQuestions, index: number, truth: Truth, finding: Finding): void {
    const { predicate, position } = questions.open[index]!;
    questions.open.splice(index, 1);
    questions.findings[position] = truth === FAILED ? { ...finding, failedPredicate: predicate } : finding;
    if (truth === FAILED) this.fail({ ...finding, failedPredicate: predicate });
    if (truth !== TRUE) this.stopIfFirst();
  }

  private foundAt(source: Int32Array, at: number, state: number, instance: number, outside: boolean): Finding {
    return outside || state < 0 ? this.afterStep(source, at, state, instance) : { state };
  }

  private judgeDeadlock(state: number): void {
    const { engine, states } = this;
    if (this.deadlock !== undefined) return;
    for (const predicate of this.questions.terminal) {
      const truth = engine.holds(predicate, states.segmentOf(state), states.offsetOf(state));
      if (truth === FAILED) this.fail({ state, failedPredicate: predicate });
      if (truth !== FALSE) return;
    }
    this.deadlock = { state };
    this.stopIfFirst();
  }

  private afterStep(source: Int32Array, at: number, from: number, instance: number): Finding {
    return { state: from, step: { instance, words: source.slice(at, at + this.states.words) } };
  }

  private fail(finding: Finding): void {
    this.evaluation ??= finding;
    this.stopIfFirst();
  }

  private stopIfFirst(): void {
    if (this.options.stopAtFirst) this.cut ??= { kind: 'violation' };
  }

  private fullCut(): Cut {
    return this.maxStates === MAX_STATES ? { kind: 'memory' } : { kind: 'states', limit: this.maxStates };
  }

  private progressAt(state: number): Progress {
    return {
      phase: 'search',
      distinct: this.states.count,
      transitions: this.transitions,
      depth: this.depth,
      queued: this.states.count - state,
    };
  }
}

const FULL = -2;

interface OpenQuestions {
  readonly open: { readonly predicate: number; readonly position: number }[];
  readonly findings: (Finding | undefined)[];
}

function openQuestions(predicates: readonly number[]): OpenQuestions {
  return {
    open: predicates.map((predicate, position) => ({ predicate, position })),
    findings: predicates.map(() => undefined),
  };
}
