import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import type { LockUse } from '../../../checker/locks/lock-use.ts';
import { systemOf } from '../../dsl/compiler/compiled.ts';
import { MUTEXES, randomLockers, sourceOf } from './random-locking.ts';
import type { Locker, Op } from './random-locking.ts';

/*
 * Who takes what while holding what, against an exploration by hand: random threads, whose steps are carried out here on
 * plain values, with what each thread holds written down beside them.
 */

interface State {
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
type Lock = string;

interface Deed {
  readonly kind: string;
  readonly lock: Lock;
}

/** What a thread can do: the states after it, and what it does with locks; without states it is stuck. */
interface Move {
  readonly step: string;
  readonly next: readonly State[];
  readonly deeds: readonly Deed[];
}

class ByHand {
  readonly orders = new Map<string, number>();
  readonly contended = new Map<string, number>();
  circle: number | undefined;
  size = 0;

  constructor(private readonly lockers: readonly Locker[]) {
    const start: State = {
      at: lockers.map(() => '0'),
      owners: MUTEXES.map(() => null),
      readers: [],
      writer: null,
      waitingReaders: [],
      waitingWriters: [],
      sleepers: [],
      permits: lockers.map(() => 0),
    };
    const found = new Set([JSON.stringify(start)]);
    let level = [start];
    for (let depth = 0; level.length > 0; depth += 1) {
      const next: State[] = [];
      for (const state of level) {
        for (const after of this.look(state, depth)) {
          const key = JSON.stringify(after);
          if (!found.has(key)) next.push(after);
          found.add(key);
        }
      }
      level = next;
    }
    this.size = found.size;
  }

  private look(state: State, depth: number): readonly State[] {
    const moves = this.lockers.map((_, me) => this.moveOf(state, me));
    moves.forEach((move, me) => {
      for (const { kind, lock } of move?.deeds ?? []) {
        if (kind === 'gives') continue;
        for (const held of this.heldBy(state, me)) {
          if (held === lock && kind !== 'waits') continue;
          first(
            this.orders,
            `${familyOf(held)} -> ${familyOf(lock)}${within(held, lock)}: ${kind} ${move!.step}`,
            depth,
          );
        }
      }
    });
    const stuck = moves.flatMap((move, me) => (move !== undefined && move.next.length === 0 ? [{ me, move }] : []));
    for (const { me, move } of stuck) {
      if (move.deeds[0]!.kind !== 'sleeps') continue;
      for (const held of this.heldBy(state, me)) {
        const isWanted = stuck.some(({ move: other }) => other.deeds.some(({ lock }) => excludes(held, lock)));
        if (isWanted) first(this.contended, `${familyOf(held)} asleep on cv at ${move.step}`, depth);
      }
    }
    const names = new Map(stuck.map(({ me, move }) => [me, this.before(state, move.deeds[0]!)]));
    if (this.circle === undefined && [...names.keys()].some((me) => comesBack(me, names))) this.circle = depth;
    return moves.flatMap((move) => move?.next ?? []);
  }

  private heldBy(state: State, me: number): readonly Lock[] {
    return [
      ...MUTEXES.flatMap((name, index) => (state.owners[index] === me ? [`${name} own`] : [])),
      ...(state.writer === me ? ['rw write'] : []),
      ...(state.readers.includes(me) ? ['rw read'] : []),
      ...(state.permits[me]! > 0 ? ['sem permit'] : []),
    ];
  }

  /** Who has to give something back first. */
  private before(state: State, { kind, lock }: Deed): readonly number[] {
    if (kind === 'sleeps') return [];
    const all = this.lockers.map((_, me) => me);
    const holders = all.filter((me) => this.heldBy(state, me).some((held) => excludes(held, lock)));
    if (lock === 'sem permit') return holders.length === 1 ? holders : [];
    return lock === 'rw read' && holders.length === 0 ? state.waitingWriters : holders;
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

function first(map: Map<string, number>, key: string, depth: number): void {
  if (!map.has(key)) map.set(key, depth);
}

function familyOf(lock: Lock): string {
  return lock.replace(/\[.\]/, '[·]');
}

function within(held: Lock, asked: Lock): string {
  if (nameOf(held) === nameOf(asked)) return ' (same)';
  if (familyOf(nameOf(held)) !== familyOf(nameOf(asked))) return '';
  return nameOf(held) < nameOf(asked) ? ' (ascending)' : ' (descending)';
}

function nameOf(lock: Lock): string {
  return lock.split(' ')[0]!;
}

function excludes(held: Lock, asked: Lock): boolean {
  return nameOf(held) === nameOf(asked) && !(held === 'rw read' && asked === 'rw read');
}

function comesBack(start: number, next: ReadonlyMap<number, readonly number[]>): boolean {
  const seen = new Set<number>();
  const go = (one: number): boolean =>
    (next.get(one) ?? []).some((other) => {
      if (!next.has(other)) return false;
      if (other === start) return true;
      if (seen.has(other)) return false;
      seen.add(other);
      return go(other);
    });
  return go(start);
}

function ordersOf({ orders }: LockUse): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const { held, asked, within: order, steps } of orders) {
    const pair = `${held.family} ${held.role} -> ${asked.family} ${asked.role}${order === undefined ? '' : ` (${order})`}`;
    for (const { deed, step, depth } of steps) nearest(found, `${pair}: ${deed} ${written(step)}`, depth);
  }
  return found;
}

function contendedOf({ contended }: LockUse): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const { held, asleepOn, step, depth } of contended) {
    nearest(found, `${held.family} ${held.role} asleep on ${asleepOn} at ${written(step)}`, depth);
  }
  return found;
}

/** The label as its author wrote it: each further one of the same name has a number. */
function written(step: string): string {
  return step.replace(/_\d+$/, '');
}

function nearest(map: Map<string, number>, key: string, depth: number): void {
  map.set(key, Math.min(depth, map.get(key) ?? Infinity));
}

function sorted(map: ReadonlyMap<string, number>): readonly string[] {
  return Array.from(map, ([key, depth]) => `${key}, after ${depth}`).sort();
}

describe('locks of random threads', () => {
  it('are taken while holding others, waited for in circles and slept with as an exploration by hand says', () => {
    const seen = { orders: 0, circles: 0, contended: 0 };
    for (let seed = 0; seed < 45; seed += 1) {
      const lockers = randomLockers(seed);
      const { locks, statistics } = check(systemOf(sourceOf(lockers)), { locks: true });
      const byHand = new ByHand(lockers);
      expect([seed, statistics.distinct]).toEqual([seed, byHand.size]);
      expect([seed, ...sorted(ordersOf(locks!))]).toEqual([seed, ...sorted(byHand.orders)]);
      expect([seed, ...sorted(contendedOf(locks!))]).toEqual([seed, ...sorted(byHand.contended)]);
      const nearest = locks!.circles.map(({ depth }) => depth).sort((left, right) => left - right)[0];
      expect([seed, nearest]).toEqual([seed, byHand.circle]);
      seen.orders += byHand.orders.size;
      seen.contended += byHand.contended.size;
      seen.circles += byHand.circle === undefined ? 0 : 1;
    }
    expect(seen.orders).toBeGreaterThan(50);
    expect(seen.circles).toBeGreaterThan(4);
    expect(seen.contended).toBeGreaterThan(1);
  });
});
