import { Batch } from '../engine/next-state.ts';
import type { NextState } from '../engine/next-state.ts';
import { isStateAt } from '../engine/state-vector.ts';
import type { Plan } from '../plan/plan.ts';
import type { IdClass } from '../reduction/id-classes.ts';
import { plainQuotient } from '../reduction/plain-quotient.ts';
import { actionOf } from '../reduction/quotient.ts';
import type { Symmetric } from '../reduction/quotient.ts';
import type { Cut } from './cut.ts';
import type { Exploration, Questions, SearchOptions } from './exploration.ts';
import { Findings } from './findings.ts';
import type { StubbornSets } from '../reduction/order/stubborn-sets.ts';
import { IntList } from './int-list.ts';
import { isOutOfMemory } from './memory.ts';
import type { Progress } from './progress.ts';
import { CUT, StateGraphBuilder } from './state-graph.ts';
import { MAX_STATES, StateSet } from './state-set.ts';
import { withOrbits } from './symmetric.ts';

/** How many states are expanded between two calls of `poll`: a fraction of a second of any engine. */
const POLL_INTERVALS = { javascript: 1024, webassembly: 1024, interpreted: 64 } as const;

/**
 * Explores the reachable states level by level and judges everything that single states and steps can show.
 *
 * A violation does not end the search, so each property gets its own answer. The first finding of each is the one whose
 * path is shortest and, among those, found first: in the order of the states, and within one of its successors. A search
 * that is cut counts everything up to where it is, and its graph has no steps of the state that it was expanding.
 *
 * This is the reference: any engine, one state at a time. `kernel/` does the same faster.
 *
 * @remarks O(transitions) calls of the engine's predicates and table look-ups. Memory: see {@link StateSet}, 4 bytes a
 * state for its parent, and for `keepSteps` see {@link StateGraphBuilder}.
 */
export function explore(
  engine: NextState,
  questions: Questions,
  options: SearchOptions,
  reductions: PlainReductions = {},
): Exploration {
  return new Search(engine, questions, options, reductions).run();
}

/** Ways to look at fewer states. */
interface PlainReductions {
  readonly symmetry?: Symmetric | undefined;
  /** Which steps need not be taken in a state, because they can be taken later: then counts are of what was explored. */
  readonly order?: StubbornSets | undefined;
}

/** Orbits of states that are found by listing them. */
export function plainSymmetry(plan: Plan, classes: readonly IdClass[]): Symmetric {
  return { ...actionOf(plan, classes), quotient: plainQuotient(plan, classes) };
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
  private readonly findings: Findings;
  private readonly levels: number[] = [];
  private initial = 0;
  private distinct = 0;
  private transitions = 0;
  private depth = 0;
  /** The successors themselves, where those of the batch are made canonical. */
  private raw: Int32Array;
  private readonly symmetry: Symmetric | undefined;
  private readonly order: StubbornSets | undefined;

  constructor(
    private readonly engine: NextState,
    private readonly questions: Questions,
    private readonly options: SearchOptions,
    { symmetry, order }: PlainReductions,
  ) {
    this.symmetry = symmetry;
    this.order = order;
    this.states = new StateSet(engine.words);
    this.batch = new Batch(engine.words, 64, options.branches);
    this.raw = this.batch.states;
    this.builder = options.keepSteps ? new StateGraphBuilder(options.instances) : undefined;
    this.fired = new Float64Array(options.instances);
    this.discovered = new Float64Array(options.instances);
    this.maxStates = Math.min(options.maxStates ?? MAX_STATES, MAX_STATES);
    this.findings = new Findings(engine, questions, options);
  }

  run(): Exploration {
    this.addInitialStates();
    this.expandAll();
    const { findings, parents, symmetry, order } = this;
    const initial = Array.from({ length: this.initial }, (_, state) => state);
    const exploration: Exploration = {
      states: this.states,
      distinct: this.distinct,
      parentOf: (state) => parents.at(state),
      initial: this.initial,
      transitions: this.transitions,
      depth: this.depth,
      levels: this.levels,
      fired: this.fired,
      discovered: this.discovered,
      branches: this.batch.branches,
      failing: findings.failing,
      deadlock: findings.deadlock,
      evaluation: findings.evaluation,
      invariants: findings.invariants.findings,
      steps: findings.steps.findings,
      sometimes: findings.sometimes.findings,
      cut: findings.cut,
      leftWithin: findings.leftWithin,
      graph: this.builder?.finish(initial, this.options.memory),
      ...(order !== undefined && { isOrdered: true as const }),
    };
    return symmetry === undefined ? exploration : withOrbits(exploration, symmetry);
  }

  private addInitialStates(): void {
    const { batch, states, findings } = this;
    this.engine.initial(batch);
    this.makeCanonical();
    if (0 < batch.failures.length) findings.noteFailedStep(-1, -1);
    for (let index = 0; index < batch.count && findings.cut === undefined; index += 1) {
      const at = index * batch.words;
      if (states.find(batch.states, at) >= 0) continue;
      if (!findings.isWithin(batch.states, at, -1, -1)) {
        findings.judgeState(batch.states, at, -1, -1);
      } else if (this.maxStates <= states.count) {
        findings.cut = fullCut(this.maxStates);
      } else {
        const state = states.add(batch.states, at);
        this.parents.push(-1);
        this.distinct += this.weightOf(batch.states, at);
        findings.judgeState(batch.states, at, state, -1);
      }
    }
    this.initial = states.count;
  }

  private expandAll(): void {
    const { states, options, findings, levels, builder } = this;
    const interval = POLL_INTERVALS[this.engine.engine];
    let levelEnd = states.count;
    let counted = this.distinct;
    if (0 < levelEnd) levels.push(counted);
    for (let state = 0; state < states.count && findings.cut === undefined; state += 1) {
      if (state === levelEnd) {
        this.depth += 1;
        levels.push(this.distinct - counted);
        levelEnd = states.count;
        counted = this.distinct;
      }
      if (state % interval === interval - 1) {
        findings.cut = this.poll(state);
        if (findings.cut !== undefined) break;
      }
      try {
        this.expand(state);
      } catch (error) {
        if (!isOutOfMemory(error)) throw error;
        findings.cut = options.memory?.cut() ?? { kind: 'memory' };
      }
      if (findings.cut !== undefined) builder?.abandonFrom(state);
    }
    // What is left of the last level was found by the level before it.
    if (levelEnd < states.count) {
      this.depth += 1;
      levels.push(this.distinct - counted);
    }
  }

  /** Puts canonical forms in the place of successors. */
  private makeCanonical(): void {
    const { batch, symmetry } = this;
    this.raw = batch.states;
    if (symmetry === undefined) return;
    const { words, count } = batch;
    this.raw = batch.states.slice(0, count * words);
    for (let at = 0; at < count * words; at += words) {
      batch.states.set(symmetry.quotient.canonical(this.raw.subarray(at, at + words)).words, at);
    }
  }

  /** How many states one stands for. */
  private weightOf(source: Int32Array, at: number): number {
    return this.symmetry?.quotient.orbitSize(source.subarray(at, at + this.engine.words)) ?? 1;
  }

  private expand(state: number): void {
    const { engine, batch, states, builder, findings, fired, discovered } = this;
    const { words } = batch;
    batch.clear();
    engine.successors(states.segmentOf(state), states.offsetOf(state), batch);
    this.makeCanonical();
    const weight = this.weightOf(states.segmentOf(state), states.offsetOf(state));
    builder?.beginState();
    for (const instance of batch.failures) {
      if (findings.cut === undefined) findings.noteFailedStep(state, instance);
    }
    if (batch.count === 0 && batch.failures.length === 0) {
      findings.judgeStuck(states.segmentOf(state), states.offsetOf(state), state);
    }
    const taken = this.order === undefined ? undefined : this.takenIn(state, this.order);
    const judgesSteps = 0 < this.questions.steps.length;
    const unguarded = this.questions.within.length === 0 && states.count + batch.count <= this.maxStates;
    for (let index = 0; index < batch.count && findings.cut === undefined; index += 1) {
      const at = index * words;
      const instance = batch.instances[index]!;
      if (taken?.has(instance) === false) continue;
      const known = states.count;
      const target = unguarded ? states.add(batch.states, at) : this.addGuarded(state, index);
      if (target === FULL) {
        findings.cut = fullCut(this.maxStates);
        return;
      }
      this.transitions += weight;
      fired[instance]! += weight;
      if (target === known) {
        this.parents.push(state);
        this.distinct += this.weightOf(batch.states, at);
        discovered[instance]! += 1;
        findings.judgeState(batch.states, at, target, instance);
      }
      if (target !== state) builder?.addStep(target, instance);
      if (judgesSteps && (target !== state || this.isChange(state, at))) {
        findings.judgeStep(states.segmentOf(state), states.offsetOf(state), this.raw, at, state, instance);
      }
    }
  }

  /**
   * The instances of the batch that have to be taken in a state; undefined: all.
   *
   * What is put off must not be put off for ever. It is not when some step that is taken leads to a state that is expanded
   * later: along such steps nobody comes back, and where they end everything is taken.
   *
   * @see Bosnacki and Holzmann, "Improving Spin's Partial-Order Reduction for Breadth-First Search", LNCS 3639, 2005.
   */
  private takenIn(state: number, order: StubbornSets): ReadonlySet<number> | undefined {
    const { batch, states } = this;
    if (0 < batch.failures.length) return undefined;
    const possible = [...new Set(batch.instances.subarray(0, batch.count))];
    for (const choice of order.choices(states.segmentOf(state), states.offsetOf(state), possible)) {
      const taken = new Set(choice);
      for (let index = 0; index < batch.count; index += 1) {
        if (!taken.has(batch.instances[index]!)) continue;
        const target = states.find(batch.states, index * batch.words);
        if (target < 0 || state < target) return taken;
      }
    }
    return undefined;
  }

  /** Whether a successor is another state than the one it was made from, be it of the same orbit. */
  private isChange(state: number, at: number): boolean {
    return !isStateAt(this.raw, at, this.states.wordsOf(state));
  }

  /** As `StateSet.add`, but {@link CUT} for what is outside some `within` and {@link FULL} when there is no room. */
  private addGuarded(from: number, index: number): number {
    const { batch, states, findings } = this;
    const at = index * batch.words;
    const known = states.find(batch.states, at);
    if (known >= 0) return known;
    const instance = batch.instances[index]!;
    if (!findings.isWithin(batch.states, at, from, instance)) {
      findings.judgeState(batch.states, at, from, instance, true);
      return CUT;
    }
    return this.maxStates <= states.count ? FULL : states.add(batch.states, at);
  }

  private poll(state: number): Cut | undefined {
    const { poll, memory } = this.options;
    return poll?.(this.progressAt(state)) ?? (memory?.isExceeded === true ? memory.cut() : undefined);
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

/** Why there is no room for one more state than these. */
export function fullCut(maxStates: number): Cut {
  return maxStates === MAX_STATES ? { kind: 'memory' } : { kind: 'states', limit: maxStates };
}
