import { commentBlocks, commentInlines, firstSentence } from '../../dsl/docgen/comment.ts';
import { joined, link, paragraph, table, text } from '../../dsl/docgen/document.ts';
import type { Block, Headings, Inlines } from '../../dsl/docgen/document.ts';
import { counted, formatCount } from '../report/wording.ts';
import type { DocumentedModel, Stories } from './documented-model.ts';
import { constantParameters, modelTable } from './model-table.ts';
import { mutantTable } from './overview.ts';

/** The models of one file, which have a page to themselves. */
interface ModelGroup {
  readonly name: string;
  readonly href: string;
  /** What the file says of them all. */
  readonly doc: string;
  readonly models: readonly DocumentedModel[];
  /** Those of the spec that leave a part of the protocol out, in whatever file. */
  readonly mutants: readonly DocumentedModel[];
}

/** More models than this are not listed on the first page: it is a list of groups then, and the models are on their pages. */
const MOST_LISTED = 12;

/** All models of a spec: few of them with what fails in each, group by group; of many the groups, a row for each. */
export function modelBlocks(headings: Headings, groups: readonly ModelGroup[], stories: Stories): readonly Block[] {
  const models = groups.flatMap((group) => group.models);
  const states = statesOf(models);
  const about = `${counted(models.length, 'model')} with ${formatCount(states)} states in all.`;
  if (MOST_LISTED < models.length) return [paragraph(text(about)), groupTable(groups)];
  return [
    paragraph(text(`${about} The numbers are the steps of the story that shows what fails.`)),
    ...groups.flatMap((group) => [
      headings.heading(3, link(group.href, text(group.name))),
      ...commentBlocks(group.doc),
      ...constantBlocks(group.models),
      ...tablesOf(group, stories),
    ]),
  ];
}

function groupTable(groups: readonly ModelGroup[]): Block {
  const right = (head: string) => ({ head: [text(head)], align: 'right' as const });
  return table(
    ['Group', 'What it is about', right('Models'), right('States'), right('Something fails in')],
    groups.map(({ name, href, doc, models }): readonly Inlines[] => {
      const failing = models.filter(({ result }) => result.verdicts.some(({ outcome }) => outcome.kind === 'violated'));
      return [
        [link(href, text(name))],
        commentInlines(firstSentence(doc)),
        [text(formatCount(models.length))],
        [text(formatCount(statesOf(models)))],
        [text(formatCount(failing.length))],
      ];
    }),
  );
}

function statesOf(models: readonly DocumentedModel[]): number {
  return models.reduce((sum, { result }) => sum + result.statistics.distinct, 0);
}

function tablesOf({ models, mutants }: ModelGroup, stories: Stories): readonly Block[] {
  const isMutant = (one: DocumentedModel): boolean => mutants.some(({ result }) => result === one.result);
  const [listed, leftOut] = [models.filter((one) => !isMutant(one)), models.filter(isMutant)];
  return [
    ...(listed.length === 0 ? [] : [modelTable(listed, stories)]),
    ...(leftOut.length === 0 ? [] : [mutantTable(leftOut, stories)]),
  ];
}

/** Parameters that all models of a file have alike, and other files do not: what kind of instance it is. */
function constantBlocks(models: readonly DocumentedModel[]): readonly Block[] {
  const constant = constantParameters(models);
  if (constant.length === 0) return [];
  return [
    { kind: 'details', summary: [text('What they have in common')], blocks: [paragraph(...joined(constant, ', '))] },
  ];
}
