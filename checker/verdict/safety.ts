import type { Named, System } from '../../dsl/ir/index.ts';
import { withFailedVerify, withFalsity } from '../counterexample/broken.ts';
import type { AlikeStates } from '../counterexample/alike-states.ts';
import { courseOf } from '../counterexample/explanation.ts';
import type { Explainer } from '../counterexample/explanation.ts';
import { failureOf, replay } from '../counterexample/replay.ts';
import type { Telling } from '../counterexample/replay.ts';
import { waysToViolate } from '../counterexample/ways-to-violate.ts';
import { waysToHang } from '../counterexample/ways-to-hang.ts';
import type { CheckOptions } from '../options.ts';
import type { Exploration, Finding } from '../search/exploration.ts';
import { pathTo } from '../search/path.ts';
import type { Answer, Searched, TellingOf } from './answer.ts';
import { cutOf, TELL_ALL } from './answer.ts';
import type { Outcome, Trace, VerdictKind, Way } from './verdict.ts';

interface SafetyOptions {
  /** Whether deadlocks are judged. */
  readonly deadlock: boolean;
  /** See the option of the same name. */
  readonly allWays?: boolean | undefined;
  readonly tellingOf?: TellingOf;
}

/** The answers that the search itself gives: deadlock, evaluation, invariants, step properties, `sometimes`. */
export function safetyAnswers(
  { plan, engine, exploration, explained, explainer }: Searched,
  { deadlock, allWays = false, tellingOf = TELL_ALL }: SafetyOptions,
): readonly Answer[] {
  const { system } = plan;
  const cut = cutOf(plan, exploration);
  const nothing: Outcome = cut === undefined ? { kind: 'holds' } : { kind: 'bounded', cut };
  const violation = (
    asked: Asked,
    finding: Finding | undefined,
    predicate?: number,
    among: Exploration = exploration,
  ): Outcome =>
    finding === undefined
      ? nothing
      : violatedBy({ plan, engine, exploration: among }, finding, tellingOf(asked, 'violated'), predicate);
  /**
   * What is told of a violation: where steps were put off, or all states are asked about it, that which is found among the
   * nearest of all states.
   */
  const nearest = (
    asked: Asked,
    findingIn: (found: Exploration) => Finding | undefined,
    ofAll = exploration.isOrdered === true,
  ): { readonly finding: Finding | undefined; readonly among: Exploration } => {
    const finding = findingIn(exploration);
    const isAsked = finding !== undefined && ofAll && tellingOf(asked, 'violated') === 'full';
    const other = isAsked ? findingIn(explained()) : undefined;
    return other === undefined ? { finding, among: exploration } : { finding: other, among: explained() };
  };
  /** Each group told by its nearest state; that of the finding by the trace that there is already. */
  const waysOf = (
    groups: readonly AlikeStates[],
    { among, finding, known }: Told,
    explain: (trace: Trace) => Trace,
  ): readonly Way[] =>
    groups.map(({ nearest, count }) => {
      if (nearest === finding.state) return { states: count, trace: known };
      return { states: count, trace: explain(replay(plan, pathTo(engine, among, { state: nearest }))) };
    });
  /** A deadlock with who waits for whom, and with all the ways in which the system hangs, where they can be told. */
  const hanging = (): Outcome => {
    const asked = { kind: 'deadlock', name: 'deadlock' } as const;
    // Ways in which the system hangs are told of all states, and the nearest of them is the first of these ways.
    const { finding, among } = nearest(asked, ({ deadlock: found }) => found, true);
    const outcome = violation(asked, finding, undefined, among);
    if (outcome.kind !== 'violated' || outcome.trace.isBrief === true) return outcome;
    const explain = (trace: Trace): Trace => withWaits(explainer, trace);
    const told = { ...outcome, trace: explain(outcome.trace) };
    const explored = explainer.explored();
    if (explored === undefined) return told;
    const waitsAt = (state: number) => explainer.waitsAt(plan.layout.decode(among.states.wordsOf(state), 0));
    const groups = waysToHang(plan, engine, among, explored, waitsAt)?.slice(0, MOST_WAYS);
    if (groups === undefined) return told;
    return { ...told, ways: waysOf(groups, { among, finding: finding!, known: told.trace }, explain) };
  };
  /** A violated invariant with all the ways in which it is, when that is asked for. */
  const withFalseWays = (outcome: Outcome, finding: Finding | undefined, predicate: number): Outcome => {
    const isAsked = allWays && outcome.kind === 'violated' && outcome.trace.isBrief !== true;
    const explored = isAsked ? explainer.explored() : undefined;
    if (outcome.kind !== 'violated' || outcome.failure !== undefined || explored === undefined) return outcome;
    const groups = waysToViolate(plan, engine, exploration, explored, predicate);
    if (typeof groups === 'string') return { ...outcome, waysUntold: groups };
    const explain = (trace: Trace): Trace => withFalsity(plan, trace, predicate);
    const told = { among: exploration, finding: finding!, known: outcome.trace };
    return { ...outcome, ways: waysOf(groups, told, explain) };
  };
  const named = (kind: VerdictKind, { name, doc, span }: Named, outcome: Outcome): Answer => ({
    kind,
    name,
    doc,
    span,
    outcome,
  });
  const builtIn = (kind: 'deadlock' | 'evaluation', outcome: Outcome): Answer => ({
    kind,
    name: kind,
    doc: BUILT_IN[kind],
    span: system.span,
    outcome,
  });
  const failing = (): Outcome => {
    const asked = { kind: 'evaluation', name: 'evaluation' } as const;
    const { finding, among } = nearest(asked, ({ evaluation }) => evaluation);
    return violation(asked, finding, undefined, among);
  };

  const invariantOutcome = ({ name }: Named, index: number): Outcome => {
    const predicate = plan.roles.invariants[index]!;
    const asked = { kind: 'invariant', name } as const;
    const { finding, among } = nearest(asked, ({ invariants }) => invariants[index]);
    return withFalseWays(violation(asked, finding, predicate, among), finding, predicate);
  };

  return [
    ...(deadlock ? [builtIn('deadlock', hanging())] : []),
    builtIn('evaluation', failing()),
    ...system.invariants.map((one, index) => named('invariant', one, invariantOutcome(one, index))),
    ...system.steps.map((one, index) =>
      named(
        'step',
        one,
        violation({ kind: 'step', name: one.name }, exploration.steps[index], plan.roles.steps[index]),
      ),
    ),
    ...system.sometimes.map((one, index) => {
      const asked = { kind: 'sometimes', name: one.name } as const;
      const witness = exploration.sometimes[index];
      if (witness !== undefined) {
        const trace = replay(plan, pathTo(engine, exploration, witness), tellingOf(asked, 'reached'));
        return named('sometimes', one, { kind: 'reached', trace });
      }
      return named('sometimes', one, cut === undefined ? { kind: 'unreachable' } : { kind: 'bounded', cut });
    }),
  ];
}

type Asked = Parameters<TellingOf>[0];

/** A violation that was found, and among which states. */
interface Told {
  readonly among: Exploration;
  readonly finding: Finding;
  readonly known: Trace;
}

/** So many ways to hang are reported. */
const MOST_WAYS = 8;

/** Says at the end of a trace who waits for whom. */
function withWaits(explainer: Explainer, trace: Trace): Trace {
  const waitsFor = explainer.waitsIn(courseOf(trace), new Set());
  return waitsFor === undefined ? trace : { ...trace, waitsFor };
}

const BUILT_IN = {
  deadlock: 'Every reachable state has a next step, or is a proper end.',
  evaluation: 'No step and no predicate fails: `verify`, values outside their domains, indices.',
};

/** @param predicate - what is false at the end, in the plan; absent: something else is wrong there. */
function violatedBy(
  { plan, engine, exploration }: Pick<Searched, 'plan' | 'engine' | 'exploration'>,
  finding: Finding,
  telling: Telling,
  predicate?: number,
): Outcome {
  const path = pathTo(engine, exploration, finding);
  const failure = failureOf(plan, path, finding);
  const trace = replay(plan, path, failure === undefined ? telling : 'full');
  if (trace.isBrief === true) return { kind: 'violated', trace };
  if (failure === undefined) {
    return { kind: 'violated', trace: predicate === undefined ? trace : withFalsity(plan, trace, predicate) };
  }
  const { failedInstance } = path;
  const told = failedInstance === undefined ? trace : withFailedVerify(plan, trace, failedInstance);
  return { kind: 'violated', trace: told, failure };
}

/** Whether deadlocks are looked for. */
export function judgesDeadlocks({ model }: System, { deadlock }: Pick<CheckOptions, 'deadlock'>): boolean {
  return deadlock !== false && model.deadlocks !== 'ignored';
}
