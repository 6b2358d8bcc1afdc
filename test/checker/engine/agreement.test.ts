import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { withoutConstantLeaves } from '../../../checker/engine/constant-leaves.ts';
import { lowered } from '../../../checker/engine/lowered.ts';
import { enabledQuestions } from '../../../dsl/ir/enabled.ts';
import { SetValue } from '../../../dsl/ir/index.ts';
import { flatten } from '../../../checker/engine/flatten.ts';
import { interpret } from '../../../checker/engine/interpreter.ts';
import { isRefused, planOf } from '../../../checker/plan/plan.ts';
import { generatedEngine, graphOf } from '../../support/agreement.ts';
import { arbitrarySystem } from '../../support/arbitrary-system.ts';
import { Domains } from '../../support/random-system/domain.ts';

/* RANDOM_SYSTEMS in the environment asks for more of them, RANDOM_SEED for others. */
const RUNS = Number(process.env['RANDOM_SYSTEMS'] ?? 300);
const SEED = Number(process.env['RANDOM_SEED'] ?? 1);

it('generates code that agrees with the interpreter on whole state graphs of random systems', () => {
  const seen = { systems: 0, folded: 0, manyStates: 0, transitions: 0, failures: 0, asking: 0 };
  fc.assert(
    fc.property(arbitrarySystem(), (system) => {
      const plan = planOf(system);
      if (isRefused(plan)) throw new Error(plan.refusals[0]!.message);
      if ('unsupported' in flatten(plan)) return;
      const reference = graphOf(plan, interpret(plan), 20);
      for (const kind of ['javascript', 'webassembly'] as const) {
        const graph = graphOf(plan, generatedEngine(plan, kind), 20);
        expect({ kind, graph }).toEqual({ kind, graph: reference });
      }
      const model = withoutConstantLeaves(lowered(plan));
      const folded = model.plan;
      if (folded !== plan) {
        const kind = seen.folded % 2 === 0 ? 'javascript' : 'webassembly';
        const { states: _, ...rest } = reference;
        expect({ kind, graph: graphOf(folded, generatedEngine(model, kind), 20) }).toMatchObject({
          kind,
          graph: rest,
        });
        seen.folded += 1;
      }
      seen.systems += 1;
      if (system.actions.some(({ body }) => 0 < enabledQuestions(body).length)) seen.asking += 1;
      seen.transitions += reference.transitions;
      seen.failures += reference.failures;
      if (5 < reference.states.length) seen.manyStates += 1;
    }),
    { numRuns: RUNS, seed: SEED },
  );
  // Not a comparison of nothing with nothing: most systems move, many have more than a handful of states, some steps fail.
  expect(0.93 * RUNS).toBeLessThan(seen.systems);
  expect(0.2 * RUNS).toBeLessThan(seen.folded);
  expect(0.08 * RUNS).toBeLessThan(seen.manyStates);
  expect(13 * RUNS).toBeLessThan(seen.transitions);
  expect(RUNS).toBeLessThan(seen.failures);
  expect(0.15 * RUNS).toBeLessThan(seen.asking);
}, 3_600_000);

it('draws values of sets that could have more elements than an array has room for', () => {
  const int = { kind: 'int', min: -(2 ** 31), max: 2 ** 31 - 1 } as const;
  const pair = { kind: 'tuple', items: [int, int] } as const;
  const random = new Domains(1);
  const sizes = Array.from({ length: 20 }, () => {
    const value = random.value({ kind: 'set', element: pair });
    return value instanceof SetValue ? value.elements.length : NaN;
  });
  expect(new Set(sizes)).toEqual(new Set([0, 1, 2, 3]));
});
