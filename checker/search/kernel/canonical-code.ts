import type { CodeBuilder, FunctionIndex, LocalIndex } from '../../engine/wasm/code-builder.ts';
import type { ModuleBuilder } from '../../engine/wasm/module-builder.ts';
import type { Field } from '../../engine/wasm/state-words.ts';
import type { Layout } from '../../plan/layout.ts';
import { exchangeIn } from '../../reduction/exchange.ts';
import { exchangeOf } from '../../reduction/permutation.ts';
import { orderOf } from '../../reduction/id-classes.ts';
import type { IdClass } from '../../reduction/id-classes.ts';
import { occurrencesIn } from '../../reduction/occurrence.ts';
import type { Occurrence } from '../../reduction/occurrence.ts';
import { exchangeCode, StateLocals } from './exchange-code.ts';
import { canonicalMemory } from './memory-map.ts';
import type { CanonicalMemory } from './memory-map.ts';
import { hasLinks, KEY, MOST_CLASSES, MOST_IDS, refinementCode, signatureCode, sizeOf } from './signature-code.ts';
import * as v from './values.ts';
import type { Effect, Value } from './values.ts';

/** The functions of a kernel that stand for the symmetry of a model. */
export interface CanonicalFunctions {
  /**
   * `(state) → order`: puts the canonical form of a state in its place; says how many permutations of ids leave it as it
   * is. Afterwards the keys say which id has become which.
   */
  readonly canonical: FunctionIndex;
  /** `(state) → size`, 64 bits: how many states are in its orbit. */
  readonly orbitSize: FunctionIndex;
}

/** What canonical forms are made of: settled before there is a module. */
export interface CanonicalPlan {
  readonly classes: readonly IdClass[];
  readonly layout: Layout;
  readonly fields: readonly Field[];
  readonly occurrences: readonly Occurrence[];
  /** 64-bit words of a state. */
  readonly words: number;
  readonly ids: number;
}

/** More permutations than this are not counted: sums of sizes of orbits have to stay below 2^63. */
const MOST_PERMUTATIONS = 2 ** 31;
const MOST_CODE = 2 ** 14;

/** @returns undefined where there are too many ids, or too much is to be known of them. */
export function canonicalPlan(
  classes: readonly IdClass[],
  layout: Layout,
  fields: readonly Field[],
  words: number,
): CanonicalPlan | undefined {
  const ids = classes.reduce((sum, one) => sum + one.ids.length, 0);
  const isMany = MOST_IDS < ids || MOST_CLASSES < classes.length || MOST_PERMUTATIONS < orderOf(classes);
  if (isMany || MOST_CODE < ids * layout.leaves.length) return undefined;
  const occurrences = occurrencesIn(layout, classes);
  return MOST_CODE < sizeOf(occurrences) ? undefined : { classes, layout, fields, occurrences, words, ids };
}

/**
 * Adds the functions that find the canonical form of a state.
 *
 * Ids are sorted within their classes by what is known of each. Where that leaves several with one key, and exchanging
 * neighbors among them changes nothing, they are interchangeable in this state. Where it changes something, more is found
 * out about each from what is known of those it has to do with; and where that does not help either, each of them is taken
 * to be the first in turn, and the least state that comes of it is taken. So nothing is left to chance: keys only save
 * trying all orders.
 *
 * @param own - where this worker's area begins; see `OwnArea.canonical`.
 * @see McKay, "Practical graph isomorphism", Congressus Numerantium 30, 1981: individualization and refinement.
 */
export function addCanonical(module: ModuleBuilder, plan: CanonicalPlan, own: Value, base: number): CanonicalFunctions {
  return new Canonical(module, plan, own, base).functions();
}

class Canonical {
  readonly #module: ModuleBuilder;
  readonly #plan: CanonicalPlan;
  readonly #own: Value;
  readonly #memory: CanonicalMemory;
  /** For each id that is followed by one of its class: exchanges the two in the state at an address. */
  readonly #exchanges: readonly (FunctionIndex | undefined)[];
  readonly #isSame: FunctionIndex;

  constructor(module: ModuleBuilder, plan: CanonicalPlan, own: Value, base: number) {
    this.#module = module;
    this.#plan = plan;
    this.#own = own;
    this.#memory = canonicalMemory(plan.words, plan.ids, base);
    this.#exchanges = plan.classes.flatMap(({ ids }) =>
      ids.map((id, index) => (index + 1 < ids.length ? this.#addExchange(id, ids[index + 1]!) : undefined)),
    );
    this.#isSame = this.#addCompare();
  }

  functions(): CanonicalFunctions {
    const { keys, weighed, frames } = this.#memory;
    const { words, ids, classes } = this.#plan;
    const signature = this.#addKnowing('signature', signatureCode);
    const sort = this.#addSort();
    const stabilizer = this.#addStabilizer();
    const settle = this.#addSettle(sort, stabilizer);
    const ownKeys = this.#at(keys);
    const frame = this.#at(frames);
    const canonical = this.#module.addFunction('canonical', { parameters: ['i32'], results: ['i32'] }, (code) => {
      const order = code.newLocal('i32');
      const state = v.local(0);
      let number = 0;
      const begin = classes.flatMap((one, index) =>
        one.ids.map(() =>
          v.store64(ownKeys, 8 * number, v.long64((BigInt(index) << BigInt(KEY.classShift)) | BigInt(number++))),
        ),
      );
      const settleInFrame = v.sequence(
        copy(frame, state, words),
        copy(v.add(frame, v.int(8 * words)), ownKeys, ids),
        v.set(order, v.call(settle, frame, v.int(1))),
        copy(state, frame, words),
        copy(ownKeys, v.add(frame, v.int(8 * words)), ids),
      );
      v.sequence(
        ...begin,
        v.call(signature, state, ownKeys),
        v.call(sort, state, ownKeys),
        v.set(order, v.call(stabilizer, state, ownKeys)),
        v.when(v.isZero(v.local(order)), settleInFrame),
        v.local(order),
      )(code);
    });
    const orbitSize = this.#module.addFunction('orbit size', { parameters: ['i32'], results: ['i64'] }, (code) => {
      v.sequence(
        copy(this.#at(weighed), v.local(0), words),
        v.divide64(v.long(0, orderOf(classes)), v.widen(v.call(canonical, this.#at(weighed)))),
      )(code);
    });
    return { canonical, orbitSize };
  }

  #at(offset: number): Value {
    return v.add(this.#own, v.int(offset));
  }

  #addExchange(left: string, right: string): FunctionIndex {
    const { layout, fields, words } = this.#plan;
    const exchange = exchangeIn(layout, exchangeOf(left, right));
    const name = `exchange ${left} ${right}`;
    return this.#module.addFunction(name, { parameters: ['i32'], results: [] }, (code) => {
      const state = new StateLocals(code, layout, fields, words);
      v.sequence(state.load(v.local(0)), exchangeCode(code, state, exchange), state.store(v.local(0)))(code);
    });
  }

  /** `(state, keys)`: puts what is known of ids into their keys. */
  #addKnowing(name: string, make: typeof signatureCode): FunctionIndex {
    const { layout, fields, words, occurrences, ids } = this.#plan;
    return this.#module.addFunction(name, { parameters: ['i32', 'i32'], results: [] }, (code) => {
      const state = new StateLocals(code, layout, fields, words);
      v.sequence(state.load(v.local(0)), make(code, state, occurrences, { ids, keys: v.local(1) }))(code);
    });
  }

  /** `(state, keys)`: sorts the ids of each class by their keys. */
  #addSort(): FunctionIndex {
    return this.#module.addFunction('sort ids', { parameters: ['i32', 'i32'], results: [] }, (code) => {
      const [one, other] = [code.newLocal('i64'), code.newLocal('i64')];
      const [state, keys] = [v.local(0), v.local(1)];
      let first = 0;
      for (const { ids } of this.#plan.classes) {
        for (let end = ids.length - 1; 0 < end; end -= 1) {
          for (let id = first; id < first + end; id += 1) {
            v.sequence(
              v.set(one, v.load64(keys, 8 * id)),
              v.set(other, v.load64(keys, 8 * (id + 1))),
              v.when(
                v.below64(v.local(other), v.local(one)),
                v.sequence(
                  v.store64(keys, 8 * id, v.local(other)),
                  v.store64(keys, 8 * (id + 1), v.local(one)),
                  v.call(this.#exchanges[id]!, state),
                ),
              ),
            )(code);
          }
        }
        first += ids.length;
      }
    });
  }

  /**
   * `(state, keys) → order`: how many permutations leave the state as it is, if all that leave the keys do; 0 if they do
   * not. The ids are sorted.
   */
  #addStabilizer(): FunctionIndex {
    const signature = { parameters: ['i32', 'i32'], results: ['i32'] } as const;
    return this.#module.addFunction('stabilizer', signature, (code) => {
      const [run, order] = [code.newLocal('i32'), code.newLocal('i32')];
      const [state, keys] = [v.local(0), v.local(1)];
      v.sequence(v.set(run, v.int(1)), v.set(order, v.int(1)))(code);
      this.#exchanges.forEach((exchange, id) => {
        if (exchange === undefined) return v.set(run, v.int(1))(code);
        const fixed = v.sequence(
          copy(this.#at(this.#memory.temporary), state, this.#plan.words),
          v.call(exchange, this.#at(this.#memory.temporary)),
          v.when(v.notEqual(v.call(this.#isSame, this.#at(this.#memory.temporary), state), v.int(0)), (inner) => {
            inner.i32Const(0);
            inner.return();
          }),
          v.set(run, v.add(v.local(run), v.int(1))),
          v.set(order, v.multiply(v.local(order), v.local(run))),
        );
        v.when(isTied(v.add(keys, v.int(8 * id))), fixed, v.set(run, v.int(1)))(code);
      });
      code.localGet(order);
    });
  }

  /** `(left, right) → -1, 0, 1`: the order of two states. */
  #addCompare(): FunctionIndex {
    const signature = { parameters: ['i32', 'i32'], results: ['i32'] } as const;
    return this.#module.addFunction('compare', signature, (code) => {
      for (let word = 0; word < this.#plan.words; word += 1) {
        const [left, right] = [v.load64(v.local(0), 8 * word), v.load64(v.local(1), 8 * word)];
        v.when(v.notEqual64(left, right), (inner) => {
          v.subtract(v.int(1), v.shiftLeft(v.below64(left, right), v.int(1)))(inner);
          inner.return();
        })(code);
      }
      code.i32Const(0);
    });
  }

  /** `(id, state) → whether` exchanging an id with the next of its class leaves the state as it is. */
  #addIsFixed(): FunctionIndex {
    const signature = { parameters: ['i32', 'i32'], results: ['i32'] } as const;
    return this.#module.addFunction('is fixed', signature, (code) => {
      const temporary = this.#at(this.#memory.temporary);
      copy(temporary, v.local(1), this.#plan.words)(code);
      this.#exchanges.forEach((exchange, id) => {
        if (exchange !== undefined) v.when(v.equal(v.local(0), v.int(id)), v.call(exchange, temporary))(code);
      });
      v.isZero(v.call(this.#isSame, temporary, v.local(1)))(code);
    });
  }

  /** `(keys) → how many` different keys there are among sorted ones. */
  #addDistinct(): FunctionIndex {
    return this.#module.addFunction('distinct keys', { parameters: ['i32'], results: ['i32'] }, (code) => {
      const ties = Array.from({ length: this.#plan.ids - 1 }, (_, id) => isTied(v.add(v.local(0), v.int(8 * id))));
      ties.reduce((count, tie) => v.subtract(count, tie), v.int(this.#plan.ids))(code);
    });
  }

  /**
   * `(frame, color) → order`: as `canonical`, of the state and keys in a frame, whose ids are told apart as well as their
   * keys do. It uses the frames behind.
   */
  #addSettle(sort: FunctionIndex, stabilizer: FunctionIndex): FunctionIndex {
    const { words, ids, occurrences } = this.#plan;
    const { frameSize } = this.#memory;
    const isFixed = this.#addIsFixed();
    const distinct = this.#addDistinct();
    const refinement = hasLinks(occurrences) ? this.#addKnowing('refinement', refinementCode) : undefined;
    const signature = { parameters: ['i32', 'i32'], results: ['i32'] } as const;
    const settle = this.#module.declareFunction('settle', signature);
    const build = (code: CodeBuilder): void => {
      const newInt = (): LocalIndex => code.newLocal('i32');
      const [before, after, order, childOrder] = [newInt(), newInt(), newInt(), newInt()];
      const [first, id, end, outcome, count] = [newInt(), newInt(), newInt(), newInt(), newInt()];
      const frame = v.local(0);
      const keys = v.add(frame, v.int(8 * words));
      const best = v.add(keys, v.int(8 * ids));
      const child = v.add(frame, v.int(frameSize));
      const keyAt = (index: Value): Value => v.add(keys, v.shiftLeft(index, v.int(3)));
      const tiedAt = (index: Value): Value => isTied(keyAt(index));
      const sorted = v.call(sort, frame, keys);
      if (refinement === undefined) sorted(code);
      else {
        code.block((leave) => {
          code.loop((again) => {
            v.sequence(v.call(refinement, frame, keys), sorted, v.set(after, v.call(distinct, keys)))(code);
            v.isZero(v.below(v.local(before), v.local(after)))(code);
            code.brIf(leave);
            v.set(before, v.local(after))(code);
            code.br(again);
          });
        });
      }
      v.set(order, v.call(stabilizer, frame, keys))(code);
      v.when(v.local(order), (inner) => {
        inner.localGet(order);
        inner.return();
      })(code);
      // The first ids that have one key although exchanging them makes a difference, and all others with that key.
      const isSettled = v.isZero(v.and(tiedAt(v.local(id)), v.isZero(v.call(isFixed, v.local(id), frame))));
      v.repeat(isSettled, v.set(id, v.add(v.local(id), v.int(1))))(code);
      v.set(end, v.add(v.local(id), v.int(1)))(code);
      v.repeat(
        v.and(v.below(v.int(0), v.local(id)), tiedAt(v.subtract(v.local(id), v.int(1)))),
        v.set(id, v.subtract(v.local(id), v.int(1))),
      )(code);
      v.repeat(
        v.and(v.below(v.local(end), v.int(ids - 1)), tiedAt(v.local(end))),
        v.set(end, v.add(v.local(end), v.int(1))),
      )(code);
      v.set(first, v.local(id))(code);
      // Each of them in turn gets a key of its own.
      const takeBest = v.sequence(
        copy(best, child, words + ids),
        v.set(count, v.int(1)),
        v.set(order, v.local(childOrder)),
      );
      const childKey = v.add(v.add(child, v.int(8 * words)), v.shiftLeft(v.local(id), v.int(3)));
      const uncolored = v.and64(v.load64(childKey), v.long64((1n << BigInt(KEY.colorShift)) - 1n));
      const color = v.shiftLeft64(v.widen(v.local(1)), v.long(0, KEY.colorShift));
      const isFirst = v.equal(v.local(id), v.local(first));
      const tryOne = v.sequence(
        copy(child, frame, words + ids),
        v.store64(childKey, 0, v.or64(uncolored, color)),
        v.set(childOrder, v.call(settle, child, v.add(v.local(1), v.int(1)))),
        v.set(outcome, v.call(this.#isSame, child, best)),
        v.when(isFirst, v.set(outcome, v.int(-1))),
        v.when(
          v.equal(v.local(outcome), v.int(-1)),
          takeBest,
          v.when(v.isZero(v.local(outcome)), v.set(count, v.add(v.local(count), v.int(1)))),
        ),
      );
      // Whoever may change places with the one before comes to the same.
      const isLikeBefore: Value = (inner) => {
        isFirst(inner);
        inner.if(
          () => inner.i32Const(0),
          () => v.call(isFixed, v.subtract(v.local(id), v.int(1)), frame)(inner),
          'i32',
        );
      };
      const isBest = v.notEqual(v.local(outcome), v.int(1));
      v.repeat(
        v.isZero(v.below(v.local(end), v.local(id))),
        v.sequence(
          v.when(isLikeBefore, v.when(isBest, v.set(count, v.add(v.local(count), v.int(1)))), tryOne),
          v.set(id, v.add(v.local(id), v.int(1))),
        ),
      )(code);
      copy(frame, best, words + ids)(code);
      v.multiply(v.local(count), v.local(order))(code);
    };
    this.#module.defineFunction(settle, signature.parameters.length, build);
    return settle;
  }
}

/** Whether the key at an address and the next one say the same of their ids. */
function isTied(address: Value): Value {
  const difference = v.xor64(v.load64(address), v.load64(address, 8));
  return v.isZero64(v.shiftRight64(difference, v.long(0, KEY.idBits)));
}

/** Copies 64-bit words. */
function copy(to: Value, from: Value, words: number): Effect {
  return v.sequence(...Array.from({ length: words }, (_, word) => v.store64(to, 8 * word, v.load64(from, 8 * word))));
}
