import { escapeXml } from '../diagram/svg.ts';
import type { Block, Column, Document, Inlines } from './document.ts';
import { inlineHtml } from './inline-html.ts';

/**
 * A document as an HTML page. Drawings are inside; what all pages share stands beside them: `style.css`.
 *
 * @param root - the folder of what is shared, seen from the page: empty, or ending with a slash.
 */
export function documentToHtml(document: Document, root: string): string {
  const { title, origin, blocks } = document;
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
    '</head>',
    '<body>',
    // Before the contents, which on a narrow screen stand above the rest.
    `<header><h1>${escapeXml(title)}</h1></header>`,
    ...navigation(blocks),
    '<main>',
    ...blocks.map(block),
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
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
    case 'drawing':
      return `<div class="wide" tabindex="0">\n${given.svg}\n</div>`;
    case 'details':
      return [`<details><summary>${inlines(given.summary)}</summary>`, ...given.blocks.map(block), '</details>'].join(
        '\n',
      );
  }
}

function tableOf(columns: readonly Column[], rows: readonly (readonly Inlines[])[]): string {
  const aligned = columns.map(({ align }) => (align === 'left' ? '' : ` class="${align}"`));
  const head = columns.map(({ head: content }, index) => `<th scope="col"${aligned[index]}>${inlines(content)}</th>`);
  const body = rows.map(
    (row) => `<tr>${row.map((content, index) => `<td${aligned[index]}>${inlines(content)}</td>`).join('')}</tr>`,
  );
  return [
    '<div class="wide" tabindex="0"><table>',
    `<thead><tr>${head.join('')}</tr></thead>`,
    '<tbody>',
    ...body,
    '</tbody>',
    '</table></div>',
  ].join('\n');
}

/** Where a link leads from an HTML page: to HTML pages, where Markdown leads to Markdown. */
function pageHref(href: string): string {
  if (/^[a-z]+:/.test(href)) return href;
  return href.replace(/(?<=^|\/)README\.md(?=#|$)/, 'index.html').replace(/\.md(?=#|$)/, '.html');
}

function inlines(content: Inlines): string {
  return inlineHtml(content, pageHref);
}
