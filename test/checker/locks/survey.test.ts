import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import type { LockUse } from '../../../checker/locks/lock-use.ts';
import { systemOf } from '../../dsl/compiler/compiled.ts';
import { ByHand, familyOf, written } from './by-hand.ts';
import type { Deed, Lock, Move, State } from './by-hand.ts';
import { MUTEXES, randomLockers, sourceOf } from './random-locking.ts';
import type { Locker } from './random-locking.ts';

/*
 * Who takes what while holding what, against an exploration by hand: random threads, whose steps are carried out here on
 * plain values, with what each thread holds written down beside them.
 */

class LocksByHand extends ByHand {
  readonly orders = new Map<string, number>();
  readonly contended = new Map<string, number>();
  circle: number | undefined;
  readonly size: number;

  constructor(lockers: readonly Locker[]) {
    super(lockers);
    this.size = this.explore((state, moves, depth) => this.look(state, moves, depth));
  }

  private look(state: State, moves: readonly (Move | undefined)[], depth: number): void {
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
}

function first(map: Map<string, number>, key: string, depth: number): void {
  if (!map.has(key)) map.set(key, depth);
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
      const byHand = new LocksByHand(lockers);
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
