import type { System } from '../../dsl/ir/index.ts';
import { compileEngine } from '../../checker/engine/javascript/engine.ts';
import { lowered } from '../../checker/engine/lowered.ts';
import type { Lowered } from '../../checker/engine/lowered.ts';
import type { FlatSystem } from '../../checker/engine/flat-system.ts';
import { interpret } from '../../checker/engine/interpreter.ts';
import { Batch } from '../../checker/engine/next-state.ts';
import type { NextState } from '../../checker/engine/next-state.ts';
import { emitWasmEngine, runWasmEngine } from '../../checker/engine/wasm/engine.ts';
import { prepare } from '../../checker/engine/wasm/prepared.ts';
import { isRefused, planOf } from '../../checker/plan/plan.ts';
import type { Plan } from '../../checker/plan/plan.ts';
import { validateWasm } from './wasm.ts';

/** What an engine says of a whole state graph, up to a number of states, as plain data. */
export interface Graph {
  readonly states: readonly string[];
  /** For each state: its successors in order, the failures, the values of all predicates. */
  readonly lines: readonly string[];
  readonly transitions: number;
  readonly failures: number;
}

/** The state graph of a plan as one engine sees it, breadth first; no other state is begun with after `patience` transitions. */
export function graphOf(plan: Plan, engine: NextState, limit: number, patience = Infinity): Graph {
  const { words } = engine;
  const known = new Map<string, number>();
  const queue: Int32Array[] = [];
  let transitions = 0;
  let failures = 0;
  const batch = new Batch(words, 1, plan.branches.list.length);
  const visit = (states: Int32Array, at: number): number => {
    const state = states.slice(at, at + words);
    const key = state.join();
    let id = known.get(key);
    if (id === undefined) {
      id = known.size;
      known.set(key, id);
      if (id < limit) queue.push(state);
    }
    return id;
  };
  const describe = (from: Int32Array | undefined): string => {
    transitions += batch.count;
    failures += batch.failures.length;
    const steps = plan.predicates.filter((predicate) => predicate.ofStep && from !== undefined);
    const successors = Array.from({ length: batch.count }, (_, index) => {
      const at = index * words;
      const judged = steps.map(({ id }) => engine.holdsOfStep(id, from!, 0, batch.states, at));
      return `${batch.instances[index]}:${visit(batch.states, at)}[${judged.join('')}]`;
    });
    return `${successors.join(' ')} failing ${batch.failures.join()} through ${[...batch.branches.keys()].filter((id) => batch.branches[id] !== 0).join()}`;
  };
  engine.initial(batch);
  const lines = [describe(undefined)];
  for (const state of queue) {
    if (patience < transitions) break;
    batch.clear();
    engine.successors(state, 0, batch);
    const judged = plan.predicates.filter((predicate) => !predicate.ofStep).map(({ id }) => engine.holds(id, state, 0));
    lines.push(`${describe(state)} where ${judged.join('')}`);
  }
  return { states: [...known.keys()], lines, transitions, failures };
}

/** An engine of generated code. */
export type Generated = 'javascript' | 'webassembly';

/**
 * The engine of that kind; a module of WebAssembly is judged by another implementation before it runs.
 *
 * @throws Error when the plan is not supported.
 */
export function generatedEngine(of: Plan | Lowered, kind: Generated): NextState {
  const model = 'flat' in of ? of : lowered(of);
  const { plan, flat } = model;
  if ('unsupported' in flat) throw new Error(`unsupported: ${flat.unsupported}`);
  const engine = kind === 'javascript' ? compileEngine(model) : validatedEngine(plan, flat);
  if (!('engine' in engine) || engine.engine !== kind) throw new Error(`not the ${kind} engine`);
  return engine;
}

function validatedEngine(plan: Plan, flat: FlatSystem): NextState {
  const system = prepare(plan, flat);
  const bytes = emitWasmEngine(system);
  validateWasm(bytes);
  return runWasmEngine(system, bytes);
}

/** The graphs of a system by every engine. @throws Error when it is refused or not supported. */
export function allGraphs(system: System, limit = 60): Readonly<Record<Generated | 'interpreted', Graph>> {
  const plan = planOf(system);
  if (isRefused(plan)) throw new Error(`refused: ${plan.refusals[0]!.message}`);
  const graph = (engine: NextState): Graph => graphOf(plan, engine, limit);
  return {
    interpreted: graph(interpret(plan)),
    javascript: graph(generatedEngine(plan, 'javascript')),
    webassembly: graph(generatedEngine(plan, 'webassembly')),
  };
}
