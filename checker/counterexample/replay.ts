import { Batch } from '../engine/next-state.ts';
import { evaluatePredicate, initialSteps, interpret, stepsOf } from '../engine/interpreter.ts';
import type { Plan } from '../plan/plan.ts';
import { indexOf, STUTTER } from '../search/path.ts';
import type { Path } from '../search/path.ts';
import type { Finding } from '../search/breadth-first.ts';
import type { Failure, Trace } from './behavior.ts';
import { traceOf } from './trace.ts';

/**
 * Runs a path again with the interpreter and says it in values.
 *
 * @throws Error when the interpreter cannot make one of the steps: then the engines disagree, which is a bug of ours
 * that must not reach a user as a counterexample.
 */
export function replay(plan: Plan, path: Path): Trace {
  const interpreter = interpret(plan);
  const batch = new Batch(interpreter.words);
  path.states.forEach((state, index) => {
    batch.clear();
    if (index === 0) {
      interpreter.initial(batch);
      if (indexOf(batch, state) < 0) throw new Error('internal: a counterexample does not start in an initial state');
      return;
    }
    const before = path.states[index - 1]!;
    const instance = path.instances[index - 1]!;
    if (instance === STUTTER) {
      if (sameWords(before, state)) return;
    } else {
      interpreter.successors(before, 0, batch);
      if (makes(batch, instance, state)) return;
    }
    const label = plan.instances[instance]?.label ?? 'stuttering';
    throw new Error(`internal: the interpreter cannot replay step ${index} of a counterexample, ${label}`);
  });
  if (path.loop !== undefined && !sameWords(path.states[path.loop]!, path.states.at(-1)!)) {
    throw new Error('internal: the loop of a counterexample does not return to its start');
  }
  return traceOf(plan, path);
}

/** Why the evaluation that a finding is about failed, in the words of the interpreter. */
export function failureOf(plan: Plan, path: Path, finding: Finding): Failure | undefined {
  const last = path.states.at(-1);
  if (finding.failedInstance !== undefined) {
    const instance = plan.instances[finding.failedInstance];
    const steps = instance === undefined ? initialSteps(plan) : stepsOf(plan, plan.layout.decode(last!, 0), instance);
    const failure = steps.failures[0];
    if (failure === undefined) throw new Error('internal: a step fails in one engine and not in the interpreter');
    return { ...failure, step: instance?.label ?? 'init' };
  }
  if (finding.failedPredicate === undefined) return undefined;
  const ofStep = plan.predicates[finding.failedPredicate]!.ofStep;
  const [from, to] = ofStep ? [path.states.at(-2)!, last!] : [last!, undefined];
  const decode = (words: Int32Array) => plan.layout.decode(words, 0);
  const truth = evaluatePredicate(plan, finding.failedPredicate, decode(from), to && decode(to));
  if (typeof truth === 'boolean')
    throw new Error('internal: a predicate fails in one engine and not in the interpreter');
  return truth;
}

function makes(batch: Batch, instance: number, state: Int32Array): boolean {
  for (let index = 0; index < batch.count; index += 1) {
    if (
      batch.instances[index] === instance &&
      sameWords(batch.states.subarray(index * batch.words, (index + 1) * batch.words), state)
    ) {
      return true;
    }
  }
  return false;
}

function sameWords(left: Int32Array, right: Int32Array): boolean {
  return left.length === right.length && left.every((word, index) => word === right[index]);
}
