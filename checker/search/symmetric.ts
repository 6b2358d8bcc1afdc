import { shareAmongOrbits } from '../reduction/quotient.ts';
import type { Symmetric } from '../reduction/quotient.ts';
import type { Exploration } from './exploration.ts';

/**
 * An exploration of one state of each orbit, in which steps were counted as often as there are states in the orbit that
 * they start from: what it says of instances is made to be about all states.
 */
export function withOrbits(exploration: Exploration, symmetry: Symmetric): Exploration {
  const { orbits } = symmetry;
  const failing = new Set([...exploration.failing].map((instance) => orbits[instance]));
  return {
    ...exploration,
    symmetry,
    fired: shareAmongOrbits(exploration.fired, orbits),
    failing: new Set(Array.from(orbits.keys()).filter((instance) => failing.has(orbits[instance]))),
  };
}
