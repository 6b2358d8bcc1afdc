import { commentBlocks } from '../../dsl/docgen/comment.ts';
import { code, joined, link, paragraph, strong, text } from '../../dsl/docgen/document.ts';
import type { Block, Inlines } from '../../dsl/docgen/document.ts';
import type { Page } from '../../dsl/docgen/sections.ts';
import { authorsName } from '../../dsl/ir/authors-names.ts';
import { equalValues, formatValue } from '../../dsl/ir/index.ts';
import type { ObjectValue } from '../../dsl/ir/index.ts';
import { isRefused, planOf } from '../plan/plan.ts';
import type { Plan } from '../plan/plan.ts';
import { counted, formatCount, nameOf, wordCut } from '../report/wording.ts';
import type { CheckResult, Trace, Verdict } from '../verdict/verdict.ts';
import { goodRunOf, wordGoodRun } from './good-run.ts';
import { mendedBlocks, mendedOf } from './mended.ts';
import { fairerIn, fairerWords } from './remedies.ts';
import { stepTable } from './step-table.ts';
import type { StepNotes } from './step-table.ts';
import { falsityBlocks, fairnessBlocks, startBlock, storyBlocks } from './story.ts';
import type { DocumentedModel, ModelStories } from './documented-model.ts';
import { formatChange } from '../counterexample/change.ts';
import { wordRefusal } from '../plan/refusal.ts';
import { formatStep } from '../plan/step-name.ts';

/** A page of stories. */
export interface StoryPage extends Page, StepNotes {
  /** Every model of the spec. */
  readonly all: readonly DocumentedModel[];
  /** Which good runs are shown, by their steps; learns of more. */
  readonly goodRuns: Map<string, ToldRun>;
}

/** A good run, and where it is shown, seen from any page of models. */
export interface ToldRun {
  readonly of: CheckResult;
  readonly name: string;
  readonly href: string;
}

/** What several verdicts, of whatever models, are told by: the same steps with the same changes. */
interface SharedStory {
  /** Whose it is: told there, and led to from the others. */
  readonly first: Telling;
  readonly others: readonly Telling[];
  /** Where it is shown, seen from any page of models; known when that page is written, which comes before the others. */
  href?: string;
}

interface Telling {
  readonly model: DocumentedModel;
  readonly verdict: Verdict;
}

/** Each story once, by the trace of every verdict that it tells. */
export type StoryBook = ReadonlyMap<Trace, SharedStory>;

/** @param models - in the order of their pages. */
export function storyBook(models: readonly DocumentedModel[]): StoryBook {
  const byKey = new Map<string, { first: Telling; others: Telling[] }>();
  const book = new Map<Trace, SharedStory>();
  for (const model of models) {
    for (const verdict of model.result.verdicts) {
      const { outcome } = verdict;
      if (outcome.kind !== 'violated' && outcome.kind !== 'reached') continue;
      const { trace } = outcome;
      const key = storyKey(trace);
      const known = byKey.get(key);
      if (known === undefined) byKey.set(key, { first: { model, verdict }, others: [] });
      else known.others.push({ model, verdict });
      book.set(trace, byKey.get(key)!);
    }
  }
  return book;
}

/** Equal for what is shown with the same words but for why it ends: a deadlock, and a property that starves in it. */
function storyKey({ steps, loop }: Trace): string {
  const back = loop === undefined || loop === steps.length ? '' : loop;
  return JSON.stringify([back, steps.map((step) => [formatStep(step), step.changes.map(formatChange)])]);
}

/**
 * What came of one model: its counts, and a story for each counterexample and witness.
 *
 * @param book - which stories stand where; learns where those of this model do.
 * @param at - the file of the page, seen from other pages of models.
 */
export function modelStories(
  page: StoryPage,
  varying: readonly string[],
  model: DocumentedModel,
  book: StoryBook,
  at: string,
): ModelStories {
  const { label, system, result } = model;
  const heading = page.headings.heading(3, code(label));
  const stories = new Map<string, string>();
  const plan = planOf(system);
  const start = commonStart(result);
  const blocks = isRefused(plan) ? [] : tellAll({ page, plan, model, book, at }, start === undefined, stories);
  return {
    blocks: [
      heading,
      ...commentBlocks(system.model.doc),
      ...summaryBlocks(result, varying),
      ...(start === undefined || blocks.length === 0 ? [] : [startBlock(start)]),
      ...blocks,
      ...(isRefused(plan) ? [] : goodRunBlocks({ page, plan, model, book, at })),
    ],
    href: `#${heading.id}`,
    stories,
  };
}

/** The state in which all stories of a model begin, if they do. */
function commonStart({ verdicts }: CheckResult): ObjectValue | undefined {
  const starts = verdicts.flatMap(({ outcome }) =>
    outcome.kind === 'violated' || outcome.kind === 'reached' ? [outcome.trace.states[0]] : [],
  );
  const [first] = starts;
  return starts.every((one) => equalValues(one, first)) ? first : undefined;
}

/** Where the stories of a model are shown. */
interface Place {
  readonly page: StoryPage;
  readonly plan: Plan;
  readonly model: DocumentedModel;
  readonly book: StoryBook;
  readonly at: string;
}

/** @param stories - gets the link to each story, by the name of its property. */
function tellAll(
  { page, plan, model, book, at }: Place,
  showsStart: boolean,
  stories: Map<string, string>,
): readonly Block[] {
  let hasTold = false;
  return model.result.verdicts.flatMap((verdict): readonly Block[] => {
    const { outcome } = verdict;
    if (outcome.kind !== 'violated' && outcome.kind !== 'reached') return [];
    const { trace } = outcome;
    const shared = book.get(trace)!;
    const title = storyTitle(verdict, model.label);
    const heading = page.headings.heading(4, text(title));
    stories.set(verdict.name, `#${heading.id}`);
    const head = [heading, ...storyHead(verdict, outcome)];
    if (shared.first.verdict !== verdict) {
      const { first } = shared;
      const isHere = first.model.file === model.file;
      const name = storyTitle(first.verdict, isHere ? first.model.label : `${first.model.file}/${first.model.label}`);
      const steps = paragraph(text('The steps are those of '), link(shared.href!, text(name)), text('.'));
      const why = [...falsityBlocks(plan.system, trace), ...fairnessBlocks(trace)];
      return [...head, steps, ...why, ...fairerBlocks(model, verdict)];
    }
    shared.href = `${at}#${heading.id}`;
    const failure = outcome.kind === 'violated' ? outcome.failure : undefined;
    const story = storyBlocks(plan, page, {
      title,
      trace,
      showsStart,
      deadlock: verdict.kind === 'deadlock',
      broken: verdict.kind === 'property' && outcome.kind === 'violated',
      ...(failure !== undefined && { failure }),
    });
    // One counterexample is in full view: the others often differ little, and a witness is only looked up.
    const isFolded = outcome.kind === 'reached' || hasTold;
    hasTold ||= outcome.kind === 'violated';
    const also = alsoBlocks(shared);
    const mended =
      outcome.kind === 'violated'
        ? [
            ...mendedBlocks(plan, trace, mendedOf(page.all, model, verdict), model.file),
            ...fairerBlocks(model, verdict),
          ]
        : [];
    return isFolded
      ? [...head, ...also, { kind: 'details', summary: [text('Show the steps')], blocks: [...story, ...mended] }]
      : [...head, ...also, ...story, ...mended];
  });
}

/** The fairness under which what is violated was found to hold in the same model. */
function fairerBlocks(model: DocumentedModel, { kind, name, outcome }: Verdict): readonly Block[] {
  if (kind !== 'property' || outcome.kind !== 'violated') return [];
  const found = fairerIn(model, name);
  if (found.length === 0) return [];
  return [paragraph(text('More fairness helps: '), ...joined(found.map(fairerWords), '; '), text('.'))];
}

/** A run to what is wanted of a model in which nothing fails, once for all the models that have it. */
function goodRunBlocks({ page, plan, model, at }: Place): readonly Block[] {
  const run = goodRunOf(plan, model.result);
  if (run === undefined) return [];
  const name = `${model.label}: a good run`;
  const heading = page.headings.heading(4, text(name));
  const key = storyKey(run.trace);
  const known = page.goodRuns.get(key) ?? { of: model.result, name, href: `${at}#${heading.id}` };
  page.goodRuns.set(key, known.of === model.result ? { ...known, href: `${at}#${heading.id}` } : known);
  const about = paragraph(...wordGoodRun(run));
  if (known.of !== model.result) {
    return [heading, about, paragraph(text('The steps are those of '), link(known.href, text(known.name)), text('.'))];
  }
  const blocks = [stepTable(plan, run.trace, page), startBlock(run.trace.states[0]!)];
  return [heading, about, { kind: 'details', summary: [text('Show the steps')], blocks }];
}

/** What else is told by a story: models, each with its properties. */
function alsoBlocks({ first, others }: SharedStory): readonly Block[] {
  if (others.length === 0) return [];
  const byModel = new Map<DocumentedModel, string[]>();
  for (const { model, verdict } of others) byModel.set(model, [...(byModel.get(model) ?? []), verdict.name]);
  const names = Array.from(byModel, ([{ file, label }, properties]): Inlines => {
    const isHere = file === first.model.file;
    return [code(isHere ? label : `${file}/${label}`), text(` (${properties.join(', ')})`)];
  });
  const list = joined(names.slice(0, MOST_NAMED), ', ');
  const rest = names.length - MOST_NAMED;
  return [
    paragraph(text('By the same steps: '), ...list, text(rest > 0 ? ` and in ${formatCount(rest)} models more.` : '.')),
  ];
}

const MOST_NAMED = 12;

/** The same whatever the counts: links to it stay. */
function storyTitle(verdict: Verdict, label: string): string {
  switch (verdict.kind) {
    case 'deadlock':
      return `${label}: deadlock`;
    case 'evaluation':
      return `${label}: a step fails`;
    default:
      return `${label}: ${verdict.name}`;
  }
}

/** What came out, and after how many steps; then what the property says. */
function storyHead(verdict: Verdict, outcome: Verdict['outcome'] & { readonly trace: Trace }): readonly Block[] {
  const { trace } = outcome;
  const steps = counted(trace.steps.length, 'step');
  const bindings = Object.entries(trace.bindings ?? {}).map(([name, value]): Inlines => [
    code(`${authorsName(name)} = ${formatValue(value)}`),
  ]);
  const at: Inlines = bindings.length === 0 ? [] : [text(' for '), ...joined(bindings, ', ')];
  const unexpected: Inlines = verdict.asExpected ? [] : [text(', which the model does not expect')];
  return [
    ...(verdict.kind === 'deadlock' || verdict.kind === 'evaluation' ? [] : commentBlocks(verdict.doc)),
    paragraph(text(whatHappens(verdict)), ...at, text(` after ${steps}${shapeOf(trace)}`), ...unexpected, text('.')),
  ];
}

function whatHappens({ kind, outcome }: Verdict): string {
  switch (kind) {
    case 'deadlock':
      return 'Deadlock';
    case 'evaluation':
      return 'A step fails';
    default:
      return outcome.kind === 'reached' ? 'Reached' : 'Violated';
  }
}

function shapeOf({ loop, steps }: Trace): string {
  if (loop === undefined) return '';
  if (loop === steps.length) return ', after which nothing has to happen any more';
  return steps.length - loop === 1 ? ', the last one for ever' : `, the last ${steps.length - loop} of them for ever`;
}

function summaryBlocks(result: CheckResult, varying: readonly string[]): readonly Block[] {
  const { statistics, parameters, verdicts, refusals, distinctMismatch } = result;
  const values = varying.map((name): Inlines => [code(`${name} = ${formatValue(parameters[name])}`)]);
  const { distinct, transitions, depth, cut } = statistics;
  const counts = `${counted(distinct, 'state')}, ${counted(transitions, 'transition')}, depth ${formatCount(depth)}`;
  const explored = cut === undefined ? 'all explored' : wordCut(cut);
  const unexpected = verdicts.filter(({ asExpected }) => !asExpected);
  return [
    ...(values.length === 0 ? [] : [paragraph(...joined(values, ', '))]),
    paragraph(text(`${counts}; ${explored}.`)),
    ...refusals.map((refusal) => paragraph(strong(text('Cannot be checked:')), text(` ${wordRefusal(refusal)}`))),
    ...(distinctMismatch === undefined
      ? []
      : [paragraph(strong(text(`The model says that there are ${formatCount(distinctMismatch.expected)} states.`)))]),
    ...(unexpected.length === 0
      ? []
      : [
          paragraph(
            strong(text('Not as the model expects:')),
            text(' '),
            ...joined(
              unexpected.map((verdict) => [code(nameOf(verdict)), text(` (${wordOutcome(verdict)})`)]),
              ', ',
            ),
          ),
        ]),
  ];
}

function wordOutcome({ outcome }: Verdict): string {
  return outcome.kind;
}
