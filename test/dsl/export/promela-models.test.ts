import { describe, expect, it } from 'vitest';
import { exportPromela } from '../../../dsl/export/promela.ts';
import { boundedSystem } from '../../../dsl/ir/serials/as-integers.ts';
import { isRefusal } from '../../../dsl/export/refusal.ts';
import { hasStepsOfOthers, specModels } from '../../support/specs.ts';
import type { SpecModel } from '../../support/specs.ts';
import { fewOfEach } from './selection.ts';
import { isSpinHere, WITH_SPIN } from './spin.ts';
import { ownJudgment, spinJudgment } from './spin-verdicts.ts';

/*
 * Everything that SPIN says here, it says for real. Making a verifier takes far longer than running it: so there are two
 * models of each spec, one that is right and a near miss, and few limits in distinct states. `SPIN=whole` in the
 * environment looks at all models and leaves no limits.
 */
const everything = process.env['SPIN'] === 'whole';
const SAFETY = everything ? Infinity : 30_000;
const LIVENESS = everything ? Infinity : 1000;

const sizeOf = ({ system }: SpecModel): number => system().model.distinct ?? Infinity;
const allModels = specModels();
const models = fewOfEach(
  allModels.filter((one) => sizeOf(one) <= SAFETY),
  (one) => (everything ? Infinity : hasStepsOfOthers(one) ? 1 : 2),
);

/** Of a second model, temporal properties are only asked about where it is there for one that is violated. */
function asksLiveness(one: SpecModel): boolean {
  if (everything) return true;
  const { model, properties } = one.system();
  const isFirst = models.find(({ file }) => file === one.file) === one;
  const isAboutOne = model.expectations.some(
    (expected) => 'property' in expected && properties.some(({ name }) => name === expected.property),
  );
  return sizeOf(one) <= LIVENESS && !hasStepsOfOthers(one) && (isFirst || isAboutOne);
}

describe.skipIf(!isSpinHere())(`models of every spec in specs/ ${WITH_SPIN}`, () => {
  const seen = { liveness: 0, temporal: 0, deadlocks: 0, violated: 0 };

  it('are there', () => {
    const files = new Set(allModels.map(({ file }) => file));
    // Some have nothing but models that are larger.
    expect([...files].filter((file) => !models.some((one) => one.file === file))).toEqual(
      everything ? [] : ['classic/slush', 'vmm-drv/models/large', 'vmm-drv/models/lives', 'vmm-drv/models/medium'],
    );
    expect(files.size).toBeGreaterThan(45);
  });

  it.each(models.map((one) => [one.file, one.model, one] as const))('%s %s is what it is here', (_, __, one) => {
    const system = one.system();
    const liveness = asksLiveness(one);
    // Where only the order of values counts, what is exported is a system of integers, which may have more states.
    const exported = boundedSystem(system);
    const own = ownJudgment(exported);
    if (exported !== system) expect({ ...ownJudgment(system), distinct: own.distinct }).toEqual(own);
    const spin = spinJudgment(system, { liveness });
    expect(spin).toEqual(liveness ? own : { ...own, properties: [] });
    if (liveness) seen.liveness += system.properties.length;
    seen.temporal += spin.properties.length;
    seen.deadlocks += Number(spin.deadlocks);
    seen.violated += spin.violated.length;
  });

  it('are worth judging', () => {
    expect(models.length).toBeGreaterThan(70);
    expect(seen.liveness).toBeGreaterThan(60);
    for (const count of [seen.temporal, seen.deadlocks, seen.violated]) expect(count).toBeGreaterThan(10);
  });
});

describe('the Promela export', () => {
  it('takes every model in specs/ as a whole', () => {
    const missing = models.flatMap((one) => {
      const exported = exportPromela(one.system());
      return !isRefusal(exported) && exported.omitted.length === 0 ? [] : [`${one.file} ${one.model}`];
    });
    expect(missing).toEqual([]);
  });
});
