import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import type { WaitUse } from '../../../checker/waits/wait-use.ts';
import { systemOf } from '../../dsl/compiler/compiled.ts';
import { ByHand, familyOf, written } from '../locks/by-hand.ts';
import type { Lock, Move, State } from '../locks/by-hand.ts';
import { MUTEXES, randomLockers, sourceOf } from '../locks/random-locking.ts';
import type { Locker } from '../locks/random-locking.ts';

/*
 * Who waits for what and who ends it, against an exploration by hand: random threads, whose steps are carried out there on
 * plain values.
 */

const KINDS: Readonly<Record<string, string>> = {
  own: 'mutex',
  permit: 'semaphore',
  read: 'reading',
  write: 'writing',
};

/** A wait by hand: of a thread at a label for something. */
interface Waiting {
  readonly me: number;
  readonly lock: Lock;
  /** `t0.s1 mutex m[·]`. */
  readonly key: string;
}

class WaitsByHand extends ByHand {
  readonly depths = new Map<string, number>();
  readonly enders = new Map<string, Set<string>>();
  readonly forever = new Map<string, number>();
  readonly size: number;
  private readonly visits: {
    readonly state: State;
    readonly moves: readonly (Move | undefined)[];
    readonly depth: number;
  }[] = [];

  constructor(lockers: readonly Locker[]) {
    super(lockers);
    this.size = this.explore((state, moves, depth) => {
      this.visits.push({ state, moves, depth });
      this.look(moves, depth);
    });
    this.findForever();
  }

  private look(moves: readonly (Move | undefined)[], depth: number): void {
    for (const { me, lock, key } of this.waitingIn(moves)) {
      if (!this.depths.has(key)) this.depths.set(key, depth);
      const enders = this.enders.get(key) ?? new Set();
      this.enders.set(key, enders);
      moves.forEach((move, other) => {
        if (other === me) return;
        if (move?.next.some((after) => isGiven(after, lock, me)) === true) enders.add(move.step);
      });
    }
  }

  private waitingIn(moves: readonly (Move | undefined)[]): readonly Waiting[] {
    return moves.flatMap((move, me): readonly Waiting[] => {
      if (move === undefined || move.next.length > 0) return [];
      const { kind, lock } = move.deeds[0]!;
      const [object, role] = lock.split(' ');
      const subject = `${kind === 'sleeps' ? 'condvar' : KINDS[role!]!} ${familyOf(object!)}`;
      return [{ me, lock: kind === 'sleeps' ? 'cv' : lock, key: `${move.step} ${subject}` }];
    });
  }

  /** Forward from each state in which somebody waits, for as long as they wait for that where they stand. */
  private findForever(): void {
    const byState = new Map(this.visits.map((visit) => [JSON.stringify(visit.state), visit]));
    for (const { state, moves, depth } of this.visits) {
      for (const { me, key } of this.waitingIn(moves)) {
        if (this.forever.has(key)) continue;
        const isSame = (one: Waiting): boolean => one.me === me && one.key === key;
        if (!this.leaves(state, me, isSame, byState)) this.forever.set(key, depth);
      }
    }
  }

  private leaves(
    start: State,
    me: number,
    isSame: (one: Waiting) => boolean,
    byState: ReadonlyMap<string, { readonly state: State; readonly moves: readonly (Move | undefined)[] }>,
  ): boolean {
    const seen = new Set([JSON.stringify(start)]);
    for (const at of seen) {
      const { state, moves } = byState.get(at)!;
      if (state.at[me] !== start.at[me] || !this.waitingIn(moves).some(isSame)) return true;
      for (const after of moves.flatMap((one) => one?.next ?? [])) seen.add(JSON.stringify(after));
    }
    return false;
  }
}

/** Whether what a thread waits for is so. */
function isGiven(state: State, lock: Lock, me: number): boolean {
  switch (lock) {
    case 'cv':
      return !state.sleepers.includes(me);
    case 'sem permit':
      return state.permits.reduce((sum, one) => sum + one, 0) < 2;
    case 'rw read':
      return state.readers.includes(me);
    case 'rw write':
      return state.writer === me;
    default:
      return state.owners[MUTEXES.findIndex((name) => lock === `${name} own`)] === null;
  }
}

function told({ waits }: WaitUse): readonly string[] {
  const byKey = new Map<string, { depth: number; forever: number; enders: Set<string> }>();
  for (const { step, subject, enders, depth, forever = Infinity } of waits) {
    const key = `${written(step)} ${subject.kind} ${'object' in subject ? subject.object : ''}`;
    const known = byKey.get(key) ?? { depth, forever, enders: new Set() };
    for (const ender of enders) known.enders.add(written(ender));
    known.depth = Math.min(known.depth, depth);
    known.forever = Math.min(known.forever, forever);
    byKey.set(key, known);
  }
  return Array.from(byKey, ([key, { depth, forever, enders }]) => line(key, depth, forever, enders)).sort();
}

function line(key: string, depth: number, forever: number, enders: ReadonlySet<string>): string {
  return `${key}, after ${depth}, for ever after ${forever}, ended by ${[...enders].sort().join(' ')}`;
}

describe('waits of random threads', () => {
  it('are for what an exploration by hand says, ended by whom it says, or never', () => {
    const seen = { waits: 0, enders: 0, forever: 0 };
    for (let seed = 0; seed < 45; seed += 1) {
      const lockers = randomLockers(seed);
      const { waits, statistics } = check(systemOf(sourceOf(lockers)), { waits: true });
      const byHand = new WaitsByHand(lockers);
      expect([seed, statistics.distinct]).toEqual([seed, byHand.size]);
      const lines = Array.from(byHand.depths, ([key, depth]) =>
        line(key, depth, byHand.forever.get(key) ?? Infinity, byHand.enders.get(key)!),
      );
      expect([seed, ...told(waits!)]).toEqual([seed, ...lines.sort()]);
      seen.waits += lines.length;
      seen.forever += byHand.forever.size;
      for (const enders of byHand.enders.values()) seen.enders += enders.size;
    }
    expect(seen.waits).toBeGreaterThan(80);
    expect(seen.enders).toBeGreaterThan(80);
    expect(seen.forever).toBeGreaterThan(20);
  });
});
