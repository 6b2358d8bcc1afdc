import { slotsOf } from '../../../dsl/ir/slots.ts';
import { lineOf, positionAt } from '../../../dsl/diagnostics/span.ts';
import type { PropertyAdvice } from '../../verdict/verdict.ts';
import {
  counted,
  formatCount,
  formatDuration,
  nameOf,
  wordCut,
  wordReduction,
  wordVacuity,
} from '../../report/wording.ts';
import type { PageModel, PageVerdict } from '../page-data.ts';
import { Coverage } from './coverage.tsx';
import { LevelsPlot } from './levels-plot.tsx';
import type { Navigate } from './navigation.ts';
import { Marked, Prose } from './prose.tsx';
import { lengthOf, wordsOf } from './verdict.tsx';
import { placeOf } from './words.ts';
import { wordRefusal } from '../../plan/refusal.ts';
import { wordWarning } from '../../verdict/warning-words.ts';

interface Props {
  readonly model: PageModel;
  readonly navigate: Navigate;
}

/** Everything that was found out about a model. */
export function Results({ model, navigate }: Props) {
  const { result, system, changed, fairness } = model;
  return (
    <>
      {[system.doc, system.model.doc]
        .map((doc) => slotsOf(doc).text)
        .map((text) => text !== '' && <Prose key={text} text={text} />)}
      {changed.length > 0 && (
        <p class="note">{changed.join(', ')} not as declared: every property is expected to hold.</p>
      )}
      {fairness !== undefined && (
        <p class="note">
          Judged under {fairness.length === 0 ? 'no fairness' : fairness.join(', ')} instead of what the spec assumes.
        </p>
      )}
      {result.refusals.map((refusal) => (
        <p key={wordRefusal(refusal)} class="note bad">
          Cannot be checked: {wordRefusal(refusal)} <span class="path">{placeOf(system.files, refusal.span)}</span>
        </p>
      ))}
      <Statistics model={model} />
      {result.verdicts.length > 0 && <Verdicts model={model} navigate={navigate} />}
      {result.warnings.length > 0 && (
        <section class="panel">
          <h2>Warnings</h2>
          <ul class="plain">
            {result.warnings.map((warning) => (
              <li key={`${wordWarning(warning)}${warning.span.start}`}>
                <Marked text={wordWarning(warning)} /> <span class="path">{placeOf(system.files, warning.span)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {result.statistics.levels !== undefined && result.statistics.levels.length > 1 && (
        <section class="panel">
          <h2>States per level</h2>
          <p class="hint">How many states are first reached after so many steps.</p>
          <LevelsPlot levels={result.statistics.levels} />
        </section>
      )}
      {result.coverage.length > 0 && <Coverage coverage={result.coverage} />}
    </>
  );
}

function Statistics({ model }: { readonly model: PageModel }) {
  const { statistics, distinctMismatch } = model.result;
  if (model.result.refusals.length > 0) return null;
  const reduced = wordReduction(model.result.reduction);
  const tiles: readonly (readonly [name: string, value: string, hint?: string])[] = [
    ['states', formatCount(statistics.distinct)],
    ...(statistics.kept === undefined ? [] : [['of them kept', formatCount(statistics.kept)] as const]),
    ['transitions', formatCount(statistics.transitions)],
    ['depth', formatCount(statistics.depth)],
    ['search', formatDuration(statistics.searchTime)],
    ['liveness', formatDuration(statistics.livenessTime)],
  ];
  return (
    <section aria-label="Statistics">
      <dl class="tiles">
        {tiles.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {statistics.cut !== undefined && <p class="note warn">Not everything was explored: {wordCut(statistics.cut)}.</p>}
      {model.result.deadlocks === 'ignored' && <p class="note">Whether there are deadlocks is not judged.</p>}
      {reduced !== undefined && <p class="note">{reduced}</p>}
      {statistics.engineNote !== undefined && <p class="note">Interpreted, because {statistics.engineNote}.</p>}
      {distinctMismatch !== undefined && (
        <p class="note bad">
          {counted(distinctMismatch.actual, 'distinct state')}, but the model says{' '}
          {formatCount(distinctMismatch.expected)}.
        </p>
      )}
    </section>
  );
}

function Verdicts({ model, navigate }: Props) {
  return (
    <section class="panel">
      <h2>Properties</h2>
      <div class="scroll">
        <table class="verdicts">
          <thead>
            <tr>
              <th scope="col">
                <span class="visually-hidden">As expected</span>
              </th>
              <th scope="col">Property</th>
              <th scope="col">Outcome</th>
              <th scope="col">Behavior</th>
            </tr>
          </thead>
          <tbody>
            {ranked(model.result.verdicts).map((verdict) => (
              <VerdictRow key={`${verdict.kind} ${verdict.name}`} verdict={verdict} model={model} navigate={navigate} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function VerdictRow({ verdict, model, navigate }: Props & { readonly verdict: PageVerdict }) {
  const { outcome, asExpected, doc, expected, span, vacuous } = verdict;
  const tone = vacuous !== undefined ? 'warn' : asExpected ? 'good' : outcome.kind === 'bounded' ? 'warn' : 'bad';
  const file = model.system.files[span.file];
  const length = lengthOf(model, verdict);
  const advice = model.result.advice?.find(({ property }) => property === verdict.name);
  return (
    <tr>
      <td>
        <span class={`mark ${tone}`} aria-label={asExpected ? 'as expected' : 'not as expected'} role="img">
          {vacuous !== undefined ? '∅' : asExpected ? '✓' : outcome.kind === 'bounded' ? '?' : '✗'}
        </span>
      </td>
      <td>
        <span class="name" title={file && `${file.path}:${positionAt(file.text, span.start).line}`}>
          {nameOf(verdict)}
        </span>
        {doc !== '' && (
          <span class="doc">
            <Marked text={doc} />
          </span>
        )}
        {advice !== undefined && (
          <span class="doc">
            {advice.kind === 'none'
              ? 'No fairness of actions or processes makes it hold.'
              : `${advice.kind === 'needs' ? 'Needs' : 'Would hold with'} ${
                  advice.assumptions.map(wordsOfAssumption).join(', ') || 'no fairness'
                }.`}
          </span>
        )}
      </td>
      <td>
        <span class={`outcome ${outcome.kind}`}>{wordsOf(verdict)}</span>
        {vacuous !== undefined && (
          <span class="doc">
            vacuously: <Marked text={wordVacuity(vacuous, lineOf(model.system.files, vacuous.span))} />
          </span>
        )}
        {!asExpected && <span class="doc">expected: {expected}</span>}
        {asExpected && outcome.kind === 'violated' && <span class="doc">as expected</span>}
      </td>
      <td>
        {length !== '' && (
          <button
            type="button"
            class="link"
            onClick={() => navigate({ model: model.id, view: { kind: 'behavior', property: verdict.name }, at: 0 })}
          >
            {length}
          </button>
        )}
      </td>
    </tr>
  );
}

/** What a reader looks for comes first: the unexpected, then what has a behavior. */
function ranked(verdicts: readonly PageVerdict[]): readonly PageVerdict[] {
  const rank = ({ asExpected, outcome }: PageVerdict): number =>
    asExpected ? (outcome.kind === 'violated' ? 1 : outcome.kind === 'reached' ? 3 : 2) : 0;
  return verdicts.toSorted((left, right) => rank(left) - rank(right));
}

function wordsOfAssumption({ strength, name, set, when }: PropertyAdvice['assumptions'][number]): string {
  return when === undefined || set !== undefined ? `${strength} ${name}` : `${strength} ${name} when ${when}`;
}
