import type { System } from '../../dsl/ir/index.ts';
import type { CheckResult } from '../verdict/verdict.ts';
import { ADVISED_BESIDE, ADVISED_IN } from './fairness-needs.ts';
import { assumptionKey, liveAssumptions } from './live-assumptions.ts';
import { isMeantRight } from './meant-right.ts';
import { judgedProperties } from './property-table.ts';
import type { Judged } from './property-table.ts';

/** Temporal properties of a model, by their names. */
interface Unadvised {
  readonly system: System;
  readonly properties: readonly string[];
}

/**
 * What is still to be worked out about fairness. First, properties of which no model has said what they need: each in the
 * smallest model in which it holds and says something, or else in which it fails. Models of what is meant to be right come
 * before others: what is known of those alone is not enough where there are such. Larger ones than {@link ADVISED_IN} are
 * not asked.
 *
 * Then assumptions that properties make and that are about nothing in the models asked so far, as is one about a part of
 * the system that they do not have: each property in the smallest further model in which it holds and such an assumption is
 * about something, of {@link ADVISED_BESIDE} states at most.
 */
export function unadvised(
  models: readonly { readonly system: System; readonly result: CheckResult }[],
): readonly Unadvised[] {
  const found = new Map<System, string[]>();
  const labeled = models.map(({ system, result }) => ({ label: result.model, system, result }));
  for (const { first, all } of judgedProperties(labeled)) {
    const telling = all.filter(({ verdict }) => verdict.vacuous === undefined);
    if (first.verdict.kind !== 'property') continue;
    const holding = telling.filter(({ verdict }) => verdict.outcome.kind === 'holds');
    const right = holding.filter(({ model }) => isMeantRight(model));
    const chosen = smallest(right) ?? smallest(holding) ?? smallest(telling);
    if (chosen === undefined) continue;
    const isRight = right.includes(chosen);
    const isKnown = (isRight ? right : telling).some(isAdvised);
    const asked = isKnown ? [] : [chosen];
    const further = holding.includes(chosen) ? furtherModels(isRight ? right : holding, asked) : [];
    for (const { model, verdict } of [...asked, ...further]) {
      found.set(model.system, [...(found.get(model.system) ?? []), verdict.name]);
    }
  }
  return Array.from(found, ([system, properties]) => ({ system, properties }));
}

/** Of models in which a property holds those, from small to large, in which an assumption is about something for the first time. */
function furtherModels(holding: readonly Judged[], asked: readonly Judged[]): readonly Judged[] {
  const known = new Set([...holding.filter(isAdvised), ...asked].flatMap(liveKeys));
  return holding
    .filter((one) => sizeOf(one) <= ADVISED_BESIDE)
    .toSorted((left, right) => sizeOf(left) - sizeOf(right))
    .filter((one) => {
      const fresh = liveKeys(one).filter((key) => !known.has(key));
      for (const key of fresh) known.add(key);
      return 0 < fresh.length;
    });
}

function liveKeys({ model: { system, result }, verdict }: Judged): readonly string[] {
  const property = system.properties.find(({ name }) => name === verdict.name);
  return property === undefined ? [] : liveAssumptions(system, result, property).map(assumptionKey);
}

function isAdvised({ model, verdict }: Judged): boolean {
  return model.result.advice?.some(({ property }) => property === verdict.name) === true;
}

function smallest(judged: readonly Judged[]): Judged | undefined {
  const [first] = judged
    .filter((one) => ['holds', 'violated'].includes(one.verdict.outcome.kind) && sizeOf(one) <= ADVISED_IN)
    .toSorted((left, right) => sizeOf(left) - sizeOf(right));
  return first;
}

function sizeOf({ model }: Judged): number {
  return model.result.statistics.distinct;
}
