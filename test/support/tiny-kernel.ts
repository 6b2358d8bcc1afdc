import type { CodeBuilder, LocalIndex } from '../../checker/engine/wasm/code-builder.ts';
import { ModuleBuilder } from '../../checker/engine/wasm/module-builder.ts';
import { compileModule } from '../../checker/engine/wasm/host.ts';
import { i32, load } from '../../checker/engine/wasm/opcodes.ts';
import type { Questions } from '../../checker/search/exploration.ts';
import { addKernel } from '../../checker/search/kernel/kernel-code.ts';
import type { CompiledKernel } from '../../checker/search/kernel/compiled-kernel.ts';
import { entryWords } from '../../checker/search/kernel/table-kind.ts';
import type { TableKind } from '../../checker/search/kernel/table-kind.ts';
import type { TinyGraph } from '../checker/liveness/tiny-graph.ts';
import { validateWasm } from './wasm.ts';

/**
 * A kernel around an explicit graph, as `engineOf` makes an engine of it: no emitter of real models takes part.
 *
 * @param words - 64-bit words of a state, of which the first has its number and the others something made of it.
 */
export function tinyKernel(
  graph: TinyGraph,
  predicates: readonly (readonly number[])[],
  failing: readonly { readonly state: number; readonly instance: number }[],
  questions: Questions,
  { table, keepSteps, words }: { table: TableKind; keepSteps: boolean; words: number },
): CompiledKernel {
  const module = new ModuleBuilder();
  const instances = graph.actions.length;
  const shape = {
    words,
    entryWords: entryWords(table),
    instances,
    predicates: predicates.length,
    branches: 0,
    classes: 0,
    tables: 0,
    scratch: 0,
    ids: 0,
    keepsRaw: false,
  };
  const edges = graph.edges.toSorted((left, right) => left.instance - right.instance);
  addKernel(module, shape, { questions, table, keepSteps, sleepSets: undefined, canonical: undefined }, (sink) => {
    const whenState = (code: CodeBuilder, state: number, build: () => void): void => {
      code.localGet(0);
      code.memory(load.i32);
      code.i32Const(state);
      code.op(i32.eq);
      code.if(build);
    };
    const push = (code: CodeBuilder, locals: readonly LocalIndex[], state: number, instance: number): void => {
      locals.forEach((local, word) => {
        code.i64Const(word === 0 ? state : state * 31 + word);
        code.localSet(local);
      });
      sink.push(code, locals, instance, false);
    };
    const newLocals = (code: CodeBuilder): LocalIndex[] => Array.from({ length: words }, () => code.newLocal('i64'));
    const successors = module.addFunction('successors', { parameters: ['i32'], results: [] }, (code) => {
      const locals = newLocals(code);
      sink.begin(code);
      for (const { from, instance, to } of edges) whenState(code, from, () => push(code, locals, to, instance));
      for (const { state, instance } of failing) whenState(code, state, () => sink.fail(code, instance));
      sink.end(code);
    });
    const initial = module.addFunction('initial states', { parameters: [], results: [] }, (code) => {
      const locals = newLocals(code);
      sink.begin(code);
      for (const state of graph.initial) push(code, locals, state, -1);
      sink.end(code);
    });
    const holds = predicates.map((states, id) =>
      module.addFunction(`predicate ${id}`, { parameters: ['i32', 'i32'], results: ['i32'] }, (code) => {
        code.i32Const(0);
        for (const state of states) {
          code.localGet(1);
          code.memory(load.i32);
          code.i32Const(state);
          code.op(i32.eq);
          code.op(i32.or);
        }
      }),
    );
    return { successors, initial, predicates: holds };
  });
  const bytes = module.finish();
  validateWasm(bytes);
  return { module: compileModule(bytes), shape, table: table.kind, questions, keepSteps, words: 2 * words };
}
