import type { FunctionIndex } from '../../engine/wasm/code-builder.ts';
import type { Signature } from '../../engine/wasm/module-builder.ts';
import type { Kernel, KernelFunction } from './kernel.ts';
import { PREVIOUS_FUNCTIONS } from './memory-map.ts';
import { probe, tagsMatch } from './probe-code.ts';
import type { Wanted } from './probe-code.ts';
import { addressIn, numberIn, slotOf } from './table-code.ts';
import * as v from './values.ts';
import type { Value } from './values.ts';

/*
 * A memory has 4 GiB at most. When one is full, the search goes on in another, and what it has is only read from then on:
 * by an instance of the same module, which the instance on the newer memory calls by its table of functions, and which
 * passes on to the generation before what it does not know itself. States are passed word by word, as none of the instances
 * sees more than its own memory.
 */

/** States of more 64-bit words cannot be looked for in previous generations: a function has 1000 parameters at most. */
export const MOST_PREVIOUS_WORDS = 900;

/** Calls of the functions of the generation before. */
export interface PreviousCalls {
  /**
   * Reads what {@link find} will read first, so that it is near when it is needed; the value means nothing. Takes
   * {@link TOUCHED_AT_ONCE} hashes: the more reads there are in sight of the processor, the more of them overlap.
   */
  readonly touch: (hashes: readonly Value[]) => Value;
  /** The same of what {@link find} will read next. Only where entries refer to states. */
  readonly touchState: (hashes: readonly Value[]) => Value;
  /**
   * The number that a state has in a previous generation, or -1; where no steps are kept, nobody asks which number it is.
   *
   * @param compared - what {@link comparedWords} gives.
   */
  readonly find: (hash: Value, compared: readonly Value[]) => Value;
}

export function callsOfPrevious(kernel: Kernel): PreviousCalls {
  const { touch, touchState, find } = PREVIOUS_FUNCTIONS;
  const touching = kernel.module.typeOf(TOUCHING);
  const finding = kernel.module.typeOf(findingOf(kernel));
  return {
    touch: (hashes) => v.callIndirect(touching, touch, ...hashes),
    touchState: (hashes) => v.callIndirect(touching, touchState, ...hashes),
    find: (hash, compared) => v.callIndirect(finding, find, hash, ...compared),
  };
}

/** What of a state is compared beside its hash. `second` is the second word of its entry. */
export function comparedWords({ table, words }: Kernel, state: Value, second: Value): readonly Value[] {
  if (table.kind === 'inline') return table.words === 2 ? [second] : [];
  if (table.kind === 'fingerprint') return [];
  return Array.from({ length: Math.min(words, MOST_PREVIOUS_WORDS) }, (_, word) => v.load64(state, 8 * word));
}

function findingOf(kernel: Kernel): Signature {
  const compared = comparedWords(kernel, v.int(0), v.int(0));
  return { parameters: ['i64', ...compared.map(() => 'i64' as const)], results: ['i32'] };
}

/** As many as can be passed in registers. */
export const TOUCHED_AT_ONCE = 4;
const TOUCHING = { parameters: ['i64', 'i64', 'i64', 'i64'], results: ['i64'] } as const;

/** The functions that newer memories call, see {@link PreviousCalls}. */
export function addPrevious(
  kernel: Kernel,
  previous: PreviousCalls,
): Readonly<Record<Extract<KernelFunction, keyof typeof PREVIOUS_FUNCTIONS>, FunctionIndex>> {
  const { module, globals } = kernel;
  const hasPrevious = v.global(globals.first);
  const hashes = TOUCHING.parameters.map((_, parameter) => parameter);
  const hashValues = hashes.map(v.local);
  const touch = module.addFunction('touch', TOUCHING, (code) => {
    const place = code.newLocal('i32');
    const read = hashValues.map((hash) => v.load64(slotOf(kernel, hash, place))).reduce(v.xor64);
    const touched = code.newLocal('i64');
    v.set(touched, read)(code);
    v.when(hasPrevious, v.set(touched, v.xor64(v.local(touched), previous.touch(hashValues))))(code);
    code.localGet(touched);
  });
  const touchState = module.addFunction('touch state', TOUCHING, (code) => {
    const place = code.newLocal('i32');
    const entry = code.newLocal('i64');
    const touched = code.newLocal('i64');
    for (const hash of hashes) {
      v.set(entry, v.load64(slotOf(kernel, v.local(hash), place)))(code);
      const read = v.set(touched, v.xor64(v.local(touched), v.load64(addressIn(v.local(entry)))));
      v.when(tagsMatch(entry, hash), read)(code);
    }
    v.when(hasPrevious, v.set(touched, v.xor64(v.local(touched), previous.touchState(hashValues))))(code);
    code.localGet(touched);
  });
  const find = module.addFunction('find', findingOf(kernel), (code) => {
    const compared = comparedWords(kernel, v.int(0), v.int(0)).map((_, index) => v.local(1 + index));
    const place = code.newLocal('i32');
    const slot = code.newLocal('i32');
    const entry = code.newLocal('i64');
    const wanted: Wanted = {
      hash: 0,
      second: v.local(1),
      equals: (address) =>
        compared
          .map((word, index) => v.equal64(v.load64(address, 8 * index), word))
          .reduce((all, one) => v.and(all, one)),
    };
    v.set(slot, slotOf(kernel, v.local(0), place))(code);
    code.block((free) => {
      const known = (): void => {
        (kernel.keepSteps ? numberIn(kernel, v.local(entry)) : v.int(0))(code);
        code.return();
      };
      probe(kernel, code, wanted, { slot, entry }, { free, known });
    });
    hasPrevious(code);
    code.if(
      () => previous.find(v.local(0), compared)(code),
      () => code.i32Const(-1),
      'i32',
    );
  });
  return { touch, touchState, find };
}
