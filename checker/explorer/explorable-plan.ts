import type { Property, System } from '../../dsl/ir/index.ts';
import { FormulaTooLarge } from '../liveness/buchi.ts';
import { claimsOf, PredicateRequests } from '../liveness/formula.ts';
import type { Claim } from '../liveness/formula.ts';
import { planOf } from '../plan/plan.ts';
import type { Plan, Refused } from '../plan/plan.ts';

/** A plan that also knows the predicates which temporal properties are made of. */
export interface ExplorablePlan {
  readonly plan: Plan | Refused;
  readonly temporal: readonly TemporalProperty[];
}

export interface TemporalProperty {
  readonly property: Property;
  /** None when the formula is too large to be written out. */
  readonly claims: readonly Claim[];
}

/**
 * The plan that pages explore a model by. Whoever generates the code for a page and the page itself call this with the
 * same system, and get the same numbers for instances and predicates.
 */
export function explorablePlan(system: System): ExplorablePlan {
  const requests = new PredicateRequests();
  const temporal = system.properties.map((property): TemporalProperty => {
    try {
      return { property, claims: claimsOf(system, property.formula, requests) };
    } catch (error) {
      if (error instanceof FormulaTooLarge) return { property, claims: [] };
      throw error;
    }
  });
  return { plan: planOf(system, requests.list), temporal };
}
