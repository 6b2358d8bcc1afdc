import { interpret } from '../../checker/engine/interpreter.ts';
import { Batch } from '../../checker/engine/next-state.ts';
import type { NextState } from '../../checker/engine/next-state.ts';
import type { Plan } from '../../checker/plan/plan.ts';
import { generatedEngine } from './agreement.ts';
import type { Generated } from './agreement.ts';

/** How far engines were compared, and where they first differ. */
export interface EngineComparison {
  /** The engines that were held against the interpreter. */
  readonly engines: readonly Generated[];
  readonly states: number;
  readonly transitions: number;
  /** Steps that fail. */
  readonly failures: number;
  /** Undefined when they agree everywhere. */
  readonly difference: string | undefined;
}

/**
 * Holds generated code, JavaScript and WebAssembly, against the interpreter, state by state: the same successors of the
 * same instances in the same order, the same failures, the same branches gone through, the same truth of every predicate
 * of states and steps. All are asked about every state.
 *
 * @param limit - compare no more states than this, the nearest first.
 * @param other - generated code from elsewhere, of an equal plan: then only this is held against the interpreter.
 * @throws Error when a generator cannot take the plan: there would be nothing to compare.
 */
export function compareEngines(plan: Plan, limit: number, other?: NextState): EngineComparison {
  const engines = other === undefined ? (['javascript', 'webassembly'] as const) : [other.engine as Generated];
  const generated = other === undefined ? engines.map((kind) => generatedEngine(plan, kind)) : [other];
  const interpreted = interpret(plan);
  const { words } = interpreted;
  const ofStates = plan.predicates.filter((one) => !one.ofStep);
  const ofSteps = plan.predicates.filter((one) => one.ofStep);
  const branches = plan.branches.list.length;
  const reference = new Batch(words, 64, branches);
  const batches = engines.map(() => new Batch(words, 64, branches));
  const known = new Set<string>();
  const queue: Int32Array[] = [];
  let transitions = 0;
  let failures = 0;

  const visit = () => {
    for (let index = 0; index < reference.count && known.size < limit; index += 1) {
      const state = reference.states.slice(index * words, (index + 1) * words);
      const key = state.join();
      if (!known.has(key)) {
        known.add(key);
        queue.push(state);
      }
    }
  };
  const compared = (where: () => string): string | undefined => {
    transitions += reference.count;
    failures += reference.failures.length;
    visit();
    const other = batches.findIndex((batch) => !sameBatch(batch, reference));
    return other < 0 ? undefined : `successors by ${engines[other]} differ in ${where()}`;
  };

  interpreted.initial(reference);
  generated.forEach((engine, index) => engine.initial(batches[index]!));
  let difference = compared(() => 'the initial step');
  for (let next = 0; next < queue.length && difference === undefined; next += 1) {
    const state = queue[next]!;
    reference.clear();
    interpreted.successors(state, 0, reference);
    generated.forEach((engine, index) => {
      batches[index]!.clear();
      engine.successors(state, 0, batches[index]!);
    });
    const where = () => JSON.stringify(plan.layout.decode(state, 0));
    difference = compared(where);
    for (const { id } of ofStates) {
      const truth = interpreted.holds(id, state, 0);
      for (const engine of generated) {
        if (engine.holds(id, state, 0) !== truth) difference ??= `predicate ${id} by ${engine.engine} in ${where()}`;
      }
    }
    for (const { id } of ofSteps) {
      for (let at = 0; at < reference.count * words; at += words) {
        const truth = interpreted.holdsOfStep(id, state, 0, reference.states, at);
        for (const engine of generated) {
          const one = engine.holdsOfStep(id, state, 0, reference.states, at);
          if (one !== truth) difference ??= `step predicate ${id} by ${engine.engine} from ${where()}`;
        }
      }
    }
  }
  return {
    engines: generated.map(({ engine }) => engine as Generated),
    states: known.size,
    transitions,
    failures,
    difference,
  };
}

function sameBatch(left: Batch, right: Batch): boolean {
  return (
    left.count === right.count &&
    left.failures.join() === right.failures.join() &&
    left.branches.every((steps, branch) => (steps !== 0) === (right.branches[branch] !== 0)) &&
    equalPrefix(left.instances, right.instances, left.count) &&
    equalPrefix(left.states, right.states, left.count * right.words)
  );
}

function equalPrefix(left: Int32Array, right: Int32Array, length: number): boolean {
  for (let index = 0; index < length; index += 1) if (left[index] !== right[index]) return false;
  return true;
}
