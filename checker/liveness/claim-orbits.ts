import { encodeValue } from '../../dsl/ir/value-json.ts';
import type { Property } from '../../dsl/ir/index.ts';
import type { Plan } from '../plan/plan.ts';
import { respectCondition, respectFormula } from '../reduction/equivariance.ts';
import { IdClasses, neighborExchanges } from '../reduction/id-classes.ts';
import type { IdClass } from '../reduction/id-classes.ts';
import { idSetsOf } from '../reduction/id-sets.ts';
import { permuteValue } from '../reduction/permutation.ts';
import type { Permutation } from '../reduction/permutation.ts';
import type { Claim } from './formula.ts';

/**
 * For each claim of a property the number of the first that it becomes when interchangeable ids change places: what is
 * true of that one is true of it.
 *
 * The permutations are automorphisms of the graph of all states, so they map behaviors onto behaviors. Where the formula
 * and what is assumed of fairness name none of the ids, they map fair behaviors onto fair ones, and those that violate
 * the claim for some ids onto those, as long, that violate it for what takes their places. Ids that the formula or
 * the assumptions do tell apart are left out.
 *
 * @param interchangeable - ids that neither steps nor initial states tell apart. All of them are in the graph: it was not cut.
 * @param sets - the fairness sets that are assumed.
 * @see Emerson and Sistla, "Utilizing symmetry when model-checking under fairness assumptions", TOPLAS 19, 1997.
 */
export function claimOrbits(
  { system }: Plan,
  { formula }: Property,
  claims: readonly Claim[],
  { interchangeable, sets }: { readonly interchangeable: readonly IdClass[]; readonly sets: readonly string[] },
): Int32Array {
  const orbits = Int32Array.from(claims, (_, index) => index);
  if (claims.length < 2 || interchangeable.length === 0) return orbits;
  const ids = idSetsOf(system);
  const classes = IdClasses.from(ids, interchangeable);
  respectFormula(classes, ids, formula);
  for (const { name, assumptions } of system.fairness) {
    if (!sets.includes(name)) continue;
    for (const { when } of assumptions.flatMap(({ groups }) => groups)) {
      if (when !== undefined) respectCondition(classes, ids, when);
    }
  }
  const exchanges = neighborExchanges(classes.classes);
  const numbers = new Map(claims.map((claim, index) => [keyOf(claim), index]));
  claims.forEach((_, first) => {
    if (orbits[first]! < first) return;
    const orbit = [first];
    for (const member of orbit) {
      for (const exchange of exchanges) {
        const other = numbers.get(keyOf(claims[member]!, exchange))!;
        if (orbits[other] === first) continue;
        orbits[other] = first;
        orbit.push(other);
      }
    }
  });
  return orbits;
}

/** Claims of one part of a formula differ in nothing but the values of the quantifiers around it. */
function keyOf({ part, bindings }: Claim, permutation: Permutation = new Map()): string {
  const values = Object.entries(bindings).map(([name, value]) => [name, encodeValue(permuteValue(value, permutation))]);
  return JSON.stringify([part, values]);
}
