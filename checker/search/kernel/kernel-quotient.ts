import type { IdClass } from '../../reduction/id-classes.ts';
import type { Quotient } from '../../reduction/quotient.ts';
import type { Generations } from './generations.ts';
import { KEY } from './signature-code.ts';

/**
 * Canonical forms by the kernel that explored with them.
 *
 * @param words - 32-bit words of a state, as everybody else counts.
 */
export function kernelQuotient(generations: Generations, classes: readonly IdClass[], words: number): Quotient {
  const { ints, pool, map } = generations.current;
  const ids = classes.flatMap((one) => one.ids);
  const { base } = pool.areas[0]!;
  const address = base + map.own.guests;
  const numbers = 2 ** KEY.idBits - 1;
  const bring = (state: Int32Array): void => {
    ints.fill(0, address / 4, (address + map.stateSize) / 4);
    ints.set(state, address / 4);
  };
  return {
    classes,
    orbitSize(state) {
      bring(state);
      return Number(pool.kernel.orbitSize!(address));
    },
    canonical(state) {
      bring(state);
      pool.kernel.canonical!(address);
      const canonical = ints.slice(address / 4, address / 4 + words);
      // Each key says which id has become the one in its place.
      const keys = (base + map.own.canonical) / 4;
      const permutation = new Map(ids.map((id, place) => [ids[ints[keys + 2 * place]! & numbers]!, id]));
      return { words: canonical, permutation };
    },
  };
}
