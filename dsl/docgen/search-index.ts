/** Makes the index of {@link searchIn} of some pages. */
import { visible } from '../diagnostics/visible.ts';
import { plainText } from './document.ts';
import type { Block, Document } from './document.ts';
import { encoded, wordsOf } from './search.ts';
import type { SearchIndex } from './search.ts';

/** @param pages - with the addresses of their HTML, seen from the folder of all. */
export function searchIndexOf(pages: readonly { readonly href: string; readonly document: Document }[]): SearchIndex {
  const sections: (readonly [page: number, id: string, heading: string])[] = [];
  const places = new Map<string, number[]>();
  pages.forEach(({ document }, page) => {
    sections.push([page, '', '']);
    let inHeading = new Set(wordsOf(visible(document.title)));
    for (const one of document.blocks) {
      if (one.kind === 'heading') {
        const heading = visible(plainText(one.content));
        sections.push([page, one.id, heading]);
        inHeading = new Set(wordsOf(heading));
      } else {
        const section = sections.length - 1;
        for (const word of wordsOf(visible(textOf(one)))) {
          if (inHeading.has(word)) continue;
          const known = places.get(word);
          if (known === undefined) places.set(word, [section]);
          else if (known.at(-1) !== section) known.push(section);
        }
      }
    }
  });
  return {
    pages: pages.map(({ href, document }) => [href, visible(document.title)]),
    sections,
    words: [...places]
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([word, found]) => `${word} ${encoded(found)}`)
      .join('|'),
  };
}

/** What is read of a block. Code and drawings say again what stands beside them. */
function textOf(block: Block): string {
  switch (block.kind) {
    case 'heading':
    case 'paragraph':
      return plainText(block.content);
    case 'list':
      return block.items.flat().map(textOf).join(' ');
    case 'quote':
      return block.blocks.map(textOf).join(' ');
    case 'details':
      return [plainText(block.summary), ...block.blocks.map(textOf)].join(' ');
    case 'table':
      return [...block.columns.map(({ head }) => head), ...block.rows.flat()].map(plainText).join(' ');
    case 'code':
    case 'difference':
    case 'drawing':
      return '';
  }
}

/** The index as a script that leaves it where {@link file://./view/search.ts} looks for it. */
export function searchIndexScript(index: SearchIndex): string {
  // U+2028 and U+2029 are fine in scripts since 2019, and visible to nobody anyway.
  return `fairleadSearchIndex=${JSON.stringify(index)};`;
}
