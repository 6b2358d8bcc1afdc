import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { isRefused, planOf } from '../../../checker/plan/plan.ts';
import { compileEngine } from '../../../checker/engine/compiled.ts';
import { interpret } from '../../../checker/engine/interpreter.ts';
import { graphOf } from '../../support/agreement.ts';
import { arbitrarySystem } from '../../support/arbitrary-system.ts';

it('generates code that agrees with the interpreter on whole state graphs of random systems', () => {
  const seen = { systems: 0, manyStates: 0, transitions: 0, failures: 0, unsupported: 0 };
  fc.assert(
    fc.property(arbitrarySystem(), (system) => {
      const plan = planOf(system);
      if (isRefused(plan)) throw new Error(plan.refusals[0]!.message);
      const compiled = compileEngine(plan);
      if ('unsupported' in compiled) {
        seen.unsupported += 1;
        return;
      }
      expect(compiled.engine).toBe('compiled');
      const reference = graphOf(plan, interpret(plan), 20);
      expect(graphOf(plan, compiled, 20)).toEqual(reference);
      seen.systems += 1;
      seen.transitions += reference.transitions;
      seen.failures += reference.failures;
      if (5 < reference.states.length) seen.manyStates += 1;
    }),
    { numRuns: 300, seed: 1 },
  );
  // Not a comparison of nothing with nothing: most systems move, many have more than a handful of states, some steps fail.
  expect(280).toBeLessThan(seen.systems);
  expect(25).toBeLessThan(seen.manyStates);
  expect(4_000).toBeLessThan(seen.transitions);
  expect(300).toBeLessThan(seen.failures);
}, 60_000);
