import { clock } from '../../clock.ts';
import type { NextState } from '../../engine/next-state.ts';
import type { Cut } from '../cut.ts';
import type { Exploration } from '../exploration.ts';
import { Findings } from '../findings.ts';
import { isOutOfMemory } from '../memory.ts';
import type { MemoryBudget } from '../memory.ts';
import { ProcessMemory } from '../process-memory.ts';
import type { Progress } from '../progress.ts';
import { MAX_STATES } from '../state-set.ts';
import type { CompiledKernel } from './compiled-kernel.ts';
import type { WorkerPool } from './worker-pool.ts';
import type { Generation } from './generation.ts';
import { Generations } from './generations.ts';
import type { KernelSearchOptions, Tuning } from './kernel-options.ts';
import { withOrbits } from '../symmetric.ts';
import { kernelEngine } from './kernel-engine.ts';
import { kernelQuotient } from './kernel-quotient.ts';
import { defaultWorkers } from './machine.ts';
import { HEADER, memoryMap, NEW, STATUS_MASK, SUBTABLES } from './memory-map.ts';
import type { MemoryMap } from './memory-map.ts';
import { MOST_PREVIOUS_WORDS } from './previous-code.ts';
import { StepRows } from './step-rows.ts';
import { RoundJudge } from './round-judge.ts';
import type { Place } from './round-judge.ts';
import type { Subtables } from './subtables.ts';

/** What a search by a kernel gives: also the engine for questions about single states. */
export interface KernelExploration extends Exploration {
  readonly engine: NextState;
  /** How many memories the states lie in. */
  readonly memories: number;
}

/**
 * Explores like `explore` in `breadth-first.ts`, with the same answers to everything, by a kernel in WebAssembly.
 *
 * @throws RangeError when the system refuses the address space.
 */
export function exploreByKernel(
  compiled: CompiledKernel,
  options: KernelSearchOptions,
  tuning: Tuning = {},
): KernelExploration {
  for (let records = tuning.records ?? FIRST_RECORDS; ; records *= 8) {
    try {
      return new KernelSearch(compiled, options, { ...tuning, records }).run();
    } catch (error) {
      if (!(error instanceof TooManySuccessors)) throw error;
    }
  }
}

/** Successors that there is room for between two looks at them: of one state, or of a part of a round. */
const FIRST_RECORDS = 2 ** 17;
/** Records in a round of one worker: few enough for the nearest caches. */
const ROUND = 8192;
/** States in a round at most. */
const ROUND_STATES = 2 ** 14;
/** States from which on it pays to start threads. */
const PARALLEL_FROM = 100_000;
/** Records of each worker in a round of several, on an average: much work between two times of waiting for each other. */
const PARALLEL_ROUND = 3 * 2 ** 14;
/** States that each worker should have to expand in a round at least. */
const PARALLEL_STATES = 256;
/** Milliseconds between two calls of `poll`. */
const POLL_TIME = 20;

/**
 * How likely it is that some two of so many states have the same fingerprint of 64 bits, if these are as good as random.
 *
 * @see Wolper and Leroy, "Reliable hashing without collision detection", CAV 1993.
 */
function oddsOfMissing(states: number): number {
  return states ** 2 / 2 ** 65;
}

/** There are no addresses for more. */
const FULL: Cut = { kind: 'memory', isFull: true };

class TooManySuccessors extends Error {}

/** One search. The first of its workers is this thread itself. */
class KernelSearch {
  private readonly map: MemoryMap;
  private readonly generations: Generations;
  // Of the latest generation.
  private ints!: Int32Array;
  private bytes!: Uint8Array;
  private pool!: WorkerPool;
  private subtables!: Subtables;
  private readonly engine: NextState;
  private readonly findings: Findings;
  private readonly judge: RoundJudge;
  private readonly rows: StepRows | undefined;
  private readonly levels: number[] = [];
  /** How many states those stand for that were expanded when each level was through. */
  private readonly weights: number[] = [];
  /** Counted by the workers although a cut says that it does not count. */
  private readonly uncounted: { readonly fired: Float64Array; readonly discovered: Float64Array };
  /** Where state 0 would be if all states lay before those being expanded; it can be negative. */
  private source = 0;
  private count = 0;
  private initial = 0;
  private transitions = 0;
  /** Successors that there were records of. */
  private recorded = 0;
  private depth = 0;
  private expanded = 0;
  private polled: number;
  private readonly budget: MemoryBudget;
  private allotted = 0;

  constructor(
    private readonly compiled: CompiledKernel,
    private readonly options: KernelSearchOptions,
    private readonly tuning: Tuning & { readonly records: number },
  ) {
    const { shape, keepSteps, questions, words } = compiled;
    const workers = Math.max(1, Math.min(options.workers ?? defaultWorkers(), SUBTABLES));
    this.map = memoryMap(shape);
    const { records, addresses } = tuning;
    this.generations = new Generations(compiled, { workers, records, addresses });
    this.engine = kernelEngine(this.generations, words);
    this.findings = new Findings(this.engine, questions, options);
    const maxStates = Math.min(options.maxStates ?? MAX_STATES, MAX_STATES);
    this.judge = new RoundJudge(this.findings, maxStates, options.stopAtFirst);
    this.rows = keepSteps ? new StepRows(shape.instances) : undefined;
    this.uncounted = {
      fired: new Float64Array(shape.instances + 1),
      discovered: new Float64Array(shape.instances + 1),
    };
    this.budget = options.memory ?? new ProcessMemory();
    this.polled = clock();
    this.workOn(this.generations.current);
  }

  private workOn(generation: Generation): void {
    const { ints, bytes, pool, subtables } = generation;
    this.ints = ints;
    this.bytes = bytes;
    this.pool = pool;
    this.subtables = subtables;
    this.allotted = 0;
    this.judge.workOn(generation);
    this.forgetRecent();
  }

  /** Before the next round: what is recent has to be known, and there is nothing yet. */
  private forgetRecent(): void {
    for (let worker = 0; worker < this.pool.areas.length; worker += 1) this.pool.tell(worker, HEADER.forget, 1);
  }

  run(): KernelExploration {
    const { findings } = this;
    try {
      this.budget.look(this.bytesWith(0));
      if (this.budget.isEnough) this.addInitialStates();
      else findings.cut = this.budget.cut(true);
      this.expandAll();
    } catch (error) {
      if (!isOutOfMemory(error)) throw error;
      findings.cut = this.budget.cut();
    } finally {
      this.pool.dismiss();
    }
    if (this.compiled.table === 'fingerprint')
      findings.cut ??= { kind: 'fingerprints', odds: oddsOfMissing(Math.max(1, this.count)) };
    return this.exploration();
  }

  private addInitialStates(): void {
    const { pool } = this;
    const { recordLimit, eventLimit } = pool.areas[0]!;
    this.allot(1);
    pool.kernel.start();
    const isFull = recordLimit <= pool.answer(0, HEADER.recordsEnd) || pool.answer(0, HEADER.eventsEnd) === eventLimit;
    if (isFull) throw new TooManySuccessors();
    this.processRound(1, undefined);
    this.initial = this.count;
  }

  private expandAll(): void {
    const { findings, levels } = this;
    let levelEnd = this.count;
    if (0 < levelEnd) levels.push(levelEnd);
    while (this.expanded < this.count && findings.cut === undefined) {
      if (this.expanded === levelEnd) {
        this.depth += 1;
        this.weights.push(this.weighed());
        levels.push(this.count - levelEnd);
        levelEnd = this.count;
      }
      this.expandSome(levelEnd);
      if (findings.cut === undefined) this.poll();
    }
    if (findings.cut === undefined) this.weights.push(this.weighed());
    // What is left of the last level was found by the level before it.
    if (levelEnd < this.count) {
      this.depth += 1;
      levels.push(this.count - levelEnd);
    }
  }

  /** A round: expands some of the states before `levelEnd` that are not expanded yet, at least one. */
  private expandSome(levelEnd: number): void {
    const { statesEach = Infinity } = this.tuning;
    if (statesEach <= this.count - this.generations.current.first) this.beginGeneration();
    const { pool, expanded: from } = this;
    const left = levelEnd - from;
    const workers = this.workersFor(left);
    const each = workers === 1 ? ROUND_STATES : Math.ceil((PARALLEL_ROUND * (from + 1)) / (this.recorded + 1));
    const to = this.bringStates(from, from + Math.min(left, workers * each), workers);
    this.allot(workers);
    for (let worker = 0; worker < workers; worker += 1) {
      const { records, recordLimit } = pool.areas[worker]!;
      pool.tell(worker, HEADER.from, from + Math.floor(((to - from) * worker) / workers));
      pool.tell(worker, HEADER.to, from + Math.floor(((to - from) * (worker + 1)) / workers));
      pool.tell(worker, HEADER.enough, workers === 1 ? records + ROUND * this.map.record.size : recordLimit);
    }
    pool.do('expand', workers);
    const next = this.dropAfterGap(workers);
    if (next === from) throw new TooManySuccessors();
    if (!this.processRound(workers, next)) pool.kernel.uncount(from, next);
    else if (this.findings.cut === undefined) this.expanded = next;
  }

  /**
   * Sees to it that states to expand are in the latest memory, and tells the workers where.
   *
   * @returns up to which of them, at least one.
   */
  private bringStates(from: number, upTo: number, workers: number): number {
    const { generations, pool, map } = this;
    const { current } = generations;
    const owner = generations.of(from);
    const isHere = owner === current;
    const to = isHere ? upTo : Math.min(upTo, from + current.room.stagingStates, generations.endOf(owner, this.count));
    if (!isHere) current.stage(owner, from, to);
    const address = isHere ? current.addressOf(from) : current.room.staging;
    const origin = isHere ? current.originOf(from) : current.room.stagingOrigins;
    this.source = address - from * map.stateSize;
    for (let worker = 0; worker < workers; worker += 1) {
      pool.tell(worker, HEADER.source, this.source);
      pool.tell(worker, HEADER.known, address);
      pool.tell(worker, HEADER.origins, origin - from);
    }
    return to;
  }

  /** How many workers a round is worth, with so many states left to expand in this level. */
  private workersFor(left: number): number {
    const { pool } = this;
    if (pool.areas.length === 1) return 1;
    const parallelFrom = this.tuning.parallelFrom ?? PARALLEL_FROM;
    if (!pool.areHelpersCalled && parallelFrom <= this.count) {
      pool.callHelpers();
      // Small searches that are to be parallel all the same are tests.
      if (parallelFrom < PARALLEL_FROM) pool.waitForHelpers();
    }
    return parallelFrom < PARALLEL_FROM || PARALLEL_STATES * pool.areas.length <= left ? pool.ready : 1;
  }

  /** Distributes the sub-tables, when another number of workers is to take part in a round. */
  private allot(workers: number): void {
    if (this.allotted === workers) return;
    this.allotted = workers;
    const { pool, map, bytes } = this;
    for (let one = 0; one < SUBTABLES; one += 1) bytes[map.shared.owners + one] = one % workers;
    for (let worker = 0; worker < pool.areas.length; worker += 1) pool.tell(worker, HEADER.workers, workers);
  }

  /**
   * Where a worker had no room for all its states, nothing counts of the workers after it: their states come again.
   *
   * @returns the first state that was not expanded.
   */
  private dropAfterGap(workers: number): number {
    const { pool, map } = this;
    let next = pool.answer(0, HEADER.next);
    let isWhole = next === pool.answer(0, HEADER.to);
    for (let worker = 1; worker < workers; worker += 1) {
      if (isWhole) {
        next = pool.answer(worker, HEADER.next);
        isWhole = next === pool.answer(worker, HEADER.to);
        continue;
      }
      const { base, records, events, lists, listSize } = pool.areas[worker]!;
      const from = pool.answer(worker, HEADER.from);
      pool.kernel.uncount(from, pool.answer(worker, HEADER.next));
      pool.tell(worker, HEADER.yielded, 0);
      pool.tell(worker, HEADER.recordsEnd, records);
      pool.tell(worker, HEADER.eventsEnd, events);
      pool.tell(worker, HEADER.next, from);
      pool.tell(worker, HEADER.forget, 1);
      for (let owner = 0; owner < workers; owner += 1) {
        this.ints[(base + map.own.listEnds) / 4 + owner] = lists + owner * listSize;
      }
    }
    return next;
  }

  /**
   * What comes after expanding: looking up, numbering, judging, and keeping steps.
   *
   * @param end - the first state that was not expanded; undefined for the initial states.
   * @returns false when there was no room: then either the search is cut, or a generation has begun, and the states are to
   * be expanded again.
   */
  private processRound(workers: number, end: number | undefined): boolean {
    const { pool } = this;
    if (!this.makeRoom(this.listed(workers), workers)) return false;
    pool.do('insert', workers);
    let number = this.count;
    for (let worker = 0; worker < workers; worker += 1) {
      if (pool.answer(worker, HEADER.failed) !== 0) {
        this.findings.cut = FULL;
        return false;
      }
      pool.tell(worker, HEADER.number, number);
      for (let owner = 0; owner < workers; owner += 1) number += pool.answer(owner, this.map.own.news + 4 * worker);
    }
    if (end !== undefined) {
      for (let worker = 0; worker < workers; worker += 1) {
        const { records } = pool.areas[worker]!;
        this.recorded += (pool.answer(worker, HEADER.recordsEnd) - records) / this.map.record.size;
        this.transitions += pool.answer(worker, HEADER.yielded);
      }
    }
    pool.do('commit', workers);
    this.count = number;
    const cut = this.judge.judge(workers, number, this.source);
    if (cut !== undefined) this.rollBack(workers, cut, end);
    if (this.rows !== undefined && end !== undefined) this.keepRows(workers, cut);
    if (cut?.successor !== undefined && end !== undefined) this.recount(cut.state, cut.successor);
    return true;
  }

  /** Makes room for so many records, or says why there is none. */
  private makeRoom(listed: number, workers: number): boolean {
    const { findings, subtables } = this;
    const { first, room } = this.generations.current;
    const states = this.bytesWith(listed) - this.bytesWith(0);
    const mayGrow = (bytes: number): boolean => this.budget.allows(this.bytesWith(0), states + bytes);
    const hasAddresses = this.count - first + listed <= room.capacity;
    if (hasAddresses && subtables.makeRoom(listed, workers, mayGrow) && mayGrow(0)) return true;
    if (hasAddresses && !subtables.isFull) findings.cut = this.budget.cut();
    // A memory that has no state yet has no room for this round: nor would the next have.
    else if (this.count === first || !this.beginGeneration()) findings.cut = FULL;
    return false;
  }

  /** Goes on in another memory. @returns false when there is none to be had. */
  private beginGeneration(): boolean {
    const { generations, compiled, tuning } = this;
    if (generations.count === tuning.memories || MOST_PREVIOUS_WORDS < compiled.shape.words) return false;
    try {
      this.workOn(generations.begin(this.count));
      return true;
    } catch (error) {
      if (!isOutOfMemory(error)) throw error;
      return false;
    }
  }

  /** Bytes in use when so many more states have been added. */
  private bytesWith(more: number): number {
    return this.generations.bytes(this.count + more) + (this.rows?.bytes ?? 0);
  }

  private keepRows(workers: number, cut: Place | undefined): void {
    const { pool } = this;
    if (cut !== undefined) {
      // Only what belongs to states that were expanded before.
      pool.tell(cut.worker, HEADER.next, cut.state);
      pool.tell(cut.worker, HEADER.recordsEnd, this.judge.firstRecordOf(cut));
    }
    pool.do('rows', workers);
    const mayTake = (bytes: number): boolean => this.budget.allows(this.bytesWith(0), bytes);
    for (let worker = 0; worker <= (cut?.worker ?? workers - 1); worker += 1) {
      const states = pool.answer(worker, HEADER.next) - pool.answer(worker, HEADER.from);
      this.rows!.append(this.ints.buffer, pool.areas[worker]!, states, pool.answer(worker, HEADER.steps), mayTake);
    }
  }

  /** Takes everything of the state at a place, and what comes after it, out of the counts; but it keeps states before. */
  private rollBack(workers: number, cut: Place, end: number | undefined): void {
    const { ints, pool, uncounted } = this;
    const { size, status, instance } = this.map.record;
    for (let worker = cut.worker; worker < workers; worker += 1) {
      const recordsEnd = pool.answer(worker, HEADER.recordsEnd);
      const first = worker === cut.worker ? cut.record : pool.areas[worker]!.records;
      for (let record = first; record < recordsEnd; record += size) {
        if ((ints[(record + status) / 4]! & STATUS_MASK) !== NEW) continue;
        uncounted.discovered[ints[(record + instance) / 4]! + 1]! += 1;
        this.count -= 1;
      }
    }
    if (end !== undefined) this.transitions -= pool.kernel.uncount(cut.state, end);
  }

  /** How many states those stand for that were expanded. */
  private weighed(): number {
    const { own } = this.map;
    return this.compiled.symmetry === undefined ? this.expanded : this.generations.counters(own.weight, 1)[0]!;
  }

  /** How many states there are in each level: those that are kept, and those that they stand for. */
  private wholeLevels(): readonly number[] {
    if (this.compiled.symmetry === undefined) return this.levels;
    let first = 0;
    return this.levels.map((kept, level) => {
      const weight = this.weights[level];
      const from = first;
      first += kept;
      if (weight !== undefined) return weight - (this.weights[level - 1] ?? 0);
      // Of a level that was not gone through, each state is asked.
      let sum = 0;
      for (let state = from; state < first; state += 1) sum += this.weightOf(state);
      return sum;
    });
  }

  private weightOf(state: number): number {
    const generation = this.generations.of(state);
    return generation.weightAt(generation.addressOf(state));
  }

  /** Counts the first successors of a state again. This writes over the records of the first worker. */
  private recount(state: number, { record: last, counts }: Required<Place>['successor']): void {
    const { ints, map, uncounted, source, compiled } = this;
    const { current } = this.generations;
    const words = current.wordsAt(last + map.record.raw);
    const weight = current.weightAt(source + state * map.stateSize);
    for (const record of current.successorsOf(source + state * map.stateSize)) {
      if (!compiled.shape.keepsRaw) current.makeCanonical(record);
      const isLast = current.isAt(record, words);
      if (isLast && !counts) return;
      uncounted.fired[ints[(record + map.record.instance) / 4]! + 1]! -= weight;
      this.transitions += 1;
      if (isLast) return;
    }
    throw new Error('internal: a successor is none');
  }

  private poll(): void {
    const now = clock();
    if (now - this.polled < POLL_TIME) return;
    this.polled = now;
    this.budget.look(this.bytesWith(0));
    this.findings.cut = this.options.poll?.(this.progress());
  }

  private progress(): Progress {
    return {
      phase: 'search',
      distinct: this.count,
      transitions: this.transitions,
      depth: this.depth,
      queued: this.count - this.expanded,
      expanded: this.weighed(),
    };
  }

  private exploration(): KernelExploration {
    const { findings, compiled, map, generations } = this;
    const { instances } = compiled.shape;
    // From now on the engine shall say of every step that it fails: it takes them in the latest memory.
    this.bytes.fill(0, map.shared.failing, map.shared.failing + instances);
    const initial = Array.from({ length: this.initial }, (_, state) => state);
    const levels = this.wholeLevels();
    const fired = this.counters(map.own.fired, this.uncounted.fired);
    const sum = (counts: Iterable<number>): number => [...counts].reduce((total, one) => total + one, 0);
    const { symmetry } = compiled;
    const exploration: KernelExploration = {
      engine: this.engine,
      memories: generations.count,
      states: generations.view(this.count),
      distinct: symmetry === undefined ? this.count : sum(levels),
      parentOf: (state) => (state < this.initial ? -1 : generations.parentOf(state)),
      initial: this.initial,
      transitions: symmetry === undefined ? this.transitions : sum(fired),
      depth: this.depth,
      levels,
      fired,
      discovered: this.counters(map.own.discovered, this.uncounted.discovered),
      branches: generations.branches(this.options.branches ?? 0),
      failing: findings.failing,
      deadlock: findings.deadlock,
      evaluation: findings.evaluation,
      invariants: findings.invariants.findings,
      steps: findings.steps.findings,
      sometimes: findings.sometimes.findings,
      cut: findings.cut,
      leftWithin: findings.leftWithin,
      graph: this.rows?.finish(initial, this.budget),
    };
    if (symmetry === undefined) return exploration;
    const quotient = kernelQuotient(generations, symmetry.classes, compiled.words);
    return { ...exploration, ...withOrbits(exploration, { ...symmetry, quotient }) };
  }

  /** For each instance; in front stands what counts initial states. */
  private counters(offset: number, uncounted: Float64Array): Float64Array {
    const sums = this.generations.counters(offset, uncounted.length);
    return Float64Array.from({ length: sums.length - 1 }, (_, one) => sums[one + 1]! - uncounted[one + 1]!);
  }

  /** How many records there are lists of. */
  private listed(workers: number): number {
    let listed = 0;
    for (let worker = 0; worker < workers; worker += 1) {
      const { base, lists, listSize } = this.pool.areas[worker]!;
      const at = (base + this.map.own.listEnds) / 4;
      for (let owner = 0; owner < workers; owner += 1) {
        listed += ((this.ints[at + owner]! >>> 0) - lists - owner * listSize) / 4;
      }
    }
    return listed;
  }
}
