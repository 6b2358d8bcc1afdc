import { fullCut } from '../breadth-first.ts';
import type { Findings } from '../findings.ts';
import type { WorkerPool } from './worker-pool.ts';
import type { Generation } from './generation.ts';
import {
  EVENT,
  EVENT_FAILED,
  HEADER,
  JUDGE_STATE,
  JUDGE_STEP,
  JUDGED,
  NEW,
  OUTSIDE,
  STATUS_MASK,
} from './memory-map.ts';
import type { MemoryMap } from './memory-map.ts';

/** A place in the order of everything that is found in a round. */
export interface Place {
  readonly worker: number;
  readonly record: number;
  /** The state that was being expanded; -1 for initial states. */
  readonly state: number;
  /** The last successor of that state that still counts, or the first that does not. Without it none of them does. */
  readonly successor?: { readonly record: number; readonly counts: boolean };
}

/** Looks closer at what the workers found in a round, and asks by the same code as the plain search. */
export class RoundJudge {
  // Of the generation that is worked on.
  private map!: MemoryMap;
  private ints!: Int32Array;
  private bytes!: Uint8Array;
  private pool!: WorkerPool;
  /** Where state 0 would be if all states lay before those being expanded; it can be negative. */
  private source = 0;

  constructor(
    private readonly findings: Findings,
    private readonly maxStates: number,
    private readonly stopAtFirst: boolean,
  ) {}

  workOn({ map, ints, bytes, pool }: Generation): void {
    this.map = map;
    this.ints = ints;
    this.bytes = bytes;
    this.pool = pool;
    const { invariants, steps, sometimes } = this.findings.questions;
    for (const predicate of [...invariants, ...steps, ...sometimes]) bytes[map.shared.open + predicate] = 1;
    this.tellQuestions();
  }

  /**
   * Goes through all that the workers found worth a closer look, in its order.
   *
   * @param count - states with the new ones.
   * @param source - where state 0 would be if all states lay before those being expanded.
   * @returns where the search is cut, if it is: what is there and after it does not count.
   */
  judge(workers: number, count: number, source: number): Place | undefined {
    this.source = source;
    const full = this.placeOfFirstTooMany(workers, count);
    for (let worker = 0; worker < workers; worker += 1) {
      const cut = this.judgeWorker(worker, full?.worker === worker ? full : undefined);
      if (cut !== undefined) return cut;
      if (full?.worker === worker) {
        this.findings.cut = fullCut(this.maxStates);
        return full;
      }
    }
    return undefined;
  }

  private judgeWorker(worker: number, end: Place | undefined): Place | undefined {
    const { ints, findings } = this;
    const area = this.pool.areas[worker]!;
    const eventsEnd = this.pool.answer(worker, HEADER.eventsEnd);
    const judgedEnd = this.pool.answer(worker, HEADER.judgedEnd);
    let event = area.events;
    let judged = area.judged;
    if (event === eventsEnd && judged === judgedEnd) return undefined;
    for (;;) {
      const position = event < eventsEnd ? ints[(event + EVENT.position) / 4]! >>> 0 : Infinity;
      const record = judged < judgedEnd ? ints[(judged + JUDGED.record) / 4]! >>> 0 : Infinity;
      if (position === Infinity && record === Infinity) break;
      // At one place, what is said of the state comes before what is said of its first successor.
      if (end !== undefined && (position <= record ? end.record < position : end.record <= record)) break;
      if (position <= record) {
        const state = ints[(event + EVENT.state) / 4]!;
        this.judgeEvent(event, state);
        event += EVENT.size;
        if (findings.cut !== undefined) return { worker, record: position, state };
      } else {
        this.judgeRecord(record, ints[(judged + JUDGED.what) / 4]!);
        judged += JUDGED.size;
        if (findings.cut !== undefined) {
          const state = this.parentOfRecord(record);
          return { worker, record: record + this.map.record.size, state, successor: { record, counts: true } };
        }
      }
    }
    this.tellQuestions();
    return undefined;
  }

  private judgeEvent(event: number, state: number): void {
    const { ints, findings } = this;
    if (ints[(event + EVENT.kind) / 4] === EVENT_FAILED) {
      findings.noteFailedStep(state, ints[(event + EVENT.instance) / 4]!);
    } else {
      findings.judgeStuck(ints, this.addressOf(state) / 4, state);
    }
  }

  private judgeRecord(record: number, what: number): void {
    const { ints, findings, map } = this;
    const parent = this.parentOfRecord(record);
    const instance = ints[(record + map.record.instance) / 4]!;
    const at = record / 4;
    if ((what & JUDGE_STATE) !== 0) {
      if ((ints[(record + map.record.status) / 4]! & STATUS_MASK) === OUTSIDE) {
        findings.isWithin(ints, at, parent, instance);
        findings.judgeState(ints, at, parent, instance, true);
      } else {
        findings.judgeState(ints, at, ints[(record + map.record.result) / 4]!, instance);
      }
    }
    if ((what & JUDGE_STEP) !== 0) {
      const raw = (record + map.record.raw) / 4;
      findings.judgeStep(ints, this.addressOf(parent) / 4, ints, raw, parent, instance);
    }
  }

  /** The first record of the state in whose expansion the search was cut. */
  firstRecordOf({ worker, record, state }: Place): number {
    const { size, parent } = this.map.record;
    const { records } = this.pool.areas[worker]!;
    let first = record;
    while (records < first && this.ints[(first - size + parent) / 4] === state) first -= size;
    return first;
  }

  private placeOfFirstTooMany(workers: number, count: number): Place | undefined {
    if (count <= this.maxStates) return undefined;
    const { size, status, result } = this.map.record;
    for (let worker = 0; worker < workers; worker += 1) {
      const end = this.pool.answer(worker, HEADER.recordsEnd);
      for (let record = this.pool.areas[worker]!.records; record < end; record += size) {
        const isNew = (this.ints[(record + status) / 4]! & STATUS_MASK) === NEW;
        if (isNew && this.ints[(record + result) / 4] === this.maxStates) {
          return { worker, record, state: this.parentOfRecord(record), successor: { record, counts: false } };
        }
      }
    }
    throw new Error('internal: more states than there are records of');
  }

  /** Tells the kernel what is not asked any more. */
  private tellQuestions(): void {
    const { bytes, findings, map } = this;
    const { open, left, failing, deadlockOpen, failuresKnown } = map.shared;
    bytes[deadlockOpen] = findings.deadlockOpen ? 1 : 0;
    bytes[failuresKnown] = findings.evaluation !== undefined && !this.stopAtFirst ? 1 : 0;
    for (const questions of [findings.invariants, findings.steps, findings.sometimes]) {
      questions.findings.forEach((finding, position) => {
        if (finding !== undefined) bytes[open + questions.predicates[position]!] = 0;
      });
    }
    for (const predicate of findings.leftWithin) bytes[left + predicate] = 1;
    for (const instance of findings.failing) bytes[failing + instance] = 1;
  }

  /** The address of a state that is being expanded. */
  private addressOf(state: number): number {
    return this.source + state * this.map.stateSize;
  }

  private parentOfRecord(record: number): number {
    return this.ints[(record + this.map.record.parent) / 4]!;
  }
}
