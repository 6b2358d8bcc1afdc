import type { FunctionIndex } from '../../engine/wasm/code-builder.ts';
import { atomic } from '../../engine/wasm/opcodes.ts';
import type { Kernel, KernelFunction } from './kernel.ts';
import { CONTROL, HEADER, PHASES, SUBTABLES } from './memory-map.ts';
import * as v from './values.ts';
import type { Effect, Value } from './values.ts';

type Parts = Readonly<Record<Exclude<KernelFunction, 'work' | 'start' | 'serve' | 'lead'>, FunctionIndex>>;

/**
 * `(phase)`: does this worker's part of a phase. What it is told, and what it answers, stands in its header.
 *
 * In `expand` it appends records of its own states; in `insert` it looks up what belongs to its sub-tables, in the order
 * of the workers, which is that of the states: so the first to come is the first in the order of discovery, whoever
 * found it. In `commit` and `rows` it goes through its own records again.
 */
export function addWork(kernel: Kernel, parts: Parts): FunctionIndex {
  const { module, map, own, globals } = kernel;
  const told = (field: number): Value => v.load32(own, field);
  const answer = (field: number, value: Value): Effect => v.store32(own, field, value);
  const clearIncoming: Effect = (code) => {
    v.add(own, v.int(map.own.incoming))(code);
    code.i32Const(0);
    code.i32Const(4 * SUBTABLES);
    code.memoryFill();
  };
  const begin = v.call(
    parts.begin,
    told(HEADER.records),
    told(HEADER.recordLimit),
    told(HEADER.events),
    told(HEADER.eventLimit),
  );
  const rehashBy = (part: FunctionIndex): Value =>
    v.call(part, told(HEADER.records), told(HEADER.recordsEnd), told(HEADER.lists));

  return module.addFunction('work', { parameters: ['i32'], results: [] }, (code) => {
    const worker = code.newLocal('i32');
    const area = code.newLocal('i32');
    const place = code.newLocal('i32');
    const isLast = v.atLeast(v.local(worker), told(HEADER.workers));
    const forEachWorker = (body: Effect): Effect =>
      v.sequence(
        v.set(worker, v.int(0)),
        v.repeat(v.isZero(isLast), v.sequence(body, v.set(worker, v.add(v.local(worker), v.int(1))))),
      );
    const expand = v.sequence(
      v.when(
        told(HEADER.forget),
        v.sequence(answer(HEADER.forget, v.int(0)), v.call(parts.forget, told(HEADER.known))),
      ),
      begin,
      answer(HEADER.next, v.call(parts.expand, told(HEADER.from), told(HEADER.to), told(HEADER.enough))),
      clearIncoming,
      v.when(
        v.equal(told(HEADER.workers), v.int(1)),
        v.store32(own, map.own.listEnds, rehashBy(parts.rehash)),
        v.sequence(
          forEachWorker(
            v.store32(
              v.add(own, v.shiftLeft(v.local(worker), v.int(2))),
              map.own.listEnds,
              v.add(told(HEADER.lists), v.multiply(v.local(worker), told(HEADER.listSize))),
            ),
          ),
          rehashBy(parts.rehashApart),
          (body) => body.drop(),
        ),
      ),
    );
    const grow = v.when(
      told(HEADER.growSlots),
      v.call(parts.grow, told(HEADER.growBase), told(HEADER.growEnd), told(HEADER.growSlots)),
    );
    const insert = forEachWorker(
      v.sequence(
        v.set(area, v.add(told(HEADER.areas), v.multiply(v.local(worker), told(HEADER.areaSize)))),
        v.set(place, v.add(v.local(area), v.shiftLeft(told(HEADER.worker), v.int(2)))),
        v.store32(v.add(own, v.shiftLeft(v.local(worker), v.int(2))), map.own.news, (body) => {
          const list = v.add(
            v.load32(v.local(area), HEADER.lists),
            v.multiply(told(HEADER.worker), v.load32(v.local(area), HEADER.listSize)),
          );
          const listEnd = v.load32(v.local(place), map.own.listEnds);
          v.global(globals.first)(body);
          body.if(
            () => v.call(parts.insertAfter, list, listEnd)(body),
            () => v.call(parts.insert, list, listEnd)(body),
            'i32',
          );
        }),
      ),
    );
    const commit = answer(
      HEADER.numberEnd,
      v.call(parts.commit, told(HEADER.records), told(HEADER.recordsEnd), told(HEADER.number), told(HEADER.judged)),
    );
    const rows = answer(
      HEADER.steps,
      v.call(
        parts.rows,
        told(HEADER.records),
        told(HEADER.recordsEnd),
        told(HEADER.from),
        told(HEADER.next),
        told(HEADER.targets),
        told(HEADER.instances),
        told(HEADER.rowEnds),
      ),
    );
    const phases: readonly (readonly [number, Effect])[] = [
      [PHASES.expand, expand],
      [PHASES.grow, grow],
      [PHASES.insert, insert],
      [PHASES.commit, commit],
      [PHASES.rows, rows],
    ];
    for (const [number, body] of phases) v.when(v.equal(v.local(0), v.int(number)), body)(code);
  });
}

/** `()`: yields the initial states in place of the successors of states. */
export function addStart(kernel: Kernel, parts: Parts): FunctionIndex {
  const { module, map, own } = kernel;
  const told = (field: number): Value => v.load32(own, field);
  return module.addFunction('start', { parameters: [], results: [] }, (code) => {
    v.sequence(
      v.call(parts.begin, told(HEADER.records), told(HEADER.recordLimit), told(HEADER.events), told(HEADER.eventLimit)),
      v.call(parts.initial),
      v.store32(
        own,
        map.own.listEnds,
        v.call(parts.rehashInitial, told(HEADER.records), told(HEADER.recordsEnd), told(HEADER.lists)),
      ),
    )(code);
  });
}

/** How often to look before going to sleep: some microseconds. */
const LOOKS = 500;

/** `()`: what a helper does all its life, and `(phase, helpers)`: what the leader does for one phase. */
export function addServe({ module, map }: Kernel, work: FunctionIndex): { serve: FunctionIndex; lead: FunctionIndex } {
  const { control } = map.shared;
  const read =
    (field: number): Value =>
    (code) => {
      code.i32Const(control + field);
      code.atomic(atomic.i32_load);
    };
  const write =
    (field: number, value: Value): Effect =>
    (code) => {
      code.i32Const(control + field);
      value(code);
      code.atomic(atomic.i32_store);
    };
  const addOne =
    (field: number): Effect =>
    (code) => {
      code.i32Const(control + field);
      code.i32Const(1);
      code.atomic(atomic.i32_add);
      code.drop();
    };
  const notifyAll =
    (field: number): Effect =>
    (code) => {
      code.i32Const(control + field);
      code.i32Const(-1);
      code.atomic(atomic.notify);
      code.drop();
    };
  const sleepWhile =
    (field: number, value: Value): Effect =>
    (code) => {
      code.i32Const(control + field);
      value(code);
      code.i64Const(-1);
      code.atomic(atomic.wait32);
      code.drop();
    };
  /** Waits while a word has the value in a local: looks a while, then sleeps until it is woken. */
  const waitWhile = (field: number, value: Value, looks: number): Effect =>
    v.sequence(
      v.set(looks, v.int(LOOKS)),
      v.repeat(
        v.equal(read(field), value),
        v.when(v.local(looks), v.set(looks, v.subtract(v.local(looks), v.int(1))), sleepWhile(field, value)),
      ),
    );

  const serve = module.addFunction('serve', { parameters: [], results: [] }, (code) => {
    const seen = code.newLocal('i32');
    const phase = code.newLocal('i32');
    const looks = code.newLocal('i32');
    v.set(seen, read(CONTROL.begun))(code);
    v.sequence(addOne(CONTROL.ready), notifyAll(CONTROL.ready))(code);
    code.block((leave) => {
      code.loop((again) => {
        v.sequence(
          waitWhile(CONTROL.begun, v.local(seen), looks),
          v.set(seen, read(CONTROL.begun)),
          v.set(phase, read(CONTROL.phase)),
          v.when(v.equal(v.local(phase), v.int(PHASES.end)), (body) => body.br(leave)),
          v.call(work, v.local(phase)),
          addOne(CONTROL.done),
          notifyAll(CONTROL.done),
        )(code);
        code.br(again);
      });
    });
  });
  const lead = module.addFunction('lead', { parameters: ['i32', 'i32'], results: [] }, (code) => {
    const [phase, helpers] = [0, 1];
    const done = code.newLocal('i32');
    const looks = code.newLocal('i32');
    v.sequence(
      write(CONTROL.phase, v.local(phase)),
      write(CONTROL.done, v.int(0)),
      addOne(CONTROL.begun),
      notifyAll(CONTROL.begun),
      v.call(work, v.local(phase)),
      v.set(done, read(CONTROL.done)),
      v.repeat(
        v.notEqual(v.local(done), v.local(helpers)),
        v.sequence(waitWhile(CONTROL.done, v.local(done), looks), v.set(done, read(CONTROL.done))),
      ),
    )(code);
  });
  return { serve, lead };
}
