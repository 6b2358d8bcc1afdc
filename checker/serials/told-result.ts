import type { System } from '../../dsl/ir/index.ts';
import { serialsOf } from '../../dsl/ir/serials/as-integers.ts';
import type { Trace } from '../counterexample/behavior.ts';
import type { CheckResult, Outcome, Verdict, Way } from '../verdict/verdict.ts';
import { rankedTrace } from './growing-trace.ts';
import type { Ranked } from './growing-trace.ts';

/** A result with traces of ranks, which can be asked of what was explored. */
export function rankedResult(system: System, result: CheckResult): CheckResult {
  return 0 < serialsOf(system).length ? withTraces(result, (trace) => rankedTrace(system, trace)) : result;
}

/** What {@link growingTrace} has to know of the end of a trace. */
type End = (system: System) => Omit<Ranked, 'isSettled'>;

/** A result with other traces in the place of its own. */
export function withTraces(result: CheckResult, change: (trace: Trace, end: End) => Trace): CheckResult {
  const nothing: End = () => ({});
  const verdicts = result.verdicts.map((verdict): Verdict => {
    const { outcome } = verdict;
    if (outcome.kind === 'reached')
      return { ...verdict, outcome: { kind: 'reached', trace: change(outcome.trace, nothing) } };
    if (outcome.kind !== 'violated') return verdict;
    const end: End = (system) => atEnd(system, verdict, outcome);
    const ways = outcome.ways?.map((way): Way => ({ ...way, trace: change(way.trace, end) }));
    return { ...verdict, outcome: { ...outcome, trace: change(outcome.trace, end), ...(ways && { ways }) } };
  });
  const advice = result.advice?.map((one) => ({
    ...one,
    assumptions: one.assumptions.map((assumption) => {
      const { otherwise } = assumption;
      return otherwise === undefined
        ? assumption
        : { ...assumption, otherwise: { ...otherwise, trace: change(otherwise.trace, nothing) } };
    }),
  }));
  return { ...result, verdicts, ...(advice !== undefined && { advice }) };
}

/** What is false, or fails, at the end of a trace. */
function atEnd(
  system: System,
  { kind, name }: Verdict,
  { failure }: Extract<Outcome, { kind: 'violated' }>,
): Omit<Ranked, 'isSettled'> {
  if (failure !== undefined) {
    return failure.step !== undefined && 'action' in failure.step ? { failed: failure.step } : {};
  }
  if (kind !== 'invariant' && kind !== 'step') return {};
  const index = system[kind === 'invariant' ? 'invariants' : 'steps'].findIndex((one) => one.name === name);
  return { broken: { kind, index } };
}
