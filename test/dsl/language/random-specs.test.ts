import { describe, expect, it } from 'vitest';
import { compareRandomSpecs } from '../../support/random-spec/compare.ts';

/** `RANDOM_SPECS=20000 npx vitest run test/dsl/language/random-specs.test.ts` looks at more of them. */
const TOTAL = Number(process.env['RANDOM_SPECS'] ?? 2000);
const FIRST = Number(process.env['RANDOM_SPECS_FROM'] ?? 0);
const IN_A_MODULE = 50;

const modules = Array.from({ length: Math.ceil(TOTAL / IN_A_MODULE) }, (_, index) => ({
  size: index % 4,
  first: FIRST + index * IN_A_MODULE,
}));

/** What was compared, so that a generator of dull specs does not go unnoticed. */
const seen = { specs: 0, refused: 0, interpretedOnly: 0, processes: 0, states: 0, transitions: 0, failures: 0 };

/**
 * What the compiler may refuse of a well-typed spec: what it is not certain of, or cannot keep between steps; and, where
 * types are not checked, a field of an element of `new Set([])`.
 */
const REFUSED = /^FL(030 this|033|036|040|041|042|049|061|062) /;

describe('random specs', () => {
  it.each(modules)('mean the same to JavaScript, interpreter and generated code (from $first)', ({ first, size }) => {
    const seeds = Array.from({ length: IN_A_MODULE }, (_, offset) => first + offset);
    for (const one of compareRandomSpecs(seeds, size)) {
      expect({ name: one.name, size, difference: one.difference }).toEqual({ name: one.name, size, difference: undefined });
      seen.specs += 1;
      if (one.refused !== undefined) {
        expect(one.refused).toMatch(REFUSED);
        seen.refused += 1;
      }
      if (one.interpretedOnly) seen.interpretedOnly += 1;
      seen.processes += one.processes;
      seen.states += one.states;
      seen.transitions += one.transitions;
      seen.failures += one.failures;
    }
  }, 600_000); // prettier-ignore

  it('are worth comparing', () => {
    expect(seen.specs).toBe(modules.length * IN_A_MODULE);
    expect(seen.refused / seen.specs).toBeLessThan(0.05);
    expect(seen.interpretedOnly / seen.specs).toBeLessThan(0.05);
    expect(seen.processes / seen.specs).toBeGreaterThan(0.5);
    expect(seen.states / seen.specs).toBeGreaterThan(3);
    expect(seen.transitions).toBeGreaterThan(5 * seen.states);
    expect(seen.failures / seen.specs).toBeGreaterThan(0.5);
  });
});
