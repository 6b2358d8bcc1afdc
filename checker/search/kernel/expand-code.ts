import type { FunctionIndex, LocalIndex } from '../../engine/wasm/code-builder.ts';
import { addEvent } from './event-code.ts';
import type { Kernel } from './kernel.ts';
import { EVENT_STUCK, HEADER } from './memory-map.ts';
import * as v from './values.ts';
import type { Effect, Value } from './values.ts';

/** `()`: yields the initial states. */
export function addInitial({ module, globals, model, own }: Kernel): FunctionIndex {
  return module.addFunction('initial', { parameters: [], results: [] }, (code) => {
    v.sequence(
      v.setGlobal(globals.parent, v.long(-1, 0)),
      v.setGlobal(globals.yielded, v.int(0)),
      v.setGlobal(globals.firstRecord, v.global(globals.record)),
      (body) => body.call(model.initial),
      noteEnds(own, globals.record, globals.event),
    )(code);
  });
}

/**
 * `(from, to, enough) → next`: yields the successors of these states until there are as many records as is said by the
 * address `enough`, and returns the first state that was not expanded. A state whose successors do not fit is not
 * expanded: then there is nothing of it among records, events and counts.
 */
export function addExpand(kernel: Kernel): FunctionIndex {
  const { module, map, globals, model, own } = kernel;
  const { shared } = map;
  return module.addFunction('expand', { parameters: ['i32', 'i32', 'i32'], results: ['i32'] }, (code) => {
    const [state, end, enough] = [0, 1, 2];
    const newInt = (): LocalIndex => code.newLocal('i32');
    const [address, firstEvent, firstYielded, place] = [newInt(), newInt(), newInt(), newInt()];
    const successors = v.subtract(v.global(globals.yielded), v.local(firstYielded));
    const isFull = v.or(
      v.or(
        v.atLeast(v.global(globals.record), v.global(globals.recordLimit)),
        v.equal(v.global(globals.event), v.global(globals.eventLimit)),
      ),
      // Also of those that need no record now: some day somebody may ask for them all.
      v.below(
        v.global(globals.recordLimit),
        v.add(v.load32(own, HEADER.records), v.multiply(v.add(successors, v.int(1)), v.int(map.record.size))),
      ),
    );
    const isStuck = v.and(
      v.and(v.equal(v.global(globals.yielded), v.local(firstYielded)), v.isZero(v.global(globals.failed))),
      v.load8(v.int(0), shared.deadlockOpen),
    );
    const yieldAll = v.sequence(v.local(address), (body) => body.call(model.successors));
    const weight = code.newLocal('i64');
    const negative = v.subtract64(v.long(0, 0), v.local(weight));
    const rollBack = v.sequence(
      v.setGlobal(globals.record, v.global(globals.recordLimit)),
      v.setGlobal(globals.counted, negative),
      countStates(kernel, negative),
      yieldAll,
      v.setGlobal(globals.record, v.global(globals.firstRecord)),
      v.setGlobal(globals.event, v.local(firstEvent)),
      v.setGlobal(globals.yielded, v.local(firstYielded)),
    );
    const findRow =
      kernel.sleepSets === undefined ? v.sequence() : v.setGlobal(globals.row, rowOf(kernel, v.local(state)));
    v.sequence(
      v.set(address, v.add(v.load32(own, HEADER.source), v.multiply(v.local(state), v.int(map.stateSize)))),
      v.setGlobal(globals.yielded, v.int(0)),
      v.set(weight, v.long(0, 1)),
      v.setGlobal(globals.counted, v.local(weight)),
    )(code);
    const findWeight =
      kernel.canonical === undefined
        ? v.sequence()
        : v.sequence(
            v.set(weight, v.call(kernel.canonical.orbitSize, v.local(address))),
            v.setGlobal(globals.counted, v.local(weight)),
            countStates(kernel, v.local(weight)),
          );
    code.block((leave) => {
      code.loop((again) => {
        v.atLeast(v.local(state), v.local(end))(code);
        code.brIf(leave);
        v.atLeast(v.global(globals.record), v.local(enough))(code);
        code.brIf(leave);
        v.sequence(
          v.setGlobal(globals.firstRecord, v.global(globals.record)),
          v.set(firstEvent, v.global(globals.event)),
          v.set(firstYielded, v.global(globals.yielded)),
          v.setGlobal(globals.failed, v.int(0)),
          v.setGlobal(globals.parent, v.shiftLeft64(v.widen(v.local(state)), v.long(0, 32))),
          findRow,
          findWeight,
          yieldAll,
          v.when(
            isFull,
            v.sequence(rollBack, (body) => body.br(leave)),
          ),
          v.when(isStuck, judgeStuck(kernel, v.local(address), addEvent(globals, EVENT_STUCK, v.int(-1), place))),
          v.set(state, v.add(v.local(state), v.int(1))),
          v.set(address, v.add(v.local(address), v.int(map.stateSize))),
        )(code);
        code.br(again);
      });
    });
    v.sequence(
      v.setGlobal(globals.counted, v.long(0, 0)),
      v.setGlobal(globals.row, v.int(shared.rows)),
      v.store32(own, HEADER.yielded, v.global(globals.yielded)),
      noteEnds(own, globals.record, globals.event),
      v.local(state),
    )(code);
  });
}

/** The row of a state: which of its successors have to be looked up. */
function rowOf({ map, own, instances }: Kernel, state: Value): Value {
  const origin = v.load8(v.add(v.load32(own, HEADER.origins), state));
  return v.add(v.int(map.shared.rows), v.multiply(origin, v.int(instances)));
}

/** `(from, to) → successors`: takes these states, which were just expanded, out of the counts of instances. */
export function addUncount(kernel: Kernel): FunctionIndex {
  const { module, map, globals, model, own, canonical } = kernel;
  return module.addFunction('uncount', { parameters: ['i32', 'i32'], results: ['i32'] }, (code) => {
    const [state, end] = [0, 1];
    const address = v.add(v.load32(own, HEADER.source), v.multiply(v.local(state), v.int(map.stateSize)));
    const negative = canonical && v.subtract64(v.long(0, 0), v.call(canonical.orbitSize, address));
    const findWeight =
      negative === undefined
        ? v.sequence()
        : v.sequence(v.setGlobal(globals.counted, negative), countStates(kernel, v.global(globals.counted)));
    v.sequence(
      v.setGlobal(globals.yielded, v.int(0)),
      v.setGlobal(globals.counted, v.long(-1, -1)),
      v.repeat(
        v.below(v.local(state), v.local(end)),
        v.sequence(
          findWeight,
          // At the limits nothing is appended.
          v.setGlobal(globals.record, v.global(globals.recordLimit)),
          v.setGlobal(globals.event, v.global(globals.eventLimit)),
          address,
          (body) => body.call(model.successors),
          v.set(state, v.add(v.local(state), v.int(1))),
        ),
      ),
      v.setGlobal(globals.counted, v.long(0, 0)),
      v.global(globals.yielded),
    )(code);
  });
}

/** Adds to the number of states that those which were expanded stand for. */
function countStates({ canonical, own, map }: Kernel, weight: Value): Effect {
  if (canonical === undefined) return v.sequence();
  return v.store64(own, map.own.weight, v.add64(v.load64(own, map.own.weight), weight));
}

/** `(state)`: yields the successors of the state at an address, whatever its number. */
export function addYieldAll({ module, globals, model, own }: Kernel): FunctionIndex {
  return module.addFunction('yield all', { parameters: ['i32'], results: [] }, (code) => {
    code.localGet(0);
    code.call(model.successors);
    noteEnds(own, globals.record, globals.event)(code);
  });
}

/** Runs `report` unless a proper end is recognized; also where that cannot be told. */
function judgeStuck(kernel: Kernel, state: Value, report: Effect): Effect {
  return (code) => {
    const truth = code.newLocal('i32');
    code.block((fine) => {
      code.block((failed) => {
        for (const predicate of kernel.questions.terminal) {
          v.set(truth, v.call(kernel.holds(predicate), state, state))(code);
          v.equal(v.local(truth), v.int(1))(code);
          code.brIf(fine);
          // The first that cannot be evaluated decides, unless there is nothing more to say about such failures.
          v.equal(v.local(truth), v.int(2))(code);
          code.if(() => {
            v.load8(v.int(0), kernel.map.shared.failuresKnown)(code);
            code.brIf(fine);
            code.br(failed);
          });
        }
      });
      report(code);
    });
  };
}

function noteEnds(own: Value, record: number, event: number): Effect {
  return v.sequence(
    v.store32(own, HEADER.recordsEnd, v.global(record)),
    v.store32(own, HEADER.eventsEnd, v.global(event)),
  );
}
