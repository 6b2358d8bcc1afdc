import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashOf, StateSet } from '../../../checker/search/state-set.ts';

describe('a set of states', () => {
  it('numbers states in the order they are added, and each only once', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.array(fc.integer({ min: -2, max: 1 }), { minLength: 4, maxLength: 4 }), { maxLength: 200 }),
        (words, rows) => {
          const set = new StateSet(words);
          const plain: string[] = [];
          for (const row of rows) {
            const key = row.slice(0, words).join();
            const known = plain.indexOf(key);
            const source = Int32Array.from([99, ...row]);
            expect(set.find(source, 1)).toBe(known);
            expect(set.add(source, 1)).toBe(known < 0 ? plain.push(key) - 1 : known);
            expect(set.count).toBe(plain.length);
          }
          plain.forEach((key, state) => expect(set.wordsOf(state).join()).toBe(key));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('keeps everything when table and segments grow', () => {
    const count = 600_000; // more than two segments
    const set = new StateSet(2);
    const source = new Int32Array(2);
    const put = (value: number): number => {
      source[0] = value * 7;
      source[1] = -value;
      return set.add(source, 0);
    };
    for (let value = 0; value < count; value += 1) if (put(value) !== value) throw new Error(`lost at ${value}`);
    for (let value = 0; value < count; value += 1) if (put(value) !== value) throw new Error(`not found: ${value}`);
    expect(set.count).toBe(count);
    expect([...set.wordsOf(555_555)]).toEqual([555_555 * 7, -555_555]);
    expect(set.segmentOf(599_999)[set.offsetOf(599_999) + 1]).toBe(-599_999);
  });
});

describe('the hash of a state', () => {
  it('depends on every bit of every word, down to the bits that a small table uses', () => {
    const mask = 2 ** 12 - 1;
    for (let word = 0; word < 3; word += 1) {
      for (let bit = 0; bit < 32; bit += 1) {
        const changed = Array.from({ length: 64 }, (_, sample) => {
          const state = Int32Array.from([sample * 12345, sample, -sample]);
          const before = hashOf(state, 0, 3) & mask;
          state[word]! ^= 1 << bit;
          return (hashOf(state, 0, 3) & mask) !== before;
        });
        expect(changed.filter(Boolean).length).toBeGreaterThan(56);
      }
    }
  });

  it('spreads small counters over a table about as evenly as chance', () => {
    const slots = new Int32Array(2 ** 14);
    for (let a = 0; a < 128; a += 1) {
      for (let b = 0; b < 128; b += 1) slots[hashOf(Int32Array.from([a, b]), 0, 2) & (slots.length - 1)]! += 1;
    }
    // Thrown at random, as many balls as slots leave a slot empty with odds of 1/e.
    const empty = slots.filter((balls) => balls === 0).length / slots.length;
    expect(empty).toBeGreaterThan(0.34);
    expect(empty).toBeLessThan(0.4);
    expect(Math.max(...slots)).toBeLessThan(12);
  });
});
