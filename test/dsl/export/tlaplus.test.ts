import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import { isRefusal } from '../../../dsl/export/refusal.ts';
import { exportTla } from '../../../dsl/export/tlaplus.ts';
import type { TlaModule } from '../../../dsl/export/tlaplus.ts';
import type { System } from '../../../dsl/ir/index.ts';
import { specModels } from '../../support/specs.ts';
import { systemOf } from '../compiler/compiled.ts';
import { oddlyNamed } from './odd-system.ts';
import { randomLanguageSystems, randomSystems } from './random.ts';
import { fewOfEach, isFullSize } from './selection.ts';
import { TooMuch } from './tlc/place.ts';
import { runTlc } from './tlc/explore.ts';
import type { TlcRun } from './tlc/explore.ts';
import { scopeProblems } from './tlc/scope.ts';
import { parseModule } from './tlc/syntax.ts';

/** `TLC=whole` in the environment looks at every model that a patient machine can. */
const everything = process.env['TLC'] === 'whole';
/** Distinct states of the models that the evaluator explores: it is some thousand times slower than TLC. */
const EXPLORED = everything ? 6000 : 150;

const models = fewOfEach(specModels(), () => (everything ? Infinity : 3));

function exported(system: System): TlaModule {
  const result = exportTla(system);
  if (isRefusal(result))
    throw new Error(result.reasons.map(({ construct, message }) => `${construct}: ${message}`).join());
  return result;
}

/** What is compared, by the checker. */
function own(system: System, result = check(system)) {
  const violated = result.verdicts.flatMap(({ kind, name, outcome }) =>
    ['invariant', 'step', 'property'].includes(kind) && outcome.kind === 'violated' && !('failure' in outcome)
      ? [name]
      : [],
  );
  return {
    initial: result.statistics.initial,
    distinct: result.statistics.distinct,
    generated: result.statistics.transitions,
    violated: [...new Set(violated)].sort(),
    deadlocks: result.verdicts.some(({ kind, outcome }) => kind === 'deadlock' && outcome.kind === 'violated'),
    fails: result.verdicts.some(({ kind, outcome }) => kind === 'evaluation' && outcome.kind === 'violated'),
  };
}

/** The same by TLC's miniature. Names that a module had to change end in an underscore. */
function told({ initial, distinct, generated, violated, deadlocks, errors }: TlcRun): ReturnType<typeof own> {
  const names = [...new Set([...violated].map((name) => name.replace(/_$/, '')))].sort();
  return { initial, distinct, generated, violated: names, deadlocks, fails: errors.size > 0 };
}

describe('the TLA+ export', () => {
  it.each(models.map((one) => [one.file, one.model, one] as const))(
    'of %s %s is a module that every tool can read',
    async (_, __, one) => {
      const result = exportTla(one.system());
      if (isFullSize(one) && isRefusal(result)) return;
      const { module, omitted } = isRefusal(result) ? exported(one.system()) : result;
      expect(scopeProblems(await parseModule(module))).toEqual([]);
      if (!isFullSize(one)) expect(omitted).toEqual([]);
    },
  );

  const small = models.filter(({ system }) => (system().model.distinct ?? Infinity) <= EXPLORED);

  it.each(small.map((one) => [one.file, one.model, one] as const))(
    'of %s %s has the states, steps and verdicts that it has here',
    async (_, __, one) => {
      const system = one.system();
      const { module, config } = exported(system);
      expect(told(await runTlc(module, config))).toEqual(own(system));
    },
  );

  it('is evaluated for a good part of the models', () => {
    expect(small.length).toBeGreaterThan(25);
  });

  it.each([
    ['classic/peterson', 'correct'],
    ['classic/two-phase-commit', 'hasty'],
    ['classic/sleeping-barber', 'correct'],
  ])('of %s %s reads as before', async (file, model) => {
    const one = models.find((candidate) => candidate.file === file && candidate.model === model)!;
    const { module, config, moduleName } = exported(one.system());
    const golden = (ending: string): string =>
      fileURLToPath(new URL(`golden/${moduleName}.${ending}`, import.meta.url));
    await expect(module).toMatchFileSnapshot(golden('tla'));
    await expect(config).toMatchFileSnapshot(golden('cfg'));
  });
});

describe('random systems as TLA+', () => {
  const MOST_STATES = 120;
  const seen = { same: 0, failing: 0, unnoticed: 0, left: 0, refused: 0, states: 0, violated: 0, deadlocks: 0 };

  /** @param byName - whether what is violated is compared by name, or counted: odd names are changed in TLA+. */
  const judge = async (systems: readonly System[], byName = true): Promise<void> => {
    for (const system of systems) {
      const result = exportTla(system);
      if (isRefusal(result)) {
        seen.refused += 1;
        continue;
      }
      const checked = check(system, { maxStates: MOST_STATES, reduction: 'none' });
      if (checked.statistics.cut !== undefined) {
        seen.left += 1;
        continue;
      }
      const expected = own(system, checked);
      let run: TlcRun;
      try {
        run = await runTlc(result.module, result.config, MOST_STATES);
      } catch (error) {
        if (!(error instanceof TooMuch)) throw error;
        seen.left += 1;
        continue;
      }
      if (expected.fails) {
        // TLC stops where something fails; a value that is never used, it never works out.
        seen.failing += 1;
        if (run.errors.size === 0) seen.unnoticed += 1;
        continue;
      }
      // TLC counts equal initial states as often as they are generated.
      const { module } = result; // so that the failure shows it
      const compared = (side: ReturnType<typeof own>) => ({
        ...side,
        initial: 0,
        violated: byName ? side.violated : side.violated.length,
        module,
      });
      expect(compared(told(run))).toEqual(compared(expected));
      expect(expected.initial).toBeLessThanOrEqual(run.initial);
      seen.same += 1;
      seen.states += expected.distinct;
      seen.violated += expected.violated.length;
      seen.deadlocks += Number(expected.deadlocks);
    }
  };

  it.each([1, 2, 3, 4])('of the whole IR have the same states, steps and verdicts (size %i)', async (size) => {
    await judge(randomSystems(5000 * size, everything ? 500 : 160, size));
  });

  it.each([0, 1, 2])('of the language have the same states, steps and verdicts (size %i)', async (size) => {
    await judge(randomLanguageSystems(5000 * size, everything ? 500 : 90, size));
  });

  it('of the whole IR have the same states, steps and verdicts under odd names and with odd texts', async () => {
    let renamed = 0;
    const odd = randomSystems(90_000, everything ? 500 : 120, 3).map((system) => {
      const changed = oddlyNamed(system);
      renamed += changed.renamed;
      return changed.system;
    });
    const before = seen.same;
    await judge(odd, false);
    expect(renamed).toBeGreaterThan(600);
    expect(seen.same - before).toBeGreaterThan(20);
  });

  it('are worth comparing', () => {
    expect(seen.same).toBeGreaterThan(180);
    expect(seen.states / seen.same).toBeGreaterThan(4);
    // Indices past the end of what is never used; what fails in other ways is refused more often.
    expect(seen.unnoticed / seen.failing).toBeLessThan(0.12);
    expect(seen.violated).toBeGreaterThan(100);
    expect(seen.deadlocks).toBeGreaterThan(3);
  });
});

/** A spec around some declarations, with `Node` for two ids. */
function moduleOf(
  state: string,
  declarations: string,
): Promise<TlaModule & { readonly run: TlcRun; readonly system: System }> {
  const system = systemOf(`
    const Node = ids('Node', 2);
    export const odd = spec('odd', { state: () => ({ ${state} }) });
    ${declarations}
    export const model = odd.model({});
  `);
  const written = exported(system);
  return runTlc(written.module, written.config).then((run) => ({ ...written, run, system }));
}

describe('what TLC is particular about', () => {
  it('takes a condition with alternatives as a whole, so that a step is counted once', async () => {
    const { module, run } = await moduleOf(
      'a: z.boolean(), b: z.boolean()',
      'export const go = odd.action((s) => { when(!s.a || !s.b); s.a = !s.a; s.b = !s.a; });',
    );
    expect(module).toContain('When(~a \\/ ~b)');
    expect(run).toMatchObject({ distinct: 3, generated: 3 });
  });

  it('makes strings that meet null or numbers model values', async () => {
    const { module, config, run, system } = await moduleOf(
      `v: z.union([z.enum(['x_y', 'off']), z.int().min(0).max(1), z.null()])`,
      `export const go = odd.action({ to: z.union([z.enum(['x_y', 'off']), z.int().min(0).max(1), z.null()]) }, (s, { to }) => {
        when(s.v !== to);
        s.v = to;
      });`,
    );
    // TLC takes `x_y` for a value of a type `x`, and does not compare it with others.
    expect(module).toContain('the_x_y');
    expect(config).toContain('    the_x_y = the_x_y');
    expect(told(run)).toEqual(own(system));
  });

  it('does not call a proper end a deadlock, nor a state that is not explored', async () => {
    const { module, config, run, system } = await moduleOf(
      'n: z.int().min(0).max(9)',
      `export const up = odd.action((s) => { when(s.n < 8); s.n = s.n + 2; });
       export const over = odd.terminal((s) => s.n === 8);
       export const short = odd.within((s) => s.n < 5);`,
    );
    expect(module).toContain('NoDeadlock ==\n    \\/ ~short\n    \\/ over\n    \\/ ENABLED Next');
    expect(config).toContain('INVARIANT NoDeadlock');
    expect(config).toContain('CHECK_DEADLOCK FALSE');
    expect(config).toContain('CONSTRAINT short');
    expect(told(run)).toEqual(own(system));
  });

  it('has what a case of a variant may hold checked by its case', async () => {
    const { run, system } = await moduleOf(
      `v: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('a'), x: z.int().min(0).max(2) }),
        z.object({ kind: z.literal('b'), x: z.int().min(0).max(4) }),
      ])`,
      `export const up = odd.action((s) => { s.v.x = s.v.x + 1; });
       export const swap = odd.action((s) => { s.v = { kind: 'b', x: s.v.x }; });`,
    );
    expect([...run.errors]).toEqual([expect.stringContaining('v.x is outside its domain')]);
    expect(run.distinct).toBe(check(system).statistics.distinct);
  });

  it('leaves out a property that it has no word for, and says so', async () => {
    const { module, config, omitted } = await moduleOf(
      'on: z.boolean()',
      `export const flip = odd.action((s) => { s.on = !s.on; });
       export const first = odd.property((s) => until(!s.on, s.on));
       export const then = odd.property((s) => leadsTo(s.on, taken(flip)));
       export const often = odd.property((s) => always(eventually(taken(flip))));`,
    );
    expect(omitted.map(({ property, reasons }) => [property, reasons[0]!.construct])).toEqual([
      ['first', 'until'],
      ['then', 'taken'],
    ]);
    expect(module).toContain('\\* The property first is left out. until:');
    expect(config).toContain('PROPERTY often');
    expect(config).not.toMatch(/^PROPERTY (first|then)/m);
    expect(module).toContain('often == []<><<flip>>_vars');
  });

  it('has no number past the last integer, even as the position of an element', async () => {
    const { module, run, system } = await moduleOf(
      'list: z.array(z.boolean()).length(2), n: z.int().min(0).max(1)',
      `export const go = odd.action((s) => { s.n = 1 - s.n; });
       export const far = odd.action((s) => { when(s.list[2147483647]); s.n = 0; });
       export const put = odd.action((s) => { s.list[2147483647] = true; });`,
    );
    expect(module).not.toContain('2147483648');
    expect(run.distinct).toBe(2);
    expect(run.errors.size > 0).toBe(own(system).fails);
  });

  it('refuses values that TLC would not compare', () => {
    const system = systemOf(`
      export const odd = spec('odd', { state: () => ({ v: z.union([z.boolean(), z.int().min(0).max(1)]) }) });
      export const go = odd.action((s) => { s.v = 1; });
    `);
    const result = exportTla(system);
    if (!isRefusal(result)) throw new Error('it was not refused');
    expect(result.reasons[0]!.construct).toBe('a union of booleans and integers');
  });

  it('gives each property the fairness that it names', async () => {
    const { module, run } = await moduleOf(
      'on: z.boolean()',
      `export const flip = odd.action((s) => { s.on = !s.on; });
       export const patient = odd.fairness(weak(flip));
       export const lights = odd.property((s) => eventually(s.on));
       export const asItIs = odd.property((s) => eventually(s.on), { under: [] });`,
    );
    expect(module).toContain('lights == patient => <>on');
    expect([...run.violated]).toEqual(['asItIs']);
  });
});
