import { commentInlines, firstSentence } from '../../dsl/docgen/comment.ts';
import { Headings, code, joined, link, paragraph, table, text } from '../../dsl/docgen/document.ts';
import type { Block, Document, Inlines } from '../../dsl/docgen/document.ts';
import { formatCount } from '../report/wording.ts';
import type { DocumentedModel } from './documented-model.ts';

/** A page that the contents lead to. */
interface ContentsEntry {
  /** Its Markdown file, seen from the contents. */
  readonly href: string;
  readonly name: string;
  readonly doc: string;
  readonly models: readonly DocumentedModel[];
}

/** The page that lists all others, by folder. */
export function contentsPage(entries: readonly ContentsEntry[], origin: string): Document {
  const title = 'Specs';
  const headings = new Headings(title);
  const folders = new Map<string, ContentsEntry[]>();
  for (const entry of entries) {
    const folder = entry.href.includes('/') ? entry.href.slice(0, entry.href.lastIndexOf('/')) : '';
    folders.set(folder, [...(folders.get(folder) ?? []), entry]);
  }
  const states = entries.flatMap(({ models }) => models.map(({ result }) => result.statistics.distinct));
  const blocks = Array.from(folders, ([folder, own]): readonly Block[] => [
    ...(folder === '' ? [] : [headings.heading(2, text(folder))]),
    table(
      [
        'Spec',
        'What it models',
        { head: [text('Models')], align: 'right' },
        { head: [text('States')], align: 'right' },
        'Does not hold',
      ],
      own.map(rowOf),
    ),
  ]);
  const total = states.reduce((sum, count) => sum + count, 0);
  return {
    title,
    origin,
    blocks: [
      paragraph(
        text(
          `${formatCount(entries.length)} specs with ${formatCount(states.length)} models, checked over ${formatCount(total)} states.`,
        ),
      ),
      ...blocks.flat(),
    ],
  };
}

/** With more models the page of the spec has them. */
const MOST_LISTED = 12;

function rowOf({ href, name, doc, models }: ContentsEntry): readonly Inlines[] {
  const states = models.map(({ result }) => result.statistics.distinct);
  const violated = models.flatMap(({ file, label, result }) => {
    const names = result.verdicts.filter(({ outcome }) => outcome.kind === 'violated').map((verdict) => verdict.name);
    return names.length === 0
      ? []
      : [[code(file === undefined ? label : `${file}/${label}`), text(`: ${names.join(', ')}`)]];
  });
  const some = `something in ${formatCount(violated.length)} models`;
  return [
    [link(href, text(name))],
    commentInlines(firstSentence(doc)),
    [text(formatCount(models.length))],
    [text(formatCount(states.reduce((sum, count) => sum + count, 0)))],
    violated.length === 0 ? [text('–')] : violated.length > MOST_LISTED ? [text(some)] : joined(violated, '; '),
  ];
}
