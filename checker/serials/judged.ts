// How a system is judged whose state holds values of which only the order counts. What is asked of single states is asked
// of the system of ranks, whose states are what is counted. What is asked of steps as pairs of states is asked of a system
// with more states, in which steps differ where those of integers do.
import type { Property, System } from '../../dsl/ir/index.ts';
import { serialsOf, speaksOfSerials, systemOfStates, unsettledSystem } from '../../dsl/ir/serials/as-integers.ts';
import type { CheckOptions } from '../options.ts';
import type { CheckResult, Verdict, Warning } from '../verdict/verdict.ts';
import { growingTrace } from './growing-trace.ts';
import { withTraces } from './told-result.ts';

/** Checks a system without such values. */
type Check = (system: System, options: CheckOptions) => CheckResult;

/** Whether the state of a system holds values of which only the order counts. */
export function hasSerials(system: System): boolean {
  return 0 < serialsOf(system).length;
}

/** The system in which steps are told apart as those of integers are, with all that is asked. */
export function asSteps(system: System): System {
  return hasSerials(system) ? unsettledSystem(system) : system;
}

/** Checks a system by what it is made into, and tells of it with values that grow. */
export function judgedByOrder(system: System, options: CheckOptions, check: Check): CheckResult {
  const states = check(systemOfStates(system), options);
  if (0 < states.refusals.length) return withGrowing(system, states, true);
  const rest = ofSteps(system, options);
  if (rest === undefined) return withGrowing(system, states, true);
  const { kernels: _, ...others } = options;
  const steps = check(rest, {
    ...others,
    deadlock: false,
    coverage: false,
    locks: false,
    waits: false,
    allWays: false,
  });
  if (0 < steps.refusals.length) return { ...states, verdicts: [], asExpected: false, refusals: steps.refusals };
  return together(system, withGrowing(system, states, true), withGrowing(system, steps, false));
}

/** What is asked of steps; undefined when that is nothing. */
function ofSteps(system: System, { properties: asked }: CheckOptions): System | undefined {
  const isAsked = ({ name }: { readonly name: string }): boolean => asked === undefined || asked.includes(name);
  const steps = system.steps.filter((one) => isAsked(one) && speaksOfSerials(one.predicate));
  const properties = system.properties.filter((one: Property) => isAsked(one));
  if (steps.length === 0 && properties.length === 0) return undefined;
  const { distinct: _, ...model } = system.model;
  return unsettledSystem({ ...system, model, invariants: [], sometimes: [], steps, properties });
}

/** Both answers as one: in the order of the declarations, with the numbers of the states. */
function together(system: System, states: CheckResult, steps: CheckResult): CheckResult {
  const own = steps.verdicts.filter(({ kind }) => kind === 'step' || kind === 'property');
  const of = (list: readonly { readonly name: string }[], kind: Verdict['kind']): readonly Verdict[] =>
    list.flatMap(({ name }) => [...states.verdicts, ...own].filter((one) => one.kind === kind && one.name === name));
  const before = ['deadlock', 'evaluation', 'invariant'];
  const verdicts = [
    ...states.verdicts.filter(({ kind }) => before.includes(kind)),
    ...of(system.steps, 'step'),
    ...states.verdicts.filter(({ kind }) => kind === 'sometimes'),
    ...own.filter(({ kind }) => kind === 'property'),
  ].map((verdict) => (verdict.kind === 'evaluation' ? failingIn(verdict, steps) : verdict));
  const cut = states.statistics.cut ?? steps.statistics.cut;
  const { searchTime, livenessTime } = steps.statistics;
  return {
    ...states,
    statistics: {
      ...states.statistics,
      ...(cut !== undefined && { cut }),
      livenessTime: states.statistics.livenessTime + searchTime + livenessTime,
    },
    verdicts,
    asExpected: states.distinctMismatch === undefined && verdicts.every(({ asExpected }) => asExpected),
    warnings: [...states.warnings, ...steps.warnings.filter(isOfSteps)],
    ...(steps.advice !== undefined && { advice: steps.advice }),
  };
}

/** What fails only where steps or behaviors are asked about. */
function failingIn(verdict: Verdict, { verdicts }: CheckResult): Verdict {
  const other = verdicts.find(({ kind }) => kind === 'evaluation');
  return verdict.outcome.kind === 'violated' || other?.outcome.kind !== 'violated' ? verdict : other;
}

/** Whether a warning is about what only steps are asked for. */
function isOfSteps({ kind }: Warning): boolean {
  return kind === 'leadsToNeverTriggered' || kind === 'takenNeverTrue' || kind === 'nothingStaysWithin';
}

/** What was judged of {@link asSteps}, told with values that grow. */
export function toldOfSteps(system: System, result: CheckResult): CheckResult {
  return hasSerials(system) ? withGrowing(system, result, false) : result;
}

function withGrowing(system: System, result: CheckResult, isSettled: boolean): CheckResult {
  return withTraces(result, (trace, more) => growingTrace(system, trace, { isSettled, ...more(system) }));
}
