import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromPool, toPool } from '../../../checker/explorer/pool.ts';
import type { Pool } from '../../../checker/explorer/pool.ts';
import { setOf } from '../../../dsl/ir/index.ts';
import type { Value } from '../../../dsl/ir/index.ts';

function there(value: Value): Value {
  return fromPool(JSON.parse(JSON.stringify(toPool(value))) as Pool);
}

describe('a pool', () => {
  it.each<[string, Value]>([
    ['a number', 7],
    ['undefined', undefined],
    ['null', null],
    ['a set', { s: setOf(['r1', 'r0']) }],
    ['an empty array and an empty object', [[], {}, setOf([])]],
    ['numbers, some of them not whole', [1, -2, 0.5, 1e21]],
    ['an array with numbers and others', [1, 'a', undefined, null, false]],
    [
      'keys that mean something to JavaScript',
      Object.fromEntries([
        ['__proto__', 1],
        ['constructor', 2],
        ['#set', 3],
      ]),
    ],
    ['texts that end scripts', ['</script>', '\u2028\u2029', '<!--', '\ud800']],
  ])('gives back %s', (_, value) => {
    expect(there(value)).toEqual(value);
    expect(Object.keys(there(value) ?? {})).toEqual(Object.keys(value ?? {}));
  });

  it('gives back whatever it was given', () => {
    const { value } = fc.letrec<{ value: Value }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom<Value>(undefined, null, true, false, 0, 1, -1, 'a', 'b', '1'),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 3 }).map(setOf),
        fc.dictionary(fc.constantFrom('x', 'y', '0', '1'), tie('value')),
      ),
    }));
    fc.assert(
      fc.property(value, (given) => {
        expect(there(given)).toEqual(given);
      }),
    );
  });

  it('writes what is equal once, and gives back one object for it', () => {
    const many = Array.from({ length: 100 }, () => ({ kind: 'int', span: { file: 0, start: 1, end: 2 } }));
    const pool = toPool(many);
    expect(pool.nodes.length).toBe(3);
    const [first, second] = fromPool(pool) as object[];
    expect(first).toBe(second);
  });
});
