/** What is wrong with the pages of `fairlead docs` as such, whatever is on the disk. */
import { dirname, join } from 'node:path';
import type { Block, Document, Inlines } from '../../dsl/docgen/document.ts';
import { htmlFaults, htmlIds, htmlTargets } from '../../dsl/docgen/html-faults.ts';
import type { PageFile } from './docs-pages.ts';

/** Bytes of a page at most, in either form: what is larger is slow to open and read by nobody. */
const LARGEST_PAGE = 150_000;

/**
 * Pages that are too large, HTML that is not well formed, links that lead nowhere: a line each, with the page in front.
 *
 * @param exists - whether there is a file: for links that leave the pages.
 */
export function pageFaults(pages: readonly PageFile[], exists: (path: string) => boolean): readonly string[] {
  const anchors = new Map(pages.map((page) => [page.path, anchorsOf(page)]));
  return pages.flatMap((page) => {
    const { path, text, form, document } = page;
    const bytes = Buffer.byteLength(text);
    const broken = targetsOf(page).filter((target) => {
      if (/^(https?|data|mailto):/.test(target)) return false;
      const [file = '', anchor] = target.split('#');
      const place = file === '' ? path : join(dirname(path), decoded(file));
      const names = anchors.get(place);
      if (names === undefined) return !exists(place);
      return anchor !== undefined && !names.has(decoded(anchor));
    });
    return [
      ...(bytes <= LARGEST_PAGE || document === undefined
        ? []
        : [`has ${kilobytes(bytes)}, more than the ${kilobytes(LARGEST_PAGE)} of a page`]),
      ...(form === 'html' && document !== undefined ? htmlFaults(text) : []),
      ...[...new Set(broken)].map((target) => `the link ${target} leads nowhere`),
    ].map((fault) => `${path}: ${fault}`);
  });
}

function kilobytes(bytes: number): string {
  return `${Math.ceil(bytes / 1000)} KB`;
}

/** A `%` in a name of ours is escaped, one in somebody's address need not be. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function anchorsOf({ form, text, document }: PageFile): ReadonlySet<string> {
  if (form === 'html') return htmlIds(text);
  return new Set(document === undefined ? [] : document.blocks.flatMap(placesOf));
}

function targetsOf({ form, text, document }: PageFile): readonly string[] {
  if (document === undefined) return [];
  return form === 'html' ? htmlTargets(text) : linksOf(document);
}

/** What links may lead to: headings, and places within the text. */
function placesOf(block: Block): readonly string[] {
  switch (block.kind) {
    case 'heading':
      return [block.id];
    case 'details':
    case 'quote':
      return block.blocks.flatMap(placesOf);
    case 'list':
      return block.items.flat().flatMap(placesOf);
    case 'paragraph':
      return anchorsIn(block.content);
    case 'table':
      return block.rows.flat().flatMap(anchorsIn);
    default:
      return [];
  }
}

function anchorsIn(content: Inlines): readonly string[] {
  return inlinesIn(content).flatMap((inline) => (inline.kind === 'anchor' ? [inline.id] : []));
}

function linksOf({ blocks }: Document): readonly string[] {
  return blocks.flatMap(linksOfBlock);
}

function linksOfBlock(block: Block): readonly string[] {
  switch (block.kind) {
    case 'heading':
    case 'paragraph':
      return linksIn(block.content);
    case 'list':
      return block.items.flat().flatMap(linksOfBlock);
    case 'quote':
      return block.blocks.flatMap(linksOfBlock);
    case 'table':
      return [...block.columns.map(({ head }) => head), ...block.rows.flat()].flatMap(linksIn);
    case 'details':
      return [...linksIn(block.summary), ...block.blocks.flatMap(linksOfBlock)];
    case 'code':
    case 'difference':
    case 'drawing':
      return [];
  }
}

function linksIn(content: Inlines): readonly string[] {
  return inlinesIn(content).flatMap((inline) => (inline.kind === 'link' ? [inline.href] : []));
}

/** All of them, with what is in them. */
function inlinesIn(content: Inlines): Inlines {
  return content.flatMap((inline) => ('content' in inline ? [inline, ...inlinesIn(inline.content)] : [inline]));
}
