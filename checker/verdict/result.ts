import type { Model, System } from '../../dsl/ir/index.ts';
import type { CheckOptions } from '../options.ts';
import type { Refusal } from '../plan/refusal.ts';
import type { Plan } from '../plan/plan.ts';
import { stepNameOf } from '../plan/step-name.ts';
import type { Because } from '../plan/vacuity.ts';
import type { Exploration } from '../search/exploration.ts';
import { cutOf } from './answer.ts';
import type { Answer } from './answer.ts';
import { expectedOf } from './expected.ts';
import type { Judged } from './judge.ts';
import { withReads } from './read-variables.ts';
import type { CheckResult, Outcome, Statistics, Verdict } from './verdict.ts';

/** Holds the answers against what the model expects. */
export function resultOf(
  plan: Plan,
  exploration: Exploration,
  { safety, temporal, vacuous, warnings }: Judged,
  options: CheckOptions,
  run: Pick<Statistics, 'engine' | 'engineNote' | 'searchTime' | 'livenessTime' | 'searchProcessorTime'>,
): CheckResult {
  const { system } = plan;
  const cut = exploration.cut ?? temporal.cut ?? cutOf(plan, exploration);
  const { distinct } = exploration;
  const verdicts = [...safety.map((answer) => withEvaluation(answer, temporal.evaluation)), ...temporal.answers]
    .filter(({ name }) => options.properties === undefined || options.properties.includes(name))
    .map((answer) => verdictOf(system.model, withReads(system, aboutNothing(plan, exploration, answer))))
    .map((verdict) => withVacuity(verdict, vacuous?.get(verdict.name)));
  const isAsked = options.properties === undefined || options.properties.includes('deadlock');
  const isOrdered = exploration.isOrdered === true;
  // What was explored is not all there is.
  const mismatch = isOrdered ? undefined : distinctMismatch(system.model, distinct, exploration);
  return {
    ...identityOf(system),
    statistics: {
      ...run,
      initial: exploration.levels[0] ?? 0,
      ...(exploration.symmetry !== undefined && { kept: exploration.states.count }),
      ...(isOrdered && { isReduced: true as const }),
      distinct,
      transitions: exploration.transitions,
      depth: exploration.depth,
      ...(options.levels === true && { levels: exploration.levels }),
      ...(cut === undefined ? {} : { cut }),
    },
    verdicts,
    asExpected: mismatch === undefined && verdicts.every(({ asExpected }) => asExpected),
    ...(system.model.deadlocks === 'ignored' && isAsked && { deadlocks: 'ignored' }),
    ...(mismatch === undefined ? {} : { distinctMismatch: mismatch }),
    warnings,
    ...(temporal.advice === undefined ? {} : { advice: temporal.advice }),
    coverage: plan.instances.map((instance) => ({
      ...stepNameOf(instance),
      fired: exploration.fired[instance.id]!,
      discovered: exploration.discovered[instance.id]!,
    })),
    ...(options.coverage === true && {
      branches: plan.branches.list.map(({ id, action, arm, span }) => ({
        action: action.name,
        arm,
        span,
        steps: exploration.branches[id]!,
      })),
    }),
    refusals: [],
  };
}

/** The result for a model that is too large to be laid out: no verdicts, and not as expected. */
export function refusedResult(system: System, refusals: readonly Refusal[]): CheckResult {
  const none = { initial: 0, distinct: 0, transitions: 0, depth: 0, searchTime: 0, livenessTime: 0 };
  return {
    ...identityOf(system),
    statistics: { engine: 'interpreted', ...none },
    verdicts: [],
    asExpected: false,
    warnings: [],
    coverage: [],
    refusals,
  };
}

function identityOf(system: System): Pick<CheckResult, 'spec' | 'model' | 'parameters'> {
  return {
    spec: system.name,
    model: system.model.name,
    parameters: Object.fromEntries(system.parameters.map(({ name, value }) => [name, value])),
  };
}

/** A formula or a guard of fairness that fails is a failed evaluation, if the search itself has met none. */
function withEvaluation(answer: Answer, failed: Outcome | undefined): Answer {
  const isOpen = answer.kind === 'evaluation' && answer.outcome.kind !== 'violated';
  return isOpen && failed !== undefined ? { ...answer, outcome: failed } : answer;
}

/** Without any state nothing is wrong, and nothing is right either. */
function aboutNothing(plan: Plan, exploration: Exploration, answer: Answer): Answer {
  if (exploration.states.count > 0 || exploration.cut !== undefined) return answer;
  if (answer.outcome.kind === 'violated' || answer.outcome.kind === 'reached') return answer;
  const cut = cutOf(plan, exploration);
  const names = cut?.kind === 'within' ? cut.names.join(', ') : '';
  const message =
    cut === undefined
      ? exploration.evaluation === undefined
        ? 'there is no initial state: `init` cannot be done in any way'
        : 'there is no initial state: what makes it fails'
      : `there is nothing to explore: no initial state is within ${names}`;
  return { ...answer, outcome: { kind: 'error', message } };
}

function withVacuity(verdict: Verdict, because: Because | undefined): Verdict {
  return because === undefined || verdict.outcome.kind !== 'holds' ? verdict : { ...verdict, vacuous: because };
}

function verdictOf(model: Model, answer: Answer): Verdict {
  const expected = expectedOf(model, answer);
  return { ...answer, expected, asExpected: meets(expected, answer) };
}

function meets(expected: Verdict['expected'], { outcome }: Answer): boolean {
  switch (outcome.kind) {
    case 'bounded':
      // The author of a `within` asked for no more than this; whoever set a limit on a run did not get an answer.
      if (outcome.cut.kind === 'within') return expected === 'holds' || expected === 'unreachable';
      // Random runs that find nothing contradict nothing.
      return outcome.cut.kind === 'simulation';
    case 'error':
      return false;
    case 'holds':
    case 'violated':
    case 'reached':
    case 'unreachable':
      return expected === 'any' || expected === outcome.kind;
  }
}

function distinctMismatch(model: Model, actual: number, exploration: Exploration): CheckResult['distinctMismatch'] {
  const expected = model.distinct;
  if (expected === undefined || expected === actual) return undefined;
  // A run that was stopped early has only disproved the number when it has already found more.
  return exploration.cut !== undefined && actual < expected ? undefined : { expected, actual };
}
