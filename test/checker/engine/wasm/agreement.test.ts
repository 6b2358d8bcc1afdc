import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { isRefused, planOf } from '../../../../checker/plan/plan.ts';
import { flatten } from '../../../../checker/engine/flatten.ts';
import { interpret } from '../../../../checker/engine/interpreter.ts';
import { emitWasmEngine, runWasmEngine } from '../../../../checker/engine/wasm/engine.ts';
import { prepare } from '../../../../checker/engine/wasm/prepared.ts';
import { graphOf } from '../../../support/agreement.ts';
import { arbitrarySystem } from '../../../support/arbitrary-system.ts';
import { validateWasm } from '../../../support/wasm.ts';

const RUNS = Number(process.env['RANDOM_SYSTEMS'] ?? 300);
const SEED = Number(process.env['RANDOM_SEED'] ?? 2);

it('generates WebAssembly that agrees with the interpreter on whole state graphs of random systems', () => {
  const seen = { systems: 0, manyStates: 0, transitions: 0, failures: 0 };
  fc.assert(
    fc.property(arbitrarySystem(), (system) => {
      const plan = planOf(system);
      if (isRefused(plan)) throw new Error(plan.refusals[0]!.message);
      const flat = flatten(plan);
      if ('unsupported' in flat) return;
      const prepared = prepare(plan, flat);
      const bytes = emitWasmEngine(prepared);
      validateWasm(bytes);
      const reference = graphOf(plan, interpret(plan), 20);
      expect(graphOf(plan, runWasmEngine(prepared, bytes), 20)).toEqual(reference);
      seen.systems += 1;
      seen.transitions += reference.transitions;
      seen.failures += reference.failures;
      if (5 < reference.states.length) seen.manyStates += 1;
    }),
    { numRuns: RUNS, seed: SEED },
  );
  // Not a comparison of nothing with nothing.
  expect(0.9 * RUNS).toBeLessThan(seen.systems);
  expect(0.08 * RUNS).toBeLessThan(seen.manyStates);
  expect(13 * RUNS).toBeLessThan(seen.transitions);
  expect(RUNS).toBeLessThan(seen.failures);
}, 3_600_000);
