import { describe, expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import { isRefused, planOf } from '../../../checker/plan/plan.ts';
import { recheckByOrder } from '../../../checker/serials/growing-trace.ts';
import { itfToTrace, traceToItf } from '../../../checker/report/itf.ts';
import { specModels } from '../../support/specs.ts';
import { formatStep } from '../../../checker/plan/step-name.ts';

const SMALL = 500;

describe('traces in the Informal Trace Format', () => {
  const small = specModels().filter(({ system }) => (system().model.distinct ?? SMALL) < SMALL);

  it('come back as they were, and the interpreter can run them, for every small model of the specs', () => {
    const domains = new Set<string>();
    let traces = 0;
    for (const one of small) {
      const system = one.system();
      const plan = planOf(system);
      if (isRefused(plan)) throw new Error(one.model);
      for (const { name, outcome } of check(system).verdicts) {
        if (outcome.kind !== 'violated' && outcome.kind !== 'reached') continue;
        const recording = itfToTrace(JSON.parse(traceToItf(system, name, outcome.trace)));
        if (recording.kind === 'invalid') throw new Error(`${one.model} ${name}: ${recording.problem}`);
        const read = recording.traces[0]!.read(system);
        if (read.kind === 'invalid') throw new Error(`${one.model} ${name}: ${read.problem}`);
        expect(read.trace.states).toEqual(outcome.trace.states);
        expect(read.trace.labels).toEqual(outcome.trace.steps.map(formatStep));
        const again = recheckByOrder(system, plan, read.trace);
        expect(again.kind).toBe('valid');
        if (again.kind === 'valid') expect(again.trace.steps).toEqual(outcome.trace.steps);
        traces += 1;
      }
      for (const { domain } of system.variables) domains.add(domain.kind);
    }
    expect(traces).toBeGreaterThan(40);
    expect([...domains]).toEqual(
      expect.arrayContaining(['array', 'boolean', 'enum', 'int', 'object', 'record', 'set']),
    );
  });
});
