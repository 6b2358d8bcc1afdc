import { expect, it } from 'vitest';
import { check } from '../../../checker/check.ts';
import { NO_SPAN } from '../../../dsl/diagnostics/span.ts';
import type { System } from '../../../dsl/ir/index.ts';
import * as ir from '../../support/ir.ts';

const n = ir.variable('n', ir.intDomain(0, 3));
const low = ir.predicate('low', ir.equal(n, ir.literal(0)));
const base: System = {
  ...ir.system({ n: ir.intDomain(0, 3) }, { actions: [ir.action('stay', {})] }),
  invariants: [low],
  sometimes: [ir.predicate('high', ir.equal(n, ir.literal(3)))],
  properties: [
    { name: 'ends', doc: '', span: NO_SPAN, formula: { kind: 'now', predicate: low.predicate, span: NO_SPAN } },
  ],
};
const outcomes = (system: System) => check(system).verdicts.map(({ name, outcome }) => `${name} ${outcome.kind}`);
const ERRORS = ['deadlock error', 'evaluation error', 'low error', 'high error', 'ends error'];

it('nothing holds of a model without an initial state', () => {
  const result = check({ ...base, init: [ir.when(ir.literal(false))] });
  expect(result.verdicts.map(({ name, outcome }) => `${name} ${outcome.kind}`)).toEqual(ERRORS);
  expect(result.asExpected).toBe(false);
});

it('nothing holds where no initial state is within the bounds', () => {
  const system = { ...base, within: [ir.predicate('never', ir.literal(false))] };
  expect(outcomes(system).filter((one) => !one.endsWith(' error') && !one.endsWith(' violated'))).toEqual([]);
  expect(check(system).asExpected).toBe(false);
});

it('an initial step that fails is a violation, whatever else is not known', () => {
  const system = { ...base, init: [ir.verify(ir.literal(false))] };
  expect(outcomes(system)).toEqual(['deadlock error', 'evaluation violated', ...ERRORS.slice(2)]);
});
