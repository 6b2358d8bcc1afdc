import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { suggest } from '../../../dsl/diagnostics/suggest.ts';
import { contains, type Domain, type Operator } from '../../../dsl/ir/index.ts';
import { joinDomains, widen } from '../../../dsl/ir/join.ts';
import { typeOfOperation, typeOfValue } from '../../../dsl/ir/typing.ts';

const OPERATIONS: Partial<Record<Operator, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => Math.floor(a / b),
  truncate: (a, b) => Math.trunc(a / b),
  remainder: (a, b) => a % b,
  minimum: Math.min,
  maximum: Math.max,
};

const interval = fc
  .tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: 0, max: 6 }))
  .map(([min, size]): Domain & { kind: 'int' } => ({ kind: 'int', min, max: min + size }));

const numbers = ({ min, max }: { min: number; max: number }) =>
  Array.from({ length: max - min + 1 }, (_, index) => min + index);

describe('the type of an operation on integers', () => {
  it.each(Object.entries(OPERATIONS))('holds every result of %s', (operator, operate) => {
    fc.assert(
      fc.property(interval, interval, (left, right) => {
        const type = typeOfOperation(operator as Operator, [left, right])!;
        for (const a of numbers(left)) {
          for (const b of numbers(right)) {
            const result = operate(a, b);
            if (Number.isFinite(result)) expect(contains(type, result + 0)).toBe(true);
          }
        }
      }),
    );
  });
});

const value = fc.oneof(
  fc.boolean(),
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom('a', 'b'),
  fc.constant(null),
  fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 }),
  fc.record({ kind: fc.constantFrom('x', 'y'), n: fc.boolean() }),
);

describe('joining', () => {
  it('gives a type with the values of both', () => {
    fc.assert(
      fc.property(value, value, (left, right) => {
        const joined = joinDomains(typeOfValue(left), typeOfValue(right))!;
        expect([left, right].every((one) => contains(joined, one))).toBe(true);
      }),
    );
  });

  it('comes to rest after widening', () => {
    fc.assert(
      fc.property(value, value, (left, right) => {
        const wide = widen(joinDomains(typeOfValue(left), typeOfValue(right))!);
        expect(joinDomains(wide, typeOfValue(left))).toEqual(wide);
        expect(widen(wide)).toEqual(wide);
      }),
    );
  });

  it('makes a variant of objects that a literal tells apart', () => {
    const left = typeOfValue({ kind: 'a', x: 1 });
    const right = typeOfValue({ kind: 'b', y: true });
    expect(joinDomains(left, right)).toMatchObject({ kind: 'variant', discriminator: 'kind' });
  });
});

describe('a suggestion', () => {
  it.each([
    ['wrtier', ['reader', 'writer'], 'writer'],
    ['Ring', ['ring', 'rang'], 'ring'],
    ['expired', ['held', 'none'], undefined],
    ['a', ['b'], undefined],
  ])('for %s among %j', (written, known, expected) => {
    expect(suggest(written, known)).toBe(expected);
  });
});
