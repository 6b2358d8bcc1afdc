import type { ObjectValue, Variable } from '../../dsl/ir/index.ts';
import { MAX_LEAVES, raiseSizes, readLeaves, shapeOf, Unshapable, writeLeaves } from './shape.ts';
import type { Shape } from './shape.ts';
import type { Refusal } from './refusal.ts';

/** Where every variable is kept in a state of `words` 32-bit words. Every state has exactly one encoding. */
export interface Layout {
  /** At least 1. */
  readonly words: number;
  readonly variables: ReadonlyMap<string, VariableLayout>;
  /** All leaves of all variables, in declared order. */
  readonly leaves: readonly LeafField[];
  /**
   * Writes a state's words to `into[at … at + words - 1]`.
   *
   * @param isReachable - false for a state that {@link LeafField.always} need not be true of, such as that of defaults.
   * @throws RangeError when a value is outside its domain, or is not what it always is.
   */
  encode(state: ObjectValue, into: Int32Array, at: number, isReachable?: boolean): void;
  /** The state whose words start at `states[at]`. */
  decode(states: Int32Array, at: number): ObjectValue;
}

/** The code of a leaf in the state whose words start at `states[at]`. */
export function codeIn({ word, shift, mask, always }: LeafField, states: Int32Array, at: number): number {
  return always ?? (states[at + word]! >>> shift) & mask;
}

/** The words of one state. */
export function wordsOf(layout: Layout, state: ObjectValue): Int32Array {
  const words = new Int32Array(layout.words);
  layout.encode(state, words, 0);
  return words;
}

interface VariableLayout {
  readonly shape: Shape;
  /** Its first leaf. */
  readonly leaf: number;
}

/** The bits of one leaf: `(words[word] >>> shift) & mask`. A leaf with a single code has no bits and `mask` 0. */
export interface LeafField {
  readonly word: number;
  readonly shift: number;
  readonly width: number;
  /** Of `width` ones, as an int32 (-1 for 32 of them). */
  readonly mask: number;
  /** The code that the leaf has in every reachable state: then it has no bits. */
  readonly always?: number;
}

/** Lays out the variables; what cannot be laid out is refused, every such variable by name. */
export function layoutOf(variables: readonly Variable[]): Layout | readonly Refusal[] {
  const refusals: Refusal[] = [];
  const placed = new Map<string, VariableLayout>();
  let count = 0;
  for (const variable of variables) {
    try {
      const shape = shapeOf(variable.domain);
      placed.set(variable.name, { shape, leaf: count });
      count += shape.leaves;
      if (MAX_LEAVES < count) throw new Unshapable(`brings the state to more than ${MAX_LEAVES} parts`);
    } catch (error) {
      if (!(error instanceof Unshapable)) throw error;
      refusals.push({ about: { variable: variable.name }, message: error.message, span: variable.span });
    }
  }
  if (0 < refusals.length) return refusals;

  const sizes = new Float64Array(count);
  for (const { shape, leaf } of placed.values()) raiseSizes(shape, sizes, leaf);
  return layoutWith(placed, pack(sizes));
}

/**
 * The same layout without the bits of leaves that have one code in all reachable states.
 *
 * @param always - those leaves, with their codes.
 */
export function withoutBits(layout: Layout, always: ReadonlyMap<number, number>): Layout {
  const sizes = Float64Array.from(layout.leaves, ({ width }, leaf) => (always.has(leaf) ? 1 : 2 ** width));
  const { leaves, words } = pack(sizes);
  const marked = leaves.map((field, leaf) => {
    const code = always.get(leaf);
    return code === undefined ? field : { ...field, always: code };
  });
  return layoutWith(layout.variables, { leaves: marked, words });
}

/** What {@link withoutBits} was given. */
export function leavesWithoutBits({ leaves }: Layout): ReadonlyMap<number, number> {
  return new Map(leaves.flatMap(({ always }, leaf) => (always === undefined ? [] : [[leaf, always] as const])));
}

function layoutWith(
  variables: ReadonlyMap<string, VariableLayout>,
  { leaves, words }: { readonly leaves: readonly LeafField[]; readonly words: number },
): Layout {
  const codesOf = (state: ObjectValue): Int32Array => {
    const codes = new Int32Array(leaves.length);
    for (const [name, { shape, leaf }] of variables) writeLeaves(shape, state[name], codes, leaf);
    return codes;
  };
  return {
    words,
    variables,
    leaves,
    encode(state, into, at, isReachable = true) {
      const codes = codesOf(state);
      into.fill(0, at, at + words);
      leaves.forEach(({ word, shift, width, always }, leaf) => {
        if (0 < width) into[at + word]! |= codes[leaf]! << shift;
        else if (isReachable && always !== undefined && always !== codes[leaf]) {
          throw new RangeError(`part ${leaf} of the state is ${codes[leaf]}, and is said to be always ${always}`);
        }
      });
    },
    decode(states, at) {
      const codes = Int32Array.from(leaves, (leaf) => codeIn(leaf, states, at));
      const state: [string, ReturnType<typeof readLeaves>][] = [];
      for (const [name, { shape, leaf }] of variables) state.push([name, readLeaves(shape, codes, leaf)]);
      return Object.fromEntries(state);
    },
  };
}

/** How many words may have gaps that are still filled: keeps packing linear, and neighbors near each other. */
const OPEN_WORDS = 8;

/** Gives each leaf bits in the first word that has room among the last few, so that no field straddles two words. */
function pack(sizes: Float64Array): { leaves: LeafField[]; words: number } {
  const used: number[] = [0];
  const leaves = Array.from(sizes, (size) => {
    const width = widthOf(size);
    let word = Math.max(0, used.length - OPEN_WORDS);
    while (word < used.length && 32 < used[word]! + width) word += 1;
    if (word === used.length) used.push(0);
    const shift = width === 0 ? 0 : used[word]!;
    used[word]! += width;
    return { word, shift, width, mask: width === 32 ? -1 : 2 ** width - 1 };
  });
  return { leaves, words: used.length };
}

function widthOf(size: number): number {
  let width = 0;
  while (2 ** width < size) width += 1;
  return width;
}
