import type { FunctionIndex } from '../../engine/wasm/code-builder.ts';
import { addEvent } from './kernel-code.ts';
import type { Kernel } from './kernel-code.ts';
import { EVENT_STUCK, HEADER } from './memory-map.ts';
import * as v from './values.ts';
import type { Effect, Value } from './values.ts';

/** `()`: yields the initial states. */
export function addInitial({ module, globals, model, own }: Kernel): FunctionIndex {
  return module.addFunction('initial', { parameters: [], results: [] }, (code) => {
    v.sequence(
      v.setGlobal(globals.parent, v.long(-1, 0)),
      v.setGlobal(globals.firstRecord, v.global(globals.record)),
      (body) => body.call(model.initial),
      noteEnds(own, globals.record, globals.event),
    )(code);
  });
}

/**
 * `(from, to, enough) → next`: yields the successors of these states until there are as many records as is said by the
 * address `enough`, and returns the first state that was not expanded. A state whose successors do not fit is not
 * expanded: then there is nothing of it among records and events.
 */
export function addExpand(kernel: Kernel): FunctionIndex {
  const { module, map, globals, model, own } = kernel;
  const { shared } = map;
  return module.addFunction('expand', { parameters: ['i32', 'i32', 'i32'], results: ['i32'] }, (code) => {
    const [state, end, enough] = [0, 1, 2];
    const address = code.newLocal('i32');
    const firstEvent = code.newLocal('i32');
    const place = code.newLocal('i32');
    const isFull = v.or(
      v.equal(v.global(globals.record), v.global(globals.recordLimit)),
      v.equal(v.global(globals.event), v.global(globals.eventLimit)),
    );
    const isStuck = v.and(
      v.and(v.equal(v.global(globals.record), v.global(globals.firstRecord)), v.isZero(v.global(globals.failed))),
      v.load8(v.int(0), shared.deadlockOpen),
    );
    v.set(address, v.add(v.load32(own, HEADER.source), v.multiply(v.local(state), v.int(map.stateSize))))(code);
    code.block((leave) => {
      code.loop((again) => {
        v.atLeast(v.local(state), v.local(end))(code);
        code.brIf(leave);
        v.atLeast(v.global(globals.record), v.local(enough))(code);
        code.brIf(leave);
        v.sequence(
          v.setGlobal(globals.firstRecord, v.global(globals.record)),
          v.set(firstEvent, v.global(globals.event)),
          v.setGlobal(globals.failed, v.int(0)),
          v.setGlobal(globals.parent, v.shiftLeft64(v.widen(v.local(state)), v.long(0, 32))),
          (body) => {
            v.local(address)(body);
            body.call(model.successors);
          },
          v.when(isFull, (body) => {
            v.setGlobal(globals.record, v.global(globals.firstRecord))(body);
            v.setGlobal(globals.event, v.local(firstEvent))(body);
            body.br(leave);
          }),
          v.when(isStuck, judgeStuck(kernel, v.local(address), addEvent(globals, EVENT_STUCK, v.int(-1), place))),
          v.set(state, v.add(v.local(state), v.int(1))),
          v.set(address, v.add(v.local(address), v.int(map.stateSize))),
        )(code);
        code.br(again);
      });
    });
    noteEnds(own, globals.record, globals.event)(code);
    v.local(state)(code);
  });
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
