import { escapeXml } from '../diagram/svg.ts';
import { plainText } from './document.ts';
import type { Block, Column, DifferenceLine, Document, Inlines } from './document.ts';
import { inlineHtml } from './inline-html.ts';
import { MOST_STACKED } from './style.ts';

/**
 * A document as an HTML page. Drawings are inside; what all pages share stands beside them: `style.css`, and
 * `search.js`, without which there is no search field and all else is as it is.
 *
 * @param root - the folder of what is shared, seen from the page: empty, or ending with a slash.
 */
export function documentToHtml(document: Document, root: string): string {
  const { title, origin } = document;
  return [
    `<!doctype html><!-- ${origin.replaceAll('--', '- -')} -->`,
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<link rel="icon" href="data:,">',
    `<title>${escapeXml(title)}</title>`,
    `<link rel="stylesheet" href="${escapeXml(root)}style.css">`,
    `<script defer src="${escapeXml(root)}search.js"></script>`,
    '</head>',
    '<body>',
    // Before the contents, which on a narrow screen stand above the rest.
    `<header><h1>${escapeXml(title)}</h1><div class="search"></div></header>`,
    bodyOf(document),
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

/** The same wherever the page stands: a page is written when it is measured, and again when it is shown. */
const bodies = new WeakMap<Document, string>();

function bodyOf(document: Document): string {
  const known = bodies.get(document);
  if (known !== undefined) return known;
  const made = [...navigation(document.blocks), '<main>', ...document.blocks.map(block), '</main>'].join('\n');
  bodies.set(document, made);
  return made;
}

/** Links to the headings of the two upper levels, beside the page or above it. */
function navigation(blocks: readonly Block[]): string[] {
  const headings = blocks.flatMap((one) => (one.kind === 'heading' && one.level <= 3 ? [one] : []));
  if (headings.length < 3) return [];
  const entries = headings.map(
    ({ level, content, id }) => `<a class="level${level}" href="#${escapeXml(id)}">${inlines(content)}</a>`,
  );
  return [
    '<nav aria-label="Contents">',
    '<details open><summary>Contents</summary>',
    ...entries,
    '</details>',
    '</nav>',
  ];
}

function block(given: Block): string {
  switch (given.kind) {
    case 'heading': {
      const { level, id, content } = given;
      return `<h${level} id="${escapeXml(id)}">${inlines(content)}</h${level}>`;
    }
    case 'paragraph':
      return `<p>${inlines(given.content)}</p>`;
    case 'list': {
      const tag = given.ordered ? 'ol' : 'ul';
      const items = given.items.map((item) => {
        const [only] = item;
        const isPlain = item.length === 1 && only?.kind === 'paragraph';
        return `<li>${isPlain ? inlines(only.content) : `\n${item.map(block).join('\n')}\n`}</li>`;
      });
      const start = given.start === undefined ? '' : ` start="${given.start}"`;
      return [`<${tag}${start}>`, ...items, `</${tag}>`].join('\n');
    }
    case 'quote':
      return ['<blockquote>', ...given.blocks.map(block), '</blockquote>'].join('\n');
    case 'table':
      return tableOf(given.columns, given.rows);
    case 'code':
      return `<pre tabindex="0"><code>${escapeXml(given.text.replace(/\n$/, ''))}</code></pre>`;
    case 'difference':
      return differenceOf(given.titles, given.lines);
    case 'drawing':
      return `<div class="wide" tabindex="0">\n${given.svg}\n</div>`;
    case 'details':
      return [`<details><summary>${inlines(given.summary)}</summary>`, ...given.blocks.map(block), '</details>'].join(
        '\n',
      );
  }
}

/** Two texts beside each other, what is in both at the same height; gaps are for that alone. */
function differenceOf(titles: readonly [string, string], lines: readonly DifferenceLine[]): string {
  const columns: readonly [string[], string[]] = [[], []];
  const level = (): void => {
    const [first, second] = columns;
    while (first.length < second.length) first.push('<i>\n</i>');
    while (second.length < first.length) second.push('<i>\n</i>');
  };
  for (const { side, text } of lines) {
    if (side === 'both') {
      level();
      for (const column of columns) column.push(`${escapeXml(text)}\n`);
    } else columns[side === 'first' ? 0 : 1].push(`<mark>${escapeXml(text)}</mark>\n`);
  }
  level();
  const sides = columns.map((column, index) => {
    const caption = `<figcaption>${escapeXml(titles[index]!)}</figcaption>`;
    return `<figure>${caption}<pre tabindex="0"><code>${column.join('')}</code></pre></figure>`;
  });
  return ['<div class="sides">', ...sides, '</div>'].join('\n');
}

function tableOf(columns: readonly Column[], rows: readonly (readonly Inlines[])[]): string {
  const aligned = columns.map(({ align }) => (align === 'left' ? '' : ` class="${align}"`));
  const head = columns.map(({ head: content }, index) => `<th scope="col"${aligned[index]}>${inlines(content)}</th>`);
  const body = rows.map(
    (row) => `<tr>${row.map((content, index) => `<td${aligned[index]}>${inlines(content)}</td>`).join('')}</tr>`,
  );
  return [
    `<div class="wide" tabindex="0"><table${hasProse(columns, rows) ? stacked(columns) : ''}>`,
    `<thead><tr>${head.join('')}</tr></thead>`,
    '<tbody>',
    ...body,
    '</tbody>',
    '</table></div>',
  ].join('\n');
}

/** Characters of a cell that is read line by line, and needs room for it. */
const PROSE = 24;

/** Whether a table is better read row by row where there is little room; one of marks is better moved to and fro. */
function hasProse(columns: readonly Column[], rows: readonly (readonly Inlines[])[]): boolean {
  const isLong = (content: Inlines | undefined): boolean => content !== undefined && plainText(content).length > PROSE;
  return (
    columns.length <= MOST_STACKED &&
    columns.some(({ align }, index) => 0 < index && align === 'left' && rows.some((row) => isLong(row[index])))
  );
}

/** What says for each cell what its column is called, where the head of the table is not in sight. */
function stacked(columns: readonly Column[]): string {
  const names = columns.slice(1).map(({ head }, index) => {
    const name = plainText(head).replaceAll(/[^\p{L}\p{N} ,.-]/gu, (sign) => `\\${sign.codePointAt(0)!.toString(16)} `);
    return `--c${index + 2}:'${name}'`;
  });
  return ` class="rows" style="${escapeXml(names.join(';'))}"`;
}

/** Where a link leads from an HTML page: to HTML pages, where Markdown leads to Markdown. */
function pageHref(href: string): string {
  if (/^[a-z]+:/.test(href)) return href;
  return href.replace(/(?<=^|\/)README\.md(?=#|$)/, 'index.html').replace(/\.md(?=#|$)/, '.html');
}

function inlines(content: Inlines): string {
  return inlineHtml(content, pageHref);
}
