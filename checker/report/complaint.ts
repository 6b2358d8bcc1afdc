import type { Diagnostic } from '../../dsl/diagnostics/diagnostic.ts';
import type { SourceFile, Span } from '../../dsl/diagnostics/span.ts';
import { lineOf } from '../../dsl/diagnostics/span.ts';
import { formatPlace, formatValue } from '../../dsl/ir/index.ts';
import type { Failure, Trace, TraceStep } from '../counterexample/behavior.ts';
import { wordPart } from '../counterexample/falsity-words.ts';
import { nameOfWait } from '../counterexample/waits.ts';
import { wordRefusal } from '../plan/refusal.ts';
import { formatStep } from '../plan/step-name.ts';
import type { CheckResult, Verdict } from '../verdict/verdict.ts';
import { wordWarning } from '../verdict/warning-words.ts';
import type { ReportedModel } from './reporter.ts';
import type { CommonWarning } from './warning-text.ts';
import { formatParameters } from './text.ts';
import { renderTrace, titleOf } from './trace-text.ts';
import { told } from './told-result.ts';
import { formatCount, nameOf, wordCut, wordFailing } from './wording.ts';

/** Something that is not as it should be, for those who show one thing at a place: an editor, a service for reviews. */
export interface Complaint {
  readonly level: 'error' | 'warning';
  readonly rule: Rule | Diagnostic['code'];
  /** One line. */
  readonly message: string;
  /** Where it is best shown; what nobody wrote has no place. */
  readonly span: Span;
  readonly files: readonly SourceFile[];
  /** Other places that take part: the last step, the guard that fails, and the steps that led there, in their order. */
  readonly related: readonly RelatedPlace[];
  /** The steps of a counterexample. */
  readonly steps: readonly RelatedPlace[];
  /** The whole story, in lines of 100 cells; empty where the message says all. */
  readonly story: string;
  readonly trace?: Trace;
}

export interface RelatedPlace {
  readonly span: Span;
  readonly message: string;
}

/** What kinds of complaints there are about a model; those about a file have the code of their diagnostic. */
type Rule =
  | 'deadlock'
  | 'failing-step'
  | 'invariant'
  | 'step-property'
  | 'sometimes'
  | 'temporal-property'
  | 'not-violated'
  | 'not-decided'
  | 'state-count'
  | 'cannot-be-checked'
  | 'warning';

/** What each kind is about, in a sentence. */
export const RULES: Readonly<Record<Rule, string>> = {
  deadlock: 'A state is reachable from which nothing can happen.',
  'failing-step': 'A step fails: `verify`, a value outside of its domain, an index outside of a sequence.',
  invariant: 'A reachable state violates an invariant.',
  'step-property': 'A step violates a step property.',
  sometimes: 'No reachable state is as a `sometimes` says, or one is that is expected to be unreachable.',
  'temporal-property': 'A fair behavior violates a temporal property.',
  'not-violated': 'A model expects something to go wrong that does not.',
  'not-decided': 'The search stopped before there was an answer.',
  'state-count': 'A model has another number of states than it says.',
  'cannot-be-checked': 'A model is too large, or has something that cannot be checked.',
  warning: 'Something of a spec has no effect in any of its models.',
};

/** What is not as a model expects, in words for people. */
export function complaintsOf(model: ReportedModel): readonly Complaint[] {
  const { files, system } = model;
  const result = told(model.names, model.result);
  const which = nameOfModel(model);
  const plain = { files, related: [], steps: [], story: '' };
  const complaints: Complaint[] = result.refusals.map((refusal) => ({
    ...plain,
    level: 'error',
    rule: 'cannot-be-checked',
    message: `${which}: ${wordRefusal(refusal)}`,
    span: refusal.span,
  }));
  for (const verdict of result.verdicts) {
    if (!verdict.asExpected) complaints.push(complaintAbout(verdict, result, which, model));
  }
  if (result.distinctMismatch !== undefined) {
    const { expected, actual } = result.distinctMismatch;
    const message = `${which}: ${formatCount(actual)} distinct states, but the model says ${formatCount(expected)}`;
    complaints.push({ ...plain, level: 'error', rule: 'state-count', message, span: system.model.span });
  }
  return complaints;
}

/** What is true of all models of a spec, or of a file that several specs import. */
export function complaintsOfWarnings(warnings: readonly CommonWarning[]): readonly Complaint[] {
  return warnings.map(({ warning, files }) => ({
    level: 'warning',
    rule: 'warning',
    message: wordWarning(warning),
    span: warning.span,
    files,
    related: [],
    steps: [],
    story: '',
  }));
}

/** What the compiler has to say about a file. */
export function complaintOf(diagnostic: Diagnostic, files: readonly SourceFile[]): Complaint {
  const { code, severity, message, primary, related, help } = diagnostic;
  return {
    level: severity,
    rule: code,
    message,
    span: primary.span,
    files,
    related: related.map(({ span, text }) => ({ span, message: text })),
    steps: [],
    story: help ?? '',
  };
}

/** `lock two threads=2`: a model, with the parameters that the command has changed. */
export function nameOfModel({ result, changed }: Pick<ReportedModel, 'result' | 'changed'>): string {
  const given = changed.length === 0 ? '' : ` ${formatParameters(result.parameters, changed)}`;
  return `${result.spec} ${result.model}${given}`;
}

/** What came out of one property, in a sentence without a point. */
export function wordOutcome(verdict: Verdict, result: CheckResult): string {
  const { outcome } = verdict;
  switch (outcome.kind) {
    case 'violated':
      return titleOf(verdict, outcome);
    case 'reached':
      return `${titleOf(verdict, outcome)}, but is expected to be unreachable`;
    case 'holds':
      return `${nameOf(verdict)} holds, but is expected to be violated`;
    case 'unreachable':
      return `${nameOf(verdict)} is unreachable`;
    case 'bounded': {
      const { cut } = result.statistics;
      return `${nameOf(verdict)} is not decided${cut === undefined ? '' : `: ${wordCut(cut)}`}`;
    }
    case 'error':
      return `${nameOf(verdict)} cannot be judged: ${outcome.message}`;
  }
}

/** The story of what was found, step by step, as `fairlead check` prints it without colors; empty if nothing was. */
export function storyOf(verdict: Verdict, files: readonly SourceFile[]): string {
  const { outcome } = verdict;
  if (outcome.kind !== 'violated' && outcome.kind !== 'reached') return '';
  return renderTrace(verdict, outcome, files, { color: false, width: 100 }).join('\n');
}

function complaintAbout(verdict: Verdict, result: CheckResult, which: string, model: ReportedModel): Complaint {
  const { files, system } = model;
  const { outcome } = verdict;
  const found = outcome.kind === 'violated' || outcome.kind === 'reached' ? outcome : undefined;
  const failure = outcome.kind === 'violated' ? outcome.failure : undefined;
  const steps = found === undefined ? [] : placesOfSteps(found.trace.steps);
  const guards = found === undefined ? [] : placesOfGuards(found.trace, failure, files);
  const last = steps.at(-1);
  const own = files[verdict.span.file] === undefined ? undefined : verdict.span;
  return {
    level: 'error',
    rule: ruleOf(verdict),
    message: `${which}: ${wordOutcome(verdict, result)}`,
    // That nothing can happen, and that a step fails, is declared nowhere.
    span: own ?? failure?.span ?? guards[0]?.span ?? last?.span ?? system.model.span,
    files,
    related: [...(last === undefined ? [] : [{ ...last, message: `last step: ${last.message}` }]), ...guards],
    steps,
    story: storyOf(verdict, files),
    ...(found !== undefined && { trace: found.trace }),
  };
}

const RULE_OF: Readonly<Record<Verdict['kind'], Rule>> = {
  deadlock: 'deadlock',
  evaluation: 'failing-step',
  invariant: 'invariant',
  step: 'step-property',
  sometimes: 'sometimes',
  property: 'temporal-property',
};

function ruleOf({ kind, outcome }: Verdict): Rule {
  if (outcome.kind === 'bounded') return 'not-decided';
  return outcome.kind === 'holds' ? 'not-violated' : RULE_OF[kind];
}

function placesOfSteps(steps: readonly TraceStep[]): readonly RelatedPlace[] {
  return steps.map((step, index) => ({ span: step.span, message: `${index + 1}  ${wordStep(step)}` }));
}

/** `take(t1)  owner: null → t1`. */
function wordStep(step: TraceStep): string {
  const changes = step.changes.map(
    ({ place, from, to }) => `${formatPlace(place)}: ${formatValue(from)} → ${formatValue(to)}`,
  );
  return [formatStep(step), changes.join(', ')].filter((part) => part !== '').join('  ');
}

/** What fails in the end, what makes the predicate false, and what keeps those who wait. */
function placesOfGuards(
  { falsity, waitsFor, fairness }: Trace,
  failure: Failure | undefined,
  files: readonly SourceFile[],
): readonly RelatedPlace[] {
  const places: RelatedPlace[] = [];
  if (failure !== undefined) {
    const who = failure.step === undefined ? '' : `${wordFailing(failure.step)} fails here: `;
    places.push({ span: failure.span, message: `${who}${failure.message}` });
  }
  for (const part of falsity?.parts ?? []) {
    places.push({ span: part.span, message: `${lineOf(files, part.span)} ${wordPart(part, files)}` });
  }
  for (const wait of waitsFor?.waits ?? []) {
    const { span } = wait;
    places.push({ span, message: `${nameOfWait(wait)} waits until ${lineOf(files, span)}` });
  }
  for (const { evidence } of fairness ?? []) {
    if (evidence.kind === 'taken' || evidence.because === undefined) continue;
    const { step, span } = evidence.because;
    places.push({ span, message: `${formatStep(step)} is not possible: ${lineOf(files, span)} is false` });
  }
  return places;
}
