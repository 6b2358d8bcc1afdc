import type { CodeBuilder, FunctionIndex, LocalIndex } from '../../engine/wasm/code-builder.ts';
import type { ModuleBuilder } from '../../engine/wasm/module-builder.ts';
import type { Sink } from '../../engine/wasm/step.ts';
import { addCanonical } from './canonical-code.ts';
import { addCommit, addRows } from './commit-code.ts';
import { addExpand, addInitial, addUncount, addYieldAll } from './expand-code.ts';
import type { KernelShape, MemoryMap } from './memory-map.ts';
import { EVENT_FAILED, memoryMap, PREVIOUS_FUNCTIONS } from './memory-map.ts';
import { addInsert } from './insert-code.ts';
import { addPrevious, callsOfPrevious } from './previous-code.ts';
import { addForget, addGrow, addRehash } from './table-code.ts';
import { addServe, addStart, addWork } from './work-code.ts';
import * as v from './values.ts';
import type { Value } from './values.ts';
import type { ModelFunctions, KernelOptions, Kernel, Globals, KernelFunction } from './kernel.ts';
import { addEvent } from './event-code.ts';

/**
 * Declares memory and globals of a module, lets `build` emit the functions of the model with a sink for what they
 * yield, and adds the kernel to it.
 *
 * @param build - may import functions as long as it defines none before.
 */
export function addKernel(
  module: ModuleBuilder,
  shape: KernelShape,
  options: KernelOptions,
  build: (sink: Required<Sink>, map: MemoryMap, globals: Globals) => ModelFunctions,
): void {
  const map = memoryMap(shape);
  module.importMemory('env', 'memory', { minimum: 1, maximum: 65_536, shared: true });
  const globals: Globals = {
    own: module.importGlobal('env', 'own', 'i32', false),
    scratch: module.importGlobal('env', 'scratch', 'i32', false),
    first: module.importGlobal('env', 'first', 'i32', false),
    states: module.importGlobal('env', 'states', 'i32', false),
    parents: module.importGlobal('env', 'parents', 'i32', false),
    origins: module.importGlobal('env', 'origins', 'i32', false),
    record: module.addGlobal('i32', 0),
    recordLimit: module.addGlobal('i32', 0),
    parent: module.addGlobal('i64', 0),
    event: module.addGlobal('i32', 0),
    eventLimit: module.addGlobal('i32', 0),
    firstRecord: module.addGlobal('i32', 0),
    failed: module.addGlobal('i32', 0),
    yielded: module.addGlobal('i32', 0),
    counted: module.addGlobal('i64', 0),
    row: module.addGlobal('i32', map.shared.rows),
  };
  if (options.sleepSets !== undefined) {
    module.addData(map.shared.classOf, options.sleepSets.classOf);
    module.addData(map.shared.rows, options.sleepSets.rows);
  }
  const model = build(sinkOf(map, globals, options.sleepSets !== undefined), map, globals);
  const words = Array.from({ length: shape.words }, (_, word) => 8 * word);
  const own = v.global(globals.own);
  const canonical = options.canonical && addCanonical(module, options.canonical, own, map.own.canonical);
  const kernel: Kernel = {
    ...options,
    module,
    words: shape.words,
    instances: shape.instances,
    map,
    globals,
    model,
    canonical,
    own,
    states: v.global(globals.states),
    holds: (predicate) => model.predicates[predicate]!,
    sameState: (left, right) =>
      words
        .map((offset) => v.equal64(v.load64(left, offset), v.load64(right, offset)))
        .reduce((all, one) => v.and(all, one)),
    copyState: (to, from) => v.sequence(...words.map((offset) => v.store64(to, offset, v.load64(from, offset)))),
  };
  // What is outside is no news each time it is met, and a step that is kept needs the number of its target.
  const usesRecent = !options.keepSteps && options.questions.within.length === 0;
  const previous = callsOfPrevious(kernel);
  const parts = {
    begin: addBegin(kernel),
    initial: addInitial(kernel),
    expand: addExpand(kernel),
    rehash: addRehash(kernel, 'rehash', true, usesRecent),
    rehashApart: addRehash(kernel, 'rehash apart', false, usesRecent),
    // Before the first state is known there is nothing that could stand for an empty place among the recent ones.
    rehashInitial: addRehash(kernel, 'rehash initial', true, false),
    forget: addForget(kernel),
    insert: addInsert(kernel),
    insertAfter: addInsert(kernel, previous),
    ...addPrevious(kernel, previous),
    grow: addGrow(kernel),
    commit: addCommit(kernel),
    rows: addRows(kernel),
    yieldAll: addYieldAll(kernel),
    uncount: addUncount(kernel),
  };
  const work = addWork(kernel, parts);
  const functions: Readonly<Record<KernelFunction, FunctionIndex>> = {
    ...parts,
    work,
    start: addStart(kernel, parts),
    ...addServe(kernel, work),
  };
  for (const [name, index] of Object.entries({ ...functions, ...canonical })) module.exportFunction(name, index);
  module.defineTable(Object.keys(PREVIOUS_FUNCTIONS).length);
  module.exportTable('previous');
  model.predicates.forEach((index, predicate) => {
    module.exportFunction(`p${predicate}`, index);
    if (options.keepSteps) module.exportFunction(`each${predicate}`, addEach(kernel, index));
  });
}

/** `(state, end, to)`: writes the truth of a predicate, a byte each, in the states that lie one after another. */
function addEach({ module, map }: Kernel, holds: FunctionIndex): FunctionIndex {
  return module.addFunction('each', { parameters: ['i32', 'i32', 'i32'], results: [] }, (code) => {
    const [state, end, to] = [0, 1, 2].map(v.local);
    v.repeat(
      v.below(state!, end!),
      v.sequence(
        v.store8(to!, 0, v.call(holds, state!, state!)),
        v.set(0, v.add(state!, v.int(map.stateSize))),
        v.set(2, v.add(to!, v.int(1))),
      ),
    )(code);
  });
}

/** `(records, limit, events, limit)`: where what is yielded goes from now on. */
function addBegin({ module, globals }: Kernel): FunctionIndex {
  return module.addFunction('begin', { parameters: ['i32', 'i32', 'i32', 'i32'], results: [] }, (code) => {
    [globals.record, globals.recordLimit, globals.event, globals.eventLimit].forEach((one, parameter) => {
      v.setGlobal(one, v.local(parameter))(code);
    });
  });
}

/** Locals of a function that yields: what the sink needs at every successor. */
interface SinkLocals {
  /** Where the next record goes. */
  readonly record: LocalIndex;
  readonly event: LocalIndex;
  readonly own: LocalIndex;
  readonly parent: LocalIndex;
  readonly yielded: LocalIndex;
  readonly counted: LocalIndex;
  readonly row: LocalIndex;
}

/**
 * Counts, and appends records and events. At the limit an instance with several successors overwrites the last one, and
 * for the others there is room: whoever called sees that the limit was reached, takes back what the state yielded, and
 * comes again with more room.
 *
 * @param hasRows - whether some successors are known by the row of the state: then the next record takes their place.
 */
function sinkOf({ record, shared, own }: MemoryMap, globals: Globals, hasRows: boolean): Required<Sink> {
  const locals = new WeakMap<CodeBuilder, SinkLocals>();
  const localsIn = (code: CodeBuilder): SinkLocals => {
    const known = locals.get(code);
    if (known !== undefined) return known;
    const [place, event, area, yielded, row] = [0, 1, 2, 3, 4].map(() => code.newLocal('i32'));
    const [parent, counted] = [0, 1].map(() => code.newLocal('i64'));
    const fresh = {
      record: place!,
      event: event!,
      own: area!,
      parent: parent!,
      yielded: yielded!,
      counted: counted!,
      row: row!,
    };
    locals.set(code, fresh);
    return fresh;
  };
  return {
    begin(code) {
      const { record: place, own: area, parent, yielded, counted, row } = localsIn(code);
      v.sequence(
        v.set(place, v.global(globals.record)),
        v.set(area, v.global(globals.own)),
        v.set(parent, v.global(globals.parent)),
        v.set(yielded, v.global(globals.yielded)),
        v.set(counted, v.global(globals.counted)),
        hasRows ? v.set(row, v.global(globals.row)) : v.sequence(),
      )(code);
    },
    end(code) {
      const { record: place, yielded } = localsIn(code);
      v.sequence(v.setGlobal(globals.record, v.local(place)), v.setGlobal(globals.yielded, v.local(yielded)))(code);
    },
    push(code, words, instance, isOnly) {
      const { record: place, own: area, parent, yielded, counted, row } = localsIn(code);
      const at = v.local(place);
      const counter = own.fired + 8 * (instance + 1);
      const size = hasRows && 0 <= instance ? sizeByRow(record.size, v.local(row), instance) : v.int(record.size);
      v.sequence(
        ...words.map((word, index) => v.store64(at, 8 * index, v.local(word))),
        v.store64(at, record.instance, v.or64(v.local(parent), v.long(0, instance))),
        v.store64(v.local(area), counter, v.add64(v.load64(v.local(area), counter), v.local(counted))),
        v.set(yielded, v.add(v.local(yielded), v.int(1))),
        v.set(place, v.add(at, isOnly ? size : whenBelow(at, v.global(globals.recordLimit), size))),
      )(code);
    },
    pushStep(code, words, first, index) {
      const { record: place, own: area, parent, yielded, counted, row } = localsIn(code);
      const at = v.local(place);
      const counter = v.add(v.local(area), v.shiftLeft(v.local(index), v.int(3)));
      const offset = own.fired + 8 * (first + 1);
      const size = hasRows ? sizeByRow(record.size, v.add(v.local(row), v.local(index)), first) : v.int(record.size);
      v.sequence(
        ...words.map((word, position) => v.store64(at, 8 * position, v.local(word))),
        v.store64(at, record.instance, v.or64(v.local(parent), v.widen(v.add(v.local(index), v.int(first))))),
        v.store64(counter, offset, v.add64(v.load64(counter, offset), v.local(counted))),
        v.set(yielded, v.add(v.local(yielded), v.int(1))),
        v.set(place, v.add(at, size)),
      )(code);
    },
    fail(code, instance) {
      // What is known to fail somewhere is no news.
      const isKnown = instance < 0 ? v.int(0) : v.load8(v.int(0), shared.failing + instance);
      v.sequence(
        v.setGlobal(globals.failed, v.int(1)),
        v.when(v.isZero(isKnown), addEvent(globals, EVENT_FAILED, v.int(instance), localsIn(code).event)),
      )(code);
    },
  };
}

/** The size of a record, or 0 where a row says that there need be none. */
function sizeByRow(size: number, row: Value, instance: number): Value {
  return v.multiply(v.load8(row, instance), v.int(size));
}

/** A number if the left address is below the right one, else 0. */
function whenBelow(left: Value, right: Value, number: Value): Value {
  return (code) => {
    number(code);
    code.i32Const(0);
    v.below(left, right)(code);
    code.select();
  };
}
