import type { Block, Document, Headings, Inlines } from '../../dsl/docgen/document.ts';
import { documentToHtml } from '../../dsl/docgen/html.ts';
import { documentToMarkdown } from '../../dsl/docgen/markdown.ts';
import type { SourceLinks } from '../../dsl/docgen/spec-parts.ts';

/** One of the pages of a spec. */
export interface SpecPage {
  /** Of its file, in the folder of the spec; the first page has none, and stands beside that folder. */
  readonly name: string | undefined;
  readonly document: Document;
}

/** A page that is about to be written. */
export interface OpenPage {
  readonly headings: Headings;
  readonly links: SourceLinks;
  readonly anchors: Map<string, string>;
  readonly with: (blocks: readonly Block[]) => Document;
}

/** Makes a page beside the first one; none where there is nothing to say. */
export type Further = (
  name: string,
  title: string,
  blocks: (page: OpenPage) => readonly Block[],
  /** Links to other pages, after those to the first page and the contents. */
  ways?: readonly Inlines[],
) => readonly SpecPage[];

/** Characters of a page, in the longer of its forms, before what it has is put on several. */
const LARGEST = 120_000;

/** Characters of Markdown up to which all about a spec with variants is on one page. */
const SMALL = 30_000;

export function isSmall(document: Document): boolean {
  return documentToMarkdown(document).length <= SMALL;
}

export function isLarge(document: Document): boolean {
  return LARGEST < Math.max(documentToHtml(document, '').length, documentToMarkdown(document).length);
}
