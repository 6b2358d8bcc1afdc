import { visible } from '../diagnostics/visible.ts';
import { escapeXml } from '../diagram/svg.ts';
import type { Block, Column, Document, Inline, Inlines } from './document.ts';
import { inlineHtml } from './inline-html.ts';

/*
 * A writer for the few kinds of blocks that documents have, rather than a library: those serialize whole syntax trees
 * and bring a parser's tree with them. Its escaping is held against a Markdown parser, on random text.
 */

/** A document as GitHub's Markdown. Its lines are those of the text it is made of, so that changes read well. */
export function documentToMarkdown(document: Document): string {
  const known = written.get(document);
  if (known !== undefined) return known;
  const made = write(document);
  written.set(document, made);
  return made;
}

/** A page is written when it is measured, and again when it is shown. */
const written = new WeakMap<Document, string>();

function write({ title, origin, blocks }: Document): string {
  const parts = [`<!-- ${origin.replaceAll('--', '- -')} -->`, `# ${escapeText(title, 'line')}`, ...inOrder(blocks)];
  return visible(`${parts.join('\n\n')}\n`);
}

/** Blocks that follow each other. Two lists would be read as one if their marks were the same. */
function inOrder(blocks: readonly Block[]): readonly string[] {
  let isOther = false;
  return blocks.map((given, index) => {
    const before = blocks[index - 1];
    const isSame = given.kind === 'list' && before?.kind === 'list' && given.ordered === before.ordered;
    isOther = isSame && !isOther;
    return block(given, isOther);
  });
}

/** @param isOther - whether a list gets the other one of two kinds of marks. */
function block(given: Block, isOther = false): string {
  switch (given.kind) {
    case 'heading':
      return `${'#'.repeat(given.level)} ${oneLine(given.content)}`;
    case 'paragraph':
      return inlines(given.content, 'paragraph');
    case 'list':
      return listOf(given.items, (index) => {
        if (given.ordered) return `${(given.start ?? 1) + index}${isOther ? ')' : '.'} `;
        return isOther ? '* ' : '- ';
      });
    case 'quote':
      return inOrder(given.blocks)
        .join('\n\n')
        .replaceAll(/^(?=.)/gm, '> ')
        .replaceAll(/^$/gm, '>');
    case 'table':
      return tableOf(given.columns, given.rows);
    case 'code':
      return fenced(given.language, given.text);
    case 'difference':
      return fenced('diff', given.lines.map(({ side, text }) => `${DIFF_MARKS[side]} ${text}`.trimEnd()).join('\n'));
    case 'drawing':
      return fenced('mermaid', given.mermaid);
    case 'details':
      // The blank lines make what is inside Markdown again.
      return [`<details>\n<summary>${summaryOf(given.summary)}</summary>`, ...inOrder(given.blocks), '</details>'].join(
        '\n\n',
      );
  }
}

const DIFF_MARKS = { both: ' ', first: '-', second: '+' } as const;

function listOf(items: readonly (readonly Block[])[], markOf: (index: number) => string): string {
  // Items with several blocks need blank lines between the blocks; then every item gets one, for one look.
  const isTight = items.every((item) => item.length === 1 && item[0]!.kind === 'paragraph');
  return items
    .map((item, index) => {
      const mark = markOf(index);
      const body = inOrder(item).join('\n\n');
      return mark + body.replaceAll('\n', `\n${' '.repeat(mark.length)}`).replaceAll(/^ +$/gm, '');
    })
    .join(isTight ? '\n' : '\n\n');
}

function tableOf(columns: readonly Column[], rows: readonly (readonly Inlines[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = { left: '---', right: '--:', center: ':-:' };
  return [
    line(columns.map(({ head }) => cell(head))),
    line(columns.map(({ align }) => rule[align])),
    ...rows.map((row) => line(row.map(cell))),
  ].join('\n');
}

/** In a table a bar ends a cell, even inside code; there `\|` stands for it. */
function cell(content: Inlines): string {
  return inlines(content, 'cell').replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function oneLine(content: Inlines): string {
  return inlines(content, 'line').replaceAll('\n', ' ');
}

/** Code between fences longer than any run of backticks in it. */
function fenced(language: string, text: string): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${text.replace(/\n$/, '')}\n${fence}`;
}

/** Inside an HTML element on one line Markdown is not read. */
function summaryOf(content: Inlines): string {
  return inlineHtml(content, (href) => href).replaceAll('\n', ' ');
}

type Context = 'paragraph' | 'line' | 'cell';

function inlines(content: Inlines, context: Context): string {
  return content.map((one, index) => inline(one, index === 0 ? context : 'line', context)).join('');
}

/** @param at - `paragraph` only for what starts one, where a mark could start another kind of block. */
function inline(given: Inline, at: Context, around: Context): string {
  switch (given.kind) {
    case 'text':
      return escapeText(given.text, at === 'paragraph' ? 'paragraph' : around === 'paragraph' ? 'middle' : 'line');
    case 'code':
      // How to write a backslash before a bar in a code span in a table, parsers do not agree.
      return around === 'cell' && given.text.includes('\\|') ? codeElement(given.text) : codeSpan(given.text);
    case 'strong':
      return marked('**', inlines(given.content, 'line'));
    case 'emphasis':
      return marked('_', inlines(given.content, 'line'));
    case 'link':
      return `[${inlines(given.content, 'line')}](${escapeHref(given.href)})`;
    case 'anchor':
      return `<a id="${escapeXml(given.id)}"></a>`;
    case 'break':
      return around === 'paragraph' ? '\\\n' : '<br>';
  }
}

/** Text between marks; spaces at its ends stand outside, or the marks would be read as text. */
function marked(mark: string, content: string): string {
  const [, before, inner, after] = /^(\s*)(.*?)(\s*)$/s.exec(content)!;
  return inner === '' ? content : before! + mark + inner! + mark + after!;
}

/** A code span with more backticks around it than there are inside; its line breaks would be spaces anyway. */
function codeSpan(text: string): string {
  const flat = text.replaceAll(/\s*\n\s*/g, ' ');
  if (flat.trim() === '') return flat;
  const ticks = '`'.repeat(longestRun(flat) + 1);
  const pad = flat.startsWith('`') || flat.endsWith('`') || (flat.startsWith(' ') && flat.endsWith(' ')) ? ' ' : '';
  return ticks + pad + flat + pad + ticks;
}

/** Code as HTML, in which Markdown finds nothing. */
function codeElement(text: string): string {
  return `<code>${text.replaceAll(/[^\p{L}\p{N} ]/gu, (character) => `&#${character.codePointAt(0)};`)}</code>`;
}

function longestRun(text: string): number {
  return Math.max(0, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));
}

/** Characters that can start a construct wherever they stand. `_` within a word cannot, and names are full of it. */
const ANYWHERE = /[\\`*[\]<>&~$|]|(?<![\p{L}\p{N}_])_+|_+(?![\p{L}\p{N}_])|https?(?=:\/\/)|www(?=\.)/gu;

/**
 * Text that means itself. At the start of a line some characters start a heading, a list, a quotation or a rule;
 * `place` says whether the first line starts one, and the others.
 */
function escapeText(text: string, place: 'paragraph' | 'middle' | 'line'): string {
  const escaped = text.replaceAll(ANYWHERE, (found) => {
    if (found === '&') return '&amp;';
    if (found === '<') return '&lt;';
    if (found === '|') return found; // only tables care, and they see to it
    if (found.startsWith('_')) return found.replaceAll('_', '\\_');
    return /^[hw]/.test(found) ? `${found.slice(0, -1)}&#${found.charCodeAt(found.length - 1)};` : `\\${found}`;
  });
  if (place === 'line') return escaped.replaceAll(/\s*\n\s*/g, ' ');
  const lines = escaped.split(/\s*\n\s*/);
  return lines.map((line, index) => (index === 0 && place === 'middle' ? line : escapeStart(line))).join('\n');
}

function escapeStart(line: string): string {
  return line
    .trimStart()
    .replace(/^(#{1,6}(?=\s|$)|[-+](?=\s|$)|=+\s*$|[-:|](?=[-:|\s]*$)|\d{1,9}(?=[.)](\s|$)))/, (mark) =>
      /^\d/.test(mark) ? `${mark}\\` : `\\${mark}`,
    );
}

function escapeHref(href: string): string {
  return href.replaceAll(/[\s()<>\\]/g, (character) => encodeURIComponent(character).replaceAll(/[()]/g, percent));
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16)}`;
}
