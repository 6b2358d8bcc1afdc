import type { CheckResult, Verdict } from '../verdict/verdict.ts';
import type { System } from '../../dsl/ir/index.ts';
import type { Judged, OpenedFile, OpenedModel, Session } from '../cli/session.ts';
import type { AskedModel } from './declared.ts';
import { findModel } from './declared.ts';
import { problem } from './problem.ts';

/** What came of checking a model, with all that is needed to tell it. */
export interface Judgement {
  readonly session: Session;
  readonly path: OpenedFile['path'];
  readonly system: System;
  readonly result: CheckResult;
}

/** @throws Error where the model cannot be checked, with why. */
export async function judge(session: Session, asked: AskedModel, signal: AbortSignal | undefined): Promise<Judgement> {
  const { path } = await session.open(asked.file);
  const { spec, name } = await findModel(session, asked);
  return judgeModel(session, path, await spec.open(name), signal);
}

/** The same of a model that was found already. */
export async function judgeModel(
  session: Session,
  path: string,
  model: OpenedModel,
  signal: AbortSignal | undefined,
): Promise<Judgement> {
  if (model.rejected !== undefined) throw problem(`${path} was rejected\n\n${model.rejected}`);
  const { system } = model;
  const result = await session.check(system, signal);
  const judgement = { session, path, system, result };
  if (result.refusals.length > 0) throw problem(`it cannot be checked\n\n${session.render(system, result)}`);
  return judgement;
}

/** How an outcome stands to what was claimed. */
type Standing = 'met' | 'contradicted' | 'unknown';

/** Whether a verdict is as claimed; `unknown`: the search ended before there was an answer. */
export function standingOf({ outcome }: Verdict, claimed: Verdict['expected']): Standing {
  switch (outcome.kind) {
    case 'bounded':
      if (outcome.cut.kind !== 'within') return 'unknown';
      // The author of a `within` asked for no more.
      return claimed === 'holds' || claimed === 'unreachable' ? 'met' : 'contradicted';
    case 'error':
      return 'unknown';
    default:
      return claimed === outcome.kind ? 'met' : 'contradicted';
  }
}

/** The verdict about something, if it was judged. */
export function verdictOf({ result }: Judgement, { kind, name }: Pick<Judged, 'kind' | 'name'>): Verdict | undefined {
  return result.verdicts.find((verdict) => verdict.kind === kind && verdict.name === name);
}

/**
 * What is told of some verdicts: how they contradict a claim, the counterexample or the witness, and where to look on.
 *
 * @param claimed - of each verdict, what it should be.
 */
export function wordVerdicts(
  { session, path, system, result }: Judgement,
  verdicts: readonly { readonly verdict: Verdict; readonly claimed: Verdict['expected'] }[],
): string {
  const told = verdicts.map(({ verdict, claimed }): Verdict => ({ ...verdict, expected: claimed, asExpected: false }));
  const { distinctMismatch: _, ...rest } = result;
  if (verdicts.every(({ verdict: { outcome } }) => outcome.kind === 'holds' || outcome.kind === 'unreachable')) {
    return `All ${result.statistics.distinct.toLocaleString('en')} states of ${result.model} were explored.`;
  }
  const text = session.render(system, { ...rest, verdicts: told, asExpected: false });
  const model = result.model === 'defaults' ? '' : ` --model ${result.model}`;
  return `${text}\n\nTo step through it: npx fairlead check ${path}${model} --html page.html`;
}

/** Why nothing can be said about a verdict. */
export function wordUnknown(judgement: Judgement, verdict: Verdict): string {
  const { outcome } = verdict;
  const { model, statistics } = judgement.result;
  if (outcome.kind === 'error') return `nothing can be said about ${verdict.name} in ${model}: ${outcome.message}`;
  const found = `nothing was found about ${verdict.name} in ${statistics.distinct.toLocaleString('en')} states of ${model}`;
  return statistics.cut?.kind === 'interrupted'
    ? `${found} before the time of the test ran out: give it more, or check it by the command`
    : `${found}, and not all were searched\n\n${wordVerdicts(judgement, [{ verdict, claimed: verdict.expected }])}`;
}
