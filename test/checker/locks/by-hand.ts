import { MUTEXES } from './random-locking.ts';
import type { Locker, Op } from './random-locking.ts';

/* Random threads with locks, carried out by hand on plain values, with what each of them holds written down beside them. */

export interface State {
  /** By thread: the number of its step, with `+` after it in the second half of a step; -1 at its end. */
  readonly at: readonly string[];
  /** By mutex. */
  readonly owners: readonly (number | null)[];
  readonly readers: readonly number[];
  readonly writer: number | null;
  readonly waitingReaders: readonly number[];
  readonly waitingWriters: readonly number[];
  readonly sleepers: readonly number[];
  /** By thread: how many permits it has. */
  readonly permits: readonly number[];
}

/** A lock with how it is held or asked for: `m[x] own`. */
export type Lock = string;

export interface Deed {
  readonly kind: string;
  readonly lock: Lock;
}

/** What a thread can do: the states after it, and what it does with locks; without states it is stuck. */
export interface Move {
  readonly step: string;
  readonly next: readonly State[];
  readonly deeds: readonly Deed[];
}

/** What some threads do. */
export class ByHand {
  constructor(protected readonly lockers: readonly Locker[]) {}

  /**
   * Goes through all states by levels.
   *
   * @param look - gets each state with what each thread can do there; undefined where it has ended.
   * @returns how many there are.
   */
  explore(look: (state: State, moves: readonly (Move | undefined)[], depth: number) => void): number {
    const start: State = {
      at: this.lockers.map(() => '0'),
      owners: MUTEXES.map(() => null),
      readers: [],
      writer: null,
      waitingReaders: [],
      waitingWriters: [],
      sleepers: [],
      permits: this.lockers.map(() => 0),
    };
    const found = new Set([JSON.stringify(start)]);
    let level = [start];
    for (let depth = 0; level.length > 0; depth += 1) {
      const next: State[] = [];
      for (const state of level) {
        const moves = this.lockers.map((_, me) => this.moveOf(state, me));
        look(state, moves, depth);
        for (const after of moves.flatMap((move) => move?.next ?? [])) {
          const key = JSON.stringify(after);
          if (!found.has(key)) next.push(after);
          found.add(key);
        }
      }
      level = next;
    }
    return found.size;
  }

  private moveOf(state: State, me: number): Move | undefined {
    const at = state.at[me]!;
    if (at === '-1') return undefined;
    const index = Number.parseInt(at, 10);
    const { ops, loops } = this.lockers[me]!;
    const op = ops[index]!;
    const isHalf = at.endsWith('+');
    const goTo = (changed: State, label: string): State => ({ ...changed, at: changed.at.with(me, label) });
    const end = index + 1 < ops.length ? String(index + 1) : loops ? '0' : '-1';
    const done = (changed: State): State => goTo(changed, end);
    const step = `t${me}.${isHalf ? (op.kind === 'wait' ? 'asleep' : 'blocked') : `s${index}`}`;
    const move = (next: readonly State[], ...deeds: Deed[]): Move => ({ step, next, deeds });
    const mutex = 'lock' in op ? MUTEXES.indexOf(op.lock) : -1;
    const lock = 'lock' in op ? `${op.lock} own` : '';
    const isFree = state.owners[mutex] === null;
    const owned = (owner: number | null): State => ({ ...state, owners: state.owners.with(mutex, owner) });
    switch (op.kind) {
      case 'enter':
        return isFree ? move([done(owned(me))], { kind: 'takes', lock }) : move([], { kind: 'waits', lock });
      case 'exit':
        return move([done(owned(null))], { kind: 'gives', lock });
      case 'try':
        return move([isFree ? done(owned(me)) : goTo(state, '-1')], { kind: 'tries', lock });
      case 'pass':
        return isFree ? move([done(state)], { kind: 'passes', lock }) : move([], { kind: 'waits', lock });
      case 'wait':
        if (!isHalf) {
          const asleep = { ...owned(null), sleepers: withMember(state.sleepers, me) };
          return move([goTo(asleep, `${index}+`)], { kind: 'gives', lock });
        }
        if (state.sleepers.includes(me)) return move([], { kind: 'sleeps', lock: 'cv own' });
        return isFree ? move([done(owned(me))], { kind: 'takes', lock }) : move([], { kind: 'waits', lock });
      case 'wake':
        return move([done({ ...state, sleepers: [] })]);
      case 'down':
        if (state.permits.reduce((sum, one) => sum + one, 0) === 2)
          return move([], { kind: 'waits', lock: 'sem permit' });
        return move([done({ ...state, permits: state.permits.with(me, 1) })], { kind: 'takes', lock: 'sem permit' });
      case 'up':
        return move([done({ ...state, permits: state.permits.with(me, 0) })], { kind: 'gives', lock: 'sem permit' });
      default:
        return this.moveOfRwLock(state, me, op, isHalf, move, done, (changed) => goTo(changed, `${index}+`));
    }
  }

  private moveOfRwLock(
    state: State,
    me: number,
    op: Op,
    isHalf: boolean,
    move: (next: readonly State[], ...deeds: Deed[]) => Move,
    done: (state: State) => State,
    queue: (state: State) => State,
  ): Move {
    const { readers, writer, waitingReaders, waitingWriters } = state;
    const handToWriters = (free: State): readonly State[] =>
      waitingWriters.map((next) => ({
        ...free,
        writer: next,
        waitingWriters: waitingWriters.filter((one) => one !== next),
      }));
    switch (op.kind) {
      case 'read': {
        if (isHalf) return readers.includes(me) ? move([done(state)]) : move([], { kind: 'waits', lock: 'rw read' });
        const isFree = writer === null && waitingWriters.length === 0;
        const next = isFree
          ? done({ ...state, readers: withMember(readers, me) })
          : queue({ ...state, waitingReaders: withMember(waitingReaders, me) });
        return move([next], { kind: 'takes', lock: 'rw read' });
      }
      case 'write': {
        if (isHalf) return writer === me ? move([done(state)]) : move([], { kind: 'waits', lock: 'rw write' });
        const isFree = writer === null && readers.length === 0;
        const next = isFree
          ? done({ ...state, writer: me })
          : queue({ ...state, waitingWriters: withMember(waitingWriters, me) });
        return move([next], { kind: 'takes', lock: 'rw write' });
      }
      case 'unread': {
        const left = { ...state, readers: readers.filter((one) => one !== me) };
        const isHanded = left.readers.length === 0 && waitingWriters.length > 0;
        return move((isHanded ? handToWriters(left) : [left]).map(done), { kind: 'gives', lock: 'rw read' });
      }
      default: {
        const free = { ...state, writer: null };
        const next = [
          ...(waitingReaders.length > 0 ? [{ ...free, readers: waitingReaders, waitingReaders: [] }] : []),
          ...handToWriters(free),
        ];
        return move((next.length === 0 ? [free] : next).map(done), { kind: 'gives', lock: 'rw write' });
      }
    }
  }
}

/** In the order of numbers, so that equal sets are equal lists. */
function withMember(members: readonly number[], me: number): readonly number[] {
  return [...members, me].sort((left, right) => left - right);
}

/** The label as its author wrote it: each further one of the same name has a number. */
export function written(step: string): string {
  return step.replace(/_\d+$/, '');
}

/** All locks that differ by keys alone. */
export function familyOf(lock: Lock): string {
  return lock.replace(/\[.\]/, '[·]');
}
