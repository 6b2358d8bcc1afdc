import type { CodeBuilder, Label, LocalIndex } from '../../engine/wasm/code-builder.ts';
import { i32, vector } from '../../engine/wasm/opcodes.ts';
import type { Kernel } from './kernel.ts';
import { ADDRESS_BITS, entryWords } from './table-kind.ts';
import { addressIn } from './table-code.ts';
import * as v from './values.ts';
import type { Value } from './values.ts';

/** A state that is looked for in the table. */
export interface Wanted {
  readonly hash: LocalIndex;
  /** The second word of its entry, where entries have two. */
  readonly second: Value;
  /** Whether it equals the state at an address. */
  readonly equals: (address: Value) => Value;
}

/** Places to work with. */
interface ProbeLocals {
  /** The slot where the search begins, and then where it ended. */
  readonly slot: LocalIndex;
  readonly entry: LocalIndex;
}

/** Where code goes on when the search is over. */
interface Outcomes {
  /** Left for when an empty slot shows that the state is not there. */
  readonly free: Label;
  /** Run when it is found, with `slot` at its entry where entries refer to states; has to leave. */
  readonly known: () => void;
}

const LINE = 64;

/** Looks for a state from a slot on. */
export function probe(
  kernel: Kernel,
  code: CodeBuilder,
  wanted: Wanted,
  locals: ProbeLocals,
  outcomes: Outcomes,
): void {
  const by = kernel.table.kind === 'reference' ? probeSlots : probeLines;
  by(kernel, code, wanted, locals, outcomes);
}

/** Whether an entry could be that of a state with this hash. */
export function tagsMatch(entry: LocalIndex, hash: LocalIndex): Value {
  return v.isZero64(v.shiftRight64(v.xor64(v.local(entry), v.local(hash)), v.long(0, ADDRESS_BITS)));
}

function probeSlots(
  _kernel: Kernel,
  code: CodeBuilder,
  { hash, equals }: Wanted,
  { slot, entry }: ProbeLocals,
  { free, known }: Outcomes,
): void {
  code.loop((again) => {
    v.set(entry, v.load64(v.local(slot)))(code);
    v.isZero64(v.local(entry))(code);
    code.brIf(free);
    v.when(tagsMatch(entry, hash), v.when(equals(addressIn(v.local(entry))), known))(code);
    v.set(slot, v.add(v.local(slot), v.int(8)))(code);
    code.br(again);
  });
}

/** Compares all entries of a line at once: what is not known beforehand is where in it an entry is. */
function probeLines(
  { table }: Kernel,
  code: CodeBuilder,
  { hash, second }: Wanted,
  { slot }: ProbeLocals,
  { free, known }: Outcomes,
): void {
  const last = 8 * (entryWords(table) - 1);
  const size = 8 * entryWords(table);
  const key = code.newLocal('v128');
  const lineEnd = code.newLocal('i32');
  v.local(hash)(code);
  code.vector(vector.i64x2_splat);
  if (last !== 0) {
    second(code);
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
}
