/** TSDoc comments as parts of a page: their tags, and between these their Markdown. What fills slots is left out. */
import { linesOf, slotsOf } from '../ir/slots.ts';
import { markdownBlocks, markdownInlines } from './comment-markdown.ts';
import { code, list, paragraph, strong, text } from './document.ts';
import type { Block, Inlines } from './document.ts';

/** A TSDoc comment as blocks. What its tags say stands below a word for the tag. */
export function commentBlocks(doc: string): readonly Block[] {
  const sections = sectionsOf(doc);
  return sections.flatMap((section, index) => {
    if (!OF_NAMES.has(section.tag)) return sectionBlocks(section);
    if (0 < index && OF_NAMES.has(sections[index - 1]!.tag)) return [];
    const end = sections.findIndex(({ tag }, at) => index < at && !OF_NAMES.has(tag));
    return [list(...sections.slice(index, end < 0 ? undefined : end).map(({ body }) => parameterOf(body)))];
  });
}

/** One paragraph of a comment. */
export function commentInlines(doc: string): Inlines {
  return markdownInlines(doc);
}

/** The first sentence of a comment, on one line and still as Markdown; empty for an empty comment. */
export function firstSentence(doc: string): string {
  const words = sectionsOf(doc).find((section) => section.body.trim() !== '')?.body ?? '';
  const [first = ''] = words.trim().split(/\n\s*\n/);
  const flat = first.replaceAll(/\s+/g, ' ').trim();
  return /^.*?[.!?](?=\s+[\p{Lu}`]|$)/u.exec(flat)?.[0] ?? flat;
}

/** A part of a comment that begins with a tag; what stands before the first tag has none. */
interface Section {
  readonly tag: string;
  readonly body: string;
}

/** What stands in front of that which a tag says. Tags that are not here are words like others. */
const TITLES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    summary: '',
    description: '',
    remarks: '',
    example: 'Example',
    see: 'See also',
    deprecated: 'Deprecated',
    returns: 'Returns',
    return: 'Returns',
    throws: 'Throws',
    defaultValue: 'Default',
    default: 'Default',
    since: 'Since',
    author: 'Author',
    todo: 'To do',
  }),
);

/** Tags about something that has a name. */
const OF_NAMES: ReadonlySet<string> = new Set(['param', 'typeParam', 'arg', 'property']);

/** Tags for tools, which say nothing to readers. */
const MODIFIERS: ReadonlySet<string> = new Set([
  ...['packageDocumentation', 'public', 'internal', 'alpha', 'beta', 'experimental', 'readonly', 'override', 'sealed'],
  ...['virtual', 'module'],
]);

/** What its author wants to be left out of pages. */
const PRIVATE = 'privateRemarks';

function sectionsOf(doc: string): readonly Section[] {
  const sections: { readonly tag: string; readonly lines: string[] }[] = [{ tag: '', lines: [] }];
  for (const { line, isCode } of linesOf(slotsOf(doc).text)) {
    const [, tag = '', rest = ''] = (!isCode && /^@(\w+)(?:\s+(.*))?$/.exec(line)) || [];
    if (MODIFIERS.has(tag)) sections.push({ tag: '', lines: [rest] });
    else if (TITLES.has(tag) || OF_NAMES.has(tag) || tag === PRIVATE) sections.push({ tag, lines: [rest] });
    else sections.at(-1)!.lines.push(line);
  }
  return sections
    .map(({ tag, lines }) => ({ tag, body: lines.join('\n') }))
    .filter(({ tag, body }) => tag !== PRIVATE && (tag !== '' || body.trim() !== ''));
}

function sectionBlocks({ tag, body }: Section): readonly Block[] {
  const blocks = markdownBlocks(body);
  const title = TITLES.get(tag) ?? '';
  if (title === '') return blocks;
  const [first, ...rest] = blocks;
  if (first === undefined) return [paragraph(strong(text(`${title}.`)))];
  if (first.kind !== 'paragraph') return [paragraph(strong(text(`${title}:`))), ...blocks];
  return [paragraph(strong(text(`${title}:`)), text(' '), ...first.content), ...rest];
}

/** `t - the thread that asks`, as an item of a list. */
function parameterOf(body: string): readonly Block[] {
  const [, name = '', about = ''] = /^(?:\{[^}]*\}\s*)?(\S*)\s*(?:-\s+)?(.*)$/s.exec(body.trim()) ?? [];
  const [first, ...rest] = markdownBlocks(about);
  const isPlain = first?.kind === 'paragraph';
  const head = paragraph(code(name), ...(isPlain ? [text(': '), ...first.content] : []));
  return [head, ...(isPlain || first === undefined ? rest : [first, ...rest])];
}
