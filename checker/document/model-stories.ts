import { commentBlocks } from '../../dsl/docgen/comment.ts';
import { code, joined, link, paragraph, strong, text } from '../../dsl/docgen/document.ts';
import type { Block, Inlines } from '../../dsl/docgen/document.ts';
import type { Page } from '../../dsl/docgen/sections.ts';
import { authorsName } from '../../dsl/ir/authors-names.ts';
import { equalValues, formatValue } from '../../dsl/ir/index.ts';
import type { ObjectValue, System } from '../../dsl/ir/index.ts';
import { isRefused, planOf } from '../plan/plan.ts';
import type { Plan } from '../plan/plan.ts';
import { counted, formatCount, nameOf, wordCut } from '../report/wording.ts';
import { haveSameSteps } from '../report/text.ts';
import type { CheckResult, Trace, Verdict } from '../verdict/verdict.ts';
import { formatChange } from './lanes.ts';
import { falsityBlocks, fairnessBlocks, startBlock, storyBlocks } from './story.ts';

/** A model and what came of checking it. */
export interface DocumentedModel {
  /** Its name on a page where no other has it. */
  readonly label: string;
  /** The file that declares it, without its folder and ending, when the models of the spec are in several. */
  readonly file?: string;
  readonly system: System;
  readonly result: CheckResult;
}

/** What is told of a model, and where. */
export interface ModelStories {
  readonly blocks: readonly Block[];
  readonly href: string;
  /** Links to counterexamples and witnesses, by the names of properties. */
  readonly stories: ReadonlyMap<string, string>;
}

/** What is told of each model. */
export type Stories = ReadonlyMap<CheckResult, ModelStories>;

/** A story that stands on a page, so that another with the same steps need not be told again. */
export interface ToldStory {
  readonly trace: Trace;
  readonly href: string;
  readonly title: string;
}

/**
 * What came of one model: its counts, and a story for each counterexample and witness.
 *
 * @param told - what the page tells of other models; gets the stories of this one.
 */
export function modelStories(
  page: Page,
  varying: readonly string[],
  { label, system, result }: DocumentedModel,
  told: ToldStory[],
): ModelStories {
  const heading = page.headings.heading(3, code(label));
  const stories = new Map<string, string>();
  const plan = planOf(system);
  const start = commonStart(result);
  const blocks = isRefused(plan) ? [] : tellAll(page, plan, label, result, start === undefined, stories, told);
  return {
    blocks: [
      heading,
      ...commentBlocks(system.model.doc),
      ...summaryBlocks(result, varying),
      ...(start === undefined || blocks.length === 0 ? [] : [startBlock(start)]),
      ...blocks,
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

/** @param stories - gets the link to each story, by the name of its property. */
function tellAll(
  page: Page,
  plan: Plan,
  label: string,
  result: CheckResult,
  showsStart: boolean,
  stories: Map<string, string>,
  told: ToldStory[],
): readonly Block[] {
  let hasTold = false;
  return result.verdicts.flatMap((verdict): readonly Block[] => {
    const { outcome } = verdict;
    if (outcome.kind !== 'violated' && outcome.kind !== 'reached') return [];
    const { trace } = outcome;
    const same = told.find((one) => isSameStory(one.trace, trace));
    const title = storyTitle(verdict, label);
    const heading = page.headings.heading(4, text(title));
    const href = `#${heading.id}`;
    stories.set(verdict.name, href);
    const head = [heading, ...storyHead(verdict, outcome)];
    if (same !== undefined) {
      const steps = paragraph(text('The steps are those of '), link(same.href, text(same.title)), text('.'));
      return [...head, steps, ...falsityBlocks(plan.system, trace), ...fairnessBlocks(trace)];
    }
    const failure = outcome.kind === 'violated' ? outcome.failure : undefined;
    const story = storyBlocks(plan, page.links, {
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
    told.push({ trace, href, title });
    return isFolded
      ? [...head, { kind: 'details', summary: [text('Show the steps')], blocks: story }]
      : [...head, ...story];
  });
}

/** Whether two stories, of whatever models, are told with the same words but for why they end. */
function isSameStory(left: Trace, right: Trace): boolean {
  return (
    haveSameSteps(left, right) &&
    left.steps.every(({ changes }, index) => {
      const others = right.steps[index]!.changes;
      return (
        changes.length === others.length && changes.every((one, at) => formatChange(one) === formatChange(others[at]!))
      );
    })
  );
}

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
    ...refusals.map(({ message }) => paragraph(strong(text('Cannot be checked:')), text(` ${message}`))),
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
