import { describe, expect, it } from 'vitest';
import { formatAddress, parseAddress } from '../../../checker/explorer/address.ts';
import type { Address } from '../../../checker/explorer/address.ts';

describe('an address', () => {
  it.each<[string, Address]>([
    ['#/', { view: { kind: 'results' }, at: 0 }],
    ['#/asShipped', { model: 'asShipped', view: { kind: 'results' }, at: 0 }],
    ['#/asShipped/~graph', { model: 'asShipped', view: { kind: 'graph' }, at: 0 }],
    ['#/asShipped/~explore/0', { model: 'asShipped', view: { kind: 'explore', initial: 0 }, at: 0 }],
    [
      '#/a%2Fb%20%3C/~explore~3/2/0+1.0',
      {
        model: 'a/b <',
        view: { kind: 'explore', initial: 3 },
        at: 2,
        departure: { from: 0, choices: [1, 0] },
      },
    ],
    ['#/m/writeLock/7', { model: 'm', view: { kind: 'behavior', property: 'writeLock' }, at: 7 }],
    [
      '#/m/writeLock/9/7+0.3.12',
      {
        model: 'm',
        view: { kind: 'behavior', property: 'writeLock' },
        at: 9,
        departure: { from: 7, choices: [0, 3, 12] },
      },
    ],
  ])('%s is written and read', (text, address) => {
    expect(formatAddress(address)).toBe(text);
    expect(parseAddress(text)).toEqual(address);
  });

  it.each(['', '#', '/', '#/m/p/x/y', '#/m/p/-1', '#/m/p/1/2+', '#/m/p/1/a+b', '#/%E0%A4%A/p', '#/m/p/99999999999'])(
    '%j is read as far as it can be',
    (text) => {
      const { at, departure } = parseAddress(text);
      expect(at).toBeLessThan(2);
      expect(departure).toBeUndefined();
    },
  );
});
