import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cut } from '../../../checker/search/cut.ts';
import { ProcessMemory, RESERVE } from '../../../checker/search/process-memory.ts';
import type { Progress } from '../../../checker/search/progress.ts';
import type { System } from '../../../dsl/ir/index.ts';
import { flatten } from '../../../checker/engine/flatten.ts';
import { prepare } from '../../../checker/engine/wasm/prepared.ts';
import type { Plan } from '../../../checker/plan/plan.ts';
import { contentOf } from '../../support/explorations.ts';
import { arbitrarySystem } from '../../support/arbitrary-system.ts';
import { systemOfOddSteps } from '../../support/odd-steps.ts';
import { systemOfShortSteps } from '../../support/short-steps.ts';
import { byKernel, codeFor, comparisonOf, plainly } from '../../support/kernel.ts';
import * as ir from '../../support/ir.ts';
import { hasStepsOfOthers, specModels } from '../../support/specs.ts';
import { validateWasm } from '../../support/wasm.ts';

/*
 * The kernel is held against the plain search: everything that an exploration says, for every model in specs/ and for
 * random systems. How many random ones is up to AGREEMENT_RUNS in the environment.
 */
const RUNS = Number(process.env['AGREEMENT_RUNS'] ?? 250);

/** Several workers from the first state on, and room for few successors at first. */
const SMALL_PARTS = { parallelFrom: 0, records: 64 };

function modelOf(file: string, name: string): System {
  return specModels(new RegExp(`^${file}$`))
    .find(({ model }) => model === name)!
    .system();
}

/** How many steps of a model are lines of tables. */
function tabularIn(plan: Plan): number {
  const flat = flatten(plan);
  if ('unsupported' in flat) return 0;
  return prepare(plan, flat).runs.reduce((sum, { steps }) => sum + steps.length, 0);
}

describe('the kernel explores as the plain search does', () => {
  const models = specModels().filter((one) => !hasStepsOfOthers(one));

  it.each(models.map((one) => [one.file, one.model, one] as const))('%s %s', (_file, _model, one) => {
    const system = one.system();
    // Threads cost more than most models do, so there are several for few of them.
    const isLarge = 500 < (system.model.distinct ?? 0);
    for (const keepSteps of [false, true]) {
      const comparison = comparisonOf(system, { keepSteps, maxStates: 25_000 });
      const code = codeFor(comparison)!;
      validateWasm(code.bytes);
      expect(code.table).toBe(keepSteps || 2 < code.shape.words ? 'reference' : 'inline');
      const plain = contentOf(plainly(comparison, isLarge ? 'javascript' : 'interpreted'));
      expect(contentOf(byKernel(comparison, code))).toEqual(plain);
      if (isLarge && keepSteps) {
        expect(contentOf(byKernel(comparison, code, { workers: 3 }, { parallelFrom: 1000 }))).toEqual(plain);
      }
    }
  });

  it.each([false, true])('ends at a limit of memory with all that was found by then (steps kept: %s)', (keepSteps) => {
    const comparison = comparisonOf(modelOf('vmm-drv/models/large', 'ringsCorrected'), { keepSteps });
    const code = codeFor(comparison)!;
    const limit = RESERVE + 2.5 * 2 ** 20;
    for (const workers of [1, 2]) {
      // Of a process that uses nothing beside what is counted.
      const memory = new ProcessMemory(limit, () => 0);
      const cut = byKernel(comparison, code, { memory, workers }, { parallelFrom: 1000 });
      expect(cut.cut).toEqual({ kind: 'memory', limit });
      expect(cut.states.count).toBeGreaterThan(2000);
      expect(cut.states.count).toBeLessThan(80_000);
      const upTo = { ...comparison, options: { ...comparison.options, maxStates: cut.states.count } };
      const expected = contentOf(plainly(upTo, 'javascript'));
      expect(contentOf(cut)).toMatchObject({ states: expected['states'], parents: expected['parents'] });
    }
  });

  it.each([
    { workers: 1, keepSteps: false },
    { workers: 1, keepSteps: true },
    { workers: 2, keepSteps: false },
    { workers: 3, keepSteps: true },
  ])('goes on in other memories where one is full (%o)', ({ workers, keepSteps }) => {
    const comparison = comparisonOf(modelOf('vmm-drv/models/large', 'ringsCorrected'), {
      keepSteps,
      maxStates: 50_000,
    });
    const code = codeFor(comparison)!;
    const tuning = { parallelFrom: 1000, records: 2 ** 10, addresses: (2 + workers) * 2 ** 19 };
    const found = byKernel(comparison, code, { workers }, tuning);
    expect(found.memories).toBeGreaterThan(2);
    expect(contentOf(found)).toEqual(contentOf(plainly(comparison, 'javascript')));
  });

  it('is asked whether to stop in later memories too', () => {
    const comparison = comparisonOf(modelOf('vmm-drv/models/large', 'ringsCorrected'));
    const code = codeFor(comparison)!;
    const poll = ({ distinct }: Progress): Cut | undefined => (distinct < 40_000 ? undefined : { kind: 'interrupted' });
    const stopped = byKernel(comparison, code, { poll, workers: 1 }, { statesEach: 3000 });
    expect(stopped.cut).toEqual({ kind: 'interrupted' });
    expect(stopped.memories).toBeGreaterThan(3);
    const upTo = { ...comparison, options: { ...comparison.options, maxStates: stopped.states.count } };
    expect(contentOf(stopped)['states']).toEqual(contentOf(plainly(upTo, 'javascript'))['states']);
  });

  it.each([1, 2])('ends where there is no memory for more states (%s workers)', (workers) => {
    const comparison = comparisonOf(modelOf('vmm-drv/models/large', 'ringsCorrected'));
    const code = codeFor(comparison)!;
    const tuning = { parallelFrom: 1000, records: 2 ** 10, addresses: workers === 1 ? 2 ** 20 : 1.5 * 2 ** 20 };
    const [one, two] = [1, 2].map((memories) => byKernel(comparison, code, { workers }, { ...tuning, memories }));
    for (const full of [one!, two!]) {
      expect(full.cut).toEqual({ kind: 'memory', isFull: true });
      const upTo = { ...comparison, options: { ...comparison.options, maxStates: full.states.count } };
      const expected = contentOf(plainly(upTo, 'javascript'));
      expect(contentOf(full)).toMatchObject({ states: expected['states'], parents: expected['parents'] });
    }
    expect(one!.states.count).toBeGreaterThan(8000);
    expect(two!.states.count).toBeGreaterThan(1.7 * one!.states.count);
  });

  it.each([
    ['classic/readers-writers', 'queue'],
    ['vmm-drv/models/large', 'ringsCorrected'],
  ])('says the same in many memories: %s %s', (file, name) => {
    for (const keepSteps of [false, true]) {
      const comparison = comparisonOf(modelOf(file, name), { keepSteps, maxStates: 12_000 });
      const plain = contentOf(plainly(comparison, 'javascript'));
      for (const compact of [false, true]) {
        const code = codeFor(comparison, { compact })!;
        const whole = code.table === 'fingerprint' ? { ...plain, cut: byKernel(comparison, code).cut } : plain;
        for (const [workers, statesEach] of [
          [1, 400],
          [2, 3000],
        ] as const) {
          const found = byKernel(comparison, code, { workers }, { ...SMALL_PARTS, statesEach });
          expect(found.memories).toBeGreaterThan(3);
          expect(contentOf(found)).toEqual(whole);
        }
      }
    }
  });

  it('random systems, whatever is asked', () => {
    const seen = {
      systems: 0,
      several: 0,
      findings: 0,
      failing: 0,
      cuts: 0,
      steps: 0,
      outside: 0,
      compact: 0,
      later: 0,
      skipping: 0,
    };
    const options = fc.record({
      deadlock: fc.boolean(),
      keepSteps: fc.boolean(),
      stopAtFirst: fc.boolean(),
      maxStates: fc.integer({ min: 1, max: 60 }),
    });
    fc.assert(
      fc.property(arbitrarySystem(), options, fc.integer({ min: 1, max: 40 }), (random, asked, lot) => {
        // The generator knows no `within`, and where no step is judged some are known beforehand.
        const system =
          lot % 3 === 0
            ? { ...random, within: random.invariants.slice(-1) }
            : lot % 3 === 1
              ? { ...random, steps: [] }
              : random;
        const comparison = comparisonOf(system, asked, lot % 2 === 0);
        const code = codeFor(comparison);
        if (code === undefined) return;
        const plain = plainly(comparison, 'interpreted');
        const expected = contentOf(plain);
        expect(contentOf(byKernel(comparison, code))).toEqual(expected);
        const parts = { ...SMALL_PARTS, statesEach: 1 + (lot % 7) };
        const inMany = byKernel(comparison, code, { workers: lot % 5 === 0 ? 2 : 1 }, parts);
        expect(contentOf(inMany)).toEqual(expected);
        seen.later += inMany.memories - 1;
        if (lot <= 4) {
          expect(contentOf(byKernel(comparison, code, { workers: lot }, SMALL_PARTS))).toEqual(expected);
          seen.several += 1;
        }
        const compact = codeFor(comparison, { compact: true })!;
        if (compact.table === 'fingerprint') {
          const { cut, ...rest } = contentOf(byKernel(comparison, compact, {}, lot % 2 === 0 ? parts : {}));
          expect({ ...rest, cut: plain.cut }).toEqual(expected);
          const { count } = plain.states;
          expect(cut).toEqual(plain.cut ?? { kind: 'fingerprints', odds: Math.max(1, count) ** 2 / 2 ** 65 });
          seen.compact += 1;
        }
        seen.systems += 1;
        seen.skipping += code.shape.classes === 0 ? 0 : 1;
        const { invariants, steps, sometimes, deadlock } = plain;
        seen.findings += [...invariants, ...steps, ...sometimes, deadlock].filter((one) => one !== undefined).length;
        seen.failing += plain.evaluation === undefined ? 0 : 1;
        seen.cuts += plain.cut === undefined ? 0 : 1;
        seen.steps += plain.graph?.offsets[plain.graph.size] ?? 0;
        seen.outside += plain.leftWithin.size;
      }),
      { numRuns: RUNS, ...(RUNS <= 250 && { seed: 4 }) },
    );
    expect(RUNS * 0.8).toBeLessThan(seen.systems);
    // Not comparisons of nothing with nothing. One in a hundred has states long enough for hashes to stand for them.
    const least = (name: string): number => RUNS / (name === 'compact' && 250 < RUNS ? 250 : 100);
    expect(Object.entries(seen).filter(([name, count]) => count < least(name))).toEqual([]);
  }, 3_600_000);

  it('systems of many short steps', () => {
    const seen = { systems: 0, tabular: 0, skipping: 0, several: 0, words: 0, states: 0 };
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 - 1 }), fc.boolean(), (seed, keepSteps) => {
        const comparison = comparisonOf(systemOfShortSteps(seed), { keepSteps, maxStates: 800 });
        const code = codeFor(comparison)!;
        const expected = contentOf(plainly(comparison, 'interpreted'));
        expect(contentOf(byKernel(comparison, code))).toEqual(expected);
        if (seed % 4 === 0) {
          expect(contentOf(byKernel(comparison, code, { workers: 2 }, SMALL_PARTS))).toEqual(expected);
          seen.several += 1;
        }
        seen.systems += 1;
        seen.tabular += tabularIn(comparison.plan);
        seen.skipping += code.shape.classes === 0 ? 0 : 1;
        seen.words += 1 < code.shape.words ? 1 : 0;
        seen.states += (expected['states'] as readonly unknown[]).length;
      }),
      { numRuns: RUNS, ...(RUNS <= 250 && { seed: 1 }) },
    );
    expect(seen.tabular).toBeGreaterThan(10 * RUNS);
    expect(seen.states).toBeGreaterThan(20 * RUNS);
    expect(Object.entries(seen).filter(([, count]) => count < RUNS / 10)).toEqual([]);
  }, 3_600_000);

  it('a system with more kinds of origins than a byte tells apart', () => {
    const digit = ir.intDomain(0, 2);
    const names = Array.from({ length: 20 }, (_, index) => `v${index}`);
    const is = (name: string, value: number) => ir.equal(ir.variable(name, digit), ir.literal(value));
    const put = (name: string, value: number) => ir.assign(ir.variablePlace(name, digit), ir.literal(value));
    const actions = Array.from({ length: 400 }, (_, index) => {
      const [one, other] = [names[index % 20]!, names[(7 * index + Math.floor(index / 20)) % 20]!];
      return ir.action(`a${index}`, {}, ir.when(is(one, index % 3)), put(one, (index + 1) % 3), put(other, 0));
    });
    const init = names.map((name) => put(name, 0));
    const system = ir.system(Object.fromEntries(names.map((name) => [name, digit])), { init, actions });
    const comparison = comparisonOf(system, { maxStates: 3000 });
    const code = codeFor(comparison)!;
    expect(code.shape.classes).toBe(256);
    const expected = contentOf(plainly(comparison, 'javascript'));
    for (const workers of [1, 2]) {
      expect(contentOf(byKernel(comparison, code, { workers }, { parallelFrom: 500 }))).toEqual(expected);
    }
  });

  it('systems whose steps reach the state in odd ways', () => {
    const seen = { systems: 0, skipping: 0, failing: 0, states: 0 };
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 - 1 }), fc.boolean(), (seed, isDeclared) => {
        const comparison = comparisonOf(systemOfOddSteps(seed), { maxStates: 300 }, isDeclared);
        const code = codeFor(comparison)!;
        const plain = plainly(comparison, 'interpreted');
        const expected = contentOf(plain);
        expect(contentOf(byKernel(comparison, code))).toEqual(expected);
        expect(contentOf(byKernel(comparison, code, {}, { ...SMALL_PARTS, statesEach: 7 }))).toEqual(expected);
        seen.systems += 1;
        seen.skipping += code.shape.classes === 0 ? 0 : 1;
        seen.failing += plain.evaluation === undefined ? 0 : 1;
        seen.states += plain.states.count;
      }),
      { numRuns: RUNS, ...(RUNS <= 250 && { seed: 1 }) },
    );
    expect(seen.states).toBeGreaterThan(5 * RUNS);
    expect(Object.entries(seen).filter(([, count]) => count < RUNS / 20)).toEqual([]);
  }, 3_600_000);
});
