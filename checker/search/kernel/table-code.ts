import type { CodeBuilder, FunctionIndex, Label, LocalIndex } from '../../engine/wasm/code-builder.ts';
import { i32, vector } from '../../engine/wasm/opcodes.ts';
import type { Kernel } from './kernel-code.ts';
import {
  DESCRIPTOR,
  DUPLICATE,
  HEADER,
  LOOKED_UP_TOGETHER,
  NEW,
  OUTSIDE,
  OUTSIDE_SHIFT,
  RECENT,
  RECENT_STATES,
  SUBTABLES,
} from './memory-map.ts';
import * as v from './values.ts';
import type { Effect, Value } from './values.ts';

/**
 * The table of states: sub-tables by the low bits of a state's hash, in each the home slot by its high bits.
 *
 * Homes rise with the hash (a product with the number of slots instead of a remainder), so any number of slots will do,
 * and a sub-table that grows is moved in order, in place. Collisions go to the next slot. What an entry holds depends on
 * {@link TableKind}; where its last word is 0, a slot is empty.
 */
export type TableKind =
  /**
   * The state itself, where its last word has a bit to spare. In place of the first word stands the hash, which is a
   * one-to-one function of that word (for each second word); of two words, the second follows, with the bit set.
   */
  | { readonly kind: 'inline'; readonly words: 1 | 2; readonly spareBit: number }
  /** The high bits of the hash, and below them the address of the state, in units of 8 bytes. */
  | { readonly kind: 'reference' }
  /** The hash alone: two states with one hash are taken for one. */
  | { readonly kind: 'fingerprint' };

/** The 64-bit words of an entry: 1 or 2. */
export function entryWords(table: TableKind): 1 | 2 {
  return table.kind === 'inline' ? table.words : 1;
}

/**
 * Entries that are compared at once, as they share a line of the caches; 1 where that is not done. All states with a home
 * in the line have its first entry for their home, and a line that is not full has all of its own.
 */
export function entriesOfLine(table: TableKind): 1 | 4 | 8 {
  return table.kind === 'reference' ? 1 : entryWords(table) === 1 ? 8 : 4;
}

const LINE = 64;

/** Bits of an entry that are an address. */
const ADDRESS_BITS = 29;
const ADDRESS_MASK = 2 ** ADDRESS_BITS - 1;

/**
 * The hash of the state at an address, 64 bits. When all other words are given, it is a one-to-one function of the first:
 * each step can be undone.
 *
 * @see Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014, for the multipliers.
 */
export function hashOf(words: number, table: TableKind, address: Value, hash: LocalIndex): Effect {
  const h = v.local(hash);
  const first = v.load64(address);
  const fold = v.set(hash, v.xor64(h, v.shiftRight64(h, v.long(0, 32))));
  const start =
    table.kind === 'inline' && table.words === 1
      ? v.or64(first, bit(table.spareBit))
      : v.xor64(first, v.long(0x9e3779b9, 0x7f4a7c15));
  return v.sequence(
    v.set(hash, v.multiply64(start, v.long(0xbf58476d, 0x1ce4e5b9))),
    fold,
    ...Array.from({ length: words - 1 }, (_, index) =>
      v.sequence(
        v.set(hash, v.multiply64(v.xor64(h, v.load64(address, 8 * (index + 1))), v.long(0xbf58476d, 0x1ce4e5b9))),
        fold,
      ),
    ),
    v.set(hash, v.multiply64(h, v.long(0x94d049bb, 0x133111eb))),
    fold,
    // An entry that is a fingerprint must not look like an empty slot.
    table.kind === 'fingerprint' ? v.set(hash, v.or64(h, v.widen(v.isZero64(h)))) : v.sequence(),
  );
}

function bit(index: number): Value {
  return index < 32 ? v.long(0, 2 ** index) : v.long(2 ** (index - 32), 0);
}

/**
 * `(records, end, list) → list end`: hashes records, and lists those that the table has to be asked about.
 *
 * The list of `single` is one of all; else there is one for each worker, for the sub-tables that are its own, and they
 * begin and end where `listEnds` says. What equals one of the latest states that this worker has made is no news.
 */
export function addSift(kernel: Kernel, name: string, single: boolean, usesRecent: boolean): FunctionIndex {
  const { module, map, own, table } = kernel;
  const { record } = map;
  const parameters = ['i32', 'i32', 'i32'] as const;
  return module.addFunction(name, { parameters, results: ['i32'] }, (code) => {
    const [at, end, list] = [0, 1, 2];
    const hash = code.newLocal('i64');
    const isNew = code.newLocal('i32');
    const recent = code.newLocal('i32');
    const subtable = code.newLocal('i32');
    const place = code.newLocal('i32');
    const rec = v.local(at);
    const keep = v.sequence(
      v.store64(rec, record.hash, (body) => {
        v.local(hash)(body);
        v.long(RECENT, 0)(body);
        v.local(isNew)(body);
        body.select();
      }),
      v.set(subtable, subtableOf(v.local(hash))),
      single
        ? v.sequence(
            v.store32(v.local(list), 0, rec),
            v.set(list, v.add(v.local(list), v.shiftLeft(v.local(isNew), v.int(2)))),
          )
        : v.sequence(
            v.set(place, v.add(own, v.shiftLeft(v.load8(v.local(subtable), map.shared.owners), v.int(2)))),
            v.set(list, v.load32(v.local(place), map.own.listEnds)),
            v.store32(v.local(list), 0, rec),
            v.store32(v.local(place), map.own.listEnds, v.add(v.local(list), v.shiftLeft(v.local(isNew), v.int(2)))),
          ),
      v.set(subtable, v.add(own, v.shiftLeft(v.local(subtable), v.int(2)))),
      v.store32(
        v.local(subtable),
        map.own.incoming,
        v.add(v.load32(v.local(subtable), map.own.incoming), v.local(isNew)),
      ),
    );
    v.set(isNew, v.int(1))(code);
    v.repeat(
      v.below(rec, v.local(end)),
      v.sequence(
        hashOf(kernel.words, table, rec, hash),
        usesRecent
          ? v.sequence(
              v.set(recent, recentOf(kernel, v.local(hash))),
              v.set(isNew, v.isZero(kernel.sameState(v.local(recent), rec))),
              kernel.copyState(v.local(recent), rec),
              keep,
            )
          : keep,
        v.set(at, v.add(rec, v.int(record.size))),
      ),
    )(code);
    v.local(list)(code);
  });
}

/** The one place where a state with this hash can be among the recent ones. */
function recentOf({ own, map }: Kernel, hash: Value): Value {
  const index = v.and(v.low32(v.shiftRight64(hash, v.long(0, 32))), v.int(RECENT_STATES - 1));
  return v.add(v.add(own, v.int(map.own.recent)), v.multiply(index, v.int(map.stateSize)));
}

/** `(state)`: forgets the recent states, by putting one that is known in the place of all. */
export function addForget(kernel: Kernel): FunctionIndex {
  const { module, map, own } = kernel;
  return module.addFunction('forget', { parameters: ['i32'], results: [] }, (code) => {
    const at = code.newLocal('i32');
    const end = code.newLocal('i32');
    v.sequence(
      v.set(at, v.add(own, v.int(map.own.recent))),
      v.set(end, v.add(v.local(at), v.int(RECENT_STATES * map.stateSize))),
      v.repeat(
        v.below(v.local(at), v.local(end)),
        v.sequence(kernel.copyState(v.local(at), v.local(0)), v.set(at, v.add(v.local(at), v.int(map.stateSize)))),
      ),
    )(code);
  });
}

function subtableOf(hash: Value): Value {
  return v.and(v.low32(hash), v.int(SUBTABLES - 1));
}

/** The address of the home slot of a hash, or first word of an entry, in a sub-table of so many slots. */
function homeOf(table: TableKind, hash: Value, base: Value, slots: Value): Value {
  const index = v.low32(v.shiftRight64(v.multiply64(v.shiftRight64(hash, v.long(0, 32)), slots), v.long(0, 32)));
  const first = entriesOfLine(table) === 1 ? index : v.and(index, v.int(-entriesOfLine(table)));
  return v.add(base, v.shiftLeft(first, v.int(2 + entryWords(table))));
}

/**
 * `(list, end) → how many were new`: looks up records in the table, in the order of the list, and enters those that are
 * not there. Says in each record what became of it and where its entry is.
 *
 * Records are looked up by the dozen: first the lines of memory that will be needed are read for all of them, so that
 * waiting for one overlaps waiting for the others.
 */
export function addInsert(kernel: Kernel): FunctionIndex {
  const { module, map, own, table } = kernel;
  const { record, shared } = map;
  const compares = table.kind === 'reference';
  const last = 8 * (entryWords(table) - 1);
  const size = 8 * entryWords(table);
  return module.addFunction('insert', { parameters: ['i32', 'i32'], results: ['i32'] }, (code) => {
    const [at, end] = [0, 1];
    const newInt = (): LocalIndex => code.newLocal('i32');
    const [blockEnd, next, slotAt, slot] = [newInt(), newInt(), newInt(), newInt()];
    const [rec, descriptor, count] = [newInt(), newInt(), newInt()];
    const hash = code.newLocal('i64');
    const entry = code.newLocal('i64');
    const touched = code.newLocal('i64');
    const overBlock = (body: Effect): Effect =>
      v.sequence(
        v.set(next, v.local(at)),
        v.set(slotAt, v.add(own, v.int(map.own.slots))),
        v.repeat(
          v.below(v.local(next), v.local(blockEnd)),
          v.sequence(
            v.set(rec, v.load32(v.local(next))),
            v.set(hash, v.load64(v.local(rec), record.hash)),
            body,
            v.set(next, v.add(v.local(next), v.int(4))),
            v.set(slotAt, v.add(v.local(slotAt), v.int(4))),
          ),
        ),
      );
    const touch = (address: Value): Effect => v.set(touched, v.xor64(v.local(touched), v.load64(address)));
    const findDescriptor = v.set(descriptor, v.shiftLeft(subtableOf(v.local(hash)), v.int(4)));
    const inDescriptor = (field: number): number => shared.descriptors + field;

    const findSlots = overBlock(
      v.sequence(
        findDescriptor,
        v.set(
          slot,
          homeOf(
            table,
            v.local(hash),
            v.load32(v.local(descriptor), inDescriptor(DESCRIPTOR.base)),
            v.load32To64(v.local(descriptor), inDescriptor(DESCRIPTOR.slots)),
          ),
        ),
        v.store32(v.local(slotAt), 0, v.local(slot)),
      ),
    );
    // In a loop as short as can be: the more reads there are in sight of the processor, the more of them overlap.
    const touchSlots = v.sequence(
      v.set(slotAt, v.add(own, v.int(map.own.slots))),
      v.set(next, v.add(v.local(slotAt), v.subtract(v.local(blockEnd), v.local(at)))),
      v.repeat(
        v.below(v.local(slotAt), v.local(next)),
        v.sequence(
          ...[0, 4, 8, 12].map((offset) => touch(v.load32(v.local(slotAt), offset))),
          v.set(slotAt, v.add(v.local(slotAt), v.int(16))),
        ),
      ),
    );
    const tagsMatch = v.isZero64(v.shiftRight64(v.xor64(v.local(entry), v.local(hash)), v.long(0, ADDRESS_BITS)));
    const touchStates = overBlock(
      v.sequence(
        v.set(entry, v.load64(v.load32(v.local(slotAt)))),
        v.when(tagsMatch, touch(addressIn(v.local(entry)))),
      ),
    );
    const secondWord =
      table.kind === 'inline' ? v.or64(v.load64(v.local(rec), 8), bit(table.spareBit)) : v.load64(v.local(rec), 8);
    const answer = (status: Value): Effect =>
      v.sequence(v.store32(v.local(rec), record.result, v.local(slot)), v.store32(v.local(rec), record.status, status));
    const enter = v.sequence(
      findDescriptor,
      v.when(
        v.atLeast(v.local(slot), v.load32(v.local(descriptor), inDescriptor(DESCRIPTOR.end))),
        v.store32(own, HEADER.failed, v.int(1)),
        v.sequence(
          v.store64(
            v.local(slot),
            0,
            compares
              ? v.or64(withoutAddress(v.local(hash)), v.widen(v.shiftRight(v.local(rec), v.int(3))))
              : v.local(hash),
          ),
          last === 0 ? v.sequence() : v.store64(v.local(slot), last, secondWord),
          v.store32(
            v.local(descriptor),
            inDescriptor(DESCRIPTOR.used),
            v.add(v.load32(v.local(descriptor), inDescriptor(DESCRIPTOR.used)), v.int(1)),
          ),
          v.set(count, v.add(v.local(count), v.int(1))),
          answer(v.int(NEW)),
        ),
      ),
    );
    /** Leaves for `free` at an empty slot, for `known` at the entry of the state. */
    const probeSlots = (free: Label, known: () => void): void =>
      code.loop((again) => {
        v.set(entry, v.load64(v.local(slot)))(code);
        v.isZero64(v.local(entry))(code);
        code.brIf(free);
        v.when(tagsMatch, v.when(kernel.sameState(addressIn(v.local(entry)), v.local(rec)), known))(code);
        v.set(slot, v.add(v.local(slot), v.int(size)))(code);
        code.br(again);
      });
    /** The same, comparing all entries of a line at once: what is not known beforehand is where in it an entry is. */
    const probeLines = (free: Label, known: () => void): void => {
      const key = code.newLocal('v128');
      const lineEnd = newInt();
      v.local(hash)(code);
      code.vector(vector.i64x2_splat);
      if (last !== 0) {
        secondWord(code);
        code.replaceLane(vector.i64x2_replace_lane, 1);
      }
      code.localSet(key);
      code.loop((again) => {
        for (let offset = 0; offset < LINE; offset += 16) {
          v.local(slot)(code);
          code.loadVector(offset);
          code.localGet(key);
          code.vector(vector.i64x2_eq);
          if (last !== 0) code.vector(vector.i64x2_all_true);
          if (offset === 0) continue;
          if (last === 0) code.vector(vector.or);
          else code.op(i32.or);
        }
        if (last === 0) code.vector(vector.any_true);
        code.if(known);
        v.sequence(
          v.set(lineEnd, v.add(v.local(slot), v.int(LINE))),
          v.repeat(
            v.below(v.local(slot), v.local(lineEnd)),
            v.sequence(
              (body) => {
                v.isZero64(v.load64(v.local(slot), last))(body);
                body.brIf(free);
              },
              v.set(slot, v.add(v.local(slot), v.int(size))),
            ),
          ),
        )(code);
        code.br(again);
      });
    };
    const lookUp: Effect = () => {
      v.set(slot, v.load32(v.local(slotAt)))(code);
      code.block((known) => {
        code.block((free) => {
          const probe = compares ? probeSlots : probeLines;
          probe(free, () => v.sequence(answer(v.int(DUPLICATE)), () => code.br(known))(code));
        });
        unlessOutside(kernel, code, v.local(rec), (status) => {
          answer(status)(code);
          code.br(known);
        });
        enter(code);
      });
    };

    v.sequence(
      v.repeat(
        v.below(v.local(at), v.local(end)),
        v.sequence(
          v.set(blockEnd, v.lower(v.add(v.local(at), v.int(4 * LOOKED_UP_TOGETHER)), v.local(end))),
          findSlots,
          touchSlots,
          compares ? touchStates : v.sequence(),
          overBlock(lookUp),
          v.set(at, v.local(blockEnd)),
        ),
      ),
      v.store64(own, HEADER.touched, v.local(touched)),
      v.local(count),
    )(code);
  });
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

/** The address of the state of an entry of a table of references. */
export function addressIn(entry: Value): Value {
  return v.shiftLeft(v.and(v.low32(entry), v.int(ADDRESS_MASK)), v.int(3));
}

/** An entry without its address: the high bits of a hash. */
export function withoutAddress(entry: Value): Value {
  return v.and64(entry, v.long(-1, ~ADDRESS_MASK));
}

/**
 * `(base, end, slots, new slots)`: makes a sub-table larger where it is; the memory behind its end is empty.
 *
 * Entries are moved from the last to the first. An entry's new home is hardly ever below its old slot, because homes
 * move up; where it is, below there may be entries that have not moved yet: such entries wait until all others have.
 */
export function addGrow({ module, map, own, table }: Kernel): FunctionIndex {
  const parameters = ['i32', 'i32', 'i32'] as const;
  const last = 8 * (entryWords(table) - 1);
  const size = 8 * entryWords(table);
  return module.addFunction('grow', { parameters, results: [] }, (code) => {
    const [base, end, slots] = [0, 1, 2];
    const at = code.newLocal('i32');
    const to = code.newLocal('i32');
    const asideEnd = code.newLocal('i32');
    const entry = code.newLocal('i64');
    const second = code.newLocal('i64');
    const take = (from: LocalIndex): Effect =>
      v.sequence(
        v.set(entry, v.load64(v.local(from))),
        last === 0 ? v.sequence() : v.set(second, v.load64(v.local(from), last)),
      );
    const place = (address: LocalIndex): Effect =>
      v.sequence(
        v.store64(v.local(address), 0, v.local(entry)),
        last === 0 ? v.sequence() : v.store64(v.local(address), last, v.local(second)),
      );
    const isTaken = (address: LocalIndex): Value => v.isZero(v.isZero64(v.load64(v.local(address), last)));
    const aside = v.add(own, v.int(map.own.aside));
    const findHome = v.set(to, homeOf(table, v.local(entry), v.local(base), v.widen(v.local(slots))));
    const put = v.sequence(v.repeat(isTaken(to), v.set(to, v.add(v.local(to), v.int(size)))), place(to));
    v.sequence(
      v.set(asideEnd, aside),
      v.set(at, v.local(end)),
      v.repeat(
        v.below(v.local(base), v.local(at)),
        v.sequence(
          v.set(at, v.subtract(v.local(at), v.int(size))),
          v.when(
            isTaken(at),
            v.sequence(
              take(at),
              v.store64(v.local(at), last, v.long(0, 0)),
              findHome,
              v.when(
                v.atLeast(v.local(to), v.local(at)),
                put,
                v.sequence(place(asideEnd), v.set(asideEnd, v.add(v.local(asideEnd), v.int(size)))),
              ),
            ),
          ),
        ),
      ),
      v.set(at, aside),
      v.repeat(
        v.below(v.local(at), v.local(asideEnd)),
        v.sequence(take(at), findHome, put, v.set(at, v.add(v.local(at), v.int(size)))),
      ),
    )(code);
  });
}
