import { listedIn, slotsOf } from '../../dsl/ir/slots.ts';
import { equalValues, valueAt } from '../../dsl/ir/index.ts';
import type { System } from '../../dsl/ir/index.ts';
import type { CheckResult } from '../verdict/verdict.ts';

interface CheckedModel {
  readonly system: System;
  readonly result: CheckResult;
}

/** Whether a model leaves a part of the protocol out, by a parameter that the author has named for that. */
export function isMutant({ system, result }: CheckedModel): boolean {
  return listedIn(slotsOf(system.doc).of('mutations')).some((name) => {
    const domain = system.parameters.find((one) => one.name === name)?.domain;
    return domain !== undefined && !equalValues(result.parameters[name], valueAt(domain, 0));
  });
}

/**
 * Whether a model is of a protocol as it is meant to be: nothing is left out, and nothing goes wrong but that something
 * is put off for ever, which fairness may be needed against.
 */
export function isMeantRight(model: CheckedModel): boolean {
  const isSafe = model.result.verdicts.every(({ kind, outcome }) => kind === 'property' || outcome.kind !== 'violated');
  return isSafe && !isMutant(model);
}
