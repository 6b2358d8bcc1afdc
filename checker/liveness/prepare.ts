import type { Property, System } from '../../dsl/ir/index.ts';
import { systemOfStates } from '../../dsl/ir/serials/as-integers.ts';
import { planOf } from '../plan/plan.ts';
import type { Plan, Refused } from '../plan/plan.ts';
import { FormulaTooLarge } from './buchi.ts';
import { claimsOf, PredicateRequests } from './formula.ts';
import type { Claim } from './formula.ts';

/** A property with its claims; undefined when writing them out was too much. */
export interface PreparedProperty {
  readonly property: Property;
  readonly claims: readonly Claim[] | undefined;
}

/** What can be settled before the first state. */
export interface Prepared {
  /** Knows the predicates that temporal properties are made of, beside what the system declares. */
  readonly plan: Plan | Refused;
  readonly properties: readonly PreparedProperty[];
}

/**
 * Prepares a system for being explored and judged. Whoever calls it with the same arguments gets the same numbers for
 * instances and predicates.
 *
 * @param asked - names of what is judged. Default: everything.
 * @param requestMore - requests the predicates that are needed beside those of the properties.
 */
export function prepare(
  declared: System,
  asked?: readonly string[],
  requestMore: (requests: PredicateRequests) => void = () => {},
): Prepared {
  const system = systemOfStates(declared);
  const requests = new PredicateRequests();
  const properties = system.properties
    .filter(({ name }) => asked === undefined || asked.includes(name))
    .map((property) => ({ property, claims: claimsWithin(system, property, requests) }));
  requestMore(requests);
  return { plan: planOf(system, requests.list), properties };
}

function claimsWithin(
  system: System,
  { formula }: Property,
  requests: PredicateRequests,
): readonly Claim[] | undefined {
  try {
    return claimsOf(system, formula, requests);
  } catch (error) {
    if (error instanceof FormulaTooLarge) return undefined;
    throw error;
  }
}
