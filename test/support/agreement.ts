import type { System } from '../../dsl/ir/index.ts';
import { compileEngine } from '../../checker/engine/compiled.ts';
import { interpret } from '../../checker/engine/interpreter.ts';
import { Batch } from '../../checker/engine/next-state.ts';
import type { NextState } from '../../checker/engine/next-state.ts';
import { isRefused, planOf } from '../../checker/plan/plan.ts';
import type { Plan } from '../../checker/plan/plan.ts';

/** What an engine says of a whole state graph, up to a number of states, as plain data. */
export interface Graph {
  readonly states: readonly string[];
  /** For each state: its successors in order, the failures, the values of all predicates. */
  readonly lines: readonly string[];
  readonly transitions: number;
  readonly failures: number;
}

/** The state graph of a plan as one engine sees it, breadth first. */
export function graphOf(plan: Plan, engine: NextState, limit: number): Graph {
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
    batch.clear();
    engine.successors(state, 0, batch);
    const judged = plan.predicates.filter((predicate) => !predicate.ofStep).map(({ id }) => engine.holds(id, state, 0));
    lines.push(`${describe(state)} where ${judged.join('')}`);
  }
  return { states: [...known.keys()], lines, transitions, failures };
}

/** Both engines' graphs of a system. @throws Error when it is refused or not supported. */
export function bothGraphs(system: System, limit = 60): { interpreted: Graph; compiled: Graph; plan: Plan } {
  const plan = planOf(system);
  if (isRefused(plan)) throw new Error(`refused: ${plan.refusals[0]!.message}`);
  const compiled = compileEngine(plan);
  if ('unsupported' in compiled) throw new Error(`unsupported: ${compiled.unsupported}`);
  if (compiled.engine !== 'compiled') throw new Error('not the compiled engine');
  return { interpreted: graphOf(plan, interpret(plan), limit), compiled: graphOf(plan, compiled, limit), plan };
}
