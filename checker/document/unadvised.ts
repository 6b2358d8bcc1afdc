import type { System } from '../../dsl/ir/index.ts';
import type { CheckResult } from '../verdict/verdict.ts';
import { ADVISED_IN } from './fairness-needs.ts';
import { isMeantRight } from './meant-right.ts';
import { judgedProperties } from './property-table.ts';
import type { Judged } from './property-table.ts';

/** Temporal properties of a model, by their names. */
interface Unadvised {
  readonly system: System;
  readonly properties: readonly string[];
}

/**
 * What is still to be worked out about fairness: the properties of which no model has said what they need, each with the
 * smallest model in which it holds and says something, or else in which it fails. Models of what is meant to be right come
 * before others: what is known of those alone is not enough where there are such. Larger ones than {@link ADVISED_IN} are
 * not asked.
 */
export function unadvised(
  models: readonly { readonly system: System; readonly result: CheckResult }[],
): readonly Unadvised[] {
  const found = new Map<System, string[]>();
  const labeled = models.map(({ system, result }) => ({ label: result.model, system, result }));
  for (const { first, all } of judgedProperties(labeled)) {
    const telling = all.filter(({ verdict }) => verdict.vacuous === undefined);
    if (first.verdict.kind !== 'property') continue;
    const right = telling.filter(({ model, verdict }) => verdict.outcome.kind === 'holds' && isMeantRight(model));
    const chosen = smallest(right, 'holds') ?? smallest(telling, 'holds') ?? smallest(telling, 'violated');
    const isKnown = (right.includes(chosen!) ? right : telling).some(isAdvised);
    if (chosen === undefined || isKnown) continue;
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
