import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { addressesLeft, hasRoomForThreads, limitsOfThread } from '../../../checker/search/address-space.ts';

const GIB = 2 ** 30;

it.each([
  ['no limit', undefined, Infinity, {}],
  ['no limit and a large stack', 256, Infinity, { stackSizeMb: 256 }],
  ['enough', undefined, 2 * GIB, {}],
  ['less than is usual', undefined, GIB, { codeRangeSizeMb: 64 }],
  ['less than is usual for a large stack', 256, 1.4 * GIB, { stackSizeMb: 256, codeRangeSizeMb: 64 }],
  ['too few', undefined, 0.4 * GIB, undefined],
  ['too few for a large stack', 256, 0.7 * GIB, undefined],
  ['none', undefined, 0, undefined],
])('a thread has limits where there are addresses: %s', (_, stack, left, limits) => {
  expect(limitsOfThread(stack, left)).toEqual(limits);
});

it('several threads need several times as much', () => {
  expect([1, 2, 3].map((count) => hasRoomForThreads(count, 3 * GIB))).toEqual([true, true, false]);
  expect(hasRoomForThreads(100, Infinity)).toBe(true);
});

it.skipIf(!existsSync('/proc/self/limits'))('this process has more than none', () => {
  expect(addressesLeft()).toBeGreaterThan(0);
});
