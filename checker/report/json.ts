import * as z from 'zod';
import manifest from '../../package.json' with { type: 'json' };
import type { SourceFile } from '../../dsl/diagnostics/span.ts';
import { visible } from '../../dsl/diagnostics/visible.ts';
import type { ObjectValue } from '../../dsl/ir/index.ts';
import type {
  Cure,
  Failure,
  FairnessEvidence,
  Hindrance,
  Trace,
  TraceStep,
  WaitSubject,
} from '../counterexample/behavior.ts';
import type { Outcome, PropertyAdvice, Reduction } from '../verdict/verdict.ts';
import { conditionPart, conditionPartToJson, falsity, falsityToJson } from './falsity-json.ts';
import { place, placeOf, value, valueToJson } from './json-part.ts';
import type { JsonValue } from './json-part.ts';
import type { RunEnd } from './reporter.ts';
import { formatCall, formatPlace } from '../../dsl/ir/index.ts';
import { nameOfWait } from '../counterexample/waits.ts';
import { wordRefusal } from '../plan/refusal.ts';
import { formatActor, formatAssumption, formatStep } from '../plan/step-name.ts';
import { wordWarning } from '../verdict/warning-words.ts';
import { wordFailing } from './wording.ts';
import { standingOf } from './standing.ts';
import type { CheckedModel } from './text-options.ts';
import type { EngineKind } from '../engine/next-state.ts';
/** Raised when a program that reads reports would misread the new ones; additions do not raise it. */
export const REPORT_VERSION = 1;

const failure = z.object({ message: z.string(), place, step: z.string().optional() });

const hindrance = z.object({
  step: z.string(),
  place,
  reads: z.array(z.object({ path: z.string(), value })),
});

const assumption = z.object({ strength: z.enum(['weak', 'strong']), name: z.string() });
const further = assumption.extend({
  when: z.string().optional().describe('An expression of the spec: only steps where it holds count.'),
  isUnpromised: z
    .boolean()
    .optional()
    .describe('Whether it is about steps that no fairness of the spec is about, though it is about others.'),
});

const inaction = z.enum(['waits', 'runs', 'ended', 'spent', 'unforced']);

const subject = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('mutex'), object: z.string(), holder: value }),
    z.object({ kind: z.enum(['condvar', 'semaphore', 'barrier', 'reading', 'writing']), object: z.string() }),
    z.object({
      kind: z.literal('comparison'),
      place: z.string(),
      operator: z.enum(['equal', 'notEqual', 'less', 'lessOrEqual', 'greater', 'greaterOrEqual']),
      value,
      now: value,
    }),
    z.object({ kind: z.literal('member'), place: z.string(), element: value, isWanted: z.boolean() }),
  ])
  .describe('What is waited for, where it is a primitive of fairlead/sync or one comparison.');

const trace = z.object({
  states: z.array(z.record(z.string(), value)).describe('One more than there are steps; the first is initial.'),
  steps: z.array(
    z.object({
      label: z.string().describe('The action with its arguments: expire(r0).'),
      action: z.string(),
      arguments: z.array(value),
      changes: z.array(z.object({ path: z.string(), from: value, to: value })),
      idle: z
        .array(z.object({ path: z.string(), kind: z.enum(['wokeNobody', 'unchanged']) }))
        .optional()
        .describe('What it wrote and did not change.'),
      decidedBy: z
        .array(conditionPart)
        .optional()
        .describe(
          'Parts of its conditions, as they were in the state before, without which it would have led elsewhere.',
        ),
      refused: z.array(subject).optional().describe('What it tried to take and did not get.'),
      waitsNext: hindrance
        .extend({ subject: subject.optional() })
        .optional()
        .describe('Why the next step of its thread is not possible in the state after it.'),
      place,
    }),
  ),
  loop: z
    .int()
    .optional()
    .describe(
      'For a behavior that goes on forever: the index of the state to which the last step leads back; the number of steps for stuttering.',
    ),
  grown: z
    .array(z.string())
    .optional()
    .describe('For a behavior that goes on forever: the domains of `serial` whose values have grown when it is back.'),
  fairness: z
    .array(
      z.object({
        strength: z.enum(['weak', 'strong']),
        name: z.string(),
        evidence: z.discriminatedUnion('kind', [
          z.object({ kind: z.literal('taken'), step: z.int(), by: z.string().optional() }),
          z.object({ kind: z.literal('disabled'), state: z.int(), because: hindrance.optional() }),
          z.object({ kind: z.literal('neverEnabled'), because: hindrance.optional() }),
        ]),
      }),
    )
    .optional()
    .describe('Why the behavior is fair to each assumption in force.'),
  unfairTo: z
    .array(further)
    .optional()
    .describe('Assumptions not in force, each of which would exclude it, though maybe no other counterexample.'),
  cure: z
    .object({
      kind: z.enum(['assume', 'none']).describe('`none`: whatever fairness is assumed, some counterexample remains.'),
      choices: z.array(z.array(further)).optional().describe('With any one of them the property holds.'),
      partial: z.array(further).describe('Of `unfairTo`, what would not do by itself.'),
    })
    .optional()
    .describe('What would have to be assumed as well for the property to hold; absent when that was not found out.'),
  waitsFor: z
    .object({
      state: z.int(),
      waits: z.array(
        hindrance.extend({
          who: z.string(),
          name: z
            .string()
            .describe('What to call who waits: the thread, or the step of an action outside of processes.'),
          subject: subject.optional(),
          since: z
            .int()
            .optional()
            .describe('The index of the step since which what is read is as it is; absent: from the beginning.'),
          on: z.array(z.string()).describe('Who could end the wait, were they not waiting or idle themselves.'),
          steps: z
            .array(z.array(z.object({ label: z.string(), because: inaction, step: z.int().optional() })))
            .describe(
              'The steps by which each of `on` could; none for a thread. `step`: where one that is spent was taken.',
            ),
          because: z.array(inaction).describe('Why those of `on` do not.'),
          isHopeless: z.boolean().describe('Nobody can end the wait any more.'),
          missed: z
            .array(z.object({ label: z.string(), step: z.int() }))
            .describe('For a hopeless wait: steps taken before that end such waits, by their last index.'),
          isEverEnded: z
            .boolean()
            .optional()
            .describe('Whether some step ends such a wait in some reachable state; absent when that is not known.'),
          wayOut: z.array(z.string()).optional().describe('The labels of a shortest way to the end of the wait.'),
        }),
      ),
      circle: z
        .array(z.string())
        .describe('Of whom each could end the wait of the one before; one alone waits for itself.'),
      isComplete: z.boolean().describe('Whether all reachable states were asked who could end the waits.'),
      finished: z
        .object({ condition: z.string().optional() })
        .optional()
        .describe('The system may simply have finished; the condition of a `terminal` that would say so.'),
    })
    .optional()
    .describe('Who waits where nothing more happens to them.'),
  falsity: falsity.optional().describe('What makes an invariant, a step property or a `verify` false at the end.'),
  bindings: z.record(z.string(), value).optional().describe('The values that a quantified property was violated at.'),
});

const cut = z.object({
  kind: z.enum(['within', 'states', 'time', 'memory', 'interrupted', 'fingerprints', 'violation', 'simulation']),
  runs: z.int().optional(),
  depth: z.int().optional(),
  seed: z.int().optional(),
  scheduler: z.string().optional(),
  limit: z.number().optional(),
  needed: z.number().optional().describe('Of memory: bytes without which nothing could begin.'),
  isFull: z.literal(true).optional().describe('Of memory: the system has no addresses for more.'),
  odds: z.number().optional(),
  names: z.array(z.string()).optional(),
});

const outcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('holds') }),
  z.object({
    kind: z.literal('violated'),
    trace,
    failure: failure.optional(),
    ways: z
      .array(z.object({ states: z.int().describe('How many states are like that.'), trace }))
      .optional()
      .describe(
        'Each way in which the system hangs, or with --all in which an invariant is violated, with its nearest state; nearest first.',
      ),
  }),
  z.object({ kind: z.literal('reached'), trace }),
  z.object({ kind: z.literal('unreachable') }),
  z.object({ kind: z.literal('bounded'), cut }),
  z.object({ kind: z.literal('error'), message: z.string() }),
]);

const model = z.object({
  path: z.string().describe('Of the file.'),
  spec: z.string(),
  model: z.string(),
  parameters: z.record(z.string(), value),
  changedParameters: z
    .array(z.string())
    .describe('Those that are not as the model declares; then its expectations do not apply.'),
  standing: z.enum(['asExpected', 'notAsExpected', 'stopped', 'refused']),
  statistics: z.object({
    engine: z.enum(['compiled', 'interpreted', 'webassembly']).describe('`compiled`: generated JavaScript.'),
    engineNote: z.string().optional(),
    initial: z.int(),
    distinct: z.int(),
    isReduced: z
      .literal(true)
      .optional()
      .describe(
        'Numbers are of the part of the state graph that was explored: steps that can come later were put off.',
      ),
    kept: z
      .int()
      .optional()
      .describe('How many of them were kept, each for those that only differ in which interchangeable id is which.'),
    transitions: z.int(),
    depth: z.int(),
    levels: z.array(z.int()).optional().describe('States first reached after 0, 1, 2, … steps; only with --html.'),
    cut: cut.optional(),
    searchTime: z.number().describe('Milliseconds.'),
    livenessTime: z.number().describe('Milliseconds.'),
    searchProcessorTime: z.number().optional().describe('Milliseconds, of all threads.'),
  }),
  reduction: z
    .object({
      kind: z.enum(['none', 'symmetry', 'order']),
      interchangeable: z.array(z.object({ set: z.string(), ids: z.array(z.string()) })),
      toldApart: z
        .array(z.object({ set: z.string(), ids: z.array(z.string()).optional(), message: z.string(), place }))
        .describe('What tells ids of a set apart; without `ids`: all of them.'),
      because: z
        .enum(['temporal', 'everything', 'engine', 'size', 'steps', 'within', 'compact', 'disturbing'])
        .optional(),
    })
    .optional()
    .describe('What was done to look at fewer states than there are; absent where the model has no ids.'),
  deadlocks: z
    .literal('ignored')
    .optional()
    .describe('The spec or the model says that deadlocks do not matter: none was looked for.'),
  distinctMismatch: z.object({ expected: z.int(), actual: z.int() }).optional(),
  verdicts: z.array(
    z.object({
      kind: z.enum(['deadlock', 'evaluation', 'invariant', 'step', 'sometimes', 'property']),
      name: z.string(),
      doc: z.string(),
      place,
      expected: z.enum(['holds', 'violated', 'reached', 'unreachable', 'any']),
      asExpected: z.boolean(),
      outcome,
      vacuous: z
        .object({
          kind: z
            .enum(['antecedent', 'elements', 'constant'])
            .describe(
              '`antecedent`: the left side of an implication or `leadsTo` that stands there never holds; `elements`: what stands there is always empty; `constant`: what stands there is true whatever the state is.',
            ),
          place,
        })
        .optional()
        .describe('It holds, but says nothing about this model: why.'),
    }),
  ),
  warnings: z.array(z.object({ kind: z.string(), message: z.string(), place })),
  coverage: z
    .array(z.object({ action: z.string(), label: z.string(), fired: z.int(), discovered: z.int() }))
    .describe('For each action instance: its successors, and the states that it was the first to find.'),
  branches: z
    .array(
      z.object({
        action: z.string(),
        arm: z.union([z.enum(['whenTrue', 'whenFalse']), z.int()]),
        place,
        steps: z.int(),
      }),
    )
    .optional()
    .describe('For each branch of an action: the completed steps that went through it, when that was asked for.'),
  names: z
    .object({
      names: z.record(z.string(), z.string()),
      labels: z.record(z.string(), z.record(z.string(), z.string())),
    })
    .optional()
    .describe(
      'What the text report says in place of names that the compiler has made: of actions and variables, and of labels by the variable that says where threads stand. Changes when lines move.',
    ),
  fairness: z
    .array(z.string())
    .optional()
    .describe('The fairness sets that took the place of what the properties say, when some did.'),
  advice: z
    .array(
      z.object({
        property: z.string(),
        kind: z.enum(['needs', 'add', 'none']),
        assumptions: z.array(
          further.extend({
            set: z.string().optional().describe('The fairness set that makes it.'),
            isMadeStrong: z
              .boolean()
              .optional()
              .describe('That set makes it as strong fairness, of which weak is enough.'),
          }),
        ),
      }),
    )
    .optional()
    .describe('What fairness each temporal property needs, when that was asked for.'),
  refusals: z.array(failure).describe('Why the model cannot be checked at all.'),
});

/** What `fairlead check --format json` prints; docs/json.md says it in words. */
export const reportSchema = z.object({
  format: z.literal('fairlead-report'),
  version: z.literal(REPORT_VERSION),
  fairlead: z.string().describe('The version of Fairlead that wrote it.'),
  exitCode: z.int(),
  diagnostics: z.array(
    z.object({
      code: z.string(),
      severity: z.enum(['error', 'warning']),
      message: z.string(),
      help: z.string().optional(),
      place,
      related: z.array(z.object({ text: z.string(), place })),
    }),
  ),
  rejected: z.array(z.string()).describe('Files that were rejected.'),
  skipped: z.int().describe('Models that were not begun because the run was interrupted, or something had failed.'),
  grown: z
    .array(z.object({ model: z.string(), before: z.int(), now: z.int() }))
    .optional()
    .describe('Models that have more states than the baseline lets them have; only with --baseline.'),
  models: z.array(model),
});

type Report = z.infer<typeof reportSchema>;

/** A run with its models. */
export interface ReportedRun extends RunEnd {
  readonly checked: readonly CheckedModel[];
}

/** A run as one JSON document, indented, without a line break at the end. */
export function reportToJson(run: ReportedRun): string {
  const report: Report = {
    format: 'fairlead-report',
    version: REPORT_VERSION,
    fairlead: manifest.version,
    exitCode: run.exitCode,
    diagnostics: run.diagnostics.map(({ diagnostic, files }) => ({
      code: diagnostic.code,
      severity: diagnostic.severity,
      message: diagnostic.message,
      ...(diagnostic.help !== undefined && { help: diagnostic.help }),
      place: placeOf(diagnostic.primary.span, files),
      related: diagnostic.related.map(({ text, span }) => ({ text, place: placeOf(span, files) })),
    })),
    rejected: [...run.rejected],
    skipped: run.skipped,
    ...(run.grown !== undefined && { grown: [...run.grown] }),
    models: run.checked.map(modelToJson),
  };
  return visible(JSON.stringify(report, undefined, 2));
}

type JsonModel = Report['models'][number];

/** What engines are called in reports of this version. */
const ENGINE_NAMES: Readonly<Record<EngineKind, JsonModel['statistics']['engine']>> = {
  webassembly: 'webassembly',
  javascript: 'compiled',
  interpreted: 'interpreted',
};

function modelToJson({ path, files, result, changed, fairness, names }: CheckedModel): JsonModel {
  const { statistics, distinctMismatch } = result;
  return {
    path,
    spec: result.spec,
    model: result.model,
    parameters: valuesToJson(result.parameters),
    changedParameters: [...changed],
    standing: standingOf(result),
    statistics: {
      ...statistics,
      engine: ENGINE_NAMES[statistics.engine],
      cut: statistics.cut && { ...statistics.cut },
    } as JsonModel['statistics'],
    ...(result.reduction !== undefined && { reduction: reductionToJson(result.reduction, files) }),
    ...(result.deadlocks !== undefined && { deadlocks: result.deadlocks }),
    ...(distinctMismatch !== undefined && { distinctMismatch }),
    verdicts: result.verdicts.map((verdict) => ({
      kind: verdict.kind,
      name: verdict.name,
      doc: verdict.doc,
      place: placeOf(verdict.span, files),
      expected: verdict.expected,
      asExpected: verdict.asExpected,
      outcome: outcomeToJson(verdict.outcome, files),
      ...(verdict.vacuous !== undefined && {
        vacuous: { kind: verdict.vacuous.kind, place: placeOf(verdict.vacuous.span, files) },
      }),
    })),
    warnings: result.warnings.map((warning) => ({
      kind: warning.kind,
      message: wordWarning(warning),
      place: placeOf(warning.span, files),
    })),
    coverage: result.coverage.map(({ action, arguments: values, fired, discovered }) => ({
      action,
      label: formatCall(action, values),
      fired,
      discovered,
    })),
    ...(result.branches !== undefined && {
      branches: result.branches.map(({ span, ...branch }) => ({ ...branch, place: placeOf(span, files) })),
    }),
    ...(names !== undefined && {
      names: {
        names: Object.fromEntries(names.names),
        labels: Object.fromEntries(
          Array.from(names.labels, ([counter, labels]) => [counter, Object.fromEntries(labels)]),
        ),
      },
    }),
    ...(fairness !== undefined && { fairness: [...fairness] }),
    ...(result.advice !== undefined && {
      advice: result.advice.map((one) => ({ ...one, assumptions: one.assumptions.map(withoutReason) })),
    }),
    refusals: result.refusals.map((refusal) => ({
      message: wordRefusal(refusal),
      place: placeOf(refusal.span, files),
    })),
  };
}

/** What can happen without it is for pages alone. */
function withoutReason({
  strength,
  name,
  when,
  isUnpromised,
  set,
  isMadeStrong,
}: PropertyAdvice['assumptions'][number]) {
  return {
    strength,
    name,
    ...(when !== undefined && { when }),
    ...(isUnpromised !== undefined && { isUnpromised }),
    ...(set !== undefined && { set }),
    ...(isMadeStrong !== undefined && { isMadeStrong }),
  };
}

function reductionToJson(
  { kind, interchangeable, distinctions, because }: Reduction,
  files: readonly SourceFile[],
): JsonModel['reduction'] {
  return {
    kind,
    interchangeable: interchangeable.map(({ set, ids }) => ({ set, ids: [...ids] })),
    toldApart: distinctions.map(({ set, ids, message, span }) => ({
      set,
      ...(ids !== undefined && { ids: [...ids] }),
      message,
      place: placeOf(span, files),
    })),
    ...(because !== undefined && { because }),
  };
}

function outcomeToJson(given: Outcome, files: readonly SourceFile[]): z.infer<typeof outcome> {
  switch (given.kind) {
    case 'holds':
    case 'unreachable':
    case 'error':
      return given;
    case 'bounded':
      return { kind: 'bounded', cut: { ...given.cut } as z.infer<typeof cut> };
    case 'reached':
      return { kind: 'reached', trace: traceToJson(given.trace, files) };
    case 'violated':
      return {
        kind: 'violated',
        trace: traceToJson(given.trace, files),
        ...(given.failure !== undefined && { failure: failureToJson(given.failure, files) }),
        ...(given.ways !== undefined && {
          ways: given.ways.map((way) => ({ states: way.states, trace: traceToJson(way.trace, files) })),
        }),
      };
  }
}

/** Why a step went where it did, and what it did not get. */
function courseToJson({ decidedBy, refused, waitsNext }: TraceStep, files: readonly SourceFile[]) {
  return {
    ...(decidedBy !== undefined && { decidedBy: decidedBy.map((part) => conditionPartToJson(part, files)) }),
    ...(refused !== undefined && { refused: refused.map(subjectToJson) }),
    ...(waitsNext !== undefined && {
      waitsNext: {
        ...hindranceToJson(waitsNext, files),
        ...(waitsNext.subject !== undefined && { subject: subjectToJson(waitsNext.subject) }),
      },
    }),
  };
}

function traceToJson(given: Trace, files: readonly SourceFile[]): z.infer<typeof trace> {
  return {
    states: given.states.map(valuesToJson),
    steps: given.steps.map((step) => ({
      label: formatStep(step),
      action: step.action,
      arguments: step.arguments.map(valueToJson),
      changes: step.changes.map(({ place, from, to }) => ({
        path: formatPlace(place),
        from: valueToJson(from),
        to: valueToJson(to),
      })),
      ...(step.idle !== undefined && {
        idle: step.idle.map(({ place, kind }) => ({ path: formatPlace(place), kind })),
      }),
      ...courseToJson(step, files),
      place: placeOf(step.span, files),
    })),
    ...(given.loop !== undefined && { loop: given.loop }),
    ...(given.grown !== undefined && { grown: [...given.grown] }),
    ...(given.fairness !== undefined && {
      fairness: given.fairness.map(({ strength, about, evidence }) => ({
        strength,
        name: formatAssumption(about),
        evidence: evidenceToJson(evidence, files),
      })),
    }),
    ...(given.unfairTo !== undefined && { unfairTo: [...given.unfairTo] }),
    ...(given.cure !== undefined && { cure: cureToJson(given.cure) }),
    ...(given.waitsFor !== undefined && {
      waitsFor: {
        state: given.waitsFor.state,
        waits: given.waitsFor.waits.map((wait) => ({
          who: formatActor(wait.who),
          name: nameOfWait(wait),
          ...hindranceToJson(wait, files),
          ...(wait.subject !== undefined && { subject: subjectToJson(wait.subject) }),
          ...(wait.since !== undefined && { since: wait.since }),
          on: wait.on.map(formatActor),
          steps: wait.steps.map((steps) =>
            steps.map((one) => ({
              label: formatStep(one),
              because: one.because,
              ...(one.step !== undefined && { step: one.step }),
            })),
          ),
          because: [...wait.because],
          isHopeless: wait.isHopeless,
          missed: wait.missed.map((one) => ({ label: formatStep(one), step: one.step })),
          ...(wait.isEverEnded !== undefined && { isEverEnded: wait.isEverEnded }),
          ...(wait.wayOut !== undefined && { wayOut: wait.wayOut.map(formatStep) }),
        })),
        circle: given.waitsFor.circle.map(formatActor),
        isComplete: given.waitsFor.isComplete,
        ...(given.waitsFor.finished !== undefined && { finished: { ...given.waitsFor.finished } }),
      },
    }),
    ...(given.falsity !== undefined && { falsity: falsityToJson(given.falsity, files) }),
    ...(given.bindings !== undefined && { bindings: valuesToJson(given.bindings) }),
  };
}

function subjectToJson(given: WaitSubject): z.infer<typeof subject> {
  switch (given.kind) {
    case 'mutex':
      return { ...given, object: formatPlace(given.object), holder: valueToJson(given.holder) };
    case 'comparison': {
      const { kind, place: compared, operator, value: to, now } = given;
      return { kind, place: formatPlace(compared), operator, value: valueToJson(to), now: valueToJson(now) };
    }
    case 'member':
      return { ...given, place: formatPlace(given.place), element: valueToJson(given.element) };
    default:
      return { ...given, object: formatPlace(given.object) };
  }
}

type Evidence = FairnessEvidence['evidence'];
type JsonCure = NonNullable<z.infer<typeof trace>['cure']>;
type JsonEvidence = NonNullable<z.infer<typeof trace>['fairness']>[number]['evidence'];

function cureToJson({ kind, partial, ...rest }: Cure): JsonCure {
  const choices = 'choices' in rest ? { choices: rest.choices.map((choice) => [...choice]) } : {};
  return { kind, ...choices, partial: [...partial] };
}

function evidenceToJson(evidence: Evidence, files: readonly SourceFile[]): JsonEvidence {
  if (evidence.kind === 'taken') {
    const { by, ...taken } = evidence;
    return { ...taken, ...(by !== undefined && { by: formatStep(by) }) };
  }
  const { because, ...rest } = evidence;
  return because === undefined ? rest : { ...rest, because: hindranceToJson(because, files) };
}

function hindranceToJson({ step, span, reads }: Hindrance, files: readonly SourceFile[]): z.infer<typeof hindrance> {
  return {
    step: formatStep(step),
    place: placeOf(span, files),
    reads: reads.map((read) => ({ path: formatPlace(read.place), value: valueToJson(read.value) })),
  };
}

function failureToJson({ message, span, step }: Failure, files: readonly SourceFile[]): z.infer<typeof failure> {
  return { message, place: placeOf(span, files), ...(step !== undefined && { step: wordFailing(step) }) };
}

function valuesToJson(given: ObjectValue): Record<string, JsonValue> {
  return Object.fromEntries(Object.entries(given).map(([name, field]) => [name, valueToJson(field)]));
}
