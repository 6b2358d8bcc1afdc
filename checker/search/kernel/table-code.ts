import type { FunctionIndex, LocalIndex } from '../../engine/wasm/code-builder.ts';
import type { Kernel } from './kernel.ts';
import { DESCRIPTOR, RECENT, RECENT_STATES, SUBTABLES } from './memory-map.ts';
import * as v from './values.ts';
import type { Effect, Value } from './values.ts';
import { ADDRESS_BITS, entryWords } from './table-kind.ts';
import type { TableKind } from './table-kind.ts';

/**
 * Entries that are compared at once, as they share a line of the caches; 1 where that is not done. All states with a home
 * in the line have its first entry for their home, and a line that is not full has all of its own.
 */
function entriesOfLine(table: TableKind): 1 | 4 | 8 {
  return table.kind === 'reference' ? 1 : entryWords(table) === 1 ? 8 : 4;
}

const ADDRESS_MASK = 2 ** ADDRESS_BITS - 1;

/**
 * The hash of the state at an address, 64 bits. When all other words are given, it is a one-to-one function of the first:
 * each step can be undone.
 *
 * @see Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014, for the multipliers.
 */
function hashOf(words: number, table: TableKind, address: Value, hash: LocalIndex): Effect {
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

export function bit(index: number): Value {
  return index < 32 ? v.long(0, 2 ** index) : v.long(2 ** (index - 32), 0);
}

/**
 * `(records, end, list) → list end`: hashes records, and lists those that the table has to be asked about.
 *
 * The list of `single` is one of all; else there is one for each worker, for the sub-tables that are its own, and they
 * begin and end where `listEnds` says. What equals one of the latest states that this worker has made is no news.
 */
export function addRehash(kernel: Kernel, name: string, single: boolean, usesRecent: boolean): FunctionIndex {
  const { module, map, own, table, canonical } = kernel;
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
    const keepRaw = record.raw === 0 ? v.sequence() : kernel.copyState(v.add(rec, v.int(record.raw)), rec);
    const hashIt = hashOf(kernel.words, table, rec, hash);
    const makeCanonical =
      canonical === undefined
        ? v.sequence()
        : v.sequence(v.call(canonical.canonical, rec), (body) => body.drop(), hashIt);
    v.set(isNew, v.int(1))(code);
    v.repeat(
      v.below(rec, v.local(end)),
      v.sequence(
        keepRaw,
        hashIt,
        usesRecent
          ? v.sequence(
              v.set(recent, recentOf(kernel, v.local(hash))),
              v.set(isNew, v.isZero(kernel.sameState(v.local(recent), rec))),
              kernel.copyState(v.local(recent), rec),
              // What equals a recent state has the canonical form of that.
              canonical === undefined ? keep : v.sequence(v.when(v.local(isNew), makeCanonical), keep),
            )
          : v.sequence(makeCanonical, keep),
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

export function subtableOf(hash: Value): Value {
  return v.and(v.low32(hash), v.int(SUBTABLES - 1));
}

/** The address of the home slot of a hash in its sub-table. `place` is a local to compute it with. */
export function slotOf({ map, table }: Kernel, hash: Value, place: LocalIndex): Value {
  const { descriptors } = map.shared;
  return (code) => {
    v.set(place, v.shiftLeft(subtableOf(hash), v.int(4)))(code);
    const base = v.load32(v.local(place), descriptors + DESCRIPTOR.base);
    homeOf(table, hash, base, v.load32To64(v.local(place), descriptors + DESCRIPTOR.slots))(code);
  };
}

/** The address of the home slot of a hash, or first word of an entry, in a sub-table of so many slots. */
function homeOf(table: TableKind, hash: Value, base: Value, slots: Value): Value {
  const index = v.low32(v.shiftRight64(v.multiply64(v.shiftRight64(hash, v.long(0, 32)), slots), v.long(0, 32)));
  const first = entriesOfLine(table) === 1 ? index : v.and(index, v.int(-entriesOfLine(table)));
  return v.add(base, v.shiftLeft(first, v.int(2 + entryWords(table))));
}

/** The address of the state of an entry of a table of references. */
export function addressIn(entry: Value): Value {
  return v.shiftLeft(v.and(v.low32(entry), v.int(ADDRESS_MASK)), v.int(3));
}

/** The number of the state that an entry of a table of references refers to. */
export function numberIn({ map, globals, states }: Kernel, entry: Value): Value {
  const first = v.global(globals.first);
  const size = v.int(map.stateSize);
  const begin = v.add(states, v.multiply(first, size));
  return v.add(first, v.divide(v.subtract(addressIn(entry), begin), size));
}

/** An entry without its address: the high bits of a hash. */
export function withoutAddress(entry: Value): Value {
  return v.and64(entry, v.long(-1, ~ADDRESS_MASK));
}

/**
 * `(base, end, slots)`: gives a sub-table that ends there so many slots, more than it has; the memory behind it is empty.
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
    // The system gives memory when it is first accessed. What is read first and written then costs it two times, and a
    // message to the processors of all other workers.
    const touchBehind: Effect = (body) => {
      v.local(at)(body);
      v.int(0)(body);
      v.subtract(v.add(v.local(base), v.multiply(v.local(slots), v.int(size))), v.local(at))(body);
      body.memoryFill();
    };
    v.sequence(
      v.set(asideEnd, aside),
      v.set(at, v.local(end)),
      // What did not fit into the last line.
      v.repeat(isTaken(at), v.set(at, v.add(v.local(at), v.int(size)))),
      touchBehind,
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
