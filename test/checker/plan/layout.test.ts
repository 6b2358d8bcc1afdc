import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Domain, Variable } from '../../../dsl/ir/index.ts';
import { cardinality, setOf, valuesOf } from '../../../dsl/ir/index.ts';
import { NO_SPAN } from '../../../dsl/diagnostics/span.ts';
import { layoutOf } from '../../../checker/plan/layout.ts';
import type { Layout } from '../../../checker/plan/layout.ts';
import { arbitraryDomain, arbitraryValue } from '../../support/arbitrary-system.ts';
import { BOOLEAN, enumDomain, idsDomain, intDomain } from '../../support/ir.ts';
import { wordRefusal } from '../../../checker/plan/refusal.ts';

function layout(...domains: Domain[]): Layout {
  const laid = layoutOf(
    domains.map((domain, index): Variable => ({ name: `v${index}`, doc: '', span: NO_SPAN, domain })),
  );
  if (!('words' in laid)) throw new Error(wordRefusal(laid[0]!));
  return laid;
}

function refusal(domain: Domain): string | undefined {
  const laid = layoutOf([{ name: 'v', doc: '', span: NO_SPAN, domain }]);
  return 'words' in laid ? undefined : wordRefusal(laid[0]!);
}

it('gives back every state it was given, at any offset', () =>
  fc.assert(
    fc.property(
      fc
        .array(arbitraryDomain(), { minLength: 1, maxLength: 4 })
        .chain((domains) => fc.tuple(fc.constant(domains), fc.tuple(...domains.map(arbitraryValue)))),
      ([domains, values]) => {
        const laid = layout(...domains);
        const state = Object.fromEntries(values.map((value, index) => [`v${index}`, value]));
        const words = new Int32Array(laid.words + 2).fill(-1);
        laid.encode(state, words, 1);
        expect([words[0], words.at(-1)]).toEqual([-1, -1]);
        expect(laid.decode(words, 1)).toEqual(state);
      },
    ),
    { numRuns: 2000 },
  ));

it('encodes different values differently, and never lets a field straddle two words', () =>
  fc.assert(
    fc.property(arbitraryDomain(), (domain) => {
      const laid = layout(domain);
      for (const { shift, width } of laid.leaves) expect(shift + width).toBeLessThanOrEqual(32);
      if (2000 < cardinality(domain)) return;
      const seen = new Set<string>();
      for (const value of valuesOf(domain)) {
        const words = new Int32Array(laid.words);
        laid.encode({ v0: value }, words, 0);
        seen.add(words.join());
      }
      expect(seen.size).toBe(cardinality(domain));
    }),
    { numRuns: 500 },
  ));

it.each<[string, Domain, number]>([
  ['a boolean', BOOLEAN, 1],
  ['every 32-bit integer', intDomain(-(2 ** 31), 2 ** 31 - 1), 32],
  ['a single value', intDomain(7, 7), 0],
  ['a nullable id of three', { kind: 'union', members: [{ kind: 'null' }, idsDomain('Ring', 3)] }, 2],
  ['a set over three', { kind: 'set', element: idsDomain('Ring', 3) }, 3],
  ['a record of five by four', { kind: 'record', key: idsDomain('Ring', 4), value: intDomain(0, 4) }, 12],
  ['up to three booleans', { kind: 'array', element: BOOLEAN, minLength: 0, maxLength: 3 }, 5],
])('uses no more bits than %s needs', (_, domain, bits) => {
  expect(layout(domain).leaves.reduce((sum, leaf) => sum + leaf.width, 0)).toBe(bits);
});

it.each([1, 31, 32, 33, 64])('keeps sets over %i elements whole', (count) => {
  const laid = layout(BOOLEAN, { kind: 'set', element: intDomain(1, count) });
  const words = new Int32Array(laid.words);
  const all = [...valuesOf(intDomain(1, count))];
  for (const kept of [all, all.slice(-1), all.filter((_, index) => index % 3 === 0)]) {
    laid.encode({ v0: true, v1: setOf(kept) }, words, 0);
    expect(laid.decode(words, 0)).toEqual({ v0: true, v1: setOf(kept) });
  }
});

it('lays out a domain of many values and few bits without listing it', () => {
  const domain: Domain = { kind: 'record', key: intDomain(1, 40), value: enumDomain('idle', 'busy') };
  expect(layout(domain).words).toBe(2);
});

it('says which variable is too large, and why', () => {
  expect(refusal({ kind: 'set', element: intDomain(0, 5000) })).toMatchInlineSnapshot(
    '"variable `v` holds sets over 5001 possible elements, and at most 4096 are supported"',
  );
  expect(refusal({ kind: 'array', element: BOOLEAN, minLength: 0, maxLength: 1e9 })).toMatchInlineSnapshot(
    '"variable `v` has more than 65536 parts"',
  );
});
