import type { Unsupported } from '../flat-system.ts';
import type { Lowered } from '../lowered.ts';
import { holdsEachBy } from '../next-state.ts';
import type { Batch, NextState, Truth } from '../next-state.ts';
import { emit } from './emission.ts';
import { ModuleBuilder } from './module-builder.ts';
import { compileModule, instantiateModule } from './host.ts';
import type { Memory } from './host.ts';
import { i32, store } from './opcodes.ts';
import { prepare } from './prepared.ts';
import type { PreparedSystem } from './prepared.ts';
import type { Sink } from './step.ts';

/**
 * An engine that runs WebAssembly generated for one plan, behind the same interface as the others. It copies states in
 * and out of the module's memory; a search that wants all of the speed embeds `emit` and stays inside.
 *
 * @returns the engine, or what keeps the plan from being compiled.
 */
export function compileWasmEngine({ plan, flat }: Lowered): NextState | Unsupported {
  if ('unsupported' in flat) return flat;
  const system = prepare(plan, flat);
  return runWasmEngine(system, emitWasmEngine(system));
}

/** The addresses of the module that {@link emitWasmEngine} makes. */
interface Addresses {
  readonly coverage: number;
  readonly scratch: number;
  readonly state: number;
  readonly next: number;
  /** Where what is yielded begins; it goes on to the end of memory, which grows. */
  readonly out: number;
}

function addressesOf({ needs, words }: PreparedSystem): Addresses {
  // Address 0 stays free.
  const coverage = 8 + needs.tables;
  const scratch = coverage + needs.coverage;
  const state = scratch + needs.scratch;
  const next = state + 8 * words;
  return { coverage, scratch, state, next, out: next + 8 * words };
}

/** The bytes of a module for {@link runWasmEngine}. */
export function emitWasmEngine(system: PreparedSystem): Uint8Array<ArrayBuffer> {
  const at = addressesOf(system);
  const module = new ModuleBuilder();
  module.defineMemory({ minimum: Math.ceil(at.out / PAGE) + 1 });
  module.exportMemory('memory');
  const end = module.addGlobal('i32', 0);
  module.exportGlobal('end', end);
  const emission = emit(module, system, { tables: 8, coverage: at.coverage, scratch: at.scratch });
  const sink = recordSink(end, system.words);
  module.exportFunction('initial', emission.initial(sink));
  module.exportFunction('successors', emission.successors(sink));
  system.predicates.forEach((_, id) => module.exportFunction(`predicate ${id}`, emission.predicate(id)));
  return module.finish();
}

const PAGE = 1 << 16;

/** Appends a record for each yield: the instance, whether its step failed, the words of the state. */
function recordSink(end: number, words: number): Sink {
  const size = 8 + 8 * words;
  const append = (code: Parameters<Sink['fail']>[0], instance: number, failed: boolean, fill: () => void): void => {
    code.globalGet(end);
    code.i32Const(size);
    code.op(i32.add);
    code.memorySize();
    code.i32Const(16);
    code.op(i32.shl);
    code.op(i32.gt_u);
    code.if(() => {
      code.i32Const(1);
      code.memoryGrow();
      code.i32Const(0);
      code.op(i32.lt_s);
      code.if(() => code.unreachable());
    });
    for (const [offset, value] of [
      [0, instance],
      [4, failed ? 1 : 0],
    ] as const) {
      code.globalGet(end);
      code.i32Const(value);
      code.memory(store.i32, offset);
    }
    fill();
    code.globalGet(end);
    code.i32Const(size);
    code.op(i32.add);
    code.globalSet(end);
  };
  return {
    push: (code, locals, instance) =>
      append(code, instance, false, () =>
        locals.forEach((local, word) => {
          code.globalGet(end);
          code.localGet(local);
          code.memory(store.i64, 8 + 8 * word);
        }),
      ),
    fail: (code, instance) => append(code, instance, true, () => {}),
  };
}

/** What the module exports, but for its predicates. */
interface Exports {
  readonly memory: Memory;
  readonly end: { value: number };
  readonly initial: () => void;
  readonly successors: (state: number) => void;
}

/** The engine of a module made by {@link emitWasmEngine} for the same system. */
export function runWasmEngine(system: PreparedSystem, bytes: Uint8Array<ArrayBuffer>): NextState {
  const { plan } = system;
  const { words } = plan.layout;
  const at = addressesOf(system);
  const instance = instantiateModule(compileModule(bytes));
  const { memory, end, initial, successors } = instance.exports as unknown as Exports;
  const predicates = system.predicates.map(
    (_, id) => instance.exports[`predicate ${id}`] as (state: number, next: number) => Truth,
  );
  let memoryWords = new Int32Array(memory.buffer);
  const current = (): Int32Array => {
    if (memoryWords.buffer !== memory.buffer) memoryWords = new Int32Array(memory.buffer);
    return memoryWords;
  };
  const put = (address: number, states: Int32Array, from: number): void => {
    const target = current();
    for (let word = 0; word < words; word += 1) target[address / 4 + word] = states[from + word]!;
  };
  const run = (yields: () => void, out: Batch): void => {
    end.value = at.out;
    yields();
    const source = current();
    const size = 2 + 2 * system.words;
    for (let record = at.out / 4; record < end.value / 4; record += size) {
      if (source[record + 1] !== 0) out.failures.push(source[record]!);
      else {
        const place = out.reserve();
        for (let word = 0; word < words; word += 1) out.states[place + word] = source[record + 2 + word]!;
        out.instances[out.count++] = source[record]!;
      }
    }
    const covered = new Uint8Array(source.buffer, at.coverage, plan.branches.list.length);
    for (let branch = 0; branch < covered.length; branch += 1) {
      if (covered[branch] !== 0 && out.branches[branch] === 0) out.branches[branch] = 1;
    }
  };
  const holds: NextState['holds'] = (predicate, states, from) => {
    put(at.state, states, from);
    return predicates[predicate]!(at.state, at.state);
  };
  return {
    engine: 'webassembly',
    words,
    initial: (out) => run(initial, out),
    successors(states, from, out) {
      put(at.state, states, from);
      run(() => successors(at.state), out);
    },
    holds,
    holdsEach: holdsEachBy(holds),
    holdsOfStep(predicate, states, from, nextStates, nextFrom) {
      put(at.state, states, from);
      put(at.next, nextStates, nextFrom);
      return predicates[predicate]!(at.state, at.next);
    },
  };
}
