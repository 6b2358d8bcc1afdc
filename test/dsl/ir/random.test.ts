import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemFromJson, systemToJson } from '../../../dsl/ir/json.ts';
import { printSystem } from '../../../dsl/ir/print.ts';
import { rewriteExpression, rewriteStatements } from '../../../dsl/ir/fold.ts';
import type { System } from '../../../dsl/ir/index.ts';
import { validateSystem } from '../../../dsl/ir/validate.ts';
import { arbitrarySystem } from '../../support/arbitrary-system.ts';

/**
 * A random system as a compiler would have made it. The generator, meant for engines, is freer: it asks `enabled` in invariants, gives a step property the name of an invariant, and now and then puts
 * a value where it does not belong.
 */
function declared(system: System): System {
  return {
    ...system,
    invariants: system.invariants.filter(({ name }) => name !== 'enabled'),
    steps: system.steps.map((step) => ({ ...step, name: `step ${step.name}` })),
  };
}

const SAMPLES = 60;
const samples = fc.sample(arbitrarySystem().map(declared), { numRuns: SAMPLES, seed: 14026 }).map((system) => ({
  system,
  problems: validateSystem(system),
}));

describe('a random system', () => {
  it('survives JSON, is read exactly if it is valid, and is printed the same', () => {
    let valid = 0;
    for (const { system, problems } of samples) {
      const read = systemFromJson(systemToJson(system));
      if (problems.length > 0) {
        expect(read).toEqual({ kind: 'invalid', problems });
        continue;
      }
      valid += 1;
      if (read.kind !== 'read') throw new Error(read.problems.join('\n'));
      expect(isDeepStrictEqual(read.system, system)).toBe(true);
      // Nothing in print depends on identity.
      expect(printSystem(read.system) === printSystem(system)).toBe(true);
    }
    expect(valid).toBeGreaterThan(SAMPLES / 2);
  });

  it('is left alone by a rewrite that changes nothing', () => {
    for (const { system } of samples) {
      for (const { body } of system.actions) expect(rewriteStatements(body, (part) => part) === body).toBe(true);
      for (const { predicate } of system.invariants) {
        expect(rewriteExpression(predicate, (part) => part) === predicate).toBe(true);
      }
    }
  });
});
