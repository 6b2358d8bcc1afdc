import { commentBlocks } from '../../dsl/docgen/comment.ts';
import { code, joined, link, paragraph, strong, text } from '../../dsl/docgen/document.ts';
import type { Block, Inlines } from '../../dsl/docgen/document.ts';
import type { Page } from '../../dsl/docgen/sections.ts';
import { formatValue } from '../../dsl/ir/index.ts';
import type { System } from '../../dsl/ir/index.ts';
import { isRefused, planOf } from '../plan/plan.ts';
import type { Plan } from '../plan/plan.ts';
import { counted, formatCount, nameOf, wordCut } from '../report/wording.ts';
import { haveSameSteps } from '../report/text.ts';
import type { CheckResult, Trace, Verdict } from '../verdict/verdict.ts';
import { fairnessBlocks, storyBlocks } from './story.ts';

/** A model and what came of checking it. */
export interface DocumentedModel {
  /** Its name; with that of its file, when the models of the spec are in several. */
  readonly label: string;
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

/** What came of one model: its counts, and a story for each counterexample and witness. */
export function modelStories(
  page: Page,
  varying: readonly string[],
  { label, system, result }: DocumentedModel,
): ModelStories {
  const heading = page.headings.heading(3, code(label));
  const stories = new Map<string, string>();
  const plan = planOf(system);
  const told = isRefused(plan) ? [] : tellAll(page, plan, label, result, stories);
  return {
    blocks: [heading, ...commentBlocks(system.model.doc), ...summaryBlocks(result, varying), ...told],
    href: `#${heading.id}`,
    stories,
  };
}

/** @param stories - gets the link to each story, by the name of its property. */
function tellAll(
  page: Page,
  plan: Plan,
  label: string,
  result: CheckResult,
  stories: Map<string, string>,
): readonly Block[] {
  const told: {
    readonly kind: 'violated' | 'reached';
    readonly trace: Trace;
    readonly href: string;
    readonly title: string;
  }[] = [];
  return result.verdicts.flatMap((verdict): readonly Block[] => {
    const { outcome } = verdict;
    if (outcome.kind !== 'violated' && outcome.kind !== 'reached') return [];
    const { trace } = outcome;
    const same = told.find((one) => haveSameSteps(one.trace, trace));
    const title = storyTitle(verdict, label);
    const heading = page.headings.heading(4, text(title));
    const href = `#${heading.id}`;
    stories.set(verdict.name, href);
    const head = [heading, ...storyHead(verdict, outcome)];
    if (same !== undefined) {
      const steps = paragraph(text('The steps are those of '), link(same.href, text(same.title)), text('.'));
      return [...head, steps, ...fairnessBlocks(trace)];
    }
    const failure = outcome.kind === 'violated' ? outcome.failure : undefined;
    const story = storyBlocks(plan, page.links, {
      title,
      trace,
      deadlock: verdict.kind === 'deadlock',
      ...(failure !== undefined && { failure }),
    });
    // One counterexample is in full view: the others often differ little, and a witness is only looked up.
    const isFolded = outcome.kind === 'reached' || told.some(({ kind }) => kind === 'violated');
    told.push({ kind: outcome.kind, trace, href, title });
    return isFolded
      ? [...head, { kind: 'details', summary: [text('Show the steps')], blocks: story }]
      : [...head, ...story];
  });
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
    code(`${name} = ${formatValue(value)}`),
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
