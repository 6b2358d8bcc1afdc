import type { CodeBuilder, LocalIndex } from './code-builder.ts';
import { i64 } from './opcodes.ts';
import { maskOf, NO_BITS, placed, pushBits } from './state-words.ts';
import type { Bits, Field } from './state-words.ts';

/** What is known at some point of the code; see {@link Draft}. */
export interface Knowledge {
  readonly locals: readonly LocalIndex[];
  readonly base: readonly Bits[];
  readonly pending: readonly Bits[];
}

/**
 * The state that a step changes, in locals, and what is known of it while code is emitted.
 *
 * A word starts out in the local of the state that is expanded, which is never written; its first change goes to a local
 * of the draft. Two things are kept of each word: `base`, bits that its local is known to have, from guards and earlier
 * stores; and `pending`, stores of constants that have been asked for but not done. All pending stores of a word are done
 * at once when they have to be, by a single exclusive or where all the old bits are known: `pc` from 3 to 4 and a flag
 * set costs one instruction. Code on both sides of a branch needs the same locals, so a word that a branch changes is
 * brought up to date and into the draft before it.
 */
export class Draft {
  private locals: LocalIndex[];
  private base: Bits[];
  private pending: Bits[];

  /**
   * @param sources - where the words are; not written.
   * @param drafts - locals for changed words; absent when nothing changes the state.
   */
  constructor(
    private readonly code: CodeBuilder,
    sources: readonly LocalIndex[],
    private readonly drafts: readonly LocalIndex[] = [],
    known: readonly Bits[] = [],
  ) {
    this.locals = [...sources];
    this.base = sources.map((_, word) => known[word] ?? NO_BITS);
    this.pending = sources.map(() => NO_BITS);
  }

  /** The code that a field is known to hold. */
  known(field: Field): number | undefined {
    if (field.width === 0) return 0;
    const mask = maskOf(field);
    const { base, pending } = { base: this.base[field.word]!, pending: this.pending[field.word]! };
    if ((mask & ~(base.mask | pending.mask)) !== 0n) return undefined;
    const bits = (base.bits & ~pending.mask) | pending.bits;
    return Number(BigInt.asIntN(32, (bits & mask) >> BigInt(field.shift)));
  }

  /** Makes the local of a word right in these bits. Code that reads bits asks for this first. */
  settle(word: number, mask: bigint): void {
    if ((this.pending[word]!.mask & mask) !== 0n) this.flush(word);
  }

  /** Pushes a word (i64), which is right in all bits that have been settled. */
  push(word: number): void {
    this.code.localGet(this.locals[word]!);
  }

  /** From here on, settled bits of a word are known: a test has passed. */
  assume(word: number, mask: bigint, bits: bigint): void {
    const base = this.base[word]!;
    this.base[word] = { mask: base.mask | mask, bits: (base.bits & ~mask) | bits };
  }

  /** Stores constants into some bits of a word. */
  storeBits(word: number, mask: bigint, bits: bigint): void {
    const pending = this.pending[word]!;
    this.pending[word] = { mask: pending.mask | mask, bits: (pending.bits & ~mask) | bits };
  }

  storeConstant(field: Field, code: number): void {
    this.storeBits(field.word, maskOf(field), placed(field, code));
  }

  /** Stores what `pushValue` pushes: an i64 with bits in the place of `mask` only. Pending stores of the word join in. */
  storeComputed(word: number, mask: bigint, pushValue: () => void): void {
    const { code } = this;
    const pending = this.pending[word]!;
    const cleared = (pending.mask | mask) & ~this.knownZero(word);
    const set = pending.bits & ~mask;
    this.push(word);
    if (cleared !== 0n) {
      pushBits(code, BigInt.asUintN(64, ~cleared));
      code.op(i64.and);
    }
    if (set !== 0n) {
      pushBits(code, set);
      code.op(i64.or);
    }
    pushValue();
    code.op(i64.or);
    this.write(word);
    const base = this.base[word]!;
    const known = base.mask | pending.mask;
    this.base[word] = {
      mask: known & ~mask,
      bits: ((base.bits & ~pending.mask) | pending.bits) & ~mask,
    };
    this.pending[word] = NO_BITS;
  }

  /**
   * Replaces a word by what `change` makes of it: it finds the word on the stack, up to date, and leaves the new one.
   *
   * @param mask - the bits that may be different.
   */
  update(word: number, mask: bigint, change: () => void): void {
    this.flush(word);
    this.push(word);
    change();
    this.write(word);
    const base = this.base[word]!;
    this.base[word] = { mask: base.mask & ~mask, bits: base.bits & ~mask };
  }

  /** Does what is pending of a word. */
  flush(word: number): void {
    const { code } = this;
    const base = this.base[word]!;
    const { mask, bits } = this.pending[word]!;
    if (mask === 0n) return;
    this.pending[word] = NO_BITS;
    this.base[word] = { mask: base.mask | mask, bits: (base.bits & ~mask) | bits };
    const unknown = mask & ~base.mask;
    const toggled = ((base.bits ^ bits) & mask & base.mask) | (bits & unknown);
    if (unknown === 0n && toggled === 0n) return;
    this.push(word);
    if (unknown !== 0n && (toggled & unknown) === unknown && (toggled & ~unknown) === 0n) {
      pushBits(code, unknown);
      code.op(i64.or);
    } else {
      if (unknown !== 0n) {
        pushBits(code, BigInt.asUintN(64, ~unknown));
        code.op(i64.and);
      }
      if (toggled !== 0n) {
        pushBits(code, toggled);
        code.op(i64.xor);
      }
    }
    this.write(word);
  }

  /** Brings words up to date and into the draft's locals, ahead of code that changes them on some ways and not on others. */
  settleInDraft(words: Iterable<number>): void {
    for (const word of words) {
      this.flush(word);
      if (this.locals[word] === this.drafts[word]) continue;
      this.push(word);
      this.write(word);
    }
  }

  /** Nothing is known any more of words that code in a loop changes. */
  forget(words: Iterable<number>): void {
    for (const word of words) this.base[word] = NO_BITS;
  }

  /** Brings all words up to date and returns their locals, not to be written. */
  finish(): readonly LocalIndex[] {
    for (let word = 0; word < this.locals.length; word += 1) this.flush(word);
    return [...this.locals];
  }

  save(): Knowledge {
    return { locals: [...this.locals], base: [...this.base], pending: [...this.pending] };
  }

  restore({ locals, base, pending }: Knowledge): void {
    this.locals = [...locals];
    this.base = [...base];
    this.pending = [...pending];
  }

  /** Goes on with what several ways to here agree on. Words that they changed have been settled in the draft. */
  join(ways: readonly Knowledge[]): void {
    const [first, ...others] = ways;
    if (first === undefined) return;
    this.restore(first);
    for (const other of others) {
      this.base = this.base.map((one, word) => {
        const { mask, bits } = other.base[word]!;
        const agreed = one.mask & mask & ~(one.bits ^ bits);
        return { mask: agreed, bits: bits & agreed };
      });
    }
  }

  private knownZero(word: number): bigint {
    const { mask, bits } = this.base[word]!;
    return mask & ~bits;
  }

  private write(word: number): void {
    const local = this.drafts[word];
    if (local === undefined) throw new Error('a store where nothing can be stored');
    this.code.localSet(local);
    this.locals[word] = local;
  }
}
