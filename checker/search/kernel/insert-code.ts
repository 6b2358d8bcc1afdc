import type { CodeBuilder, FunctionIndex, LocalIndex } from '../../engine/wasm/code-builder.ts';
import type { Kernel } from './kernel.ts';
import { DESCRIPTOR, DUPLICATE, HEADER, LOOKED_UP_TOGETHER, NEW, OLDER, OUTSIDE, OUTSIDE_SHIFT } from './memory-map.ts';
import { comparedWords, TOUCHED_AT_ONCE } from './older-code.ts';
import type { OlderCalls } from './older-code.ts';
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
 * @param older - where there are older memories: what is not in the table is looked for in them before it is entered, also
 *   by the dozen.
 */
export function addInsert(kernel: Kernel, older?: OlderCalls): FunctionIndex {
  const { module, map, own, table } = kernel;
  const { record, shared } = map;
  const compares = table.kind === 'reference';
  const last = 8 * (entryWords(table) - 1);
  const name = older === undefined ? 'insert' : 'insert after';
  return module.addFunction(name, { parameters: ['i32', 'i32'], results: ['i32'] }, (code) => {
    const [at, end] = [0, 1];
    const newInt = (): LocalIndex => code.newLocal('i32');
    const [blockEnd, next, slotAt, slot] = [newInt(), newInt(), newInt(), newInt()];
    const [rec, descriptor, count] = [newInt(), newInt(), newInt()];
    const hash = code.newLocal('i64');
    const entry = code.newLocal('i64');
    const touched = code.newLocal('i64');
    const overList = (listEnd: LocalIndex, body: Effect): Effect =>
      v.sequence(
        v.set(next, v.local(at)),
        v.set(slotAt, v.add(own, v.int(map.own.slots))),
        v.repeat(
          v.below(v.local(next), v.local(listEnd)),
          v.sequence(
            v.set(rec, v.load32(v.local(next))),
            v.set(hash, v.load64(v.local(rec), record.hash)),
            body,
            v.set(next, v.add(v.local(next), v.int(4))),
            v.set(slotAt, v.add(v.local(slotAt), v.int(4))),
          ),
        ),
      );
    const overBlock = (body: Effect): Effect => overList(blockEnd, body);
    const note = (value: Value): Effect => v.set(touched, v.xor64(v.local(touched), value));
    const touch = (address: Value): Effect => note(v.load64(address));
    const inDescriptor = (field: number): number => shared.descriptors + field;

    const findSlots = overBlock(
      v.sequence(v.set(slot, slotOf(kernel, v.local(hash), descriptor)), v.store32(v.local(slotAt), 0, v.local(slot))),
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
    const touchStates = overBlock(
      v.sequence(
        v.set(entry, v.load64(v.load32(v.local(slotAt)))),
        v.when(tagsMatch(entry, hash), touch(addressIn(v.local(entry)))),
      ),
    );
    const wanted: Wanted = {
      hash,
      second:
        table.kind === 'inline' ? v.or64(v.load64(v.local(rec), 8), bit(table.spareBit)) : v.load64(v.local(rec), 8),
      equals: (address) => kernel.sameState(address, v.local(rec)),
    };
    const answer = (status: Value, result: LocalIndex = slot): Effect =>
      v.sequence(
        v.store32(v.local(rec), record.result, v.local(result)),
        v.store32(v.local(rec), record.status, status),
      );
    const enter = v.sequence(
      v.set(descriptor, v.shiftLeft(subtableOf(v.local(hash)), v.int(4))),
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
          last === 0 ? v.sequence() : v.store64(v.local(slot), last, wanted.second),
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
    /** Says of a record that it is known if it is in the table; else `otherwise` is run, with `slot` where it belongs. */
    const lookUp =
      (otherwise: (leave: () => void) => void): Effect =>
      () => {
        v.set(slot, v.load32(v.local(slotAt)))(code);
        code.block((known) => {
          code.block((free) => {
            probe(kernel, code, wanted, { slot, entry }, free, () => {
              answer(v.int(DUPLICATE))(code);
              code.br(known);
            });
          });
          otherwise(() => code.br(known));
        });
      };
    const lookUpAndEnter = lookUp((leave) => {
      unlessOutside(kernel, code, v.local(rec), (status) => {
        answer(status)(code);
        leave();
      });
      enter(code);
    });
    /** In place of {@link lookUpAndEnter}: what the table does not know is listed anew, looked for, and then entered. */
    const lookUpInAll = (calls: OlderCalls): Effect => {
      const [unknownEnd, unknownSlot, number] = [newInt(), newInt(), newInt()];
      const list = v.sequence(
        v.store32(v.local(unknownEnd), 0, v.local(rec)),
        v.store32(v.local(unknownSlot), 0, v.local(slot)),
        v.set(unknownEnd, v.add(v.local(unknownEnd), v.int(4))),
        v.set(unknownSlot, v.add(v.local(unknownSlot), v.int(4))),
      );
      const overUnknown = (body: Effect): Effect => overList(unknownEnd, body);
      // Lists are whole lines of the caches: behind the end there are older records, or none, which are touched in vain.
      const touchUnknown = (call: OlderCalls['touch']): Effect => {
        const offsets = Array.from({ length: TOUCHED_AT_ONCE }, (_, index) => 4 * index);
        const hashes = offsets.map((offset) => v.load64(v.load32(v.local(next), offset), record.hash));
        return v.sequence(
          v.set(next, v.local(at)),
          v.repeat(
            v.below(v.local(next), v.local(unknownEnd)),
            v.sequence(note(call(hashes)), v.set(next, v.add(v.local(next), v.int(4 * TOUCHED_AT_ONCE)))),
          ),
        );
      };
      return v.sequence(
        v.set(unknownEnd, v.local(at)),
        v.set(unknownSlot, v.add(own, v.int(map.own.slots))),
        overBlock(lookUp(() => list(code))),
        touchUnknown(calls.touch),
        compares ? touchUnknown(calls.touchState) : v.sequence(),
        overUnknown(
          v.sequence(
            v.set(number, calls.find(v.local(hash), comparedWords(kernel, v.local(rec), wanted.second))),
            v.when(v.equal(v.local(number), v.int(-1)), lookUpAndEnter, answer(v.int(OLDER), number)),
          ),
        ),
      );
    };

    v.sequence(
      v.repeat(
        v.below(v.local(at), v.local(end)),
        v.sequence(
          v.set(blockEnd, v.lower(v.add(v.local(at), v.int(4 * LOOKED_UP_TOGETHER)), v.local(end))),
          findSlots,
          touchSlots,
          compares ? touchStates : v.sequence(),
          older === undefined ? overBlock(lookUpAndEnter) : lookUpInAll(older),
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
