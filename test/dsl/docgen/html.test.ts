import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { code, emphasis, link, list, paragraph, strong, table, text } from '../../../dsl/docgen/document.ts';
import type { Block, Document } from '../../../dsl/docgen/document.ts';
import { documentToHtml } from '../../../dsl/docgen/html.ts';
import { htmlFaults, htmlIds, htmlTargets } from '../../../dsl/docgen/html-faults.ts';

const page = (...blocks: Block[]): Document => ({ title: 'T', origin: 'O', blocks });

describe('a page of HTML', () => {
  it('is well formed, whatever words are on it', () => {
    const words = fc.string({ unit: fc.constantFrom('a', ' ', '<', '>', '&', '"', "'", '--', ']]>', '\n', '`', 'é') });
    fc.assert(
      fc.property(words, words, (one, other) => {
        const inlines = [text(one), code(other), strong(emphasis(text(one))), link(other, text(one))];
        const html = documentToHtml(
          {
            title: one,
            origin: other,
            blocks: [
              { kind: 'heading', level: 2, content: inlines, id: other },
              paragraph(...inlines),
              list([paragraph(...inlines), list([paragraph(text(other))])]),
              table([one, other], [[inlines, inlines]]),
              { kind: 'code', language: 'ts', text: one },
              { kind: 'difference', titles: [one, other], lines: [{ side: 'first', text: one }] },
              { kind: 'details', summary: inlines, blocks: [paragraph(...inlines)] },
            ],
          },
          '',
        );
        expect(htmlFaults(html)).toEqual([]);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('has two texts beside each other, what is in both at the same height', () => {
    const lines = [
      { side: 'both', text: 'a' },
      { side: 'first', text: 'b' },
      { side: 'first', text: 'c' },
      { side: 'second', text: '<d>' },
      { side: 'both', text: 'e' },
    ] as const;
    const html = documentToHtml(page({ kind: 'difference', titles: ['left', 'right'], lines }), '');
    const columns = [...html.matchAll(/<figcaption>(.*?)<\/figcaption><pre tabindex="0"><code>(.*?)<\/code>/gs)];
    expect(columns.map(([, title, text]) => [title, text])).toEqual([
      ['left', 'a\n<mark>b</mark>\n<mark>c</mark>\ne\n'],
      ['right', 'a\n<mark>&lt;d&gt;</mark>\n<i>\n</i>e\n'],
    ]);
  });

  it('takes what pages share from the folder that it is told', () => {
    expect(htmlTargets(documentToHtml(page(), '../../'))).toContain('../../style.css');
  });

  it('leads to HTML where Markdown leads to Markdown', () => {
    const html = documentToHtml(page(paragraph(link('../README.md', text('up')), link('b.md#c', text('b')))), '');
    expect(htmlTargets(html).slice(-2)).toEqual(['../index.html', 'b.html#c']);
  });
});

describe('what is not well formed is found:', () => {
  it.each([
    ['an element that is not closed', '<p>\n<em>a</p>', 'line 2: </p> where <em> of line 2 is open'],
    ['one that is never closed', '<div>', 'line 1: <div> is never closed'],
    ['an end without a beginning', 'a</b>', 'line 1: </b> where nothing is open'],
    ['a bare sign', 'a < b', 'line 1: a bare <'],
    ['a bare ampersand', 'a & b &amp; c &#38;', 'line 1: a bare &'],
    ['a name given twice', '<p id="a">b</p>\n<p id="a">c</p>', 'line 2: a second id a'],
    ['a block in a paragraph', '<p><strong><pre>a</pre></strong></p>', 'line 1: <pre> inside <p>'],
    ['an attribute without quotes', '<p id=a>b</p>', 'line 1: a bare <'],
  ])('%s', (_, html, fault) => {
    expect(htmlFaults(html)).toContain(fault);
  });

  it('nothing in a page that is', () => {
    const html =
      '<!doctype html><!-- a < b --><html>\n<meta charset="utf-8"><p>a<br>b</p><svg><path d="M0 0"/></svg></html>';
    expect(htmlFaults(html)).toEqual([]);
  });
});

it('names and targets in HTML are read as they were meant', () => {
  const html = '<h2 id="a&amp;b">x</h2><a class="c" href="#a&amp;b">y</a><script src="z.js"></script>';
  expect([...htmlIds(html)]).toEqual(['a&b']);
  expect(htmlTargets(html)).toEqual(['#a&b', 'z.js']);
});
