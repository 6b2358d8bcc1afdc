import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import { compile } from '../../../dsl/compiler/compile.ts';
import { isRefusal } from '../../../dsl/export/refusal.ts';
import { specialized } from '../../../dsl/export/specialize/specialize.ts';
import { exportTla } from '../../../dsl/export/tlaplus.ts';
import { fold } from '../../../dsl/ir/fold.ts';
import type { System } from '../../../dsl/ir/index.ts';
import { validateSystem } from '../../../dsl/ir/validate.ts';
import type { LoopShape } from '../../support/loop-specs.ts';
import { loopSpecs, SHAPES, shapeOf } from '../../support/loop-specs.ts';
import { runTlc } from './tlc/explore.ts';

/** `TLC=whole` in the environment looks at many more. */
const everything = process.env['TLC'] === 'whole';
const SEEDS = everything ? 2000 : 115;

/** The systems of random specs that are made of loops, by their seeds. */
function loopSystems(seeds: readonly number[]): readonly (readonly [number, System])[] {
  const folder = mkdtempSync(join(tmpdir(), 'fairlead-loops-'));
  try {
    const file = join(folder, 'specs.ts');
    writeFileSync(file, loopSpecs(seeds));
    const { specs, diagnostics } = compile(file, { typecheck: false });
    if (diagnostics.length > 0) throw new Error(diagnostics.map((one) => one.message).join('\n'));
    return specs.flatMap((spec, index) => {
      const { system } = spec.instantiate(undefined);
      return system === undefined ? [] : [[seeds[index]!, system] as const];
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Shapes that are no loops any more where nothing in them can fail. */
const ALWAYS_GONE: LoopShape[] = ['guard', 'guardIf', 'question', 'largest', 'smallest', 'flag', 'added', 'taken'];

/** What may not change. */
function judged(system: System, about: System) {
  const { statistics, verdicts } = check(system, { maxStates: 2000, reduction: 'none' });
  const { initial, distinct, transitions } = statistics;
  const asked = new Set(about.invariants.map(({ name }) => name));
  const outcomes = verdicts
    .filter(({ kind, name }) => kind !== 'invariant' || asked.has(name))
    .map(({ kind, name, outcome }) => `${kind} ${name} ${outcome.kind}`);
  return { initial, distinct, transitions, cut: statistics.cut !== undefined, outcomes };
}

function loopsIn(system: System): number {
  const count = (node: Parameters<typeof fold>[0]): number =>
    fold<number>(node, (one, parts) =>
      parts.reduce((a, b) => a + b, Number(one.kind === 'for' || one.kind === 'loop')),
    );
  return system.actions.flatMap(({ body }) => body).reduce((sum, statement) => sum + count(statement), 0);
}

describe('loops', { timeout: 300_000 }, () => {
  const systems = loopSystems(Array.from({ length: SEEDS }, (_, index) => index));

  it('that are said without their order do what they did', () => {
    const gone = new Map<LoopShape, number>();
    for (const [seed, system] of systems) {
      const { system: made } = specialized(system);
      expect(validateSystem(made)).toEqual([]);
      expect({ seed, ...judged(made, made) }).toEqual({ seed, ...judged(system, made) });
      if (loopsIn(made) < loopsIn(system)) gone.set(shapeOf(seed), (gone.get(shapeOf(seed)) ?? 0) + 1);
    }
    expect(systems.length).toBeGreaterThan(SEEDS * 0.9); // a few have a constant that can only be wrong
    const often = SHAPES.filter((shape) => (gone.get(shape) ?? 0) >= SEEDS / SHAPES.length / 4);
    expect(often).toEqual(expect.arrayContaining(ALWAYS_GONE));
  });

  it('mean the same in TLA+', async () => {
    const seen = { same: 0, failing: 0, recursive: 0 };
    for (const [seed, system] of systems) {
      const result = exportTla(system);
      if (isRefusal(result)) throw new Error(`${seed}: ${JSON.stringify(result.reasons)}`);
      const expected = judged(system, system);
      if (expected.cut) throw new Error(`${seed} has too many states`);
      const run = await runTlc(result.module, result.config).catch((error: unknown) => {
        throw new Error(`${seed}: ${String(error)}\n${result.module}`);
      });
      const fails = expected.outcomes.some((one) => one.startsWith('evaluation') && one.endsWith('violated'));
      expect({ seed, fails: run.errors.size > 0 }).toEqual({ seed, fails });
      seen.failing += Number(fails);
      if (fails) continue;
      const { initial, distinct, transitions } = expected;
      const violated = expected.outcomes.some((one) => one.startsWith('invariant') && one.endsWith('violated'));
      expect({ seed, ...expected, initial, distinct, transitions, violated }).toEqual({
        seed,
        ...expected,
        initial: run.initial,
        distinct: run.distinct,
        transitions: run.generated,
        violated: run.violated.size > 0,
      });
      seen.same += 1;
      seen.recursive += Number(/\w\[\w+ \\in [^\]]*\] ==/.test(result.module));
    }
    expect(seen.same).toBeGreaterThan(SEEDS / 2);
    expect(seen.failing).toBeGreaterThan(SEEDS / 50);
    expect(seen.recursive).toBeLessThan(SEEDS / 2);
  });
});
