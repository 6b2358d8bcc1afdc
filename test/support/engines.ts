import { compileEngine } from '../../checker/engine/compiled.ts';
import { interpret } from '../../checker/engine/interpreter.ts';
import { Batch } from '../../checker/engine/next-state.ts';
import type { Plan } from '../../checker/plan/plan.ts';

/** How far two engines were compared, and where they first differ. */
export interface EngineComparison {
  readonly states: number;
  readonly transitions: number;
  /** Steps that fail, by either engine. */
  readonly failures: number;
  /** Undefined when they agree everywhere. */
  readonly difference: string | undefined;
}

/**
 * Holds generated code against the interpreter, state by state: the same successors of the same instances in the same
 * order, the same failures, the same branches gone through, the same truth of every predicate of states and steps.
 * Both are asked about every state.
 *
 * @param limit - compare no more states than this, the nearest first.
 * @throws Error when the generator cannot take the plan: there would be nothing to compare.
 */
export function compareEngines(plan: Plan, limit: number): EngineComparison {
  const compiled = compileEngine(plan);
  if ('unsupported' in compiled) throw new Error(`not compiled: ${compiled.unsupported}`);
  const interpreted = interpret(plan);
  if (compiled.engine !== 'compiled' || interpreted.engine !== 'interpreted') throw new Error('not two engines');
  const { words } = compiled;
  const ofStates = plan.predicates.filter((one) => !one.ofStep);
  const ofSteps = plan.predicates.filter((one) => one.ofStep);
  const branches = plan.branches.list.length;
  const left = new Batch(words, 64, branches);
  const right = new Batch(words, 64, branches);
  const known = new Set<string>();
  const queue: Int32Array[] = [];
  let transitions = 0;
  let failures = 0;

  const visit = () => {
    for (let index = 0; index < left.count && known.size < limit; index += 1) {
      const state = left.states.slice(index * words, (index + 1) * words);
      const key = state.join();
      if (!known.has(key)) {
        known.add(key);
        queue.push(state);
      }
    }
  };
  const compared = (where: () => string): string | undefined => {
    transitions += left.count;
    failures += left.failures.length;
    const same =
      left.count === right.count &&
      left.failures.join() === right.failures.join() &&
      left.branches.join() === right.branches.join() &&
      equalPrefix(left.instances, right.instances, left.count) &&
      equalPrefix(left.states, right.states, left.count * words);
    visit();
    return same ? undefined : `successors differ in ${where()}`;
  };

  compiled.initial(left);
  interpreted.initial(right);
  let difference = compared(() => 'the initial step');
  for (let next = 0; next < queue.length && difference === undefined; next += 1) {
    const state = queue[next]!;
    left.clear();
    right.clear();
    compiled.successors(state, 0, left);
    interpreted.successors(state, 0, right);
    const where = () => JSON.stringify(plan.layout.decode(state, 0));
    difference = compared(where);
    for (const { id } of ofStates) {
      if (compiled.holds(id, state, 0) !== interpreted.holds(id, state, 0))
        difference ??= `predicate ${id} in ${where()}`;
    }
    for (const { id } of ofSteps) {
      for (let at = 0; at < left.count * words; at += words) {
        const one = compiled.holdsOfStep(id, state, 0, left.states, at);
        const other = interpreted.holdsOfStep(id, state, 0, left.states, at);
        if (one !== other) difference ??= `step predicate ${id} from ${where()}`;
      }
    }
  }
  return { states: known.size, transitions, failures, difference };
}

function equalPrefix(left: Int32Array, right: Int32Array, length: number): boolean {
  for (let index = 0; index < length; index += 1) if (left[index] !== right[index]) return false;
  return true;
}
