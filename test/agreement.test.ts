import { describe, expect, it } from 'vitest';
import { isRefused, planOf, type Plan } from '../checker/plan/plan.ts';
import type { System } from '../dsl/ir/index.ts';
import { definitionOf, type Declaration } from '../dsl/language/definition.ts';
import { compareEngines } from './support/engines.ts';
import { hasStepsOfOthers, specModels } from './support/specs.ts';
import { compareExecutions } from './support/witness.ts';

/*
 * Four executions of every spec: generated JavaScript and WebAssembly, the interpreter, and the bodies run as the
 * JavaScript that they are.
 * Small graphs are compared as a whole, of larger ones only what is nearest to the start, to keep this quick.
 * With AGREEMENT=whole in the environment, all of every graph: that takes minutes.
 */
const everything = process.env['AGREEMENT'] === 'whole';
const ENGINES = { whole: 500, start: 100 };
const JAVASCRIPT = { whole: 140, start: 25 };

const models = specModels().filter((one) => everything || !hasStepsOfOthers(one));

const cases = models.map((one) => [one.file, one.model, one] as const);

describe.each(cases)('%s %s', { timeout: everything ? 3_600_000 : 60_000 }, (_file, _model, one) => {
  it('has the same graph by generated code as by the interpreter', () => {
    const system = one.system();
    const limit = limitFor(system, ENGINES);
    const compared = compareEngines(planned(system), limit);
    expect(compared.engines).toEqual(['javascript', 'webassembly']);
    expect(compared.difference).toBeUndefined();
    expect(compared.transitions).toBeGreaterThan(0);
    expectAll(compared.states, system, limit);
  });

  it('has the same graph when its bodies run as JavaScript', async () => {
    const system = one.system();
    const limit = limitFor(system, JAVASCRIPT);
    const declared = declaredModel((await import(/* @vite-ignore */ one.path)) as Record<string, unknown>, one.model);
    const compared = compareExecutions(declared.spec, declared.parameters, planned(system), limit);
    expect(compared.difference).toBeUndefined();
    expect(compared.transitions).toBeGreaterThan(0);
    expectAll(compared.states, system, limit);
  });
});

function limitFor({ model }: System, { whole, start }: { whole: number; start: number }): number {
  if (everything) return Infinity;
  return model.distinct !== undefined && model.distinct <= whole ? whole : start;
}

/** That nothing was left out. Where a spec limits what is explored, more than its distinct states were compared. */
function expectAll(states: number, { model, within }: System, limit: number): void {
  if (model.distinct !== undefined && within.length === 0) expect(states).toBe(Math.min(model.distinct, limit));
}

function planned(system: System): Plan {
  const plan = planOf(system);
  if (isRefused(plan)) throw new Error(plan.refusals.map(({ message }) => message).join('; '));
  return plan;
}

function declaredModel(module: Readonly<Record<string, unknown>>, name: string): Declaration & { kind: 'model' } {
  const declared = definitionOf(module[name]) as Declaration;
  if (declared.kind !== 'model') throw new Error(`${name} is no model`);
  return declared;
}
