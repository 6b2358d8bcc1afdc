import type { CodeBuilder, LocalIndex } from '../../engine/wasm/code-builder.ts';
import { maskOf } from '../../engine/wasm/state-words.ts';
import type { Field } from '../../engine/wasm/state-words.ts';
import type { Layout } from '../../plan/layout.ts';
import type { Exchange, LeafCondition } from '../../reduction/exchange.ts';
import * as v from './values.ts';
import type { Effect, Value } from './values.ts';

/** The words of a state in locals, and where its leaves are in them. */
export class StateLocals {
  readonly #fields: readonly Field[];
  readonly #layout: Layout;
  readonly #words: readonly LocalIndex[];

  /** @param words - 64-bit words of a state. */
  constructor(code: CodeBuilder, layout: Layout, fields: readonly Field[], words: number) {
    this.#layout = layout;
    this.#fields = fields;
    this.#words = Array.from({ length: words }, () => code.newLocal('i64'));
  }

  load(address: Value): Effect {
    return v.sequence(...this.#words.map((word, index) => v.set(word, v.load64(address, 8 * index))));
  }

  store(address: Value): Effect {
    return v.sequence(...this.#words.map((word, index) => v.store64(address, 8 * index, v.local(word))));
  }

  /** The word of a field. */
  wordOf({ word }: Field): LocalIndex {
    return this.#words[word]!;
  }

  fieldOf(leaf: number): Field {
    return this.#fields[leaf]!;
  }

  /** The code that a leaf has in all states, if it has no bits. */
  constantOf(leaf: number): number | undefined {
    return this.#fields[leaf]!.width === 0 ? (this.#layout.leaves[leaf]!.always ?? 0) >>> 0 : undefined;
  }

  /** The code of a leaf that has bits. */
  codeOf(leaf: number): Value {
    const field = this.fieldOf(leaf);
    const word = v.local(this.wordOf(field));
    const shifted = field.shift === 0 ? word : v.shiftRight64(word, v.long(0, field.shift));
    return field.shift + field.width === 64 ? shifted : v.and64(shifted, v.long64((1n << BigInt(field.width)) - 1n));
  }

  /** Runs something where a condition on a leaf is met. */
  when({ leaf, test, code }: LeafCondition, effect: Effect): Effect {
    const constant = this.constantOf(leaf);
    if (constant !== undefined) return (test === 'equals' ? constant === code : code <= constant) ? effect : NOTHING;
    const compare = test === 'equals' ? v.equal64 : v.atLeast64;
    return v.when(compare(this.codeOf(leaf), v.long(0, code)), effect);
  }
}

const NOTHING: Effect = () => {};

/** What exchanging two ids does to a state in locals. */
export function exchangeCode(code: CodeBuilder, state: StateLocals, exchange: Exchange): Effect {
  const scratch = code.newLocal('i64');
  return exchangeEffect(state, exchange, scratch);
}

function exchangeEffect(state: StateLocals, exchange: Exchange, scratch: LocalIndex): Effect {
  const { recodes, bits, cases, layers } = exchange;
  return v.sequence(
    ...recodes.map(({ leaf, codes }) => recode(state, leaf, codes, scratch)),
    ...swaps(
      state,
      bits.map(({ left, right }) => [bitField(state, left.leaf, left.bit), bitField(state, right.leaf, right.bit)]),
      scratch,
    ),
    ...cases.map((one) => state.when(one.condition, exchangeEffect(state, one.exchange, scratch))),
    ...layers.flatMap((layer) =>
      swaps(
        state,
        layer.map(([left, right]) => [state.fieldOf(left), state.fieldOf(right)]),
        scratch,
      ),
    ),
  );
}

/** One code takes the place of the other; a leaf without bits stands for itself where it ends up. */
function recode(
  state: StateLocals,
  leaf: number,
  [left, right]: readonly [number, number],
  scratch: LocalIndex,
): Effect {
  const field = state.fieldOf(leaf);
  if (field.width === 0) return NOTHING;
  const word = state.wordOf(field);
  const difference = v.long64(BigInt(left ^ right) << BigInt(field.shift));
  const code = v.local(scratch);
  const isEither = v.or(v.equal64(code, v.long(0, left)), v.equal64(code, v.long(0, right)));
  return v.sequence(
    v.set(scratch, state.codeOf(leaf)),
    v.set(word, v.xor64(v.local(word), v.multiply64(v.widen(isEither), difference))),
  );
}

function bitField(state: StateLocals, leaf: number, bit: number): Field {
  const { word, shift, width } = state.fieldOf(leaf);
  return { word, shift: shift + bit, width: Math.min(width, 1) };
}

/**
 * Exchanges fields that are all different. Those of the same two words at the same distance go together, by three
 * exclusive ors.
 *
 * @see Warren, "Hacker's Delight", 2nd edition, 2012, section 7-1, on exchanging fields of a word.
 */
function swaps(
  state: StateLocals,
  pairs: readonly (readonly [Field, Field])[],
  scratch: LocalIndex,
): readonly Effect[] {
  const groups = new Map<string, { readonly low: Field; readonly high: Field; mask: bigint }>();
  for (const [left, right] of pairs) {
    // What has no bits is the same for all, and so is what it changes places with.
    if (left.width === 0 || right.width === 0) continue;
    const [low, high] = left.shift <= right.shift ? [left, right] : [right, left];
    const key = `${low.word} ${high.word} ${high.shift - low.shift}`;
    const group = groups.get(key) ?? { low, high, mask: 0n };
    // Where cases of a union overlap, one of the two may have bits that only another case needs.
    group.mask |= maskOf({ ...low, width: Math.min(low.width, high.width) });
    groups.set(key, group);
  }
  return [...groups.values()].map(({ low, high, mask }) => {
    const [one, other] = [state.wordOf(low), state.wordOf(high)];
    const distance = v.long(0, high.shift - low.shift);
    const differing = v.xor64(v.shiftRight64(v.local(other), distance), v.local(one));
    return v.sequence(
      v.set(scratch, v.and64(differing, v.long64(mask))),
      v.set(one, v.xor64(v.local(one), v.local(scratch))),
      v.set(other, v.xor64(v.local(other), v.shiftLeft64(v.local(scratch), distance))),
    );
  });
}
