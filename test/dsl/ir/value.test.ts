import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compareValues, formatValue, setOf } from '../../../dsl/ir/index.ts';

const name = fc.string({ unit: fc.constantFrom('r', 'x', '0', '1', '2'), minLength: 1, maxLength: 4 });

it('orders names by the numbers at their end', () => {
  const names = ['r10', 'r2', 'r1x', 'x', 'r', 'r02'];
  expect(names.toSorted((left, right) => compareValues(left, right))).toEqual(['r', 'r02', 'r2', 'r10', 'r1x', 'x']);
});

it('is an order: a set is the same whatever order its elements came in', () => {
  fc.assert(
    fc.property(fc.uniqueArray(name, { minLength: 3, maxLength: 5 }), (names) => {
      const set = formatValue(setOf(names));
      expect(formatValue(setOf(names.toReversed()))).toBe(set);
      expect(formatValue(setOf([...names.slice(1), names[0]!]))).toBe(set);
      for (const a of names) {
        for (const b of names) {
          expect(Math.sign(compareValues(a, b)) + Math.sign(compareValues(b, a))).toBe(0);
          for (const c of names) {
            if (compareValues(a, b) < 0 && compareValues(b, c) < 0) expect(compareValues(a, c)).toBeLessThan(0);
          }
        }
      }
    }),
  );
});
