import type { Span } from '../../dsl/diagnostics/span.ts';
import { evaluatePredicate } from '../engine/interpreter.ts';
import { initialSteps, stepsOf } from '../engine/interpreter/steps.ts';
import type { Plan } from '../plan/plan.ts';
import { stepNameOf } from '../plan/step-name.ts';
import type { Path } from '../search/path.ts';
import type { Finding } from '../search/exploration.ts';
import type { Beginning, Failure, Trace } from './behavior.ts';
import { retraced, wordFault } from './recheck.ts';
import { briefTraceOf, traceOf } from './trace.ts';

/** How much a trace says: what each step changed, or only which steps there are. */
export type Telling = 'full' | 'brief';

/**
 * Runs a path again with the interpreter and says it in values.
 *
 * @throws Error when the interpreter cannot make one of the steps: then the engines disagree, which is a bug of ours
 * that must not reach a user as a counterexample.
 */
export function replay(plan: Plan, path: Path, telling: Telling = 'full'): Trace {
  const found = retraced(plan, path);
  if (found.kind === 'invalid') {
    throw new Error(
      `internal: the interpreter cannot replay a counterexample: state ${found.state}: ${wordFault(found.reason)}`,
    );
  }
  return telling === 'full' ? traceOf(plan, path) : briefTraceOf(plan, path);
}

/** Why the evaluation that a finding is about failed, in the words of the interpreter. */
export function failureOf(plan: Plan, path: Path, finding: Finding): Failure | undefined {
  const last = path.states.at(-1);
  if (path.failedInstance !== undefined) {
    const instance = plan.instances[path.failedInstance];
    const steps = instance === undefined ? initialSteps(plan) : stepsOf(plan, plan.layout.decode(last!, 0), instance);
    const failure = steps.failures[0];
    if (failure === undefined) throw new Error('internal: a step fails in one engine and not in the interpreter');
    return { ...failure, step: instance === undefined ? beginningAt(plan, failure.span) : stepNameOf(instance) };
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

/** What makes initial states at a place of the spec. */
function beginningAt({ system }: Plan, { file, start, end }: Span): Beginning {
  const process = system.processes.find(
    ({ declaration }) => declaration?.file === file && declaration.start <= start && end <= declaration.end,
  );
  return process === undefined ? {} : { process: process.name };
}
