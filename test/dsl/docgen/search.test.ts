import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Headings, code, list, paragraph, table, text } from '../../../dsl/docgen/document.ts';
import type { Block, Document } from '../../../dsl/docgen/document.ts';
import { searchIndexOf, searchIndexScript } from '../../../dsl/docgen/search-index.ts';
import { searchIn, wordsOf } from '../../../dsl/docgen/search.ts';

/** A page of sections, each a heading and words below it. */
function pageOf(title: string, top: string, sections: Readonly<Record<string, string>>): Document {
  const headings = new Headings(title);
  const blocks = Object.entries(sections).flatMap(([heading, words]): readonly Block[] => [
    headings.heading(2, code(heading)),
    paragraph(text(words)),
  ]);
  return { title, origin: 'O', blocks: [paragraph(text(top)), ...blocks] };
}

const index = searchIndexOf([
  { href: 'index.html', document: pageOf('Specs', 'All of them: a lease, a mutex.', {}) },
  {
    href: 'vmm/lease.html',
    document: pageOf('vmm_drv leases', 'A lease is held by a ring.', {
      writeLockIsGot: 'Whoever waits for the lock gets it.',
      'worker.sleep(rx0)': 'The worker sleeps until the lease expires.',
    }),
  },
  { href: 'mutex.html', document: pageOf('mutex', 'Who holds it.', { exclusion: 'At most one owner of the lock.' }) },
]);
const search = searchIn(index);
const found = (query: string): readonly string[] => search(query).map(({ href }) => href);

describe('a search', () => {
  it('finds headings before texts, and whole words before parts', () => {
    expect(found('writelockisgot')).toEqual(['vmm/lease.html#writelockisgot']);
    expect(found('lock')).toEqual(['vmm/lease.html#writelockisgot', 'mutex.html#exclusion']);
    expect(found('mutex')).toEqual(['mutex.html', 'index.html', 'mutex.html#exclusion']);
  });

  it('finds what has all words, those of the title of its page too', () => {
    expect(found('worker lease')).toEqual(['vmm/lease.html#workersleeprx0']);
    expect(found('vmm_drv sleeps')).toEqual(['vmm/lease.html#workersleeprx0']);
    expect(found('owner worker')).toEqual([]);
  });

  it('finds words by their parts, whatever the size of letters and the signs between them', () => {
    expect(found('RX0')).toEqual(['vmm/lease.html#workersleeprx0']);
    expect(found('worker.sleep(rx0)')).toEqual(['vmm/lease.html#workersleeprx0']);
    expect(found('xpire')).toEqual(['vmm/lease.html#workersleeprx0']);
  });

  it('says on which page and in which section', () => {
    expect(search('exclusion')).toEqual([{ href: 'mutex.html#exclusion', page: 'mutex', section: 'exclusion' }]);
    expect(search('specs')[0]).toEqual({ href: 'index.html', page: 'Specs', section: '' });
  });

  it('shows marks of direction and control characters as pages do', () => {
    const odd = searchIndexOf([{ href: 'odd.html', document: pageOf('a\u202eb', 'x\u0007yz', { 'c\u2066d': 'e' }) }]);
    expect(searchIndexScript(odd)).not.toMatch(/[\u0000-\u001f\u202a-\u202e\u2066-\u2069]/);
    expect(searchIn(odd)('u2066d')).toEqual([{ href: 'odd.html#cd', page: 'a\\u202eb', section: 'c\\u2066d' }]);
    expect(searchIn(odd)('u0007yz')).toEqual([{ href: 'odd.html', page: 'a\\u202eb', section: '' }]);
  });

  it.each(['', ' ', '7', '.', 'a'])('finds nothing by %j', (query) => expect(found(query)).toEqual([]));

  it('finds every section that has a word, and no other', () => {
    const word = fc.constantFrom('ask', 'take', 'release', 'lease', 'leases', 'x_y', 'größe');
    const sections = fc.array(fc.array(word, { maxLength: 4 }), { maxLength: 30 });
    fc.assert(
      fc.property(fc.array(sections, { minLength: 1, maxLength: 3 }), word, (pages, wanted) => {
        const searching = searchIn(
          searchIndexOf(
            pages.map((one, page) => ({
              href: `${page}.html`,
              document: pageOf('T', '', Object.fromEntries(one.map((words, at) => [`Section ${at}`, words.join(' ')]))),
            })),
          ),
        );
        const expected = pages.flatMap((one, page) =>
          one.flatMap((words, at) =>
            words.some((each) => each.includes(wanted)) ? [`${page}.html#section-${at}`] : [],
          ),
        );
        expect(
          searching(wanted)
            .map(({ href }) => href)
            .sort(),
        ).toEqual(expected.sort());
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  it('looks through lists, tables and what is folded away', () => {
    const blocks: readonly Block[] = [
      list([paragraph(text('inlist'))]),
      table(['inhead'], [[[text('incell')]]]),
      { kind: 'details', summary: [text('insummary')], blocks: [paragraph(text('infold'))] },
      { kind: 'quote', blocks: [paragraph(text('inquote'))] },
    ];
    const searching = searchIn(searchIndexOf([{ href: 'a.html', document: { title: 'T', origin: 'O', blocks } }]));
    for (const one of ['inlist', 'inhead', 'incell', 'insummary', 'infold', 'inquote']) {
      expect(searching(one)).toEqual([{ href: 'a.html', page: 'T', section: '' }]);
    }
  });
});

it('words are letters, digits and underscores, without numbers', () => {
  expect(wordsOf('vmm_drv: ring[rx0] = 7, Größe; a')).toEqual(['vmm_drv', 'ring', 'rx0', 'größe']);
});

it('the script of an index is that index', () => {
  const scope: { fairleadSearchIndex?: unknown } = {};
  runInNewContext(searchIndexScript(index), scope);
  expect(JSON.stringify(scope.fairleadSearchIndex)).toBe(JSON.stringify(index));
});
