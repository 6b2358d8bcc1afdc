import type { System } from '../../dsl/ir/index.ts';
import type { CheckResult } from '../verdict/verdict.ts';
import { ADVISED_IN } from './fairness-needs.ts';
import { judgedProperties } from './property-table.ts';
import type { Judged } from './property-table.ts';

/** Temporal properties of a model, by their names. */
interface Unadvised {
  readonly system: System;
  readonly properties: readonly string[];
}

/**
 * What is still to be worked out about fairness: the properties of which no model has said what they need, each with the
 * smallest model in which it holds and says something, or else in which it fails. Larger ones than {@link ADVISED_IN} are
 * not asked.
 */
export function unadvised(
  models: readonly { readonly system: System; readonly result: CheckResult }[],
): readonly Unadvised[] {
  const found = new Map<System, string[]>();
  const labeled = models.map(({ system, result }) => ({ label: result.model, system, result }));
  for (const { first, all } of judgedProperties(labeled)) {
    const telling = all.filter(({ verdict }) => verdict.vacuous === undefined);
    if (first.verdict.kind !== 'property' || telling.some(isAdvised)) continue;
    const chosen = smallest(telling, 'holds') ?? smallest(telling, 'violated');
    if (chosen === undefined) continue;
    const { system } = chosen.model;
    found.set(system, [...(found.get(system) ?? []), chosen.verdict.name]);
  }
  return Array.from(found, ([system, properties]) => ({ system, properties }));
}

function isAdvised({ model, verdict }: Judged): boolean {
  return model.result.advice?.some(({ property }) => property === verdict.name) === true;
}

function smallest(judged: readonly Judged[], outcome: 'holds' | 'violated'): Judged | undefined {
  const size = ({ model }: Judged): number => model.result.statistics.distinct;
  const [first] = judged
    .filter((one) => one.verdict.outcome.kind === outcome && size(one) <= ADVISED_IN)
    .toSorted((left, right) => size(left) - size(right));
  return first;
}
