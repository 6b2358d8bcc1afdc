import { describe, expect, it } from 'vitest';
import { pageFaults } from '../../../checker/cli/page-faults.ts';
import type { PageFile } from '../../../checker/cli/docs-pages.ts';
import { Headings, code, link, list, paragraph, strong, table, text } from '../../../dsl/docgen/document.ts';
import type { Block, Document } from '../../../dsl/docgen/document.ts';
import { documentToHtml } from '../../../dsl/docgen/html.ts';
import { documentToMarkdown } from '../../../dsl/docgen/markdown.ts';

/** A page in both forms. */
function filesOf(path: string, ...blocks: Block[]): readonly PageFile[] {
  const document: Document = { title: 'T', origin: 'O', blocks };
  return [
    { path: `${path}.md`, form: 'markdown', text: documentToMarkdown(document), document },
    { path: `${path}.html`, form: 'html', text: documentToHtml(document, ''), document },
  ];
}

const SHARED = ['style.css', 'search.js'].map((name): PageFile => ({ path: `out/${name}`, form: 'html', text: '' }));
const heading = new Headings('T').heading(2, code('a b'));

/** Faults of a page with some blocks, beside another page and a source. */
const faultsWith = (...blocks: Block[]): readonly string[] =>
  pageFaults(
    [...filesOf('out/page', heading, ...blocks), ...filesOf('out/other', heading), ...SHARED],
    (path) => path === 'specs/lock.ts',
  );

describe('links of a page', () => {
  it.each(['#a-b', 'other.md', 'other.md#a-b', './other.md', '../specs/lock.ts#L3', 'https://a.b/c#d'])(
    'may lead to %s',
    (href) => {
      expect(faultsWith(paragraph(link(href, text('there'))))).toEqual([]);
    },
  );

  it.each([
    ['#b', '#b'],
    ['other.md#b', 'other.html#b'],
    ['another.md', 'another.html'],
    ['../specs/rwlock.ts#L3', '../specs/rwlock.ts#L3'],
  ])('may not lead to %s, wherever they stand', (href, inHtml) => {
    const there = link(href, text('there'));
    const expected = [`out/page.md: the link ${href} leads nowhere`, `out/page.html: the link ${inHtml} leads nowhere`];
    expect(faultsWith(paragraph(strong(there), there))).toEqual(expected);
    expect(faultsWith(list([list([paragraph(there)])]))).toEqual(expected);
    expect(faultsWith(table(['a'], [[[there]]]))).toEqual(expected);
    expect(faultsWith({ kind: 'details', summary: [there], blocks: [] })).toEqual(expected);
    expect(faultsWith({ kind: 'details', summary: [], blocks: [paragraph(there)] })).toEqual(expected);
  });

  it('of a drawing are those of the page', () => {
    const drawing: Block = { kind: 'drawing', mermaid: '', svg: '<svg><a href="#b"></a></svg>' };
    expect(faultsWith(drawing)).toEqual(['out/page.html: the link #b leads nowhere']);
  });

  it('lead to what pages share too', () => {
    expect(pageFaults(filesOf('out/page'), () => false)).toEqual([
      'out/page.html: the link style.css leads nowhere',
      'out/page.html: the link search.js leads nowhere',
    ]);
  });
});

it('a page whose drawing is not well formed is named', () => {
  const drawing: Block = { kind: 'drawing', mermaid: '', svg: '<svg><text>a < b</svg>' };
  expect(faultsWith(drawing).length).toBeGreaterThan(0);
  expect(faultsWith(drawing)[0]).toMatch(/^out\/page\.html: line \d+: /);
});
