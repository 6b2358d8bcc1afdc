import type { CodeBuilder, FunctionIndex, LocalIndex } from '../../engine/wasm/code-builder.ts';
import type { Kernel } from './kernel.ts';
import {
  DESCRIPTOR,
  DUPLICATE,
  HEADER,
  LOOKED_UP_TOGETHER,
  NEW,
  PREVIOUS,
  OUTSIDE,
  OUTSIDE_SHIFT,
} from './memory-map.ts';
import { comparedWords, TOUCHED_AT_ONCE } from './previous-code.ts';
import type { PreviousCalls } from './previous-code.ts';
import { probe, tagsMatch } from './probe-code.ts';
import type { Wanted } from './probe-code.ts';
import { entryWords } from './table-kind.ts';
import { addressIn, bit, slotOf, subtableOf, withoutAddress } from './table-code.ts';
import * as v from './values.ts';
import type { Effect, Value } from './values.ts';

/**
 * `(list, end) → how many were new`: looks up records in the table, in the order of the list, and enters those that are
 * not there. Says in each record what became of it and where its entry is. The list is used up.
 *
 * Records are looked up by the dozen: first the lines of memory that will be needed are read for all of them, so that
 * waiting for one overlaps waiting for the others.
 *
 * @param previous - where there are previous generations: what is not in the table is looked for in them before it is
 *   entered, also by the dozen.
 */
export function addInsert(kernel: Kernel, previous?: PreviousCalls): FunctionIndex {
  const name = previous === undefined ? 'insert' : 'insert after';
  return kernel.module.addFunction(name, { parameters: ['i32', 'i32'], results: ['i32'] }, (code) =>
    new Insert(kernel, code).all(previous)(code),
  );
}

/** The parts of the function, over its locals. */
class Insert {
  readonly #kernel: Kernel;
  readonly #code: CodeBuilder;
  /** Whether entries refer to states, which have to be compared. */
  readonly #compares: boolean;
  /** What is left of the list, and of that what is looked up together. */
  readonly #at: LocalIndex = 0;
  readonly #end: LocalIndex = 1;
  readonly #blockEnd: LocalIndex;
  /** The place in the list of the record that is looked at, and where its slot is noted. */
  readonly #next: LocalIndex;
  readonly #slotAt: LocalIndex;
  readonly #slot: LocalIndex;
  readonly #rec: LocalIndex;
  readonly #descriptor: LocalIndex;
  readonly #count: LocalIndex;
  readonly #hash: LocalIndex;
  readonly #entry: LocalIndex;
  /** What was read ahead, all together: else nobody would need to read it. */
  readonly #touched: LocalIndex;
  readonly #wanted: Wanted;

  constructor(kernel: Kernel, code: CodeBuilder) {
    this.#kernel = kernel;
    this.#code = code;
    this.#compares = kernel.table.kind === 'reference';
    this.#blockEnd = this.#newInt();
    this.#next = this.#newInt();
    this.#slotAt = this.#newInt();
    this.#slot = this.#newInt();
    this.#rec = this.#newInt();
    this.#descriptor = this.#newInt();
    this.#count = this.#newInt();
    this.#hash = code.newLocal('i64');
    this.#entry = code.newLocal('i64');
    this.#touched = code.newLocal('i64');
    const second = v.load64(v.local(this.#rec), 8);
    this.#wanted = {
      hash: this.#hash,
      second: kernel.table.kind === 'inline' ? v.or64(second, bit(kernel.table.spareBit)) : second,
      equals: (address) => kernel.sameState(address, v.local(this.#rec)),
    };
  }

  all(previous: PreviousCalls | undefined): Effect {
    return v.sequence(
      v.repeat(
        v.below(v.local(this.#at), v.local(this.#end)),
        v.sequence(
          v.set(this.#blockEnd, v.lower(v.add(v.local(this.#at), v.int(4 * LOOKED_UP_TOGETHER)), v.local(this.#end))),
          this.#findSlots(),
          this.#touchSlots(),
          this.#compares ? this.#touchStates() : v.sequence(),
          previous === undefined ? this.#overBlock(this.#lookUpAndEnter()) : this.#lookUpInAll(previous),
          v.set(this.#at, v.local(this.#blockEnd)),
        ),
      ),
      v.store64(this.#kernel.own, HEADER.touched, v.local(this.#touched)),
      v.local(this.#count),
    );
  }

  #newInt(): LocalIndex {
    return this.#code.newLocal('i32');
  }

  /** Runs something for each record up to a place in the list. */
  #overList(listEnd: LocalIndex, body: Effect): Effect {
    return v.sequence(
      v.set(this.#next, v.local(this.#at)),
      v.set(this.#slotAt, this.#slots()),
      v.repeat(
        v.below(v.local(this.#next), v.local(listEnd)),
        v.sequence(
          v.set(this.#rec, v.load32(v.local(this.#next))),
          v.set(this.#hash, v.load64(v.local(this.#rec), this.#kernel.map.record.hash)),
          body,
          v.set(this.#next, v.add(v.local(this.#next), v.int(4))),
          v.set(this.#slotAt, v.add(v.local(this.#slotAt), v.int(4))),
        ),
      ),
    );
  }

  #overBlock(body: Effect): Effect {
    return this.#overList(this.#blockEnd, body);
  }

  /** Where the slots of the records that are looked up together are noted. */
  #slots(): Value {
    const { own, map } = this.#kernel;
    return v.add(own, v.int(map.own.slots));
  }

  #findSlots(): Effect {
    return this.#overBlock(
      v.sequence(
        v.set(this.#slot, slotOf(this.#kernel, v.local(this.#hash), this.#descriptor)),
        v.store32(v.local(this.#slotAt), 0, v.local(this.#slot)),
      ),
    );
  }

  #note(value: Value): Effect {
    return v.set(this.#touched, v.xor64(v.local(this.#touched), value));
  }

  #touch(address: Value): Effect {
    return this.#note(v.load64(address));
  }

  /** In a loop as short as can be: the more reads there are in sight of the processor, the more of them overlap. */
  #touchSlots(): Effect {
    return v.sequence(
      v.set(this.#slotAt, this.#slots()),
      v.set(this.#next, v.add(v.local(this.#slotAt), v.subtract(v.local(this.#blockEnd), v.local(this.#at)))),
      v.repeat(
        v.below(v.local(this.#slotAt), v.local(this.#next)),
        v.sequence(
          ...[0, 4, 8, 12].map((offset) => this.#touch(v.load32(v.local(this.#slotAt), offset))),
          v.set(this.#slotAt, v.add(v.local(this.#slotAt), v.int(16))),
        ),
      ),
    );
  }

  #touchStates(): Effect {
    return this.#overBlock(
      v.sequence(
        v.set(this.#entry, v.load64(v.load32(v.local(this.#slotAt)))),
        v.when(tagsMatch(this.#entry, this.#hash), this.#touch(addressIn(v.local(this.#entry)))),
      ),
    );
  }

  /** Says in the record what became of it. */
  #answer(status: Value, result: LocalIndex = this.#slot): Effect {
    const { record } = this.#kernel.map;
    return v.sequence(
      v.store32(v.local(this.#rec), record.result, v.local(result)),
      v.store32(v.local(this.#rec), record.status, status),
    );
  }

  /** Enters the record at its slot, where there is still room. */
  #enter(): Effect {
    const { own, table, map } = this.#kernel;
    const last = 8 * (entryWords(table) - 1);
    const inDescriptor = (field: number): number => map.shared.descriptors + field;
    const reference = v.or64(withoutAddress(v.local(this.#hash)), v.widen(v.shiftRight(v.local(this.#rec), v.int(3))));
    const used = v.load32(v.local(this.#descriptor), inDescriptor(DESCRIPTOR.used));
    return v.sequence(
      v.set(this.#descriptor, v.shiftLeft(subtableOf(v.local(this.#hash)), v.int(4))),
      v.when(
        v.atLeast(v.local(this.#slot), v.load32(v.local(this.#descriptor), inDescriptor(DESCRIPTOR.end))),
        v.store32(own, HEADER.failed, v.int(1)),
        v.sequence(
          v.store64(v.local(this.#slot), 0, this.#compares ? reference : v.local(this.#hash)),
          last === 0 ? v.sequence() : v.store64(v.local(this.#slot), last, this.#wanted.second),
          v.store32(v.local(this.#descriptor), inDescriptor(DESCRIPTOR.used), v.add(used, v.int(1))),
          v.set(this.#count, v.add(v.local(this.#count), v.int(1))),
          this.#answer(v.int(NEW)),
        ),
      ),
    );
  }

  /** Says of a record that it is known if it is in the table; else `otherwise` is run, with the slot where it belongs. */
  #lookUp(otherwise: (leave: () => void) => void): Effect {
    const code = this.#code;
    return () => {
      v.set(this.#slot, v.load32(v.local(this.#slotAt)))(code);
      code.block((known) => {
        code.block((free) => {
          const isThere = (): void => {
            this.#answer(v.int(DUPLICATE))(code);
            code.br(known);
          };
          const locals = { slot: this.#slot, entry: this.#entry };
          probe(this.#kernel, code, this.#wanted, locals, { free, known: isThere });
        });
        otherwise(() => code.br(known));
      });
    };
  }

  #lookUpAndEnter(): Effect {
    const code = this.#code;
    return this.#lookUp((leave) => {
      unlessOutside(this.#kernel, code, v.local(this.#rec), (status) => {
        this.#answer(status)(code);
        leave();
      });
      this.#enter()(code);
    });
  }

  /** In place of {@link #lookUpAndEnter}: what the table does not know is listed anew, looked for, and then entered. */
  #lookUpInAll(calls: PreviousCalls): Effect {
    const [unknownEnd, unknownSlot, number] = [this.#newInt(), this.#newInt(), this.#newInt()];
    const list = v.sequence(
      v.store32(v.local(unknownEnd), 0, v.local(this.#rec)),
      v.store32(v.local(unknownSlot), 0, v.local(this.#slot)),
      v.set(unknownEnd, v.add(v.local(unknownEnd), v.int(4))),
      v.set(unknownSlot, v.add(v.local(unknownSlot), v.int(4))),
    );
    const compared = comparedWords(this.#kernel, v.local(this.#rec), this.#wanted.second);
    return v.sequence(
      v.set(unknownEnd, v.local(this.#at)),
      v.set(unknownSlot, this.#slots()),
      this.#overBlock(this.#lookUp(() => list(this.#code))),
      this.#touchPrevious(calls.touch, unknownEnd),
      this.#compares ? this.#touchPrevious(calls.touchState, unknownEnd) : v.sequence(),
      this.#overList(
        unknownEnd,
        v.sequence(
          v.set(number, calls.find(v.local(this.#hash), compared)),
          v.when(v.equal(v.local(number), v.int(-1)), this.#lookUpAndEnter(), this.#answer(v.int(PREVIOUS), number)),
        ),
      ),
    );
  }

  /** Lists are whole lines of the caches: behind the end there are earlier records, or none, which are touched in vain. */
  #touchPrevious(call: PreviousCalls['touch'], unknownEnd: LocalIndex): Effect {
    const { hash } = this.#kernel.map.record;
    const offsets = Array.from({ length: TOUCHED_AT_ONCE }, (_, index) => 4 * index);
    const hashes = offsets.map((offset) => v.load64(v.load32(v.local(this.#next), offset), hash));
    return v.sequence(
      v.set(this.#next, v.local(this.#at)),
      v.repeat(
        v.below(v.local(this.#next), v.local(unknownEnd)),
        v.sequence(this.#note(call(hashes)), v.set(this.#next, v.add(v.local(this.#next), v.int(4 * TOUCHED_AT_ONCE)))),
      ),
    );
  }
}

/** Asks the `within`s about a state that is not in the table; `outside` is run with the status of one that is left. */
function unlessOutside(kernel: Kernel, code: CodeBuilder, rec: Value, outside: (status: Value) => void): void {
  const { questions } = kernel;
  if (questions.within.length === 0) return;
  const truth = code.newLocal('i32');
  for (const predicate of questions.within) {
    v.set(truth, v.call(kernel.holds(predicate), rec, rec))(code);
    v.notEqual(v.local(truth), v.int(1))(code);
    code.if(() => {
      const failed = v.shiftLeft(v.shiftRight(v.local(truth), v.int(1)), v.int(8));
      outside(v.or(failed, v.int(OUTSIDE | (predicate << OUTSIDE_SHIFT))));
    });
  }
}
