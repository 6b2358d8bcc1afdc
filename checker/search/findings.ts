import { FAILED, FALSE, TRUE } from '../engine/next-state.ts';
import type { NextState, Truth } from '../engine/next-state.ts';
import { stateAt } from '../engine/state-vector.ts';
import type { Cut } from './cut.ts';
import type { Finding, Questions, SearchOptions } from './exploration.ts';

/**
 * The questions of a search and the first answer to each. Whoever searches shows every state and step in its order;
 * a question that has its answer is not asked again.
 */
export class Findings {
  readonly invariants: OpenQuestions;
  readonly steps: OpenQuestions;
  readonly sometimes: OpenQuestions;
  deadlock: Finding | undefined;
  evaluation: Finding | undefined;
  cut: Cut | undefined;
  readonly leftWithin = new Set<number>();
  readonly failing = new Set<number>();

  constructor(
    private readonly engine: NextState,
    readonly questions: Questions,
    private readonly options: Pick<SearchOptions, 'deadlock' | 'stopAtFirst'>,
  ) {
    this.invariants = openQuestions(questions.invariants);
    this.steps = openQuestions(questions.steps);
    this.sometimes = openQuestions(questions.sometimes);
  }

  /** Whether a state without successors would be news. */
  get deadlockOpen(): boolean {
    return this.options.deadlock && this.deadlock === undefined;
  }

  /** A step of `instance` from `state` failed; -1 and -1: `init` did. */
  noteFailedStep(state: number, instance: number): void {
    if (0 <= state) this.failing.add(instance);
    this.fail({ state, failedInstance: instance });
  }

  /** Whether every `within` holds; `from` and `instance` say how the state was come by. */
  isWithin(source: Int32Array, at: number, from: number, instance: number): boolean {
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
  judgeState(source: Int32Array, at: number, state: number, instance: number, outside = false): void {
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

  /** Asks what is asked of steps that change the state. */
  judgeStep(from: Int32Array, fromAt: number, source: Int32Array, at: number, state: number, instance: number): void {
    const { engine, steps } = this;
    for (let index = 0; index < steps.open.length; index += 1) {
      const truth = engine.holdsOfStep(steps.open[index]!.predicate, from, fromAt, source, at);
      if (truth === TRUE) continue;
      this.answer(steps, index, truth, this.afterStep(source, at, state, instance));
      index -= 1;
    }
  }

  /** Asks whether a state without successors is a proper end. */
  judgeStuck(source: Int32Array, at: number, state: number): void {
    if (!this.deadlockOpen) return;
    for (const predicate of this.questions.terminal) {
      const truth = this.engine.holds(predicate, source, at);
      if (truth === FAILED) this.fail({ state, failedPredicate: predicate });
      if (truth !== FALSE) return;
    }
    this.deadlock = { state };
    this.stopIfFirst();
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

  private afterStep(source: Int32Array, at: number, from: number, instance: number): Finding {
    return { state: from, step: { instance, words: stateAt(source, at, this.engine.words) } };
  }

  private fail(finding: Finding): void {
    this.evaluation ??= finding;
    this.stopIfFirst();
  }

  private stopIfFirst(): void {
    if (this.options.stopAtFirst) this.cut ??= { kind: 'violation' };
  }
}

interface OpenQuestions {
  readonly predicates: readonly number[];
  readonly open: { readonly predicate: number; readonly position: number }[];
  readonly findings: (Finding | undefined)[];
}

function openQuestions(predicates: readonly number[]): OpenQuestions {
  return {
    predicates,
    open: predicates.map((predicate, position) => ({ predicate, position })),
    findings: predicates.map(() => undefined),
  };
}
